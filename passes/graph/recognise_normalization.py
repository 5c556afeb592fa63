"""Recognise normalisations that an exporter wrote out: layer, root mean square, instance, L2 norm.

Why: one op becomes one kernel that keeps a row in the cache between its passes; written out, every
mean is a kernel of its own and every difference goes through memory.

    %m = reduce_mean(%x)
    %d = sub(%x, %m)
    %v = add(reduce_mean(mul(%d, %d)), 1e-5)   ->   %y = layer_norm(%x, %g, %b)
    %n = div(%d, sqrt(%v))
    %y = add(mul(%n, %g), %b)

The core x / sqrt(mean(x^2) + epsilon) is found first; scale and bias join it
(`norm_parameters.py`). All of this changes rounding only: variances are computed from differences,
which is never less precise than mean(x^2) - mean(x)^2. Softmax has its patterns in
`softmax_forms.py`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from aicc.dialects.graph.reduction import LayerNorm
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass

from .dataflow import definition, is_read_once, source_if
from .patterns import Match, PatternSet
from .recognition import norm_parameters, softmax_forms
from .recognition.norm_parameters import with_bias, with_scale
from .recognition.polynomials import scalar_of, unexpanded
from .recognition.reduction_forms import (
    Reduced,
    count_of,
    is_last_axes,
    mean_of,
    reduction_of,
    squared,
)

PATTERNS = PatternSet("recognise-normalization")
PATTERNS.include(norm_parameters.PATTERNS, softmax_forms.PATTERNS)


@register_pass("recognise-normalization")
def run(module: Any, *, disable: list[str] | None = None) -> None:
    """Put normalisation and softmax ops in place of arithmetic and reductions."""
    PATTERNS.apply(module, disable or [])


def _root(value: Any) -> Any:
    """u if `value` is sqrt(u), else None."""
    value = unexpanded(value)
    if op := source_if(value, "graph.sqrt"):
        return op.operands[0]
    op = source_if(value, "graph.pow")
    return op.operands[0] if op is not None and scalar_of(op.operands[1]) == 0.5 else None


def _inverse_root(value: Any) -> Any:
    """u if `value` is 1 / sqrt(u), else None."""
    op = definition(unexpanded(value))
    if op is None:
        return None
    if op.name == "graph.rsqrt":
        return op.operands[0]
    if op.name == "graph.reciprocal":
        return _root(op.operands[0])
    if op.name == "graph.div" and scalar_of(op.operands[0]) == 1.0:
        return _root(op.operands[1])
    if op.name == "graph.pow" and scalar_of(op.operands[1]) == -0.5:
        return op.operands[0]
    return None


def _with_epsilon(value: Any) -> tuple[Any, float]:
    """(v, e) with value = v + e, e a constant, 0 if there is none."""
    if op := source_if(value, "graph.add"):
        for v, other in (op.operands, reversed(op.operands)):
            number = scalar_of(other)
            if number is not None and v.type == value.type:
                return v, number
    return value, 0.0


def _deviation_of(op: Any) -> list[tuple[Any, Any, Any]]:
    """(x, u, divisor) of x / sqrt(u) and x * (1 / sqrt(u))."""
    if op.name == "graph.div":
        found = [(op.operands[0], _root(op.operands[1]), op.operands[1])]
    else:
        lhs, rhs = op.operands
        found = [(lhs, _inverse_root(rhs), rhs), (rhs, _inverse_root(lhs), lhs)]
    return [(x, u, divisor) for x, u, divisor in found if u is not None]


def _centred(value: Any) -> tuple[Any, Reduced] | None:
    """(x, (x, axes)) if `value` is x - mean(x), else None."""
    op = source_if(value, "graph.sub")
    mean = mean_of(op.operands[1]) if op else None
    return (op.operands[0], mean) if op and mean and mean[0] == op.operands[0] else None


def _variance_of(value: Any, x: Any) -> Reduced | None:
    """(x, axes) if `value` is the mean of x^2, x as it is."""
    mean = mean_of(value)
    base = squared(mean[0]) if mean else None
    return (base, mean[1]) if mean and base is not None and base == x else None


def _variance_by_moments(value: Any, x: Any) -> Reduced | None:
    """(x, axes) if `value` is mean(x^2) - mean(x)^2, perhaps clipped at 0."""
    if clip := source_if(value, "graph.relu"):
        value = clip.operands[0]
    op = source_if(value, "graph.sub")
    if op is None:
        return None
    moment, mean = _variance_of(op.operands[0], x), squared(op.operands[1])
    first = mean_of(mean) if mean is not None else None
    return moment if moment and first == moment else None


@PATTERNS.add("layer-norm", "graph.div", "graph.mul", rounding="reassociating")
def _layer_norm(op: Any, match: Match) -> Any:
    """(x - mean(x)) / sqrt(variance(x) + e) -> layer_norm(x); mean(x^2) -> one without centre."""
    for x, u, divisor in _deviation_of(op):
        variance, epsilon = _with_epsilon(u)
        centred = _centred(x)
        found = _variance_of(variance, x)
        if found is None and centred:
            found = _variance_by_moments(variance, centred[0])
        if found is None or x.type != op.results[0].type:
            continue
        if not is_last_axes(found):
            return match.refuse("the axes are not the last dimensions")
        if not is_read_once(divisor):
            return match.refuse("the deviation is read elsewhere")
        is_centred = centred is not None and centred[1][1] == found[1]
        source = centred[0] if centred and is_centred else x
        return _unscaled(source, found[1][0], epsilon, is_centred)
    return None


def _unscaled(x: Any, axis: int, epsilon: float, center: bool, scale: float = 1.0) -> Any:
    dtype = numpy_dtype(dtype_of(x.type.element_type))
    one = Constant.of(np.full([1], scale, dtype))
    return LayerNorm.build(x, one, None, axis=axis, epsilon=epsilon, center=center)


@PATTERNS.add("l2-norm", "graph.div", "graph.mul", rounding="reassociating")
def _l2_norm(op: Any, match: Match) -> Any:
    """x / sqrt(sum(x^2) + e) -> layer_norm(x) without centre, scaled by 1 / sqrt(count)."""
    divisor = unexpanded(op.operands[1])
    if op.name == "graph.div" and (clip := source_if(divisor, "graph.maximum")):
        if any(_root(v) is not None for v in clip.operands):
            return match.refuse("the norm is clipped from below")
    for x, u, divisor in _deviation_of(op):
        value, epsilon = _with_epsilon(u)
        found = reduction_of(value, "sum")
        if found is None or squared(found[0]) != x or x.type != op.results[0].type:
            continue
        if not is_last_axes(found):
            return match.refuse("the axes are not the last dimensions")
        if not is_read_once(divisor):
            return match.refuse("the norm is read elsewhere")
        count = count_of(found)
        return _unscaled(x, found[1][0], epsilon / count, False, 1 / math.sqrt(count))
    return None


@PATTERNS.add("layer-norm-folded", "graph.add", "graph.sub", rounding="reassociating")
def _layer_norm_folded(op: Any, match: Match) -> Any:
    """x * s + (bias - mean(x) * s) with s = scale / sqrt(variance + e) -> layer_norm(x)."""
    for first, second in _pairs(op):
        product = source_if(first, "graph.mul")
        if product is None:
            continue
        for x, factor in (product.operands, reversed(product.operands)):
            parts = _mean_and_bias(op, second, factor)
            found = mean_of(parts[0]) if parts else None
            if parts is None or found is None or found[0] != x or not is_last_axes(found):
                continue
            norm = _from_factor(x, factor, found)
            if norm is not None:
                return with_bias(norm, parts[1])
    return None


def _pairs(op: Any) -> list[tuple[Any, Any]]:
    lhs, rhs = op.operands
    return [(lhs, rhs)] if op.name == "graph.sub" else [(lhs, rhs), (rhs, lhs)]


def _mean_and_bias(op: Any, value: Any, factor: Any) -> tuple[Any, Any] | None:
    """(mean, bias) of bias - mean * factor, or of the mean * factor that `op` subtracts."""
    bias = None
    if op.name == "graph.add":
        difference = source_if(value, "graph.sub")
        if difference is None:
            return None
        bias, value = difference.operands
    product = source_if(value, "graph.mul")
    if product is None or factor not in list(product.operands):
        return None
    lhs, rhs = product.operands
    return (lhs if rhs == factor else rhs), bias


def _from_factor(x: Any, factor: Any, mean: Reduced) -> Any:
    """The norm of x by `factor` = scale / sqrt(variance + e); None if it is something else."""
    candidates = [(factor, None)]
    if op := source_if(factor, "graph.mul"):
        candidates += [(op.operands[0], op.operands[1]), (op.operands[1], op.operands[0])]
    for inverse, scale in candidates:
        u = _inverse_root(inverse)
        if u is None:
            continue
        variance, epsilon = _with_epsilon(u)
        spread = mean_of(variance)
        base = squared(spread[0]) if spread else None
        centred = _centred(base) if base is not None else None
        is_same = spread and centred and centred[1] == mean and spread[1] == mean[1]
        if is_same or _variance_by_moments(variance, x) == mean:
            norm = _unscaled(x, mean[1][0], epsilon, True)
            return norm if scale is None else with_scale(norm, scale)
    return None
