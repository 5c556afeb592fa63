"""What is drawn to compute with sums: products, convolutions, pools, reductions, norms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value
from norm_rules import spread

REDUCTIONS = ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare")


def conv(graph: Graph) -> None:
    """Convolutions of one to three spatial dimensions, grouped, strided, dilated, padded."""
    value = graph.floats(3, 5)
    spatial = value.rank - 2
    channels = value.shape[1]
    if not channels:
        raise Rejected
    groups = graph.one_of([1, 1, 1, channels, 2 if channels % 2 == 0 else 1])
    outputs = groups * graph.one_of([1, 2, 3, 8, 16, 17] if groups < channels else [1, 2])
    kernel = [graph.one_of([1, 1, 3, 3, 2, 5]) for _ in range(spatial)]
    if graph.chance(0.5):
        kernel = [kernel[0]] * spatial
    weights = graph.grid((outputs, channels // groups, *kernel), value.array.dtype, -0.5, 0.5)
    operands = [value, graph.weight(weights)]
    if graph.chance(0.6):
        operands.append(graph.weight(graph.grid((outputs,), value.array.dtype)))
    graph.node("Conv", operands, exact=False, group=groups, **_window(graph, kernel))


def _window(graph: Graph, kernel: list[int]) -> dict[str, Any]:
    """Strides, dilations and pads."""
    found: dict[str, Any] = {"kernel_shape": kernel}
    if graph.chance(0.4):
        found["strides"] = [graph.number(1, 2) for _ in kernel]
    if graph.chance(0.2):
        found["dilations"] = [graph.number(1, 2) for _ in kernel]
    if graph.chance(0.5):
        found["pads"] = [k // 2 for k in kernel] * 2
    elif graph.chance(0.3):
        found["pads"] = [graph.number(0, k - 1) for k in kernel * 2]
    elif "dilations" not in found and graph.chance(0.3):
        found["auto_pad"] = graph.one_of(["SAME_UPPER", "SAME_LOWER", "VALID"])
    return found


def conv_transpose(graph: Graph) -> None:
    """Transposed convolutions of images."""
    value = graph.floats(4, 4)
    kernel, stride = graph.number(1, 4), graph.number(1, 3)
    weights = graph.grid((value.shape[1], graph.number(1, 8), kernel, kernel), value.array.dtype)
    graph.node(
        "ConvTranspose",
        [value, graph.weight(weights / 4)],
        exact=False,
        strides=[stride] * 2,
        pads=[graph.number(0, (kernel - 1) // 2)] * 4,
    )


def pool(op: str, graph: Graph) -> None:
    """Pooling with windows, strides and pads."""
    value = graph.floats(3, 5)
    kernel = [graph.number(1, 3)] * (value.rank - 2)
    attrs: dict[str, Any] = {"kernel_shape": kernel}
    stride = graph.number(1, 3)
    attrs["strides"] = [stride] * len(kernel)
    is_maximum = op == "MaxPool"
    if not is_maximum:
        attrs["count_include_pad"] = graph.number(0, 1)
    # where onnx's evaluator is right: a maximum at every place has pads for images only, with
    # pads it rounds up to too many places, and an average must not lack more than one element
    if graph.chance(0.4) and (not is_maximum or stride > 1 or len(kernel) == 2):
        attrs["pads"] = [k // 2 for k in kernel] * 2
    elif graph.chance(0.3) and (is_maximum or kernel[0] < 3):
        attrs["ceil_mode"] = 1
        attrs.pop("count_include_pad", None)  # the evaluator counts what no pad holds
    graph.node(op, [value], exact=is_maximum, **attrs)


def global_pool(op: str, graph: Graph) -> None:
    """Global pooling; of the maximum, onnx's evaluator knows images only."""
    is_maximum = op == "GlobalMaxPool"
    value = graph.floats(4, 4) if is_maximum else graph.floats(3, 5)
    graph.node(op, [value], exact=is_maximum)


def matmul(graph: Graph) -> None:
    """A product with a constant, with another value, or of a value with its own transpose."""
    value = graph.floats(2)
    depth = value.shape[-1]
    if graph.chance(0.6):
        columns = graph.one_of([1, 3, 8, 16, 17, 40])
        other: Value | str = graph.weight(
            graph.grid((depth, columns), value.array.dtype, -0.5, 0.5)
        )
    else:
        other = graph.pick(
            lambda v: v.array.dtype == value.array.dtype and v.rank >= 2 and v.shape[-2] == depth
        )
    graph.node("MatMul", [value, other], exact=False)


def gemm(graph: Graph) -> None:
    """Gemm with transposed operands, factors and a bias of any form that broadcasts."""
    value = graph.floats(2, 2)
    trans_a, trans_b = graph.number(0, 1), graph.number(0, 1)
    rows, depth = value.shape[:: -1 if trans_a else 1]
    columns = graph.one_of([1, 5, 16, 33])
    shape = (columns, depth) if trans_b else (depth, columns)
    operands = [value, graph.weight(graph.grid(shape, value.array.dtype, -0.5, 0.5))]
    if graph.chance(0.6):
        bias = graph.one_of([(columns,), (1, columns), (rows, 1), ()])
        operands.append(graph.weight(graph.grid(bias, value.array.dtype)))
    factors = {"alpha": graph.one_of([1.0, 0.5]), "beta": graph.one_of([1.0, 0.25])}
    graph.node("Gemm", operands, exact=False, transA=trans_a, transB=trans_b, **factors)


def einsum(graph: Graph) -> None:
    """A few products that exporters write as Einsum."""
    value = graph.floats(3, 3)
    equation, shape = graph.one_of(
        [
            ("abc,cd->abd", (value.shape[2], 4)),
            ("abc,abd->acd", (*value.shape[:2], 3)),
            ("abc,b->ac", (value.shape[1],)),
        ]
    )
    other = graph.weight(graph.grid(shape, value.array.dtype, -0.5, 0.5))
    graph.node("Einsum", [value, other], exact=False, equation=equation)


def reduction(op: str, graph: Graph) -> None:
    """A reduction over some or all axes, kept or not."""
    value = graph.floats(1)
    axes = sorted({graph.number(0, value.rank - 1) for _ in range(graph.number(1, 2))})
    operands: list[Value | str] = [value]
    if graph.chance(0.8):
        operands.append(graph.integers(axes))
    graph.node(op, operands, exact=op in ("ReduceMax", "ReduceMin"), keepdims=graph.number(0, 1))


def arg_reduction(op: str, graph: Graph) -> None:
    """The place of the largest or smallest: of exact numbers only."""
    value = graph.floats(1, exact=True)
    graph.node(
        op,
        [value],
        exact=True,
        axis=graph.number(0, value.rank - 1),
        keepdims=graph.number(0, 1),
        select_last_index=graph.number(0, 1),
    )


def top_k(graph: Graph) -> None:
    """The largest or smallest, in order; equal ones would leave the indices open."""
    value = graph.floats(1, exact=True)
    axis = graph.number(0, value.rank - 1)
    count = graph.weight(np.array([graph.number(1, max(1, value.shape[axis]))], np.int64))
    graph.node("TopK", [value, count], results=2, exact=True, axis=axis, largest=graph.number(0, 1))


def cumulative_sum(graph: Graph) -> None:
    """CumSum, forwards or backwards, with or without the element itself."""
    value = graph.floats(1)
    axis = graph.weight(np.array(graph.number(0, value.rank - 1), np.int64))
    attrs = {"exclusive": graph.number(0, 1), "reverse": graph.number(0, 1)}
    graph.node("CumSum", [value, axis], exact=True, **attrs)


def softmax(op: str, graph: Graph) -> None:
    """Softmax and LogSoftmax over any axis."""
    value = graph.floats(1)
    graph.node(op, [value], exact=False, axis=graph.number(-value.rank, value.rank - 1))


def layer_norm(graph: Graph) -> None:
    """LayerNormalization over the last one or two axes."""
    value = graph.floats(2)
    axis = graph.one_of([-1, -1, -2])
    scale = graph.weight(graph.grid(value.shape[axis:], value.array.dtype))
    spread(value, tuple(range(value.rank))[axis:])
    graph.node("LayerNormalization", [value, scale], exact=False, axis=axis)


def batch_norm(graph: Graph) -> None:
    """BatchNormalization in inference."""
    value = graph.floats(2, 5)
    dtype, channels = value.array.dtype, value.shape[1:2]
    scale, bias, mean = (graph.weight(graph.grid(channels, dtype)) for _ in range(3))
    variance = graph.weight(graph.grid(channels, dtype, 1, 3))
    graph.node("BatchNormalization", [value, scale, bias, mean, variance], exact=False)


def instance_norm(graph: Graph) -> None:
    """InstanceNormalization of images and signals."""
    value = graph.floats(3, 5)
    spread(value, tuple(range(2, value.rank)))
    scale, bias = (graph.weight(graph.grid(value.shape[1:2], value.array.dtype)) for _ in range(2))
    graph.node("InstanceNormalization", [value, scale, bias], exact=False)


def recurrent(op: str, graph: Graph) -> None:
    """A small LSTM, GRU or RNN."""
    value = graph.floats(3, 3)
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    hidden, directions = graph.one_of([1, 4, 16]), graph.number(1, 2)
    dtype = value.array.dtype
    w = graph.weight(graph.grid((directions, gates * hidden, value.shape[2]), dtype) / 8)
    r = graph.weight(graph.grid((directions, gates * hidden, hidden), dtype) / 4)
    graph.node(
        op,
        [value, w, r],
        results=2,
        exact=False,
        hidden_size=hidden,
        direction="bidirectional" if directions == 2 else "forward",
    )


RULES: list[Callable[[Graph], Any]] = [
    *[conv] * 8,
    *[matmul] * 5,
    *[conv_transpose, gemm, gemm, einsum, top_k, cumulative_sum],
    *[layer_norm, layer_norm, batch_norm, batch_norm, instance_norm],
    *(partial(pool, op) for op in ("MaxPool", "AveragePool") * 2),
    *(partial(global_pool, op) for op in ("GlobalAveragePool", "GlobalMaxPool")),
    *(partial(reduction, op) for op in REDUCTIONS),
    *(partial(arg_reduction, op) for op in ("ArgMax", "ArgMin")),
    *(partial(softmax, op) for op in ("Softmax", "Softmax", "LogSoftmax")),
    *(partial(recurrent, op) for op in ("LSTM", "GRU", "RNN")),
]
