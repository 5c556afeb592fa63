"""Register tiles of a window kernel, and the chunks of them that threads take."""

from __future__ import annotations

from dataclasses import dataclass

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD, MIN_PARALLEL_OPERATIONS

MAX_COLUMNS = 8
# Limited by loads, a tap takes about as long as this many multiply-adds of a matrix product.
OPERATIONS_PER_TAP = 4
# Taps written out per register tile: 5x5 of 2x7 points are 350, and still fit the micro-op cache.
MAX_TAPS = 512


@dataclass(frozen=True)
class Tiles:
    """Points of a register tile; tiles (downwards) and channels of a chunk."""

    rows: int
    columns: int
    row_groups: int
    part: int
    parallel: bool


def tiles_for(kernel: Contraction, overlaps: bool, lanes: int, threads: int) -> Tiles | None:
    """The tiles; None for a window too large to be written out."""
    batch, height, _, channels = kernel.shape
    rows, columns = _register_tile(kernel, overlaps)
    if rows == 0:
        return None
    groups = -(-height // rows)
    parallel = threads > 1 and OPERATIONS_PER_TAP * kernel.operations() >= MIN_PARALLEL_OPERATIONS
    if not parallel:
        return Tiles(rows, columns, groups, channels, False)
    if are_channels_split(kernel) and (part := _channel_part(channels, lanes, threads)):
        return Tiles(rows, columns, groups, part, True)
    return Tiles(rows, columns, _groups_of_chunk(batch, groups, threads), channels, True)


def _register_tile(kernel: Contraction, overlaps: bool) -> tuple[int, int]:
    """(rows, columns): half of the registers hold sums where rows of the result share rows of the
    image, and the taps of a tile are no more than what is worth writing out; 0 rows: none."""
    _, height, width, _ = kernel.shape
    taps = kernel.extents[4] * kernel.extents[5]
    limit = min(MAX_COLUMNS, kernel.registers // 4, MAX_TAPS // taps)
    if limit == 0:
        return 0, 0
    columns = _strip(width, limit)
    points = kernel.registers // 2 if overlaps else kernel.registers // 4
    return min(height, max(1, min(points, MAX_TAPS // taps) // columns)), columns


def are_channels_split(kernel: Contraction) -> bool:
    """Whether the convolutions before and after are likely to be split by channels.

    They widen and narrow the channels about six times, so that their weights outweigh their rows
    when an image has fewer points than a seventh of its channels.
    """
    batch, height, width, channels = kernel.shape
    return 7 * batch * height * width < channels


def _channel_part(channels: int, lanes: int, threads: int) -> int:
    """Equal parts of whole vectors of channels; 0 when there are not as many for each thread."""
    vectors, rest = divmod(channels, lanes)
    counts = range(threads, 2 * CHUNKS_PER_THREAD * threads, threads)
    parts = [count for count in counts if vectors % count == 0]
    return 0 if rest or not parts else channels // parts[-1]


def _groups_of_chunk(batch: int, groups: int, threads: int) -> int:
    """The most tiles downwards that leave every thread about as many, in a few chunks."""

    def share(size: int) -> int:
        chunks = batch * -(-groups // size)
        return -(-chunks // threads) * size

    few = range(1, max(1, batch * groups // (threads * CHUNKS_PER_THREAD)) + 1)
    return min(few, key=lambda size: (share(size), -size))


def _strip(width: int, limit: int) -> int:
    """Even strips: 13 columns with at most 8 become 7 and 6, not 8 and 5."""
    return -(-width // -(-width // limit))
