"""What is drawn elementwise: one entry of a table per operator, one function per signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from graphs import INTEGERS, Graph, Rejected, Value
from onnx import TensorProto

# op -> attributes; smooth, so that rounded operands make results that are about as good.
SMOOTH: dict[str, dict[str, Any]] = {
    "Sigmoid": {},
    "Tanh": {},
    "Softplus": {},
    "Softsign": {},
    "Elu": {"alpha": 0.7},
    "Selu": {},
    "Celu": {"alpha": 1.5},
    "Mish": {},
    "HardSigmoid": {"alpha": 0.3, "beta": 0.4},
    "LeakyRelu": {"alpha": 0.125},
    "Sin": {},
    "Cos": {},
    "Atan": {},
    "Asinh": {},
    "Exp": {},
    "Sinh": {},
    "Cosh": {},
}
# op -> the largest operand at which it is well conditioned
BOUNDED = {"Asin": 0.9, "Acos": 0.9, "Atanh": 0.9, "Tan": 1.3}
# Free of rounding: what is exact stays exact.
EXACT = ("Abs", "Neg", "Relu", "Identity")
# Jumps: only exact operands have one answer.
JUMPING = ("Floor", "Ceil", "Round", "Sign", "Hardmax", "Shrink", "ThresholdedRelu")
# op -> the smallest operand at which it is well conditioned
POSITIVE = {"Sqrt": 0.05, "Log": 0.25, "Reciprocal": 0.25}
COMPARISONS = ("Less", "Greater", "Equal", "LessOrEqual", "GreaterOrEqual")
CASTS = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32)


def smooth(op: str, graph: Graph) -> None:
    """A smooth function of a float."""
    graph.node(op, [graph.floats()], exact=False, **SMOOTH[op])


def exact(op: str, graph: Graph) -> None:
    """A function without rounding, of any signed number."""
    graph.node(op, [graph.pick(lambda v: v.is_float or v.array.dtype == np.int64)], exact=True)


def jumping(op: str, graph: Graph) -> None:
    """A step function, of exact floats only."""
    graph.node(op, [graph.floats(exact=True)], exact=True)


def positive(op: str, graph: Graph) -> None:
    """A function with a pole or an edge at zero."""
    least = POSITIVE[op]
    value = graph.pick(lambda v: v.is_float and v.array.size > 0 and v.array.min() > least)
    graph.node(op, [value], exact=False)


def bounded(op: str, graph: Graph) -> None:
    """A function that ends, or has poles, on both sides of zero."""
    most = BOUNDED[op]
    value = graph.pick(lambda v: v.is_float and np.abs(v.wide).max(initial=0) < most)
    graph.node(op, [value], exact=False)


def kind_of_number(op: str, graph: Graph) -> None:
    """IsNaN or IsInf."""
    graph.node(op, [graph.floats()], exact=True)


def bits(op: str, graph: Graph) -> None:
    """Integers bit by bit."""
    value = graph.pick(lambda v: v.array.dtype.name in INTEGERS)
    if op == "BitwiseNot":
        graph.node(op, [value], exact=True)
    else:
        graph.node(op, [value, partner(graph, value)], exact=True)


def shift(graph: Graph) -> None:
    """BitShift of unsigned integers."""
    value = graph.pick(lambda v: v.array.dtype.kind == "u")
    count = graph.weight(graph.grid(value.shape[-1:], value.array.dtype, 0, 3))
    direction = graph.one_of(["LEFT", "RIGHT"])
    graph.node("BitShift", [value, count], exact=True, direction=direction)


def cast_like(graph: Graph) -> None:
    """CastLike of exact numbers."""
    value, other = graph.pick(lambda v: v.is_exact), graph.pick()
    graph.node("CastLike", [value, other], exact=True)


def integer_clip(graph: Graph) -> None:
    """Clip of integers."""
    value = graph.pick(lambda v: v.array.dtype.name in INTEGERS)
    low, high = (graph.weight(value.array.dtype.type(bound)) for bound in (1, 3))
    graph.node("Clip", [value, *graph.one_of([[low, high], [low], ["", high]])], exact=True)


def chain(graph: Graph) -> None:
    """Operands of several shapes in one expression, a condition among them."""
    x = graph.floats(2, exact=True)
    row, column, one = (
        graph.weight(graph.grid(shape, x.array.dtype))
        for shape in (x.shape[-1:], (x.shape[-2], 1), ())
    )
    (a,) = graph.node("Mul", [x, row], exact=True)
    (b,) = graph.node("Add", [column, a], exact=True)
    (c,) = graph.node("Less", [b, one], exact=True)
    graph.node("Where", [c, row, a], exact=True)


def partner(graph: Graph, value: Value) -> Value | str:
    """An operand that broadcasts with `value`: another value, or a constant of a fitting shape."""
    if graph.chance(0.6):
        return graph.pick(lambda v: v.array.dtype == value.array.dtype and _fits(v, value))
    shape = [size if graph.chance(0.5) else 1 for size in value.shape]
    shape = shape[graph.number(0, len(shape)) :]
    return graph.weight(graph.grid(shape, value.array.dtype))


def _fits(a: Value, b: Value) -> bool:
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        return False
    return True


def binary(op: str, graph: Graph) -> None:
    """Arithmetic of two numbers of one type."""
    value = graph.pick(lambda v: v.is_number)
    pair = [value, partner(graph, value)]
    graph.node(op, pair[::-1] if graph.chance(0.3) else pair, exact=op != "Div")


def quotient(graph: Graph) -> None:
    """Division by what is not near zero."""
    value = graph.floats()
    divisor = graph.grid(value.shape[-1:], value.array.dtype, 1, 4)
    if (np.abs(divisor) < 0.5).any():
        raise Rejected
    graph.node("Div", [value, graph.weight(divisor)], exact=False)


def integer_quotient(op: str, graph: Graph) -> None:
    """Division or remainder of integers, by a constant."""
    value = graph.pick(lambda v: v.array.dtype.name in INTEGERS)
    divisor = np.maximum(graph.grid(value.shape[-1:], value.array.dtype, 1, 5), 1)
    graph.node(op, [value, graph.weight(divisor.astype(value.array.dtype))], exact=True)


def power(graph: Graph) -> None:
    """x to a small constant power."""
    value = graph.floats()
    exponent = graph.one_of([0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1.5])
    is_safe = value.array.size and value.array.min() > 0.25
    if not is_safe and exponent not in (0.0, 1.0, 2.0, 3.0):
        raise Rejected
    graph.node("Pow", [value, graph.weight(value.array.dtype.type(exponent))], exact=False)


def comparison(op: str, graph: Graph) -> None:
    """Two exact numbers compared."""
    value = graph.pick(lambda v: v.is_exact and v.is_number)
    other = partner(graph, value)
    if isinstance(other, Value) and not other.is_exact:
        raise Rejected
    graph.node(op, [value, other], exact=True)


def logic(op: str, graph: Graph) -> None:
    """Two conditions combined."""
    value = graph.pick(lambda v: v.array.dtype == bool)
    graph.node(op, [value, partner(graph, value)], exact=True)


def negation(graph: Graph) -> None:
    """Not."""
    graph.node("Not", [graph.pick(lambda v: v.array.dtype == bool)], exact=True)


def selection(graph: Graph) -> None:
    """Where."""
    condition = graph.pick(lambda v: v.array.dtype == bool)
    value = graph.pick(lambda v: v.array.dtype != bool and _fits(v, condition))
    graph.node("Where", [condition, value, partner(graph, value)], exact=True)


def clip(graph: Graph) -> None:
    """Clip, with both bounds, one, or none."""
    value = graph.floats()
    low, high = (graph.weight(value.array.dtype.type(bound)) for bound in (-1.0, 1.25))
    bounds = graph.one_of([[low, high], [low], ["", high], [], [high, low]])
    graph.node("Clip", [value, *bounds], exact=True)


def cast(graph: Graph) -> None:
    """Cast between numbers; from floats to integers, or to more digits, only of exact ones."""
    value = graph.pick()
    to = graph.one_of(CASTS)
    if value.is_float and to != TensorProto.FLOAT and not value.is_exact:
        raise Rejected
    graph.node("Cast", [value], exact=True, to=to)


def prelu(graph: Graph) -> None:
    """PRelu, with one slope or one per channel."""
    value = graph.floats(2)
    shape = graph.one_of([(1,), (value.shape[1], *[1] * (value.rank - 2))])
    slope = graph.weight(graph.grid(shape, value.array.dtype))
    graph.node("PRelu", [value, slope], exact=False)


def single(op: str, graph: Graph) -> None:
    """What onnx's evaluator computes to the accuracy of float32 only."""
    graph.node(op, [graph.pick(lambda v: v.array.dtype == np.float32)], exact=False)


def gelu(graph: Graph) -> None:
    """Gelu, exact or by tanh; since opset 20."""
    if graph.opset < 20:
        raise Rejected
    value = graph.pick(lambda v: v.array.dtype == np.float32)
    graph.node("Gelu", [value], exact=False, approximate=graph.one_of(["none", "tanh"]))


def variadic(op: str, graph: Graph) -> None:
    """Three operands of one type."""
    value = graph.floats()
    operands = [value, partner(graph, value), partner(graph, value)]
    graph.node(op, operands, exact=op != "Mean")


RULES: list[Callable[[Graph], Any]] = [
    *(partial(smooth, op) for op in SMOOTH),
    *(partial(single, op) for op in ("Erf", "HardSwish")),
    *(partial(exact, op) for op in EXACT * 2),
    *(partial(jumping, op) for op in JUMPING),
    *(partial(positive, op) for op in POSITIVE),
    *(partial(bounded, op) for op in BOUNDED),
    *(partial(kind_of_number, op) for op in ("IsNaN", "IsInf")),
    *(partial(bits, op) for op in ("BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot")),
    *[shift, cast_like, integer_clip, chain, chain],
    *(partial(binary, op) for op in ("Add", "Sub", "Mul", "Max", "Min") * 3),
    *(partial(integer_quotient, op) for op in ("Div", "Mod")),
    *(partial(comparison, op) for op in COMPARISONS),
    *(partial(logic, op) for op in ("And", "Or", "Xor")),
    *(partial(variadic, op) for op in ("Sum", "Mean", "Max")),
    *(quotient, power, negation, selection, selection, clip, clip, cast, cast, prelu, gelu),
]
