"""Activations of com.microsoft, alone and behind a bias or a product.

Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY
from aicc.dialects.graph.movement import Expand, Reshape
from aicc.dialects.graph.reduction import Softmax
from aicc.dialects.graph.types import element_count

from ..attributes import as_attribute
from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, clamp, mul
from .indexing import take_range
from .linear import matmul

DOMAIN = "com.microsoft"


def activated(
    n: Node, x: Any, name: str, alpha: float | None = None, beta: float | None = None
) -> Any:
    """The activation that a fused operator names; absent parameters have ONNX's defaults."""
    plain = {"Relu": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "HardSwish": "hard_swish"}
    if name == "":
        return x
    if name in plain:
        return n.emit(UNARY[plain[name]], x)
    if name == "LeakyRelu":
        return n.emit(UNARY["leaky_relu"], x, alpha=0.01 if alpha is None else alpha)
    if name == "Elu":
        return n.emit(UNARY["elu"], x, alpha=1.0 if alpha is None else alpha)
    if name == "HardSigmoid":
        slope, shift = as_attribute(0.2) if alpha is None else alpha, 0.5 if beta is None else beta
        return n.emit(UNARY["hard_sigmoid"], x, alpha=slope, beta=shift)
    if name == "Clip":
        low, high = (-np.inf if alpha is None else alpha), (np.inf if beta is None else beta)
        return clamp(n, x, float(low), float(high))
    if name == "Gelu":
        return n.emit(UNARY["gelu"], x)
    n.unsupported(f"activation '{name}'")


@onnx_op("Gelu", domain=DOMAIN)
def gelu(n: Node, x: Any) -> Any:
    """x * Phi(x)."""
    return n.emit(UNARY["gelu"], x)


@onnx_op("BiasGelu", domain=DOMAIN)
def bias_gelu(n: Node, x: Any, bias: Any) -> Any:
    """Gelu of x + bias."""
    return n.emit(UNARY["gelu"], add(n, x, bias))


@onnx_op("FastGelu", domain=DOMAIN)
def fast_gelu(n: Node, x: Any, bias: Any = None) -> Any:
    """Gelu by tanh, of x + bias."""
    return n.emit(UNARY["gelu"], x if bias is None else add(n, x, bias), approximate="tanh")


@onnx_op("GemmFastGelu", domain=DOMAIN)
def gemm_fast_gelu(n: Node, x: Any, w: Any, bias: Any = None) -> Any:
    """Gelu by tanh, of x w + bias."""
    return fast_gelu(n, matmul(n, x, w), bias)


@onnx_op("QuickGelu", domain=DOMAIN)
def quick_gelu(n: Node, x: Any, *, alpha: float = 1.702) -> Any:
    """x * sigmoid(alpha * x)."""
    inner = x if alpha == 1.0 else mul(n, x, alpha)
    return mul(n, x, n.emit(UNARY["sigmoid"], inner))


@onnx_op("BiasAdd", domain=DOMAIN)
def bias_add(n: Node, x: Any, bias: Any, skip: Any) -> Any:
    """x + bias + skip."""
    return add(n, add(n, x, bias), skip)


@onnx_op("BiasSplitGelu", domain=DOMAIN)
def bias_split_gelu(n: Node, x: Any, bias: Any) -> Any:
    """The first half of the last dimension of x + bias, times the gelu of the second half."""
    y = add(n, x, bias)
    axis, size = y.type.rank - 1, y.type.shape[y.type.rank - 1]
    left, right = (take_range(n, y, axis, start, size // 2) for start in (0, size // 2))
    return mul(n, left, n.emit(UNARY["gelu"], right))


@onnx_op("BiasSoftmax", domain=DOMAIN)
def bias_softmax(n: Node, x: Any, bias: Any, *, axis: int = 1, is_inner_broadcast: int) -> Any:
    """Softmax, over all dimensions from `axis` on, of x + bias.

    The bias lacks dimensions, or has them as 1: those before `axis`, just before it (inner) or
    from the front (outer).
    """
    shape = list(x.type.shape)
    axis %= len(shape)
    given = list(bias.type.shape)
    if not is_inner_broadcast and len(given) < len(shape):
        given = [1] * (len(shape) - len(given)) + given
        bias = n.emit(Reshape, bias, shape=given)
    rows = [element_count(shape[:axis]), element_count(shape[axis:])]
    y = n.emit(Reshape, add(n, x, bias), shape=rows)
    return n.emit(Reshape, n.emit(Softmax, y, axis=1), shape=shape)


@onnx_op("BiasDropout", domain=DOMAIN)
def bias_dropout(
    n: Node,
    x: Any,
    bias: Any,
    residual: Any = None,
    ratio: Any = None,
    training: Any = None,
    *,
    seed: int | None = None,
) -> Any:
    """Dropout of x + bias, plus the residual; nothing is dropped outside training."""
    if training is not None and bool(n.array(training, "training_mode").any()):
        n.unsupported("training mode")
    y = add(n, x, bias)
    y = y if residual is None else add(n, y, residual)
    return y, n.emit(Expand, n.constant(np.array(True)), shape=list(x.type.shape))
