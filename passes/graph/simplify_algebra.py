"""Rewrite elementwise expressions and reductions by the laws of algebra.

    %1 = mul(%0, 1.0); %2 = add(%1, 2.0); %3 = add(%2, 3.0)  ->  %3 = add(%0, 5.0)

Why: exporters spell things out, and other passes leave constants behind that meet. Each pattern
states what it does to rounding (`patterns.py`), so `aicc.strict_fp` leaves the exact ones alone on
and `aicc.unsafe_fp` turns on those that may lose NaN, infinities or precision. Patterns look for
constants behind the other operand, where `constant-last` puts them.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .algebra import (
    bounds,
    broadcasts,
    casts,
    constants,
    factoring,
    functions,
    identities,
    logic,
    operands,
    quotients,
    signs,
)
from .patterns import MAX_ROUNDS, PatternSet
from .values.expressions import remembered_constants

PATTERNS = PatternSet("simplify-algebra")
# what removes ops comes before what moves or replaces them
PATTERNS.include(
    identities.PATTERNS,
    operands.PATTERNS,
    logic.PATTERNS,
    casts.PATTERNS,
    signs.PATTERNS,
    bounds.PATTERNS,
    functions.PATTERNS,
    quotients.PATTERNS,
    constants.PATTERNS,
    broadcasts.PATTERNS,
    factoring.PATTERNS,
)


@register_pass("simplify-algebra")
def run(module: Any, *, disable: list[str] = [], max_rounds: int = MAX_ROUNDS) -> bool:  # noqa: B006
    """Remove and combine elementwise ops and constants; True if anything changed."""
    with remembered_constants():
        return PATTERNS.apply(module, disable, max_rounds=max_rounds)
