"""What is drawn to move elements: shapes, slices, gathers, scatters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value


def transpose(graph: Graph) -> None:
    """Any permutation; often the two that change an image's layout."""
    value = graph.pick(lambda v: v.rank >= 2)
    order = [int(axis) for axis in graph.random.permutation(value.rank)]
    if value.rank == 4 and graph.chance(0.5):
        order = graph.one_of([[0, 2, 3, 1], [0, 3, 1, 2]])
    graph.node("Transpose", [value], exact=True, perm=order)


def factors(graph: Graph, count: int) -> list[int]:
    """A random way to write `count` as a product."""
    sizes = []
    while count > 1 and len(sizes) < 3:
        size = graph.one_of([n for n in range(1, count + 1) if count % n == 0])
        sizes.append(size)
        count //= size
    return [*sizes, count]


def reshape(graph: Graph) -> None:
    """Reshape, sometimes with a -1 or a 0."""
    value = graph.pick()
    sizes = factors(graph, prod(value.shape))
    if graph.chance(0.5) and prod(value.shape):
        sizes[graph.number(0, len(sizes) - 1)] = -1
    elif value.rank > 1 and graph.chance(0.3):
        sizes = [0, -1]
    graph.node("Reshape", [value, graph.integers(sizes)], exact=True)


def flatten(graph: Graph) -> None:
    """Flatten at any axis."""
    value = graph.pick()
    graph.node("Flatten", [value], exact=True, axis=graph.number(-value.rank, value.rank))


def squeeze(graph: Graph) -> None:
    """Squeeze one or all dimensions of size one."""
    value = graph.pick(lambda v: 1 in v.shape)
    axes = [axis for axis, size in enumerate(value.shape) if size == 1]
    chosen = [[graph.integers([graph.one_of(axes)])], []]
    graph.node("Squeeze", [value, *graph.one_of(chosen)], exact=True)


def unsqueeze(graph: Graph) -> None:
    """Unsqueeze one dimension."""
    value = graph.pick(lambda v: v.rank < 5)
    axis = graph.number(-value.rank - 1, value.rank)
    graph.node("Unsqueeze", [value, graph.integers([axis])], exact=True)


def expand(graph: Graph) -> None:
    """Broadcast the dimensions of size one."""
    value = graph.pick(lambda v: v.rank < 5)
    sizes = [graph.number(1, 3) if size == 1 else size for size in value.shape]
    sizes = [graph.number(1, 2), *sizes] if graph.chance(0.3) else sizes
    graph.node("Expand", [value, graph.integers(sizes)], exact=True)


def tile(graph: Graph) -> None:
    """Repeat along some dimensions."""
    value = graph.pick(lambda v: 0 < v.rank < 5)
    repeats = [graph.one_of([1, 1, 2, 3]) for _ in value.shape]
    graph.node("Tile", [value, graph.integers(repeats)], exact=True)


def concat(graph: Graph) -> None:
    """Concatenate values that fit, the same one twice included."""
    value = graph.pick(lambda v: v.rank > 0)
    axis = graph.number(0, value.rank - 1)
    parts = [value]
    for _ in range(graph.number(1, 2)):
        parts.append(graph.pick(lambda v: _joins(v, value, axis)))
    graph.random.shuffle(parts)
    graph.node("Concat", parts, exact=True, axis=axis - graph.one_of([0, value.rank]))


def _joins(a: Value, b: Value, axis: int) -> bool:
    if a.array.dtype != b.array.dtype or a.rank != b.rank:
        return False
    return all(i == axis or m == n for i, (m, n) in enumerate(zip(a.shape, b.shape, strict=True)))


def split(graph: Graph) -> None:
    """Split into two or three parts, given sizes or a number of outputs."""
    value = graph.pick(lambda v: v.rank > 0 and max(v.shape) > 2)
    axis = int(np.argmax(value.shape))
    size = value.shape[axis]
    if graph.chance(0.5):
        first = graph.number(1, size - 1)
        sizes = graph.integers([first, size - first])
        graph.node("Split", [value, sizes], results=2, exact=True, axis=axis)
    else:
        graph.node("Split", [value], results=3, exact=True, axis=axis, num_outputs=3)


def slices(graph: Graph) -> None:
    """Slice one or two axes, with negative bounds and steps."""
    value = graph.pick(lambda v: v.rank > 0)
    axes = sorted({graph.number(0, value.rank - 1) for _ in range(graph.number(1, 2))})
    steps = [graph.one_of([1, 1, 2, 3, -1, -2]) for _ in axes]
    starts = [graph.number(-value.shape[a], value.shape[a]) for a in axes]
    ends = [graph.one_of([2**31, -(2**31), 2, -1, value.shape[a]]) for a in axes]
    bounds = [graph.integers(numbers) for numbers in (starts, ends, axes, steps)]
    graph.node("Slice", [value, *bounds], exact=True)


def pad(graph: Graph) -> None:
    """Pad in every mode; a constant pad may cut off too."""
    value = graph.pick(lambda v: v.rank > 0 and v.array.dtype != bool)
    mode = graph.one_of(["constant", "constant", "reflect", "edge"])
    most = 2 if mode != "reflect" else min(2, min(value.shape) - 1)
    if most < 1:
        raise Rejected
    least = -1 if mode == "constant" and min(value.shape) > 2 else 0
    amounts = graph.integers([graph.number(least, most) for _ in range(2 * value.rank)])
    fill = [graph.weight(value.array.dtype.type(1))] if mode == "constant" else []
    graph.node("Pad", [value, amounts, *fill], exact=True, mode=mode)


def gather(graph: Graph) -> None:
    """Gather constant indices, negative ones included."""
    value = graph.pick(lambda v: v.rank > 0 and min(v.shape) > 0)
    axis = graph.number(0, value.rank - 1)
    size = value.shape[axis]
    shape = graph.one_of([(), (3,), (2, 2)])
    indices = graph.random.integers(-size, size, shape)
    where = graph.weight(np.asarray(indices, graph.one_of([np.int64, np.int32])))
    graph.node("Gather", [value, where], exact=True, axis=axis)


def gather_elements(graph: Graph) -> None:
    """GatherElements along one axis."""
    value = graph.pick(lambda v: v.rank > 0 and min(v.shape) > 0)
    axis = graph.number(0, value.rank - 1)
    indices = graph.random.integers(-value.shape[axis], value.shape[axis], value.shape)
    graph.node("GatherElements", [value, graph.weight(indices)], exact=True, axis=axis)


def scatter_elements(graph: Graph) -> None:
    """ScatterElements of rows that do not meet, or that are added."""
    value = graph.floats(1)
    axis = graph.number(0, value.rank - 1)
    if not value.shape[axis]:
        raise Rejected
    shape = tuple(1 if i == axis else size for i, size in enumerate(value.shape))
    indices = graph.weight(graph.random.integers(0, value.shape[axis], shape))
    updates = graph.weight(graph.grid(shape, value.array.dtype))
    kind = graph.one_of(["none", "add", "max"])
    graph.node("ScatterElements", [value, indices, updates], exact=True, axis=axis, reduction=kind)


def gather_nd(graph: Graph) -> None:
    """GatherND of leading indices."""
    value = graph.pick(lambda v: v.rank > 1 and min(v.shape) > 0)
    depth = graph.number(1, value.rank - 1)
    rows = [[graph.number(0, n - 1) for n in value.shape[:depth]] for _ in range(3)]
    graph.node("GatherND", [value, graph.weight(np.array(rows, np.int64))], exact=True)


def blocks(op: str, graph: Graph) -> None:
    """DepthToSpace and SpaceToDepth."""
    if op == "DepthToSpace":
        value = graph.pick(lambda v: v.rank == 4 and v.is_float and v.shape[1] % 4 == 0)
        mode = {"mode": graph.one_of(["DCR", "CRD"])}
    else:
        value = graph.pick(lambda v: v.rank == 4 and v.is_float and not any(np.mod(v.shape[2:], 2)))
        mode = {}
    graph.node(op, [value], exact=True, blocksize=2, **mode)


def trilu(graph: Graph) -> None:
    """The upper or lower triangle."""
    value = graph.pick(lambda v: v.rank >= 2)
    graph.node("Trilu", [value], exact=True, upper=graph.number(0, 1))


def resize(graph: Graph) -> None:
    """Resize an image by nearest or linear interpolation."""
    value = graph.floats(4, 4)
    mode = graph.one_of(["nearest", "linear"])
    scales = graph.weight(np.array([1, 1, graph.one_of([1, 2, 1.5, 0.5]), 2], np.float32))
    places = graph.one_of(["asymmetric", "half_pixel", "align_corners"])
    rounding = {"nearest_mode": "floor"} if mode == "nearest" else {}
    graph.node(
        "Resize",
        [value, "", scales],
        exact=False,
        mode=mode,
        coordinate_transformation_mode=places,
        **rounding,
    )


def shape_of(graph: Graph) -> None:
    """Shape, which others then compute with."""
    graph.node("Shape", [graph.pick()], exact=True)


RULES: list[Callable[[Graph], Any]] = [
    *[transpose, transpose, reshape, reshape, concat, concat, slices, slices, split, pad, pad],
    *[flatten, squeeze, unsqueeze, expand, tile, gather, gather_elements, scatter_elements],
    *[gather_nd, trilu, resize, resize, shape_of],
    *(partial(blocks, op) for op in ("DepthToSpace", "SpaceToDepth")),
]
