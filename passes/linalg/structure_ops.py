"""Lowering of constants and layout casts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc.dialects.graph.small_floats import is_small_float
from aicc.dialects.graph.structure import Constant, LayoutCast, cast_permutation, dense_attr
from aicc.dialects.graph.types import tensor

from .lowering import Builder, affine_map, dim, lowers, signless


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
    """A copy in another order."""
    return transposed(b, x, cast_permutation(x.type.rank, op.target))


def transposed(b: Builder, x: Any, permutation: Sequence[int]) -> Any:
    """Result dimension i is operand dimension `permutation[i]`.

    The innermost loops run along the last dimensions of result and operand: of every cache line
    that the strided side touches, all elements are used before it is evicted.
    """
    rank = len(permutation)
    order = list(range(rank))
    if permutation and permutation[-1] != rank - 1:
        order.remove(read := permutation.index(rank - 1))
        order.insert(rank - 2, read)
    loops = [dim(order.index(i)) for i in range(rank)]
    type_ = tensor([x.type.shape[p] for p in permutation], x.type.element_type)
    source = affine_map(rank, [loops[permutation.index(i)] for i in range(rank)])
    maps = [source, affine_map(rank, loops)]
    return b.generic([x], maps, b.empty(type_), lambda value, _: value)
