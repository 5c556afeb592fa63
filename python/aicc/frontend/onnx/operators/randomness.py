"""Operators that draw random numbers. docs/random-numbers.md says which node gets which numbers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, UNARY, Where
from aicc.dialects.graph.movement import Expand, Reshape
from aicc.dialects.graph.random_numbers import RandomUniform
from aicc.dialects.graph.reduction import REDUCE, CumSum, Softmax
from aicc.dialects.graph.types import element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, clamp, div, mul, sub
from .casts import converted, element_of

FLOAT = 1  # the number of float32


def _uniform(n: Node, shape: Sequence[int], seed: float | None, lane: int, element: Any) -> Any:
    """Numbers in [0, 1), of f64 if `element` is, else of f32; `lane` tells a node's sequences."""
    wide = element_type_of("float64" if str(element) == "f64" else "float32")
    # a seed is 32 bits, so the keys of seeded nodes and those of names cannot meet
    key = zlib.crc32(n.name.encode()) | 1 << 32
    if seed is not None:
        key = struct.unpack("<I", struct.pack("<f", seed))[0]
    return n.emit(RandomUniform, shape=list(shape), seed=key, stream=lane, element=wide)


def _target(n: Node, dtype: int | None, like: Any = None) -> Any:
    """The element type of the result."""
    if dtype is not None:
        return element_of(n, dtype)
    return element_of(n, FLOAT) if like is None else like.type.element_type


def _float_target(n: Node, dtype: int | None, like: Any = None) -> Any:
    element = _target(n, dtype, like)
    if not is_float(element):
        n.unsupported(f"random numbers of type {element}")
    return element


def _between(
    n: Node, shape: Sequence[int], low: float, high: float, seed: float | None, element: Any
) -> Any:
    drawn = _uniform(n, shape, seed, 0, element)
    return converted(n, add(n, mul(n, drawn, high - low), low), element)


def _normal(
    n: Node, shape: Sequence[int], mean: float, scale: float, seed: float | None, element: Any
) -> Any:
    """Box and Muller: sqrt(-2 log(1 - u)) cos(2 pi v) of two independent uniform numbers."""
    u, v = (_uniform(n, shape, seed, lane, element) for lane in (0, 1))
    radius = n.emit(UNARY["sqrt"], mul(n, n.emit(UNARY["log"], sub(n, 1.0, u)), -2.0))
    drawn = mul(n, radius, n.emit(UNARY["cos"], mul(n, v, 2 * np.pi)))
    return converted(n, add(n, mul(n, drawn, scale), mean), element)


@onnx_op("RandomUniform")
def random_uniform(
    n: Node,
    *,
    shape: list[int],
    dtype: int = FLOAT,
    high: float = 1.0,
    low: float = 0.0,
    seed: float | None = None,
) -> Any:
    """Uniform in [low, high)."""
    return _between(n, shape, low, high, seed, _float_target(n, dtype))


@onnx_op("RandomUniformLike")
def random_uniform_like(
    n: Node,
    x: Any,
    *,
    dtype: int | None = None,
    high: float = 1.0,
    low: float = 0.0,
    seed: float | None = None,
) -> Any:
    """Uniform in [low, high), in the shape of x."""
    return _between(n, x.type.shape, low, high, seed, _float_target(n, dtype, x))


@onnx_op("RandomNormal")
def random_normal(
    n: Node,
    *,
    shape: list[int],
    dtype: int = FLOAT,
    mean: float = 0.0,
    scale: float = 1.0,
    seed: float | None = None,
) -> Any:
    """Normal with the given mean and deviation."""
    return _normal(n, shape, mean, scale, seed, _float_target(n, dtype))


@onnx_op("RandomNormalLike")
def random_normal_like(
    n: Node,
    x: Any,
    *,
    dtype: int | None = None,
    mean: float = 0.0,
    scale: float = 1.0,
    seed: float | None = None,
) -> Any:
    """Normal with the given mean and deviation, in the shape of x."""
    return _normal(n, x.type.shape, mean, scale, seed, _float_target(n, dtype, x))


@onnx_op("Bernoulli", since=15)
def bernoulli(n: Node, x: Any, *, dtype: int | None = None, seed: float | None = None) -> Any:
    """1 with the probability that x states, else 0."""
    drawn = _uniform(n, x.type.shape, seed, 0, x.type.element_type)
    probability = converted(n, x, drawn.type.element_type)
    return converted(n, n.emit(COMPARE["less"], drawn, probability), _target(n, dtype, x))


@onnx_op("Multinomial", since=7)
def multinomial(
    n: Node, x: Any, *, dtype: int = 6, sample_size: int = 1, seed: float | None = None
) -> Any:
    """Classes drawn by the unnormalised log-probabilities in each row of x.

    A number u in [0, 1) draws the class at which the running sum of probabilities exceeds u.
    """
    if x.type.rank != 2 or x.type.shape[1] == 0:
        n.invalid(f"expects rows of log-probabilities, got {x.type}")
    rows, classes = x.type.shape
    drawn = _uniform(n, [rows, sample_size], seed, 0, x.type.element_type)
    shares = n.emit(Softmax, converted(n, x, drawn.type.element_type), axis=1)
    bounds = n.emit(Reshape, n.emit(CumSum, shares, axis=1), shape=[rows, 1, classes])
    points = n.emit(Reshape, drawn, shape=[rows, sample_size, 1])
    passed = converted(n, n.emit(COMPARE["less_equal"], bounds, points), element_type_of("int32"))
    chosen = n.emit(REDUCE["reduce_sum"], passed, axes=[2], keepdims=False)
    # rounding may leave the last sum a little below 1
    return converted(n, clamp(n, chosen, 0, classes - 1), element_of(n, dtype))


@onnx_op("Dropout", since=12)
def dropout(
    n: Node, x: Any, ratio: Any = None, training: Any = None, *, seed: int | None = None
) -> Any:
    """x and a mask of all true; when training, some elements are 0, the others scaled up."""
    if training is not None and bool(n.array(training, "training_mode").any()):
        return _dropped(n, x, ratio, seed)
    if len(n.outputs) < 2:
        return x
    return x, n.emit(Expand, n.constant(np.array(True)), shape=list(x.type.shape))


def _dropped(n: Node, x: Any, ratio: Any, seed: int | None) -> tuple[Any, Any]:
    """x / (1 - ratio) where a number in [0, 1) is at least the ratio, else 0; and where that is.

    The standard gives results for a seed: those of the Mersenne Twister as numpy seeds it.
    """
    double = element_type_of("float64")
    shape = list(x.type.shape)
    if seed is None:
        drawn = _uniform(n, shape, None, 0, double)
    else:
        drawn = n.emit(
            RandomUniform, shape=shape, seed=seed % 2**32, generator="mt19937", element=double
        )
    share = n.constant(0.5, "float64") if ratio is None else n.emit(Reshape, ratio, shape=[])
    share = converted(n, share, double)
    mask = binary(n, "greater_equal", drawn, share)
    scale = converted(n, div(n, 1.0, sub(n, 1.0, share)), x.type.element_type)
    return n.emit(Where, mask, mul(n, x, scale), n.like(0, x)), mask
