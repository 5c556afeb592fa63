"""Reductions said in one way: windows over everything, and reductions of reductions.

%1 = reduce_mean(%0) axes [3]; %2 = reduce_mean(%1) axes [2]  ->  %2 = reduce_mean(%0) axes [2, 3]
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.linear import to_channels_first
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import is_float

from ..dataflow import is_read_once, source_if
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")


@PATTERNS.add("maximum-of-everything", "graph.max_pool")
def _maximum_of_everything(op: Any, match: Match) -> Any:
    """A window as large as the image is a reduction."""
    return _over_everything(op, "reduce_max")


@PATTERNS.add("mean-of-everything", "graph.average_pool", rounding="reassociating")
def _mean_of_everything(op: Any, match: Match) -> Any:
    """A window as large as the image is a reduction."""
    return _over_everything(op, "reduce_mean")


def _over_everything(op: Any, name: str) -> Any:
    pool, x = op.opview, op.operands[0]
    size = to_channels_first(x.type.shape, pool.layout)[2:]
    if list(pool.kernel) != size or any(pool.pads) or any(d != 1 for d in pool.dilations):
        return None
    first = 2 if pool.layout == "NCHW" else 1
    return REDUCE[name].build(x, axes=list(range(first, first + len(size))), keepdims=True)


@PATTERNS.add("extreme-of-extremes", "graph.reduce_max", "graph.reduce_min")
def _extreme_of_extremes(op: Any, match: Match) -> Any:
    """The maximum of maxima is the maximum of all."""
    return _in_one(op)


@PATTERNS.add(
    "reduction-of-reductions",
    "graph.reduce_sum",
    "graph.reduce_mean",
    "graph.reduce_prod",
    rounding="reassociating",
    exact_on_integers=True,
)
def _reduction_of_reductions(op: Any, match: Match) -> Any:
    """The sum of sums is the sum of all; so for products, and for means of equal numbers."""
    if op.name == "graph.reduce_mean" and not is_float(op.results[0].type.element_type):
        return match.refuse("means of integers truncate")
    return _in_one(op)


def _in_one(op: Any) -> Any:
    """The reduction over the axes of `op` and of the one before, which only `op` reads."""
    inner = source_if(op.operands[0], op.name)
    if inner is None or not is_read_once(inner.results[0]):
        return None
    x = inner.operands[0]
    first = {a % x.type.rank for a in inner.opview.axes}
    left = [i for i in range(x.type.rank) if inner.opview.keepdims or i not in first]
    second = {left[a % len(left)] for a in op.opview.axes}
    y = REDUCE[op.name.removeprefix("graph.")].build(
        x, axes=sorted(first | second), keepdims=op.opview.keepdims
    )
    return reshaped(y, op.results[0].type.shape)
