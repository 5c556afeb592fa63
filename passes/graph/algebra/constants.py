"""Patterns of `simplify-algebra`: constants and weights of one sum or product meet.

    %1 = add(%0, 1.0); %2 = sub(%1, %w)  ->  %1 = sub(1.0, %w); %2 = add(%0, %1)

What depends on weights and constants alone is then computed once, before the first run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ml_dtypes import finfo

from ..patterns import Match, PatternSet
from ..values.expressions import (
    becomes_integer,
    computed,
    constant,
    constant_array,
    has_floats,
    make,
    once,
    size_of,
)

PATTERNS = PatternSet("simplify-algebra")
ROUNDED = "the result is rounded to an integer: another last bit could give the next one"


@dataclass(frozen=True)
class _Kind:
    """Sums (add, sub) or products (mul, div): the same rules under other names."""

    direct: str
    inverse: str


_SUMS, _PRODUCTS = _Kind("add", "sub"), _Kind("mul", "div")


@PATTERNS.add(
    "gather-sum", "graph.add", "graph.sub", rounding="reassociating", exact_on_integers=True
)
def _gather_sum(op: Any, match: Match) -> Any:
    """(x + c) + d -> x + (c + d) for constants and weights; also with sub."""
    return _gathered(op, match, _SUMS)


@PATTERNS.add(
    "gather-product", "graph.mul", "graph.div", rounding="reassociating", exact_on_integers=True
)
def _gather_product(op: Any, match: Match) -> Any:
    """(x * c) * d -> x * (c * d) for constants and weights; of floats also with div."""
    return _gathered(op, match, _PRODUCTS)


@dataclass(frozen=True)
class _Term:
    """`x` and a fixed operand under an op; a sign is 1, or -1 if the op inverts that operand."""

    x: Any
    x_sign: int
    fixed: Any
    fixed_sign: int


def _term(op: Any, match: Match, kind: _Kind) -> _Term | None:
    lhs, rhs = op.operands
    sign = 1 if op.name == f"graph.{kind.direct}" else -1
    if is_fixed(rhs, match) and not is_fixed(lhs, match):
        return _Term(lhs, 1, rhs, sign)
    if is_fixed(lhs, match) and not is_fixed(rhs, match):
        return _Term(rhs, sign, lhs, 1)
    return None


def is_fixed(value: Any, match: Match) -> bool:
    """True for constants and for what depends on weights and constants alone."""
    return constant_array(value) is not None or value in match.static


def _gathered(op: Any, match: Match, kind: _Kind) -> Any:
    outer = _term(op, match, kind)
    source = outer and once(outer.x, f"graph.{kind.direct}", f"graph.{kind.inverse}")
    inner = source and _term(source, match, kind)
    if not (outer and inner):
        return None
    if reason := _reason_not_to_gather(op, source, inner.fixed, outer.fixed):
        return match.refuse(reason)
    first, second = outer.x_sign * inner.fixed_sign, outer.fixed_sign
    gathered = _combined(kind, first, second, inner.fixed, outer.fixed)
    if gathered is None:
        return match.refuse("the constants' combination is too large, or leaves the number range")
    if outer.x_sign * inner.x_sign < 0:
        return make(kind.inverse, gathered, inner.x)
    negative = first < 0 and second < 0
    return make(kind.inverse if negative else kind.direct, inner.x, gathered)


def _reason_not_to_gather(op: Any, inner: Any, first: Any, second: Any) -> str:
    if not has_floats(op.results[0]):
        names = {op.name, inner.name}
        return "an integer division truncates" if "graph.div" in names else ""
    if becomes_integer(op):
        return ROUNDED
    if size_of(first, second) > max(size_of(first), size_of(second)):
        return "the combined weight would be larger"
    return ""


def _combined(kind: _Kind, first_sign: int, second_sign: int, first: Any, second: Any) -> Any:
    """What stands beside x; None if that cannot be written. Two inverses: their sum."""
    if first_sign == second_sign:
        name, operands = kind.direct, (first, second)
    else:
        name = kind.inverse
        operands = (first, second) if first_sign > 0 else (second, first)
    arrays = [constant_array(v) for v in operands]
    if any(a is None for a in arrays):
        return make(name, *operands)
    result = computed(name, *arrays)
    fits = result is not None and _is_in_range(result, kind, *arrays)
    return constant(result, first) if fits else None


def _is_in_range(result: Any, kind: _Kind, *operands: Any) -> bool:
    if result.dtype.kind in "iu":
        return True
    if not all(np.all(np.isfinite(a.astype(np.float64))) for a in (result, *operands)):
        return False
    if kind is _SUMS:
        return True
    return not any(np.any(a == 0) for a in operands) and is_normal(result)


def is_normal(array: Any) -> bool:
    """True if every element is finite, not zero and not denormal."""
    wide = np.abs(array.astype(np.float64))
    return bool(np.all(np.isfinite(wide) & (wide >= float(finfo(array.dtype).tiny))))
