"""Reductions done before what can be done to their result: transposes, scaling, shifting.

%1 = mul(%0, 0.5); %2 = reduce_sum(%1)  ->  %1 = reduce_sum(%0); %2 = mul(%1, 0.5)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.movement import Transpose
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import Constant, cast_permutation
from aicc.dialects.graph.types import is_float

from ..dataflow import definition, inline_array, is_read_once
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet
from ..values.pointwise import is_number, rebuilt

PATTERNS = PatternSet("reduce-work")
SUMS = ("graph.reduce_sum", "graph.reduce_mean")
EXTREMES = ("graph.reduce_max", "graph.reduce_min")
MIRROR = {"graph.reduce_max": "reduce_min", "graph.reduce_min": "reduce_max"}


@PATTERNS.add("extreme-before-transpose", *EXTREMES)
def _extreme_before_transpose(op: Any, match: Match) -> Any:
    """The order of the elements does not matter; fewer of them are transposed."""
    return _before_transpose(op)


@PATTERNS.add(
    "sum-before-transpose",
    *SUMS,
    "graph.reduce_prod",
    rounding="reassociating",
    exact_on_integers=True,
)
def _sum_before_transpose(op: Any, match: Match) -> Any:
    """The elements are added in another order; fewer of them are transposed."""
    return _before_transpose(op)


def _before_transpose(op: Any) -> Any:
    move = definition(op.operands[0])
    if move is None or move.name not in ("graph.transpose", "graph.layout_cast"):
        return None
    x, view = move.operands[0], op.opview
    if move.name == "graph.transpose":
        permutation = list(move.opview.permutation)
    else:
        permutation = cast_permutation(x.type.rank, move.opview.target)
    axes = {a % x.type.rank for a in view.axes}
    if not axes:
        return None
    reduced = type(view).build(x, axes=sorted(permutation[a] for a in axes), keepdims=True)
    y = Transpose.build(reduced, permutation=permutation)
    return reshaped(y, op.results[0].type.shape)


def _number_of(op: Any) -> tuple[Any, float] | None:
    """(x, number) of an op on x and a number behind it, else None."""
    if len(op.operands) != 2 or not is_number(op.operands[1]):
        return None
    x, number = op.operands[0], inline_array(op.operands[1])
    if x.type != op.results[0].type or number is None:
        return None
    return x, float(number.reshape(())[()])


def _scaling(op: Any) -> tuple[Any, float, Any] | None:
    """(x, number, op) if the reduction `op` reads, alone, x scaled by a finite number not 0."""
    inner = definition(op.operands[0])
    names = ("graph.mul", "graph.div", "graph.shift_left")
    if inner is None or inner.name not in names or not is_read_once(op.operands[0]):
        return None
    found = _number_of(inner)
    if found is None or found[1] == 0 or not np.isfinite(found[1]):
        return None
    return found[0], found[1], inner


@PATTERNS.add("sum-before-scaling", *SUMS, rounding="reassociating", exact_on_integers=True)
def _sum_before_scaling(op: Any, match: Match) -> Any:
    """sum(c * x) = c * sum(x); a shift to the left is such a factor, one to the right is not."""
    found = _scaling(op)
    if found is None:
        return None
    x, _, inner = found
    if not is_float(x.type.element_type):
        if op.name == "graph.reduce_mean" or inner.name == "graph.div":
            return match.refuse("integers are divided")
    return _scaled(inner, rebuilt(op, [x]))


@PATTERNS.add("extreme-before-scaling", *EXTREMES)
def _extreme_before_scaling(op: Any, match: Match) -> Any:
    """Rounding keeps the order: max(c * x) = c * max(x) for c > 0, c * min(x) for c < 0."""
    found = _scaling(op)
    if found is None:
        return None
    x, number, inner = found
    if not is_float(x.type.element_type):
        return match.refuse("integers wrap around")
    name = MIRROR[op.name] if number < 0 else op.name.removeprefix("graph.")
    return _scaled(inner, REDUCE[name].build(x, **op.opview.attr_values()))


@PATTERNS.add("mean-before-shifting", "graph.reduce_mean", rounding="reassociating")
def _mean_before_shifting(op: Any, match: Match) -> Any:
    """mean(x + c) = mean(x) + c."""
    return _before_shifting(op)


@PATTERNS.add("extreme-before-shifting", *EXTREMES)
def _extreme_before_shifting(op: Any, match: Match) -> Any:
    """max(x + c) = max(x) + c."""
    return _before_shifting(op)


def _before_shifting(op: Any) -> Any:
    inner = definition(op.operands[0])
    if inner is None or inner.name not in ("graph.add", "graph.sub"):
        return None
    found = _number_of(inner) if is_read_once(op.operands[0]) else None
    if found is None or not is_float(found[0].type.element_type) or not np.isfinite(found[1]):
        return None
    return _scaled(inner, rebuilt(op, [found[0]]))


def _scaled(inner: Any, value: Any) -> Any:
    """`inner` on the reduced value; its number as a scalar, so that it gives no dimensions."""
    return rebuilt(inner, [value, Constant.of(inline_array(inner.operands[1]).reshape(()))])
