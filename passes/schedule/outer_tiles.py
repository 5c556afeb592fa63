"""Choice of the outer tiles: what one thread, or one pass over the caches, works on.

Blocks of the result that share no operand of the lanes (column blocks of weights, images of a
batch) are taken one at a time. The remaining rows are split only as far as the second-level cache
or the number of threads ask for, always into equal parts: chunks are claimed dynamically, and equal
parts need no special last chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

# A thread claims a chunk with one atomic operation; this many chunks per thread keep all threads
# busy to the end even when one core is slowed down by another program.
CHUNKS_PER_THREAD = 4
# Below this many operations a parallel region costs more (about half a microsecond) than it saves.
MIN_PARALLEL_OPERATIONS = 200_000
MIN_CHUNK_OPERATIONS = 20_000
# Share of a core's second-level cache that the rows of one chunk may take (the bytes of a typical
# server core's 1 MB and more; the rest is for the panel of the other operand).
ROW_BYTES_IN_CACHE = 512 * 1024


def outer_tiles(
    shape: Sequence[int],
    row_dims: Sequence[int],
    register: Sequence[int],
    row_bytes: int,
    operations: int,
    threads: int,
) -> tuple[tuple[int, ...], bool]:
    """(tile per dimension, whether the chunks run in parallel).

    `row_dims` are the dimensions that reuse the panel of lanes, outermost first; `row_bytes` are
    the bytes of the operand they index.
    """
    lane = len(shape) - 1
    tiles = [0 if dim in row_dims or dim == lane else 1 for dim in range(len(shape))]
    blocks = prod(shape[dim] for dim in range(lane) if tiles[dim] == 1)
    is_parallel = threads > 1 and operations >= MIN_PARALLEL_OPERATIONS
    wanted = threads * CHUNKS_PER_THREAD if is_parallel else 1
    wanted = min(wanted, max(1, operations // MIN_CHUNK_OPERATIONS))
    parts = max(-(-wanted // blocks), -(-row_bytes // ROW_BYTES_IN_CACHE))
    for dim in row_dims:
        if parts <= 1:
            break
        tiles[dim] = _equal_part(shape[dim], parts, max(1, register[dim]))
        parts = -(-parts * tiles[dim] // shape[dim])
    chunks = prod(extent // tile for extent, tile in zip(shape, tiles, strict=True) if tile)
    return tuple(tiles), is_parallel and chunks > 1


def _equal_part(extent: int, parts: int, at_least: int) -> int:
    """The largest divisor of `extent` that makes `parts` parts, not far below the register tile."""
    divisors = [d for d in range(1, extent + 1) if extent % d == 0]
    fitting = [d for d in divisors if extent // d >= parts and 2 * d >= at_least]
    if fitting:
        return fitting[-1]
    coarser = [d for d in divisors if 2 * d >= at_least]
    return coarser[0] if coarser else extent
