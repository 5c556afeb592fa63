"""Outer tiles of a product by what comes from beyond the second-level cache.

All rows of a chunk pass over one panel of columns after the other. A chunk that stays in the cache
is read once; one that does not comes again with every panel, and every further chunk brings all
panels again. The split with the fewest bytes wins.

    chunk fits:      rows + chunks * panels        otherwise:      rows * blocks + chunks * panels
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.outer_tiles import (
    CHUNKS_PER_THREAD,
    MIN_PARALLEL_OPERATIONS,
    outer_tiles,
)

# The rest holds the result, the stack, and lines that fell into an unlucky set.
SHARE_OF_CACHE = 0.75
MAX_PARTS = 64

Forms = tuple[LinearForm, ...]


@dataclass(frozen=True)
class Operands:
    """Bytes of the operand that all panels share (`rows`), of one panel, and how many there are."""

    row_dims: tuple[int, ...]
    row_bytes: int
    panel_bytes: int
    panels: int


def operands_of(
    kernel: Contraction, panel: Forms, rows: Forms, row_dims: Sequence[int], columns: int
) -> Operands:
    """The sizes for a register tile of `columns` columns."""
    lane = kernel.lane_dim
    depth = prod(kernel.extents[dim] for dim in kernel.reduction)
    inner = [d for d in range(lane) if d not in row_dims and not _uses(rows, d)]
    panels = prod(kernel.shape[d] for d in inner) * -(-kernel.shape[lane] // columns)
    row_bytes = operand_elements(kernel, rows, row_dims) * kernel.element_bytes
    panel_bytes = depth * columns * kernel.element_bytes if _uses(panel, lane) else 0
    return Operands(tuple(row_dims), row_bytes, panel_bytes, panels)


def operand_elements(kernel: Contraction, forms: Forms, row_dims: Sequence[int]) -> int:
    """Elements of an operand that one walk over the rows touches (overlapping windows once)."""
    walked = {*row_dims, *kernel.reduction}

    def span(form: LinearForm) -> int:
        return 1 + sum(c * (kernel.extents[d] - 1) for d, c in form.terms if d in walked)

    return prod(span(form) for form in forms)


def outer_by_traffic(
    kernel: Contraction, operands: Operands, register: Sequence[int], threads: int
) -> tuple[tuple[int, ...], bool]:
    """(tile per dimension, whether the chunks run in parallel)."""
    if columns := _columns_per_chunk(kernel, operands, register, threads):
        whole = [0 if d in operands.row_dims else 1 for d in range(kernel.lane_dim)]
        return (*whole, columns), True
    options = []
    parts = 1
    while parts <= MAX_PARTS:
        tiles, is_parallel = outer_tiles(
            kernel.shape,
            operands.row_dims,
            register,
            operands.row_bytes,
            kernel.operations(),
            threads,
            parts,
        )
        options.append((traffic(kernel, operands, tiles), parts, tiles, is_parallel))
        parts *= 2
    _, _, tiles, is_parallel = min(options)
    return tiles, is_parallel


def _columns_per_chunk(
    kernel: Contraction, operands: Operands, register: Sequence[int], threads: int
) -> int:
    """How many columns of a larger, unpacked operand are a chunk; 0: split the rows instead.

    The threads read what they split once, the other operand each.
    """
    lane = kernel.lane_dim
    panels, rest = divmod(kernel.shape[lane], register[lane])
    is_larger = operands.panel_bytes * panels > operands.row_bytes
    if threads == 1 or rest or not is_larger or kernel.operations() < MIN_PARALLEL_OPERATIONS:
        return 0
    fewest = threads * CHUNKS_PER_THREAD
    counts = [n for n in range(1, panels) if panels % n == 0 and panels // n >= fewest]
    return max(counts, default=0) * register[lane]


def traffic(kernel: Contraction, operands: Operands, outer: Sequence[int]) -> int:
    """Bytes that come into the second-level cache for chunks of these outer tiles."""
    chunks = prod(kernel.shape[d] // (outer[d] or kernel.shape[d]) for d in operands.row_dims)
    room = int(SHARE_OF_CACHE * kernel.cache_bytes)
    chunk = operands.row_bytes // chunks
    panels = operands.panel_bytes * operands.panels
    stays = chunk + 2 * operands.panel_bytes <= room
    rows = operands.row_bytes * (1 if stays else operands.panels)
    return rows + panels * (1 if chunk + panels <= room else chunks)


def _uses(forms: Forms, dim: int) -> bool:
    return any(form.uses(dim) for form in forms)
