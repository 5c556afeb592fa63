"""How tiles of narrow operands lie in the registers of a matrix unit.

Rows of a tile register lie at equal distances in memory: a piece of one row of an image, mostly. An
image of a few rows has pieces too short to fill a register. There, tiles run over all of it, from
one row of the image into the next, and what lies between (padding, or pixels that a stride leaves
out) is computed and dropped:

    7x7 of a padded 9x9     rows 0 .. 60 of memory     tiles from 0, 16, 32, 45
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.dot_tile import KINDS, DotForm
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.microkernels.tile_op import Operand, TileOp
from aicc.target import Target

ROWS, ROW_BYTES, TILES = 16, 64, 8
GROUP_BYTES = 4
# Rows, or groups of the reduction, below which most of a tile would be empty.
FEWEST = 4
# Part of the rows of such tiles that must not be dropped.
USED = 0.6
# Weights of so many bytes, side by side, stay in the first-level cache for all rows.
HELD_PANEL = 24 * 1024
WIDEST = 64


@dataclass(frozen=True)
class Shape:
    """`count` tiles of `rows` points by `columns` tiles of 16 lanes; `depth` groups a step.

    A step takes all of the dimensions `whole`, the innermost of which is `depth_dim`, or else a
    part of `depth_dim`. Tiles over a whole image begin at the rows `starts`; a step of each
    dimension of it is as many rows as `pitches` says.
    """

    row_dim: int
    rows: int
    count: int
    columns: int
    depth_dim: int
    depth: int
    whole: tuple[int, ...]
    starts: tuple[int, ...] = ()
    pitches: tuple[tuple[int, int], ...] = ()

    @property
    def sums(self) -> int:
        """Tiles of sums."""
        return self.count * self.columns

    @property
    def held(self) -> int:
        """Tiles of rows held at a time: all, or as many as there are left."""
        return TILES - 1 - self.sums if self.starts else self.count

    @property
    def height(self) -> int:
        """Rows of sums that leave the unit."""
        return self.starts[-1] + self.rows if self.starts else self.rows * self.count

    def row_of(self, number: int, point: dict[int, int]) -> int:
        """Where the sums of a cell lie, the `number`-th of all."""
        if not self.starts:
            return number // self.columns
        return sum(point[dim] * pitch for dim, pitch in self.pitches)


def image_starts(image: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """First rows of the tiles over a whole image; () for one that is none, or too large.

    `image` are (extent, distance in memory) of its dimensions, the innermost last.
    """
    if not image or image[-1][0] >= ROWS:
        return ()
    unit = image[-1][1]
    if unit < 1 or any(step % unit for _, step in image):
        return ()
    height = 1 + sum((extent - 1) * (step // unit) for extent, step in image)
    count = -(-height // ROWS)
    points = math.prod(extent for extent, _ in image)
    if height < ROWS or count > TILES - 2 or points < USED * count * ROWS:
        return ()
    return tuple(min(i * ROWS, height - ROWS) for i in range(count))


def image_of(kernel: Any, dims: Sequence[int]) -> list[tuple[int, int]]:
    """(extent, distance in memory) of dimensions of the result, in the first operand.

    `kernel` is a `Contraction`.
    """
    shape = kernel.op.operands[0].type.shape
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    return [(kernel.extents[dim], _elements(kernel.inputs[0], strides, dim)) for dim in dims]


def matrix_rows(kernel: Any, machine: Target) -> int:
    """Rows of a tile register for a contraction of narrow groups, 0 if it does not fit.

    `kernel` is a `Contraction`.
    """
    element = str(kernel.op.operands[0].type.element_type)
    kind = next((k for k in KINDS if k.element == element), None)
    if kind is None or not machine.has(kind.matrix_feature):
        return 0
    *inner, group = kernel.reduction
    if kernel.extents[group] != kind.group:
        return 0
    shape = kernel.op.operands[0].type.shape
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    run = _run(inner, kernel.extents, [lambda dim: _elements(kernel.inputs[0], strides, dim)])
    return ROWS if run and run[0] >= FEWEST else 0


def matrix_count(columns: int) -> int:
    """Tiles of rows that share each tile of weights, where `columns` tiles of lanes lie abreast.

    Weights come from the second-level cache or further: two by two tiles of sums read half of what
    one by four do. One tile of weights at a time is held.
    """
    return max(1, min(3 if columns == 1 else 2, (TILES - 1) // (columns + 1)))


def matrix_block(
    element: str,
    columns: int,
    depth: int,
    image: Sequence[tuple[int, int]],
    machine: Target,
) -> int:
    """Columns of weights side by side for the matrix unit; 0 where the vectors' own number does.

    `depth` are the bytes of a column, `image` is that of `image_starts`. Over images of few rows
    weights stream, and those that more rows share come less often: once, where one tile of columns
    goes over all rows. Columns of little depth are as many as fill a line of the result.
    """
    if not any(k.element == element and machine.has(k.matrix_feature) for k in KINDS):
        return 0
    if image_starts(image):
        return ROWS
    if not image or image[-1][0] <= ROWS:
        return min(2, -(-columns // ROWS)) * ROWS
    return WIDEST if columns % WIDEST == 0 and depth * WIDEST <= HELD_PANEL else 0


def _elements(forms: Sequence[LinearForm], strides: Sequence[int], dim: int) -> int:
    """Elements between two steps of `dim`."""
    steps = [dict(form.terms).get(dim, 0) for form in forms]
    return sum(step * stride for step, stride in zip(steps, strides, strict=True))


def _run(
    dims: Sequence[int], extents: Sequence[int], strides: Sequence[Callable[[int], int]]
) -> tuple[int, tuple[int, ...]] | None:
    """(groups of the reduction in a row of a tile register, the dimensions taken as a whole).

    `dims` are reduced, the innermost last. Of a window of few channels, the taps of a row lie side
    by side in memory, and are one run with the channels.
    """
    inner = [dim for dim in dims if extents[dim] > 1]
    if not inner:
        return None
    last, most = inner[-1], ROW_BYTES // GROUP_BYTES
    if extents[last] > most:
        return _divisor(extents[last], most), ()
    groups = extents[last]
    whole: tuple[int, ...] = (last,)
    for dim in reversed(inner[:-1]):
        follows = all(stride(dim) == groups * stride(last) for stride in strides)
        if not follows or groups * extents[dim] > most:
            break
        groups, whole = groups * extents[dim], (dim, *whole)
    return groups, whole


def matrix_shape(tile: TileOp, form: DotForm, lanes: int) -> Shape | None:
    """How a tile lies in tile registers; None if it does not fit, or would leave most empty."""
    wide = [dim for dim in tile.point_dims if tile.extents[dim] > 1]
    inner = [dim for dim in tile.reduction_dims if dim != form.group_dim]
    if not wide or not _has_strides(form):
        return None
    strides = [functools.partial(stride_of, o) for o in (form.across, form.along)]
    run = _run(inner, tile.extents, strides)
    if run is None:
        return None
    row_dim, depth_dim = wide[-1], [dim for dim in inner if tile.extents[dim] > 1][-1]
    if stride_of(form.across, depth_dim) != GROUP_BYTES:
        return None
    depth, whole = run
    points = math.prod(tile.extents[dim] for dim in tile.point_dims)
    rows = _divisor(tile.extents[row_dim], ROWS)
    columns = tile.extents[tile.lane_dim] // lanes
    shape = Shape(row_dim, rows, points // rows, columns, depth_dim, depth, whole)
    if shape.sums + shape.count + 1 <= TILES:
        return shape if min(rows, depth) >= FEWEST else None
    return _over_image(tile, form, shape, wide)


def _over_image(tile: TileOp, form: DotForm, shape: Shape, wide: Sequence[int]) -> Shape | None:
    """The shape whose tiles run on from one row of an image to the next."""
    steps = [stride_of(form.across, dim) for dim in wide]
    extents = [tile.extents[dim] for dim in wide]
    starts = image_starts(list(zip(extents, steps, strict=True)))
    if not starts or shape.columns > 1 or shape.depth < FEWEST:
        return None
    pitches = tuple((dim, step // steps[-1]) for dim, step in zip(wide, steps, strict=True))
    return replace(shape, rows=ROWS, count=len(starts), starts=starts, pitches=pitches)


def _divisor(extent: int, most: int) -> int:
    """The largest divisor of `extent` that is at most `most`."""
    return next(n for n in range(min(extent, most), 0, -1) if extent % n == 0)


def _has_strides(form: DotForm) -> bool:
    known = [
        ir.MemRefType(o.memref.type).get_strides_and_offset() for o in (form.across, form.along)
    ]
    dynamic = ir.ShapedType.get_dynamic_stride_or_offset()
    return all(dynamic not in strides for strides, _ in known)


def stride_of(operand: Operand, dim: int) -> int:
    """Bytes between two steps of `dim`."""
    strides, _ = ir.MemRefType(operand.memref.type).get_strides_and_offset()
    size = ir.MemRefType(operand.memref.type).element_type.width // 8
    return size * _elements(operand.forms, strides, dim)
