"""Deformable convolution."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.deformable import DeformColumns
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.types import element_count

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add


@onnx_op("DeformConv")
def deform_conv(
    n: Node,
    x: Any,
    w: Any,
    offset: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    dilations: list[int] | None = None,
    group: int = 1,
    kernel_shape: list[int] | None = None,
    offset_group: int = 1,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """The filter times what each window reads at its moved positions: one product per group."""
    spatial, kernel = x.type.rank - 2, list(w.type.shape[2:])
    out, per_group = w.type.shape[:2]
    if kernel_shape is not None and kernel_shape != kernel:
        n.invalid(f"kernel_shape {kernel_shape} for a filter {w.type}")
    if per_group * group != x.type.shape[1] or out % group:
        n.invalid(f"{x.type.shape[1]} channels, filter {w.type}, group {group} do not fit")
    columns = n.emit(
        DeformColumns,
        x,
        offset,
        mask,
        kernel=kernel,
        strides=strides or [1] * spatial,
        dilations=dilations or [1] * spatial,
        pads=pads or [0] * 2 * spatial,
        groups=offset_group,
    )
    batch, size = x.type.shape[0], list(columns.type.shape[3:])
    depth = per_group * element_count(kernel)
    columns = n.emit(Reshape, columns, shape=[batch, group, depth, element_count(size)])
    filters = n.emit(Reshape, w, shape=[1, group, out // group, depth])
    y = n.emit(Reshape, n.emit(Matmul, filters, columns), shape=[batch, out, *size])
    if bias is None:
        return y
    return add(n, y, n.emit(Reshape, bias, shape=[out, *[1] * spatial]))
