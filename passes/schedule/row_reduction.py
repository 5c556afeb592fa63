"""Schedule of row kernels: softmax, layer norm, sums and maxima over the last dimension.

Every operation of the kernel works row by row, so that one tile of one row holds them all and the
row stays in the first-level cache between them.

    max (r, c)->(r), exp, sum (r, c)->(r), div   ->   scf.forall r { max, exp, sum, div on 1 x C }
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc.passes.schedule.kernel_shape import Contraction, contraction_of
from aicc.passes.schedule.outer_tiles import outer_tiles
from aicc.passes.schedule.schedule import ROWS, Schedule

# Operations an element costs in a row kernel, exp included: for the parallel grain only.
OPERATIONS_PER_ELEMENT = 16


def decide(root: Any, reducing: list[Any], lanes: int, threads: int) -> Schedule | str:
    """The schedule of a kernel whose reductions all run over rows, or the reason why not."""
    shape = tuple(root.results[0].type.shape)
    kernels = [contraction_of(op) for op in reducing]
    if any(isinstance(kernel, str) for kernel in kernels):
        return "a reduction is not over the last dimensions"
    contractions = [kernel for kernel in kernels if isinstance(kernel, Contraction)]
    rows = {kernel.shape for kernel in contractions}
    if len(rows) != 1 or not _are_leading(next(iter(rows)), shape):
        return "the reductions do not share the rows of the result"
    if not all(_is_row_sum(kernel) for kernel in contractions):
        return "a reduction is not over one contiguous dimension"
    count = len(next(iter(rows)))
    register = tuple(1 if dim < count else 0 for dim in range(len(shape)))
    work = prod(contractions[0].extents) * OPERATIONS_PER_ELEMENT
    outer, parallel = outer_tiles(
        (*shape[:count], 1), range(count), (*register[:count], 1), 0, work, threads
    )
    outer = (*outer[:count], *([0] * (len(shape) - count)))
    order = tuple(range(len(shape)))
    register = tuple(tile or extent for tile, extent in zip(register, shape, strict=True))
    return Schedule(ROWS, outer, register, order, parallel, lanes)


def _are_leading(rows: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(rows) <= len(shape) and shape[: len(rows)] == rows


def _is_row_sum(kernel: Contraction) -> bool:
    rank = len(kernel.extents)
    identity = [f for f in kernel.inputs if [form.terms for form in f] == _identity(rank)]
    return len(kernel.reduction) == 1 and bool(identity)


def _identity(rank: int) -> list[tuple[tuple[int, int], ...]]:
    return [((dim, 1),) for dim in range(rank)]
