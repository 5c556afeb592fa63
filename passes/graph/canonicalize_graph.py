"""Simplify graph ops by local rules until none applies; drop what nothing reads.

    %1 = transpose(%0) [1, 0]; %2 = transpose(%1) [1, 0]; %3 = add(%2, -0.0)  ->  %3 is %0

Why: exporters leave identities and detours, and other passes rely on finding producers directly.
Upstream's `canonicalize` has no rules for ops that Python defines. Each rule is exact, whatever the
values: NaN, infinities, signed zeros and integer overflow come out the same.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import emit_warning, register_pass

from .dataflow import body_of, erase_dead, graph_functions, is_used, ops_of, replace
from .elementwise_rules import ELEMENTWISE_RULES
from .movement_rules import MOVEMENT_RULES

RULES = {**MOVEMENT_RULES, **ELEMENTWISE_RULES}


@register_pass("canonicalize-graph")
def run(module: Any, *, max_rounds: int = 20) -> None:
    """Remove identities, compose movement ops, drop unread ops."""
    for function in graph_functions(module):
        block = body_of(function)
        if not any(not _simplify(block) for _ in range(max_rounds)):
            emit_warning(function, f"canonicalize-graph stopped after {max_rounds} rounds")


def _simplify(block: Any) -> bool:
    """One round over the block; True if anything changed."""
    changed = False
    for op in ops_of(block):
        if is_used(op) and (value := _simpler(op)) is not None:
            replace(op, [value])
            changed = True
    erase_dead(block)
    return changed


def _simpler(op: Any) -> Any:
    """A simpler value for the op's result, None if no rule applies."""
    with ir.InsertionPoint(op), op.location:
        for rule in RULES.get(op.name, ()):
            if (value := rule(op)) is not None:
                return value
    return None
