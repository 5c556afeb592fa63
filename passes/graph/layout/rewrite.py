"""Rebuild the ops that change their order, and cast what others read.

In program order: an op with a chosen move is built anew on operands in the orders it needs; any
other op keeps its form. Each root is kept in every order that was asked for, so that one cast
serves all readers, and a cast back finds the value that was there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.movement import Reshape, Transpose
from aicc.dialects.graph.structure import LayoutCast, cast_permutation

from ..dataflow import erase_dead
from .permutations import Permutation, identity, is_same_memory, permuted, relative
from .regions import Regions, cast_order
from .rules import Move


def rewrite(regions: Regions, moves: Mapping[Any, Move]) -> bool:
    """Do the ops in `moves` in their new orders; drop what nothing reads any more.

    True if anything was built.
    """
    rewriter = _Rewriter(regions, moves)
    rewriter.run()
    return rewriter.has_built


class _Rewriter:
    """Per root: order -> the value that holds it so; the first one is what its producer gives."""

    def __init__(self, regions: Regions, moves: Mapping[Any, Move]) -> None:
        self.regions = regions
        self.moves = moves
        self.stored: dict[Any, dict[Permutation, Any]] = {}
        self.has_built = bool(moves)

    def run(self) -> None:
        for op in self.regions.ops:
            if cast_order(op) is not None:
                self._keep_cast(op)
                continue
            with ir.InsertionPoint(op), op.location:
                if op in self.moves:
                    self._rebuild(op, self.moves[op])
                else:
                    self._feed(op)
        erase_dead(self.regions.block)

    def _keep_cast(self, op: Any) -> None:
        """A cast of what a producer still gives need not be made again."""
        place = self.regions.place(op.results[0])
        orders = self._orders(place.root)
        if op.operands[0] == next(iter(orders.values())):
            orders.setdefault(place.order, op.results[0])

    def _rebuild(self, op: Any, move: Move) -> None:
        operands = [self._value(v, o) for v, o in zip(op.operands, move.operands, strict=True)]
        for old, order, new in zip(op.results, move.results, move.build(operands), strict=True):
            self.stored[old] = {order: new}

    def _feed(self, op: Any) -> None:
        """Operands as the op has always read them."""
        for index, value in enumerate(op.operands):
            if (now := self._value(value, identity(value.type.rank))) != value:
                op.operands[index] = now
        for region in op.regions:
            for inner in (o.operation for b in region.blocks for o in b.operations):
                self._feed_captured(inner)

    def _feed_captured(self, op: Any) -> None:
        for index, value in enumerate(op.operands):
            if self._is_outside(value):
                op.operands[index] = self._value(value, identity(value.type.rank))
        for region in op.regions:
            for inner in (o.operation for b in region.blocks for o in b.operations):
                self._feed_captured(inner)

    def _is_outside(self, value: Any) -> bool:
        return value in self.regions.places or value in self.stored

    def _orders(self, root: Any) -> dict[Permutation, Any]:
        return self.stored.setdefault(root, {identity(root.type.rank): root})

    def _value(self, value: Any, order: Permutation) -> Any:
        """The tensor that holds `value` in `order`, cast if there is none yet."""
        place = self.regions.place(value)
        orders, wanted = self._orders(place.root), place.stored(order)
        if wanted not in orders:
            self.has_built = True
            orders[wanted] = _cast(place.root, orders, wanted)
        return orders[wanted]


def _cast(root: Any, orders: Mapping[Permutation, Any], wanted: Permutation) -> Any:
    """A view of a value that lies so already, else one transposition of what the producer gives."""
    shape = root.type.shape
    for order, value in orders.items():
        if is_same_memory(shape, order, wanted):
            return Reshape.build(value, shape=permuted(shape, wanted))
    order, value = next(iter(orders.items()))
    permutation = list(relative(order, wanted))
    rank = len(permutation)
    targets = ("NCHW", "NHWC") if wanted == identity(rank) else ("NHWC", "NCHW")
    for target in targets if rank > 2 else ():
        if permutation == cast_permutation(rank, target):
            source = "NCHW" if target == "NHWC" else "NHWC"
            return LayoutCast.build(value, source=source, target=target)
    return Transpose.build(value, permutation=permutation)
