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


class _Window:
    """The element of x that a window's tap reads, inside a generic's body."""

    def __init__(self, b: Builder, op: Any, size: list[int]) -> None:
        self.b, self.arith, self.op, self.size = b, b.arith, op, size

    def position(self, k: int) -> Any:
        """Where the tap stands in spatial dimension k; outside of it in the padding."""
        rank = len(self.size) + 2
        start = self._times(2 + k, self.op.strides[k])
        origin = self.arith.subi(start, self.b.index(self.op.pads[k]))
        return self.arith.addi(origin, self._times(rank + k, self.op.dilations[k]))

    def _times(self, loop: int, factor: int) -> Any:
        return self.arith.muli(self.b.position(loop), self.b.index(factor))

    def is_inside(self, at: list[Any]) -> Any:
        """Whether a position is none of the padding."""
        less = self.arith.CmpIPredicate.ult
        result = None
        for p, d in zip(at, self.size, strict=True):
            test = self.arith.cmpi(less, p, self.b.index(d))
            result = test if result is None else self.arith.andi(result, test)
        return result


@lowers(MaxPoolIndices)
def lower_max_pool_indices(b: Builder, op: Any, x: Any) -> Any:
    """A reduction that carries the best place so far, -1 at first; its value is read again."""
    a, spatial = b.arith, len(op.kernel)
    rank = spatial + 2
    i64, index = ir.IntegerType.get_signless(64), ir.IndexType.get()
    places = _Places(b, x, op.column_major)
    window = _Window(b, op, places.size)
    scope = Scope(b, op.operation.operands[0].type.element_type, {})

    def body(_: Any, best: Any) -> Any:
        image, zero = [b.position(0), b.position(1)], b.index(0)
        at = [window.position(k) for k in range(spatial)]
        inside = window.is_inside(at)
        here = [*image, *[a.select(inside, p, zero) for p in at]]
        held = [*image, *places.coordinates(a.maxsi(a.index_cast(index, best), zero))]
        wins = scope.compare("gt", b.tensor.extract(x, here), b.tensor.extract(x, held))
        first = a.cmpi(a.CmpIPredicate.slt, best, b.scalar(0, i64))
        better = a.andi(inside, a.ori(first, wins))
        return a.select(better, a.index_cast(i64, places.number(at)), best)

    taps = b.empty(ir.RankedTensorType.get(list(op.kernel), x.type.element_type))
    tap = affine_map(rank + spatial, [dim(rank + k) for k in range(spatial)])
    target = affine_map(rank + spatial, [dim(i) for i in range(rank)])
    result = op.operation.results[0].type
    best = b.generic([taps], [tap, target], b.filled(result, -1), body, reductions=spatial)
    return b.elementwise([best], result, lambda v: _in_whole(b, v, x.type.shape))


def _in_whole(b: Builder, place: Any, shape: list[int]) -> Any:
    """Places count on from image to image and from channel to channel."""
    a, size = b.arith, 1
    for d in shape[2:]:
        size *= d
    image = a.addi(a.muli(b.position(0), b.index(shape[1])), b.position(1))
    return a.addi(place, a.index_cast(place.type, a.muli(image, b.index(size))))
