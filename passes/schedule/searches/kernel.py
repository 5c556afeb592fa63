"""The vector code that finds the k best elements of a row, best first, and their positions.

Rows that hold NaN, or that the bound does not thin out (many equal elements), are searched by
insertion, which defines the order: an element goes in front of those it is better than, from the
end of the list up to the first that it does not beat.

    bound   = k-th best of the groups' best elements       (TopKPlan)
    passed  = elements >= bound, in the order of the row   compressed stores
    rank    = elements of `passed` that are better, or equal and earlier; below k: a result
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.writer import Index
from aicc.passes.schedule.searches.plan import CHAINS, TopKPlan
from aicc.passes.schedule.winograd.writer import TileWriter

# Above so many vectors of groups, 32 comparisons with all of them are fewer than one for each.
MAX_RANKED = 4


class TopKKernel:
    """Writes the search of one row; `buffers` first, where rows searched side by side have theirs.

    `x`, `values`, `indices`: the memory of the operand and of both results.
    """

    def __init__(self, w: TileWriter, plan: TopKPlan, x: Any, values: Any, indices: Any) -> None:
        self.w, self.plan = w, plan
        self.x, self.values, self.indices = x, values, indices
        self.worst = float("-inf")
        self.positions = ir.VectorType.get([plan.lanes], w.i32)
        self.bits = ir.VectorType.get([1], ir.IntegerType.get_signless(plan.lanes))

    def buffers(self) -> None:
        """Lists of what passes the bound, with room for what a vector stores too much."""
        room = self.plan.room + 2 * self.plan.lanes
        self.passed = self.w.buffer(room)
        type_ = ir.MemRefType.get([room], self.w.i32)
        align = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 64)
        self.places = self.w.memref.AllocaOp(type_, [], [], alignment=align).result
        self.tops = self.w.buffer(max(1, self.plan.groups) * self.plan.lanes)

    def write(self, row: list[Index]) -> None:
        """The search of the row at the leading indices `row`."""
        bound = self._bound(row)
        count, is_plain = self._passing(row, bound)
        fits = self.w.arith.cmpi(
            self.w.arith.CmpIPredicate.ult, count, self.w.index(self.plan.room)
        )
        self.w.choose(
            self.w.arith.andi(fits, is_plain),
            lambda: self._ranked(row, count),
            lambda: self._inserted(row),
        )

    # The bound.

    def _bound(self, row: list[Index]) -> Any:
        """No better than the k-th best of the row."""
        w, plan = self.w, self.plan
        if not plan.groups:
            return w.number(self.worst)
        w.each(0, max(plan.groups, CHAINS), CHAINS, lambda first: self._group(row, first))
        return self._by_rank() if plan.groups <= MAX_RANKED else self._by_bits()

    def _by_rank(self) -> Any:
        """The k-th best of the groups: that before which k - 1 come."""
        w, plan = self.w, self.plan

        def step(i: Index, carried: list[Any]) -> list[Any]:
            mine = w.scalar(self.tops, [i])
            rank = self._rank(self.tops, mine, i, plan.groups)
            is_kth = w.arith.cmpi(w.arith.CmpIPredicate.eq, rank, w.index(plan.k - 1))
            return [w.arith.select(is_kth, mine, carried[0])]

        return w.loop(0, plan.groups * plan.lanes, 1, [w.number(self.worst)], step)[0]

    def _by_bits(self) -> Any:
        """The largest number that k of the groups reach, bit by bit.

        Where the search ends among the patterns of NaN, everything passes.
        """
        w, a = self.w, self.w.arith

        def step(i: Index, carried: list[Any]) -> list[Any]:
            bit = a.shrui(self._i32(1 << 31), a.index_cast(w.i32, i))
            tried = a.ori(carried[0], bit)
            wide = w.spread(self._number_of(tried))
            reaching = self._counted(self.tops, wide, "OGE", [0, self.plan.groups], w.index(0))
            enough = a.cmpi(a.CmpIPredicate.uge, reaching, w.index(self.plan.k))
            return [a.select(enough, tried, carried[0])]

        return self._number_of(w.loop(0, 32, 1, [self._i32(0)], step)[0])

    def _number_of(self, key: Any) -> Any:
        """The float of an unsigned key; keys are in the order of their numbers."""
        a = self.w.arith
        is_negative = a.cmpi(a.CmpIPredicate.sge, key, self._i32(0))
        flipped = a.select(is_negative, self._i32(0xFFFFFFFF), self._i32(1 << 31))
        return a.bitcast(self.w.f32, a.xori(key, flipped))

    def _i32(self, pattern: int) -> Any:
        signed = pattern - (1 << 32) if pattern >= 1 << 31 else pattern
        return self.w.arith.ConstantOp(self.w.i32, ir.IntegerAttr.get(self.w.i32, signed)).result

    def _group(self, row: list[Index], first: Index) -> None:
        """The best elements of the groups of a few vectors; those beyond whole rounds are left."""
        w, plan = self.w, self.plan
        stride = max(plan.groups, CHAINS) * plan.lanes
        rounds = plan.length // stride

        def step(round_: Index, tops: list[Any]) -> list[Any]:
            base = w.add(w.times(round_, stride), w.times(first, plan.lanes))
            at = [w.add(base, chain * plan.lanes) for chain in range(CHAINS)]
            return [w.larger(self._load(row, a), t) for a, t in zip(at, tops, strict=True)]

        tops = w.loop(0, rounds, 1, [w.splat(self.worst)] * CHAINS, step)
        while len(tops) > plan.groups:
            half = len(tops) // 2
            tops = [w.larger(a, b) for a, b in zip(tops[:half], tops[half:], strict=True)]
        for chain, top in enumerate(tops):
            w.store(top, self.tops, [w.add(w.times(first, plan.lanes), chain * plan.lanes)])

    # What passes it.

    def _passing(self, row: list[Index], bound: Any) -> tuple[Any, Any]:
        """(how many elements are listed, whether none of them is NaN); NaN passes."""
        w, plan = self.w, self.plan
        limit = w.spread(bound)
        start = [w.index(0), w.truth()]
        whole = plan.length // plan.lanes * plan.lanes

        def step(at: Index, carried: list[Any]) -> list[Any]:
            x = self._load(row, at)
            return self._listed(x, at, w.compared(x, limit, "UGE"), carried)

        count, is_plain = w.loop(0, whole, plan.lanes, start, step)
        rest = plan.length - whole
        if rest:
            x = self._load(row, whole, rest)
            passes = w.arith.andi(w.compared(x, limit, "UGE"), w.mask(rest))
            count, is_plain = self._listed(x, whole, passes, [count, is_plain])
        end = w.splat(self.worst)
        w.store(end, self.passed, [count])
        return count, is_plain

    def _listed(self, x: Any, at: Index, passes: Any, carried: list[Any]) -> list[Any]:
        w = self.w
        count, is_plain = carried
        bits = self._bits(passes)
        zero = w.arith.ConstantOp(bits.type, ir.IntegerAttr.get(bits.type, 0)).result
        any_passes = w.arith.cmpi(w.arith.CmpIPredicate.ne, bits, zero)

        def listed() -> list[Any]:
            w.vector.compressstore(self.passed, [count], passes, x)
            w.vector.compressstore(self.places, [count], passes, self._numbered(at))
            longer = w.arith.addi(count, self._count(bits))
            is_nan = w.any_lane(w.arith.andi(passes, w.compared(x, x, "UNO")))
            kept = w.arith.andi(is_plain, w.negated(is_nan))
            return [w.arith.minui(longer, w.index(self.plan.room)), kept]

        return w.either(any_passes, [count.type, is_plain.type], listed, lambda: carried)

    # The results.

    def _ranked(self, row: list[Index], count: Any) -> None:
        w, plan = self.w, self.plan
        blocks = w.quotient(w.add(count, plan.lanes - 1), plan.lanes)

        def place(i: Index) -> None:
            rank = self._rank(self.passed, w.scalar(self.passed, [i]), i, blocks)
            is_result = w.arith.cmpi(w.arith.CmpIPredicate.ult, rank, w.index(plan.k))
            w.choose(is_result, lambda: self._result(row, rank, i), lambda: None)

        w.each(0, count, 1, place)

    def _rank(self, listed: Any, mine: Any, place: Index, blocks: Index) -> Any:
        """How many of whole vectors of a list are better than `mine`, or equal and earlier."""
        w, lanes = self.w, self.plan.lanes
        wide = w.spread(mine)
        middle = w.quotient(place, lanes)
        at = w.times(middle, lanes)
        other = w.load(listed, [at])
        here = self._spread_position(place)
        earlier = w.arith.cmpi(w.arith.CmpIPredicate.ult, self._numbered(at), here)
        ties = w.arith.andi(w.compared(other, wide, "OEQ"), earlier)
        before = w.arith.ori(w.compared(other, wide, "OGT"), ties)
        rank = self._count(self._bits(before))
        rank = self._counted(listed, wide, "OGE", [w.index(0), middle], rank)
        return self._counted(listed, wide, "OGT", [w.add(middle, 1), blocks], rank)

    def _counted(self, listed: Any, wide: Any, relation: str, span: list[Index], count: Any) -> Any:
        """`count` and how many elements of the vectors of a span stand in the relation."""
        w = self.w
        low, high = (w.index(bound) for bound in span)
        loop = w.scf.ForOp(low, high, w.index(1), [count])
        with ir.InsertionPoint(loop.body):
            other = w.load(listed, [w.times(loop.induction_variable, self.plan.lanes)])
            found = self._count(self._bits(w.compared(other, wide, relation)))
            w.scf.yield_([w.arith.addi(loop.inner_iter_args[0], found)])
        return loop.results[0]

    def _result(self, row: list[Index], rank: Any, i: Index) -> None:
        w = self.w
        place = w.scalar(self.places, [i])
        value = w.scalar(self.x, [*row, w.arith.index_cast(ir.IndexType.get(), place)])
        w.put(value, self.values, [*row, rank])
        wide = w.arith.extsi(ir.IntegerType.get_signless(64), place)
        w.put(wide, self.indices, [*row, rank])

    def _inserted(self, row: list[Index]) -> None:
        """The row one element after the other, in a list of positions."""
        w, plan = self.w, self.plan

        def insert(position: Index) -> None:
            start = w.arith.minui(position, w.index(plan.k))
            found = self._place_of(row, self._element(row, position), start)
            w.put(w.arith.index_cast(w.i32, position), self.places, [found])

        w.each(0, plan.length, 1, insert)
        w.each(0, plan.k, 1, lambda i: self._result(row, w.index(i), i))

    def _place_of(self, row: list[Index], mine: Any, start: Any) -> Any:
        """Where an element belongs, after those that it beats have moved back."""
        w, index = self.w, ir.IndexType.get()
        loop = w.scf.WhileOp([index], [start])
        with ir.InsertionPoint(loop.before.blocks.append(index)):
            place = loop.before.blocks[0].arguments[0]
            is_inside = w.arith.cmpi(w.arith.CmpIPredicate.ugt, place, w.index(0))
            before = w.arith.maxsi(w.arith.subi(place, w.index(1)), w.index(0))
            rival = w.arith.index_cast(index, w.scalar(self.places, [before]))
            beats = w.compared(mine, self._element(row, rival), "OGT")
            w.scf.ConditionOp(w.arith.andi(is_inside, beats), [place])
        with ir.InsertionPoint(loop.after.blocks.append(index)):
            place = loop.after.blocks[0].arguments[0]
            before = w.arith.subi(place, w.index(1))
            w.put(w.scalar(self.places, [before]), self.places, [place])
            w.scf.YieldOp([before])
        return loop.results[0]

    # Elements, positions, masks.

    def _load(self, row: list[Index], at: Index, active: int = 0) -> Any:
        x = self.w.load(self.x, [*row, at], active)
        return x if self.plan.largest else self.w.arith.negf(x)

    def _element(self, row: list[Index], at: Index) -> Any:
        x = self.w.scalar(self.x, [*row, at])
        return x if self.plan.largest else self.w.arith.negf(x)

    def _spread_position(self, place: Index) -> Any:
        number = self.w.arith.index_cast(self.w.i32, self.w.index(place))
        return self.w.vector.broadcast(self.positions, number)

    def _numbered(self, at: Index) -> Any:
        """The positions of a vector's elements."""
        return self.w.arith.addi(self.w.lane_numbers(), self._spread_position(at))

    def _bits(self, mask: Any) -> Any:
        """A mask as one integer."""
        return self.w.vector.extract(self.w.vector.bitcast(self.bits, mask), [], [0])

    def _count(self, bits: Any) -> Any:
        """How many bits are set, as an index."""
        return self.w.arith.index_castui(ir.IndexType.get(), dialect("math").ctpop(bits))
