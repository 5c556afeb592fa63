"""Scales and biases that join a norm: patterns of `recognise-normalization`.

    %1 = layer_norm(%x, 1)
    %2 = mul(%1, %g)                 ->  %3 = layer_norm(%x, %g, %b)
    %3 = add(%2, %b)

A norm over the spatial dimensions with one scale and one bias per channel is an instance norm.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.reduction import InstanceNorm, LayerNorm
from aicc.dialects.graph.types import VerifyError, broadcast_shapes

from ..dataflow import definition, is_read_once, source_if
from ..patterns import Match, PatternSet
from .polynomials import scalar_of

PATTERNS = PatternSet("recognise-normalization")


def _parameter(value: Any, norm: Any) -> Any:
    """`value` as a scale or bias of a layer norm: without leading 1s; None if it does not fit."""
    x = norm.operands[0].type
    tail = list(x.shape)[norm.opview.axis % x.rank :]
    shape = list(value.type.shape)
    while len(shape) > len(tail) and shape[0] == 1:
        shape = shape[1:]
    try:
        fits = broadcast_shapes(tail, shape) == tail
    except VerifyError:
        return None
    if not fits or value.type.element_type != x.element_type:
        return None
    return value if shape == list(value.type.shape) else Reshape.build(value, shape=shape)


def _rebuilt(norm: Any, scale: Any, bias: Any) -> Any:
    return LayerNorm.build(norm.operands[0], scale, bias, **norm.opview.attr_values())


def with_scale(norm: Any, factor: Any) -> Any:
    """The norm with a scale of its own; None unless it has none yet and `factor` is one."""
    op = definition(norm)
    scale = _parameter(factor, op)
    return None if scale is None else _rebuilt(op, scale, None)


def with_bias(norm: Any, bias: Any) -> Any:
    """The norm with a bias; None if `bias` is none for it."""
    if norm is None or bias is None:
        return norm
    op = definition(norm)
    value = _parameter(bias, op)
    return None if value is None else _rebuilt(op, op.operands[1], value)


def _norm_and(op: Any, match: Match) -> list[tuple[Any, Any]]:
    """(layer norm without bias, the other operand) of a sum or product: the norm's only reader."""
    found = []
    for value, other in (op.operands, reversed(op.operands)):
        norm = source_if(value, "graph.layer_norm")
        if norm is not None and len(norm.operands) == 2 and other in match.static:
            if is_read_once(value):
                found.append((norm, other))
            else:
                match.refuse("the norm is read elsewhere")
    return found


@PATTERNS.add("norm-scale", "graph.mul")
def _norm_scale(op: Any, match: Match) -> Any:
    """layer_norm(x, 1) * scale -> layer_norm(x, scale)."""
    for norm, factor in _norm_and(op, match):
        if scalar_of(norm.operands[1]) == 1.0:
            return with_scale(norm.results[0], factor)
    return None


@PATTERNS.add("norm-bias", "graph.add")
def _norm_bias(op: Any, match: Match) -> Any:
    """layer_norm(x, scale) + bias -> layer_norm(x, scale, bias)."""
    for norm, bias in _norm_and(op, match):
        return with_bias(norm.results[0], bias)
    return None


@PATTERNS.add("instance-norm", "graph.add")
def _instance_norm(op: Any, match: Match) -> Any:
    """layer_norm(x, 1) over the spatial dimensions * scale + bias by channel -> instance_norm."""
    for value, bias in (op.operands, reversed(op.operands)):
        product = source_if(value, "graph.mul")
        for norm, scale in _norm_and(product, match) if product is not None else []:
            x = norm.operands[0]
            is_spatial = x.type.rank > 2 and norm.opview.axis % x.type.rank == 2
            if not is_spatial or not norm.opview.center or scalar_of(norm.operands[1]) != 1.0:
                continue
            parameters = [_per_channel(v, x, match) for v in (scale, bias)]
            if all(v is not None for v in parameters) and is_read_once(value):
                return InstanceNorm.build(x, *parameters, epsilon=norm.opview.epsilon)
    return None


def _per_channel(value: Any, x: Any, match: Match) -> Any:
    """A known [.., C, 1, 1] as a vector of C; None if it is something else."""
    shape, rank, channels = list(value.type.shape), x.type.rank, x.type.shape[1]
    padded = [1] * (rank - len(shape)) + shape
    if value not in match.static or padded != [1, channels, *[1] * (rank - 2)]:
        return None
    return Reshape.build(value, shape=[channels])
