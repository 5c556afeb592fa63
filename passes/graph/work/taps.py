"""Taps of a convolution's window that only ever meet padding, left out.

%1 = conv(%x [1, 8, 20, 20], %w [4, 8, 3, 3]) {dilations = [24, 24], pads = 24 everywhere}
  ->  %1 = slice(%w) [4, 8, 1, 1]; %2 = conv(%x, %1) {dilations = [1, 1], pads = 0}

Why: pyramids of dilated convolutions are made for large images; on a small one, the window reaches
beyond the border wherever it stands, and what is left of it is a 1x1 convolution.

The sums lose zeros, which may change the sign of a zero. The filter is taken to be finite: a tap
that is infinite or NaN counts only where it meets the image, not where it meets padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph.linear import Conv, to_channels_first
from aicc.dialects.graph.movement import Slice

from ..patterns import Match, PatternSet

PATTERNS = PatternSet("reduce-work")


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a convolution."""

    size: int
    out: int
    taps: int
    stride: int
    dilation: int
    begin: int
    end: int

    def meets_image(self, tap: int) -> bool:
        """True if `tap` reads an element of the image for some output."""
        offset = tap * self.dilation - self.begin
        first = max(0, -(offset // self.stride))
        return first < self.out and first * self.stride + offset < self.size

    @property
    def unread(self) -> int:
        """Elements behind the last window, too few for another one."""
        span = self.dilation * (self.taps - 1) + 1
        return (self.size + self.begin + self.end - span) % self.stride

    def needed(self) -> range:
        """The taps to keep: from the first to the last that meets the image.

        A convolution cannot leave out part of its image, so where pads would become negative a tap
        more stays.
        """
        met = [tap for tap in range(self.taps) if self.meets_image(tap)]
        if not met:
            return range(self.taps)
        behind = (self.end - self.unread + self.stride - 1) // self.dilation
        return range(min(met[0], self.begin // self.dilation), max(met[-1] + 1, self.taps - behind))

    def cut(self, kept: range) -> Axis:
        """The axis with these taps alone and as many outputs."""
        if len(kept) == self.taps:
            return self
        begin = self.begin - kept.start * self.dilation
        end = max(0, self.end - self.unread - (self.taps - kept.stop) * self.dilation)
        dilation = self.dilation if len(kept) > 1 else 1
        return Axis(self.size, self.out, len(kept), self.stride, dilation, begin, end)


@PATTERNS.add(
    "conv-without-idle-taps", "graph.conv", rounding="reassociating", exact_on_integers=True
)
def _conv_without_idle_taps(op: Any, match: Match) -> Any:
    """Rows and columns at the ends of the window that meet nothing but zeros."""
    view, filters = op.opview, op.operands[1]
    if view.filter_layout != "OIHW" or min(view.pads) < 0 or 0 in op.results[0].type.shape:
        return None
    axes = _axes(op)
    kept = [axis.needed() for axis in axes]
    if all(len(taps) == axis.taps for taps, axis in zip(kept, axes, strict=True)):
        return None
    if view.padding:
        return match.refuse("the padding is not zero")
    if filters not in match.static:
        return match.refuse("the filter is computed at run time")
    cut = [axis.cut(taps) for axis, taps in zip(axes, kept, strict=True)]
    starts = [0, 0, *(taps.start for taps in kept)]
    sizes = [*filters.type.shape[:2], *(len(taps) for taps in kept)]
    fewer = Slice.build(filters, starts=starts, sizes=sizes, steps=[1] * len(sizes))
    x, _, bias = view.operand_groups()
    changes = {
        "dilations": [axis.dilation for axis in cut],
        "pads": [*(axis.begin for axis in cut), *(axis.end for axis in cut)],
    }
    return Conv.build(x, fewer, bias, **(view.attr_values() | changes))


def _axes(op: Any) -> list[Axis]:
    view, spatial = op.opview, op.operands[0].type.rank - 2
    image = to_channels_first(op.operands[0].type.shape, view.layout)[2:]
    result = to_channels_first(op.results[0].type.shape, view.layout)[2:]
    windows = (op.operands[1].type.shape[2:], view.strides, view.dilations)
    pads = (view.pads[:spatial], view.pads[spatial:])
    return [Axis(*numbers) for numbers in zip(image, result, *windows, *pads, strict=True)]
