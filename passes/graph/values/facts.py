"""What is known of a value's elements, whatever the inputs are: for patterns with a condition."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.types import is_unsigned

from ..dataflow import definition
from .expressions import constant_array, has_floats

# results without negative elements (-0.0 included); NaN may be among them
_NON_NEGATIVE = ("exp", "sigmoid", "hard_sigmoid", "softplus")
# non-negative if every operand is: exactly so for floats, integers may wrap around
_CLOSED_ON_FLOATS = ("add", "mul", "div", "reduce_sum", "reduce_mean", "reduce_prod", "sqrt", "pow")
_CLOSED: tuple[str, ...] = ("minimum", "where", "floor", "ceil", "round", "reciprocal", "gather")
_CLOSED += ("expand", "reshape", "transpose", "slice", "layout_cast", "concat")
_MAX_DEPTH = 6


def is_non_negative(value: Any, depth: int = _MAX_DEPTH) -> bool:
    """True if no element is below zero, nor -0.0; elements may be NaN."""
    if is_unsigned(value.type.element_type):
        return True
    if (array := constant_array(value)) is not None:
        return not bool(np.any(np.signbit(array) if has_floats(value) else array < 0))
    op = definition(value)
    if op is None or not depth or not op.name.startswith("graph."):
        return False
    return _is_never_negative(op, depth - 1)


def _is_never_negative(op: Any, depth: int) -> bool:
    name = op.name.removeprefix("graph.")
    floats = has_floats(op.results[0])
    if name == "relu" or (name == "abs" and floats) or name in _NON_NEGATIVE:
        return True
    if name == "softmax":
        return not op.opview.log
    if name == "mul" and floats and op.operands[0] == op.operands[1]:
        return True
    if name == "maximum":
        return any(is_non_negative(v, depth) for v in op.operands)
    if name == "cast":
        return is_unsigned(op.operands[0].type.element_type) and _grows(op)
    if name in _CLOSED or (floats and name in _CLOSED_ON_FLOATS):
        values = [v for v in op.operands if v.type.element_type == op.results[0].type.element_type]
        return all(is_non_negative(v, depth) for v in values)
    return False


def _grows(cast: Any) -> bool:
    """True if a cast of unsigned integers cannot wrap into negative ones."""
    source, target = cast.operands[0].type.element_type, cast.results[0].type.element_type
    return has_floats(cast.results[0]) or target.width > source.width


def is_integral(value: Any) -> bool:
    """True if every element is a whole number, an infinity or NaN."""
    op = definition(value)
    if op is None:
        return False
    if op.name in ("graph.floor", "graph.ceil", "graph.round", "graph.sign"):
        return True
    return op.name == "graph.cast" and not has_floats(op.operands[0])
