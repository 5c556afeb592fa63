"""Schedule of matrix products: packed weights, plain and batched operands.

One operand varies along the lanes (the columns), the other is broadcast. A register tile is some
rows times up to four vectors of columns; the panel of columns stays in the cache while all rows of
a chunk pass over it.

    %r = linalg.generic (m, n1, n0, k)      scf.forall n1 { scf.for m step 6 {
                                        ->    tile 6x1x64 over all k, epilogue on the tile } }
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from aicc.passes.schedule.kernel_shape import Contraction, runs_along
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.microkernels.matrix_shape import matrix_count
from aicc.passes.schedule.microkernels.prefetch import OUTPUT, PANEL, ROWS
from aicc.passes.schedule.register_cost import MAX_VECTORS, best_rows, best_tile, unrolls
from aicc.passes.schedule.schedule import MATMUL, Schedule
from aicc.passes.schedule.traffic import operands_of, outer_by_traffic

# A panel of the lane operand above this size is walked column tile by column tile.
PANEL_BYTES_IN_L1 = 24 * 1024
# Steps of the reduction per iteration: one request for later operands serves several steps.
UNROLL = 4
# A panel that more tiles use than this is waited for so rarely that asking ahead costs more.
MAX_TILES_OF_PREFETCH = 96
# Tiles of this many vectors have many rows and few loads of the panel to hide the rows behind.
MAX_VECTORS_OF_ROWS = 3
# A longer sum leaves time to fetch what the tile before stores to; rows of an unpacked result lie
# too far apart to be asked for.
MAX_STEPS_OF_OUTPUT = 400


def decide(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """The schedule of a matrix product, or the reason why it is none."""
    panel, rows = split_operands(kernel)
    if panel is None or rows is None:
        return "not one operand along the lanes and one across"
    row_dims = _rows_of(kernel, reuse_dims(kernel, panel))
    register = _register_tile(kernel, row_dims, lanes)
    operands = operands_of(kernel, panel, rows, row_dims, register[-1])
    outer, parallel = outer_by_traffic(kernel, operands, register, threads)
    order = tuple(range(len(kernel.shape)))
    depth = prod(kernel.extents[dim] for dim in kernel.reduction)
    if depth * kernel.shape[-1] * kernel.element_bytes > PANEL_BYTES_IN_L1:
        order = (*[d for d in order if d not in row_dims], *row_dims)
    return Schedule(
        MATMUL,
        outer,
        register,
        order,
        parallel,
        lanes,
        unroll=unroll_of(kernel, register, lanes),
        prefetch=prefetches(kernel, outer, register, row_dims, lanes),
    )


def unroll_of(kernel: Contraction, register: Sequence[int], lanes: int) -> int:
    """Steps of the reduction per iteration of a tile's loop.

    A tile that fills the registers loses a little when unrolled, which pays only where the loop is
    all there is: with one reduced dimension, the rows of the next tile are asked for as well.
    """
    vectors = -(-register[-1] // lanes)
    is_plain = sum(kernel.extents[dim] > 1 for dim in kernel.reduction) <= 1
    fits = unrolls(prod(register[:-1]), vectors, kernel.registers)
    return UNROLL if fits or is_plain else 1


def prefetches(
    kernel: Contraction,
    outer: Sequence[int],
    register: Sequence[int],
    row_dims: Sequence[int],
    lanes: int,
) -> tuple[str, ...]:
    """What the register tiles ask for ahead of time; nothing where one tile uses all of a panel."""
    tiles = prod((outer[dim] or kernel.shape[dim]) // register[dim] for dim in row_dims)
    wanted = [PANEL] if 1 < tiles <= MAX_TILES_OF_PREFETCH else []
    if tiles > 1 and register[-1] <= MAX_VECTORS_OF_ROWS * lanes:
        wanted.append(ROWS)
    is_packed = kernel.shape[-1] <= MAX_VECTORS * lanes
    if is_packed and prod(kernel.extents[d] for d in kernel.reduction) <= MAX_STEPS_OF_OUTPUT:
        wanted.append(OUTPUT)
    return tuple(wanted)


def split_operands(
    kernel: Contraction,
) -> tuple[tuple[LinearForm, ...] | None, tuple[LinearForm, ...] | None]:
    """(the operand whose last index runs along the lanes, the operand without the lanes)."""
    lane = kernel.lane_dim
    along = [f for f in kernel.inputs if f and runs_along(kernel, f)]
    across = [f for f in kernel.inputs if not any(form.uses(lane) for form in f)]
    if len(kernel.inputs) != 2 or len(along) != 1 or len(across) != 1:
        return None, None
    return along[0], across[0]


def reuse_dims(kernel: Contraction, panel: tuple[LinearForm, ...]) -> tuple[int, ...]:
    """The result's dimensions over which the lane operand is used again."""
    dims = range(kernel.lane_dim)
    return tuple(dim for dim in dims if not any(form.uses(dim) for form in panel))


def _rows_of(kernel: Contraction, dims: tuple[int, ...]) -> tuple[int, ...]:
    """Without dimensions of one element, which reshapes of operands leave behind."""
    return tuple(dim for dim in dims if kernel.shape[dim] > 1) or dims


def _register_tile(kernel: Contraction, row_dims: tuple[int, ...], lanes: int) -> tuple[int, ...]:
    tile = [1] * len(kernel.shape)
    rows = kernel.shape[row_dims[-1]] if row_dims else 1
    chunks = -(-kernel.shape[-1] // lanes)
    if kernel.matrix_rows and row_dims and chunks <= MAX_VECTORS:
        tile[row_dims[-1]] = min(matrix_count(chunks) * kernel.even_rows(rows), rows)
        tile[-1] = kernel.shape[-1]
        return tuple(tile)
    if chunks <= MAX_VECTORS and len(kernel.shape) > 2 and not row_dims[1:]:
        tile_rows, columns = best_rows(rows, chunks, kernel.registers)[0], kernel.shape[-1]
        if kernel.shape[-1] % lanes:
            tile_rows, columns = best_tile(rows, kernel.shape[-1], lanes, kernel.registers)
    else:
        tile_rows, columns = best_tile(rows, kernel.shape[-1], lanes, kernel.registers)
    if row_dims:
        tile[row_dims[-1]] = tile_rows
    tile[-1] = min(columns, kernel.shape[-1])
    return tuple(tile)
