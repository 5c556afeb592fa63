"""Patterns of `simplify-algebra`: divisions become multiplications, reciprocals meet.

%1 = div(%0, 8.0); %2 = sqrt(%x); %3 = div(1.0, %2)  ->  %1 = mul(%0, 0.125); %3 = rsqrt(%x)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import (
    becomes_integer,
    computed,
    constant,
    constant_array,
    either_way,
    fitted,
    has_floats,
    make,
    once,
    size_of,
)
from .constants import ROUNDED, is_normal

PATTERNS = PatternSet("simplify-algebra")


def _reciprocal(array: Any) -> Any:
    """1 / array; None where that, or the array, leaves the range of normal numbers."""
    if not is_normal(array):
        return None
    inverse = computed("reciprocal", array)
    return inverse if is_normal(inverse) else None


@PATTERNS.add("divide-by-power-of-two", "graph.div")
def _divide_by_power_of_two(op: Any, match: Match) -> Any:
    """x / c -> x * (1 / c) for floats, where 1 / c is exact."""
    x, array = op.operands[0], constant_array(op.operands[1])
    if array is None or not has_floats(x):
        return None
    inverse = _reciprocal(array)
    if inverse is None or np.any(np.abs(np.frexp(array.astype(np.float64))[0]) != 0.5):
        return None
    return make("mul", x, constant(inverse, x))


@PATTERNS.add("divide-by-constant", "graph.div", rounding="reassociating")
def _divide_by_constant(op: Any, match: Match) -> Any:
    """x / c -> x * (1 / c) for floats."""
    x, array = op.operands[0], constant_array(op.operands[1])
    if array is None or not has_floats(x):
        return None
    if becomes_integer(op):
        return match.refuse(ROUNDED)
    inverse = _reciprocal(array)
    if inverse is None:
        return match.refuse("the constant's reciprocal leaves the number range")
    return make("mul", x, constant(inverse, x))


@PATTERNS.add("divide-by-weight", "graph.div", rounding="reassociating")
def _divide_by_weight(op: Any, match: Match) -> Any:
    """x / w -> x * (1 / w) for float weights: the division then happens once."""
    x, weight = op.operands
    if constant_array(weight) is not None or weight not in match.static or not has_floats(x):
        return None
    if x in match.static:
        return None
    if becomes_integer(op):
        return match.refuse(ROUNDED)
    return make("mul", x, make("reciprocal", weight))


@PATTERNS.add("one-over", "graph.div")
def _one_over(op: Any, match: Match) -> Any:
    """1 / x -> reciprocal(x) for floats."""
    one, x = constant_array(op.operands[0]), op.operands[1]
    if one is None or not has_floats(x) or not np.all(one == 1):
        return None
    return fitted(make("reciprocal", x), op.results[0])


@PATTERNS.add("reciprocal-of-root", "graph.reciprocal")
def _reciprocal_of_root(op: Any, match: Match) -> Any:
    """1 / sqrt(x) -> rsqrt(x), which is computed as exactly that."""
    root = once(op.operands[0], "graph.sqrt")
    return root and make("rsqrt", root.operands[0])


@PATTERNS.add("reciprocal-of-reciprocal", "graph.reciprocal", rounding="reassociating")
def _reciprocal_of_reciprocal(op: Any, match: Match) -> Any:
    """1 / (1 / x) -> x."""
    inner = source_if(op.operands[0], "graph.reciprocal")
    return inner and inner.operands[0]


@PATTERNS.add("reciprocal-of-quotient", "graph.reciprocal", rounding="reassociating")
def _reciprocal_of_quotient(op: Any, match: Match) -> Any:
    """1 / (x / y) -> y / x."""
    inner = once(op.operands[0], "graph.div")
    return inner and fitted(make("div", inner.operands[1], inner.operands[0]), op.results[0])


@PATTERNS.add("product-of-reciprocals", "graph.mul", rounding="reassociating")
def _product_of_reciprocals(op: Any, match: Match) -> Any:
    """1/x * 1/(x * y) -> r * (r / y) with r = 1/x: one operation less."""
    for first, second in either_way(op):
        single, double = source_if(first, "graph.reciprocal"), once(second, "graph.reciprocal")
        product = single and double and once(double.operands[0], "graph.mul")
        for x, y in either_way(product) if product else ():
            if single.operands[0] == x:
                return make("mul", first, make("div", first, y))
    return None


@PATTERNS.add("multiply-by-reciprocal", "graph.mul", rounding="reassociating")
def _multiply_by_reciprocal(op: Any, match: Match) -> Any:
    """x * (1 / y) -> x / y, where y is as large as the result and no weight."""
    for x, other in either_way(op):
        inner = once(other, "graph.reciprocal")
        if inner is None or other in match.static:
            continue
        if becomes_integer(op):
            return match.refuse(ROUNDED)
        if size_of(other) < size_of(op.results[0]):
            return match.refuse("the reciprocal of the smaller operand is cheaper")
        return make("div", x, inner.operands[0])
    return None


@PATTERNS.add("divide-by-reciprocal", "graph.div", rounding="reassociating")
def _divide_by_reciprocal(op: Any, match: Match) -> Any:
    """x / (1 / y) -> x * y."""
    inner = source_if(op.operands[1], "graph.reciprocal")
    if inner and becomes_integer(op):
        return match.refuse(ROUNDED)
    return inner and make("mul", op.operands[0], inner.operands[0])


@PATTERNS.add("quotient-of-quotient", "graph.div", rounding="reassociating")
def _quotient_of_quotient(op: Any, match: Match) -> Any:
    """(x / y) / z -> x / (y * z) and x / (y / z) -> (x * z) / y for floats."""
    lhs, rhs = op.operands
    if not has_floats(lhs):
        return None
    if inner := once(lhs, "graph.div"):
        x, y = inner.operands
        return make("div", x, make("mul", y, rhs))
    inner = once(rhs, "graph.div")
    if inner is None:
        return None
    y, z = inner.operands
    return fitted(make("div", make("mul", lhs, z), y), op.results[0])
