"""How many tiles go through a Winograd convolution together, and what threads share."""

from __future__ import annotations

from dataclasses import dataclass

from aicc.dialects.graph.winograd import positions
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD, MIN_PARALLEL_OPERATIONS
from aicc.passes.schedule.register_cost import best_rows
from aicc.target import Target

# Tiles of a chunk: enough rows for a register tile, and where the filter does not stay in the
# second-level cache, enough to use a panel of it well.
MIN_CHUNK = 14
MIN_CHUNK_STREAMED = 24
# Share of the second-level cache for V and M of a chunk.
SHARE = 1 / 8
# Threads share the chunks if these are not smaller. V and M are then on the stack of the thread.
MIN_CHUNK_OF_THREAD = 12
STACK_BYTES = 768 * 1024
FLOAT = 4


@dataclass(frozen=True)
class Blocks:
    """Sizes that the choice depends on; `block` is that of the packed filter."""

    tile: int
    tiles: int
    channels: int
    out_channels: int
    block: int

    @property
    def tile_bytes(self) -> int:
        """V and M of one tile."""
        return FLOAT * positions(self.tile) * (self.channels + self.block)

    @property
    def filter_bytes(self) -> int:
        """The transformed filter."""
        return FLOAT * positions(self.tile) * self.channels * self.out_channels


def filter_block(out_channels: int, lanes: int, registers: int) -> int:
    """Output channels in a panel of the filter.

    Two vectors where the channels allow it: the tallest register tile beside few loads, and a
    small M.
    """

    def cost(vectors: int) -> tuple[float, int]:
        panels = -(-out_channels // (vectors * lanes))
        return panels * best_rows(MIN_CHUNK_STREAMED, vectors, registers)[1], abs(vectors - 2)

    return min((1, 2, 3), key=cost) * lanes


def blocks_for(sizes: Blocks, machine: Target, threads: int) -> tuple[int, str]:
    """(tiles of a chunk, split)."""
    fits = sizes.filter_bytes <= machine.l2_bytes // 2
    least = MIN_CHUNK if fits else MIN_CHUNK_STREAMED
    most = max(least, int(machine.l2_bytes * SHARE) // sizes.tile_bytes)
    operations = 2 * positions(sizes.tile) * sizes.tiles * sizes.channels * sizes.out_channels
    if threads > 1 and operations >= MIN_PARALLEL_OPERATIONS:
        own = min(most, STACK_BYTES // sizes.tile_bytes)
        if own and (chunk := _equal_chunk(sizes.tiles, own, threads)) >= MIN_CHUNK_OF_THREAD:
            return chunk, "tiles"
        return _equal_chunk(sizes.tiles, most, 1), "channels"
    return _equal_chunk(sizes.tiles, most, 1), "none"


def _equal_chunk(tiles: int, most: int, threads: int) -> int:
    """About `most` tiles; as many chunks for each thread, unless there are enough to share."""
    chunks = max(1, round(tiles / most))
    if chunks < threads * CHUNKS_PER_THREAD:
        chunks = -(-chunks // threads) * threads
    return -(-tiles // chunks)
