"""First or last for every op of the regions at once: the cheapest labelling is a minimum cut.

Ops are nodes; on the source's side of the cut they run channels first, on the sink's channels last.
What an op costs in either form are edges to source and sink. A value that is stored in one order
and read in another pays one cast for all such readers: two auxiliary nodes per value say whether
some reader differs. So an op in the middle of a region pays nothing, and a region moves as a whole
or stays as a whole, or is cut where the tensors are smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..dataflow import definition
from .cost import VIEW, cast_seconds, fusion_seconds
from .minimum_cut import UNLIMITED, FlowNetwork
from .permutations import Permutation, identity, is_same_memory
from .regions import FIRST, LAST, Pair, Reader, Regions
from .rules import Move, is_change

Forms = Mapping[Any, tuple[Move, Move]]
Price = Callable[[Any, Move], float]
TICKS_PER_SECOND = 1e12
# Keeps an op as it is where both forms cost the same.
CHANGE = 1.0e-9


@dataclass(frozen=True)
class End:
    """Producer or reader of a root: its node, None if it has one form only, and what it needs."""

    node: int | None
    orders: Pair


def choose(regions: Regions, price: Price) -> dict[Any, Move]:
    """The ops that change their order, and how; `price` gives the seconds of an op's form.

    Where neither form of an op is the one it has, that one is weighed against the winner after.
    """
    chosen = _changes(_Choice(regions, regions.moves, price).solve())
    if all(any(not is_change(form) for form in regions.moves[op]) for op in chosen):
        return chosen
    forms = {op: (stay(op), move) for op, move in chosen.items()}
    return _changes(_Choice(regions, forms, price).solve())


def stay(op: Any) -> Move:
    """The form that an op has."""
    operands, results = ((identity(v.type.rank) for v in vs) for vs in (op.operands, op.results))
    return Move(tuple(operands), tuple(results))


def _changes(moves: Mapping[Any, Move]) -> dict[Any, Move]:
    return {op: move for op, move in moves.items() if is_change(move)}


class _Choice:
    def __init__(self, regions: Regions, forms: Forms, price: Price) -> None:
        self.regions = regions
        self.forms = forms
        self.network = FlowNetwork()
        self.nodes = {op: self.network.add_node() for op in forms}
        for op, node in self.nodes.items():
            first, last = (price(op, move) + CHANGE * is_change(move) for move in forms[op])
            self._add_price(node, first, last)
        for root, readers in regions.readers.items():
            self._add_value(root, readers)

    def solve(self) -> dict[Any, Move]:
        """The cheapest form of every op."""
        first = self.network.source_side()
        return {op: self.forms[op][node not in first] for op, node in self.nodes.items()}

    def _add_price(self, node: int, first: float, last: float) -> None:
        """Seconds if the node is FIRST, if it is LAST; infinite ones forbid."""
        least = min(first, last)
        self.network.add_edge(node, self.network.sink, _ticks(first - least))
        self.network.add_edge(self.network.source, node, _ticks(last - least))

    def _add_value(self, root: Any, readers: list[Reader]) -> None:
        producer = self._producer(root)
        ends = [self._reader(reader) for reader in readers]
        for reader, end in zip(readers, ends, strict=True):
            loss = fusion_seconds(definition(root), reader.op, len(readers))
            if loss:
                self._add_pair(producer, end, partial(_unless_equal, loss))
        pairs = [e.orders for e in (producer, *ends) if e.orders[FIRST] != e.orders[LAST]]
        if not pairs:
            return
        shape = root.type.shape
        pair = next((p for p in pairs if not is_same_memory(shape, *p)), pairs[0])
        side, *sides = (self._side(root, end, pair) for end in (producer, *ends))
        cast = self._cast_price(root, *pair)
        if side is not None and any(s is not None for s in sides):
            self._add_casts(side, [s for s in sides if s is not None], cast)
        for end, other in zip(ends, sides, strict=True):
            if side is None or other is None:
                self._add_pair(producer, end, partial(self._cast_price, root))

    def _cast_price(self, root: Any, one: Permutation, other: Permutation) -> float:
        if one == other:
            return 0.0
        return VIEW if is_same_memory(root.type.shape, one, other) else cast_seconds(root.type)

    def _producer(self, root: Any) -> End:
        op = definition(root)
        if op not in self.nodes:
            now = identity(root.type.rank)
            return End(None, (now, now))
        index = list(op.results).index(root)
        first, last = (move.results[index] for move in self.forms[op])
        return End(self.nodes[op], (first, last))

    def _reader(self, reader: Reader) -> End:
        place = reader.place
        if reader.op not in self.nodes or reader.index is None:
            return End(None, (place.order, place.order))
        moves = self.forms[reader.op]
        first, last = (place.stored(move.operands[reader.index]) for move in moves)
        return End(self.nodes[reader.op], (first, last))

    def _side(self, root: Any, end: End, pair: Pair) -> int | None:
        """The node that stands for an end that has one of the pair's orders; None: neither."""
        shape = root.type.shape
        is_exact = is_same_memory(shape, *pair)

        def is_same(one: Permutation, other: Permutation) -> bool:
            return one == other or (not is_exact and is_same_memory(shape, one, other))

        if end.node is not None and all(map(is_same, end.orders, pair)):
            return end.node
        if is_same(*end.orders):
            for order, side in zip(pair, (self.network.source, self.network.sink), strict=True):
                if is_same(end.orders[FIRST], order):
                    return side
        return None

    def _add_casts(self, producer: int, readers: list[int], seconds: float) -> None:
        """One cast if any reader is LAST and the producer FIRST, one in the opposite case."""
        ticks, network = _ticks(seconds), self.network
        if len(readers) == 1:
            network.add_edge(producer, readers[0], ticks)
            network.add_edge(readers[0], producer, ticks)
            return
        some_last, some_first = network.add_node(), network.add_node()
        network.add_edge(producer, some_last, ticks)
        network.add_edge(some_first, producer, ticks)
        for reader in readers:
            network.add_edge(some_last, reader, UNLIMITED)
            network.add_edge(reader, some_first, UNLIMITED)

    def _add_pair(self, one: End, other: End, cost: Callable[[Any, Any], float]) -> None:
        """A price of two ends' orders; one that rewards differing sides is left out."""
        (a, b), (c, d) = ([cost(x, y) for y in other.orders] for x in one.orders)
        if one.node is None and other.node is not None:
            self._add_price(other.node, a, b)
        elif one.node is not None and other.node is None:
            self._add_price(one.node, a, c)
        elif one.node is not None and other.node is not None and b + c >= a + d:
            self._add_price(one.node, 0.0, c - a)
            self._add_price(other.node, 0.0, d - c)
            self.network.add_edge(one.node, other.node, _ticks(b + c - a - d))


def _unless_equal(seconds: float, one: Permutation, other: Permutation) -> float:
    return seconds if one != other else 0.0


def _ticks(seconds: float) -> int:
    return min(UNLIMITED, round(seconds * TICKS_PER_SECOND)) if seconds < 1e6 else UNLIMITED
