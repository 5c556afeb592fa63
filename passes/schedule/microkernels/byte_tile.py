"""Element-wise tiles that end in rounding to bytes: four vectors become one before they are stored.

%b = trunci ..; vector.store %b, %c[%row, 0]     %b = pack of four, two of either row
%b = trunci ..; vector.store %b, %c[%row, 16] -> vector.store %b[0 .. 31], %c[%row, 0]
..                                               vector.store %b[32 .. 63], %c[%row + 1, 0]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.byte_rounding import (
    VECTORS,
    ByteBody,
    Rounding,
    rounding_of,
)
from aicc.passes.schedule.microkernels.register_tile import Cell, Registers, RegisterTile
from aicc.passes.schedule.microkernels.tile_op import LANE, TileOp


@dataclass
class ByteTile(RegisterTile):
    """Emits an element-wise TileOp whose body is a `rounding`, four vectors after the other."""

    rounding: Rounding | None = None

    @staticmethod
    def of(tile: TileOp, lanes: int, use_fma: bool, registers: Registers) -> ByteTile | None:
        """The micro-kernel; None for a tile of a few lanes, or that does not end in bytes."""
        if tile.reduction_dims or tile.output.access != LANE or tile.extents[tile.lane_dim] < lanes:
            return None
        rounding = rounding_of(tile.generic, lanes)
        if rounding is None:
            return None
        return ByteTile(tile, lanes, use_fma, registers, rounding=rounding)

    def emit(self, keep: bool) -> None:
        """Emit the tile; as of any register tile where its result stays in registers."""
        if keep or self.rounding is None:
            super().emit(keep)
            return
        body = ByteBody(self.tile.generic, self.lanes, self.use_fma, self.rounding)
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self._prepare(body)
            cache: dict[Any, Any] = {}
            for first in range(0, len(self.all_cells), VECTORS):
                group = self.all_cells[first : first + VECTORS]
                sets = [
                    self._arguments(cell, self._current(cell), {}, {}, self.scope, cache)
                    for cell in group
                ]
                self._store_packed(group, body.packed(sets))

    def _current(self, cell: Cell) -> Any:
        """What the result holds before, where the body reads it."""
        if not self.body.arguments_used()[-1]:
            return None
        return self._read(self.tile.output, cell, {}, {}, self.scope, {})

    def _store_packed(self, cells: Sequence[Cell], packed: Any) -> None:
        """Each vector's bytes; what lies side by side in one piece."""
        vector, output = dialect("vector"), self.tile.output
        for first, count in _runs(cells, self.lanes):
            cell, width = cells[first], count * self.lanes
            known = cell.point | {self.tile.lane_dim: cell.base}
            indices = [self.scope.value(form, known, {}) for form in output.forms]
            part = packed
            if count < VECTORS:
                part = vector.extract_strided_slice(
                    ir.VectorType.get([width], ir.VectorType(packed.type).element_type),
                    packed,
                    [first * self.lanes],
                    [width],
                    [1],
                )
            if cell.active < self.lanes:
                self.memory.store(part, output.memref, indices, cell.active)
            else:
                vector.store(part, output.memref, indices)


def _runs(cells: Sequence[Cell], lanes: int) -> list[tuple[int, int]]:
    """(first, count) of the whole vectors that follow one another in a row."""
    runs: list[tuple[int, int]] = []
    for number, cell in enumerate(cells):
        before = cells[number - 1] if number else None
        if (
            before is not None
            and before.point == cell.point
            and before.base + lanes == cell.base
            and cell.active == lanes
        ):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs
