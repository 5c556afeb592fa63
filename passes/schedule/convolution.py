"""Schedule of convolutions as implicit matrix products: packed NHWC, and plain NCHW as fallback.

NHWC with weights packed `[OC/NR, KH, KW, IC, NR]`: lanes run along the output channels of a block,
a register tile is a small window of output pixels, taps and input channels are the reduction.
NCHW: lanes run along the output columns and a register tile holds several output channels.

    (n, oh, ow, ocb, oc0, kh, kw, ic)  ->  scf.forall oh, ocb { scf.for ow { tile 1x14x1x32 } }
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.matmul import (
    prefetches,
    reuse_dims,
    split_operands,
    unroll_of,
)
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.microkernels.matrix_shape import image_of, image_starts, matrix_count
from aicc.passes.schedule.outer_tiles import (
    CHUNKS_PER_THREAD,
    MIN_PARALLEL_OPERATIONS,
    ROW_BYTES_IN_CACHE,
    claim_order,
    outer_tiles,
)
from aicc.passes.schedule.register_cost import MAX_VECTORS, best_tile, best_window
from aicc.passes.schedule.schedule import CONVOLUTION, Schedule
from aicc.passes.schedule.traffic import operands_of, outer_by_traffic

# Weights of up to so many bytes stay cached together while the rows of an image pass one by one. As
# measured on the whole of ResNet-50 in 8 bits, where 40 and 64 KiB take 6 % longer.
HELD_WEIGHTS = 160 * 1024


def decide(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """The schedule of a convolution, or the reason why it is none."""
    panel, pixels = split_operands(kernel)
    if panel is None or pixels is None:
        return _decide_strided_columns(kernel, lanes, threads)
    row_dims = reuse_dims(kernel, panel)
    register = _register_tile(kernel, row_dims, lanes)
    operands = operands_of(kernel, panel, pixels, row_dims, register[-1])
    outer = outer_by_traffic(kernel, operands, register, threads)
    block = kernel.lane_dim - 1
    if kernel.matrix_rows and _is_whole_image(kernel, row_dims):
        outer = _blocks_per_chunk(kernel, block, threads)
    elif kernel.matrix_rows and len(row_dims) > 1 and _weight_bytes(kernel) <= HELD_WEIGHTS:
        return _row_by_row(kernel, row_dims, register, threads, lanes)
    is_grouped = all(any(form.uses(block) for form in forms) for forms in kernel.inputs)
    if is_grouped and len(row_dims) > 1:
        outer = _rows_of_all_groups(kernel, pixels, row_dims[-2:], outer)
    return _with_outer(kernel, row_dims, register, outer, operands.row_bytes, lanes)


def _is_whole_image(kernel: Contraction, row_dims: Sequence[int]) -> bool:
    """Whether tiles of the matrix unit go over all rows of a small image at once."""
    if len(row_dims) < 2 or kernel.shape[-1] != kernel.matrix_rows:
        return False
    return bool(image_starts(image_of(kernel, row_dims[-2:])))


def _blocks_per_chunk(
    kernel: Contraction, block: int, threads: int
) -> tuple[tuple[int, ...], bool]:
    """Every image is one tile for a block of columns; chunks are several blocks."""
    tiles = [1 if kernel.shape[d] == 1 or d == 0 else 0 for d in range(len(kernel.shape))]
    blocks = kernel.shape[block]
    is_parallel = threads > 1 and kernel.operations() >= MIN_PARALLEL_OPERATIONS
    fewest = threads * CHUNKS_PER_THREAD if is_parallel else blocks
    counts = [n for n in range(1, blocks + 1) if blocks % n == 0 and blocks // n >= fewest]
    tiles[block] = max(counts, default=1)
    return tuple(tiles), is_parallel


def _weight_bytes(kernel: Contraction) -> int:
    """Bytes of the operand along the lanes."""
    weights = kernel.op.operands[1].type
    return prod(weights.shape) * max(8, weights.element_type.width) // 8


def _row_by_row(
    kernel: Contraction,
    row_dims: tuple[int, ...],
    register: tuple[int, ...],
    threads: int,
    lanes: int,
) -> Schedule:
    """All blocks of one row of the image: each reads and writes a cache line or less of a point.

    Block by block, every line and every page would come once for each of them.
    """
    rows, block = row_dims[-2], kernel.lane_dim - 1
    tiles = tuple(int(dim <= rows) for dim in range(len(kernel.shape)))
    order = tuple(range(rows + 1)) + (block, *range(rows + 1, block), kernel.lane_dim)
    is_parallel = threads > 1 and kernel.operations() >= MIN_PARALLEL_OPERATIONS
    return Schedule(CONVOLUTION, tiles, register, order, is_parallel, lanes)


def _rows_of_all_groups(
    kernel: Contraction,
    pixels: tuple[LinearForm, ...],
    window: tuple[int, ...],
    outer: tuple[tuple[int, ...], bool],
) -> tuple[tuple[int, ...], bool]:
    """Fewer rows at a time: the groups share cache lines, and had better find them in the cache."""
    height, width = window
    tiles, is_parallel = outer
    channels = prod(kernel.extents[d] for f in pixels[-2:] for d, _ in f.terms)
    steps = prod(c for form in pixels for d, c in form.terms if d in window)
    row_bytes = steps * kernel.shape[width] * channels * kernel.element_bytes
    most = min(tiles[height] or kernel.shape[height], max(1, ROW_BYTES_IN_CACHE // row_bytes))
    rows = max(n for n in range(1, most + 1) if kernel.shape[height] % n == 0)
    rows = rows if rows < kernel.shape[height] else 0
    return (*tiles[:height], rows, *tiles[height + 1 :]), is_parallel


def _decide_strided_columns(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """NCHW with a stride: the lanes gather their input, the output channels share what they got."""
    lane = kernel.lane_dim
    across = [f for f in kernel.inputs if not any(form.uses(lane) for form in f)]
    if len(kernel.inputs) != 2 or len(across) != 1:
        return "no operand is shared along the lanes"
    other = kernel.inputs[1 - kernel.inputs.index(across[0])]
    row_dims = reuse_dims(kernel, other)
    register = [1] * len(kernel.shape)
    if row_dims:
        register[row_dims[-1]] = min(8, kernel.shape[row_dims[-1]])
    register[-1] = min(lanes, kernel.shape[-1])
    outer = outer_tiles(kernel.shape, row_dims, register, 0, kernel.operations(), threads)
    return _with_outer(kernel, row_dims, tuple(register), outer, 0, lanes)


def _register_tile(kernel: Contraction, row_dims: tuple[int, ...], lanes: int) -> tuple[int, ...]:
    tile = [1] * len(kernel.shape)
    vectors = -(-kernel.shape[-1] // lanes)
    if len(row_dims) >= 2 and vectors <= MAX_VECTORS:
        height, width = row_dims[-2:]
        extents = kernel.shape[height], kernel.shape[width]
        if kernel.matrix_rows and _is_whole_image(kernel, row_dims):
            tile[height], tile[width], tile[-1] = *extents, kernel.shape[-1]
            return tuple(tile)
        if kernel.matrix_rows:
            tile[width], tile[-1] = kernel.even_rows(extents[1]), kernel.shape[-1]
            # larger images have more tiles than the weights that they share are worth
            is_small = extents[1] <= kernel.matrix_rows
            tile[height] = min(matrix_count(vectors), extents[0]) if is_small else 1
            return tuple(tile)
        tile[height], tile[width], _ = best_window(*extents, vectors, kernel.registers)
        tile[-1] = kernel.shape[-1]
        return tuple(tile)
    rows = kernel.shape[row_dims[-1]] if row_dims else 1
    tile_rows, columns = best_tile(rows, kernel.shape[-1], lanes, kernel.registers)
    if row_dims:
        tile[row_dims[-1]] = tile_rows
    tile[-1] = min(columns, kernel.shape[-1])
    return tuple(tile)


def _with_outer(
    kernel: Contraction,
    row_dims: tuple[int, ...],
    register: tuple[int, ...],
    outer: tuple[tuple[int, ...], bool],
    row_bytes: int,
    lanes: int,
) -> Schedule:
    tiles, parallel = outer
    order = claim_order(kernel.shape, row_dims, row_bytes, kernel.operations())
    return Schedule(
        CONVOLUTION,
        tiles,
        register,
        order,
        parallel,
        lanes,
        unroll=unroll_of(kernel, register, lanes),
        prefetch=prefetches(kernel, tiles, register, row_dims, lanes),
    )
