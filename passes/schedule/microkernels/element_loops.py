"""Vector loops of an elementwise operation: several vectors side by side, a mask for what is left.

LLVM's vectoriser makes one vector of a loop with a long chain of arithmetic, and the processor
waits for its own results. Here a few vectors go through the same operations together; where rows
are short, those of several rows.

    linalg.generic { math.exp }   ->   scf.for step 64 { 4 x vector.load, math.exp, vector.store }
                                       vector.maskedload, math.exp, vector.maskedstore
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.memory import LaneMemory
from aicc.passes.schedule.microkernels.strided_loops import StridedLoops, flat
from aicc.passes.schedule.microkernels.vector_body import VectorBody

# Vectors side by side; more of them would not leave registers for the constants.
STRIP = 4


@dataclass(frozen=True)
class Place:
    """A vector: how far it is, loop by loop, from where the loops stand, and its lanes."""

    point: dict[int, int]
    active: int


@dataclass
class ElementLoops:
    """Emits one operation; along its innermost loop every operand has distance 1 or 0."""

    generic: Any
    loops: StridedLoops
    lanes: int
    use_fma: bool

    def refusal(self) -> str | None:
        """Why the operation cannot be emitted, or None."""
        if not self.loops.extents:
            return "a single element"
        if any(row is not None and row[-1] not in (0, 1) for row in self.loops.strides):
            return "an operand is not contiguous along the innermost loop"
        return None

    def emit(self) -> None:
        """Emit the loops before the operation."""
        self.inner = len(self.loops.extents) - 1
        self.width = self.loops.extents[-1]
        with ir.InsertionPoint(self.generic), self.generic.location:
            self.scope = IndexBuilder()
            self.ivs: dict[int, Any] = {}
            self.memory = LaneMemory(self.lanes)
            self.memory.prepare(self.width % self.lanes or self.lanes)
            self.body = VectorBody(self.generic, self.lanes, self.use_fma)
            self.body.prepare()
            pairs = zip(self.generic.operands, self.loops.strides, strict=True)
            self.rows = [value if row is None else flat(value) for value, row in pairs]
            self._nest(0)

    def _nest(self, loop: int) -> None:
        """This loop and those within."""
        if loop < self.inner - 1:
            self._loop(loop, self.loops.extents[loop], 1, lambda: self._nest(loop + 1))
        elif loop < self.inner:
            self._several_rows(loop)
        else:
            self._row([{}])

    def _several_rows(self, loop: int) -> None:
        """As many rows at a time as make a strip, then those that are left."""
        extent = self.loops.extents[loop]
        together = min(extent, max(1, STRIP // -(-self.width // self.lanes)))
        rest = extent % together
        rows = [{loop: row} for row in range(together)]
        self._loop(loop, extent - rest, together, lambda: self._row(rows))
        if rest:
            self._row([{loop: row} for row in range(extent - rest, extent)])

    def _row(self, rows: list[dict[int, int]]) -> None:
        """Whole strips in a loop, then the vectors that are left, of each of the rows."""
        strip = STRIP * self.lanes
        whole = self.width - self.width % strip if self.width >= 2 * strip else 0

        def full() -> None:
            offsets = range(0, strip, self.lanes)
            places = [Place(row | {self.inner: at}, self.lanes) for row in rows for at in offsets]
            self._vectors(places)

        if whole:
            self._loop(self.inner, whole, strip, full)
        left = [
            Place(row | {self.inner: at}, min(self.lanes, self.width - at))
            for row in rows
            for at in range(whole, self.width, self.lanes)
        ]
        for first in range(0, len(left), STRIP):
            self._vectors(left[first : first + STRIP])

    def _loop(self, loop: int, extent: int, step: int, body: Callable[[], None]) -> None:
        if extent <= step:
            body()
            return
        scf = dialect("scf")
        op = scf.ForOp(*[self.scope.constant(n) for n in (0, extent, step)])
        outside = self.scope
        with ir.InsertionPoint(op.body):
            self.scope = IndexBuilder(outside)
            self.ivs[loop] = op.induction_variable
            body()
            scf.yield_([])
        del self.ivs[loop]
        self.scope = outside

    def _vectors(self, places: list[Place]) -> None:
        """All loads, then all arithmetic, then all stores."""
        used = self.body.arguments_used()
        sets = [
            [self._read(i, place) if is_used else None for i, is_used in enumerate(used)]
            for place in places
        ]
        results = self.body.emit_side_by_side(sets)
        for place, values in zip(places, results, strict=True):
            first = len(self.rows) - len(values)
            for output, value in enumerate(values, first):
                at = self._index(output, place)
                self.memory.store(value, self.rows[output], [at], place.active)

    def _read(self, operand: int, place: Place) -> Any:
        strides = self.loops.strides[operand]
        if strides is None:
            return self.memory.broadcast(self.rows[operand])
        at = [self._index(operand, place)]
        if strides[-1] == 0:
            return self.memory.splat(self.rows[operand], at)
        return self.memory.load(self.rows[operand], at, place.active)

    def _index(self, operand: int, place: Place) -> Any:
        strides = self.loops.strides[operand] or []
        terms = tuple((loop, stride) for loop, stride in enumerate(strides) if stride)
        return self.scope.value(LinearForm(0, terms), place.point, self.ivs)
