"""Cycles of a register tile, and the tile shape that needs the fewest for a whole kernel.

Model, per step of the reduction, of a tile of `rows` points times `vectors` vectors of lanes on a
core that starts two fused multiply-adds and two loads a cycle with a latency of four cycles:
arithmetic `rows * vectors / 2`, loads `(rows + vectors) / 2`, and never below the four cycles of
one dependent chain. The vector registers (32 with AVX-512, 16 without) hold the tile, the vectors
of the second operand and one broadcast.
"""

from __future__ import annotations

from functools import lru_cache

VECTOR_REGISTERS = 32
FMA_LATENCY = 4.0
FMA_PER_CYCLE = 2.0
LOADS_PER_CYCLE = 2.0
MAX_VECTORS = 4
# Registers that unrolled steps of the reduction need beside the tile and one step's operands; with
# fewer, LLVM keeps a sum in memory.
SPARE_REGISTERS = 2
# Fixed cycles to enter a tile, in steps of the reduction: loop control, stores, epilogue.
ENTRY_STEPS = 0.3


def max_rows(vectors: int, registers: int = VECTOR_REGISTERS) -> int:
    """Rows of a tile of `vectors` vectors that fit beside the operands."""
    return max(1, (registers - vectors - 1) // vectors)


def unrolls(points: int, vectors: int, registers: int = VECTOR_REGISTERS) -> bool:
    """Whether a tile leaves room for several steps of the reduction at a time."""
    return points <= max_rows(vectors, registers - SPARE_REGISTERS)


def tile_cycles(rows: int, vectors: int) -> float:
    """Cycles of one reduction step of one tile."""
    arithmetic = rows * vectors / FMA_PER_CYCLE
    loads = (rows + vectors) / LOADS_PER_CYCLE
    return max(arithmetic, loads, FMA_LATENCY) + ENTRY_STEPS


def split_cycles(extent: int, tile: int, vectors: int) -> float:
    """Cycles to cover `extent` rows by tiles of `tile` rows and one smaller rest."""
    whole, rest = divmod(extent, tile)
    return whole * tile_cycles(tile, vectors) + (tile_cycles(rest, vectors) if rest else 0.0)


@lru_cache(maxsize=4096)
def best_rows(extent: int, vectors: int, registers: int = VECTOR_REGISTERS) -> tuple[int, float]:
    """Rows per tile for `extent` rows, and the cycles per reduction step of all of them."""
    limit = max_rows(vectors, registers - SPARE_REGISTERS)
    candidates = range(1, min(extent, limit) + 1)
    best = min(candidates, key=lambda rows: (split_cycles(extent, rows, vectors), -rows))
    return best, split_cycles(extent, best, vectors)


@lru_cache(maxsize=4096)
def best_tile(
    rows: int, columns: int, lanes: int, registers: int = VECTOR_REGISTERS
) -> tuple[int, int]:
    """(rows, columns) of the register tile for an unpacked rows x columns result."""
    chunks = -(-columns // lanes)
    options = []
    for vectors in range(1, min(MAX_VECTORS, chunks) + 1):
        whole, rest = divmod(chunks, vectors)
        tile_rows, cycles = best_rows(rows, vectors, registers)
        total = whole * cycles + (split_cycles(rows, tile_rows, rest) if rest else 0.0)
        options.append((total, -vectors, tile_rows))
    _, negative_vectors, tile_rows = min(options)
    return tile_rows, -negative_vectors * lanes


@lru_cache(maxsize=4096)
def best_window(
    height: int, width: int, vectors: int, registers: int = VECTOR_REGISTERS
) -> tuple[int, int, float]:
    """(rows, columns) of output pixels in a register tile, and the cycles for height x width."""
    limit = max_rows(vectors, registers)
    options = []
    for tile_h in range(1, min(height, limit) + 1):
        for tile_w in range(1, min(width, limit // tile_h) + 1):
            cycles = _window_cycles(height, width, tile_h, tile_w, vectors)
            options.append((cycles, tile_h, -tile_w))
    cycles, tile_h, negative_w = min(options)
    return tile_h, -negative_w, cycles


def _window_cycles(height: int, width: int, tile_h: int, tile_w: int, vectors: int) -> float:
    whole_h, rest_h = divmod(height, tile_h)
    whole_w, rest_w = divmod(width, tile_w)
    total = 0.0
    for count_h, size_h in ((whole_h, tile_h), (1 if rest_h else 0, rest_h)):
        for count_w, size_w in ((whole_w, tile_w), (1 if rest_w else 0, rest_w)):
            if count_h and count_w:
                total += count_h * count_w * tile_cycles(size_h * size_w, vectors)
    return total
