"""Activations made of simpler elementwise operations."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY, COMPARE, UNARY, Where

from ..node import Node
from ..registry import onnx_op


@onnx_op("Celu")
def celu(n: Node, x: Any, *, alpha: float = 1.0) -> Any:
    """max(0, x) + min(0, alpha * (exp(x / alpha) - 1))."""
    inner = n.emit(UNARY["elu"], n.emit(BINARY["div"], x, n.like(alpha, x)), alpha=alpha)
    return n.emit(Where, n.emit(COMPARE["less"], x, n.like(0, x)), inner, x)


@onnx_op("Selu", since=6)
def selu(
    n: Node,
    x: Any,
    *,
    alpha: float = 1.67326319217681884765625,
    gamma: float = 1.05070102214813232421875,
) -> Any:
    """gamma * elu(x)."""
    return n.emit(BINARY["mul"], n.emit(UNARY["elu"], x, alpha=alpha), n.like(gamma, x))


@onnx_op("ThresholdedRelu")
def thresholded_relu(n: Node, x: Any, *, alpha: float = 1.0) -> Any:
    """x above alpha, else 0."""
    above = n.emit(COMPARE["greater"], x, n.like(alpha, x))
    return n.emit(Where, above, x, n.like(0, x))


@onnx_op("Shrink")
def shrink(n: Node, x: Any, *, bias: float = 0.0, lambd: float = 0.5) -> Any:
    """x moved by bias towards 0 beyond lambd, 0 between."""
    high = n.emit(COMPARE["greater"], x, n.like(lambd, x))
    low = n.emit(COMPARE["less"], x, n.like(-lambd, x))
    shift = n.like(bias, x)
    down = n.emit(Where, high, n.emit(BINARY["sub"], x, shift), n.like(0, x))
    return n.emit(Where, low, n.emit(BINARY["add"], x, shift), down)


@onnx_op("Mish")
def mish(n: Node, x: Any) -> Any:
    """x * tanh(softplus(x))."""
    return n.emit(BINARY["mul"], x, n.emit(UNARY["tanh"], n.emit(UNARY["softplus"], x)))


@onnx_op("Swish")
def swish(n: Node, x: Any, *, alpha: float = 1.0) -> Any:
    """x * sigmoid(alpha * x)."""
    inner = x if alpha == 1.0 else n.emit(BINARY["mul"], x, n.like(alpha, x))
    return n.emit(BINARY["mul"], x, n.emit(UNARY["sigmoid"], inner))
