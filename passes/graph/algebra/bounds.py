"""Patterns of `simplify-algebra`: chains of maximum, minimum and relu become one clip.

    %1 = relu(%0); %2 = maximum(%1, 0.5); %3 = minimum(%2, 6.0); %4 = minimum(%3, 4.0)
 -> %1 = maximum(%0, 0.5); %2 = minimum(%1, 4.0)

maximum and minimum propagate NaN and order -0.0 below 0.0, which makes them a distributive lattice
on floats as on integers: every rule here is exact. A clip is `minimum(maximum(x, low), high)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import computed, constant, fitted, has_floats, make, once, with_constant

PATTERNS = PatternSet("simplify-algebra")
TOO_LARGE = "the constants' combination is too large to stand in the IR"


def _bounded(value: Any, *names: str) -> tuple[Any, Any] | None:
    """(x, array) if `value` is one of these ops on x and a constant."""
    for name in names:
        if (op := source_if(value, name)) and (found := with_constant(op)):
            return found
    return None


@PATTERNS.add("maximum-of-maximum", "graph.maximum", "graph.minimum")
def _maximum_of_maximum(op: Any, match: Match) -> Any:
    """max(max(x, c), d) -> max(x, max(c, d)); also min."""
    outer = with_constant(op)
    inner = outer and _bounded(outer[0], op.name)
    if not (outer and inner):
        return None
    name = op.name.removeprefix("graph.")
    bound = _tighter(name, inner[1], outer[1])
    if bound is None:
        return match.refuse(TOO_LARGE)
    return make(name, inner[0], constant(bound, inner[0]))


def _tighter(name: str, lhs: Any, rhs: Any) -> Any:
    """max or min of constants, None if too large; numpy does not order zeros by their sign."""
    bound = computed(name, lhs, rhs)
    if bound is None or bound.dtype.kind in "iub" or not np.any(bound == 0):
        return bound
    negative = np.logical_and if name == "maximum" else np.logical_or
    sign = np.where(negative(np.signbit(lhs), np.signbit(rhs)), -1.0, 1.0)
    zero = np.copysign(np.zeros(()), sign).astype(bound.dtype)
    return np.where((lhs == 0) & (rhs == 0), zero, bound)


@PATTERNS.add("maximum-of-minimum", "graph.maximum")
def _maximum_of_minimum(op: Any, match: Match) -> Any:
    """max(min(x, high), low) -> min(max(x, low), max(high, low)): clips of clips then meet."""
    outer = with_constant(op)
    minimum = outer and once(outer[0], "graph.minimum")
    inner = minimum and with_constant(minimum)
    if not (outer and inner):
        return None
    high = _tighter("maximum", inner[1], outer[1])
    if high is None:
        return match.refuse(TOO_LARGE)
    clipped = make("maximum", inner[0], constant(outer[1], inner[0]))
    return make("minimum", clipped, constant(high, inner[0]))


@PATTERNS.add("relu-of-minimum", "graph.relu")
def _relu_of_minimum(op: Any, match: Match) -> Any:
    """relu(min(x, high)) -> min(relu(x), max(high, 0)): clips of clips then meet."""
    minimum = once(op.operands[0], "graph.minimum")
    inner = minimum and with_constant(minimum)
    if not inner:
        return None
    zero = np.zeros((), inner[1].dtype)
    high = constant(_tighter("maximum", inner[1], zero), inner[0])
    return make("minimum", make("relu", inner[0]), high)


@PATTERNS.add("maximum-with-zero", "graph.maximum")
def _maximum_with_zero(op: Any, match: Match) -> Any:
    """max(x, 0) -> relu(x); of floats 0.0 only."""
    found = with_constant(op)
    if found is None or np.any(found[1] != 0) or _has_negative_zero(found[1]):
        return None
    return fitted(make("relu", found[0]), op.results[0])


def _has_negative_zero(array: Any) -> bool:
    return array.dtype.kind not in "iub" and bool(np.any((array == 0) & np.signbit(array)))


@PATTERNS.add("relu-of-maximum", "graph.relu")
def _relu_of_maximum(op: Any, match: Match) -> Any:
    """relu(max(x, c)) -> relu(x) for c <= 0; for c > 0 the maximum is known not to be negative."""
    inner = _bounded(op.operands[0], "graph.maximum")
    if inner is None or not np.all(inner[1] <= 0):
        return None
    return fitted(make("relu", inner[0]), op.results[0])


@PATTERNS.add("maximum-of-relu", "graph.maximum")
def _maximum_of_relu(op: Any, match: Match) -> Any:
    """max(relu(x), c) -> max(x, c) for c > 0, relu(x) for c <= 0."""
    found = with_constant(op)
    relu = found and source_if(found[0], "graph.relu")
    if not (found and relu):
        return None
    if bool(np.all(found[1] > 0)):
        return make("maximum", relu.operands[0], constant(found[1], found[0]))
    return fitted(found[0], op.results[0]) if bool(np.all(found[1] <= 0)) else None


@PATTERNS.add("empty-clip", "graph.minimum")
def _empty_clip(op: Any, match: Match) -> Any:
    """min(max(x, low), high) -> high for integers with high <= low."""
    outer = with_constant(op)
    inner = outer and _bounded(outer[0], "graph.maximum")
    if not (outer and inner) or has_floats(op.results[0]):
        return None
    if not bool(np.all(outer[1] <= inner[1])):
        return None
    return fitted(constant(outer[1], outer[0]), op.results[0])
