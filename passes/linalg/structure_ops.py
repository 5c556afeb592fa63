"""Lowering of constants and layout casts."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.small_floats import is_small_float
from aicc.dialects.graph.structure import Constant, LayoutCast, cast_permutation, dense_attr

from .lowering import Builder, lowers, signless


@lowers(Constant)
def lower_constant(b: Builder, op: Any) -> Any:
    """A scalar becomes a fill, anything else an arith.constant tensor."""
    array = op.array()
    type_ = signless(op.operation.results[0].type)
    if array.dtype.kind == "u" or is_small_float(op.operation.results[0].type.element_type):
        array = array.view(f"int{array.dtype.itemsize * 8}")
    return b.arith.ConstantOp(type_, dense_attr(array, type_)).result


@lowers(LayoutCast)
def lower_layout_cast(b: Builder, op: Any, x: Any) -> Any:
    """A transpose."""
    return b.transpose(x, cast_permutation(x.type.rank, op.target))
