"""Choice of the outer tiles: what one thread, or one pass over the caches, works on.

Blocks of the result that share no operand of the lanes (column blocks of weights, images of a
batch) are taken one at a time. The rows are split only as far as the second-level cache or the
threads ask for, always into equal parts, which need no special last one.

Every thread gets an equal, contiguous share of the chunks (the runtime deals them out in order, and
moves work only when a thread falls behind). What comes first in that order decides what a thread
has to read that another core wrote: with rows first it is the edge of its rows, with blocks first
all of the rows; but with rows first every core reads all of the weights. So rows come first where
they are the larger part.

    1x56x56x(2x32), rows first      7 rows x 1 block, 16 chunks: rows 0-27 | rows 28-55
    1x7x7x(5x32), blocks first      1 row x 1 block, 35 chunks: blocks 0, 1, half of 2 | 2, 3, 4
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

# This many chunks per thread keep all threads busy to the end even when one core is slowed down by
# another program.
CHUNKS_PER_THREAD = 4
# Below this many operations (some microseconds) a parallel region costs more than it saves: about
# one microsecond, and its operands move between cores.
MIN_PARALLEL_OPERATIONS = 1_000_000
MIN_CHUNK_OPERATIONS = 20_000
# Share of a core's second-level cache that the rows of one chunk may take (the bytes of a typical
# server core's 1 MB and more; the rest is for the panel of the other operand).
ROW_BYTES_IN_CACHE = 512 * 1024
# Rows that the operands of a register tile cost, in time, on top of its own rows.
TILE_ENTRY_ROWS = 1.5
# Time lost, relative to all of it: rows whose blocks go to two threads, when rows come first; fewer
# chunks than wanted; chunks below MIN_CHUNK_OPERATIONS.
SHARED_ROWS, FEW_CHUNKS, SMALL_CHUNKS = 0.3, 0.02, 0.1


# Register tiles of a cut may take this much more time per row than those of uncut rows.
MAX_WASTE = 1.25


@dataclass(frozen=True)
class _Split:
    """The rows of one kernel cut at one dimension."""

    tiles: tuple[int, ...]  # per row dimension
    parts: int
    waste: float  # time of the register tiles, 1.0: that of uncut rows

    def loss(self, blocks: int, operations: int, threads: int, by_rows: bool) -> float:
        """Estimated time of all threads together, relative to the work itself."""
        chunks = self.parts * blocks
        loss = self.waste * -(-chunks // threads) * threads / chunks
        if by_rows and self.parts % threads:
            loss += SHARED_ROWS * (threads - 1) / self.parts
        if chunks < threads * CHUNKS_PER_THREAD:
            loss += FEW_CHUNKS
        return loss + SMALL_CHUNKS * (operations < chunks * MIN_CHUNK_OPERATIONS)


def outer_tiles(
    shape: Sequence[int],
    row_dims: Sequence[int],
    register: Sequence[int],
    row_bytes: int,
    operations: int,
    threads: int,
    parts: int = 0,
) -> tuple[tuple[int, ...], bool]:
    """(tile per dimension, whether the chunks run in parallel).

    `row_dims` are the dimensions that reuse the panel of lanes, outermost first; `row_bytes` are
    the bytes of the operand they index. `parts`: how often the rows are cut at least; 0: by bytes.
    """
    lane = len(shape) - 1
    tiles = [0 if dim in row_dims or dim == lane else 1 for dim in range(len(shape))]
    blocks = prod(shape[dim] for dim in range(lane) if tiles[dim] == 1)
    is_parallel = threads > 1 and operations >= MIN_PARALLEL_OPERATIONS
    parts = parts or -(-row_bytes // ROW_BYTES_IN_CACHE)
    splits = list(_splits([shape[d] for d in row_dims], [register[d] for d in row_dims]))
    fitting = [s for s in splits if s.parts >= parts and s.waste <= MAX_WASTE] or splits[:1]
    if is_parallel:
        by_rows = rows_come_first(shape, row_dims, row_bytes, operations)
        best = min(fitting, key=lambda s: (s.loss(blocks, operations, threads, by_rows), s.parts))
    else:
        best = min(fitting, key=lambda s: (s.parts, s.waste))
    for dim, tile in zip(row_dims, best.tiles, strict=True):
        tiles[dim] = tile if tile < shape[dim] else 0
    return tuple(tiles), is_parallel and best.parts * blocks > 1


def rows_come_first(
    shape: Sequence[int], row_dims: Sequence[int], row_bytes: int, operations: int
) -> bool:
    """Whether threads had better split the rows: rows in and out outweigh the weights.

    An element is taken as four bytes; every element of the weights is used once per row. Images
    of a batch, blocks outside the rows, come first anyhow.
    """
    if any(dim not in row_dims for dim in range(min(row_dims, default=0))):
        return False
    rows = prod(shape[dim] for dim in row_dims)
    return row_bytes + 4 * prod(shape) >= 4 * (operations // 2) // max(1, rows)


def claim_order(
    shape: Sequence[int], row_dims: Sequence[int], row_bytes: int, operations: int
) -> tuple[int, ...]:
    """The order of the dimensions in which chunks are dealt out, for `outer_tiles`' chunks."""
    dims = tuple(range(len(shape)))
    if rows_come_first(shape, row_dims, row_bytes, operations):
        return dims
    blocks = [dim for dim in dims[:-1] if dim not in row_dims]
    return (*blocks, *row_dims, dims[-1])


def _splits(extents: Sequence[int], register: Sequence[int]) -> Iterator[_Split]:
    """All cuts of one dimension into equal parts, those before it whole or in single steps."""
    points = prod(max(1, tile) for tile in register)
    yield _Split(tuple(extents), 1, 1.0)
    for at, extent in enumerate(extents):
        for tile in (d for d in range(1, extent) if extent % d == 0):
            share = min(1.0, tile / max(1, register[at]) / -(-tile // max(1, register[at])))
            waste = _time_per_row(points * share) / _time_per_row(points)
            whole = (*extents[:at], tile, *extents[at + 1 :])
            yield _Split(whole, extent // tile, waste)
            if prod(extents[:at]) > 1:  # else the same
                single = (*[1] * at, tile, *extents[at + 1 :])
                yield _Split(single, prod(extents[:at]) * extent // tile, waste)


def _time_per_row(rows: float) -> float:
    return (rows + TILE_ENTRY_ROWS) / rows
