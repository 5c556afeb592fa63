"""Fold a batch norm with known statistics into the convolution or matrix product before it.

    %1 = conv(%x, %w, %b)                        s = scale / sqrt(variance + epsilon)
    %2 = batch_norm(%1, scale, bias, mean,  ->   %2 = conv(%x, %w * s, (%b - mean) * s + bias)
                    variance)

Why: inference knows the statistics, so the norm is one factor and one offset per channel. Both are
computed by ordinary ops on the weights, which `hoist-weight-math` moves out of @main. A norm that
finds no producer to fold into becomes a multiplication and an addition. Rounding changes, hence
nothing is done under `aicc.strict_fp`; a norm whose parameters are computed in the run stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import BINARY, UNARY
from aicc.dialects.graph.linear import Conv, ConvTranspose, Matmul
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass
from aicc.passes.static_values import StaticValues

from .dataflow import body_of, definition, graph_functions, ops_of, users_of


@dataclass
class Affine:
    """y = x * factor + offset, both of one element per channel; `axis` is the channels'."""

    factor: Any
    offset: Any
    axis: int


@register_pass("fold-batch-norm")
def run(module: Any) -> None:
    """Turn batch norms on weights into scaled weights, or into one factor and one offset."""
    if "aicc.strict_fp" in module.operation.attributes:
        return
    for function in graph_functions(module):
        norms = [op for op in ops_of(body_of(function)) if op.name == "graph.batch_norm"]
        static = StaticValues(function)
        for op in norms:
            if _has_known_parameters(op, static):
                with ir.InsertionPoint(op), op.location:
                    _fold(op, static)


def _has_known_parameters(op: Any, static: StaticValues) -> bool:
    parameters = list(op.operands)[1:]
    element = op.results[0].type.element_type
    return all(v in static and v.type.element_type == element for v in parameters)


def _fold(op: Any, static: StaticValues) -> None:
    """Replace one norm, and what comes before it if nothing else reads that."""
    affine = _affine_of(op)
    replaced, x = [op], op.operands[0]
    if (addition := _bias_addition(x, affine.axis, static)) is not None:
        replaced.append(definition(x))
        x, bias = addition
        affine.offset = _add(affine.offset, _mul(_flat(bias), affine.factor))
    producer = definition(x)
    rule = PRODUCERS.get(producer.name) if producer and len(users_of(producer)) == 1 else None
    result = rule(producer, affine, static) if rule else None
    if result is not None:
        replaced.append(producer)
    else:
        rank = x.type.rank
        scaled = _mul(x, _along(affine.factor, affine.axis, rank))
        result = _add(scaled, _along(affine.offset, affine.axis, rank))
    op.results[0].replace_all_uses_with(result)
    for old in replaced:
        old.erase()


def _affine_of(op: Any) -> Affine:
    x, scale, bias, mean, variance = op.operands
    dtype = numpy_dtype(dtype_of(variance.type.element_type))
    epsilon = Constant.of(np.array(op.opview.epsilon, dtype))
    factor = BINARY["div"].build(scale, UNARY["sqrt"].build(_add(variance, epsilon)))
    offset = BINARY["sub"].build(bias, _mul(mean, factor))
    return Affine(factor, offset, 1 if op.opview.layout == "NCHW" else x.type.rank - 1)


def _bias_addition(x: Any, axis: int, static: StaticValues) -> tuple[Any, Any] | None:
    """(value, bias) if `x` is their sum, read once, and the bias is a known one per channel."""
    op = definition(x)
    if op is None or op.name != "graph.add" or len(users_of(op)) != 1:
        return None
    rank, channels = x.type.rank, x.type.shape[axis]
    shape = [channels if i == axis else 1 for i in range(rank)]
    lhs, rhs = op.operands
    for value, bias in ((lhs, rhs), (rhs, lhs)):
        padded = [1] * (rank - bias.type.rank) + list(bias.type.shape)
        if bias in static and padded == shape and value.type == x.type:
            return value, bias
    return None


def _into_conv(op: Any, affine: Affine, static: StaticValues) -> Any:
    """The convolution with scaled filters; None if they are not known or packed already."""
    x, w, bias = op.opview.operand_groups()
    channels = 1 if op.opview.layout == "NCHW" else x.type.rank - 1
    known = w in static and (bias is None or bias in static)
    if not known or op.opview.filter_layout != "OIHW" or affine.axis != channels:
        return None
    return _rebuilt(Conv, op, _along(affine.factor, 0, w.type.rank), affine)


def _into_conv_transpose(op: Any, affine: Affine, static: StaticValues) -> Any:
    """The same for filters [I, O, kernel..]; in groups the output channels are split: None."""
    x, w, bias = op.opview.operand_groups()
    known = w in static and (bias is None or bias in static)
    if not known or op.opview.group != 1 or affine.axis != 1:
        return None
    return _rebuilt(ConvTranspose, op, _along(affine.factor, 1, w.type.rank), affine)


def _rebuilt(cls: Any, op: Any, factor: Any, affine: Affine) -> Any:
    x, w, bias = op.opview.operand_groups()
    offset = affine.offset
    if bias is not None:
        offset = _add(offset, _mul(bias, affine.factor))
    return cls.build(x, _mul(w, factor), offset, loc=op.location, **op.opview.attr_values())


def _into_matmul(op: Any, affine: Affine, static: StaticValues) -> Any:
    """The product with scaled columns, plus the offset; None unless the right side is known."""
    lhs, rhs = op.operands
    is_last = affine.axis == op.results[0].type.rank - 1
    if rhs not in static or op.opview.rhs_layout != "KN" or not is_last:
        return None
    scaled = _mul(rhs, affine.factor)
    return _add(Matmul.build(lhs, scaled, loc=op.location), affine.offset)


PRODUCERS: dict[str, Callable[[Any, Affine, StaticValues], Any]] = {
    "graph.conv": _into_conv,
    "graph.conv_transpose": _into_conv_transpose,
    "graph.matmul": _into_matmul,
}


def _add(lhs: Any, rhs: Any) -> Any:
    return BINARY["add"].build(lhs, rhs)


def _mul(lhs: Any, rhs: Any) -> Any:
    return BINARY["mul"].build(lhs, rhs)


def _flat(value: Any) -> Any:
    """One dimension of what has one element per channel."""
    count = max(value.type.shape, default=1)
    return value if value.type.rank == 1 else Reshape.build(value, shape=[count])


def _along(value: Any, axis: int, rank: int) -> Any:
    """A vector as a tensor of `rank` that runs along `axis`."""
    shape = [value.type.shape[0] if i == axis else 1 for i in range(rank)]
    return Reshape.build(value, shape=shape)
