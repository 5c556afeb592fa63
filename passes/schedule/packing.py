"""Column block of packed weights: the NR of `[N/NR, K, NR]` and `[OC/NR, KH, KW, IC, NR]`."""

from __future__ import annotations

from aicc.passes.schedule.register_cost import (
    MAX_VECTORS,
    VECTOR_REGISTERS,
    best_rows,
    best_window,
)


def packing_for(
    columns: int,
    rows: int = 0,
    window: tuple[int, int] | None = None,
    lanes: int = 16,
    registers: int = VECTOR_REGISTERS,
) -> int:
    """The NR that needs the fewest cycles for `columns` (N or OC), padding included.

    `rows` is M of a matrix product (0: unknown), `window` the (OH, OW) of a convolution. `lanes` is
    the number of elements in a vector register, of which there are `registers`. The result is a
    multiple of `lanes`.
    """
    height, width = window or (1, rows or 48)

    def cost(vectors: int) -> tuple[float, int]:
        blocks = -(-columns // (vectors * lanes))
        if window:
            return blocks * best_window(height, width, vectors, registers)[2], -vectors
        return blocks * best_rows(width, vectors, registers)[1], -vectors

    return min(range(1, MAX_VECTORS + 1), key=cost) * lanes
