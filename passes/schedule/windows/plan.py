"""What the kernel of a sliding window per channel computes, and in which tiles.

Depthwise convolutions and channels-last pooling: the windows of an image [N, H, W, C] run along the
channels. Of depthwise convolutions that stay channels first, [N, C, H, W], they run along the
columns. The kernel reads the image as it lies; taps in the padding are left out, so that no padded
copy exists and a producer need not know of the padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import prod
from typing import Any

from aicc.passes.schedule.destination import bind_destination
from aicc.passes.schedule.kernel_plan import KernelPlan
from aicc.passes.schedule.kernel_shape import Contraction, root_of
from aicc.passes.schedule.microkernels.index_math import LinearForm
from aicc.passes.schedule.outer_tiles import MIN_PARALLEL_OPERATIONS

from .source import Source, source_of
from .tiles import OPERATIONS_PER_TAP, tiles_for

# Rows of the result in a tile of columns: two rows of a 3x3 window share half of what they read.
PLANAR_ROWS = 2
# Their weights stay in registers, or in the first-level cache.
MAX_PLANAR_TAPS = 49

# (stride, dilation) of rows, then of columns
Steps = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class WindowPlan(KernelPlan):
    """Sizes, positions of the image and the weights (-1: none) among the arguments, tiles, and what
    a sum starts with.

    A register tile is `rows` x `columns` points of a vector of channels. A chunk, what a thread
    takes at a time, is `row_groups` tiles high and `part` channels deep. `reverse`: the rows
    of a chunk are walked from the last one upwards. `planar`: the channels come first, and a tile
    is a vector of columns.
    """

    ATTRIBUTE = "aicc.windows"

    batch: int
    height: int
    width: int
    channels: int
    out_height: int
    out_width: int
    kernel_height: int
    kernel_width: int
    stride_y: int
    stride_x: int
    dilation_y: int
    dilation_x: int
    top: int
    left: int
    x: int
    w: int
    lanes: int
    rows: int
    columns: int
    row_groups: int
    part: int
    parallel: bool
    start: float
    reverse: bool = False
    planar: bool = False

    @staticmethod
    def of(kernel: Contraction, lanes: int, threads: int) -> WindowPlan | None:
        """The plan of a window over an image that is an argument of the kernel."""
        steps = _steps(kernel)
        if steps is None:
            return _planar(kernel, lanes, threads)
        source = source_of(kernel.op)
        if source is None or not _is_better_unpadded(kernel, source):
            return None
        channels = source.shape[3]
        if channels in (lanes // 2, lanes // 4):
            lanes = channels  # half empty vectors would need masks
        (stride_y, dilation_y), _ = steps
        overlaps = stride_y % dilation_y == 0 and stride_y // dilation_y < kernel.extents[4]
        tiles = tiles_for(kernel, overlaps, lanes, threads)
        if tiles is None:
            return None
        return _plan(source, 1, kernel.shape[1:3], kernel.extents[4:6], steps, lanes, asdict(tiles))

    @property
    def groups(self) -> int:
        """Register tiles of a column of the result; the last one may be lower."""
        return -(-self.out_height // self.rows)


def _is_better_unpadded(kernel: Contraction, source: Source) -> bool:
    """False for a pool of an image beyond the second-level cache.

    It takes as long as memory does, and its producer is slower without the borders: rows of 4 KB
    and its multiples fall into few sets of the caches.
    """
    elements = prod(source.shape) + prod(kernel.shape)
    return source.weights >= 0 or elements * kernel.element_bytes <= kernel.cache_bytes


def _planar(kernel: Contraction, lanes: int, threads: int) -> WindowPlan | None:
    """The plan of a depthwise convolution, channels first, whose rows fill vectors."""
    steps = _planar_steps(kernel)
    source = source_of(kernel.op, row=2) if steps else None
    if steps is None or source is None or not _is_good_planar(kernel, source, lanes):
        return None
    if steps[1][0] > 2:
        return None
    out_height = kernel.shape[3]
    # what reshapes lie between the result and the argument would need a copy
    bind_destination(root_of(kernel.op))
    operations = OPERATIONS_PER_TAP * kernel.operations()
    decided = {
        "rows": min(PLANAR_ROWS, out_height),
        "columns": lanes,
        "row_groups": -(-out_height // PLANAR_ROWS),
        "part": 1,
        "parallel": threads > 1 and operations >= MIN_PARALLEL_OPERATIONS,
        "planar": True,
    }
    return _plan(source, 2, kernel.shape[3:], kernel.extents[6:8], steps, lanes, decided)


def _plan(
    source: Source,
    row: int,
    out: Sequence[int],
    taps: Sequence[int],
    steps: Steps,
    lanes: int,
    decided: dict[str, Any],
) -> WindowPlan:
    """The plan for an image whose rows are dimension `row`, and for what was `decided`."""
    (stride_y, dilation_y), (stride_x, dilation_x) = steps
    return WindowPlan(
        batch=source.shape[0],
        height=source.shape[row],
        width=source.shape[row + 1],
        channels=source.shape[1 if row == 2 else 3],
        out_height=out[0],
        out_width=out[1],
        kernel_height=taps[0],
        kernel_width=taps[1],
        stride_y=stride_y,
        stride_x=stride_x,
        dilation_y=dilation_y,
        dilation_x=dilation_x,
        top=source.top,
        left=source.left,
        x=source.image,
        w=source.weights,
        lanes=lanes,
        start=source.start,
        **decided,
    )


def _is_good_planar(kernel: Contraction, source: Source, lanes: int) -> bool:
    """Whether there are weights, few enough to write out, and columns for whole vectors."""
    is_small = kernel.extents[6] * kernel.extents[7] <= MAX_PLANAR_TAPS
    return source.weights >= 0 and is_small and lanes <= min(source.shape[3], kernel.shape[4])


def _steps(kernel: Contraction) -> Steps | None:
    """Strides and dilations of a window (n, y * s + ky * d, x * s + kx * d, c)."""
    if len(kernel.shape) != 4 or len(kernel.extents) != 6 or not kernel.inputs:
        return None
    if len(kernel.inputs[0]) != 4:
        return None
    batch, row, column, channel = kernel.inputs[0]
    if not batch.is_dim(0) or not channel.is_dim(3):
        return None
    return _window_steps((row, (1, 4)), (column, (2, 5)))


def _planar_steps(kernel: Contraction) -> Steps | None:
    """The same of a window (n, c, 0, y * s + ky * d, x * s + kx * d) of groups of one channel."""
    if len(kernel.shape) != 5 or len(kernel.extents) != 8 or len(kernel.inputs) != 2:
        return None
    image, weights = kernel.inputs
    if len(image) != 5 or len(weights) != 5 or kernel.extents[2] != 1 or kernel.extents[5] != 1:
        return None
    plain = zip([*image[:3], *weights], (0, 1, 5, 1, 2, 5, 6, 7), strict=True)
    if not all(form.is_dim(dim) for form, dim in plain):
        return None
    return _window_steps((image[3], (3, 6)), (image[4], (4, 7)))


def _window_steps(*axes: tuple[LinearForm, tuple[int, int]]) -> Steps | None:
    """Stride and dilation of indices that count points and taps of the given loops."""
    found = []
    for form, dims in axes:
        if form.constant or tuple(dim for dim, _ in form.terms) != dims:
            return None
        found.append((form.terms[0][1], form.terms[1][1]))
    return found[0], found[1]
