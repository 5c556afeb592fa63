"""Operators that pick or place elements: slices, gathers, scatters, sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.indexing import (
    Gather,
    GatherElements,
    GatherND,
    ReverseSequence,
    ScatterElements,
    ScatterND,
    TopK,
)
from aicc.dialects.graph.movement import Expand, Reshape, Slice
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_count

from ..node import Node, constant_array, is_constant
from ..registry import onnx_op


def take_range(n: Node, x: Any, axis: int, start: int, size: int) -> Any:
    """The elements [start, start + size) along `axis`."""
    shape = list(x.type.shape)
    if (start, size) == (0, shape[axis]):
        return x
    starts, sizes = [0] * len(shape), shape
    starts[axis], sizes[axis] = start, size
    return n.emit(Slice, x, starts=starts, sizes=sizes, steps=[1] * len(shape))


def _slice(
    n: Node, x: Any, starts: list[int], ends: list[int], axes: list[int], steps: list[int]
) -> Any:
    """Python's slicing per axis: bounds count from the end if negative, and are clamped."""
    shape = list(x.type.shape)
    if not len(starts) == len(ends) == len(axes) == len(steps):
        n.invalid(f"has {len(starts)} starts, {len(ends)} ends, {len(axes)} axes")
    firsts, sizes, strides = [0] * len(shape), list(shape), [1] * len(shape)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        if not -len(shape) <= axis < len(shape):
            n.invalid(f"axis {axis} is outside {x.type}")
        if step == 0:
            n.invalid("a step is 0")
        picked = range(*slice(start, end, step).indices(shape[axis]))
        firsts[axis] = picked.start if picked else 0
        sizes[axis], strides[axis] = len(picked), step if picked else 1
    if sizes == shape and strides == [1] * len(shape):
        return x
    if 0 in sizes:
        dtype = numpy_dtype(dtype_of(x.type.element_type))
        return n.constant(np.zeros(sizes, dtype))
    return n.emit(Slice, x, starts=firsts, sizes=sizes, steps=strides)


@onnx_op("Slice", since=10)
def slice_10(n: Node, x: Any, starts: Any, ends: Any, axes: Any = None, steps: Any = None) -> Any:
    """x[start:end:step] along some axes."""
    first, last = n.integers(starts, "the starts"), n.integers(ends, "the ends")
    along = list(range(len(first))) if axes is None else n.integers(axes, "the axes")
    by = [1] * len(first) if steps is None else n.integers(steps, "the steps")
    return _slice(n, x, first, last, along, by)


@onnx_op("Slice")
def slice_1(
    n: Node, x: Any, *, starts: list[int], ends: list[int], axes: list[int] | None = None
) -> Any:
    """Slice with its bounds as attributes."""
    along = list(range(len(starts))) if axes is None else axes
    return _slice(n, x, starts, ends, along, [1] * len(starts))


@onnx_op("Gather")
def gather(n: Node, x: Any, indices: Any, *, axis: int = 0) -> Any:
    """One constant index is a slice, anything else looks the indices up."""
    shape, rank = list(x.type.shape), x.type.rank
    if not -rank <= axis < rank:
        n.invalid(f"axis {axis} is outside {x.type}")
    axis %= rank
    if is_constant(indices) and element_count(indices.type.shape) == 1:
        index = int(constant_array(indices).reshape(()))
        if not -shape[axis] <= index < shape[axis]:
            n.invalid(f"index {index} is outside dimension {axis} of {x.type}")
        row = take_range(n, x, axis, index % shape[axis], 1)
        return n.emit(Reshape, row, shape=[*shape[:axis], *indices.type.shape, *shape[axis + 1 :]])
    return n.emit(Gather, x, indices, axis=axis)


@onnx_op("GatherElements", since=11)
def gather_elements(n: Node, x: Any, indices: Any, *, axis: int = 0) -> Any:
    """An index of its own for every element."""
    return n.emit(GatherElements, x, indices, axis=axis)


@onnx_op("GatherND", since=11)
def gather_nd(n: Node, x: Any, indices: Any, *, batch_dims: int = 0) -> Any:
    """Coordinates in the last dimension of `indices`."""
    return n.emit(GatherND, x, indices, batch_dims=batch_dims)


@onnx_op("Scatter", "ScatterElements", since=9)
def scatter_elements(
    n: Node, x: Any, indices: Any, updates: Any, *, axis: int = 0, reduction: str = "none"
) -> Any:
    """An index of its own for every update."""
    return n.emit(ScatterElements, x, indices, updates, axis=axis, reduction=reduction)


@onnx_op("ScatterND", since=11)
def scatter_nd(n: Node, x: Any, indices: Any, updates: Any, *, reduction: str = "none") -> Any:
    """Coordinates in the last dimension of `indices`."""
    return n.emit(ScatterND, x, indices, updates, reduction=reduction)


def _split(n: Node, x: Any, axis: int, sizes: list[int]) -> list[Any]:
    shape = list(x.type.shape)
    if sum(sizes) != shape[axis]:
        n.invalid(f"splits axis {axis} of {x.type} into {sizes}")
    parts, start = [], 0
    for size in sizes:
        parts.append(take_range(n, x, axis, start, size))
        start += size
    return parts


def _even_sizes(total: int, parts: int) -> list[int]:
    """Equal sizes; the last part is smaller if they do not divide."""
    chunk = -(-total // parts)
    sizes = [min(chunk, max(total - i * chunk, 0)) for i in range(parts)]
    return sizes


@onnx_op("Split")
def split_1(n: Node, x: Any, *, axis: int = 0, split: list[int] | None = None) -> list[Any]:
    """Split with the sizes as an attribute."""
    size = x.type.shape[axis]
    return _split(n, x, axis % x.type.rank, split or _even_sizes(size, len(n.outputs)))


@onnx_op("Split", since=13)
def split_13(
    n: Node, x: Any, split: Any = None, *, axis: int = 0, num_outputs: int | None = None
) -> list[Any]:
    """The sizes, or the number of parts."""
    if split is not None:
        sizes = n.integers(split, "the sizes of the parts")
    else:
        sizes = _even_sizes(x.type.shape[axis], num_outputs or len(n.outputs))
    return _split(n, x, axis % x.type.rank, sizes)


@onnx_op("ReverseSequence", since=10)
def reverse_sequence(
    n: Node, x: Any, sequence_lens: Any, *, batch_axis: int = 1, time_axis: int = 0
) -> Any:
    """Reverses a prefix of each sequence."""
    return n.emit(ReverseSequence, x, sequence_lens, batch_axis=batch_axis, time_axis=time_axis)


@onnx_op("TopK")
def topk_1(n: Node, x: Any, *, axis: int = -1, k: int) -> list[Any]:
    """The k largest."""
    return n.emit(TopK, x, k=k, axis=axis)


@onnx_op("TopK", since=10)
def topk_10(
    n: Node, x: Any, k: Any, *, axis: int = -1, largest: int = 1, sorted: int = 1
) -> list[Any]:
    """The k largest or smallest; sorted in any case."""
    (count,) = n.integers(k, "k")
    return n.emit(TopK, x, k=count, axis=axis, largest=bool(largest))


@onnx_op("TensorScatter", since=24)
def tensor_scatter(
    n: Node,
    past: Any,
    update: Any,
    write_indices: Any = None,
    *,
    axis: int = -2,
    mode: str = "linear",
) -> Any:
    """Writes `update` into a cache along `axis`, from a position of its own for each batch."""
    shape = list(update.type.shape)
    axis %= len(shape)
    steps = np.arange(shape[axis], dtype=np.int64)
    position = n.constant(steps.reshape([-1 if i == axis else 1 for i in range(len(shape))]))
    if write_indices is not None:
        starts = n.emit(Reshape, write_indices, shape=[shape[0]] + [1] * (len(shape) - 1))
        position = n.emit(BINARY["add"], starts, position)
    if mode == "circular":
        position = n.emit(BINARY["mod"], position, n.like(past.type.shape[axis], position))
    position = n.emit(Expand, position, shape=shape)
    return n.emit(ScatterElements, past, position, update, axis=axis)
