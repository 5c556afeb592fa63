"""Reductions as exporters write them: dimensions kept, or dropped and put back by a reshape."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.reduction import reduced_shape
from aicc.dialects.graph.types import normalize_axes

from ..dataflow import definition, source_if
from .polynomials import is_near, scalar_of, unexpanded

Reduced = tuple[Any, list[int]]


def reduction_of(value: Any, kind: str) -> Reduced | None:
    """(x, axes) if `value` is reduce_<kind> of x with its dimensions kept as 1, or repeated."""
    value = unexpanded(value)
    op = source_if(value, f"graph.reduce_{kind}")
    if op is None and (view := source_if(value, "graph.reshape")):
        op = source_if(view.operands[0], f"graph.reduce_{kind}")
    if op is None:
        return None
    x = op.operands[0]
    axes = normalize_axes(op.opview.axes, x.type.rank)
    kept = reduced_shape(list(x.type.shape), axes, keepdims=True)
    return (x, axes) if axes and list(value.type.shape) == kept else None


def mean_of(value: Any) -> Reduced | None:
    """(x, axes) if `value` is a mean, also written as a sum divided by the count."""
    if found := reduction_of(value, "mean"):
        return found
    value = unexpanded(value)
    op = definition(value)
    if op is None or op.name not in ("graph.mul", "graph.div"):
        return None
    pairs = [(0, 1)] if op.name == "graph.div" else [(0, 1), (1, 0)]
    for total, factor in pairs:
        found, number = reduction_of(op.operands[total], "sum"), scalar_of(op.operands[factor])
        if found and number:
            share = 1 / number if op.name == "graph.div" else number
            if is_near(share, 1 / count_of(found), value.type.element_type):
                return found
    return None


def count_of(reduced: Reduced) -> int:
    """How many elements are folded into one."""
    x, axes = reduced
    count = 1
    for axis in axes:
        count *= x.type.shape[axis]
    return count


def squared(value: Any) -> Any:
    """x if `value` is x * x or x ** 2, else None."""
    if op := source_if(value, "graph.mul"):
        return op.operands[0] if op.operands[0] == op.operands[1] else None
    if op := source_if(value, "graph.pow"):
        return op.operands[0] if scalar_of(op.operands[1]) == 2.0 else None
    return None


def is_last_axes(reduced: Reduced) -> bool:
    """Whether the reduced dimensions are the last ones."""
    x, axes = reduced
    return axes == list(range(axes[0], x.type.rank))
