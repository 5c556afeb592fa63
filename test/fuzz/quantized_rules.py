"""What is drawn quantised: QDQ chains, integer products, quantised products.

Scales are powers of two: the reference and the compiler then agree to the last bit, whatever the
order in which they scale.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value

BYTES = (np.uint8, np.int8)
# How near to a tie a value may lie: behind operators that round, both sides may be taken.
MARGIN = 2e-4


def _parameters(graph: Graph, dtype: Any, shape: tuple[int, ...] = ()) -> tuple[str, str]:
    """Scale and zero point."""
    scale = np.exp2(graph.random.integers(-5, -2, shape)).astype(np.float32)
    low = 100 if dtype is np.uint8 else -4
    zero = graph.random.integers(low, low + 9, shape).astype(dtype)
    return graph.weight(scale), graph.weight(zero)


def _of_result(graph: Graph, dtype: Any) -> tuple[str, str]:
    """Scale and zero point of a QLinear operator's result.

    The zero is even: onnx's evaluator adds it before it rounds, which sends other halves elsewhere.
    """
    scale, zero = _parameters(graph, dtype)
    return scale, graph.weight((graph.weights[zero] // 2 * 2).astype(dtype))


def _quantized(graph: Graph, value: Value, shape: tuple[int, ...] = (), axis: int = 1) -> Value:
    dtype = graph.one_of(BYTES)
    scale, zero = _parameters(graph, dtype, shape)
    if not value.is_exact:
        size = graph.weights[scale].reshape([-1] + [1] * (value.rank - 1 - axis) if shape else ())
        steps = value.wide / size
        if (np.abs(steps - np.floor(steps) - 0.5) < MARGIN).any():
            raise Rejected
    operands = [Value(value.name, value.array, True), scale, zero]
    attrs = {"axis": axis} if shape else {}
    (found,) = graph.node("QuantizeLinear", operands, exact=True, **attrs)
    graph.node("DequantizeLinear", [found, scale, zero], exact=True, **attrs)
    return found


def _f32(graph: Graph, rank: int = 0) -> Value:
    return graph.pick(lambda v: v.array.dtype == np.float32 and v.rank >= rank)


def chain(graph: Graph) -> None:
    """QuantizeLinear and DequantizeLinear, of one scale or one per channel."""
    value = _f32(graph)
    if value.rank > 1 and graph.chance(0.4):
        _quantized(graph, value, value.shape[1:2])
    else:
        _quantized(graph, value)


def chain_around(op: str, graph: Graph) -> None:
    """A quantised operator as exporters write it: DQ, the operator, Q."""
    value = _f32(graph, 2)
    _quantized(graph, value)
    operand = graph.values[-1]
    weights, scale, zero = _weights(graph, op, operand)
    (other,) = graph.node("DequantizeLinear", [weights, scale, zero], exact=True, axis=0)
    if op == "MatMul":
        (other,) = graph.node("Transpose", [other], exact=True, perm=[1, 0])
    (found,) = graph.node(op, [operand, other], exact=False)
    _quantized(graph, found)


def _weights(graph: Graph, op: str, operand: Value) -> tuple[str, str, str]:
    outputs = graph.one_of([1, 3, 8, 16])
    if op == "Conv":
        if operand.rank < 3:
            raise Rejected
        kernel = [graph.one_of([1, 3]) for _ in operand.shape[2:]]
        shape = (outputs, operand.shape[1], *kernel)
    else:
        shape = (outputs, operand.shape[-1])
    weights = graph.random.integers(-8, 9, shape).astype(np.int8)
    scale = np.exp2(graph.random.integers(-7, -4, outputs)).astype(np.float32)
    return (
        graph.weight(weights),
        graph.weight(scale),
        graph.weight(np.zeros(outputs, np.int8)),
    )


def integer_product(graph: Graph) -> None:
    """MatMulInteger with and without zero points."""
    value = graph.pick(lambda v: v.array.dtype.type in BYTES and v.rank >= 2)
    dtype = graph.one_of(BYTES)
    other = graph.random.integers(0, 5, (value.shape[-1], graph.one_of([1, 5, 16]))).astype(dtype)
    zeros = [graph.weight(value.array.dtype.type(3)), graph.weight(dtype(1))]
    graph.node(
        "MatMulInteger", [value, graph.weight(other), *zeros[: graph.number(0, 2)]], exact=True
    )


def integer_conv(graph: Graph) -> None:
    """ConvInteger of an image of unsigned bytes."""
    value = graph.input((1, graph.number(1, 4), graph.number(4, 9), 8), np.uint8)
    kernel = graph.one_of([1, 3])
    shape = (graph.one_of([1, 4, 9]), value.shape[1], kernel, kernel)
    weights = graph.weight(graph.random.integers(0, 4, shape).astype(np.uint8))
    zeros = [graph.weight(np.uint8(2))] * graph.number(0, 1)
    graph.node("ConvInteger", [value, weights, *zeros], exact=True)


def quantized_matmul(graph: Graph) -> None:
    """QLinearMatMul."""
    value = graph.pick(lambda v: v.array.dtype.type in BYTES and v.rank >= 2)
    dtype = value.array.dtype.type
    other = graph.random.integers(0, 9, (value.shape[-1], graph.one_of([1, 6, 16]))).astype(dtype)
    operands = [value, *_parameters(graph, dtype), graph.weight(other)]
    operands += [*_parameters(graph, dtype), *_of_result(graph, dtype)]
    graph.node("QLinearMatMul", operands, exact=True)


def quantized_conv(graph: Graph) -> None:
    """QLinearConv of an image of bytes."""
    shape = (1, graph.number(1, 4), graph.number(4, 9), 8)
    value = graph.input(shape, graph.one_of(BYTES))
    dtype = value.array.dtype.type
    outputs, kernel = graph.one_of([1, 4, 16]), graph.one_of([1, 3])
    shape = (outputs, value.shape[1], kernel, kernel)
    weights = graph.weight(graph.random.integers(0, 5, shape).astype(dtype))
    operands = [value, *_parameters(graph, dtype), weights]
    operands += [*_parameters(graph, dtype), *_of_result(graph, dtype)]
    if graph.chance(0.5):
        operands.append(graph.weight(graph.random.integers(-99, 99, outputs).astype(np.int32)))
    graph.node("QLinearConv", operands, exact=True, pads=[kernel // 2] * 4)


RULES: list[Callable[[Graph], Any]] = [
    *[chain, chain, partial(chain_around, "MatMul"), partial(chain_around, "Conv")],
    *[integer_product, integer_conv, quantized_matmul, quantized_conv],
]
