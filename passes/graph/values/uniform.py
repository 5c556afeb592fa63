"""Tensors whose elements are all one known number: it stands in the IR once, and is expanded.

An op on such tensors alone gives such a tensor, however large: `add(expand(2.0), expand(3.0))` is
`expand(5.0)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph import OPS
from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.evaluation import can_evaluate, evaluate
from aicc.dialects.graph.types import element_count, is_float

from ..dataflow import inline_array, source_if

_ELEMENTWISE = (*(f"graph.{name}" for name in ELEMENTWISE), "graph.where", "graph.cast")
# the result's elements are elements of the operands
_MOVEMENT = (
    "graph.reshape",
    "graph.transpose",
    "graph.slice",
    "graph.layout_cast",
    "graph.concat",
    "graph.expand",
    "graph.pad",
)
_ORDERING = ("graph.maximum", "graph.minimum", "graph.relu", "graph.reduce_max", "graph.reduce_min")
_EXTREMES = ("graph.reduce_max", "graph.reduce_min")


def uniform_number(value: Any) -> Any:
    """What all elements of `value` are, as a numpy scalar array; None if that is not known."""
    while expand := source_if(value, "graph.expand"):
        value = expand.operands[0]
    array = inline_array(value)
    if array is None or not array.size:
        return None
    first = array.reshape(-1)[:1]
    # by bits: zeros may differ in sign, and NaN is not equal to itself
    same = array.tobytes() == np.repeat(first, array.size).tobytes()
    return first.reshape(()) if same else None


def uniform_result(op: Any) -> Any:
    """What all elements of the op's result are, as a numpy scalar array; None if unknown."""
    is_elementwise = op.name in _ELEMENTWISE and can_evaluate(OPS[op.name])
    if not is_elementwise and not _repeats_elements(op):
        return None
    numbers = [uniform_number(v) for v in op.operands]
    if not numbers or any(n is None for n in numbers):
        return None
    if is_elementwise:
        return evaluated(op, numbers)
    first = numbers[0].tobytes()
    return numbers[0] if all(n.tobytes() == first for n in numbers) else None


def evaluated(op: Any, arrays: list[Any]) -> Any:
    """The op's result on arrays by numpy's rules, None where they do not apply."""
    if op.name in _ORDERING and _has_both_zeros(op, arrays):
        return None
    try:
        return evaluate(OPS[op.name], arrays, op.opview.attr_values())
    except (OverflowError, ValueError):
        # numpy refuses what the op defines: the least integer by -1, negative powers of integers
        return None


def _has_both_zeros(op: Any, arrays: list[Any]) -> bool:
    """True if 0.0 and -0.0 are compared, which the op orders and numpy does not."""
    if not is_float(op.results[0].type.element_type):
        return False
    signs = {bool(sign) for a in arrays for sign in np.signbit(a[a == 0])}
    return len(signs | ({False} if op.name == "graph.relu" else set())) > 1


def _repeats_elements(op: Any) -> bool:
    """True if elements of the result are elements of the operands."""
    if op.name in _EXTREMES:
        return element_count(op.operands[0].type.shape) > 0
    return op.name in _MOVEMENT
