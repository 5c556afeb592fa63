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
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.memory import LaneMemory
from aicc.passes.schedule.microkernels.tile_op import GATHER, LANE, SCALAR, SPLAT, Operand, TileOp
from aicc.passes.schedule.microkernels.vector_body import VectorBody

Registers = dict[Any, dict[tuple[int, ...], Any]]

# Bodies emitted per loop iteration: beyond this the code no longer fits the micro-op cache.
UNROLL_BUDGET = 160
# A tile above this many vectors is no register tile; the generic loops serve it better.
MAX_TILE_VECTORS = 256
MAX_GATHERED_LOADS = 1024


@dataclass(frozen=True)
class Cell:
    """One vector of the output tile: its point, the first element of its lanes, active lanes."""

    point: dict[int, int]
    base: int
    active: int


@dataclass
class RegisterTile:
    """Emits one TileOp before its generic; `registers` carries tiles between operations."""

    tile: TileOp
    lanes: int
    use_fma: bool
    registers: Registers = field(default_factory=dict)

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

    def emit(self, keep: bool) -> None:
        """Emit the tile; its result stays in `registers`, and is stored too unless `keep`."""
        self.body = VectorBody(self.tile.generic, self.lanes, self.use_fma)
        self.memory = LaneMemory(self.lanes)
        self.all_cells = list(self.cells())
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self.scope = IndexBuilder()
            self.body.prepare()
            for cell in self.all_cells:
                self.memory.prepare(cell.active)
            values = self._reduce(list(self.tile.reduction_dims), self._initial(), {}, self.scope)
            self.registers[self.tile.output.memref] = {
                self._register_key(self.tile.output, cell): value
                for cell, value in zip(self.all_cells, values, strict=True)
            }
            if not keep:
                self._store(values)

    def _initial(self) -> list[Any]:
        if not self.body.arguments_used()[-1] and not self.tile.reduction_dims:
            return [None] * len(self.all_cells)
        cache: dict[Any, Any] = {}
        return [self._read(self.tile.output, c, {}, {}, self.scope, cache) for c in self.all_cells]

    def _reduce(
        self, dims: list[int], values: list[Any], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        """The reduction nest from its outermost remaining dimension inwards."""
        if self._is_unrolled(dims):
            return self._unrolled(dims, values, ivs, scope)
        scf = dialect("scf")
        dim, *inner = dims
        bounds = [scope.constant(n) for n in (0, self.tile.extents[dim], 1)]
        loop = scf.ForOp(*bounds, values)
        with ir.InsertionPoint(loop.body):
            counters = ivs | {dim: loop.induction_variable}
            carried = list(loop.inner_iter_args)
            scf.yield_(self._reduce(inner, carried, counters, IndexBuilder(scope)))
        return list(loop.results)

    def _is_unrolled(self, dims: list[int]) -> bool:
        trips = 1
        for dim in dims:
            trips *= self.tile.extents[dim]
        return trips == 1 or trips * len(self.all_cells) <= UNROLL_BUDGET

    def _unrolled(
        self, dims: list[int], values: list[Any], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        cache: dict[Any, Any] = {}
        for step in itertools.product(*(range(self.tile.extents[dim]) for dim in dims)):
            position = dict(zip(dims, step, strict=True))
            values = [
                self._one(cell, value, position, ivs, scope, cache)
                for cell, value in zip(self.all_cells, values, strict=True)
            ]
        return values

    def _one(
        self,
        cell: Cell,
        current: Any,
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> Any:
        used = self.body.arguments_used()
        arguments = [
            self._read(operand, cell, position, ivs, scope, cache) if is_used else None
            for operand, is_used in zip(self.tile.inputs, used, strict=False)
        ]
        return self.body.emit([*arguments, current])[0]

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

    def _store(self, values: list[Any]) -> None:
        output = self.tile.output
        for cell, value in zip(self.all_cells, values, strict=True):
            known = cell.point | {self.tile.lane_dim: cell.base}
            indices = [self.scope.value(form, known, {}) for form in output.forms]
            self.memory.store(value, output.memref, indices, cell.active)
