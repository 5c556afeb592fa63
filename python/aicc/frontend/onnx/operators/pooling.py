"""Pooling operators."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.pooling import AveragePool, MaxPool, MaxPoolIndices
from aicc.dialects.graph.reduction import REDUCE

from ..node import Node
from ..registry import onnx_op
from .window import resolve_pads


def window_attributes(
    n: Node,
    x: Any,
    auto_pad: str,
    ceil_mode: int,
    dilations: list[int] | None,
    kernel: list[int],
    pads: list[int] | None,
    strides: list[int] | None,
) -> dict[str, Any]:
    spatial = x.type.rank - 2
    strides = strides or [1] * spatial
    dilations = dilations or [1] * spatial
    size = list(x.type.shape[2:])
    return {
        "kernel": kernel,
        "strides": strides,
        "dilations": dilations,
        "pads": resolve_pads(n, auto_pad, pads, size, kernel, strides, dilations),
        "ceil_mode": bool(ceil_mode) and auto_pad in ("NOTSET", ""),
    }


@onnx_op("MaxPool")
def max_pool(
    n: Node,
    x: Any,
    *,
    auto_pad: str = "NOTSET",
    ceil_mode: int = 0,
    dilations: list[int] | None = None,
    kernel_shape: list[int],
    pads: list[int] | None = None,
    storage_order: int = 0,
    strides: list[int] | None = None,
) -> Any:
    """Maximum of each window, and where it stands."""
    attrs = window_attributes(n, x, auto_pad, ceil_mode, dilations, kernel_shape, pads, strides)
    y = n.emit(MaxPool, x, **attrs)
    if len(n.outputs) < 2:
        return y
    return y, n.emit(MaxPoolIndices, x, column_major=bool(storage_order), **attrs)


@onnx_op("AveragePool")
def average_pool(
    n: Node,
    x: Any,
    *,
    auto_pad: str = "NOTSET",
    ceil_mode: int = 0,
    count_include_pad: int = 0,
    dilations: list[int] | None = None,
    kernel_shape: list[int],
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Mean of each window."""
    attrs = window_attributes(n, x, auto_pad, ceil_mode, dilations, kernel_shape, pads, strides)
    return n.emit(AveragePool, x, count_include_pad=bool(count_include_pad), **attrs)


@onnx_op("GlobalAveragePool")
def global_average_pool(n: Node, x: Any) -> Any:
    """Mean over all spatial dimensions, which stay as 1."""
    return n.emit(REDUCE["reduce_mean"], x, axes=list(range(2, x.type.rank)), keepdims=True)


@onnx_op("GlobalMaxPool")
def global_max_pool(n: Node, x: Any) -> Any:
    """Maximum over all spatial dimensions, which stay as 1."""
    return n.emit(REDUCE["reduce_max"], x, axes=list(range(2, x.type.rank)), keepdims=True)
