"""Simplify until nothing changes: redundancy, algebra, constants, repetitions, dead code in turn.

    %1 = transpose(%0) [1, 0]; %2 = transpose(%1) [1, 0]; %3 = mul(%2, 1.0); %4 = sub(%3, 0.0)
 -> %4 is %0

Why: each of these passes makes work for the others (a folded constant is a neutral element, a
removed transpose makes two ops equal), so no single order of them is enough. They run in turn until
a whole round changes nothing; the result does not depend on which of them comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.passes.registry import PassFailure, emit_warning, register_pass

from . import (
    eliminate_common_subexpressions,
    eliminate_dead_code,
    eliminate_redundancy,
    fold_constants,
    simplify_algebra,
)

# each returns whether it changed anything
STEPS: dict[str, Callable[..., bool]] = {
    "eliminate-redundancy": eliminate_redundancy.PATTERNS.apply,
    "simplify-algebra": simplify_algebra.run,
    "fold-constants": fold_constants.run,
    "eliminate-common-subexpressions": eliminate_common_subexpressions.run,
    "eliminate-dead-code": eliminate_dead_code.run,
}


@register_pass("simplify-graph")
def run(module: Any, *, max_rounds: int = 10, order: list[str] = []) -> bool:  # noqa: B006
    """Run the simplifying passes in turn, at most `max_rounds` times; True if anything changed.

    `order` names the passes to run instead of all five, in their order.
    """
    if unknown := [name for name in order if name not in STEPS]:
        raise PassFailure(f"no simplifying pass '{unknown[0]}' (known: {', '.join(STEPS)})")
    steps = [STEPS[name] for name in order or STEPS]
    changed = False
    for _ in range(max_rounds):
        # a list, since every step shall run in every round
        if not any([step(module) for step in steps]):
            return changed
        changed = True
    emit_warning(module, f"simplify-graph stopped after {max_rounds} rounds")
    return changed
