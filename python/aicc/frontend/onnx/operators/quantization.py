"""Quantisation: conversion to and from scaled integers, and products of quantised operands."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY, UNARY
from aicc.dialects.graph.linear import Conv, Matmul
from aicc.dialects.graph.movement import Expand, Reshape, Slice
from aicc.dialects.graph.small_floats import is_small_float
from aicc.dialects.graph.types import dtype_of, element_type_of, is_float, is_unsigned

from ..node import Node
from ..registry import onnx_op
from .casts import converted, element_of
from .reductions import reduced
from .window import resolve_pads


def _limits(element: Any) -> tuple[int, int]:
    """Least and greatest value of an integer type."""
    if is_unsigned(element):
        return 0, (1 << element.width) - 1
    return -(1 << (element.width - 1)), (1 << (element.width - 1)) - 1


def _spread(n: Node, parameter: Any, x: Any, axis: int, block_size: int) -> Any:
    """A scale or zero point in a shape that broadcasts against x."""
    shape, rank = list(parameter.type.shape), x.type.rank
    if all(d == 1 for d in shape) and not block_size:
        return n.emit(Reshape, parameter, shape=[])
    axis %= rank
    if not block_size:
        return n.emit(Reshape, parameter, shape=[shape[0] if i == axis else 1 for i in range(rank)])
    return _repeated(n, parameter, x, axis, block_size)


def _repeated(n: Node, parameter: Any, x: Any, axis: int, block_size: int) -> Any:
    """One value per block of `block_size` elements along `axis`; the last block may be cut."""
    shape = list(parameter.type.shape)
    split = [*shape[: axis + 1], 1, *shape[axis + 1 :]]
    wide = [*shape[: axis + 1], block_size, *shape[axis + 1 :]]
    shape[axis] *= block_size
    y = n.emit(Expand, n.emit(Reshape, parameter, shape=split), shape=wide)
    y = n.emit(Reshape, y, shape=shape)
    sizes = list(x.type.shape)
    if shape == sizes:
        return y
    rank = len(shape)
    return n.emit(Slice, y, starts=[0] * rank, sizes=sizes, steps=[1] * rank)


def _common(n: Node, zero: Any) -> Any:
    """Zero points that are all the same as one; None for nothing but zeros."""
    known = None if zero is None else n.values.known_array(zero)
    if known is None or not known.size or (known != known.flat[0]).any():
        return zero
    return n.constant(known.flat[0]) if known.flat[0] != 0 else None


def _quantized_type(n: Node, zero: Any, output_dtype: int) -> Any:
    if zero is not None:
        return zero.type.element_type
    if not output_dtype:
        return element_type_of("uint8")
    return element_of(n, output_dtype)


def quantize(n: Node, x: Any, scale: Any, zero: Any, element: Any, saturate: bool = True) -> Any:
    """saturate(round(x / scale) + zero) of broadcast operands; 16-bit floats divide in f32."""
    single = element_type_of("float32")
    if str(x.type.element_type) != "f64":
        x, scale = converted(n, x, single), converted(n, scale, single)
    y = n.emit(BINARY["div"], x, converted(n, scale, x.type.element_type))
    if is_small_float(element):
        return converted(n, y, element, saturate)
    y = n.emit(UNARY["round"], y)
    if zero is not None:
        y = n.emit(BINARY["add"], y, converted(n, zero, y.type.element_type))
    low, high = _limits(element)
    y = n.emit(BINARY["minimum"], n.emit(BINARY["maximum"], y, n.like(low, y)), n.like(high, y))
    return converted(n, y, element)


@onnx_op("QuantizeLinear", since=10)
def quantize_linear(
    n: Node,
    x: Any,
    scale: Any,
    zero: Any = None,
    *,
    axis: int = 1,
    block_size: int = 0,
    output_dtype: int = 0,
    precision: int = 0,
    saturate: int = 1,
) -> Any:
    """Scaled integers, with one scale for all, per position along `axis`, or per block."""
    element = _quantized_type(n, zero, output_dtype)
    scale = _spread(n, scale, x, axis, block_size)
    zero = None if zero is None else _spread(n, zero, x, axis, block_size)
    return quantize(n, x, scale, zero, element, bool(saturate))


def dequantize(n: Node, x: Any, scale: Any, zero: Any, element: Any) -> Any:
    """(x - zero) * scale of broadcast operands, computed in f32."""
    single = element_type_of("float32")
    if is_small_float(x.type.element_type):
        y = n.emit(BINARY["mul"], converted(n, x, single), converted(n, scale, single))
        return converted(n, y, element)
    wide = element_type_of("int64" if dtype_of(x.type.element_type) == "int32" else "int32")
    y = converted(n, x, wide)
    if zero is not None:
        y = n.emit(BINARY["sub"], y, converted(n, zero, wide))
    y = n.emit(BINARY["mul"], converted(n, y, single), converted(n, scale, single))
    return converted(n, y, element)


@onnx_op("DequantizeLinear", since=10)
def dequantize_linear(
    n: Node,
    x: Any,
    scale: Any,
    zero: Any = None,
    *,
    axis: int = 1,
    block_size: int = 0,
    output_dtype: int = 0,
) -> Any:
    """Floats from scaled integers."""
    element = scale.type.element_type
    if output_dtype:
        element = _quantized_type(n, None, output_dtype)
    if not is_float(element):
        n.invalid(f"dequantises to {element}")
    scale, zero = _spread(n, scale, x, axis, block_size), _common(n, zero)
    zero = None if zero is None else _spread(n, zero, x, axis, block_size)
    return dequantize(n, x, scale, zero, element)


@onnx_op("DynamicQuantizeLinear")
def dynamic_quantize_linear(n: Node, x: Any) -> Any:
    """uint8 over the range of the data (0 included), its scale and its zero point."""
    axes = list(range(x.type.rank))
    zero = n.like(0, x)
    high = n.emit(BINARY["maximum"], reduced(n, "max", x, axes, keepdims=False), zero)
    low = n.emit(BINARY["minimum"], reduced(n, "min", x, axes, keepdims=False), zero)
    span = n.emit(BINARY["sub"], high, low)
    scale = n.emit(BINARY["div"], span, n.like(255, x))
    point = n.emit(UNARY["round"], n.emit(BINARY["div"], n.emit(UNARY["neg"], low), scale))
    point = n.emit(BINARY["maximum"], n.emit(BINARY["minimum"], point, n.like(255, x)), zero)
    point = converted(n, point, element_type_of("uint8"))
    return quantize(n, x, scale, point, element_type_of("uint8")), scale, point


def without_zero(n: Node, x: Any, zero: Any, axis: int) -> Any:
    """x - zero as i32; a vector of zero points lies along `axis`."""
    wide = element_type_of("int32")
    y, zero = converted(n, x, wide), _common(n, zero)
    if zero is None:
        return y
    shape = list(zero.type.shape)
    if all(d == 1 for d in shape):
        zero = n.emit(Reshape, zero, shape=[])
    elif len(shape) == 1:
        rank, axis = x.type.rank, axis % x.type.rank
        zero = n.emit(Reshape, zero, shape=[shape[0] if i == axis else 1 for i in range(rank)])
    return n.emit(BINARY["sub"], y, converted(n, zero, wide))


def product(n: Node, lhs: Any, rhs: Any) -> Any:
    """numpy.matmul."""
    from .linear import matmul

    is_plain = min(lhs.type.rank, rhs.type.rank) > 1
    return n.emit(Matmul, lhs, rhs) if is_plain else matmul(n, lhs, rhs)


@onnx_op("MatMulInteger")
def matmul_integer(n: Node, a: Any, b: Any, a_zero: Any = None, b_zero: Any = None) -> Any:
    """i32 product of 8-bit matrices; zero points per row of a, per column of b, or one."""
    return product(n, without_zero(n, a, a_zero, -2), without_zero(n, b, b_zero, -1))


@onnx_op("QLinearMatMul")
def qlinear_matmul(
    n: Node,
    a: Any,
    a_scale: Any,
    a_zero: Any,
    b: Any,
    b_scale: Any,
    b_zero: Any,
    y_scale: Any,
    y_zero: Any,
) -> Any:
    """Quantised product of quantised matrices."""
    total = product(n, without_zero(n, a, a_zero, -2), without_zero(n, b, b_zero, -1))
    rank = total.type.rank
    scales = [_vector(n, a_scale, rank, rank - 2), _vector(n, b_scale, rank, rank - 1)]
    point, scale = _vector(n, y_zero, rank, rank - 2), _vector(n, y_scale, rank, rank - 2)
    return _requantized(n, total, scales, scale, point)


def _vector(n: Node, value: Any, rank: int, axis: int) -> Any:
    """A scalar, or a vector laid along `axis`."""
    shape = list(value.type.shape)
    if all(d == 1 for d in shape):
        return n.emit(Reshape, value, shape=[])
    if len(shape) > 1:
        return value
    return n.emit(Reshape, value, shape=[shape[0] if i == axis else 1 for i in range(rank)])


def _requantized(n: Node, total: Any, scales: list[Any], y_scale: Any, y_zero: Any) -> Any:
    """Integer sums, times the operands' scales, as a quantised result."""
    single = element_type_of("float32")
    first, second, target = (converted(n, s, single) for s in (*scales, y_scale))
    factor = n.emit(BINARY["div"], n.emit(BINARY["mul"], first, second), target)
    y = n.emit(UNARY["round"], n.emit(BINARY["mul"], converted(n, total, single), factor))
    y = n.emit(BINARY["add"], y, converted(n, y_zero, single))
    low, high = _limits(y_zero.type.element_type)
    y = n.emit(BINARY["minimum"], n.emit(BINARY["maximum"], y, n.like(low, y)), n.like(high, y))
    return converted(n, y, y_zero.type.element_type)


def _convolution(n: Node, x: Any, w: Any, bias: Any, attributes: dict[str, Any]) -> Any:
    spatial = x.type.rank - 2
    strides = attributes["strides"] or [1] * spatial
    dilations = attributes["dilations"] or [1] * spatial
    size, kernel = list(x.type.shape[2:]), list(w.type.shape[2:])
    auto_pad, pads = attributes["auto_pad"], attributes["pads"]
    pads = resolve_pads(n, auto_pad, pads, size, kernel, strides, dilations)
    attrs = {"strides": strides, "pads": pads, "dilations": dilations}
    return n.emit(Conv, x, w, bias, group=attributes["group"], **attrs)


@onnx_op("ConvInteger")
def conv_integer(
    n: Node,
    x: Any,
    w: Any,
    x_zero: Any = None,
    w_zero: Any = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: list[int] | None = None,
    group: int = 1,
    kernel_shape: list[int] | None = None,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """i32 convolution of 8-bit operands; the padding stands for real zeros."""
    attributes = {"auto_pad": auto_pad, "dilations": dilations, "group": group}
    attributes |= {"pads": pads, "strides": strides}
    shifted = without_zero(n, x, x_zero, 1)
    return _convolution(n, shifted, without_zero(n, w, w_zero, 0), None, attributes)


@onnx_op("QLinearConv")
def qlinear_conv(
    n: Node,
    x: Any,
    x_scale: Any,
    x_zero: Any,
    w: Any,
    w_scale: Any,
    w_zero: Any,
    y_scale: Any,
    y_zero: Any,
    bias: Any = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: list[int] | None = None,
    group: int = 1,
    kernel_shape: list[int] | None = None,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Quantised convolution; the filter's scale and zero point may be one per output channel."""
    attributes = {"auto_pad": auto_pad, "dilations": dilations, "group": group}
    attributes |= {"pads": pads, "strides": strides}
    shifted = without_zero(n, x, x_zero, 1)
    total = _convolution(n, shifted, without_zero(n, w, w_zero, 0), bias, attributes)
    rank = total.type.rank
    scales = [_vector(n, x_scale, rank, 1), _vector(n, w_scale, rank, 1)]
    return _requantized(n, total, scales, _vector(n, y_scale, rank, 1), _vector(n, y_zero, rank, 1))
