"""The fused attention kernel as loops and vectors, from its plan.

    for head, chunk of queries:
      for block of keys:
        panels = transposed keys
        for block of queries:
          s = q panels * scale + mask;  m' = max(m, rows of s);  p = exp(s - m')
          l = l exp(m - m') + sum p;    y = y exp(m - m') + p v
      y = y / l

With a single block of keys, as up to a few hundred keys, nothing is rescaled: y = p v / l. No
buffer of queries x keys exists. Keys that the mask hides from all queries of a block are left out.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.schedule.microkernels.outer_product import row_tiles
from aicc.passes.schedule.microkernels.writer import Index, Writer

from .keys import write_panels
from .plan import AttentionPlan
from .rows import LOWEST, exponential, exponentials, row_maxima
from .tiles import Block, Tiles
from .visible import extent_of

# Rows whose softmax is computed side by side.
ROWS = 4


class AttentionKernel:
    """Writes the tasks of one kernel function."""

    def __init__(self, w: Writer, plan: AttentionPlan, arguments: list[Any], chunk: int) -> None:
        self.w, self.plan, self.chunk = w, plan, chunk
        self.arguments = arguments
        self.panel = w.lanes * plan.score_vectors
        self.block = plan.key_block
        self.rows = plan.query_block(chunk)
        self.is_split = self.block < plan.keys

    def buffers(self) -> None:
        """Allocate the panels, the scores and the rows' statistics."""
        panels = -(-self.block // self.panel)
        self.panels = self.w.buffer(panels, self.plan.depth, self.panel)
        self.scores = self.w.buffer(self.rows, panels * self.panel)
        self.factors = self.w.buffer(self.rows)
        self.values = None
        if self.plan.copies_values(self.chunk):
            self.values = self.w.buffer(self.block, self.plan.padded_width)
        if self.is_split:
            self.maxima, self.sums = self.w.buffer(self.chunk), self.w.buffer(self.chunk)

    def write(self, b: Index, h: Index, first: Index) -> None:
        """Write one task: batch b, head h, the chunk of queries from `first` on."""
        plan = self.plan
        group = self.w.quotient(h, plan.heads // plan.groups)
        self.tiles = Tiles(self.w, plan, self.arguments, (b, h, group), first, self.values)
        if self.is_split:
            self._initialise()
        whole = plan.keys // self.block * self.block

        def block(key: Index, carried: list[Any]) -> list[Any]:
            self._key_block(Block(key, self.block))
            return carried

        self.w.loop(0, whole, self.block, [], block)
        if plan.keys > whole:
            self._key_block(Block(whole, plan.keys - whole))
        if self.is_split:
            self._normalise()

    def _key_block(self, keys: Block) -> None:
        """Transpose the keys, and let all queries of the chunk pass over them."""
        tiles = self.tiles

        def load(row: Index, feature: Index, active: int) -> Any:
            return tiles.keys_at(self.w.add(keys.first, row), feature, active)

        write_panels(self.w, self.panels, keys.count, self.plan.depth, self.panel, load)
        tiles.copy_values(keys)

        def queries(start: Index, rows: int) -> None:
            self._query_block(Block(start, rows), keys)

        row_tiles(self.w, self.chunk, self.rows, queries)

    def _query_block(self, queries: Block, keys: Block) -> None:
        """Let a block of queries pass over a block of keys, where it sees any."""
        w, tiles = self.w, self.tiles
        extent = extent_of(w, tiles, queries, keys, self.panel)
        columns = extent.columns(w)

        def seen() -> list[Any]:
            tiles.write_scores(queries, keys, extent, self.panels, self.scores)
            self._softmax(queries, columns)
            parts = (extent, self.scores, self.factors, not self.is_split)
            tiles.write_values(queries, keys, *parts)
            return []

        if extent.is_known or not self.is_split:
            seen()
        else:
            some = w.arith.cmpi(w.arith.CmpIPredicate.ugt, columns, w.index(0))
            w.either(some, [], seen, list)

    def _softmax(self, queries: Block, columns: Index) -> None:
        """Scores become exponentials; a row's factor is 1 / l, or by what y is rescaled."""
        w = self.w

        def some(first: Index, count: int) -> None:
            rows = [w.add(first, i) for i in range(count)]
            maxima = row_maxima(w, self.scores, rows, columns)
            before = []
            if self.is_split:
                before = [w.scalar(self.maxima, [w.add(queries.first, row)]) for row in rows]
                maxima = [w.larger(m, b) for m, b in zip(maxima, before, strict=True)]
            totals = exponentials(w, self.scores, rows, columns, maxima)
            for i, row in enumerate(rows):
                factor = (
                    self._rescaled(w.add(queries.first, row), before[i], maxima[i], totals[i])
                    if self.is_split
                    else self.tiles.inverse(totals[i])
                )
                w.put(factor, self.factors, [row])

        row_tiles(w, queries.count, ROWS, some)

    def _rescaled(self, row: Index, before: Any, maximum: Any, total: Any) -> Any:
        """Take a block's maximum and sum into those of the row; by what its result is rescaled."""
        w = self.w
        factor = w.first(exponential(w, [w.spread(w.arith.subf(before, maximum))])[0])
        kept = w.arith.mulf(w.scalar(self.sums, [row]), factor)
        w.put(maximum, self.maxima, [row])
        w.put(w.arith.addf(kept, total), self.sums, [row])
        return factor

    def _initialise(self) -> None:
        """m = lowest, l = 0, y = 0 for the queries of the chunk."""
        w = self.w

        def one(row: Index, carried: list[Any]) -> list[Any]:
            w.put(w.number(LOWEST), self.maxima, [row])
            w.put(w.number(0.0), self.sums, [row])
            self.tiles.clear_result(row)
            return carried

        w.loop(0, self.chunk, 1, [], one)

    def _normalise(self) -> None:
        """y = y / l."""

        def one(row: Index, carried: list[Any]) -> list[Any]:
            inverse = self.tiles.inverse(self.w.scalar(self.sums, [row]))
            self.tiles.scale_result(row, inverse)
            return carried

        self.w.loop(0, self.chunk, 1, [], one)
