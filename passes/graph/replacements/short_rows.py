"""Reductions and softmax over very short rows, element by element.

%1 = reduce_sum(%0 [4420, 2]) axes [1]  ->  %1 = add(%0[:, 0], %0[:, 1])

Why: a vector of a row kernel would hold two numbers and nothing. Side by side instead, the lanes
run along the rows, and what comes before and after is elementwise too and joins the kernel.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.movement import Concat, Slice
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.types import element_count

from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")
# Elements of a row that are still read one by one; a softmax computes each of them for each other.
MOST_SUMMED, MOST_IN_SOFTMAX = 8, 4
LEAST_ROWS = 64


@PATTERNS.add("extreme-of-few", "graph.reduce_max", "graph.reduce_min")
def _extreme_of_few(op: Any, match: Match) -> Any:
    """The maximum of a few numbers is that of pairs."""
    name = "maximum" if op.name == "graph.reduce_max" else "minimum"
    return _combined(op, name)


@PATTERNS.add("sum-of-few", "graph.reduce_sum", "graph.reduce_mean", rounding="reassociating")
def _sum_of_few(op: Any, match: Match) -> Any:
    """A sum of a few numbers; a mean divides it by how many."""
    total = _combined(op, "add")
    if total is None or op.name == "graph.reduce_sum":
        return total
    count = Constant.of(np.array(op.operands[0].type.shape[-1], np.float32))
    return ELEMENTWISE["div"].build(total, count)


def _combined(op: Any, name: str) -> Any:
    x = op.operands[0]
    if [a % max(1, x.type.rank) for a in op.opview.axes] != [x.type.rank - 1]:
        return None
    columns = _columns(x, MOST_SUMMED)
    if columns is None:
        return None
    return reshaped(reduce(ELEMENTWISE[name].build, columns), op.results[0].type.shape)


@PATTERNS.add("softmax-of-few", "graph.softmax", rounding="reassociating")
def _softmax_of_few(op: Any, match: Match) -> Any:
    """Every element by itself, of the same exponentials."""
    x = op.operands[0]
    if op.opview.axis % x.type.rank != x.type.rank - 1 or op.opview.log:
        return None
    columns = _columns(x, MOST_IN_SOFTMAX)
    if columns is None:
        return None
    largest = reduce(ELEMENTWISE["maximum"].build, columns)
    powers = [ELEMENTWISE["exp"].build(ELEMENTWISE["sub"].build(c, largest)) for c in columns]
    total = reduce(ELEMENTWISE["add"].build, powers)
    parts = [ELEMENTWISE["div"].build(power, total) for power in powers]
    return Concat.build(parts, axis=x.type.rank - 1)


def _columns(x: Any, most: int) -> list[Any] | None:
    """The elements of the rows along the last dimension, [.., 1] each; None if not worth it."""
    shape = list(x.type.shape)
    if not 2 <= shape[-1] <= most or str(x.type.element_type) != "f32":
        return None
    if element_count(shape[:-1]) < LEAST_ROWS:
        return None
    sizes, steps = [*shape[:-1], 1], [1] * len(shape)
    starts = [[0] * (len(shape) - 1) + [k] for k in range(shape[-1])]
    return [Slice.build(x, starts=s, sizes=sizes, steps=steps) for s in starts]
