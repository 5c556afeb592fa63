"""Quantised operators of com.microsoft: from quantised operands to a quantised result.

Sums of products are exact integers; the others compute in f32 between dequantising and quantising.
Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.dialects.graph.elementwise import UNARY, Where
from aicc.dialects.graph.movement import Concat, Reshape, Transpose
from aicc.dialects.graph.reduction import Softmax
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from . import pooling, quantization
from .arithmetic import add, mul
from .casts import converted
from .microsoft_products import channels_first, channels_last
from .quantization import dequantize, quantize, without_zero
from .reduction import softmax_1
from .reductions import reduced

DOMAIN = "com.microsoft"

onnx_op("QuantizeLinear", domain=DOMAIN)(quantization.quantize_linear)
onnx_op("DequantizeLinear", domain=DOMAIN)(quantization.dequantize_linear)


def _real(n: Node, x: Any, scale: Any, zero: Any) -> Any:
    """f32 values of a tensor with one scale."""
    scale = n.emit(Reshape, scale, shape=[])
    zero = None if zero is None else n.emit(Reshape, zero, shape=[])
    return dequantize(n, x, scale, zero, element_type_of("float32"))


def _stored(n: Node, y: Any, scale: Any, zero: Any, like: Any) -> Any:
    """Integers of f32 values; their type is the zero point's, or else that of `like`."""
    scale = n.emit(Reshape, scale, shape=[])
    element = (like if zero is None else zero).type.element_type
    zero = None if zero is None else n.emit(Reshape, zero, shape=[])
    return quantize(n, y, scale, zero, element)


def _binary(operation: Callable[[Node, Any, Any], Any]) -> Callable[..., Any]:
    def rule(
        n: Node,
        a: Any,
        a_scale: Any,
        a_zero: Any = None,  # the zero points may be left out
        b: Any = None,
        b_scale: Any = None,
        b_zero: Any = None,
        y_scale: Any = None,
        y_zero: Any = None,
    ) -> Any:
        y = operation(n, _real(n, a, a_scale, a_zero), _real(n, b, b_scale, b_zero))
        return _stored(n, y, y_scale, y_zero, a)

    return rule


onnx_op("QLinearAdd", domain=DOMAIN)(_binary(add))
onnx_op("QLinearMul", domain=DOMAIN)(_binary(mul))


def _unary(
    n: Node, rest: tuple[Any, ...], x: Any, scale: Any, function: Callable[[Any], Any]
) -> Any:
    """`function` of real values; rest = x_zero, y_scale, y_zero (a last one may be left out)."""
    x_zero, y_scale, y_zero = (*rest, None)[:3]
    return _stored(n, function(_real(n, x, scale, x_zero)), y_scale, y_zero, x)


@onnx_op("QLinearSigmoid", domain=DOMAIN)
def qlinear_sigmoid(n: Node, x: Any, scale: Any, *rest: Any) -> Any:
    """Sigmoid."""
    return _unary(n, rest, x, scale, lambda v: n.emit(UNARY["sigmoid"], v))


@onnx_op("QLinearLeakyRelu", domain=DOMAIN)
def qlinear_leaky_relu(n: Node, x: Any, scale: Any, *rest: Any, alpha: float = 0.01) -> Any:
    """LeakyRelu."""
    return _unary(n, rest, x, scale, lambda v: n.emit(UNARY["leaky_relu"], v, alpha=alpha))


@onnx_op("QLinearSoftmax", domain=DOMAIN)
def qlinear_softmax(
    n: Node, x: Any, scale: Any, *rest: Any, axis: int | None = None, opset: int
) -> Any:
    """Softmax, as it was before opset 13 or as it is since.

    The default axis is that of the Softmax that was quantised: ONNX Runtime's quantiser leaves it
    out. (ONNX Runtime itself then takes the last one, which is another function before opset 13.)
    """
    if opset < 13:
        along = 1 if axis is None else axis
        return _unary(n, rest, x, scale, lambda v: softmax_1(n, v, axis=along))
    along = -1 if axis is None else axis
    return _unary(n, rest, x, scale, lambda v: n.emit(Softmax, v, axis=along))


@onnx_op("QLinearReduceMean", domain=DOMAIN)
def qlinear_reduce_mean(
    n: Node, x: Any, scale: Any, *rest: Any, axes: list[int], keepdims: int = 1
) -> Any:
    """Mean over `axes`."""
    return _unary(n, rest, x, scale, lambda v: reduced(n, "mean", v, axes, bool(keepdims)))


@onnx_op("QLinearGlobalAveragePool", domain=DOMAIN)
def qlinear_global_average_pool(
    n: Node, x: Any, scale: Any, *rest: Any, channels_last: int = 0
) -> Any:
    """Mean over the spatial dimensions."""
    rank = x.type.rank
    axes = list(range(1, rank - 1)) if channels_last else list(range(2, rank))
    return _unary(n, rest, x, scale, lambda v: reduced(n, "mean", v, axes, keepdims=True))


@onnx_op("QLinearAveragePool", domain=DOMAIN)
def qlinear_average_pool(
    n: Node, x: Any, scale: Any, *rest: Any, channels_last: int = 0, **window: Any
) -> Any:
    """Mean of each window."""

    def pooled(v: Any) -> Any:
        if not channels_last:
            return pooling.average_pool(n, v, **window)
        return _to_last(n, pooling.average_pool(n, channels_first(n, v), **window))

    return _unary(n, rest, x, scale, pooled)


_to_last = channels_last


@onnx_op("NhwcMaxPool", domain=DOMAIN)
def nhwc_max_pool(n: Node, x: Any, **window: Any) -> Any:
    """MaxPool of 8-bit integers whose channels come last."""
    return channels_last(n, pooling.max_pool(n, channels_first(n, x), **window))


@onnx_op("QLinearConcat", domain=DOMAIN)
def qlinear_concat(n: Node, y_scale: Any, y_zero: Any, *inputs: Any, axis: int) -> Any:
    """Operands (x, scale, zero point) one after the other, at one scale."""
    if len(inputs) % 3 or not inputs:
        n.invalid(f"has {len(inputs)} operands to concatenate, expected a multiple of 3")
    parts = [_real(n, *inputs[i : i + 3]) for i in range(0, len(inputs), 3)]
    y = parts[0] if len(parts) == 1 else n.emit(Concat, parts, axis=axis)
    return _stored(n, y, y_scale, y_zero, inputs[0])


@onnx_op("QLinearWhere", domain=DOMAIN)
def qlinear_where(
    n: Node,
    condition: Any,
    x: Any,
    x_scale: Any,
    x_zero: Any,
    y: Any,
    y_scale: Any,
    y_zero: Any,
    z_scale: Any,
    z_zero: Any,
) -> Any:
    """condition ? x : y."""
    chosen = n.emit(Where, condition, _real(n, x, x_scale, x_zero), _real(n, y, y_scale, y_zero))
    return _stored(n, chosen, z_scale, z_zero, x)


@onnx_op("QLinearConv", domain=DOMAIN)
def qlinear_conv(n: Node, x: Any, *rest: Any, channels_last: int = 0, **window: Any) -> Any:
    """QLinearConv, also of tensors whose channels come last."""
    if not channels_last:
        return quantization.qlinear_conv(n, x, *rest, **window)
    return _to_last(n, quantization.qlinear_conv(n, channels_first(n, x), *rest, **window))


@onnx_op("MulInteger", domain=DOMAIN)
def mul_integer(n: Node, a: Any, a_zero: Any = None, b: Any = None, b_zero: Any = None) -> Any:
    """(a - a_zero) * (b - b_zero) in i32."""
    return mul(n, without_zero(n, a, a_zero, -1), without_zero(n, b, b_zero, -1))


@onnx_op("ReduceSumInteger", domain=DOMAIN)
def reduce_sum_integer(n: Node, x: Any, *, axes: list[int], keepdims: int) -> Any:
    """The sum of 8-bit integers in i32."""
    wide = converted(n, x, element_type_of("int32"))
    return reduced(n, "sum", wide, axes, bool(keepdims))


def _turned(n: Node, x: Any, is_transposed: int) -> Any:
    return n.emit(Transpose, x, permutation=[1, 0]) if is_transposed else x


@onnx_op("QGemm", domain=DOMAIN)
def qgemm(
    n: Node,
    a: Any,
    a_scale: Any,
    a_zero: Any,
    b: Any,
    b_scale: Any,
    b_zero: Any,
    c: Any = None,
    y_scale: Any = None,
    y_zero: Any = None,
    *,
    alpha: float = 1.0,
    transA: int = 0,  # noqa: N803 (ONNX Runtime's name)
    transB: int = 0,  # noqa: N803
) -> Any:
    """alpha * A' B' + C of quantised matrices, C at the product's scale; f32 or quantised."""
    lhs = without_zero(n, _turned(n, a, transA), a_zero, 0)
    rhs = without_zero(n, _turned(n, b, transB), b_zero, 1)
    total = quantization.product(n, lhs, rhs)
    total = total if c is None else add(n, total, c)
    factor = mul(n, _per_column(n, a_scale), _per_column(n, b_scale))
    y = mul(n, converted(n, total, element_type_of("float32")), mul(n, factor, alpha))
    if y_scale is None:
        return y
    return _stored(n, y, y_scale, y_zero, a)


def _per_column(n: Node, scale: Any) -> Any:
    """A scale, or a vector of them for the columns of a matrix."""
    if all(d == 1 for d in scale.type.shape):
        return n.emit(Reshape, scale, shape=[])
    return scale


@onnx_op("MatMulIntegerToFloat", domain=DOMAIN)
def matmul_integer_to_float(
    n: Node,
    a: Any,
    b: Any,
    a_scale: Any,
    b_scale: Any,
    a_zero: Any = None,
    b_zero: Any = None,
    bias: Any = None,
) -> Any:
    """The product of quantised matrices as floats; scales of b one for all, or per column."""
    total = quantization.matmul_integer(n, a, b, a_zero, b_zero)
    factor = mul(n, _per_column(n, a_scale), _per_column(n, b_scale))
    y = mul(n, converted(n, total, element_type_of("float32")), factor)
    return y if bias is None else add(n, y, bias)


@onnx_op("DynamicQuantizeMatMul", domain=DOMAIN)
def dynamic_quantize_matmul(
    n: Node, a: Any, b: Any, b_scale: Any, b_zero: Any = None, bias: Any = None
) -> Any:
    """a is quantised over its range, then multiplied."""
    quantized, scale, zero = quantization.dynamic_quantize_linear(n, a)
    return matmul_integer_to_float(n, quantized, b, scale, b_scale, zero, b_zero, bias)
