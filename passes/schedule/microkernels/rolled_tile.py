"""An element-wise tile with elementary functions, as a loop over its rows.

What follows a product is usually done on its sums while they are in registers. A function is some
thirty operations with a dozen coefficients, though: held beside the sums of a whole tile, they
leave too few registers, and LLVM keeps the sums on the stack, in the loop of the product as well.
So the product stores its sums to a buffer of the size of the tile, and a few vectors at a time go
through the function.

    %sums:28 = scf.for %k ..                  %sums:28 = scf.for %k ..
    28 x math.erf                      ->     28 x vector.store %tile
    28 x vector.store %out                    scf.for %row step 2 { 4 x load, math.erf, store %out }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.register_tile import (
    SIDE_BY_SIDE,
    Cell,
    Registers,
    RegisterTile,
)
from aicc.passes.schedule.microkernels.tile_op import TileOp
from aicc.passes.schedule.microkernels.vector_body import VectorBody, has_functions

# Fewer sums fit in the registers beside the function.
LEAST_VECTORS = 9


class RolledTile(RegisterTile):
    """Reads and writes memory only: `registers` carries nothing in or out of it."""

    @staticmethod
    def of(tile: TileOp, lanes: int, use_fma: bool, registers: Registers) -> RolledTile | None:
        """The micro-kernel, or None for a tile that is cheap, small, or all in one row."""
        if tile.reduction_dims or not has_functions(tile.generic):
            return None
        made = RolledTile(tile, lanes, use_fma, registers)
        is_large = sum(1 for _ in made.cells()) >= LEAST_VECTORS
        return made if is_large and made.rows > 1 else None

    @property
    def row_dim(self) -> int:
        return max(self.tile.point_dims, key=lambda dim: self.tile.extents[dim])

    @property
    def rows(self) -> int:
        return self.tile.extents[self.row_dim] if self.tile.point_dims else 1

    def emit(self, keep: bool) -> None:
        """Emit the loop before the generic; the result is in memory, where it was to be `keep`ed.

        As many rows at a time as make SIDE_BY_SIDE vectors, then those that are left.
        """
        del keep
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self._prepare(VectorBody(self.tile.generic, self.lanes, self.use_fma))
            cells = self.all_cells
            together = max(1, SIDE_BY_SIDE * self.rows // len(cells))
            whole = self.rows - self.rows % together
            scf = dialect("scf")
            loop = scf.ForOp(*[self.scope.constant(n) for n in (0, whole, together)])
            with ir.InsertionPoint(loop.body):
                first = [cell for cell in cells if cell.point[self.row_dim] < together]
                ivs = {self.row_dim: loop.induction_variable}
                self._vectors(first, ivs, IndexBuilder(self.scope))
                scf.yield_([])
            rest = [cell for cell in cells if cell.point[self.row_dim] >= whole]
            self._vectors(rest, {}, self.scope)

    def _vectors(self, cells: list[Cell], ivs: dict[int, Any], scope: IndexBuilder) -> None:
        """All loads of a few vectors, then their arithmetic, then their stores."""
        for first in range(0, len(cells), SIDE_BY_SIDE):
            group = cells[first : first + SIDE_BY_SIDE]
            cache: dict[Any, Any] = {}
            sets = [
                self._arguments(cell, self._current(cell, ivs, scope), {}, ivs, scope, cache)
                for cell in group
            ]
            results = self.body.emit_side_by_side(sets)
            self._store(group, [one[0] for one in results], ivs, scope)

    def _current(self, cell: Cell, ivs: dict[int, Any], scope: IndexBuilder) -> Any:
        """What the result holds before, where the body reads it."""
        if not self.body.arguments_used()[-1]:
            return None
        return self._read(self.tile.output, cell, {}, ivs, scope, {})
