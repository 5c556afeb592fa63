"""The register micro-kernel: a small linalg tile as straight vector code.

The output tile is split into points (all parallel dimensions but the lane dimension) and chunks of
lanes; every (point, chunk) is one vector kept in a register over the whole reduction. Operands that
vary along the lanes are loaded as vectors, the others as one scalar broadcast to all lanes.
A tile written by one operation and read by the next in the same block never reaches memory.

    linalg.generic ins(%a: 6x384, %b: 1x384x64) outs(%c: 6x1x64)
 -> %acc:24 = scf.for %k = 0 to 384 iter_args(...) { 4 x load %b, 6 x broadcast %a, 24 x fma }
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.memory import LaneMemory
from aicc.passes.schedule.microkernels.prefetch import streams_of
from aicc.passes.schedule.microkernels.tile_op import GATHER, LANE, SCALAR, SPLAT, Operand, TileOp
from aicc.passes.schedule.microkernels.vector_body import VectorBody

Registers = dict[Any, dict[tuple[int, ...], Any]]

# Bodies emitted per loop iteration: beyond this the code no longer fits the micro-op cache.
UNROLL_BUDGET = 160
# A tile above this many vectors is no register tile; the generic loops serve it better.
MAX_TILE_VECTORS = 256
MAX_GATHERED_LOADS = 1024
# Vectors of an element-wise tile that go through its body operation by operation.
SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Cell:
    """One vector of the output tile: its point, the first element of its lanes, active lanes."""

    point: dict[int, int]
    base: int
    active: int


@dataclass
class RegisterTile:
    """Emits one TileOp before its generic; `registers` carries tiles between operations.

    The innermost loop does `unroll` steps of the reduction at a time, and asks for the operands of
    later tiles that `prefetch` names, and for `stored`, where the tile will go in the end.
    """

    tile: TileOp
    lanes: int
    use_fma: bool
    registers: Registers = field(default_factory=dict)
    unroll: int = 1
    prefetch: Sequence[str] = ()
    stored: Any = None

    def refusal(self) -> str | None:
        """Why this tile cannot be emitted, or None."""
        cells = sum(1 for _ in self.cells())
        if cells > MAX_TILE_VECTORS:
            return f"{cells} vectors do not fit in registers"
        gathers = [operand for operand in self.tile.inputs if operand.access == GATHER]
        loads = len(gathers) * cells * self.lanes
        return f"{loads} gathered loads" if loads > MAX_GATHERED_LOADS else None

    def cells(self) -> Iterator[Cell]:
        """All vectors of the output tile, chunks of lanes innermost."""
        tile = self.tile
        width = tile.extents[tile.lane_dim]
        ranges = [range(tile.extents[dim]) for dim in tile.point_dims]
        for coordinates in itertools.product(*ranges):
            point = dict(zip(tile.point_dims, coordinates, strict=True))
            for base in range(0, width, self.lanes):
                yield Cell(point, base, min(self.lanes, width - base))

    def _prepare(self, body: VectorBody) -> None:
        """Emit what all vectors share, at the insertion point."""
        self.body = body
        self.memory = LaneMemory(self.lanes)
        self.all_cells = list(self.cells())
        self.scope = IndexBuilder()
        body.prepare()
        for cell in self.all_cells:
            self.memory.prepare(cell.active)

    def emit(self, keep: bool) -> None:
        """Emit the tile; its result stays in `registers`, and is stored too unless `keep`."""
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self._prepare(VectorBody(self.tile.generic, self.lanes, self.use_fma))
            self.streams = streams_of(self.tile, self.prefetch, self.scope, self.stored)
            values = self._reduce(list(self.tile.reduction_dims), self._initial(), {}, self.scope)
            self.registers[self.tile.output.memref] = {
                self._register_key(self.tile.output, cell): value
                for cell, value in zip(self.all_cells, values, strict=True)
            }
            if not keep:
                self._store(self.all_cells, values, {}, self.scope)

    def _initial(self) -> list[Any]:
        if not self.body.arguments_used()[-1] and not self.tile.reduction_dims:
            return [None] * len(self.all_cells)
        cache: dict[Any, Any] = {}
        return [self._read(self.tile.output, c, {}, {}, self.scope, cache) for c in self.all_cells]

    def _reduce(
        self, dims: list[int], values: list[Any], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        """The reduction nest from its outermost remaining dimension inwards."""
        ranges = {dim: range(self.tile.extents[dim]) for dim in dims}
        if self._is_unrolled(dims):
            return self._straight(ranges, values, ivs, scope)
        scf = dialect("scf")
        dim, *inner = dims
        # without requests to share, as in the tiles of a rest, there is nothing to gain
        steps = 1 if inner or not self.streams else min(self.unroll, self.tile.extents[dim])
        whole = self.tile.extents[dim] // steps * steps
        bounds = [scope.constant(n) for n in (0, whole, steps)]
        loop = scf.ForOp(*bounds, values)
        with ir.InsertionPoint(loop.body):
            counters = ivs | {dim: loop.induction_variable}
            carried, body_scope = list(loop.inner_iter_args), IndexBuilder(scope)
            if self._is_unrolled(inner):
                for stream in self.streams:
                    stream.emit(self.tile, steps, counters, body_scope)
            if inner:
                scf.yield_(self._reduce(inner, carried, counters, body_scope))
            else:
                scf.yield_(self._straight({dim: range(steps)}, carried, counters, body_scope))
        rest = {dim: range(whole, self.tile.extents[dim])}
        return self._straight(rest, list(loop.results), ivs, scope)

    def _is_unrolled(self, dims: list[int]) -> bool:
        trips = 1
        for dim in dims:
            trips *= self.tile.extents[dim]
        return trips == 1 or trips * len(self.all_cells) <= UNROLL_BUDGET

    def _straight(
        self,
        ranges: dict[int, range],
        values: list[Any],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> list[Any]:
        """Steps of the reduction one after the other, beyond the loop counters `ivs`."""
        cache: dict[Any, Any] = {}
        for step in itertools.product(*ranges.values()):
            position = dict(zip(ranges, step, strict=True))
            if self.is_sum:
                # sums are chains of their own already; operands of several would fill the registers
                values = [
                    self._one(cell, value, position, ivs, scope, cache)
                    for cell, value in zip(self.all_cells, values, strict=True)
                ]
            else:
                values = self._side_by_side(values, position, ivs, scope, cache)
        return values

    @property
    def is_sum(self) -> bool:
        """Whether the operation reduces, whatever is left of its reduction here."""
        kinds = self.tile.generic.attributes["iterator_types"]
        return any("reduction" in str(kind) for kind in kinds)

    def _one(
        self,
        cell: Cell,
        current: Any,
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> Any:
        return self.body.emit(self._arguments(cell, current, position, ivs, scope, cache))[0]

    def _side_by_side(
        self,
        values: list[Any],
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> list[Any]:
        updated: list[Any] = []
        pairs = list(zip(self.all_cells, values, strict=True))
        for first in range(0, len(pairs), SIDE_BY_SIDE):
            group = pairs[first : first + SIDE_BY_SIDE]
            sets = [self._arguments(*one, position, ivs, scope, cache) for one in group]
            updated += [result[0] for result in self.body.emit_side_by_side(sets)]
        return updated

    def _arguments(
        self,
        cell: Cell,
        current: Any,
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> list[Any]:
        used = self.body.arguments_used()
        arguments = [
            self._read(operand, cell, position, ivs, scope, cache) if is_used else None
            for operand, is_used in zip(self.tile.inputs, used, strict=False)
        ]
        return [*arguments, current]

    def _read(
        self,
        operand: Operand,
        cell: Cell,
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> Any:
        held = self.registers.get(operand.memref)
        if held is not None:
            return self._held(held, operand, cell)
        known = cell.point | position | {self.tile.lane_dim: cell.base}
        dims = {dim for form in operand.forms for dim, _ in form.terms}
        key = (operand, tuple(sorted((dim, known[dim]) for dim in dims if dim in known)))
        if key not in cache:
            cache[key] = self._load(operand, cell.active, known, ivs, scope)
        return cache[key]

    def _held(self, held: dict[tuple[int, ...], Any], operand: Operand, cell: Cell) -> Any:
        """A value still in registers; a single element serves all lanes."""
        if operand.access == LANE:
            return held[self._register_key(operand, cell)]
        (only,) = held.values()
        return self.memory.broadcast(dialect("vector").extract(only, [], [0]))

    def _load(
        self,
        operand: Operand,
        active: int,
        known: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> Any:
        if operand.access == SCALAR:
            return self.memory.broadcast(operand.memref)
        if operand.access == GATHER:
            return self._gather(operand, active, known, ivs, scope)
        indices = [scope.value(form, known, ivs) for form in operand.forms]
        if operand.access == SPLAT:
            return self.memory.splat(operand.memref, indices)
        return self.memory.load(operand.memref, indices, active)

    def _gather(
        self,
        operand: Operand,
        active: int,
        known: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> Any:
        """Lane by lane; lanes beyond the active ones repeat the last, their result is dropped."""
        elements = []
        for lane in range(self.lanes):
            at = known | {self.tile.lane_dim: known[self.tile.lane_dim] + min(lane, active - 1)}
            indices = [scope.value(form, at, ivs) for form in operand.forms]
            elements.append(dialect("memref").load(operand.memref, indices))
        result = ir.VectorType.get([self.lanes], elements[0].type)
        return dialect("vector").from_elements(result, elements)

    def _register_key(self, operand: Operand, cell: Cell) -> tuple[int, ...]:
        known = cell.point | {self.tile.lane_dim: cell.base}
        return tuple(f.constant + sum(c * known[d] for d, c in f.terms) for f in operand.forms)

    def _store(
        self, cells: Sequence[Cell], values: list[Any], ivs: dict[int, Any], scope: IndexBuilder
    ) -> None:
        output = self.tile.output
        for cell, value in zip(cells, values, strict=True):
            known = cell.point | {self.tile.lane_dim: cell.base}
            indices = [scope.value(form, known, ivs) for form in output.forms]
            self.memory.store(value, output.memref, indices, cell.active)
