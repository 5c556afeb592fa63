"""What is drawn to move elements by indices, to sizes, and in the less common modes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value


def _full(graph: Graph, least: int = 1) -> Value:
    """A value with elements."""
    return graph.pick(lambda v: v.rank >= least and v.array.size > 0)


def scatter_nd(graph: Graph) -> None:
    """ScatterND to places that differ; of floats also with a reduction."""
    value = graph.pick(lambda v: v.rank > 0 and v.array.size > 0 and v.is_number)
    depth = graph.number(1, value.rank)
    sizes = value.shape[:depth]
    count = graph.number(0, min(4, int(np.prod(sizes))))
    flat = graph.random.permutation(int(np.prod(sizes)))[:count]
    places = np.stack(np.unravel_index(flat, sizes), -1).astype(np.int64)
    if graph.chance(0.3):
        places -= np.array(sizes)
    updates = graph.weight(graph.grid((count, *value.shape[depth:]), value.array.dtype))
    kinds = ["none", "add", "mul", "max", "min"] if value.is_float else ["none"]
    graph.node(
        "ScatterND",
        [value, graph.weight(places), updates],
        exact=True,
        reduction=graph.one_of(kinds),
    )


def scatter_part(graph: Graph) -> None:
    """ScatterElements of fewer elements than there are, of any type."""
    value = _full(graph)
    axis = graph.number(0, value.rank - 1)
    shape = tuple(graph.number(1, n) for n in value.shape)
    rows = [graph.random.permutation(value.shape[axis])[: shape[axis]] for _ in range(64)]
    indices = np.moveaxis(np.empty(shape, np.int64), axis, -1)
    for i, place in enumerate(np.ndindex(indices.shape[:-1])):
        indices[place] = rows[i % len(rows)] - graph.one_of([0, value.shape[axis]])
    where = graph.weight(np.moveaxis(indices, -1, axis))
    updates = graph.weight(graph.grid(shape, value.array.dtype))
    graph.node("ScatterElements", [value, where, updates], exact=True, axis=axis - value.rank)


def gather_computed(graph: Graph) -> None:
    """Gather with indices that are computed: those of ArgMax."""
    value = graph.floats(2, exact=True)
    if not value.array.size:
        raise Rejected
    axis = graph.number(0, value.rank - 1)
    (places,) = graph.node("ArgMax", [value], exact=True, axis=axis, keepdims=0)
    other = graph.pick(
        lambda v: v.rank > 0 and v.shape[0] >= value.shape[axis] and v.array.size < 500
    )
    graph.node("Gather", [other, places], exact=True, axis=0)


def gather_nd_batched(graph: Graph) -> None:
    """GatherND behind one common dimension."""
    value = graph.pick(lambda v: v.rank > 1 and v.array.size > 0)
    indices = graph.random.integers(-value.shape[1], value.shape[1], (value.shape[0], 3, 1))
    graph.node("GatherND", [value, graph.weight(indices)], exact=True, batch_dims=1)


def one_hot(graph: Graph) -> None:
    """OneHot of integers, those outside included."""
    value = graph.pick(lambda v: v.array.dtype in (np.int64, np.int32) and v.rank < 4)
    depth = graph.weight(np.array(graph.number(1, 5)))
    pair = graph.weight(np.array([0, 1], graph.one_of([np.float32, np.int64])))
    axis = graph.number(-value.rank - 1, value.rank)
    graph.node("OneHot", [value, depth, pair], exact=True, axis=axis)


def compress(graph: Graph) -> None:
    """Compress by a constant condition."""
    value = _full(graph)
    axis = graph.number(0, value.rank - 1)
    condition = graph.random.integers(0, 2, graph.number(1, value.shape[axis])).astype(bool)
    graph.node("Compress", [value, graph.weight(condition)], exact=True, axis=axis)


def reverse_sequence(graph: Graph) -> None:
    """ReverseSequence with a length per row."""
    value = _full(graph, 2)
    first = graph.number(0, 1)
    lengths = graph.random.integers(1, value.shape[1 - first] + 1, value.shape[first])
    attrs = {"batch_axis": first, "time_axis": 1 - first}
    graph.node("ReverseSequence", [value, graph.weight(lengths)], exact=True, **attrs)


def top_k_of_axis(graph: Graph) -> None:
    """TopK of distinct numbers, values and places in use."""
    value = graph.pick(lambda v: v.rank > 0 and v.array.size > 0 and v.is_number and v.is_exact)
    axis = graph.number(-value.rank, value.rank - 1)
    count = graph.weight(np.array([graph.number(0, value.shape[axis])], np.int64))
    graph.node("TopK", [value, count], results=2, exact=True, axis=axis, largest=graph.number(0, 1))


def resize_modes(graph: Graph) -> None:
    """Resize with every mode, to scales or sizes, of all or two axes."""
    value = graph.floats(4, 4)
    if not value.array.size:
        raise Rejected
    mode = graph.one_of(["nearest", "linear", "cubic"])
    if mode == "cubic" and value.array.dtype == np.float64:
        raise Rejected  # onnx's evaluator keeps the weights in f32
    attrs: dict[str, Any] = {"mode": mode}
    names = ["asymmetric", "half_pixel", "pytorch_half_pixel"]
    # next to an element, the evaluator takes rounding errors of a place for another element, or
    # for a distance: only places without any are compared, except where it makes no difference
    is_exact = mode != "linear"
    names += [] if is_exact else ["align_corners", "half_pixel_symmetric"]
    attrs["coordinate_transformation_mode"] = graph.one_of(names)
    if mode == "nearest":
        names = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]
        attrs["nearest_mode"] = graph.one_of(names)
    if mode == "cubic":
        attrs["cubic_coeff_a"] = graph.one_of([-0.75, -0.5])
        attrs["exclude_outside"] = graph.number(0, 1)
    if mode != "nearest" and graph.chance(0.3):
        attrs["antialias"] = 1
    sizes = [
        n * graph.one_of([1, 2, 4]) if is_exact else graph.number(1, 2 * n) for n in value.shape[2:]
    ]
    if graph.chance(0.5):
        attrs["axes"] = [2, 3]
        operands = ["", "", graph.integers(sizes)]
    else:
        operands = ["", "", graph.integers([*value.shape[:2], *sizes])]
    graph.node("Resize", [value, *operands], exact=False, **attrs)


def pad_axes(graph: Graph) -> None:
    """Pad of some axes, wrapped too."""
    value = _full(graph)
    if value.array.dtype == bool:
        raise Rejected
    axis = graph.number(0, value.rank - 1)
    most = value.shape[axis] - 1
    mode = graph.one_of(["constant", "edge", "reflect", "wrap"])
    if mode == "wrap" and graph.opset < 19:
        raise Rejected
    sizes = graph.integers([graph.number(0, min(most, 3)) for _ in range(2)])
    where = graph.integers([axis - graph.one_of([0, value.rank])])
    graph.node("Pad", [value, sizes, "", where], exact=True, mode=mode)


def empty_split(graph: Graph) -> None:
    """Split with a part of no elements."""
    value = graph.pick(lambda v: v.rank > 0)
    axis = graph.number(0, value.rank - 1)
    first = graph.number(0, value.shape[axis])
    sizes = graph.integers([first, 0, value.shape[axis] - first])
    graph.node("Split", [value, sizes], results=3, exact=True, axis=axis)


def constant_of(op: str, graph: Graph) -> None:
    """What only the shape of a value decides."""
    if op == "EyeLike":
        graph.node(op, [graph.pick(lambda v: v.rank == 2)], exact=True, k=graph.number(-1, 2))
        return
    (found,) = graph.node("Shape", [graph.pick()], exact=True)
    if op == "ConstantOfShape":
        graph.node(op, [found], exact=True)
    else:
        graph.node("Size", [graph.pick()], exact=True)


def center(graph: Graph) -> None:
    """CenterCropPad of one axis."""
    value = _full(graph)
    axis = graph.number(0, value.rank - 1)
    size = graph.integers([graph.number(1, value.shape[axis] + 3)])
    graph.node("CenterCropPad", [value, size], exact=True, axes=[axis])


def reshape_back(graph: Graph) -> None:
    """Dimensions folded into others and unfolded again, a transposition between."""
    value = graph.pick(lambda v: v.rank >= 3 and v.array.size > 0)
    a, b, *rest = value.shape
    (folded,) = graph.node("Reshape", [value, graph.integers([a * b, *rest])], exact=True)
    order = [1, 0, *range(2, folded.rank)]
    (turned,) = graph.node("Transpose", [folded], exact=True, perm=order)
    graph.node("Reshape", [turned, graph.integers([rest[0], a, b, *rest[1:]])], exact=True)


RULES: list[Callable[[Graph], Any]] = [
    *[scatter_nd, scatter_part, gather_computed, gather_nd_batched, one_hot, compress],
    *[reverse_sequence, top_k_of_axis, resize_modes, resize_modes, pad_axes, empty_split, center],
    *[reshape_back, reshape_back],
    *(partial(constant_of, op) for op in ("EyeLike", "ConstantOfShape", "Size")),
]
