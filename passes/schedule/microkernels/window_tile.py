"""The register tile of a sliding window whose operands all run along the lanes.

Depthwise convolutions and channels-last pooling: every point of the result has its own window, and
the windows overlap. All taps are unrolled, one row of the input after the other: a row is loaded
once, serves every window it is part of, and is dead before the next. The taps of one point keep
their order, so no sum changes.

    rows y of the input:  0      1          2          3
    output row 0        kh=0   kh=1       kh=2
    output row 1               kh=0       kh=1       kh=2
"""

from __future__ import annotations

import itertools
from typing import Any

from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.register_tile import (
    Cell,
    Registers,
    RegisterTile,
)
from aicc.passes.schedule.microkernels.tile_op import LANE, Operand, TileOp

# Bodies emitted per tile: 5x5 taps of 2x7 points are 350, and still fit the micro-op cache.
WINDOW_BUDGET = 512


class WindowTile(RegisterTile):
    """A register tile whose taps are unrolled in the order of the input's rows."""

    @staticmethod
    def of(tile: TileOp, lanes: int, use_fma: bool, registers: Registers) -> WindowTile | None:
        """The micro-kernel, or None when no input slides or one does not run along the lanes."""
        windows = _windows(tile)
        if len(windows) != 1 or any(operand.access != LANE for operand in tile.inputs):
            return None
        return WindowTile(tile, lanes, use_fma, registers)

    def _is_unrolled(self, dims: list[int]) -> bool:
        bodies = len(self.all_cells)
        for dim in dims:
            bodies *= self.tile.extents[dim]
        return bodies <= WINDOW_BUDGET or super()._is_unrolled(dims)

    def _straight(
        self,
        ranges: dict[int, range],
        values: list[Any],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> list[Any]:
        (window,) = _windows(self.tile)
        steps = itertools.product(*ranges.values())
        taps = [dict(zip(ranges, step, strict=True)) for step in steps]
        order = sorted(
            itertools.product(taps, range(len(values))),
            key=lambda pair: _input_row(window, self.all_cells[pair[1]], pair[0]),
        )
        cache: dict[Any, Any] = {}
        results = list(values)
        for tap, index in order:
            cell = self.all_cells[index]
            arguments = self._arguments(cell, results[index], tap, ivs, scope, cache)
            results[index] = self.body.emit(arguments)[0]
        return results


def _windows(tile: TileOp) -> list[Operand]:
    """The inputs with an index that depends on both a point of the result and a tap."""

    def slides(form: LinearForm) -> bool:
        return len({dim in tile.reduction_dims for dim, _ in form.terms}) > 1

    return [operand for operand in tile.inputs if any(slides(form) for form in operand.forms)]


def _input_row(window: Operand, cell: Cell, tap: dict[int, int]) -> tuple[int, ...]:
    """Where a tap of a cell reads, column and lanes left out; loop counters count as 0."""
    known = cell.point | tap
    rows = window.forms[:-2]
    return tuple(sum(c * known.get(dim, 0) for dim, c in form.terms) for form in rows)
