"""Patterns of `simplify-algebra`: common factors, roots, and reductions of scaled elements.

    %1 = mul(%a, %b); %2 = mul(%a, %c); %3 = add(%1, %2)  ->  %1 = add(%b, %c); %2 = mul(%a, %1)

Factoring loses NaN on floats: inf * 2 + inf * -1 is NaN, inf * (2 + -1) is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.reduction import REDUCE

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import (
    computed,
    constant,
    dtype_like,
    either_way,
    fitted,
    has_floats,
    make,
    once,
    size_of,
    with_constant,
)
from ..values.facts import is_non_negative
from .constants import is_normal

PATTERNS = PatternSet("simplify-algebra")
_SUMS = ("graph.add", "graph.sub")
MAX_FACTORS = 6


@PATTERNS.add("gather-coefficients", *_SUMS, rounding="reassociating")
def _gather_coefficients(op: Any, match: Match) -> Any:
    """x * c + x * d -> x * (c + d) for float constants of one sign; also x * c + x."""
    (x, c), (y, d) = (_coefficient(v) for v in op.operands)
    if x != y or not has_floats(x) or (c is None and d is None):
        return None
    one = np.ones((), dtype_like(x))
    c, d = (one if a is None else a for a in (c, d))
    if op.name == "graph.sub":
        d = -d
    total = computed("add", c, d)
    if total is None or not np.all(np.sign(c) * np.sign(d) > 0) or not is_normal(total):
        return match.refuse("the constants differ in sign, or their sum cannot be written")
    return fitted(make("mul", x, constant(total, x)), op.results[0])


def _coefficient(value: Any) -> tuple[Any, Any]:
    """(x, array) of x * constant that nothing else reads; (value, None) else."""
    product = once(value, "graph.mul")
    return (product and with_constant(product)) or (value, None)


@PATTERNS.add("common-factor", *_SUMS, rounding="unsafe", exact_on_integers=True)
def _common_factor(op: Any, match: Match) -> Any:
    """x * y + x * z -> x * (y + z); also with sub."""
    lhs, rhs = (once(v, "graph.mul") for v in op.operands)
    if not (lhs and rhs):
        return None
    name = op.name.removeprefix("graph.")
    for x, y in either_way(lhs):
        for other, z in either_way(rhs):
            if x == other:
                return fitted(make("mul", x, make(name, y, z)), op.results[0])
    return None


@PATTERNS.add("factor-one", *_SUMS, rounding="unsafe", exact_on_integers=True)
def _factor_one(op: Any, match: Match) -> Any:
    """x + x * y -> x * (y + 1) where y is smaller than x, or known before the run."""
    name, values = op.name.removeprefix("graph."), list(op.operands)
    for x, other in either_way(op):
        product = once(other, "graph.mul")
        for factor, y in either_way(product) if product else ():
            if factor != x:
                continue
            if y not in match.static and size_of(y) >= size_of(x):
                return match.refuse("as many operations as before")
            one = constant(1, x)
            total = make(name, one, y) if values[0] == x else make(name, y, one)
            return make("mul", x, total)
    return None


@PATTERNS.add("product-of-roots", "graph.mul", rounding="reassociating")
def _product_of_roots(op: Any, match: Match) -> Any:
    """(x * sqrt(y)) * (sqrt(y) * z) -> x * z * y, where no y is negative."""
    root, others = _twice_a_root(op)
    if root is None:
        return None
    if not is_non_negative(root.operands[0]):
        return match.refuse("the root's operand may be negative")
    return fitted(_product([*others, root.operands[0]]), op.results[0])


@PATTERNS.add("product-of-any-roots", "graph.mul", rounding="unsafe")
def _product_of_any_roots(op: Any, match: Match) -> Any:
    """(x * sqrt(y)) * (sqrt(y) * z) -> x * z * y; NaN is lost where y is negative."""
    root, others = _twice_a_root(op)
    return root and fitted(_product([*others, root.operands[0]]), op.results[0])


def _twice_a_root(op: Any) -> tuple[Any, list[Any]]:
    """A root that is a factor of the product twice, and the other factors."""
    factors = _factors(op)
    for i, value in enumerate(factors):
        root = source_if(value, "graph.sqrt")
        if root and value in factors[i + 1 :]:
            rest = factors[:i] + factors[i + 1 :]
            rest.remove(value)
            return root, rest
    return None, []


def _factors(op: Any) -> list[Any]:
    """The operands of a tree of products that nothing else reads, from left to right."""
    factors = list(op.operands)
    for _ in range(MAX_FACTORS):
        products = [i for i, v in enumerate(factors) if once(v, "graph.mul")]
        if not products or len(factors) >= MAX_FACTORS:
            break
        i = products[0]
        factors[i : i + 1] = list(factors[i].owner.operands)
    return factors


def _product(factors: list[Any]) -> Any:
    total, *rest = factors
    for factor in rest:
        total = make("mul", total, factor)
    return total


@PATTERNS.add("sum-of-shifted", "graph.reduce_sum")
def _sum_of_shifted(op: Any, match: Match) -> Any:
    """reduce_sum(x << k) -> reduce_sum(x) << k for one k; a right shift would lose carries."""
    shifted = once(op.operands[0], "graph.shift_left")
    if shifted is None or shifted.operands[1].type.rank:
        return None
    total = _reduced("reduce_sum", op, shifted.operands[0])
    return make("shift_left", total, shifted.operands[1])


@PATTERNS.add(
    "sum-of-scaled",
    "graph.reduce_sum",
    "graph.reduce_mean",
    rounding="reassociating",
    exact_on_integers=True,
)
def _sum_of_scaled(op: Any, match: Match) -> Any:
    """reduce_sum(x * c) -> reduce_sum(x) * c for one constant c; of floats also reduce_mean."""
    product = once(op.operands[0], "graph.mul")
    x, array = (product and with_constant(product)) or (None, None)
    if array is None or array.ndim:
        return None
    floats = has_floats(x)
    if not is_normal(array) if floats else op.name == "graph.reduce_mean":
        return None
    total = _reduced(op.name.removeprefix("graph."), op, x)
    return make("mul", total, constant(array, x))


@PATTERNS.add("product-of-powers", "graph.reduce_prod", rounding="unsafe")
def _product_of_powers(op: Any, match: Match) -> Any:
    """reduce_prod(exp(x)) -> exp(reduce_sum(x)); the sum's rounding error grows with the sum."""
    power = once(op.operands[0], "graph.exp")
    return power and make("exp", _reduced("reduce_sum", op, power.operands[0]))


@PATTERNS.add("product-of-exponentials", "graph.mul", rounding="unsafe")
def _product_of_exponentials(op: Any, match: Match) -> Any:
    """exp(x) * exp(y) -> exp(x + y); the sum's rounding error grows with the sum."""
    lhs, rhs = (once(v, "graph.exp") for v in op.operands)
    if not (lhs and rhs):
        return None
    return make("exp", make("add", lhs.operands[0], rhs.operands[0]))


def _reduced(name: str, op: Any, x: Any) -> Any:
    return REDUCE[name].build(x, axes=op.opview.axes, keepdims=op.opview.keepdims)
