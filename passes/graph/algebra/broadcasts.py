"""Patterns of `simplify-algebra`: small operands meet before they broadcast.

   %1 = add(%a : 64x512, %s : 512); %2 = add(%1, %t : 512)
-> %1 = add(%s, %t); %2 = add(%a, %1)
"""

from __future__ import annotations

from typing import Any

from ..dataflow import definition
from ..patterns import Match, PatternSet
from ..values.expressions import becomes_integer, either_way, has_floats, make, once, size_of
from .constants import ROUNDED, is_fixed

PATTERNS = PatternSet("simplify-algebra")
# their kernels take the bias along
_LINEAR = ("graph.conv", "graph.conv_transpose", "graph.matmul")
_SUMS = ("graph.add", "graph.mul")
_BOUNDS = ("graph.maximum", "graph.minimum", "graph.and", "graph.or")


@PATTERNS.add("small-operands-first", *_SUMS, rounding="reassociating", exact_on_integers=True)
def _small_operands_first(op: Any, match: Match) -> Any:
    """(M + s) + t -> M + (s + t), where s and t broadcast to less than M; also mul."""
    found = _small_first(op)
    if found and all(is_fixed(v, match) for v in found[1:]):
        # `gather-sum` and `gather-product` know when constants may meet
        return None
    if found and has_floats(op.results[0]) and becomes_integer(op):
        return match.refuse(ROUNDED)
    return found and _joined(op, *found)


@PATTERNS.add("small-bounds-first", *_BOUNDS)
def _small_bounds_first(op: Any, match: Match) -> Any:
    """max(max(M, s), t) -> max(M, max(s, t)) for small s and t; also min, and, or."""
    found = _small_first(op)
    return found and _joined(op, *found)


def _small_first(op: Any) -> tuple[Any, Any, Any] | None:
    """(M, s, t) of (M op s) op t."""
    size = size_of(op.results[0])
    for value, small in either_way(op):
        inner = once(value, op.name)
        for large, other in either_way(inner) if inner else ():
            if size_of(other, small) < size and size_of(large) == size:
                return large, other, small
    return None


def _joined(op: Any, large: Any, first: Any, second: Any) -> Any:
    name = op.name.removeprefix("graph.")
    return make(name, large, make(name, first, second))


@PATTERNS.add("small-pairs-first", *_SUMS, rounding="reassociating", exact_on_integers=True)
def _small_pairs_first(op: Any, match: Match) -> Any:
    """(M + s) + (N + t) -> (M + N) + (s + t), where s and t broadcast to less; also mul."""
    found = _small_pairs(op)
    if found is None:
        return None
    if has_floats(op.results[0]) and becomes_integer(op):
        return match.refuse(ROUNDED)
    first, second, *small = found
    producers = [definition(v) for v in (first, second)]
    if any(p is not None and p.name in _LINEAR for p in producers):
        return match.refuse("a bias belongs to the kernel before it")
    name = op.name.removeprefix("graph.")
    return make(name, make(name, first, second), make(name, *small))


def _small_pairs(op: Any) -> tuple[Any, Any, Any, Any] | None:
    """(M, N, s, t) of (M op s) op (N op t)."""
    size = size_of(op.results[0])
    lhs, rhs = (once(v, op.name) for v in op.operands)
    if not (lhs and rhs):
        return None
    for first, small in either_way(lhs):
        for second, other in either_way(rhs):
            if size_of(small, other) < size and size_of(first) == size_of(second) == size:
                return first, second, small, other
    return None
