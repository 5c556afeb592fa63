"""Convolutions by one pixel done before pixels change places.

%1 = blocks of %0, interleaved; %2 = conv(%1)  ->  %1 = conv(%0); %2 = blocks of %1, interleaved
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc.dialects.graph.movement import Reshape, Transpose
from aicc.dialects.graph.types import element_count

from ..dataflow import is_read_once, source_if
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet
from ..values.pointwise import with_operand

PATTERNS = PatternSet("reduce-work")


@PATTERNS.add("conv-before-pixels-move", "graph.conv")
def _conv_before_pixels_move(op: Any, match: Match) -> Any:
    """Where every pixel is computed by itself, its place does not matter."""
    x, filters = op.operands[0], op.operands[1]
    view = source_if(x, "graph.reshape")
    move = source_if(view.operands[0] if view else x, "graph.transpose")
    if move is None or not _is_pointwise(op) or not is_read_once(x):
        return None
    moved = list(move.results[0].type.shape)
    if moved[:2] != list(x.type.shape[:2]) or not is_read_once(move.results[0]):
        return None
    order = list(move.opview.permutation)
    # what is split from the channels comes last: channels-last memory has it in this order
    pixels = sorted(order[2:], key=lambda d: (d < order[1], d))
    if pixels == order[2:]:
        return None
    outputs = filters.type.shape[0]
    if outputs > moved[1]:
        return match.refuse("more channels would be moved")
    still = Transpose.build(move.operands[0], permutation=[*order[:2], *pixels])
    sizes = list(still.type.shape[2:])
    image = Reshape.build(still, shape=[*moved[:2], *_folded(sizes, x.type.rank - 2)])
    split = Reshape.build(with_operand(op, 0, image), shape=[moved[0], outputs, *sizes])
    back = Transpose.build(split, permutation=[0, 1, *(2 + pixels.index(d) for d in order[2:])])
    return reshaped(back, op.results[0].type.shape)


def _is_pointwise(op: Any) -> bool:
    view, spatial = op.opview, op.operands[0].type.rank - 2
    is_plain = view.layout == "NCHW" and view.filter_layout == "OIHW" and view.group == 1
    windows = [*op.operands[1].type.shape[2:], *view.strides]
    return is_plain and spatial > 0 and set(windows) == {1} and not any(view.pads)


def _folded(sizes: Sequence[int], rank: int) -> list[int]:
    """`rank` sizes of as many elements: the last ones in one, or ones in front."""
    ones = [1] * max(0, rank - len(sizes))
    kept = rank - len(ones)
    return [*ones, *sizes[: kept - 1], element_count(sizes[kept - 1 :])]
