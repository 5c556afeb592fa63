"""Blocks of pixels as channels: said as a transpose, and taken into the convolution that reads it.

    concat of x[:, :, ::2, ::2], x[:, :, 1::2, ::2], ..  ->  reshape, transpose, reshape of x
    conv(blocks of 2 x 2 of x, w [O, 4 * C, 3, 3])       ->  conv(x, [O, C, 6, 6]) {strides = 2}

The same products are added, in another order; what is saved is a copy of the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np

from aicc.dialects.graph.movement import Reshape, Transpose
from aicc.dialects.graph.types import element_count

from ..dataflow import source_if
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")


@PATTERNS.add("phases-as-blocks", "graph.concat")
def _phases_as_blocks(op: Any, match: Match) -> Any:
    """Slices with steps, one for each phase, side by side along the channels."""
    slices = [source_if(v, "graph.slice") for v in op.operands]
    if any(s is None for s in slices) or len(slices) < 2 or op.results[0].type.rank < 3:
        return None
    x, steps = slices[0].operands[0], list(slices[0].opview.steps)
    if op.opview.axis != 1 or any(s.operands[0] != x for s in slices):
        return None
    if steps[:2] != [1, 1] or min(steps) < 1 or element_count(steps) != len(slices):
        return None
    whole = list(x.type.shape)
    sizes = [d // s for d, s in zip(whole, steps, strict=True)]
    if any(d % s for d, s in zip(whole, steps, strict=True)):
        return None
    if any(list(s.opview.sizes) != sizes or list(s.opview.steps) != steps for s in slices):
        return None
    starts = np.array([list(s.opview.starts)[2:] for s in slices])
    order = _order_of(starts, steps[2:])
    return None if order is None else _blocks(x, steps[2:], order, op.results[0].type.shape)


def _order_of(starts: np.ndarray[Any, Any], steps: Sequence[int]) -> tuple[int, ...] | None:
    """In which order the dimensions' phases run, outermost first; None if in no such order."""
    for order in permutations(range(len(steps))):
        grid = np.indices([steps[d] for d in order]).reshape(len(steps), -1)
        if all((starts[:, d] == grid[i]).all() for i, d in enumerate(order)):
            return order
    return None


def _blocks(x: Any, steps: Sequence[int], order: Sequence[int], shape: Sequence[int]) -> Any:
    batch, channels, *sizes = x.type.shape
    split = [n for d, s in zip(sizes, steps, strict=True) for n in (d // s, s)]
    view = Reshape.build(x, shape=[batch, channels, *split])
    phases = [3 + 2 * d for d in order]
    moved = Transpose.build(
        view, permutation=[0, *phases, 1, *(2 + 2 * d for d in range(len(steps)))]
    )
    return reshaped(moved, shape)


@PATTERNS.add("conv-of-blocks", "graph.conv", rounding="reassociating")
def _conv_of_blocks(op: Any, match: Match) -> Any:
    """A convolution of blocks is one with larger strides of the image itself."""
    view, (x, w) = op.opview, list(op.operands)[:2]
    if view.layout != "NCHW" or view.filter_layout != "OIHW" or view.group != 1:
        return None
    if w not in match.static or any(d != 1 for d in view.dilations):
        return None
    merged = source_if(x, "graph.reshape")
    move = source_if(merged.operands[0], "graph.transpose") if merged else None
    split = source_if(move.operands[0], "graph.reshape") if move else None
    if move is None or split is None:
        return None
    image, rank = split.operands[0], x.type.rank - 2
    order = list(move.opview.permutation)
    sizes = list(split.results[0].type.shape)
    if image.type.rank != rank + 2 or len(sizes) != 2 + 2 * rank:
        return None
    pixels = [2 + 2 * d for d in range(rank)]
    if order[0] != 0 or order[-rank:] != pixels or sizes[1] != image.type.shape[1]:
        return None
    if list(x.type.shape[2:]) != [sizes[d] for d in pixels] or sizes[0] != image.type.shape[0]:
        return None
    return _strided(op, image, order[1:-rank], sizes)


def _strided(op: Any, image: Any, channels: Sequence[int], sizes: Sequence[int]) -> Any:
    """The convolution of `image`; `channels` are the dimensions that made up its channels."""
    view, w = op.opview, op.operands[1]
    outputs, _, *window = w.type.shape
    rank = len(window)
    split = Reshape.build(w, shape=[outputs, *(sizes[d] for d in channels), *window])
    place = {d: 1 + i for i, d in enumerate(channels)}
    taps = [n for d in range(rank) for n in (len(channels) + 1 + d, place[3 + 2 * d])]
    steps = [sizes[3 + 2 * d] for d in range(rank)]
    wide = [k * s for k, s in zip(window, steps, strict=True)]
    filters = Reshape.build(
        Transpose.build(split, permutation=[0, place[1], *taps]), shape=[outputs, sizes[1], *wide]
    )
    changes = {
        "strides": [a * s for a, s in zip(view.strides, steps, strict=True)],
        "pads": [p * s for p, s in zip(view.pads, [*steps, *steps], strict=True)],
    }
    operands = [image, filters, *list(op.operands)[2:]]
    return type(view).build(*_groups(view, operands), **(view.attr_values() | changes))


def _groups(view: Any, operands: Sequence[Any]) -> list[Any]:
    """`operands` with None where the op has none."""
    waiting = list(operands)
    return [None if group is None else waiting.pop(0) for group in view.operand_groups()]
