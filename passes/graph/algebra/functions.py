"""Patterns of `simplify-algebra`: powers, roots, exponentials and logarithms.

%1 = pow(%0, 2.0); %2 = log(%1)  ->  %1 = mul(%0, %0); %2 = log(%1)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.reduction import Softmax

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import constant_array, fitted, has_floats, make, once
from ..values.facts import is_non_negative

PATTERNS = PatternSet("simplify-algebra")


def _exponent(op: Any) -> Any:
    """The exponent if it is one constant number, else None."""
    array = constant_array(op.operands[1])
    if array is None or not array.size or np.any(array != array.flat[0]):
        return None
    return array.flat[0]


@PATTERNS.add("square", "graph.pow", rounding="reassociating", exact_on_integers=True)
def _square(op: Any, match: Match) -> Any:
    """x ** 2 -> x * x."""
    x = op.operands[0]
    return fitted(make("mul", x, x), op.results[0]) if _exponent(op) == 2 else None


@PATTERNS.add("cube", "graph.pow", rounding="reassociating", exact_on_integers=True)
def _cube(op: Any, match: Match) -> Any:
    """x ** 3 -> x * x * x."""
    x = op.operands[0]
    if _exponent(op) != 3:
        return None
    return fitted(make("mul", make("mul", x, x), x), op.results[0])


@PATTERNS.add("power-of-minus-one", "graph.pow", rounding="reassociating")
def _power_of_minus_one(op: Any, match: Match) -> Any:
    """x ** -1 -> 1 / x for floats."""
    x = op.operands[0]
    if _exponent(op) != -1 or not has_floats(x):
        return None
    return fitted(make("reciprocal", x), op.results[0])


@PATTERNS.add("power-of-half", "graph.pow", rounding="reassociating")
def _power_of_half(op: Any, match: Match) -> Any:
    """x ** 0.5 -> sqrt(x) and x ** -0.5 -> rsqrt(x), where no x is negative or -0.0."""
    name = _root_for(op)
    if name and not is_non_negative(op.operands[0]):
        return match.refuse("the base may be -0.0 or -inf")
    return name and fitted(make(name, op.operands[0]), op.results[0])


@PATTERNS.add("power-of-any-half", "graph.pow", rounding="unsafe")
def _power_of_any_half(op: Any, match: Match) -> Any:
    """x ** 0.5 -> sqrt(x) and x ** -0.5 -> rsqrt(x); -inf gives NaN, -0.0 the other sign."""
    name = _root_for(op)
    return name and fitted(make(name, op.operands[0]), op.results[0])


def _root_for(op: Any) -> str | None:
    exponent = _exponent(op)
    if exponent is None or not has_floats(op.operands[0]):
        return None
    return {0.5: "sqrt", -0.5: "rsqrt"}.get(float(exponent))


@PATTERNS.add("root-of-square", "graph.sqrt", rounding="reassociating")
def _root_of_square(op: Any, match: Match) -> Any:
    """sqrt(x * x) -> abs(x)."""
    product = source_if(op.operands[0], "graph.mul")
    if not product or product.operands[0] != product.operands[1]:
        return None
    return make("abs", product.operands[0])


@PATTERNS.add("log-of-exp", "graph.log", rounding="unsafe")
def _log_of_exp(op: Any, match: Match) -> Any:
    """log(exp(x)) -> x; infinities and zeros in between are lost."""
    inner = source_if(op.operands[0], "graph.exp")
    return inner and inner.operands[0]


@PATTERNS.add("exp-of-log", "graph.exp", rounding="unsafe")
def _exp_of_log(op: Any, match: Match) -> Any:
    """exp(log(x)) -> x; NaN is lost where x is negative."""
    inner = source_if(op.operands[0], "graph.log")
    return inner and inner.operands[0]


@PATTERNS.add("log-of-softmax", "graph.log", rounding="reassociating")
def _log_of_softmax(op: Any, match: Match) -> Any:
    """log(softmax(x)) -> log-softmax(x), whose small results do not become zero in between."""
    softmax = once(op.operands[0], "graph.softmax")
    if softmax is None or softmax.opview.log:
        return None
    return Softmax.build(softmax.operands[0], axis=softmax.opview.axis, log=True)
