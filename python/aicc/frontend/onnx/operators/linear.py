"""Matrix products and convolutions."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.linear import Conv, ConvTranspose, Matmul
from aicc.dialects.graph.movement import Reshape, Transpose

from ..node import Node
from ..registry import onnx_op
from .window import resolve_pads


@onnx_op("MatMul")
def matmul(n: Node, lhs: Any, rhs: Any) -> Any:
    """numpy.matmul: a vector operand gets a unit dimension that the result drops again."""
    left, right = list(lhs.type.shape), list(rhs.type.shape)
    if not left or not right:
        n.invalid("multiplies a scalar")
    a = n.emit(Reshape, lhs, shape=[1, *left]) if len(left) == 1 else lhs
    b = n.emit(Reshape, rhs, shape=[*right, 1]) if len(right) == 1 else rhs
    y = n.emit(Matmul, a, b)
    shape = list(y.type.shape)
    if len(left) > 1 and len(right) > 1:
        return y
    if len(left) == 1:
        del shape[-2]
    if len(right) == 1:
        del shape[-1]
    return n.emit(Reshape, y, shape=shape)


@onnx_op("Gemm", since=7)
def gemm(
    n: Node,
    a: Any,
    b: Any,
    c: Any = None,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    transA: int = 0,  # noqa: N803 (ONNX's name)
    transB: int = 0,  # noqa: N803
) -> Any:
    """alpha * A' B' + beta * C."""
    if a.type.rank != 2 or b.type.rank != 2:
        n.invalid(f"expects matrices, got {a.type} and {b.type}")
    a = n.emit(Transpose, a, permutation=[1, 0]) if transA else a
    b = n.emit(Transpose, b, permutation=[1, 0]) if transB else b
    y = n.emit(Matmul, a, b)
    if alpha != 1.0:
        y = n.emit(BINARY["mul"], y, n.like(alpha, y))
    if c is None or beta == 0.0:
        return y
    if beta != 1.0:
        c = n.emit(BINARY["mul"], c, n.like(beta, c))
    return n.emit(BINARY["add"], y, c)


@onnx_op("Conv")
def conv(
    n: Node,
    x: Any,
    w: Any,
    bias: Any = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: list[int] | None = None,
    group: int = 1,
    kernel_shape: list[int] | None = None,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Convolution in ONNX's NCHW order."""
    spatial = x.type.rank - 2
    kernel = list(w.type.shape[2:])
    if kernel_shape is not None and kernel_shape != kernel:
        n.invalid(f"kernel_shape {kernel_shape} for a filter {w.type}")
    strides = strides or [1] * spatial
    dilations = dilations or [1] * spatial
    pads = resolve_pads(n, auto_pad, pads, list(x.type.shape[2:]), kernel, strides, dilations)
    attrs = {"strides": strides, "pads": pads, "dilations": dilations, "group": group}
    return n.emit(Conv, x, w, bias, **attrs)


@onnx_op("ConvTranspose")
def conv_transpose(
    n: Node,
    x: Any,
    w: Any,
    bias: Any = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: list[int] | None = None,
    group: int = 1,
    kernel_shape: list[int] | None = None,
    output_padding: list[int] | None = None,
    output_shape: list[int] | None = None,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Transposed convolution; `output_shape` and SAME padding decide the pads as ONNX says."""
    spatial = x.type.rank - 2
    kernel = list(w.type.shape[2:])
    strides = strides or [1] * spatial
    dilations = dilations or [1] * spatial
    extra = output_padding or [0] * spatial
    pads = list(pads or [0] * 2 * spatial)
    size = list(x.type.shape[2:])
    if output_shape is None and auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        output_shape = [size[i] * strides[i] for i in range(spatial)]
    if output_shape is not None:
        output_shape = output_shape[-spatial:]
        for i in range(spatial):
            full = (size[i] - 1) * strides[i] + extra[i] + (kernel[i] - 1) * dilations[i] + 1
            total = full - output_shape[i]
            first = total // 2 if auto_pad == "SAME_UPPER" else total - total // 2
            pads[i], pads[spatial + i] = first, total - first
    attrs = {"strides": strides, "pads": pads, "dilations": dilations, "group": group}
    return n.emit(ConvTranspose, x, w, bias, output_padding=extra, **attrs)
