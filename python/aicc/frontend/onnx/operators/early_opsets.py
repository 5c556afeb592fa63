"""Opsets 1 to 6: broadcasting by attributes, `consumed_inputs`, `is_test`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.dialects.graph.elementwise import BINARY, COMPARE, PREDICATES, UNARY
from aicc.dialects.graph.movement import Concat, Reshape

from ..node import Node
from ..registry import onnx_op
from . import activations, elementwise, linear, reduction


def _aligned(n: Node, lhs: Any, rhs: Any, axis: int | None, broadcast: int) -> Any:
    """rhs with its dimensions where `axis` puts them: numpy's rule then does the rest."""
    if not broadcast or axis is None:
        return rhs
    start = axis + lhs.type.rank if axis < 0 else axis
    missing = lhs.type.rank - start - rhs.type.rank
    if missing < 0:
        n.invalid(f"cannot broadcast {rhs.type} to {lhs.type} from axis {axis}")
    return n.emit(Reshape, rhs, shape=[*rhs.type.shape, *[1] * missing]) if missing else rhs


def _binary(op: type) -> Callable[..., Any]:
    def rule(
        n: Node,
        lhs: Any,
        rhs: Any,
        *,
        axis: int | None = None,
        broadcast: int = 0,
        consumed_inputs: list[int] | None = None,
    ) -> Any:
        return n.emit(op, lhs, _aligned(n, lhs, rhs, axis, broadcast))

    return rule


def _unary(op: type) -> Callable[..., Any]:
    def rule(n: Node, x: Any, *, consumed_inputs: list[int] | None = None) -> Any:
        return n.emit(op, x)

    return rule


for _operator, _name in elementwise.SAME_MEANING.items():
    _classes = UNARY | PREDICATES
    if _name in _classes:
        onnx_op(_operator)(_unary(_classes[_name]))
    elif _name in BINARY or _name in COMPARE:
        onnx_op(_operator)(_binary((BINARY | COMPARE)[_name]))


@onnx_op("Selu")
def selu_1(
    n: Node,
    x: Any,
    *,
    alpha: float = 1.6732,
    gamma: float = 1.0507,
    consumed_inputs: list[int] | None = None,
) -> Any:
    """gamma * elu(x), by default with fewer digits than later."""
    return activations.selu(n, x, alpha=alpha, gamma=gamma)


@onnx_op("Pow")
def pow_1(n: Node, x: Any, exponent: Any, *, axis: int | None = None, broadcast: int = 0) -> Any:
    """x ** exponent."""
    return elementwise.pow_(n, x, _aligned(n, x, exponent, axis, broadcast))


@onnx_op("Gemm")
def gemm_1(
    n: Node,
    a: Any,
    b: Any,
    c: Any,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    broadcast: int = 0,
    transA: int = 0,  # noqa: N803 (ONNX's name)
    transB: int = 0,  # noqa: N803
) -> Any:
    """alpha * A' B' + beta * C."""
    return linear.gemm(n, a, b, c, alpha=alpha, beta=beta, transA=transA, transB=transB)


@onnx_op("BatchNormalization")
def batch_normalization_1(
    n: Node,
    x: Any,
    scale: Any,
    bias: Any,
    mean: Any,
    variance: Any,
    *,
    epsilon: float = 1e-5,
    momentum: float = 0.9,
    is_test: int = 0,
    spatial: int = 1,
    consumed_inputs: list[int] | None = None,
) -> Any:
    """Inference form: one output."""
    if len([o for o in n.outputs if o]) > 1:
        n.unsupported("training mode")
    return reduction.batch_normalization(
        n, x, scale, bias, mean, variance, epsilon=epsilon, spatial=spatial
    )


@onnx_op("Dropout")
def dropout_1(
    n: Node,
    x: Any,
    *,
    ratio: float = 0.5,
    is_test: int = 0,
    consumed_inputs: list[int] | None = None,
) -> Any:
    """x: nothing is dropped outside training."""
    return elementwise.dropout_7(n, x, ratio=ratio)


@onnx_op("Concat")
def concat_1(n: Node, *inputs: Any, axis: int = 1) -> Any:
    """Operands one after the other."""
    return inputs[0] if len(inputs) == 1 else n.emit(Concat, list(inputs), axis=axis)


@onnx_op("Reshape")
def reshape_1(
    n: Node, x: Any, *, shape: list[int], consumed_inputs: list[int] | None = None
) -> Any:
    """Reshape with the shape as an attribute."""
    from .movement import reshape

    return reshape(n, x, n.constant(shape, "int64"))


@onnx_op("PRelu")
def prelu_1(n: Node, x: Any, slope: Any, *, consumed_inputs: list[int] | None = None) -> Any:
    """PRelu with one slope per channel, given as a vector."""
    if slope.type.rank == 1 and x.type.rank > 1:
        slope = _aligned(n, x, slope, 1, 1)
    return elementwise.prelu(n, x, slope)
