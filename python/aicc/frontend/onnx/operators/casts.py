"""Conversions between element types."""

from __future__ import annotations

from typing import Any

import onnx

from aicc.dialects.graph.elementwise import Cast
from aicc.dialects.graph.small_floats import (
    BitCast,
    DecodeFloat,
    EncodeFloat,
    is_small_float,
)
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op


def element_of(n: Node, number: int) -> Any:
    """Element type of an ONNX type number."""
    try:
        return element_type_of(onnx.helper.tensor_dtype_to_np_dtype(number).name)
    except KeyError:
        n.unsupported(f"elements of type {onnx.TensorProto.DataType.Name(number)}")


def converted(n: Node, x: Any, element: Any, saturate: bool = True, round_mode: str = "up") -> Any:
    """x as `element`; small floats go through f32."""
    if x.type.element_type == element:
        return x
    if is_small_float(x.type.element_type):
        x = n.emit(DecodeFloat, x)
    if is_small_float(element):
        single = converted(n, x, element_type_of("float32"))
        return n.emit(EncodeFloat, single, to=element, saturate=saturate, round_mode=round_mode)
    return x if x.type.element_type == element else n.emit(Cast, x, to=element)


@onnx_op("Cast", since=6)
def cast(n: Node, x: Any, *, to: int, saturate: int = 1, round_mode: str = "up") -> Any:
    """Conversion to the ONNX type number `to`."""
    return converted(n, x, element_of(n, to), bool(saturate), round_mode)


@onnx_op("Cast")
def cast_1(n: Node, x: Any, *, to: str) -> Any:
    """Conversion to the ONNX type called `to`."""
    return converted(n, x, element_of(n, onnx.TensorProto.DataType.Value(to)))


@onnx_op("CastLike")
def cast_like(n: Node, x: Any, like: Any, *, saturate: int = 1, round_mode: str = "up") -> Any:
    """Conversion to the element type of `like`."""
    return converted(n, x, like.type.element_type, bool(saturate), round_mode)


@onnx_op("BitCast")
def bit_cast(n: Node, x: Any, *, to: int) -> Any:
    """The same bits read as another type of the same size."""
    element = element_of(n, to)
    return x if x.type.element_type == element else n.emit(BitCast, x, to=element)
