"""A sliding window of each channel by itself as loops and vectors, from its plan.

    for image, tile rows, tile columns, vector of channels:
      sums = start
      for row of the image under the tile, if there is one:
        for column: load a vector, fold it into every sum whose window holds it
      what follows the window, in registers

A row of the image is loaded once per tile and serves every window it is part of. Tiles at the left
and right edge are written out without the taps beyond; rows beyond the top or bottom are passed
over at run time. The taps of a point keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.vector_body import VectorBody
from aicc.passes.schedule.microkernels.writer import Index
from aicc.passes.schedule.winograd.epilogue import Epilogue
from aicc.passes.schedule.winograd.writer import TileWriter

from .plan import WindowPlan

# Where one vector of channels lies: its first channel, and the mask of its lanes or None.
Lane = tuple[Index, Any]


@dataclass
class WindowKernel:
    """The operands: the image, the weights (None: there are none), what a sum starts with, the fold
    of a tap into it, and what becomes of the sums."""

    w: TileWriter
    plan: WindowPlan
    x: Any
    weights: Any
    start: Any
    fold: VectorBody
    epilogue: Epilogue

    def write(self) -> None:
        """Write all loops at the insertion point, which is at the top of the kernel."""
        plan, w = self.plan, self.w
        chunks = -(-plan.groups // plan.row_groups)
        counts = [plan.batch, plan.channels // plan.part, chunks]

        def chunk(image: Index, part: Index, rows: Index) -> None:
            self._chunk(image, w.times(part, plan.part), w.times(rows, plan.row_groups))

        if plan.parallel:
            parallel_loops(counts, chunk)
        else:
            w.each(0, plan.batch, 1, lambda i: chunk(self._walked(i, 0, plan.batch), 0, 0))

    def _chunk(self, image: Index, channel: Index, group: Index) -> None:
        """Some tiles downwards, all columns, a part of the channels."""
        plan, w = self.plan, self.w
        whole, rest = divmod(plan.out_height, plan.rows)
        above = w.add(group, w.rest(whole, group, plan.row_groups))

        def tiles(row: Index, count: int) -> None:
            for column, width, steps in _strips(plan):
                self._strip(image, (row, count), (column, width, steps), channel)

        def place(tile: Index) -> Index:
            return w.times(self._walked(tile, group, above), plan.rows)

        def whole_tiles() -> None:
            if whole:
                w.each(group, above, 1, lambda g: tiles(place(g), plan.rows))

        def last_tile() -> None:
            if rest:
                is_last = _is_last(w, group, whole - (plan.row_groups - 1))
                w.choose(is_last, lambda: tiles(whole * plan.rows, rest), lambda: None)

        for step in (last_tile, whole_tiles) if plan.reverse else (whole_tiles, last_tile):
            step()

    def _walked(self, step: Index, first: Index, end: Index) -> Index:
        """What comes at a step of those from `first` to below `end`."""
        if not self.plan.reverse:
            return step
        return _less(self.w, self.w.add(self.w.add(first, end), -1), step)

    def _strip(
        self, image: Index, rows: tuple[Index, int], columns: tuple[int, int, int], channel: Index
    ) -> None:
        """Equal tiles side by side: `columns` is where they start, their width, how many."""
        w, lanes = self.w, self.w.lanes
        start, width, count = columns
        rest = self.plan.part % lanes

        def tile(column: Index) -> None:
            def vector(lane: Lane) -> None:
                Tile(self, image, rows, (column, start, width), lane).write()

            whole = self.plan.part - rest
            if whole:
                w.each(0, whole, lanes, lambda c: vector((w.add(channel, c), None)))
            if rest:
                vector((w.add(channel, whole), w.mask(rest)))

        w.each(start, start + count * width, width, tile)


@dataclass
class Tile:
    """One register tile: `rows` is (first, count), `columns` (first, one it stands for, count)."""

    kernel: WindowKernel
    image: Index
    rows: tuple[Index, int]
    columns: tuple[Index, int, int]
    lane: Lane

    def write(self) -> None:
        """Fold all taps, then what follows."""
        kernel, plan = self.kernel, self.kernel.plan
        points = [(y, x) for y in range(self.rows[1]) for x in range(self.columns[2])]
        sums = dict.fromkeys(points, kernel.start)
        weights = self._weights()
        reach = (self.rows[1] - 1) * plan.stride_y + (plan.kernel_height - 1) * plan.dilation_y
        for row in range(reach + 1):
            self._row(row, sums, weights)
        channel, mask = self.lane
        kernel.epilogue.begin(channel, mask)
        for y, x in points:
            at = [self.image, kernel.w.add(self.rows[0], y), kernel.w.add(self.columns[0], x)]
            kernel.epilogue.finish(sums[y, x], [*at, channel], mask, is_border=False)

    def _weights(self) -> Any:
        """weights(y, x): the vector of one tap; anything for a fold without weights."""
        kernel, (channel, mask) = self.kernel, self.lane
        known: dict[tuple[int, int], Any] = {}
        if kernel.weights is None:
            return lambda y, x: kernel.start
        for y in range(kernel.plan.kernel_height):
            for x in range(kernel.plan.kernel_width):
                known[y, x] = kernel.w.read(kernel.weights, [y, x, channel], mask)
        return lambda y, x: known[y, x]

    def _row(self, row: int, sums: dict[tuple[int, int], Any], weights: Any) -> None:
        """Fold the taps that read the row-th row of the image under the tile."""
        w, plan = self.kernel.w, self.kernel.plan
        taps = [
            (y, tap)
            for y in range(self.rows[1])
            for tap in range(plan.kernel_height)
            if y * plan.stride_y + tap * plan.dilation_y == row
        ]
        if not taps:
            return
        place = w.add(w.times(self.rows[0], plan.stride_y), row - plan.top)
        keys = [key for key in sums if key[0] in {y for y, _ in taps}]

        def folded() -> list[Any]:
            found = {key: sums[key] for key in keys}
            self._columns(place, taps, found, weights)
            return [found[key] for key in keys]

        is_inside = self._is_inside(row, place)
        before = [sums[key] for key in keys]
        values = w.either(is_inside, [w.type] * len(keys), folded, lambda: before)
        sums.update(zip(keys, values, strict=True))

    def _is_inside(self, row: int, place: Index) -> Any:
        """Whether the row-th row under a tile lies in the image; a bool where that is known."""
        plan, w = self.kernel.plan, self.kernel.w
        lowest = highest = self.rows[0] if isinstance(self.rows[0], int) else None
        if lowest is None or highest is None:
            last = (plan.out_height // plan.rows - 1) * plan.rows
            lowest, highest = 0, last
        low = lowest * plan.stride_y + row - plan.top
        high = highest * plan.stride_y + row - plan.top
        kind = w.arith.CmpIPredicate
        above: Any = True if low >= 0 else None
        below: Any = True if high < plan.height else None
        if low == high:
            return 0 <= low < plan.height
        if above is None:
            above = w.arith.cmpi(kind.sge, place, w.index(0))
        if below is None:
            below = w.arith.cmpi(kind.slt, place, w.index(plan.height))
        return w.both(above, below)

    def _columns(
        self,
        place: Index,
        taps: list[tuple[int, int]],
        sums: dict[tuple[int, int], Any],
        weights: Any,
    ) -> None:
        """Load the columns of one row of the image and fold them."""
        kernel, w, (channel, mask) = self.kernel, self.kernel.w, self.lane
        first, stands_for, _ = self.columns
        plan = kernel.plan
        base = w.add(w.times(first, plan.stride_x), -plan.left)
        for column, uses in self._uses():
            if not 0 <= stands_for * plan.stride_x - plan.left + column < plan.width:
                continue
            value = w.read(kernel.x, [self.image, place, w.add(base, column), channel], mask)
            for y, tap_y in taps:
                for x, tap_x in uses:
                    arguments = [value, weights(tap_y, tap_x), sums[y, x]]
                    sums[y, x] = kernel.fold.emit(arguments)[0]

    def _uses(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """For each column under the tile, the (column of the tile, tap) that read it."""
        plan, width = self.kernel.plan, self.columns[2]
        found: dict[int, list[tuple[int, int]]] = {}
        for x in range(width):
            for tap in range(plan.kernel_width):
                column = x * plan.stride_x + tap * plan.dilation_x
                found.setdefault(column, []).append((x, tap))
        yield from sorted(found.items())


def _strips(plan: WindowPlan) -> list[tuple[int, int, int]]:
    """(start, width, count) of tiles that read alike: widths differ by one, edges are apart."""
    count = -(-plan.out_width // plan.columns)
    wide, low = plan.out_width - (plan.out_width // count) * count, plan.out_width // count
    widths = [low + 1] * wide + [low] * (count - wide)
    strips: list[tuple[int, int, int]] = []
    start = 0
    for width in widths:
        before = strips[-1] if strips and strips[-1][1] == width else None
        if before and all(_is_inner(plan, first, width) for first in (before[0], start)):
            strips[-1] = (before[0], width, before[2] + 1)
        else:
            strips.append((start, width, 1))
        start += width
    return strips


def _is_inner(plan: WindowPlan, start: int, width: int) -> bool:
    """Whether no tap of a tile reads beyond the left or right edge."""
    first = start * plan.stride_x - plan.left
    reach = (width - 1) * plan.stride_x + (plan.kernel_width - 1) * plan.dilation_x
    return first >= 0 and first + reach < plan.width


def _less(w: TileWriter, lhs: Index, rhs: Index) -> Index:
    """lhs - rhs of indices."""
    if isinstance(lhs, int) and isinstance(rhs, int):
        return lhs - rhs
    return w.arith.subi(w.index(lhs), w.index(rhs))


def _is_last(w: TileWriter, group: Index, least: int) -> Any:
    """Whether a chunk that starts at tile `group` reaches the end."""
    if isinstance(group, int):
        return group >= least
    return w.arith.cmpi(w.arith.CmpIPredicate.sge, group, w.index(least))


def parallel_loops(counts: list[int], body: Callable[[Index, Index, Index], None]) -> None:
    """body(i, j, k) below the counts, shared by the threads."""
    scf = dialect("scf")
    loop = scf.ForallOp([0] * len(counts), counts, [1] * len(counts))
    with ir.InsertionPoint(loop.body):
        body(*list(loop.body.arguments)[: len(counts)])
        scf.InParallelOp()
