"""Normalisations by norms, windows and groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from aicc.dialects.graph.elementwise import BINARY, COMPARE, UNARY, Cast, Where
from aicc.dialects.graph.movement import Pad, Reshape, Slice
from aicc.dialects.graph.pooling import AveragePool
from aicc.dialects.graph.reduction import ArgMax
from aicc.dialects.graph.types import element_count, element_type_of

from ..node import Node
from ..registry import onnx_op
from .casts import converted
from .pooling import window_attributes
from .reductions import reduced

Rule = Callable[..., Any]


def _in_single(rule: Rule) -> Rule:
    """Halves are computed in float32 and rounded once: their squares overflow, and lose digits."""

    @wraps(rule)
    def in_single(n: Node, x: Any, **attributes: Any) -> Any:
        element = x.type.element_type
        wide = converted(n, x, element_type_of("float32")) if _is_half(x) else x
        return converted(n, rule(n, wide, **attributes), element)

    return in_single


@onnx_op("LpNormalization")
@_in_single
def lp_normalization(n: Node, x: Any, *, axis: int = -1, p: int = 2) -> Any:
    """x over its 1- or 2-norm along `axis`; 0 where the norm is 0."""
    absolute = n.emit(UNARY["abs"], x) if p == 1 else n.emit(BINARY["mul"], x, x)
    norm = reduced(n, "sum", absolute, [axis], keepdims=True)
    norm = norm if p == 1 else n.emit(UNARY["sqrt"], norm)
    zero = n.like(0, x)
    is_zero = n.emit(COMPARE["equal"], norm, zero)
    return n.emit(Where, is_zero, zero, n.emit(BINARY["div"], x, norm))


@onnx_op("LRN")
@_in_single
def lrn(
    n: Node, x: Any, *, size: int, alpha: float = 1e-4, beta: float = 0.75, bias: float = 1.0
) -> Any:
    """x / (bias + alpha / size * sum of squares over `size` neighbouring channels) ** beta."""
    rank = x.type.rank
    square = n.emit(BINARY["mul"], x, x)
    low, high = [0] * rank, [0] * rank
    low[1], high[1] = (size - 1) // 2, size // 2
    padded = n.emit(Pad, square, n.like(0, x), low=low, high=high)
    total = None
    for k in range(size):
        starts = [k if i == 1 else 0 for i in range(rank)]
        part = n.emit(Slice, padded, starts=starts, sizes=list(x.type.shape), steps=[1] * rank)
        total = part if total is None else n.emit(BINARY["add"], total, part)
    scaled = n.emit(BINARY["mul"], total, n.like(alpha / size, x))
    base = n.emit(BINARY["add"], scaled, n.like(bias, x))
    return n.emit(BINARY["div"], x, n.emit(BINARY["pow"], base, n.like(beta, x)))


@onnx_op("MeanVarianceNormalization")
@_in_single
def mean_variance_normalization(n: Node, x: Any, *, axes: list[int] | None = None) -> Any:
    """(x - mean) / (deviation + 1e-9)."""
    along = [0, 2, 3] if axes is None else axes
    centred = n.emit(BINARY["sub"], x, reduced(n, "mean", x, along, keepdims=True))
    square = n.emit(BINARY["mul"], centred, centred)
    deviation = n.emit(UNARY["sqrt"], reduced(n, "mean", square, along, keepdims=True))
    return n.emit(BINARY["div"], centred, n.emit(BINARY["add"], deviation, n.like(1e-9, x)))


@onnx_op("GroupNormalization", since=18)
def group_normalization(
    n: Node,
    x: Any,
    scale: Any,
    bias: Any,
    *,
    num_groups: int,
    epsilon: float = 1e-5,
    stash_type: int = 1,
) -> Any:
    """Mean 0 and variance 1 in each group of channels; scale per group (18) or channel (21).

    Halves are normalised in float32, as `stash_type` asks; float64 stays, which is more than that.
    """
    batch, channels, *size = x.type.shape
    depth = channels // num_groups
    wide = n.emit(Cast, x, to=element_type_of("float32")) if _is_half(x) else x
    grouped = n.emit(Reshape, wide, shape=[batch, num_groups, depth * element_count(size)])
    mean = reduced(n, "mean", grouped, [2], keepdims=True)
    centred = n.emit(BINARY["sub"], grouped, mean)
    square = n.emit(BINARY["mul"], centred, centred)
    variance = reduced(n, "mean", square, [2], keepdims=True)
    root = n.emit(UNARY["sqrt"], n.emit(BINARY["add"], variance, n.like(epsilon, wide)))
    y = n.emit(BINARY["div"], centred, root)
    y = y if y.type.element_type == x.type.element_type else n.emit(Cast, y, to=x.type.element_type)
    parameters = num_groups if n.opset < 21 else channels
    each = channels * element_count(size) // parameters
    y = n.emit(Reshape, y, shape=[batch, parameters, each])
    for op, value in ((BINARY["mul"], scale), (BINARY["add"], bias)):
        y = n.emit(op, y, n.emit(Reshape, value, shape=[1, parameters, 1]))
    return n.emit(Reshape, y, shape=list(x.type.shape))


def _is_half(x: Any) -> bool:
    return str(x.type.element_type) in ("f16", "bf16")


@onnx_op("Hardmax", since=13)
def hardmax(n: Node, x: Any, *, axis: int = -1) -> Any:
    """1 at the first maximum along `axis`, else 0."""
    axis %= x.type.rank
    if element_count(x.type.shape) == 0:
        return x
    best = n.emit(ArgMax, x, axis=axis, keepdims=True)
    size = x.type.shape[axis]
    shape = [size if i == axis else 1 for i in range(x.type.rank)]
    positions = n.emit(Reshape, n.constant(list(range(size)), "int64"), shape=shape)
    return n.emit(Cast, n.emit(COMPARE["equal"], positions, best), to=x.type.element_type)


@onnx_op("Hardmax")
def hardmax_1(n: Node, x: Any, *, axis: int = 1) -> Any:
    """Hardmax over all dimensions from `axis` on, taken as one."""
    shape = list(x.type.shape)
    axis = axis % len(shape)
    rows = element_count(shape[:axis])
    flat = n.emit(Reshape, x, shape=[rows, element_count(shape[axis:])])
    return n.emit(Reshape, hardmax(n, flat, axis=1), shape=shape)


def _powered(n: Node, x: Any, p: int) -> Any:
    absolute = n.emit(UNARY["abs"], x)
    if p == 1:
        return absolute
    return n.emit(BINARY["mul"], x, x) if p == 2 else n.emit(BINARY["pow"], absolute, n.like(p, x))


def _root(n: Node, y: Any, p: int) -> Any:
    if p == 1:
        return y
    return n.emit(UNARY["sqrt"], y) if p == 2 else n.emit(BINARY["pow"], y, n.like(1 / p, y))


@onnx_op("GlobalLpPool", since=2)
@_in_single
def global_lp_pool(n: Node, x: Any, *, p: int = 2) -> Any:
    """p-norm over all spatial dimensions, which stay as 1."""
    axes = list(range(2, x.type.rank))
    return _root(n, reduced(n, "sum", _powered(n, x, p), axes, keepdims=True), p)


@onnx_op("LpPool", since=2)
@_in_single
def lp_pool(
    n: Node,
    x: Any,
    *,
    auto_pad: str = "NOTSET",
    ceil_mode: int = 0,
    dilations: list[int] | None = None,
    kernel_shape: list[int],
    p: int = 2,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """p-norm of each window: the root of its mean (padding counted) times its size."""
    attrs = window_attributes(n, x, auto_pad, ceil_mode, dilations, kernel_shape, pads, strides)
    mean = n.emit(AveragePool, _powered(n, x, p), count_include_pad=True, **attrs)
    total = n.emit(BINARY["mul"], mean, n.like(element_count(kernel_shape), mean))
    return _root(n, total, p)
