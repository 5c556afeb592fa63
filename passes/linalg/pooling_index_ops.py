"""Lowering of the positions of window maxima."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.pooling import MaxPoolIndices

from .elementwise_ops import Scope
from .lowering import Builder, affine_map, dim, lowers


class _Places:
    """Places in the spatial dimensions of x, numbered in row or column order."""

    def __init__(self, b: Builder, x: Any, column_major: bool) -> None:
        self.b, self.arith = b, b.arith
        self.size = list(x.type.shape[2:])
        self.order = list(range(len(self.size)))[:: 1 if column_major else -1]

    def number(self, at: list[Any]) -> Any:
        """The number of the coordinates `at`."""
        total, stride = self.b.index(0), 1
        for i in self.order:
            total = self.arith.addi(total, self.arith.muli(at[i], self.b.index(stride)))
            stride *= self.size[i]
        return total

    def coordinates(self, number: Any) -> list[Any]:
        """The coordinates of a number."""
        at: list[Any] = [None] * len(self.size)
        for i in self.order:
            extent = self.b.index(self.size[i])
            at[i] = self.arith.remsi(number, extent)
            number = self.arith.divsi(number, extent)
        return at


@lowers(MaxPoolIndices)
def lower_max_pool_indices(b: Builder, op: Any, x: Any) -> Any:
    """A reduction that carries the best place so far, -1 at first; its value is read again."""
    a, spatial = b.arith, len(op.kernel)
    rank = spatial + 2
    i64, index = ir.IntegerType.get_signless(64), ir.IndexType.get()
    places = _Places(b, x, op.column_major)
    scope = Scope(b, op.operation.operands[0].type.element_type, {})
    zero = b.index(0)
    taps = b.empty(ir.RankedTensorType.get(list(op.kernel), x.type.element_type))

    def position(k: int) -> Any:
        start = a.muli(b.position(2 + k), b.index(op.strides[k]))
        tap = a.muli(b.position(rank + k), b.index(op.dilations[k]))
        return a.addi(a.subi(start, b.index(op.pads[k])), tap)

    def is_inside(at: list[Any]) -> Any:
        tests = [
            a.cmpi(a.CmpIPredicate.ult, p, b.index(d))
            for p, d in zip(at, places.size, strict=True)
        ]
        result = tests[0]
        for t in tests[1:]:
            result = a.andi(result, t)
        return result

    def body(_: Any, best: Any) -> Any:
        image = [b.position(0), b.position(1)]
        at = [position(k) for k in range(spatial)]
        inside = is_inside(at)
        here = [a.select(inside, p, zero) for p in at]
        held = places.coordinates(a.maxsi(a.index_cast(index, best), zero))
        wins = scope.compare(
            "gt", b.tensor.extract(x, [*image, *here]), b.tensor.extract(x, [*image, *held])
        )
        first = a.cmpi(a.CmpIPredicate.slt, best, b.scalar(0, i64))
        better = a.andi(inside, a.ori(first, wins))
        return a.select(better, a.index_cast(i64, places.number(at)), best)

    maps = [
        affine_map(rank + spatial, [dim(rank + k) for k in range(spatial)]),
        affine_map(rank + spatial, [dim(i) for i in range(rank)]),
    ]
    result = op.operation.results[0].type
    best = b.generic([taps], maps, b.filled(result, -1), body, reductions=spatial)
    return b.elementwise([best], result, lambda v: _in_whole(b, v, x.type.shape))


def _in_whole(b: Builder, place: Any, shape: list[int]) -> Any:
    """Places count on from image to image and from channel to channel."""
    a, size = b.arith, 1
    for d in shape[2:]:
        size *= d
    image = a.addi(a.muli(b.position(0), b.index(shape[1])), b.position(1))
    return a.addi(place, a.index_cast(place.type, a.muli(image, b.index(size))))
