"""The row micro-kernel: one operation over a long row, in a loop of vectors.

For rows too long to stay in registers. Element-wise operations load, compute and store strips of a
few vectors; reductions keep a few vectors of partial results, so that consecutive additions do not
wait for one another, and combine them at the end (a reassociation: not done under strict_fp).

An element-wise operation also begins the reduction that reads what it stores, if one follows: the
values are added up while they are at hand.

    linalg.generic (r, c) -> (r) { maximumf }     %v:4 = scf.for %c step 64 { 4 x maximumf }
                                             ->   tail under a mask, then one vector.reduction
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.memory import LaneMemory
from aicc.passes.schedule.microkernels.reduction_kind import combine, neutral_vector, reduce_vector
from aicc.passes.schedule.microkernels.register_tile import Registers
from aicc.passes.schedule.microkernels.tile_op import GATHER, LANE, SCALAR, Operand, TileOp
from aicc.passes.schedule.microkernels.vector_body import VectorBody

# Vectors in flight: covers the latency of four cycles at one addition per cycle.
STRIP = 4


@dataclass
class RowKernel:
    """Emits a TileOp of one row; `combiner` is the reducing operation, None if element-wise."""

    tile: TileOp
    lanes: int
    combiner: Any
    use_fma: bool
    registers: Registers = field(default_factory=dict)
    follower: RowKernel | None = None
    partial: list[Any] | None = None

    def refusal(self) -> str | None:
        """Why this operation is no row, or None."""
        tile = self.tile
        if prod(tile.extents[dim] for dim in tile.point_dims) != 1:
            return "more than one row"
        if any(operand.access == GATHER for operand in tile.inputs):
            return "an operand is not contiguous along the row"
        return None

    def can_reduce(self, tile: TileOp) -> bool:
        """Whether this is a reduction of nothing but the row that `tile` stores."""
        lane, other = self.tile.lane_dim, tile.lane_dim
        same_width = self.tile.extents[lane] == tile.extents[other]
        stored = [operand.memref == tile.output.memref for operand in self.tile.inputs]
        is_plain = stored == [True] and self.tile.inputs[0].access == LANE == tile.output.access
        return self.combiner is not None and is_plain and same_width and not tile.reduction_dims

    def emit(self, keep: bool) -> None:
        """Emit the row before its generic; a reduced value stays in `registers` if `keep`."""
        self.body = VectorBody(self.tile.generic, self.lanes, self.use_fma)
        self.memory = LaneMemory(self.lanes)
        self.used = self.body.arguments_used()
        self.at = dict.fromkeys(self.tile.point_dims, 0)
        width = self.tile.extents[self.tile.lane_dim]
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self.scope = IndexBuilder()
            self.body.prepare()
            self.memory.prepare(width % self.lanes or self.lanes)
            if self.combiner is None:
                self._elementwise_row(width)
            else:
                self._reduce_row(width, keep)

    def _walk(self, width: int, carried: list[Any], step: Callable[..., list[Any]]) -> list[Any]:
        """Whole strips in a loop, then the vectors that are left."""
        strip = STRIP * self.lanes
        whole = width - width % strip
        if whole > strip:
            scf = dialect("scf")
            bounds = [self.scope.constant(n) for n in (0, whole, strip)]
            loop = scf.ForOp(*bounds, carried)
            with ir.InsertionPoint(loop.body):
                inner = IndexBuilder(self.scope)
                ivs = {self.tile.lane_dim: loop.induction_variable}
                offsets = [n * self.lanes for n in range(STRIP)]
                scf.yield_(step(list(loop.inner_iter_args), offsets, ivs, inner))
            carried = list(loop.results)
        else:
            whole = 0
        rest = list(range(whole, width, self.lanes))
        for first in range(0, len(rest), STRIP):
            carried = step(carried, rest[first : first + STRIP], {}, self.scope)
        return carried

    def _elementwise_row(self, width: int) -> None:
        follower = self.follower
        if follower is None:
            self._walk(width, [], self._elementwise)
            return
        follower.body = VectorBody(follower.tile.generic, self.lanes, self.use_fma)
        follower.body.prepare()
        follower.partial = self._walk(width, follower.neutral(width), self._elementwise)

    def _elementwise(
        self, carried: list[Any], offsets: list[int], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        output = self.tile.output
        places = [(offset, self._active(offset, ivs)) for offset in offsets]
        currents = [None] * len(places)
        values = self._bodies_at(currents, places, ivs, scope)
        for (offset, active), value in zip(places, values, strict=True):
            indices = self._indices(output, offset, ivs, scope)
            self.memory.store(value, output.memref, indices, active)
        if self.follower is None:
            return carried
        sets = [[value, held] for value, held in zip(values, carried, strict=False)]
        updated = [one[0] for one in self.follower.body.emit_side_by_side(sets)]
        return self._where_active(carried, places, updated)

    def neutral(self, width: int) -> list[Any]:
        """What the partial results of a row start from."""
        element = ir.MemRefType(self.tile.output.memref.type).element_type
        vector = neutral_vector(self.combiner, ir.VectorType.get([self.lanes], element))
        return [vector] * min(STRIP, -(-width // self.lanes))

    def _reduce_row(self, width: int, keep: bool) -> None:
        output = self.tile.output
        partial = self.partial
        if partial is None:
            partial = self._walk(width, self.neutral(width), self._accumulate)
        while len(partial) > 1:
            half = len(partial) // 2
            pairs = zip(partial[:half], partial[half : 2 * half], strict=True)
            partial = [combine(self.combiner, a, b) for a, b in pairs] + partial[2 * half :]
        total = self.memory.broadcast(reduce_vector(self.combiner, partial[0]))
        total = combine(self.combiner, self._initial(), total)
        if keep:
            self.registers[output.memref] = {(0,) * len(output.forms): total}
            return
        scalar = dialect("vector").extract(total, [], [0])
        dialect("memref").store(scalar, output.memref, self._indices(output, 0, {}, self.scope))

    def _initial(self) -> Any:
        held = self.registers.get(self.tile.output.memref)
        if held is not None:
            (only,) = held.values()
            return self.memory.broadcast(dialect("vector").extract(only, [], [0]))
        indices = self._indices(self.tile.output, 0, {}, self.scope)
        return self.memory.splat(self.tile.output.memref, indices)

    def _accumulate(
        self, carried: list[Any], offsets: list[int], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        places = [(offset, self._active(offset, ivs)) for offset in offsets]
        values = self._bodies_at(carried[: len(places)], places, ivs, scope)
        return self._where_active(carried, places, values)

    def _where_active(
        self, carried: list[Any], places: list[tuple[int, int]], values: list[Any]
    ) -> list[Any]:
        """`carried` with the new values in its first slots; lanes beyond the row keep theirs."""
        updated = list(carried)
        for slot, ((_, active), value) in enumerate(zip(places, values, strict=True)):
            if active < self.lanes:
                mask = self.memory.masks[active]
                value = dialect("arith").select(mask, value, carried[slot])
            updated[slot] = value
        return updated

    def _active(self, offset: int, ivs: dict[int, Any]) -> int:
        left = self.tile.extents[self.tile.lane_dim] - offset
        return self.lanes if ivs else min(self.lanes, left)

    def _bodies_at(
        self,
        currents: list[Any],
        places: list[tuple[int, int]],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> list[Any]:
        """The body at each (offset, active lanes); all loads, then all arithmetic."""
        sets = [
            self._arguments(current, *place, ivs, scope)
            for current, place in zip(currents, places, strict=True)
        ]
        return [values[0] for values in self.body.emit_side_by_side(sets)]

    def _arguments(
        self, current: Any, offset: int, active: int, ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        arguments = [
            self._read(operand, offset, active, ivs, scope) if is_used else None
            for operand, is_used in zip(self.tile.inputs, self.used, strict=False)
        ]
        if current is None and self.used[-1]:
            current = self._read(self.tile.output, offset, active, ivs, scope)
        return [*arguments, current]

    def _read(
        self, operand: Operand, offset: int, active: int, ivs: dict[int, Any], scope: IndexBuilder
    ) -> Any:
        if operand.access == SCALAR:
            return self.memory.broadcast(operand.memref)
        if operand.memref in self.registers:
            (only,) = self.registers[operand.memref].values()
            return self.memory.broadcast(dialect("vector").extract(only, [], [0]))
        indices = self._indices(operand, offset, ivs, scope)
        if operand.access == LANE:
            return self.memory.load(operand.memref, indices, active)
        return self.memory.splat(operand.memref, indices)

    def _indices(
        self, operand: Operand, offset: int, ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        lane = self.tile.lane_dim
        known = self.at if ivs else self.at | {lane: offset}
        values = [scope.value(form, known, ivs) for form in operand.forms]
        if ivs and offset and operand.access == LANE:
            values[-1] = dialect("arith").addi(values[-1], scope.constant(offset))
        return values
