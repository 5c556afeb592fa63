"""A convolution of each channel by itself, channels first, as loops and vectors from its plan.

    for image, channel:                       the weights stay in registers
      for tile rows, vector of columns:
        sums = start
        for row of the image under the tile, if there is one:
          for tap: load the columns it reads, fold them into every sum whose window holds the row
        what follows the window, in registers

Of a stride of two, two vectors are loaded, and every other lane is taken; two taps share them. All
vectors are full: the last one of a row overlaps the one before it, and where a tap reaches beyond
the left or right edge, columns inside are loaded and put into place, zeros beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc.passes.schedule.microkernels.writer import Index
from aicc.passes.schedule.winograd.epilogue import Epilogue

from .kernel import Tile, WindowKernel, parallel_loops

# (first column of a vector, the one whose edges it has, how many stand side by side)
Columns = tuple[Index, int, int]
# By the distance from the columns of the result: the first columns of vectors, and they.
Loaded = dict[int, tuple[list[int], list[Any]]]


class PlanarKernel(WindowKernel):
    """The loops around the tiles of a plane; operands are those of any window."""

    def write(self) -> None:
        """Write all loops at the insertion point, which is at the top of the kernel."""
        plan, w = self.plan, self.w

        def planes(image: Index) -> None:
            w.each(0, plan.channels, 1, lambda channel: self._plane(image, channel))

        if plan.parallel:
            parallel_loops([plan.batch, plan.channels, 1], lambda n, c, _: self._plane(n, c))
        else:
            w.each(0, plan.batch, 1, planes)

    def _plane(self, image: Index, channel: Index) -> None:
        plan, w = self.plan, self.w
        taps = {
            (y, x): w.spread(w.scalar(self.weights, [channel, 0, y, x]))
            for y in range(plan.kernel_height)
            for x in range(plan.kernel_width)
        }

        def tiles(row: Index, count: int) -> None:
            for columns in vectors_of(plan):
                self._vectors([image, channel], (row, count), columns, taps)

        whole, rest = divmod(plan.out_height, plan.rows)
        if whole:
            w.each(0, whole * plan.rows, plan.rows, lambda row: tiles(row, plan.rows))
        if rest:
            tiles(whole * plan.rows, rest)

    def _vectors(
        self, plane: list[Index], rows: tuple[Index, int], columns: Columns, taps: dict[Any, Any]
    ) -> None:
        """Equal tiles side by side."""
        (image, channel), (start, like, count) = plane, columns
        lanes = self.plan.lanes

        def tile(column: Index) -> None:
            PlanarTile(self, image, rows, (column, like, 1), (channel, None), taps).write()

        self.w.each(start, start + count * lanes, lanes, tile)


@dataclass
class PlanarTile(Tile):
    """One vector of columns, some rows high; `taps` are the weights in every lane."""

    taps: dict[tuple[int, int], Any]

    def write(self) -> None:
        """Fold all taps, then what follows."""
        kernel, plan = self.kernel, self.kernel.plan
        sums = {(y, 0): kernel.start for y in range(self.rows[1])}
        reach = (self.rows[1] - 1) * plan.stride_y + (plan.kernel_height - 1) * plan.dilation_y
        for row in range(reach + 1):
            self._row(row, sums, lambda y, x: self.taps[y, x])
        kernel.epilogue.begin(self.lane[0], None)
        for y in range(self.rows[1]):
            at = [self.image, self.lane[0], 0, kernel.w.add(self.rows[0], y), self.columns[0]]
            kernel.epilogue.finish(sums[y, 0], at, None, is_border=False)

    def _columns(
        self,
        place: Index,
        taps: list[tuple[int, int]],
        sums: dict[tuple[int, int], Any],
        weights: Any,
    ) -> None:
        """Load what every tap of one row of the image reads, and fold it."""
        plan = self.kernel.plan
        loaded: Loaded = {}
        for tap in range(plan.kernel_width):
            value = self._under(place, tap * plan.dilation_x - plan.left, loaded)
            for y, tap_y in taps if value is not None else []:
                arguments = [value, weights(tap_y, tap), sums[y, 0]]
                sums[y, 0] = self.kernel.fold.emit(arguments)[0]

    def _under(self, place: Index, offset: int, loaded: Loaded) -> Any:
        """The columns that lie `offset` from those of the result; None if all lie outside."""
        plan, w = self.kernel.plan, self.kernel.w
        first = self.columns[1] * plan.stride_x + offset
        wanted = [first + i * plan.stride_x for i in range(plan.lanes)]
        inside = [column if 0 <= column < plan.width else -1 for column in wanted]
        if max(inside) < 0:
            return None
        # two taps beside each other read the even and the odd columns of the same vectors
        shared = offset - 1 if plan.stride_x == 2 and offset - 1 in loaded else offset
        if shared not in loaded:
            loaded[shared] = self._loaded(place, shared)
        starts, sources = loaded[shared]
        lanes = [_lane_of(column, starts, plan.lanes) for column in inside]
        if len(sources) == 1 and lanes == list(range(plan.lanes)):
            return sources[0]
        if -1 not in lanes:
            return w.vector.shuffle(sources[0], sources[-1], lanes)
        known = [max(lane, 0) for lane in lanes]
        zeroed = [i if lane >= 0 else plan.lanes for i, lane in enumerate(lanes)]
        value = w.vector.shuffle(sources[0], sources[-1], known)
        return w.vector.shuffle(value, w.splat(0.0), zeroed)

    def _loaded(self, place: Index, offset: int) -> tuple[list[int], list[Any]]:
        """As many vectors as the stride, from inside the row: their first columns, and they."""
        plan, kernel = self.kernel.plan, self.kernel
        start, like, _ = self.columns
        first = like * plan.stride_x + offset
        starts = [
            min(max(first + i * plan.lanes, 0), plan.width - plan.lanes)
            for i in range(plan.stride_x)
        ]
        # the same distance from where this vector begins as from where its like does
        base = kernel.w.add(kernel.w.times(start, plan.stride_x), -like * plan.stride_x)
        places = [[self.image, self.lane[0], place, kernel.w.add(base, s)] for s in starts]
        return starts, [kernel.w.read(kernel.x, at) for at in places]


def _lane_of(column: int, starts: list[int], lanes: int) -> int:
    """The lane, in the vectors that begin at `starts`, that holds a column; -1: it lies outside."""
    for i, start in enumerate(starts):
        if column >= 0 and start <= column < start + lanes:
            return i * lanes + column - start
    return -1


def vectors_of(plan: Any) -> list[Columns]:
    """The vectors of a row of the result; those that read alike stand together."""
    last = plan.out_width - plan.lanes
    found: list[Columns] = []
    for start in [*range(0, last, plan.lanes), last]:
        before = found[-1] if found else None
        is_next = before is not None and before[0] + before[2] * plan.lanes == start
        if before and is_next and _is_inner(plan, before[1]) and _is_inner(plan, start):
            found[-1] = (before[0], before[1], before[2] + 1)
        else:
            found.append((start, start, 1))
    return found


def _is_inner(plan: Any, start: int) -> bool:
    """Whether everything that is loaded for a vector of the result lies inside the row."""
    first = start * plan.stride_x - plan.left
    last = first + (plan.kernel_width - 1) * plan.dilation_x + plan.stride_x * plan.lanes - 1
    return first >= 0 and last < plan.width


class PlanarEpilogue(Epilogue):
    """Steps over [N, C, 1, H, W], whose vectors run along the columns: what it calls channels."""

    def begin(self, channel: Index, live: Any) -> None:
        """Nothing: what all vectors share here, a number per channel, LLVM keeps in a register."""
