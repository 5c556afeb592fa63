"""Normalisations of com.microsoft: behind sums and embeddings, and of channels in NHWC order.

Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, UNARY
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.movement import Expand, Reshape
from aicc.dialects.graph.reduction import LayerNorm
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, div, mul, sub
from .casts import converted
from .indexing import take_range
from .reduction import layer_normalization
from .reductions import reduced

DOMAIN = "com.microsoft"

# ONNX Runtime knew the operator before opset 17 did, in both domains.
onnx_op("LayerNormalization")(layer_normalization)
onnx_op("LayerNormalization", domain=DOMAIN)(layer_normalization)


def _inverse_root(n: Node, x: Any, axes: list[int], epsilon: float) -> Any:
    """1 / sqrt(mean(x^2) + epsilon) in f32."""
    wide = converted(n, x, element_type_of("float32"))
    mean = reduced(n, "mean", mul(n, wide, wide), axes, keepdims=True)
    return n.emit(UNARY["rsqrt"], add(n, mean, epsilon))


@onnx_op("SimplifiedLayerNormalization")
@onnx_op("SimplifiedLayerNormalization", domain=DOMAIN)
def simplified_layer_normalization(
    n: Node, x: Any, scale: Any, *, axis: int = -1, epsilon: float = 1e-5, stash_type: int = 1
) -> Any:
    """x / sqrt(mean(x^2) + epsilon) * scale, and the factor on request."""
    y = n.emit(LayerNorm, x, scale, axis=axis, epsilon=epsilon, center=False)
    if len(n.outputs) < 2:
        return y
    return y, _inverse_root(n, x, list(range(axis % x.type.rank, x.type.rank)), epsilon)


def _summed(n: Node, x: Any, skip: Any, bias: Any) -> Any:
    y = add(n, x, skip)
    return y if bias is None else add(n, y, bias)


@onnx_op("SkipLayerNormalization", domain=DOMAIN)
def skip_layer_normalization(
    n: Node,
    x: Any,
    skip: Any,
    gamma: Any,
    beta: Any = None,
    bias: Any = None,
    *,
    epsilon: float = 1e-12,
) -> Any:
    """The layer norm of x + skip + bias; its mean and inverse deviation; the sum."""
    total = _summed(n, x, skip, bias)
    y = n.emit(LayerNorm, total, gamma, beta, axis=-1, epsilon=epsilon)
    if not any(n.outputs[1:]):
        return y
    along = [total.type.rank - 1]
    mean = reduced(n, "mean", total, along, keepdims=True)
    single = element_type_of("float32")
    inverse = _inverse_root(n, sub(n, total, mean), along, epsilon)
    return y, converted(n, mean, single), inverse, total


@onnx_op("SkipSimplifiedLayerNormalization", domain=DOMAIN)
def skip_simplified_layer_normalization(
    n: Node, x: Any, skip: Any, gamma: Any, bias: Any = None, *, epsilon: float = 1e-5
) -> Any:
    """The root-mean-square norm of x + skip + bias; (no mean;) the inverse root; the sum."""
    total = _summed(n, x, skip, bias)
    y = n.emit(LayerNorm, total, gamma, axis=-1, epsilon=epsilon, center=False)
    if not any(n.outputs[1:]):
        return y
    if n.outputs[1]:
        n.unsupported("the output 'mean'")
    inverse = _inverse_root(n, total, [total.type.rank - 1], epsilon)
    return y, None, inverse, total


@onnx_op("EmbedLayerNormalization", domain=DOMAIN)
def embed_layer_normalization(
    n: Node,
    ids: Any,
    segment_ids: Any = None,  # may be left out, and so may the segments' embedding
    words: Any = None,
    positions: Any = None,
    segments: Any = None,
    gamma: Any = None,
    beta: Any = None,
    mask: Any = None,
    position_ids: Any = None,
    *,
    epsilon: float = 1e-12,
    mask_index_type: int = 1,
) -> Any:
    """The layer norm of word, position and segment embeddings; the lengths that the mask says."""
    batch, length = ids.type.shape
    if position_ids is None:
        position = take_range(n, positions, 0, 0, length)
    else:
        position = n.emit(Gather, positions, position_ids, axis=0)
    total = add(n, n.emit(Gather, words, ids, axis=0), position)
    if segment_ids is not None and segments is not None:
        total = add(n, total, n.emit(Gather, segments, segment_ids, axis=0))
    y = n.emit(LayerNorm, total, gamma, beta, axis=-1, epsilon=epsilon)
    if not any(n.outputs[1:]):
        return y
    whole = element_type_of("int32")
    if mask is None:
        lengths = n.emit(Expand, n.constant(np.zeros((), np.int32)), shape=[batch])
    else:
        valid = converted(n, n.emit(COMPARE["equal"], mask, n.like(1, mask)), whole)
        lengths = reduced(n, "sum", valid, [1], keepdims=False)
    return y, lengths, total


def _grouped(
    n: Node, x: Any, gamma: Any, beta: Any, groups: int, epsilon: float, last: bool
) -> Any:
    """Mean 0 and variance 1 in each group of channels, computed in f32; scaled per channel."""
    shape, single = list(x.type.shape), element_type_of("float32")
    channels = shape[-1] if last else shape[1]
    if channels % groups:
        n.invalid(f"{channels} channels are not {groups} equal groups")
    split = [groups, channels // groups]
    wide = [shape[0], *shape[1:-1], *split] if last else [shape[0], *split, *shape[2:]]
    group = len(shape) - 1 if last else 1
    y = n.emit(Reshape, converted(n, x, single), shape=wide)
    axes = [d for d in range(1, len(wide)) if d != group]
    y = sub(n, y, reduced(n, "mean", y, axes, keepdims=True))
    y = n.emit(Reshape, mul(n, y, _inverse_root(n, y, axes, epsilon)), shape=shape)
    per_channel = [channels] if last else [channels, *[1] * (len(shape) - 2)]
    for operation, value in ((mul, gamma), (add, beta)):
        parameter = n.emit(Reshape, converted(n, value, single), shape=per_channel)
        y = operation(n, y, parameter)
    return converted(n, y, x.type.element_type)


def _activation(n: Node, y: Any, number: int) -> Any:
    if number not in (0, 1):
        n.invalid(f"activation {number}")
    return div(n, y, add(n, n.emit(UNARY["exp"], n.emit(UNARY["neg"], y)), 1.0)) if number else y


@onnx_op("GroupNorm", domain=DOMAIN)
def group_norm(
    n: Node,
    x: Any,
    gamma: Any,
    beta: Any,
    *,
    activation: int,
    groups: int,
    epsilon: float = 1e-5,
    channels_last: int = 1,
) -> Any:
    """Group normalisation, then (activation = 1) x * sigmoid(x)."""
    y = _grouped(n, x, gamma, beta, groups, epsilon, bool(channels_last))
    return _activation(n, y, activation)


@onnx_op("SkipGroupNorm", domain=DOMAIN)
def skip_group_norm(
    n: Node,
    x: Any,
    gamma: Any,
    beta: Any,
    skip: Any,
    bias: Any = None,
    *,
    activation: int,
    groups: int,
    epsilon: float = 1e-5,
    channels_last: int = 1,
) -> Any:
    """The group norm of x + skip + bias, and the sum."""
    if list(skip.type.shape) != list(x.type.shape):
        batch, channels = x.type.shape[0], x.type.shape[x.type.rank - 1]
        skip = n.emit(Reshape, skip, shape=[batch, *[1] * (x.type.rank - 2), channels])
    total = _summed(n, x, skip, bias)
    y = _grouped(n, total, gamma, beta, groups, epsilon, bool(channels_last))
    return _activation(n, y, activation), total
