"""Which ops could be done in which two orders, found by walking from the ops that care.

A convolution is the centre: channels first (`FIRST`) or last (`LAST`). Its neighbours inherit, op
by op, the order that their tensors would have in either case; what cannot follow stays outside. A
transposition or layout cast stores nothing anew by itself: its result is the operand under
permuted names (`Place`), so that a transpose in the model and the casts of this compiler are alike.

    %1 = transpose(%0) [0, 3, 1, 2]; %2 = conv(%1)      conv: FIRST (0, 1, 2, 3), LAST (0, 2, 3, 1)
                                                  ->    %0:   FIRST (0, 3, 1, 2), LAST (0, 1, 2, 3)
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.structure import cast_permutation
from aicc.passes.static_values import StaticValues

from ..dataflow import body_of, definition, ops_of
from .permutations import Permutation, compose, identity, relative
from .rules import Move, image_order, image_order_of_result, layout_orders, move_of

FIRST, LAST = 0, 1
Pair = tuple[Permutation, Permutation]


@dataclass(frozen=True)
class Place:
    """A value as a permuted view of `root`: its dimension i is the root's `order[i]`."""

    root: Any
    order: Permutation

    def stored(self, order: Permutation) -> Permutation:
        """The order of the root's dimensions if the value lies in `order`."""
        return compose(self.order, order)

    def seen(self, order: Permutation) -> Permutation:
        """The order of the value's dimensions if the root lies in `order`."""
        return relative(self.order, order)


@dataclass(frozen=True)
class Reader:
    """An op that reads a view of a root: as operand `index`, or (None) inside its regions."""

    op: Any
    index: int | None
    place: Place


class Regions:
    """The ops of a function that have two forms, and the two moves of each."""

    def __init__(self, function: Any) -> None:
        self.static = StaticValues(function)
        self.block = body_of(function)
        self.ops = [op for op in ops_of(self.block) if not self.is_static(op)]
        self.places: dict[Any, Place] = {}
        self.readers: dict[Any, list[Reader]] = {}
        self.moves: dict[Any, tuple[Move, Move]] = {}
        self._down: deque[tuple[Any, Pair]] = deque()
        self._up: deque[tuple[Any, Pair]] = deque()
        for op in self.ops:
            self._note(op)
        for op in self.ops:
            if op.name == "graph.conv":
                self._start_at(op)
        self._walk()
        for op in self.ops:
            self._start_at_cast(op)
            self._walk()

    def is_static(self, op: Any) -> bool:
        """True for work on weights and constants, which is done once."""
        return bool(op.results) and all(v in self.static for v in op.results)

    def place(self, value: Any) -> Place:
        """Where the elements of `value` are."""
        return self.places.get(value) or Place(value, identity(value.type.rank))

    def _note(self, op: Any) -> None:
        """Remember what is a view of what, and who reads which root."""
        order = cast_order(op)
        if order is not None:
            source = self.place(op.operands[0])
            self.places[op.results[0]] = Place(source.root, source.stored(order))
            return
        read = [*enumerate(op.operands), *((None, v) for v in captured(op, self.block))]
        for index, value in read:
            if value not in self.static:
                place = self.place(value)
                self.readers.setdefault(place.root, []).append(Reader(op, index, place))

    def _start_at(self, op: Any) -> None:
        orders = layout_orders(op)
        self._visit(op, (orders["NCHW"], orders["NHWC"]))

    def _start_at_cast(self, op: Any) -> None:
        """The root of a cast lies as the cast reads it, or as it gives it; NCHW is FIRST."""
        order = cast_order(op)
        if order is None:
            return
        source, result = (self.place(v) for v in (op.operands[0], op.results[0]))
        is_first = list(order) == cast_permutation(len(order), "NCHW") and len(order) > 3
        pair = (result, source) if is_first else (source, result)
        self._propose(source.root, (pair[FIRST].order, pair[LAST].order))

    def _walk(self) -> None:
        """Readers before producers: what an operand is tells more than what a result shall be."""
        while self._down or self._up:
            if self._down:
                self._visit_readers(*self._down.popleft())
            else:
                self._visit_producer(*self._up.popleft())

    def _visit_readers(self, root: Any, pair: Pair) -> None:
        for reader in self.readers.get(root, []):
            if reader.index is not None:
                seen = tuple(reader.place.seen(order) for order in pair)
                self._visit(reader.op, _both(image_order, reader.op, seen, reader.index))

    def _visit_producer(self, root: Any, pair: Pair) -> None:
        producer = definition(root)
        if producer is not None and producer.results[0] == root:
            self._visit(producer, _both(image_order_of_result, producer, pair))

    def _propose(self, root: Any, pair: Pair) -> None:
        self._down.append((root, pair))
        self._up.append((root, pair))

    def _visit(self, op: Any, orders: Pair | None) -> None:
        """Give the op its two moves, if it has them and is new here."""
        if orders is None or op in self.moves or self.is_static(op):
            return
        first, last = (move_of(op, order) for order in orders)
        if first is None or last is None:
            return
        self.moves[op] = first, last
        for values, one, other in (
            (op.operands, first.operands, last.operands),
            (op.results, first.results, last.results),
        ):
            for value, pair in zip(values, zip(one, other, strict=True), strict=True):
                if pair[0] != pair[1] and value not in self.static:
                    place = self.place(value)
                    self._propose(place.root, (place.stored(pair[0]), place.stored(pair[1])))


def cast_order(op: Any) -> Permutation | None:
    """The permutation of a layout cast or transposition, None for any other op."""
    if op.name == "graph.transpose":
        return tuple(op.opview.permutation)
    if op.name == "graph.layout_cast":
        return tuple(cast_permutation(op.operands[0].type.rank, op.opview.target))
    return None


def captured(op: Any, block: Any) -> list[Any]:
    """Values of `block` that the regions of `op` read."""
    found = []
    for region in op.regions:
        for inner in (o.operation for b in region.blocks for o in b.operations):
            found += [v for v in inner.operands if _home(v) == block]
            found += captured(inner, block)
    return found


def _home(value: Any) -> Any:
    owner = value.owner
    return owner if isinstance(owner, ir.Block) else owner.operation.block


def _both(rule: Any, op: Any, orders: Any, *index: int) -> Pair | None:
    found = [rule(op, *index, order) for order in orders]
    return None if None in found else (found[0], found[1])
