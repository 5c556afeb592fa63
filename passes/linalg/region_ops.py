"""Lowering of region pooling: a loop over the elements of each bin.

graph.region_max_pool(%x, %regions) -> linalg.generic { bounds from %regions; scf.for .. maximum }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.regions import RegionMaxPool

from .elementwise_ops import Scope
from .lowering import Builder, lowers, signless
from .sampling_ops import Coordinates, to_float


@lowers(RegionMaxPool)
def lower_region_max_pool(b: Builder, op: Any, x: Any, regions: Any) -> Any:
    """One bin per element of the result."""
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape or 0 in x.type.shape:
        return b.filled(type_, 0)
    c = Coordinates(b, regions.type.element_type)

    def body(region: Any, channel: Any, *place: Any) -> Any:
        sample = c.to_index(c.load(regions, [region, b.index(0)]), x.type.shape[0])
        bounds = [_bounds(c, op, regions, region, place[d], d, x.type.shape[2 + d]) for d in (0, 1)]
        return _largest(b, x, [sample, channel], bounds)

    return b.indexed(type_, body)


def _bounds(
    c: Coordinates, op: Any, regions: Any, region: Any, place: Any, d: int, size: int
) -> tuple[Any, Any]:
    """[first, end) of a bin in dimension d (0: rows), within the operand; corners are x first."""
    s, b = c.s, c.b
    low, high = (
        s.math.round(s.mul(c.load(regions, [region, b.index(2 - d + side)]), c.const(op.scale)))
        for side in (0, 2)
    )
    length = s.maximum(s.add(s.sub(high, low), c.const(1)), c.const(1))
    width = s.div(length, c.const(op.size[d]))
    at = to_float(c, place)
    first = s.add(low, s.math.floor(s.mul(at, width)))
    end = s.add(low, s.math.ceil(s.mul(s.add(at, c.const(1)), width)))
    # one more place than there are elements: the end may lie behind the last one
    return c.to_index(first, size + 1), c.to_index(end, size + 1)


def _largest(b: Builder, x: Any, at: list[Any], bounds: list[tuple[Any, Any]]) -> Any:
    """The largest element within the bounds, 0 if there is none."""
    scf, element = dialect("scf"), x.type.element_type
    s = Scope(b, element, {})
    (top, bottom), (left, right) = bounds
    rows = scf.ForOp(top, bottom, b.index(1), [b.scalar(float("-inf"), element)])
    with ir.InsertionPoint(rows.body):
        columns = scf.ForOp(left, right, b.index(1), [rows.inner_iter_args[0]])
        with ir.InsertionPoint(columns.body):
            i, j = rows.induction_variable, columns.induction_variable
            value = b.tensor.extract(x, [*at, i, j])
            scf.YieldOp([s.maximum(columns.inner_iter_args[0], value)])
        scf.YieldOp([columns.results[0]])
    a = b.arith
    is_empty = a.ori(
        a.cmpi(a.CmpIPredicate.sge, top, bottom), a.cmpi(a.CmpIPredicate.sge, left, right)
    )
    return a.select(is_empty, b.scalar(0, element), rows.results[0])
