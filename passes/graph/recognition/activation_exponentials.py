"""Activations made of exponentials: patterns of `recognise-activations`.

%1 = add(exp(%x), 1)
%2 = log(%1)                     ->  %3 = mish(%x)
%3 = mul(%x, tanh(%2))
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aicc.dialects.graph.elementwise import UNARY

from ..dataflow import definition, source_if
from ..patterns import Match, PatternSet
from .polynomials import (
    Polynomial,
    arithmetic_sources,
    functions_below,
    polynomial_of,
    product,
    same_polynomial,
    scalar_of,
    single_atom,
)

PATTERNS = PatternSet("recognise-activations")
ONE_PLUS: Polynomial = {(0,): 1.0, (1,): 1.0}


def _exponentials(op: Any) -> Iterator[tuple[Any, dict[Any, tuple[int, ...]]]]:
    """(x, exp(k x) -> (k,)) for the exponentials below `op`, k being 1, 2, -1 or -2."""
    found = list(dict.fromkeys(functions_below(op, "graph.exp")))
    candidates = arithmetic_sources(found[0].operands[0], depth=2) if found else iter(())
    for x in candidates:
        powers: dict[Any, tuple[int, ...]] = {}
        for exp in found:
            terms = single_atom(exp.operands[0], x)
            if terms is None or terms.keys() != {(1,)} or abs(terms[(1,)]) not in (1.0, 2.0):
                break
            powers[exp.results[0]] = (int(terms[(1,)]),)
        if len(powers) == len(found) and x.type == op.results[0].type:
            yield x, powers


def _is_quotient(op: Any, powers: Any, top: Polynomial, bottom: Polynomial) -> bool:
    """Whether a quotient of two polynomials of e^x is top / bottom."""
    parts = [polynomial_of(v, powers) for v in op.operands]
    if op.name == "graph.reciprocal":
        parts = [{(0,): 1.0}, *parts]
    numerator, denominator = parts
    if not numerator or not denominator or len(denominator) < 2:
        return False
    lhs, rhs = product(numerator, bottom), product(denominator, top)
    element = op.results[0].type.element_type
    return bool(lhs) and bool(rhs) and same_polynomial(lhs or {}, rhs or {}, element)


@PATTERNS.add("sigmoid", "graph.div", "graph.reciprocal")
def _sigmoid(op: Any, match: Match) -> Any:
    """1 / (1 + exp(-x)) -> sigmoid(x), which is lowered to just that."""
    divisor = op.operands[len(op.operands) - 1]
    if op.name == "graph.div" and scalar_of(op.operands[0]) != 1.0:
        return None
    for exp in arithmetic_sources(divisor, depth=1):
        inner = source_if(exp, "graph.exp")
        if inner is None or polynomial_of(divisor, {exp: (1,)}) != ONE_PLUS:
            continue
        for x in arithmetic_sources(inner.operands[0], depth=1):
            if x.type == op.results[0].type and single_atom(inner.operands[0], x) == {(1,): -1.0}:
                return UNARY["sigmoid"].build(x)
    return None


@PATTERNS.add("sigmoid-of-growth", "graph.div", rounding="reassociating")
def _sigmoid_of_growth(op: Any, match: Match) -> Any:
    """exp(x) / (1 + exp(x)) -> sigmoid(x)."""
    for x, powers in _exponentials(op):
        if _is_quotient(op, powers, {(1,): 1.0}, ONE_PLUS):
            return UNARY["sigmoid"].build(x)
    return None


@PATTERNS.add("tanh", "graph.div", rounding="reassociating")
def _tanh(op: Any, match: Match) -> Any:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), also in exp(2 x) alone -> tanh(x)."""
    for x, powers in _exponentials(op):
        if _is_quotient(op, powers, {(2,): 1.0, (0,): -1.0}, {(2,): 1.0, (0,): 1.0}):
            return UNARY["tanh"].build(x)
    return None


@PATTERNS.add("softplus", "graph.log", rounding="reassociating")
def _softplus(op: Any, match: Match) -> Any:
    """log(1 + exp(x)) -> softplus(x)."""
    for value in arithmetic_sources(op.operands[0], depth=1):
        exp = source_if(value, "graph.exp")
        if exp is not None and polynomial_of(op.operands[0], {value: (1,)}) == ONE_PLUS:
            return UNARY["softplus"].build(exp.operands[0])
    return None


@PATTERNS.add("softplus-threshold", "graph.where", rounding="reassociating")
def _softplus_threshold(op: Any, match: Match) -> Any:
    """where(x > 20, x, softplus(x)) -> softplus(x), which is x to the last bit there."""
    test, inner = definition(op.operands[0]), source_if(op.operands[2], "graph.softplus")
    if test is None or inner is None or test.name != "graph.greater":
        return None
    x, threshold = inner.operands[0], scalar_of(test.operands[1])
    if op.operands[1] != x or test.operands[0] != x or threshold is None:
        return None
    # x + log1p(exp(-x)) = x in f32 from here on
    is_far = threshold >= 17 and str(x.type.element_type) != "f64"
    return inner.results[0] if is_far else match.refuse("the threshold changes values")


@PATTERNS.add("mish", "graph.mul", rounding="reassociating")
def _mish(op: Any, match: Match) -> Any:
    """x * tanh(softplus(x)) -> mish(x)."""
    for x, other in (op.operands, reversed(op.operands)):
        tanh = source_if(other, "graph.tanh")
        softplus = source_if(tanh.operands[0], "graph.softplus") if tanh else None
        if softplus is not None and softplus.operands[0] == x:
            return UNARY["mish"].build(x)
    return None
