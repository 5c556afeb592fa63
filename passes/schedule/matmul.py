"""Schedule of matrix products: packed weights, plain and batched operands.

One operand varies along the lanes (the columns), the other is broadcast. A register tile is some
rows times up to four vectors of columns; the panel of columns stays in the cache while all rows of
a chunk pass over it.

    %r = linalg.generic (m, n1, n0, k)      scf.forall n1 { scf.for m step 6 {
                                        ->    tile 6x1x64 over all k, epilogue on the tile } }
"""

from __future__ import annotations

from math import prod

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.outer_tiles import outer_tiles
from aicc.passes.schedule.register_cost import MAX_VECTORS, best_rows, best_tile
from aicc.passes.schedule.schedule import MATMUL, Schedule

# A panel of the lane operand above this size is walked column tile by column tile.
PANEL_BYTES_IN_L1 = 24 * 1024


def decide(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """The schedule of a matrix product, or the reason why it is none."""
    panel, rows = split_operands(kernel)
    if panel is None or rows is None:
        return "not one operand along the lanes and one across"
    row_dims = reuse_dims(kernel, panel)
    register = _register_tile(kernel, row_dims, lanes)
    row_bytes = operand_elements(kernel, rows, row_dims) * kernel.element_bytes
    outer, parallel = outer_tiles(
        kernel.shape, row_dims, register, row_bytes, kernel.operations(), threads
    )
    order = tuple(range(len(kernel.shape)))
    depth = prod(kernel.extents[dim] for dim in kernel.reduction)
    if depth * kernel.shape[-1] * kernel.element_bytes > PANEL_BYTES_IN_L1:
        order = (*[d for d in order if d not in row_dims], *row_dims)
    return Schedule(MATMUL, outer, register, order, parallel, lanes)


def split_operands(
    kernel: Contraction,
) -> tuple[tuple[LinearForm, ...] | None, tuple[LinearForm, ...] | None]:
    """(the operand whose last index runs along the lanes, the operand without the lanes)."""
    lane = kernel.lane_dim
    along = [f for f in kernel.inputs if f and (lane, 1) in f[-1].terms]
    across = [f for f in kernel.inputs if not any(form.uses(lane) for form in f)]
    if len(kernel.inputs) != 2 or len(along) != 1 or len(across) != 1:
        return None, None
    return along[0], across[0]


def reuse_dims(kernel: Contraction, panel: tuple[LinearForm, ...]) -> tuple[int, ...]:
    """The result's dimensions over which the lane operand is used again."""
    dims = range(kernel.lane_dim)
    return tuple(dim for dim in dims if not any(form.uses(dim) for form in panel))


def operand_elements(
    kernel: Contraction, forms: tuple[LinearForm, ...], row_dims: tuple[int, ...]
) -> int:
    """Elements of an operand that one walk over the rows touches (overlapping windows once)."""
    walked = {*row_dims, *kernel.reduction}

    def span(form: LinearForm) -> int:
        return 1 + sum(c * (kernel.extents[d] - 1) for d, c in form.terms if d in walked)

    return prod(span(form) for form in forms)


def _register_tile(kernel: Contraction, row_dims: tuple[int, ...], lanes: int) -> tuple[int, ...]:
    tile = [1] * len(kernel.shape)
    rows = kernel.shape[row_dims[-1]] if row_dims else 1
    chunks = -(-kernel.shape[-1] // lanes)
    if chunks <= MAX_VECTORS and len(kernel.shape) > 2 and not row_dims[1:]:
        tile_rows, columns = best_rows(rows, chunks)[0], kernel.shape[-1]
        if kernel.shape[-1] % lanes:
            tile_rows, columns = best_tile(rows, kernel.shape[-1], lanes)
    else:
        tile_rows, columns = best_tile(rows, kernel.shape[-1], lanes)
    if row_dims:
        tile[row_dims[-1]] = tile_rows
    tile[-1] = min(columns, kernel.shape[-1])
    return tuple(tile)
