"""Reductions, softmax, normalisations."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY, UNARY
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.reduction import REDUCE, BatchNorm, InstanceNorm, LayerNorm, Softmax
from aicc.dialects.graph.types import element_count, element_type_of

from ..node import Node
from ..registry import onnx_op
from .casts import converted, element_of


@onnx_op("Softmax", since=13)
def softmax(n: Node, x: Any, *, axis: int = -1) -> Any:
    """Softmax along one axis."""
    return n.emit(Softmax, x, axis=axis)


@onnx_op("LogSoftmax", since=13)
def log_softmax(n: Node, x: Any, *, axis: int = -1) -> Any:
    """Logarithm of softmax along one axis."""
    return n.emit(Softmax, x, axis=axis, log=True)


@onnx_op("Softmax")
def softmax_1(n: Node, x: Any, *, axis: int = 1) -> Any:
    """Softmax over all dimensions from `axis` on, taken as one (opsets 1 to 12)."""
    return _flat_softmax(n, x, axis, log=False)


@onnx_op("LogSoftmax")
def log_softmax_1(n: Node, x: Any, *, axis: int = 1) -> Any:
    """Logarithm of `softmax_1`."""
    return _flat_softmax(n, x, axis, log=True)


def _flat_softmax(n: Node, x: Any, axis: int, log: bool) -> Any:
    shape = list(x.type.shape)
    axis = axis + len(shape) if axis < 0 else axis
    rows = element_count(shape[:axis])
    flat = n.emit(Reshape, x, shape=[rows, element_count(shape[axis:])])
    return n.emit(Reshape, n.emit(Softmax, flat, axis=1, log=log), shape=shape)


@onnx_op("BatchNormalization", since=7)
def batch_normalization(
    n: Node,
    x: Any,
    scale: Any,
    bias: Any,
    mean: Any,
    variance: Any,
    *,
    epsilon: float = 1e-5,
    momentum: float = 0.9,
    training_mode: int = 0,
    spatial: int = 1,
) -> Any:
    """Statistics are given; in training mode they come from the batch and the given ones follow."""
    if training_mode:
        return _batch_statistics(n, x, scale, bias, mean, variance, epsilon, momentum)
    if not spatial:
        return _per_element(n, x, [scale, bias, mean, variance], epsilon)
    return n.emit(BatchNorm, x, scale, bias, mean, variance, epsilon=epsilon)


def _per_element(n: Node, x: Any, statistics: list[Any], epsilon: float) -> Any:
    """Statistics for every element of a sample, not only for every channel (until opset 8)."""
    scale, bias, mean, variance = statistics
    root = n.emit(UNARY["sqrt"], n.emit(BINARY["add"], variance, n.like(epsilon, x)))
    y = n.emit(BINARY["div"], n.emit(BINARY["sub"], x, mean), root)
    return n.emit(BINARY["add"], n.emit(BINARY["mul"], y, scale), bias)


def _batch_statistics(
    n: Node,
    x: Any,
    scale: Any,
    bias: Any,
    mean: Any,
    variance: Any,
    epsilon: float,
    momentum: float,
) -> list[Any]:
    """The normalised batch, and the running mean and variance."""
    axes = [i for i in range(x.type.rank) if i != 1]
    current = n.emit(REDUCE["reduce_mean"], x, axes=axes, keepdims=True)
    centred = n.emit(BINARY["sub"], x, current)
    square = n.emit(BINARY["mul"], centred, centred)
    channels = list(mean.type.shape)
    spread = n.emit(REDUCE["reduce_mean"], square, axes=axes, keepdims=False)
    current = n.emit(Reshape, current, shape=channels)
    y = n.emit(BatchNorm, x, scale, bias, current, spread, epsilon=epsilon)
    running = []
    for old, new in ((mean, current), (variance, spread)):
        kept = n.emit(BINARY["mul"], old, n.like(momentum, old))
        added = n.emit(BINARY["mul"], new, n.like(1 - momentum, new))
        running.append(n.emit(BINARY["add"], kept, added))
    return [y, *running]


@onnx_op("InstanceNormalization")
def instance_normalization(n: Node, x: Any, scale: Any, bias: Any, *, epsilon: float = 1e-5) -> Any:
    """Normalisation of each channel of each sample."""
    return n.emit(InstanceNorm, x, scale, bias, epsilon=epsilon)


@onnx_op("LayerNormalization", since=17)
def layer_normalization(
    n: Node,
    x: Any,
    scale: Any,
    bias: Any = None,
    *,
    axis: int = -1,
    epsilon: float = 1e-5,
    stash_type: int = 1,
) -> Any:
    """Normalisation over the dimensions from `axis` on; mean and 1/deviation on request.

    Those two are of `stash_type`, float32 unless told otherwise, whatever x is. Nothing is computed
    in less than that; float64 stays float64, which is more than the standard asks for.
    """
    y = n.emit(LayerNorm, x, scale, bias, axis=axis, epsilon=epsilon)
    if len(n.outputs) < 2:
        return y
    axes = list(range(axis % x.type.rank, x.type.rank))
    is_half = x.type.element_type.width < 32
    wide = converted(n, x, element_type_of("float32")) if is_half else x
    mean = n.emit(REDUCE["reduce_mean"], wide, axes=axes, keepdims=True)
    centred = n.emit(BINARY["sub"], wide, mean)
    square = n.emit(BINARY["mul"], centred, centred)
    variance = n.emit(REDUCE["reduce_mean"], square, axes=axes, keepdims=True)
    inverse = n.emit(UNARY["rsqrt"], n.emit(BINARY["add"], variance, n.like(epsilon, wide)))
    stash = element_of(n, stash_type)
    return y, converted(n, mean, stash), converted(n, inverse, stash)
