"""What is drawn as several nodes: the forms in which exporters write one operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value


def _node(
    graph: Graph, op: str, *operands: Value | str, exact: bool = False, **attrs: Any
) -> Value:
    return graph.node(op, operands, exact=exact, **attrs)[0]


def _scalar(graph: Graph, like: Value, number: float) -> str:
    return graph.weight(like.array.dtype.type(number))


def gelu_of_erf(graph: Graph) -> None:
    """x * 0.5 * (1 + erf(x / sqrt 2)), the factors in any order."""
    x = graph.pick(lambda v: v.array.dtype == np.float32)
    inner = _node(graph, "Div", x, _scalar(graph, x, 2**0.5))
    one_more = _node(graph, "Add", _node(graph, "Erf", inner), _scalar(graph, x, 1))
    half = _scalar(graph, x, 0.5)
    if graph.chance(0.5):
        _node(graph, "Mul", _node(graph, "Mul", x, half), one_more)
    else:
        _node(graph, "Mul", _node(graph, "Mul", x, one_more), half)


def gated(graph: Graph) -> None:
    """x * sigmoid(a x), or x * tanh(softplus(x))."""
    x = graph.floats()
    if graph.chance(0.3):
        _node(graph, "Mul", x, _node(graph, "Tanh", _node(graph, "Softplus", x)))
        return
    inner = x if graph.chance(0.6) else _node(graph, "Mul", x, _scalar(graph, x, 1.75))
    pair = [_node(graph, "Sigmoid", inner), x]
    graph.node("Mul", pair[:: graph.one_of([1, -1])], exact=False)


def norm_of_rows(graph: Graph) -> None:
    """Layer or root-mean-square norm as arithmetic."""
    x = graph.floats(2)
    if not x.array.size or x.wide.std(axis=-1).min() < 0.25:
        raise Rejected
    axes = graph.integers([-1])
    centred = x
    if graph.chance(0.6):
        centred = _node(graph, "Sub", x, _node(graph, "ReduceMean", x, axes))
    square = graph.one_of(["Mul", "Pow"])
    operand = centred if square == "Mul" else _scalar(graph, x, 2)
    mean = _node(graph, "ReduceMean", _node(graph, square, centred, operand), axes)
    root = _node(graph, "Sqrt", _node(graph, "Add", mean, _scalar(graph, x, 1e-3)))
    if graph.chance(0.5):
        y = _node(graph, "Div", centred, root)
    else:
        y = _node(graph, "Mul", centred, _node(graph, "Reciprocal", root))
    scale = graph.weight(graph.grid(x.shape[-1:], x.array.dtype))
    _node(graph, "Mul", y, scale)


def attention(graph: Graph) -> None:
    """softmax(q k' / scale + mask) v of three or four dimensions."""
    q = graph.floats(3, 4)
    *batch, rows, depth = q.shape
    keys = graph.one_of([rows, 1, 7])
    k, v = (
        graph.weight(graph.grid((*batch, keys, size), q.array.dtype, -1, 1))
        for size in (depth, graph.one_of([depth, 3]))
    )
    order = [*range(q.rank - 2), q.rank - 1, q.rank - 2]
    (turned,) = graph.node("Transpose", [k], exact=True, perm=order)
    scores = _node(graph, "MatMul", q, turned)
    scores = _node(graph, graph.one_of(["Mul", "Div"]), scores, _scalar(graph, q, 0.5))
    if graph.chance(0.5):
        mask = np.where(np.tri(rows, keys, dtype=bool), 0, -30).astype(q.array.dtype)
        scores = _node(graph, "Add", scores, graph.weight(mask))
    _node(graph, "MatMul", _node(graph, "Softmax", scores, axis=-1), v)


def heads(graph: Graph) -> None:
    """Rows split into heads and turned, as before and behind attention."""
    x = graph.pick(lambda v: v.is_float and v.rank == 3 and v.shape[2] % 4 == 0 and v.array.size)
    batch, rows, depth = x.shape
    shape = graph.integers([batch, rows, 4, depth // 4])
    split = _node(graph, "Reshape", x, shape, exact=True)
    turned = _node(graph, "Transpose", split, exact=True, perm=[0, 2, 1, 3])
    if graph.chance(0.5):
        back = _node(graph, "Transpose", turned, exact=True, perm=[0, 2, 1, 3])
        _node(graph, "Reshape", back, graph.integers([batch, rows, depth]), exact=True)


def rotated(graph: Graph) -> None:
    """Rotary embedding: x cos + (-x2, x1) sin."""
    x = graph.pick(lambda v: v.is_float and v.rank >= 2 and v.shape[-1] % 2 == 0 and v.array.size)
    half = x.shape[-1] // 2
    bounds = [[0], [half], [half], [2 * half]]
    first, second = (
        _node(
            graph, "Slice", x, *(graph.integers(b) for b in (*bounds[i : i + 2], [-1])), exact=True
        )
        for i in (0, 2)
    )
    turned = _node(
        graph, "Concat", _node(graph, "Neg", second, exact=True), first, exact=True, axis=-1
    )
    cos, sin = (graph.weight(graph.grid(x.shape[-2:], x.array.dtype, -1, 1)) for _ in range(2))
    _node(graph, "Add", _node(graph, "Mul", x, cos), _node(graph, "Mul", turned, sin))


def squeeze_and_excite(graph: Graph) -> None:
    """A gate per channel, computed from its mean."""
    x = graph.floats(4, 4)
    channels = x.shape[1]
    if not x.array.size:
        raise Rejected
    mean = _node(graph, "GlobalAveragePool", x)
    weights = graph.grid((channels, channels, 1, 1), x.array.dtype, -0.5, 0.5)
    gate = _node(graph, "Conv", mean, graph.weight(weights))
    gate = _node(graph, graph.one_of(["Sigmoid", "HardSigmoid"]), gate)
    _node(graph, "Mul", x, gate)


RULES: list[Callable[[Graph], Any]] = [
    *[gelu_of_erf, gated, norm_of_rows, attention, attention, heads, rotated, squeeze_and_excite]
]
