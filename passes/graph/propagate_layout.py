"""Move layout casts through the operators that can run in any layout, to where they cost least.

Why: a cast is a kernel that computes nothing. Operators without a layout of their own (elementwise,
concat, reductions, reshapes that keep the channels apart, ...) take that of their neighbours, casts
meet their opposites and vanish, and what is left stands where the fewest bytes cross the border.
A transpose of the model is a cast like any other.

    %1 = layout_cast(%0) to NCHW           %1 = relu(%0)
    %2 = relu(%1)                    ->    %2 = conv(%1) {layout = "NHWC"}
    %3 = layout_cast(%2) to NHWC
    %4 = conv(%3) {layout = "NHWC"}

Convolutions stay as `assign-layout` has them.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .dataflow import graph_functions
from .layout.choice import choose
from .layout.cost import FORBIDDEN
from .layout.regions import Regions
from .layout.rewrite import rewrite
from .layout.rules import Move, is_change

# What a choice leaves behind may allow another; two rounds are the rule, the second for nothing.
MAX_ROUNDS = 4


@register_pass("propagate-layout")
def run(module: Any) -> None:
    """Sink, hoist and cancel layout casts and transposes."""
    for function in graph_functions(module):
        for _ in range(MAX_ROUNDS):
            if not _improve(function):
                break


def _improve(function: Any) -> bool:
    """One choice for the whole function; True if anything changed."""
    regions = Regions(function)
    return rewrite(regions, choose(regions, _price))


def _price(op: Any, move: Move) -> float:
    """Any form will do, except for convolutions."""
    return FORBIDDEN if op.name == "graph.conv" and is_change(move) else 0.0
