"""Products and convolutions of com.microsoft: fused with what follows, transposed, in NHWC order.

Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.movement import Transpose

from ..node import Node
from ..registry import onnx_op
from . import linear
from .arithmetic import add, mul
from .microsoft_activations import activated
from .movement import unsqueeze

DOMAIN = "com.microsoft"


def _arranged(n: Node, x: Any, transposes: int, batch: int) -> Any:
    """x with its last two dimensions exchanged; `batch`: the first one moved before the last."""
    order = list(range(x.type.rank))
    if batch:
        order = [*order[1:-1], 0, order[-1]]
    if transposes:
        order[-2:] = order[:-3:-1]
    return x if order == sorted(order) else n.emit(Transpose, x, permutation=order)


@onnx_op("FusedMatMul", "TransposeMatMul", domain=DOMAIN)
def fused_matmul(
    n: Node,
    a: Any,
    b: Any,
    *,
    alpha: float = 1.0,
    transA: int = 0,  # noqa: N803 (ONNX Runtime's name)
    transB: int = 0,  # noqa: N803
    transBatchA: int = 0,  # noqa: N803
    transBatchB: int = 0,  # noqa: N803
) -> Any:
    """alpha * A' B'; a vector is not transposed."""
    if a.type.rank > 1:
        a = _arranged(n, a, transA, transBatchA)
    if b.type.rank > 1:
        b = _arranged(n, b, transB, transBatchB)
    y = linear.matmul(n, a, b)
    return y if alpha == 1.0 else mul(n, y, alpha)


@onnx_op("FusedMatMulActivation", domain=DOMAIN)
def fused_matmul_activation(
    n: Node,
    a: Any,
    b: Any,
    *,
    activation: str,
    activation_alpha: float | None = None,
    activation_axis: int = -1,
    activation_beta: float | None = None,
    activation_gamma: float | None = None,
    **product: Any,
) -> Any:
    """An activation of FusedMatMul."""
    y = fused_matmul(n, a, b, **product)
    return activated(n, y, activation, activation_alpha, activation_beta)


@onnx_op("FusedGemm", domain=DOMAIN)
def fused_gemm(
    n: Node,
    a: Any,
    b: Any,
    c: Any = None,
    *,
    activation: str = "",
    activation_alpha: float | None = None,
    activation_beta: float | None = None,
    activation_gamma: float | None = None,
    **product: Any,
) -> Any:
    """An activation of Gemm."""
    y = linear.gemm(n, a, b, c, **product)
    return activated(n, y, activation, activation_alpha, activation_beta)


@onnx_op("FusedConv", domain=DOMAIN)
def fused_conv(
    n: Node,
    x: Any,
    w: Any,
    bias: Any = None,
    other: Any = None,
    *,
    activation: str = "",
    activation_params: list[float] | None = None,
    **window: Any,
) -> Any:
    """An activation of a convolution plus another tensor."""
    y = linear.conv(n, x, w, bias, **window)
    y = y if other is None else add(n, y, other)
    return activated(n, y, activation, *(activation_params or []))


def channels_first(n: Node, x: Any) -> Any:
    """NHWC to NCHW."""
    rank = x.type.rank
    return n.emit(Transpose, x, permutation=[0, rank - 1, *range(1, rank - 1)])


def channels_last(n: Node, x: Any) -> Any:
    """NCHW to NHWC."""
    return n.emit(Transpose, x, permutation=[0, *range(2, x.type.rank), 1])


@onnx_op("NhwcConv", "NhwcFusedConv", domain=DOMAIN)
def nhwc_conv(n: Node, x: Any, w: Any, bias: Any = None, other: Any = None, **rest: Any) -> Any:
    """FusedConv of tensors whose channels come last, the filter's too."""
    w = channels_first(n, w)
    other = None if other is None else channels_first(n, other)
    return channels_last(n, fused_conv(n, channels_first(n, x), w, bias, other, **rest))


@onnx_op("ConvTransposeWithDynamicPads", domain=DOMAIN)
def conv_transpose_with_dynamic_pads(
    n: Node, x: Any, w: Any, pads: Any = None, bias: Any = None, **window: Any
) -> Any:
    """ConvTranspose with the pads as an operand."""
    given = None if pads is None else n.integers(pads, "the pads")
    return linear.conv_transpose(n, x, w, bias, pads=given, **window)


@onnx_op("ExpandDims", domain=DOMAIN)
def expand_dims(n: Node, x: Any, axis: Any) -> Any:
    """A dimension of 1."""
    return unsqueeze(n, x, axis)
