"""Schedule of depthwise convolutions and channels-last pooling.

Every operand runs along the lanes (the channels), nothing is reused between channels. A register
tile is one vector of channels times two rows of up to eight columns: windows of a row share its
columns, and the two rows share what lies between them, so that the second-level cache is read
about twice, not three times, for a 3x3 window.

    (n, oh, ow, c, kh, kw)  ->  scf.forall oh { scf.for oh step 2, ow step 7, c step 16 {
                                  tile 1x2x7x16 } }
"""

from __future__ import annotations

from math import prod

from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD, outer_tiles
from aicc.passes.schedule.schedule import DEPTHWISE, Schedule

MAX_STRIP = 8
# Limited by loads, a tap takes about as long as this many multiply-adds of a matrix product.
OPERATIONS_PER_TAP = 4


def decide(kernel: Contraction, lanes: int, threads: int) -> Schedule | str:
    """The schedule of a depthwise convolution, or the reason why it is none."""
    lane = kernel.lane_dim
    if not kernel.inputs[0] or not kernel.inputs[0][-1].is_dim(lane):
        return "the input does not run along the lanes"
    rank = len(kernel.shape)
    register = _register_tile(kernel, lanes)
    operations = OPERATIONS_PER_TAP * kernel.operations()
    outer, parallel = outer_tiles(kernel.shape, range(rank - 1), register, 0, operations, threads)
    if parallel and _are_channels_split(kernel):
        outer = _channel_tiles(kernel, lanes, threads) or outer
    return Schedule(DEPTHWISE, outer, register, tuple(range(rank)), parallel, lanes)


def _are_channels_split(kernel: Contraction) -> bool:
    """Whether the convolutions before and after are likely to be split by channels.

    They widen and narrow the channels about six times, so that their weights outweigh their rows
    when an image has fewer points than a seventh of its channels.
    """
    points = prod(kernel.shape[:-1])
    return 7 * points < kernel.shape[-1]


def _channel_tiles(kernel: Contraction, lanes: int, threads: int) -> tuple[int, ...] | None:
    """Equal parts of whole vectors of channels; None when there are not as many for each thread."""
    vectors, rest = divmod(kernel.shape[-1], lanes)
    counts = range(threads, 2 * CHUNKS_PER_THREAD * threads, threads)
    parts = [count for count in counts if vectors % count == 0]
    if rest or not parts:
        return None
    return (*[0] * kernel.lane_dim, kernel.shape[-1] // parts[-1])


def _register_tile(kernel: Contraction, lanes: int) -> tuple[int, ...]:
    """Half of the registers hold the tile, the others a row of the input and weights."""
    tile = [1] * len(kernel.shape)
    tile[-1] = min(lanes, kernel.shape[-1])
    slides = [dims for form in kernel.inputs[0] if (dims := _slide(kernel, form)) is not None]
    if slides:
        column, _ = slides[-1]
        tile[column] = _strip(kernel.shape[column], min(MAX_STRIP, kernel.registers // 4))
    if len(slides) > 1:
        (column, _), (row, overlaps) = slides[-1], slides[-2]
        points = kernel.registers // 2 if overlaps else kernel.registers // 4
        tile[row] = _strip(kernel.shape[row], max(1, points // tile[column]))
    return tuple(tile)


def _slide(kernel: Contraction, form: LinearForm) -> tuple[int, bool] | None:
    """(a dimension of the result, whether neighbours along it read the same input) of one index.

    None for an index that no window slides over: it does not depend on both a result and a tap.
    """
    points = [term for term in form.terms if term[0] not in kernel.reduction]
    taps = [term for term in form.terms if term[0] in kernel.reduction]
    if len(points) != 1 or len(taps) != 1:
        return None
    (point, step), (tap, dilation) = points[0], taps[0]
    return point, step % dilation == 0 and step // dilation < kernel.extents[tap]


def _strip(width: int, limit: int) -> int:
    """Even strips: 13 columns with at most 8 become 7 and 6, not 8 and 5."""
    return -(-width // -(-width // limit))
