"""Schedule of depthwise convolutions and channels-last pooling.

Every operand runs along the lanes (the channels), nothing is reused between channels: a register
tile is one or two vectors of channels times a strip of output columns, all taps unrolled so that
columns of a strip share the input they have in common.

    (n, oh, ow, c, kh, kw)  ->  scf.forall oh { scf.for ow step 7, c step 16 { tile 1x1x7x16 } }
"""

from __future__ import annotations

from math import prod

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.microkernels.register_tile import UNROLL_BUDGET
from aicc.passes.schedule.outer_tiles import outer_tiles
from aicc.passes.schedule.schedule import DEPTHWISE, Schedule

MAX_STRIP = 8


def decide(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """The schedule of a depthwise convolution, or the reason why it is none."""
    lane = kernel.lane_dim
    if not kernel.inputs[0] or not kernel.inputs[0][-1].is_dim(lane):
        return "the input does not run along the lanes"
    rank = len(kernel.shape)
    register = [1] * rank
    register[-1] = min(lanes, kernel.shape[-1])
    if rank > 1:
        taps = prod(kernel.extents[dim] for dim in kernel.reduction)
        limit = max(1, min(MAX_STRIP, UNROLL_BUDGET // taps))
        register[-2] = _strip(kernel.shape[-2], limit)
    rows = tuple(range(1, rank - 1))
    outer, parallel = outer_tiles(kernel.shape, rows, register, 0, kernel.operations() * 4, threads)
    return Schedule(DEPTHWISE, outer, tuple(register), tuple(range(rank)), parallel, lanes)


def _strip(width: int, limit: int) -> int:
    """Even strips: 13 columns with at most 8 become 7 and 6, not 8 and 5."""
    return -(-width // -(-width // limit))
