"""Evaluate ops whose result does not depend on the inputs.

    %0 = constant [2, 3]; %1 = constant [4]; %2 = concat(%0, %1)  ->  %2 = constant [2, 3, 4]
    %0 = expand(2.0) to 512x512; %1 = sqrt(%0)                    ->  %1 = expand(1.41..)

Why: shape arithmetic and folded batch norms leave chains of small constants. numpy gives the
values by the rules of `aicc.dialects.graph.evaluation`; where its result would differ from the op's
meaning (division by zero, a value out of range) the op stays. Three cases: operands that are all
inline constants; operands that each are one number throughout, of any size; results without
elements. Larger results of other constants stay ops: `hoist-weight-math` lets them run once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph import OPS
from aicc.dialects.graph.evaluation import can_evaluate
from aicc.dialects.graph.movement import Expand
from aicc.dialects.graph.structure import (
    MAX_INLINE_ELEMENTS,
    MAX_SHARED_ELEMENTS,
    Constant,
    numpy_dtype,
)
from aicc.dialects.graph.types import dtype_of, element_count
from aicc.passes.registry import register_pass
from aicc.passes.statistics import count_applied

from .dataflow import body_of, erase_dead, graph_functions, inline_array, is_pure, ops_of, replace
from .values.uniform import evaluated, uniform_result

NAME = "fold-constants"


@register_pass(NAME)
def run(module: Any, *, max_elements: int = MAX_INLINE_ELEMENTS) -> bool:
    """Evaluate ops on constants, up to results of `max_elements` elements; True if there were any.

    Results that are one number throughout may be larger: that number is expanded.
    """
    is_shared = "aicc.dynamic" in module.operation.attributes
    limit = MAX_SHARED_ELEMENTS if is_shared else min(max_elements, MAX_INLINE_ELEMENTS)
    changed = False
    for function in graph_functions(module):
        for op in ops_of(body_of(function)):
            if not _is_candidate(op):
                continue
            with ir.InsertionPoint(op), op.location:
                value = _folded(op, limit)
            if value is not None:
                replace(op, [value])
                changed = True
        erase_dead(body_of(function))
    return changed


def _is_candidate(op: Any) -> bool:
    return is_pure(op) and len(op.results) == 1 and len(op.operands) > 0 and not len(op.regions)


def _folded(op: Any, limit: int) -> Any:
    """The value that replaces the op's result, None if it is not known."""
    type_ = op.results[0].type
    count = element_count(type_.shape)
    if count == 0:
        return _counted("no-elements", _empty(type_))
    if count <= limit and (array := _value_of(op)) is not None:
        return _counted("constant-operands", Constant.of(array))
    number = None if op.name == "graph.expand" else uniform_result(op)
    if number is None or not _has_type(number, type_):
        return None
    if count <= limit:
        return _counted("uniform-operands", Constant.of(np.full(type_.shape, number)))
    return _counted("uniform-operands", Expand.build(Constant.of(number), shape=type_.shape))


def _counted(case: str, value: Any) -> Any:
    count_applied(NAME, case)
    return value


def _empty(type_: Any) -> Any:
    return Constant.of(np.zeros(type_.shape, numpy_dtype(dtype_of(type_.element_type))))


def _value_of(op: Any) -> Any:
    """The result as an array; None if an operand is unknown or numpy's rule does not apply."""
    if not can_evaluate(OPS[op.name]):
        return None
    arrays = []
    for group in op.opview.operand_groups():
        values = group if isinstance(group, list) else [group]
        known = [None if v is None else inline_array(v) for v in values]
        if any(a is None and v is not None for a, v in zip(known, values, strict=True)):
            return None
        arrays.append(known if isinstance(group, list) else known[0])
    array = evaluated(op, arrays)
    if array is None or list(array.shape) != list(op.results[0].type.shape):
        return None
    return array if _has_type(array, op.results[0].type) else None


def _has_type(array: Any, type_: Any) -> bool:
    """True if a constant of `array` has the element type of the op's result."""
    return bool(array.dtype.name == dtype_of(type_.element_type))
