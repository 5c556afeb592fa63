"""A transposed convolution as convolutions whose channels are then laid out as blocks.

With stride s, result position s * q + r is the sum over t of x[q - t] * w[s * t + r]: for each of
the s phases r a convolution with every s-th tap, in reverse. Where all phases have as many taps
they are one convolution with s times the filters per dimension; its channels, put side by side,
are the result. Filling up the taps of the others with zeros would make NaN of infinities.

    w [I, O, 4, 4], stride 2  ->  one convolution by  [2 * 2 * O, I, 2, 2]
    w [I, O, 3, 3], stride 2  ->  four convolutions by [O, I, 2, 2], [O, I, 2, 1], ..
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from aicc.dialects.graph.linear import Conv
from aicc.dialects.graph.movement import MAX_CONCAT, Concat, Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.types import element_count

from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")


@dataclass(frozen=True)
class Phase:
    """One phase of a dimension: the taps `first`, `first` + stride, .. and what it is padded by."""

    first: int
    taps: int
    begin: int
    end: int


@dataclass(frozen=True)
class Extent:
    """One spatial dimension: its phases; the first `skip` of the interleaved positions go."""

    stride: int
    skip: int
    phases: list[Phase]


@PATTERNS.add("conv-transpose-as-conv", "graph.conv_transpose", rounding="reassociating")
def _conv_transpose_as_conv(op: Any, match: Match) -> Any:
    """A convolution for each phase of the stride, all in one if they are alike; interleaved."""
    view = op.opview
    x, w, bias = view.operand_groups()
    if w not in match.static or str(w.type.element_type) != "f32":
        return match.refuse("only filters of f32 that are known before the run are packed")
    if view.group != 1 or any(d != 1 for d in view.dilations):
        return match.refuse("groups or dilations")
    if 0 in op.results[0].type.shape or 0 in x.type.shape:
        return None
    extents = [_extent(op, i) for i in range(x.type.rank - 2)]
    phases = [phase for extent in extents for phase in extent.phases]
    if any(p.taps < 1 for p in phases) or element_count(view.strides) > MAX_CONCAT:
        return match.refuse("more phases than taps")
    if any(p.begin < 0 or p.end < 0 for p in phases):
        return match.refuse("more is cut off than a convolution can leave out")
    if all(len({(p.taps, p.begin) for p in extent.phases}) == 1 for extent in extents):
        y = _in_one(x, w, bias, extents)
    else:
        y = Concat.build(
            [_one(x, w, bias, extents, chosen) for chosen in product(*(e.phases for e in extents))],
            axis=1,
        )
    return _interleaved(y, extents, list(op.results[0].type.shape))


def _extent(op: Any, i: int) -> Extent:
    view = op.opview
    stride, cut = view.strides[i], view.pads[i]
    kernel, size = op.operands[1].type.shape[2 + i], op.operands[0].type.shape[2 + i]
    # phases alike are worth a copy that cuts; others start where the padding ends
    skip, front = (cut % stride, 0) if kernel % stride == 0 else (0, -cut % stride)
    blocks = -(-(op.results[0].type.shape[2 + i] + skip) // stride)
    phases = []
    for r in range(stride):
        first = (r - front) % stride
        taps = -(-(kernel - first) // stride)
        begin = (first + front - r) // stride + taps - 1 - (cut + front) // stride
        phases.append(Phase(first, taps, begin, blocks - size - begin + taps - 1))
    return Extent(stride, skip, phases)


def _convolved(x: Any, filters: Any, bias: Any, phases: Sequence[Phase]) -> Any:
    ones = [1] * len(phases)
    pads = [*(p.begin for p in phases), *(p.end for p in phases)]
    return Conv.build(x, filters, bias, strides=ones, dilations=ones, pads=pads)


def _one(x: Any, w: Any, bias: Any, extents: list[Extent], phases: Sequence[Phase]) -> Any:
    """The convolution of one phase per dimension."""
    pairs = list(zip(phases, extents, strict=True))
    starts = [0, 0, *(p.first + (p.taps - 1) * e.stride for p, e in pairs)]
    sizes = [*w.type.shape[:2], *(p.taps for p in phases)]
    taps = Slice.build(w, starts=starts, sizes=sizes, steps=[1, 1, *(-e.stride for e in extents)])
    filters = Transpose.build(taps, permutation=[1, 0, *range(2, len(sizes))])
    return _convolved(x, filters, bias, phases)


def _in_one(x: Any, w: Any, bias: Any, extents: list[Extent]) -> Any:
    """All phases, which are alike: their filters one after the other."""
    inputs, outputs = w.type.shape[:2]
    alike = [e.phases[0] for e in extents]
    pairs = list(zip(alike, extents, strict=True))
    sizes = [inputs, outputs, *(d for p, e in pairs for d in (p.taps, e.stride))]
    split, taps = Reshape.build(w, shape=sizes), range(2, len(sizes), 2)
    if any(sizes[i] > 1 for i in taps):
        starts = [sizes[i] - 1 if i in taps else 0 for i in range(len(sizes))]
        steps = [-1 if i in taps else 1 for i in range(len(sizes))]
        split = Slice.build(split, starts=starts, sizes=sizes, steps=steps)
    order = [*range(3, len(sizes), 2), 1, 0, *taps]
    times = element_count([e.stride for e in extents])
    shape = [times * outputs, inputs, *(p.taps for p in alike)]
    filters = Reshape.build(Transpose.build(split, permutation=order), shape=shape)
    if bias is not None:
        rows = Expand.build(Reshape.build(bias, shape=[1, outputs]), shape=[times, outputs])
        bias = Reshape.build(rows, shape=[times * outputs])
    return _convolved(x, filters, bias, alike)


def _interleaved(y: Any, extents: list[Extent], shape: list[int]) -> Any:
    """[N, phases.. * O, blocks..] with every block's phases side by side, cut to `shape`."""
    rank, blocks = len(extents), list(y.type.shape[2:])
    strides = [e.stride for e in extents]
    split = Reshape.build(y, shape=[shape[0], *strides, shape[1], *blocks])
    order = [0, 1 + rank, *(d for i in range(rank) for d in (2 + rank + i, 1 + i))]
    wide = [b * s for b, s in zip(blocks, strides, strict=True)]
    whole = Reshape.build(Transpose.build(split, permutation=order), shape=[*shape[:2], *wide])
    if wide == shape[2:]:
        return whole
    starts = [0, 0, *(e.skip for e in extents)]
    return Slice.build(whole, starts=starts, sizes=shape, steps=[1] * len(shape))
