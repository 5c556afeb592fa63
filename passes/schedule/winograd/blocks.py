"""How many tiles go through a Winograd convolution together, and what threads share."""

from __future__ import annotations

from dataclasses import dataclass, field

from aicc.dialects.graph.winograd import positions
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD, MIN_PARALLEL_OPERATIONS
from aicc.passes.schedule.register_cost import best_rows
from aicc.target import Target

from .depth import Depth

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
    """Sizes that the choice depends on; `block` is that of the packed filter.

    Of a volume, `tiles` are those of one layer of outputs; what stands below and above a tile goes
    with it.
    """

    tile: int
    tiles: int
    channels: int
    out_channels: int
    block: int
    depth: Depth = field(default_factory=Depth)

    @property
    def tile_bytes(self) -> int:
        """V and M of one tile, in all layers of a chunk."""
        width = self.depth.slabs * self.channels + self.depth.layers * self.block
        return FLOAT * positions(self.tile) * width

    @property
    def filter_bytes(self) -> int:
        """The transformed filter."""
        taps = self.depth.taps
        return FLOAT * positions(self.tile) * taps * self.channels * self.out_channels

    def is_streamed(self, machine: Target) -> bool:
        """Whether the filter does not stay in the second-level cache."""
        return self.filter_bytes > machine.l2_bytes // 2

    @property
    def operations(self) -> int:
        """Those of the matrix products."""
        tiles = self.tiles * self.depth.out * self.depth.taps
        return 2 * positions(self.tile) * tiles * self.channels * self.out_channels


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
    """(tiles of a chunk in each of its layers, split)."""
    depth = sizes.depth
    least = MIN_CHUNK_STREAMED if sizes.is_streamed(machine) else MIN_CHUNK
    least = -(-least // depth.layers)
    most = max(least, int(machine.l2_bytes * SHARE) // sizes.tile_bytes)
    if threads > 1 and sizes.operations >= MIN_PARALLEL_OPERATIONS:
        own = min(most, STACK_BYTES // sizes.tile_bytes)
        chunk = _equal_chunk(sizes.tiles, own, -(-threads // depth.parts)) if own else 0
        if chunk * depth.layers >= MIN_CHUNK_OF_THREAD:
            return chunk, "tiles"
        return _equal_chunk(sizes.tiles, most, 1), "channels"
    return _equal_chunk(sizes.tiles, most, 1), "none"


def _equal_chunk(tiles: int, most: int, threads: int) -> int:
    """About `most` tiles; as many chunks for each thread, unless there are enough to share."""
    chunks = max(1, round(tiles / most))
    if chunks < threads * CHUNKS_PER_THREAD:
        chunks = -(-chunks // threads) * threads
    return -(-tiles // chunks)
