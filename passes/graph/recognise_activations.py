"""Recognise activation functions that an exporter wrote out in arithmetic.

Why: one op says what is computed: it is evaluated without overflow, in as few operations as the
lowering knows, and later passes fuse and quantise it by name.

    %1 = div(%x, 1.4142135)
    %2 = erf(%1)                 ->  %4 = gelu(%x) {approximate = "none"}
    %3 = add(%2, 1)
    %4 = mul(mul(%x, %3), 0.5)

Formulas are compared as polynomials (`polynomials.py`), so that the order of operands, divisions
by constants and the place of a factor do not matter. "Exact" patterns are those whose op is
lowered to the very operations found. The others change rounding, and where the written formula
overflows (log(1 + exp(x)) for x above 88) the op gives the right value instead of infinity or NaN.
Swish needs no op: x * sigmoid(x) is one fused kernel as it is. What is made of exponentials and of
clips stands in `activation_exponentials.py` and `activation_clips.py`.
"""

from __future__ import annotations

import math
from typing import Any

from aicc.dialects.graph.elementwise import UNARY
from aicc.passes.registry import register_pass

from .dataflow import definition, source_if
from .patterns import Match, PatternSet
from .recognition import activation_clips, activation_exponentials
from .recognition.polynomials import (
    Polynomial,
    arithmetic_sources,
    functions_below,
    is_polynomial,
    polynomial_of,
    scalar_of,
)

PATTERNS = PatternSet("recognise-activations")
PATTERNS.include(activation_clips.PATTERNS, activation_exponentials.PATTERNS)
HALF_PRODUCT: Polynomial = {(1, 0): 0.5, (1, 1): 0.5}
TANH_GELU: Polynomial = {
    (1,): math.sqrt(2 / math.pi),
    (3,): 0.044715 * math.sqrt(2 / math.pi),
}
ROOT_HALF: Polynomial = {(1,): math.sqrt(0.5)}


@register_pass("recognise-activations")
def run(module: Any, *, disable: list[str] | None = None) -> None:
    """Put activation ops in place of arithmetic."""
    PATTERNS.apply(module, disable or [])


@PATTERNS.add("gelu", "graph.mul", "graph.div", "graph.add", rounding="reassociating")
def _gelu(op: Any, match: Match) -> Any:
    """x / 2 * (1 + erf(x / sqrt(2))) -> gelu(x)."""
    return _gelu_by(op, "graph.erf", ROOT_HALF, "none")


@PATTERNS.add("gelu-tanh", "graph.mul", "graph.div", "graph.add", rounding="reassociating")
def _gelu_tanh(op: Any, match: Match) -> Any:
    """x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) -> gelu(x) by tanh."""
    return _gelu_by(op, "graph.tanh", TANH_GELU, "tanh")


def _gelu_by(op: Any, name: str, inner: Polynomial, approximate: str) -> Any:
    result = op.results[0]
    for function in functions_below(op, name):
        for x in arithmetic_sources(function.operands[0]):
            if x.type != result.type or not is_polynomial(function.operands[0], [x], inner):
                continue
            if is_polynomial(result, [x, function.results[0]], HALF_PRODUCT):
                return UNARY["gelu"].build(x, approximate=approximate)
    return None


@PATTERNS.add("leaky-relu", "graph.maximum")
def _leaky_relu(op: Any, match: Match) -> Any:
    """max(x, a x) with 0 <= a <= 1 -> leaky_relu(x)."""
    for x, other in (op.operands, reversed(op.operands)):
        if (slope := _slope(other, x)) is not None:
            if 0 < slope <= 1:
                return UNARY["leaky_relu"].build(x, alpha=slope)
            return match.refuse("the slope is not in (0, 1]")
    return None


def _slope(value: Any, x: Any) -> float | None:
    """a if `value` is x * a, written as one multiplication."""
    op = source_if(value, "graph.mul")
    if op is None or value.type != x.type:
        return None
    for factor, other in (op.operands, reversed(op.operands)):
        if other == x and (number := scalar_of(factor)) is not None:
            return number
    return None


def _branches(op: Any) -> tuple[Any, Any, Any] | None:
    """(x, value for x > 0, value for x < 0) of a choice by the sign of x."""
    condition, first, second = op.operands
    test = definition(condition)
    if test is None or not test.name.startswith(("graph.greater", "graph.less")):
        return None
    lhs, rhs = test.operands
    is_greater = test.name.startswith("graph.greater")
    if scalar_of(rhs) == 0.0:
        x = lhs
    elif scalar_of(lhs) == 0.0:
        x, is_greater = rhs, not is_greater
    else:
        return None
    return (x, first, second) if is_greater else (x, second, first)


@PATTERNS.add("leaky-relu-by-sign", "graph.where")
def _leaky_relu_by_sign(op: Any, match: Match) -> Any:
    """where(x > 0, x, a x) with a > 0 -> leaky_relu(x)."""
    found = _branches(op)
    if found is None or found[0] != found[1] or found[0].type != op.results[0].type:
        return None
    slope = _slope(found[2], found[0])
    # a negative slope would give zeros of another sign
    return UNARY["leaky_relu"].build(found[0], alpha=slope) if slope and slope > 0 else None


@PATTERNS.add("elu", "graph.where", rounding="reassociating")
def _elu(op: Any, match: Match) -> Any:
    """where(x > 0, x, a * (exp(x) - 1)) -> elu(x)."""
    found = _branches(op)
    if found is None or found[0] != found[1] or found[0].type != op.results[0].type:
        return None
    x, _, negative = found
    for value in arithmetic_sources(negative, depth=3):
        exp = source_if(value, "graph.exp")
        if exp is None or exp.operands[0] != x:
            continue
        terms = polynomial_of(negative, {value: (1,)})
        if terms and terms.keys() == {(0,), (1,)} and terms[(0,)] == -terms[(1,)] != 0:
            return UNARY["elu"].build(x, alpha=terms[(1,)])
    return None
