"""What the kernel of a sliding window per channel computes, and in which tiles.

Depthwise convolutions and channels-last pooling: the windows of an image [N, H, W, C] run along the
channels. The kernel reads the image as it lies; taps in the padding are left out, so that no padded
copy exists and a producer need not know of the padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from aicc.passes.schedule.kernel_plan import KernelPlan
from aicc.passes.schedule.kernel_shape import Contraction

from .source import Source, source_of
from .tiles import tiles_for

# (stride, dilation) of rows, then of columns
Steps = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class WindowPlan(KernelPlan):
    """Sizes, positions of the image and the weights (-1: none) among the arguments, tiles, and what
    a sum starts with.

    A register tile is `rows` x `columns` points of a vector of channels. A chunk, what a thread
    takes at a time, is `row_groups` tiles high and `part` channels deep.
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

    @staticmethod
    def of(kernel: Contraction, lanes: int, threads: int) -> WindowPlan | None:
        """The plan of a window over an image that is an argument of the kernel."""
        steps = _steps(kernel)
        source = source_of(kernel.op) if steps else None
        if steps is None or source is None or not _is_better_unpadded(kernel, source):
            return None
        (stride_y, dilation_y), (stride_x, dilation_x) = steps
        batch, height, width, channels = source.shape
        _, out_height, out_width, _ = kernel.shape
        if channels in (lanes // 2, lanes // 4):
            lanes = channels  # half empty vectors would need masks
        overlaps = stride_y % dilation_y == 0 and stride_y // dilation_y < kernel.extents[4]
        tiles = tiles_for(kernel, overlaps, lanes, threads)
        if tiles is None:
            return None
        return WindowPlan(
            batch,
            height,
            width,
            channels,
            out_height,
            out_width,
            kernel.extents[4],
            kernel.extents[5],
            stride_y,
            stride_x,
            dilation_y,
            dilation_x,
            source.top,
            source.left,
            source.image,
            source.weights,
            lanes,
            tiles.rows,
            tiles.columns,
            tiles.row_groups,
            tiles.part,
            tiles.parallel,
            source.start,
        )

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


def _steps(kernel: Contraction) -> Steps | None:
    """Strides and dilations of a window (n, y * s + ky * d, x * s + kx * d, c)."""
    if len(kernel.shape) != 4 or len(kernel.extents) != 6 or not kernel.inputs:
        return None
    if len(kernel.inputs[0]) != 4:
        return None
    batch, row, column, channel = kernel.inputs[0]
    if not batch.is_dim(0) or not channel.is_dim(3):
        return None
    found = []
    for form, dims in ((row, (1, 4)), (column, (2, 5))):
        if form.constant or tuple(dim for dim, _ in form.terms) != dims:
            return None
        found.append((form.terms[0][1], form.terms[1][1]))
    return found[0], found[1]
