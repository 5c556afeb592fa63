"""Elementwise operators: arithmetic, comparison, logic, activations, casts."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, COMPARE, PREDICATES, UNARY, Cast, Where
from aicc.dialects.graph.types import element_type_of, is_float

from ..node import Node
from ..registry import onnx_op

SAME_MEANING = {
    "Abs": "abs",
    "Neg": "neg",
    "Sign": "sign",
    "Exp": "exp",
    "Log": "log",
    "Sqrt": "sqrt",
    "Reciprocal": "reciprocal",
    "Floor": "floor",
    "Ceil": "ceil",
    "Round": "round",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Asin": "asin",
    "Acos": "acos",
    "Atan": "atan",
    "Sinh": "sinh",
    "Cosh": "cosh",
    "Tanh": "tanh",
    "Asinh": "asinh",
    "Acosh": "acosh",
    "Atanh": "atanh",
    "Erf": "erf",
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "HardSwish": "hard_swish",
    "Softplus": "softplus",
    "Not": "not",
    "BitwiseNot": "bitwise_not",
    "IsNaN": "is_nan",
    "Add": "add",
    "Sub": "sub",
    "Mul": "mul",
    "Div": "div",
    "And": "and",
    "Or": "or",
    "Xor": "xor",
    "BitwiseAnd": "bitwise_and",
    "BitwiseOr": "bitwise_or",
    "BitwiseXor": "bitwise_xor",
    "Equal": "equal",
    "Less": "less",
    "LessOrEqual": "less_equal",
    "Greater": "greater",
    "GreaterOrEqual": "greater_equal",
}
_CLASSES = UNARY | PREDICATES | BINARY | COMPARE


def _direct(name: str) -> Callable[..., Any]:
    op = _CLASSES[name]
    if name in UNARY or name in PREDICATES:
        return lambda n, x: n.emit(op, x)
    return lambda n, lhs, rhs: n.emit(op, lhs, rhs)


for _operator, _name in SAME_MEANING.items():
    onnx_op(_operator, since=7)(_direct(_name))


@onnx_op("Elu")
def elu(n: Node, x: Any, *, alpha: float = 1.0) -> Any:
    """alpha * (exp(x) - 1) where x < 0."""
    return n.emit(UNARY["elu"], x, alpha=alpha)


@onnx_op("LeakyRelu")
def leaky_relu(n: Node, x: Any, *, alpha: float = 0.01) -> Any:
    """alpha * x where x < 0."""
    return n.emit(UNARY["leaky_relu"], x, alpha=alpha)


@onnx_op("HardSigmoid")
def hard_sigmoid(n: Node, x: Any, *, alpha: float = 0.2, beta: float = 0.5) -> Any:
    """max(0, min(1, alpha * x + beta))."""
    return n.emit(UNARY["hard_sigmoid"], x, alpha=alpha, beta=beta)


@onnx_op("Gelu")
def gelu(n: Node, x: Any, *, approximate: str = "none") -> Any:
    """x * Phi(x), exact or by tanh."""
    return n.emit(UNARY["gelu"], x, approximate=approximate)


@onnx_op("PRelu", since=7)
def prelu(n: Node, x: Any, slope: Any) -> Any:
    """slope * x where x < 0."""
    negative = n.emit(COMPARE["less"], x, n.like(0, x))
    return n.emit(Where, negative, n.emit(BINARY["mul"], x, slope), x)


@onnx_op("Pow", since=7)
def pow_(n: Node, x: Any, exponent: Any) -> Any:
    """x ** exponent in the type of x."""
    element, other = x.type.element_type, exponent.type.element_type
    if element == other:
        return n.emit(BINARY["pow"], x, exponent)
    if is_float(element) or not is_float(other):
        return n.emit(BINARY["pow"], x, n.emit(Cast, exponent, to=element))
    wide = [n.emit(Cast, v, to=element_type_of("float64")) for v in (x, exponent)]
    return n.emit(Cast, n.emit(BINARY["pow"], *wide), to=element)


@onnx_op("Mod")
def mod(n: Node, lhs: Any, rhs: Any, *, fmod: int = 0) -> Any:
    """Remainder with the sign of the divisor, or (fmod) of the dividend."""
    return n.emit(BINARY["fmod" if fmod else "mod"], lhs, rhs)


@onnx_op("BitShift")
def bit_shift(n: Node, lhs: Any, rhs: Any, *, direction: str) -> Any:
    """Logical shift of unsigned integers."""
    return n.emit(BINARY["shift_left" if direction == "LEFT" else "shift_right"], lhs, rhs)


def _fold_left(n: Node, op: type, operands: tuple[Any, ...]) -> Any:
    return reduce(lambda a, b: n.emit(op, a, b), operands)


@onnx_op("Max")
def max_(n: Node, *operands: Any) -> Any:
    """Elementwise maximum of any number of operands."""
    return _fold_left(n, BINARY["maximum"], operands)


@onnx_op("Min")
def min_(n: Node, *operands: Any) -> Any:
    """Elementwise minimum of any number of operands."""
    return _fold_left(n, BINARY["minimum"], operands)


@onnx_op("Sum")
def sum_(n: Node, *operands: Any) -> Any:
    """Elementwise sum of any number of operands."""
    return _fold_left(n, BINARY["add"], operands)


@onnx_op("Mean")
def mean(n: Node, *operands: Any) -> Any:
    """Elementwise mean of any number of operands."""
    total = _fold_left(n, BINARY["add"], operands)
    return n.emit(BINARY["div"], total, n.like(len(operands), total))


@onnx_op("IsInf")
def is_inf(n: Node, x: Any, *, detect_negative: int = 1, detect_positive: int = 1) -> Any:
    """True at infinities of the wanted signs."""
    found = n.emit(PREDICATES["is_inf"], x)
    if detect_negative and detect_positive:
        return found
    wanted = COMPARE["less" if detect_negative else "greater"]
    if not detect_negative and not detect_positive:
        return n.emit(BINARY["and"], found, n.constant(np.array(False)))
    return n.emit(BINARY["and"], found, n.emit(wanted, x, n.like(0, x)))


@onnx_op("Clip", since=11)
def clip(n: Node, x: Any, low: Any = None, high: Any = None) -> Any:
    """min(max(x, low), high)."""
    if low is not None:
        x = n.emit(BINARY["maximum"], x, low)
    return x if high is None else n.emit(BINARY["minimum"], x, high)


@onnx_op("Clip", since=6)
def clip_6(n: Node, x: Any, *, min: float | None = None, max: float | None = None) -> Any:
    """Clip with the bounds as attributes."""
    low = None if min is None else n.like(min, x)
    return clip(n, x, low, None if max is None else n.like(max, x))


@onnx_op("Where")
def where(n: Node, condition: Any, x: Any, other: Any) -> Any:
    """condition ? x : other."""
    return n.emit(Where, condition, x, other)


@onnx_op("Identity")
def identity(n: Node, x: Any) -> Any:
    """x."""
    return x


@onnx_op("Dropout", since=7)
def dropout_7(n: Node, x: Any, *, ratio: float = 0.5) -> Any:
    """Dropout with the ratio as an attribute."""
    return _with_mask(n, x)


def _with_mask(n: Node, x: Any) -> Any:
    from aicc.dialects.graph.movement import Expand

    if len(n.outputs) < 2:
        return x
    return x, n.emit(Expand, n.constant(np.array(True)), shape=list(x.type.shape))


@onnx_op("Softsign")
def softsign(n: Node, x: Any) -> Any:
    """x / (1 + |x|)."""
    denominator = n.emit(BINARY["add"], n.emit(UNARY["abs"], x), n.like(1, x))
    return n.emit(BINARY["div"], x, denominator)
