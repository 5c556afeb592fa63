"""Operators that surround, repeat or rearrange dimensions."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from aicc.dialects.graph.indexing import Gather, ScatterElements
from aicc.dialects.graph.movement import Expand, Pad, Reshape, Transpose
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import broadcast_shapes

from ..node import Node
from ..registry import onnx_op
from .indexing import take_range


def _pad(n: Node, x: Any, pads: list[int], axes: list[int], mode: str, value: Any) -> Any:
    rank = x.type.rank
    if len(pads) != 2 * len(axes):
        n.invalid(f"has {len(pads)} pads for {len(axes)} axes")
    low, high = [0] * rank, [0] * rank
    for i, axis in enumerate(axes):
        low[axis % rank], high[axis % rank] = pads[i], pads[len(axes) + i]
    if not any(low) and not any(high):
        return x
    return n.emit(Pad, x, value, low=low, high=high, mode=mode)


@onnx_op("Pad")
def pad_2(n: Node, x: Any, *, pads: list[int], mode: str = "constant", value: float = 0.0) -> Any:
    """Pads and value as attributes."""
    return _pad(n, x, pads, list(range(x.type.rank)), mode, n.like(value, x))


@onnx_op("Pad", since=11)
def pad_11(
    n: Node, x: Any, pads: Any, value: Any = None, axes: Any = None, *, mode: str = "constant"
) -> Any:
    """Elements around some dimensions; a negative pad cuts."""
    along = list(range(x.type.rank)) if axes is None else n.integers(axes, "the axes")
    fill = n.like(0, x) if value is None else n.emit(Reshape, value, shape=[])
    return _pad(n, x, n.integers(pads, "the pads"), along, mode, fill)


@onnx_op("Expand", since=8)
def expand(n: Node, x: Any, shape: Any) -> Any:
    """Broadcast in both directions: a 1 in the shape keeps the operand's dimension."""
    wanted = broadcast_shapes(x.type.shape, n.integers(shape, "the shape"))
    return x if wanted == list(x.type.shape) else n.emit(Expand, x, shape=wanted)


@onnx_op("Tile", since=6)
def tile(n: Node, x: Any, repeats: Any) -> Any:
    """Each dimension repeated as a whole: a broadcast dimension before it, folded into it."""
    times, shape = n.integers(repeats, "the repeats"), list(x.type.shape)
    if len(times) != len(shape):
        n.invalid(f"has {len(times)} repeats for {x.type}")
    if all(t == 1 for t in times):
        return x
    narrow = [d for size in shape for d in (1, size)]
    wide = [d for t, size in zip(times, shape, strict=True) for d in (t, size)]
    copies = n.emit(Expand, n.emit(Reshape, x, shape=narrow), shape=wide)
    return n.emit(Reshape, copies, shape=[t * d for t, d in zip(times, shape, strict=True)])


def _blocks(n: Node, x: Any, mode: str, blocksize: int, channels: int) -> None:
    if x.type.rank != 4 or blocksize < 1 or mode not in ("DCR", "CRD"):
        n.invalid(f"rearranges {x.type} in blocks of {blocksize}, mode '{mode}'")
    sizes = [x.type.shape[1]] if channels else list(x.type.shape[2:])
    if any(s % (blocksize**2 if channels else blocksize) for s in sizes):
        n.invalid(f"blocks of {blocksize} do not divide {x.type}")


@onnx_op("DepthToSpace")
def depth_to_space(n: Node, x: Any, *, blocksize: int, mode: str = "DCR") -> Any:
    """Channels become blocks of the image."""
    _blocks(n, x, mode, blocksize, channels=1)
    batch, depth, high, wide = x.type.shape
    s, depth = blocksize, depth // blocksize**2
    split = [batch, s, s, depth, high, wide] if mode == "DCR" else [batch, depth, s, s, high, wide]
    order = [0, 3, 4, 1, 5, 2] if mode == "DCR" else [0, 1, 4, 2, 5, 3]
    moved = n.emit(Transpose, n.emit(Reshape, x, shape=split), permutation=order)
    return n.emit(Reshape, moved, shape=[batch, depth, high * s, wide * s])


@onnx_op("SpaceToDepth")
def space_to_depth(n: Node, x: Any, *, blocksize: int, mode: str = "DCR") -> Any:
    """Blocks of the image become channels."""
    _blocks(n, x, mode, blocksize, channels=0)
    batch, depth, high, wide = x.type.shape
    s, high, wide = blocksize, high // blocksize, wide // blocksize
    order = [0, 3, 5, 1, 2, 4] if mode == "DCR" else [0, 1, 3, 5, 2, 4]
    split = n.emit(Reshape, x, shape=[batch, depth, high, s, wide, s])
    moved = n.emit(Transpose, split, permutation=order)
    return n.emit(Reshape, moved, shape=[batch, depth * s * s, high, wide])


@onnx_op("CenterCropPad", since=18)
def center_crop_pad(n: Node, x: Any, shape: Any, *, axes: list[int] | None = None) -> Any:
    """The middle of what is too long, zeros around what is too short."""
    rank = x.type.rank
    along = [a % rank for a in axes] if axes else list(range(rank))
    pads = []
    for axis, wanted in zip(along, n.integers(shape, "the shape"), strict=True):
        extra = wanted - x.type.shape[axis]
        if extra < 0:
            x = take_range(n, x, axis, -extra // 2, wanted)
        pads.append((max(extra, 0) // 2, max(extra, 0) - max(extra, 0) // 2))
    flat = [low for low, _ in pads] + [high for _, high in pads]
    return _pad(n, x, flat, along, "constant", n.like(0, x))


@onnx_op("MaxUnpool", since=9)
def max_unpool(
    n: Node,
    x: Any,
    indices: Any,
    output_shape: Any = None,
    *,
    kernel_shape: list[int],
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Elements back at the (flat) positions a pooling took them from, zeros elsewhere."""
    spatial = len(kernel_shape)
    strides, pads = strides or [1] * spatial, pads or [0] * (2 * spatial)
    shape = list(x.type.shape)
    for i, window in enumerate(kernel_shape):
        shape[2 + i] = (shape[2 + i] - 1) * strides[i] + window - pads[i] - pads[spatial + i]
    zeros = n.emit(Expand, n.like(0, x), shape=[prod(shape)])
    flat = [prod(x.type.shape)]
    y = n.emit(
        ScatterElements,
        zeros,
        n.emit(Reshape, indices, shape=flat),
        n.emit(Reshape, x, shape=flat),
        axis=0,
    )
    y = n.emit(Reshape, y, shape=shape)
    if output_shape is None:
        return y
    wanted = n.integers(output_shape, "the output shape")
    missing = [w - d for w, d in zip(wanted, shape, strict=True)]
    along = list(range(len(shape)))
    return _pad(n, y, [0] * len(shape) + missing, along, "constant", n.like(0, x))


@onnx_op("Col2Im", since=18)
def col2im(
    n: Node,
    x: Any,
    image_shape: Any,
    block_shape: Any,
    *,
    dilations: list[int] | None = None,
    pads: list[int] | None = None,
    strides: list[int] | None = None,
) -> Any:
    """Sum of the overlapping blocks: every image element gathers the column elements it is in."""
    image = n.integers(image_shape, "the image shape")
    block = n.integers(block_shape, "the block shape")
    spatial = len(image)
    batch, depth, columns = x.type.shape
    table = _column_table(
        image,
        block,
        dilations or [1] * spatial,
        pads or [0] * (2 * spatial),
        strides or [1] * spatial,
    )
    if depth % prod(block) or columns * prod(block) < table.max(initial=-1) + 1:
        n.invalid(f"{x.type} does not hold blocks {block} of the image {image}")
    channels, length = depth // prod(block), prod(block) * columns
    flat = n.emit(Reshape, x, shape=[batch, channels, length])
    # what no block covers reads the zero behind the last element
    flat = n.emit(Pad, flat, n.like(0, x), low=[0, 0, 0], high=[0, 0, 1])
    table = np.where(table < 0, length, table)
    parts = n.emit(Gather, flat, n.constant(table, np.int64), axis=2)
    total = n.emit(REDUCE["reduce_sum"], parts, axes=[3], keepdims=False)
    return n.emit(Reshape, total, shape=[batch, channels, *image])


def _column_table(
    image: list[int], block: list[int], dilations: list[int], pads: list[int], strides: list[int]
) -> np.ndarray[Any, Any]:
    """[image element, i]: flat positions (block element, block) of its contributions, else -1."""
    spatial = len(image)
    counts = [
        (image[d] + pads[d] + pads[spatial + d] - dilations[d] * (block[d] - 1) - 1) // strides[d]
        + 1
        for d in range(spatial)
    ]
    where = np.indices(image).reshape(spatial, -1)
    found = []
    for k, offset in enumerate(np.ndindex(*block)):
        column, valid = np.zeros(where.shape[1], np.int64), np.ones(where.shape[1], bool)
        for d in range(spatial):
            start = where[d] + pads[d] - offset[d] * dilations[d]
            valid &= (start % strides[d] == 0) & (start >= 0) & (start // strides[d] < counts[d])
            column = column * counts[d] + start // strides[d]
        found.append(np.where(valid, k * prod(counts) + column, -1))
    # contributions first, so that the columns that are never used can go
    table = -np.sort(-np.stack(found, axis=1), axis=1)
    return table[:, : max(1, int((table >= 0).sum(axis=1).max(initial=1)))]
