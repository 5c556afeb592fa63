"""Evaluate ops whose operands are all inline constants.

    %0 = constant [2, 3]; %1 = constant [4]; %2 = concat(%0, %1)  ->  %2 = constant [2, 3, 4]

Why: shape arithmetic and folded batch norms leave chains of small constants. numpy gives the
values by the rules of `aicc.dialects.graph.evaluation`; where its result would differ from the op's
meaning (division by zero, a value out of range) the op stays. Larger results stay ops.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph import OPS
from aicc.dialects.graph.evaluation import can_evaluate, evaluate
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, Constant
from aicc.dialects.graph.types import dtype_of, element_count
from aicc.passes.registry import register_pass

from .dataflow import body_of, erase_dead, graph_functions, inline_array, is_pure, ops_of, replace


@register_pass("fold-constants")
def run(module: Any, *, max_elements: int = MAX_INLINE_ELEMENTS) -> None:
    """Evaluate ops on inline constants whose result has at most `max_elements` elements."""
    limit = min(max_elements, MAX_INLINE_ELEMENTS)
    for function in graph_functions(module):
        for op in ops_of(body_of(function)):
            if _is_candidate(op, limit) and (array := _value_of(op)) is not None:
                with ir.InsertionPoint(op):
                    replace(op, [Constant.of(array, loc=op.location)])
        erase_dead(body_of(function))


def _is_candidate(op: Any, limit: int) -> bool:
    if not is_pure(op) or len(op.results) != 1 or not len(op.operands):
        return False
    return element_count(op.results[0].type.shape) <= limit and can_evaluate(OPS[op.name])


def _value_of(op: Any) -> Any:
    """The result as an array; None if an operand is unknown or numpy's rule does not apply."""
    arrays = []
    for group in op.opview.operand_groups():
        values = group if isinstance(group, list) else [group]
        known = [None if v is None else inline_array(v) for v in values]
        if any(a is None and v is not None for a, v in zip(known, values, strict=True)):
            return None
        arrays.append(known if isinstance(group, list) else known[0])
    array = evaluate(OPS[op.name], arrays, op.opview.attr_values())
    return array if array is None or _fits(array, op.results[0].type) else None


def _fits(array: Any, type_: Any) -> bool:
    """True if a constant of `array` has the type of the op's result."""
    element = dtype_of(type_.element_type)
    return list(array.shape) == list(type_.shape) and array.dtype.name == element
