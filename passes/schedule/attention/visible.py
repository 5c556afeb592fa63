"""Which keys of a block the queries of a block see: those hidden from all of them are left out.

A causal mask hides half of all keys, padding hides the last ones. Both are found in the mask itself
when the kernel runs: panels of keys are dropped from the end of a block while every query has
HIDDEN or less there, which no score can lift: the softmax gives 0. That is so for queries that see
some key; one that sees none, where all scores are equally low, needs them all. A query that sees a
key of the first panel is known to see some; where one of a block does not, nothing is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.writer import Index, Writer

from .tiles import Block, Extent, Tiles

# -inf, or the lowest numbers of f32, which exporters write for it.
HIDDEN = -3.0e38


def extent_of(w: Writer, tiles: Tiles, queries: Block, keys: Block, panel: int) -> Extent:
    """The keys of a block that some query of another block sees."""
    rest = keys.count % panel
    whole = keys.count - rest
    if tiles.plan.mask < 0 or keys.count <= panel:
        return Extent(whole, rest)
    scan = _Scan(w, tiles, queries)
    seen = _panels_seen(w, scan, keys, whole, rest, panel)
    is_cut = w.arith.cmpi(w.arith.CmpIPredicate.ult, seen, w.index(keys.count))

    def checked() -> list[Any]:
        everywhere = scan.sees_everywhere(min(panel, tiles.plan.keys))
        return [w.arith.select(everywhere, seen, w.index(keys.count))]

    (seen,) = w.either(is_cut, [seen.type], checked, lambda: [seen])
    if not rest:
        return Extent(seen, 0)
    has_rest = w.arith.cmpi(w.arith.CmpIPredicate.eq, seen, w.index(keys.count))
    return Extent(w.arith.minui(seen, w.index(whole)), rest, has_rest)


def _panels_seen(w: Writer, scan: _Scan, keys: Block, whole: int, rest: int, panel: int) -> Any:
    """How many keys are left when panels that nobody sees are dropped from the end."""
    scf, index = dialect("scf"), ir.IndexType.get()
    start = w.index(whole)
    if rest:
        is_seen = scan.sees(w.add(keys.first, whole), rest)
        start = w.arith.select(is_seen, w.index(keys.count), start)
    loop = scf.WhileOp([index], [start])
    before, after = loop.before.blocks.append(index), loop.after.blocks.append(index)
    with ir.InsertionPoint(before):
        held = before.arguments[0]
        below = w.arith.cmpi(w.arith.CmpIPredicate.ule, held, w.index(whole))
        some = w.arith.cmpi(w.arith.CmpIPredicate.ugt, held, w.index(0))

        def hides() -> list[Any]:
            first = w.arith.subi(held, w.index(panel))
            return [w.negated(scan.sees(w.add(keys.first, first), panel))]

        asked = w.arith.andi(below, some)
        (goes_on,) = w.either(asked, [asked.type], hides, lambda: [asked])
        scf.ConditionOp(goes_on, [held])
    with ir.InsertionPoint(after):
        scf.yield_([w.arith.subi(after.arguments[0], w.index(panel))])
    return loop.results[0]


@dataclass(frozen=True)
class _Scan:
    """Looks at the mask of a block of queries."""

    w: Writer
    tiles: Tiles
    queries: Block

    def sees(self, key: Index, count: int) -> Any:
        """Whether any query sees any of `count` keys."""
        w = self.w
        none = w.mask(0)

        def row(position: Index, carried: list[Any]) -> list[Any]:
            return [w.arith.ori(carried[0], self._seen(position, key, count))]

        (seen,) = w.loop(0, self._rows, 1, [none], row)
        return w.any_lane(seen)

    def sees_everywhere(self, count: int) -> Any:
        """Whether every query sees one of the first `count` keys."""
        w = self.w

        def row(position: Index, carried: list[Any]) -> list[Any]:
            return [w.arith.andi(carried[0], w.any_lane(self._seen(position, 0, count)))]

        return w.loop(0, self._rows, 1, [w.truth()], row)[0]

    @property
    def _rows(self) -> int:
        return self.queries.count if self.tiles.mask_has_rows else 1

    def _seen(self, position: Index, key: Index, count: int) -> Any:
        """Lanes with a key that the query at `position` of the block sees."""
        w = self.w
        query = w.add(self.tiles.chunk, w.add(self.queries.first, position))
        seen = None
        for lane in range(0, count, w.lanes):
            active = min(w.lanes, count - lane)
            mask = self.tiles.mask_at(query, w.add(key, lane), active)
            # a NaN is not hidden
            part = w.compared(mask, w.splat(HIDDEN), "UGT")
            seen = part if seen is None else w.arith.ori(seen, part)
        return seen
