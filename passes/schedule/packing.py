"""Column block of packed weights: the NR of `[N/NR, K, NR]` and `[OC/NR, KH, KW, IC, NR]`."""

from __future__ import annotations

from aicc.passes.schedule.register_cost import (
    MAX_VECTORS,
    VECTOR_REGISTERS,
    best_rows,
    best_window,
)

# Columns that fill no vectors exactly are left in one block up to here: their result needs no
# copy to leave out what would be added, and what follows is computed with it.
MAX_UNEVEN_COLUMNS = 256
# Rows of so many bytes start in the same few places of the first-level cache, where a tile of many
# rows does not fit beside the panel. (Of longer rows, two wide panels would fill the second level.)
ALIASING_BYTES = (2048, 4096)
MANY_ROWS = 32


def uneven_block(columns: int, lanes: int) -> int:
    """The whole of `columns` as one block, where that is better than rounding them up; or 0."""
    return columns if columns % lanes and columns <= MAX_UNEVEN_COLUMNS else 0


def packing_for(
    columns: int,
    rows: int = 0,
    window: tuple[int, int] | None = None,
    lanes: int = 16,
    registers: int = VECTOR_REGISTERS,
    row_bytes: int = 0,
) -> int:
    """The NR that needs the fewest cycles for `columns` (N or OC), padding included.

    `rows` is M of a matrix product (0: unknown), `row_bytes` the size of one of its rows, `window`
    the (OH, OW) of a convolution. `lanes` is the number of elements in a vector register, of which
    there are `registers`. The result is a multiple of `lanes`.
    """
    widest = MAX_VECTORS * lanes
    if row_bytes in ALIASING_BYTES and rows >= MANY_ROWS and columns % widest == 0:
        return widest
    height, width = window or (1, rows or 48)

    def cost(vectors: int) -> tuple[float, int]:
        blocks = -(-columns // (vectors * lanes))
        if window:
            return blocks * best_window(height, width, vectors, registers)[2], -vectors
        return blocks * best_rows(width, vectors, registers)[1], -vectors

    return min(range(1, MAX_VECTORS + 1), key=cost) * lanes
