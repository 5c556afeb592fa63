"""Grouped convolutions with the channels last: the outputs of a group are the lanes.

A group is a block of the packed filter, with input channels of its own. Neither side is cast to
another layout, and the pixels around share what is loaded; narrow groups use narrow vectors.

    [O, I, kernel..] of g groups  ->  [g, kernel.., I, O/g]
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.movement import Reshape, Transpose

# Outputs of a group: fewer leave most lanes idle, more (in vectors) leave too few registers for
# sums of several pixels.
LEAST_WIDTH, MAX_VECTORS = 4, 4


def is_packable(group: int, out: int, lanes: int) -> bool:
    """Whether the groups of a convolution with `out` output channels can be blocks of a filter."""
    return group > 1 and LEAST_WIDTH <= out // group <= MAX_VECTORS * lanes


def packed_groups(w: Any, group: int) -> Any:
    """The filter [O, I, kernel..] as [group, kernel.., I, O/group]."""
    out, depth, *kernel = w.type.shape
    split = Reshape.build(w, shape=[group, out // group, depth, *kernel])
    taps = range(3, 3 + len(kernel))
    return Transpose.build(split, permutation=[0, *taps, 2, 1])
