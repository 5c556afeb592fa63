"""Matrix products of hand-written kernels, summed up in a register tile by outer products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .writer import Index, Writer

# Steps of the sum written out in a loop's body.
UNROLL = 4


def row_tiles(w: Writer, rows: int, tile: int, body: Callable[[Index, int], None]) -> None:
    """body(first row, rows) for tiles of `tile` rows and the rest."""

    def whole(row: Index, carried: list[Any]) -> list[Any]:
        body(row, tile)
        return carried

    w.loop(0, rows, tile, [], whole)
    if rows % tile:
        body(rows - rows % tile, rows % tile)


def outer_product(
    w: Writer,
    tile: tuple[int, int],
    depth: tuple[int, Index],
    row: Callable[[int, Index], Any],
    column: Callable[[Index, int], Any],
    start: list[Any],
) -> list[Any]:
    """start + sum over d in `depth` of row(i, d) * column(d, v) for a tile of rows x vectors.

    row(i, d) is a scalar, column(d, v) a vector; accumulators stand row by row. A bound that is not
    known must be a multiple of UNROLL.
    """
    rows, vectors = tile
    low, high = depth

    def step(d: Index, accumulators: list[Any]) -> list[Any]:
        columns = [column(d, v) for v in range(vectors)]
        updated = []
        for i in range(rows):
            # one factor at a time: all of them at once would not fit into the registers
            factor, held = w.spread(row(i, d)), accumulators[i * vectors : (i + 1) * vectors]
            updated += [w.fma(factor, c, a) for c, a in zip(columns, held, strict=True)]
        return updated

    def unrolled(d: Index, accumulators: list[Any]) -> list[Any]:
        for i in range(UNROLL):
            accumulators = step(w.add(d, i), accumulators)
        return accumulators

    result = w.loop(low, high, UNROLL, start, unrolled)
    if isinstance(high, int):
        for d in range(high - (high - low) % UNROLL, high):
            result = step(d, result)
    return result
