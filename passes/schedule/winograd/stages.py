"""The three stages of a Winograd convolution, for one chunk of tiles.

Tiles at the border of an image read zeros around it and write only what lies inside: the same code
with masks, beside the code without any for the tiles within.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aicc.passes.schedule.microkernels.outer_product import outer_product, row_tiles
from aicc.passes.schedule.microkernels.writer import Index

from .epilogue import Epilogue
from .plan import WinogradPlan
from .transforms import input_rows, output_rows
from .writer import TileWriter

# Row by row, the mask of each element of a square; None where all lanes are on.
Masks = list[list[Any]]


@dataclass(frozen=True)
class Chunk:
    """`count` tiles from `first` on, in `layers` layers of outputs from `layer` on."""

    first: Index
    count: Index
    layer: Index
    layers: Index


@dataclass
class Stages:
    """The operands: image x, filter u, and what becomes of the outputs."""

    w: TileWriter
    plan: WinogradPlan
    x: Any
    u: Any
    epilogue: Epilogue

    def place(self, tile: Index) -> tuple[Index, Index, Index]:
        """(image or volume, first row, first column) of a tile of outputs."""
        w, (rows, columns) = self.w, self.plan.grid
        inside = w.remainder(tile, rows * columns) if self.plan.batch > 1 else tile
        image = w.quotient(tile, rows * columns) if self.plan.batch > 1 else 0
        row, column = w.quotient(inside, columns), w.remainder(inside, columns)
        return image, w.times(row, self.plan.tile), w.times(column, self.plan.tile)

    def read_inputs(self, chunk: Chunk, slab: Index, slot: Index, v: Any) -> None:
        """V of a tile of a chunk, in one of the layers of inputs that it needs."""
        w, plan, depth = self.w, self.plan, self.plan.along_depth
        image, row, column = self.place(w.add(chunk.first, slot))
        row, column = w.add(row, -plan.top), w.add(column, -plan.left)
        layer = w.add(w.times(chunk.layer, depth.stride), w.times(slab, depth.step))
        layer = w.add(layer, -depth.front)
        start = w.times(w.add(w.times(slab, plan.chunk), slot), plan.row)
        outer = [image] if self.x.type.rank == 4 else [image, layer]

        def vector(channel: Index, masks: Masks) -> None:
            live = self._live(channel, plan.channels)

            def load(y: int, x: int) -> Any:
                at = [*outer, w.add(row, y), w.add(column, x), channel]
                return w.read(self.x, at, w.both(masks[y][x], live))

            for y, values in enumerate(input_rows(w, plan.tile, load)):
                for x, value in enumerate(values):
                    w.write(value, v, [y * plan.window + x, w.add(start, channel)])

        def channels(masks: Masks) -> None:
            w.each(0, plan.channels, w.lanes, lambda channel: vector(channel, masks))

        def inside() -> None:
            corner, size = (row, column), (plan.height, plan.width)
            self._masked(corner, size, plan.window, channels, is_aligned=False)

        is_inside = depth.is_inside or w.is_between(layer, 0, depth.size - 1)
        w.choose(is_inside, inside, lambda: self._clear(v, start))

    def _clear(self, v: Any, start: Index) -> None:
        """V of a tile of zeros."""
        w, plan = self.w, self.plan

        def vector(channel: Index) -> None:
            for p in range(plan.positions):
                w.write(w.splat(0.0), v, [p, w.add(start, channel)])

        w.each(0, plan.channels, w.lanes, vector)

    def _masked(
        self,
        corner: tuple[Index, Index],
        size: tuple[int, int],
        side: int,
        body: Callable[[Masks], None],
        *,
        is_aligned: bool,
    ) -> None:
        """body(masks) for the square of `side` elements from `corner` of an image of this size.

        All masks are None where the square lies inside the image. `is_aligned`: corners are
        multiples of `side`, so that a size which is one too has no partial squares.
        """
        w, steps, axes = self.w, range(side), list(zip(corner, size, strict=True))

        def fits(first: Index, extent: int) -> Any:
            is_whole = is_aligned and extent % side == 0
            return is_whole or w.is_between(first, 0, extent - side)

        def border() -> None:
            rows, columns = (
                [w.mask_of(w.is_between(w.add(first, i), 0, extent - 1)) for i in steps]
                for first, extent in axes
            )
            body([[w.both(y, x) for x in columns] for y in rows])

        inside = w.both(*(fits(*axis) for axis in axes))
        w.choose(inside, lambda: body([[None] * side for _ in steps]), border)

    def _live(self, channel: Index, channels: int) -> Any:
        """The lanes of a vector that are channels; None where all are."""
        if channels % self.w.lanes == 0:
            return None
        if isinstance(channel, int):
            return self.w.mask(channels - channel)
        left = self.w.arith.subi(self.w.index(channels), channel)
        return self.w.mask_below(left)

    def multiply(self, block: Index, v: Any, m: Any) -> None:
        """M = V U for a block of output channels."""
        w, plan = self.w, self.plan
        vectors = plan.block // w.lanes
        # elements of V from one tap to the next
        hop = plan.along_depth.hop * plan.chunk * plan.row

        def position(p: Index) -> None:
            def rows(tile: Index, count: int) -> None:
                fetch = self._fetch(block, p, tile)

                def tap(t: Index, sums: list[Any]) -> list[Any]:
                    low, beside = w.times(t, plan.channels), w.times(t, hop)
                    origin = w.add(w.times(tile, plan.row), beside)
                    starts = [w.add(origin, i * plan.row) for i in range(count)]

                    def column(k: Index, n: int) -> Any:
                        fetch(w.add(low, k), n)
                        return w.read(self.u, [block, p, w.add(low, k), n * w.lanes])

                    return outer_product(
                        w,
                        (count, vectors),
                        (0, plan.channels),
                        lambda i, k: w.scalar(v, [p, w.add(starts[i], k)]),
                        column,
                        sums,
                    )

                sums = w.loop(0, plan.taps, 1, [w.splat(0.0)] * (count * vectors), tap)
                start = w.times(tile, plan.block)
                for n, total in enumerate(sums):
                    w.write(total, m, [p, w.add(start, n * w.lanes)])

            row_tiles(w, plan.layers * plan.chunk, plan.rows, rows)

        w.each(0, plan.positions, 1, position)

    def _fetch(self, block: Index, p: Index, tile: Index) -> Callable[[Index, int], None]:
        """fetch(k, n) starts to read a line of the next position's panel of the filter.

        The register tiles of a chunk share the lines among them: what memory takes to deliver a
        panel is hidden behind the arithmetic on the one before.
        """
        w, plan = self.w, self.plan
        vectors, parts = plan.block // w.lanes, -(-plan.layers * plan.chunk // plan.rows)
        lines, length = -(-vectors // parts), plan.taps * plan.channels
        part = w.times(w.quotient(tile, plan.rows), length * lines * w.lanes)
        first = w.add(part, length * plan.block)

        def fetch(k: Index, n: int) -> None:
            if n < lines:
                at = w.add(w.add(first, w.times(k, lines * w.lanes)), n * w.lanes)
                w.prefetch(self.u, [block, p, 0, at])

        return fetch if plan.streams else lambda k, n: None

    def write_outputs(self, chunk: Chunk, layer: Index, slot: Index, block: Index, m: Any) -> None:
        """The outputs of a tile of a chunk, in one of its layers, in a block of channels."""
        w, plan = self.w, self.plan
        image, row, column = self.place(w.add(chunk.first, slot))
        lowest = w.times(block, plan.block)
        start = w.times(w.add(w.times(layer, plan.chunk), slot), plan.block)
        is_image = self.x.type.rank == 4
        outer = [image] if is_image else [image, w.add(chunk.layer, layer)]

        def vector(lane: Index, masks: Masks) -> None:
            channel = w.add(lowest, lane)
            live = self._live(channel, plan.out_channels)
            self.epilogue.begin(channel, live)

            def load(y: int, x: int) -> Any:
                return w.read(m, [y * plan.window + x, w.add(start, lane)])

            for y, values in enumerate(output_rows(w, plan.tile, load)):
                for x, value in enumerate(values):
                    at = [*outer, w.add(row, y), w.add(column, x), channel]
                    is_border = masks[y][x] is not None
                    self.epilogue.finish(value, at, w.both(masks[y][x], live), is_border)

        def channels(masks: Masks) -> None:
            count = w.rest(plan.out_channels, lowest, plan.block)
            w.each(0, count, w.lanes, lambda lane: vector(lane, masks))

        corner, size = (row, column), (plan.out_height, plan.out_width)
        self._masked(corner, size, plan.tile, channels, is_aligned=True)
