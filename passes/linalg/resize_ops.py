"""Lowering of resizing: one generic that reads each tap through its position.

graph.interpolate(%x, %p, %w) {axis = 1}, 2 taps
-> linalg.generic ins(%p[.,0], %w[.,0], ..) { %w0 * extract %x[i, %p0] + %w1 * .. }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.resize import Interpolate

from .indexing_ops import as_index
from .lowering import Builder, affine_map, dim, lowers, signless

MOST_UNROLLED_TAPS = 8


@lowers(Interpolate)
def lower_interpolate(b: Builder, op: Any, x: Any, positions: Any, weights: Any) -> Any:
    """Few taps are unrolled, so that each element is written once; many are a reduction."""
    type_ = signless(op.operation.results[0].type)
    axis = op.axis % type_.rank
    if 0 in type_.shape:
        return b.empty(type_)
    if positions.type.shape[1] <= MOST_UNROLLED_TAPS:
        return _unrolled(b, op, x, positions, weights, type_, axis)
    return _reduced(b, op, x, positions, weights, type_, axis)


def _read(b: Builder, op: Any, x: Any, stored: Any, axis: int) -> Any:
    at = [b.position(i) for i in range(x.type.rank)]
    at[axis] = as_index(b, stored, op.operation.operands[1].type.element_type)
    return b.tensor.extract(x, at)


def _unrolled(
    b: Builder, op: Any, x: Any, positions: Any, weights: Any, type_: Any, axis: int
) -> Any:
    taps = positions.type.shape[1]

    def body(*scalars: Any) -> Any:
        total = None
        for t in range(taps):
            value = _read(b, op, x, scalars[t], axis)
            term = b.arith.mulf(scalars[taps + t], value)
            total = term if total is None else b.sum_of(total, term)
        return total

    columns = [affine_map(type_.rank, [dim(axis), t]) for t in range(taps)]
    identity = ir.AffineMap.get_identity(type_.rank)
    inputs = [positions] * taps + [weights] * taps
    return b.generic(inputs, [*columns, *columns, identity], b.empty(type_), body)


def _reduced(
    b: Builder, op: Any, x: Any, positions: Any, weights: Any, type_: Any, axis: int
) -> Any:
    rank = type_.rank
    table = affine_map(rank + 1, [dim(axis), dim(rank)])
    target = affine_map(rank + 1, [dim(i) for i in range(rank)])

    def body(stored: Any, weight: Any, acc: Any) -> Any:
        value = _read(b, op, x, stored, axis)
        return b.sum_of(acc, b.arith.mulf(weight, value))

    init = b.filled(type_, 0)
    return b.generic([positions, weights], [table, table, target], init, body, reductions=1)
