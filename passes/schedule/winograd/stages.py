"""The three stages of a Winograd convolution, for one chunk of tiles.

Tiles at the border of an image read zeros around it and write only what lies inside: the same code
with masks, beside the code without any for the tiles within.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aicc.passes.schedule.attention.products import outer_product, row_tiles
from aicc.passes.schedule.attention.writer import Index

from .epilogue import Epilogue
from .plan import WinogradPlan
from .transforms import input_rows, output_rows
from .writer import TileWriter


@dataclass
class Stages:
    """The operands: image x, filter u, and what becomes of the outputs."""

    w: TileWriter
    plan: WinogradPlan
    x: Any
    u: Any
    epilogue: Epilogue

    def place(self, tile: Index) -> tuple[Index, Index, Index]:
        """(image, first row, first column) of a tile of outputs."""
        w, (rows, columns) = self.w, self.plan.grid
        inside = w.remainder(tile, rows * columns) if self.plan.batch > 1 else tile
        image = w.quotient(tile, rows * columns) if self.plan.batch > 1 else 0
        row, column = w.quotient(inside, columns), w.remainder(inside, columns)
        return image, w.times(row, self.plan.tile), w.times(column, self.plan.tile)

    def read_inputs(self, first: Index, slot: Index, v: Any) -> None:
        """V of tile first + slot."""
        w, plan = self.w, self.plan
        image, row, column = self.place(w.add(first, slot))
        row, column = w.add(row, -plan.top), w.add(column, -plan.left)
        inside = w.both(
            w.is_between(row, 0, plan.height - plan.window),
            w.is_between(column, 0, plan.width - plan.window),
        )
        start = w.times(slot, plan.depth)

        def channels(rows: list[Any], columns: list[Any]) -> None:
            masks = [[w.both(y, x) for x in columns] for y in rows]

            def vector(channel: Index) -> None:
                live = self._live(channel, plan.channels)

                def load(y: int, x: int) -> Any:
                    at = [image, w.add(row, y), w.add(column, x), channel]
                    return w.read(self.x, at, w.both(masks[y][x], live))

                for y, values in enumerate(input_rows(w, plan.tile, load)):
                    for x, value in enumerate(values):
                        w.write(value, v, [y * plan.window + x, w.add(start, channel)])

            w.each(0, plan.channels, w.lanes, vector)

        def border() -> None:
            steps = range(plan.window)
            rows = [w.is_between(w.add(row, i), 0, plan.height - 1) for i in steps]
            columns = [w.is_between(w.add(column, i), 0, plan.width - 1) for i in steps]
            channels(*([w.mask_of(c) for c in line] for line in (rows, columns)))

        always = [None] * plan.window
        w.choose(inside, lambda: channels(always, always), border)

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

        def position(p: Index) -> None:
            def rows(tile: Index, count: int) -> None:
                starts = [w.add(w.times(tile, plan.depth), i * plan.depth) for i in range(count)]
                fetch = self._fetch(block, p, tile)

                def column(k: Index, n: int) -> Any:
                    fetch(k, n)
                    return w.read(self.u, [block, p, k, n * w.lanes])

                sums = outer_product(
                    w,
                    (count, vectors),
                    (0, plan.channels),
                    lambda i, k: w.scalar(v, [p, w.add(starts[i], k)]),
                    column,
                    [w.splat(0.0)] * (count * vectors),
                )
                start = w.times(tile, plan.block)
                for n, total in enumerate(sums):
                    w.write(total, m, [p, w.add(start, n * w.lanes)])

            row_tiles(w, plan.chunk, plan.rows, rows)

        w.each(0, plan.positions, 1, position)

    def _fetch(self, block: Index, p: Index, tile: Index) -> Callable[[Index, int], None]:
        """fetch(k, n) starts to read a line of the next position's panel of the filter.

        The register tiles of a chunk share the lines among them: what memory takes to deliver a
        panel is hidden behind the arithmetic on the one before.
        """
        w, plan = self.w, self.plan
        vectors, parts = plan.block // w.lanes, -(-plan.chunk // plan.rows)
        lines = -(-vectors // parts)
        part = w.times(w.quotient(tile, plan.rows), plan.channels * lines * w.lanes)
        first = w.add(part, plan.channels * plan.block)

        def fetch(k: Index, n: int) -> None:
            if n < lines:
                at = w.add(w.add(first, w.times(k, lines * w.lanes)), n * w.lanes)
                w.prefetch(self.u, [block, p, 0, at])

        return fetch if plan.streams else lambda k, n: None

    def write_outputs(self, first: Index, slot: Index, block: Index, m: Any) -> None:
        """The outputs of tile first + slot in a block of channels."""
        w, plan = self.w, self.plan
        image, row, column = self.place(w.add(first, slot))
        whole = w.both(
            plan.out_height % plan.tile == 0 or w.is_between(row, 0, plan.out_height - plan.tile),
            plan.out_width % plan.tile == 0 or w.is_between(column, 0, plan.out_width - plan.tile),
        )
        start = w.times(slot, plan.block)
        lowest = w.times(block, plan.block)

        def channels(rows: list[Any], columns: list[Any]) -> None:
            masks = [[w.both(y, x) for x in columns] for y in rows]

            def vector(lane: Index) -> None:
                channel = w.add(lowest, lane)
                live = self._live(channel, plan.out_channels)
                self.epilogue.begin(channel, live)

                def load(y: int, x: int) -> Any:
                    return w.read(m, [y * plan.window + x, w.add(start, lane)])

                for y, values in enumerate(output_rows(w, plan.tile, load)):
                    for x, value in enumerate(values):
                        at = [image, w.add(row, y), w.add(column, x), channel]
                        mask = w.both(masks[y][x], live)
                        self.epilogue.finish(value, at, mask, masks[y][x] is not None)

            w.each(0, w.rest(plan.out_channels, lowest, plan.block), w.lanes, vector)

        def border() -> None:
            steps = range(plan.tile)
            rows = [w.is_between(w.add(row, i), 0, plan.out_height - 1) for i in steps]
            columns = [w.is_between(w.add(column, i), 0, plan.out_width - 1) for i in steps]
            channels(*([w.mask_of(c) for c in line] for line in (rows, columns)))

        always = [None] * plan.tile
        w.choose(whole, lambda: channels(always, always), border)
