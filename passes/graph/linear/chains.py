"""Patterns of `fuse-linear` that make one linear op of two, where that is less work.

    matmul(matmul(%x, %v), %w)    ->  matmul(%x, matmul(%v, %w))
    conv1x1(conv(%x, %v), %w)     ->  conv(%x, matmul(%w, %v))

A bottleneck (two small factors of a large matrix) is less work than their product, and stays.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.linear import Conv, Matmul
from aicc.dialects.graph.movement import Transpose
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import element_count

from ..dataflow import is_read_once, source_if
from ..patterns import PatternSet
from .operands import (
    Refused,
    add,
    channel_axis,
    explained,
    filter_is_known,
    is_float_value,
    reshaped,
)

CHAINS = PatternSet("fuse-linear")


@CHAINS.add("merge-matmuls", "graph.matmul", rounding="reassociating")
@explained
def _merge_matmuls(op: Any, match: Any) -> Any:
    """(x v) w -> x (v w)."""
    inner = source_if(op.operands[0], "graph.matmul")
    if inner is None or not is_float_value(op.operands[0]):
        return None
    (x, v), w = inner.operands, op.operands[1]
    plain = inner.opview.rhs_layout == op.opview.rhs_layout == "KN"
    if not plain or v not in match.static or w not in match.static:
        return None
    if v.type.rank != 2 or w.type.rank != 2:
        raise Refused("the weights are a batch of matrices")
    _is_read_here_only(op.operands[0])
    (k, m), n = v.type.shape, w.type.shape[1]
    _is_less(k * n, k * m + m * n)
    return Matmul.build(x, Matmul.build(v, w))


@CHAINS.add("merge-convs", "graph.conv", rounding="reassociating")
@explained
def _merge_convs(op: Any, match: Any) -> Any:
    """conv(conv(x, v), w) -> conv(x, v through w), if one of both has a kernel of 1."""
    inner = source_if(op.operands[0], "graph.conv")
    if inner is None or not is_float_value(op.operands[0]):
        return None
    if inner.opview.group != 1 or op.opview.group != 1 or not _same_layout(inner, op):
        return None
    rule = _pointwise_last if _is_pointwise(op) else _pointwise_first
    if rule is _pointwise_first and not (_is_pointwise(inner) and set(inner.opview.strides) == {1}):
        return None
    for conv in (inner, op):
        filter_is_known(conv, match.static)
    _is_read_here_only(op.operands[0])
    work = _outputs(op) * _taps(op) + _outputs(inner) * _taps(inner)
    taps = max(_window(inner), _window(op)) * inner.operands[1].type.shape[1]
    _is_less(_outputs(op) * taps, work)
    return rule(inner, op)


def _pointwise_last(inner: Any, op: Any) -> Any:
    """Filters [O, M] x [M, I, k..]."""
    (x, v, b), (_, w, c) = inner.opview.operand_groups(), op.opview.operand_groups()
    outputs, middle = w.type.shape[:2]
    matrix = reshaped(w, [outputs, middle])
    product = Matmul.build(matrix, reshaped(v, [middle, element_count(v.type.shape[1:])]))
    strides = [s * t for s, t in zip(inner.opview.strides, op.opview.strides, strict=True)]
    filters = reshaped(product, [outputs, *v.type.shape[1:]])
    attributes = inner.opview.attr_values() | {"strides": strides}
    return Conv.build(x, filters, _bias(matrix, b, c), **attributes)


def _pointwise_first(inner: Any, op: Any) -> Any:
    """Filters [O, k.., M] x [M, I]; what padding adds has no bias of the first convolution."""
    (x, v, b), (_, w, c) = inner.opview.operand_groups(), op.opview.operand_groups()
    if b is not None and any(op.opview.pads):
        raise Refused("the zeros beyond the border have no bias")
    outputs, middle, *kernel = w.type.shape
    inputs, rank, window = v.type.shape[1], w.type.rank, element_count(kernel)
    last = Transpose.build(w, permutation=[0, *range(2, rank), 1])
    rows = reshaped(last, [outputs * window, middle])
    product = Matmul.build(rows, reshaped(v, [middle, inputs]))
    spread = reshaped(product, [outputs, *kernel, inputs])
    filters = Transpose.build(spread, permutation=[0, rank - 1, *range(1, rank - 1)])
    bias = c
    if b is not None:
        taps = Matmul.build(rows, reshaped(b, [middle, 1]))
        sums = REDUCE["reduce_sum"].build(
            reshaped(taps, [outputs, window]), axes=[1], keepdims=False
        )
        bias = sums if c is None else add(sums, c)
    return Conv.build(x, filters, bias, **op.opview.attr_values())


def _bias(matrix: Any, b: Any, c: Any) -> Any:
    """matrix b + c."""
    if b is None:
        return c
    outputs, middle = matrix.type.shape
    through = reshaped(Matmul.build(matrix, reshaped(b, [middle, 1])), [outputs])
    return through if c is None else add(through, c)


@CHAINS.add("merge-conv-matmul", "graph.matmul", rounding="reassociating")
@explained
def _merge_conv_matmul(op: Any, match: Any) -> Any:
    """reshape(conv(x, v)) w, with one position per image -> reshape(conv(x, v through w))."""
    view = source_if(op.operands[0], "graph.reshape")
    conv = source_if(view.operands[0], "graph.conv") if view is not None else None
    w = op.operands[1]
    if view is None or conv is None or w not in match.static or w.type.rank != 2:
        return None
    y = conv.results[0]
    images, channels = y.type.shape[0], y.type.shape[channel_axis(conv)]
    rows = list(op.operands[0].type.shape)
    is_plain = conv.opview.group == 1 and op.opview.rhs_layout == "KN" and is_float_value(y)
    if not is_plain or element_count(y.type.shape) != images * channels or rows[-1] != channels:
        return None
    filter_is_known(conv, match.static)
    _is_read_here_only(y)
    _is_read_here_only(op.operands[0])
    columns = w.type.shape[1]
    _is_less(_taps(conv) * columns, _taps(conv) * channels + channels * columns)
    x, v, b = conv.opview.operand_groups()
    matrix = Transpose.build(w, permutation=[1, 0])
    product = Matmul.build(matrix, reshaped(v, [channels, _taps(conv)]))
    filters = reshaped(product, [columns, *v.type.shape[1:]])
    merged = Conv.build(x, filters, _bias(matrix, b, None), **conv.opview.attr_values())
    return reshaped(merged, op.results[0].type.shape)


def _is_read_here_only(value: Any) -> None:
    if not is_read_once(value):
        raise Refused("the first result is read elsewhere")


def _is_less(merged: int, apart: int) -> None:
    if merged >= apart:
        raise Refused("together they are more work")


def _is_pointwise(conv: Any) -> bool:
    return _window(conv) == 1 and not any(conv.opview.pads)


def _same_layout(one: Any, other: Any) -> bool:
    return bool(one.opview.layout == other.opview.layout)


def _window(conv: Any) -> int:
    return element_count(conv.operands[1].type.shape[2:])


def _taps(conv: Any) -> int:
    """Multiply-adds per element of the result."""
    return element_count(conv.operands[1].type.shape[1:])


def _outputs(conv: Any) -> int:
    return element_count(conv.results[0].type.shape)
