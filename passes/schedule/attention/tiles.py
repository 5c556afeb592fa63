"""The register tiles of attention: blocks of scores and of results, read and written in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc.passes.schedule.microkernels.outer_product import outer_product, row_tiles
from aicc.passes.schedule.microkernels.writer import Index, Writer

from .plan import AttentionPlan

INFINITY = float("inf")


@dataclass(frozen=True)
class Block:
    """Queries of a chunk, or keys: the first one and how many."""

    first: Index
    count: int


@dataclass(frozen=True)
class Extent:
    """The keys of a block that are looked at: `whole` of them in whole panels, then the `rest`.

    `rest` keys come after the last whole panel of the block; `has_rest` says whether they are
    looked at: True, or a condition. Without a mask, `whole` is a number.
    """

    whole: Index
    rest: int
    has_rest: Any = True

    @property
    def is_known(self) -> bool:
        """Whether all keys are looked at."""
        return isinstance(self.whole, int)

    def columns(self, w: Writer) -> Index:
        """The scores of a row, in whole vectors."""
        filled = -(-self.rest // w.lanes) * w.lanes
        if isinstance(self.whole, int):
            return self.whole + filled
        if not self.rest:
            return self.whole
        return w.arith.select(self.has_rest, w.add(self.whole, filled), self.whole)


@dataclass
class Tiles:
    """The operands of one task; `place` is (batch, head, key head), `chunk` its first query.

    `values` is a buffer for the values of a block of keys; None: they are read where they stand.
    """

    w: Writer
    plan: AttentionPlan
    arguments: list[Any]
    place: tuple[Index, Index, Index]
    chunk: Index
    values: Any = None

    def _at(self, operand: int, position: Index, feature: Index) -> list[Index]:
        """Indices of an operand (0: q, 1: k, 2: v, 3: y) in its layout."""
        batch, head, group = self.place
        first = (self.plan.q_first, self.plan.k_first, self.plan.v_first, 0)[operand]
        head = self.w.add(group if operand in (1, 2) else head, first)
        if self.plan.layouts[operand] == "h":
            return [batch, head, position, feature]
        return [batch, position, head, feature]

    def keys_at(self, key: Index, feature: Index, active: int) -> Any:
        """Features of a key."""
        return self.w.load(self.arguments[self.plan.k], self._at(1, key, feature), active)

    def copy_values(self, keys: Block) -> None:
        """Put the values of a block of keys side by side, if they are to be read there."""
        if self.values is None:
            return

        def row(key: Index, carried: list[Any]) -> list[Any]:
            for feature, active in self._features():
                at = self._at(2, self.w.add(keys.first, key), feature)
                value = self.w.load(self.arguments[self.plan.v], at, active)
                self.w.store(value, self.values, [key, feature])
            return carried

        self.w.loop(0, keys.count, 1, [], row)

    def write_scores(
        self, queries: Block, keys: Block, extent: Extent, panels: Any, scores: Any
    ) -> None:
        """scores[row, key] = q k * scale + mask of a block; -inf for keys beyond the last."""
        vectors = self.plan.score_vectors
        width = self.w.lanes * vectors
        tile = self.plan.rows_per_tile(queries.count, vectors)

        def panel(column: Index, count: int) -> None:
            def rows(row: Index, n: int) -> None:
                tile = Block(self.w.add(queries.first, row), n)
                products = self._products(tile, panels, column, count)
                biased = self._biased(products, tile, self.w.add(keys.first, column), count)
                for i, v, score in biased:
                    at = self.w.add(column, v * self.w.lanes)
                    self.w.store(score, scores, [self.w.add(row, i), at])

            row_tiles(self.w, queries.count, tile, rows)

        def whole_panel(column: Index, carried: list[Any]) -> list[Any]:
            panel(column, width)
            return carried

        def rest() -> list[Any]:
            panel(keys.count - extent.rest, extent.rest)
            return []

        self.w.loop(0, extent.whole, width, [], whole_panel)
        if extent.rest:
            self.w.either(extent.has_rest, [], rest, list)

    def _products(self, tile: Block, panels: Any, column: Index, count: int) -> list[Any]:
        w = self.w
        vectors = -(-count // w.lanes)
        query = w.add(self.chunk, tile.first)
        q, panel = (
            self.arguments[self.plan.q],
            w.quotient(column, w.lanes * self.plan.score_vectors),
        )
        return outer_product(
            w,
            (tile.count, vectors),
            (0, self.plan.depth),
            lambda i, d: w.scalar(q, self._at(0, w.add(query, i), d)),
            lambda d, v: w.load(panels, [panel, d, v * w.lanes]),
            [w.splat(0.0)] * (tile.count * vectors),
        )

    def _biased(
        self, products: list[Any], tile: Block, key: Index, count: int
    ) -> list[tuple[int, int, Any]]:
        """(row, vector, product * scale + mask)."""
        w = self.w
        vectors = -(-count // w.lanes)
        scale, result = w.splat(self.plan.scale), []
        for i in range(tile.count):
            query = w.add(self.chunk, w.add(tile.first, i))
            for v in range(vectors):
                active = min(w.lanes, count - v * w.lanes)
                bias = self._bias(query, w.add(key, v * w.lanes), active)
                product = products[i * vectors + v]
                if bias is not None:
                    product = w.fma(product, scale, bias)
                elif self.plan.scale != 1.0:
                    product = w.arith.mulf(product, scale)
                result.append((i, v, product))
        return result

    def _bias(self, query: Index, key: Index, active: int) -> Any:
        """What is added to a vector of scores, None if nothing is."""
        if self.plan.mask >= 0:
            return self.mask_at(query, key, active)
        return None if active == self.w.lanes else self.w.lanes_below(active, 0.0, -INFINITY)

    def mask_at(self, query: Index, key: Index, active: int) -> Any:
        """A vector of the mask, -inf in the lanes beyond."""
        mask = self.arguments[self.plan.mask]
        shape = list(mask.type.shape)
        indices = [*self.place[:2], query, key][4 - len(shape) :]
        at = [0 if d == 1 else i for d, i in zip(shape[:-1], indices[:-1], strict=True)]
        return self.w.load(mask, [*at, key], active, -INFINITY)

    @property
    def mask_has_rows(self) -> bool:
        """Whether the mask differs from query to query."""
        shape = list(self.arguments[self.plan.mask].type.shape)
        return len(shape) > 1 and shape[-2] > 1

    def write_values(
        self,
        queries: Block,
        keys: Block,
        extent: Extent,
        scores: Any,
        factors: Any,
        is_only: bool,
    ) -> None:
        """y = p v * factor if this is the only block of keys, else y = y * factor + p v."""
        vectors = self.plan.value_vectors
        tile = self.plan.rows_per_tile(queries.count, vectors)
        columns = self._features()
        for first in range(0, len(columns), vectors):
            part = columns[first : first + vectors]

            def rows(row: Index, n: int, part: list[tuple[int, int]] = part) -> None:
                splats = [
                    self.w.spread(self.w.scalar(factors, [self.w.add(row, i)])) for i in range(n)
                ]
                at = Block(self.w.add(queries.first, row), n)
                start = self._start(at, part, None if is_only else splats)
                sums = self._weighted(Block(row, n), keys, extent, scores, part, start)
                for index, total in enumerate(sums):
                    i, (feature, active) = index // len(part), part[index % len(part)]
                    result = self._scaled(total, splats[i]) if is_only else total
                    self._store(result, self.w.add(at.first, i), feature, active)

            row_tiles(self.w, queries.count, tile, rows)

    def _start(self, tile: Block, part: list[tuple[int, int]], factors: Any) -> list[Any]:
        """The accumulators: zeros, or the result so far, rescaled."""
        if factors is None:
            return [self.w.splat(0.0)] * (tile.count * len(part))
        return [
            self.w.arith.mulf(self._held(self.w.add(tile.first, i), feature, active), factors[i])
            for i in range(tile.count)
            for feature, active in part
        ]

    def _weighted(
        self,
        tile: Block,
        keys: Block,
        extent: Extent,
        scores: Any,
        part: list[tuple[int, int]],
        start: list[Any],
    ) -> list[Any]:
        """start + p v of a tile."""
        w, v = self.w, self.arguments[self.plan.v]

        def column(key: Index, n: int) -> Any:
            feature, active = part[n]
            if self.values is not None:
                return w.load(self.values, [key, feature])
            return w.load(v, self._at(2, w.add(keys.first, key), feature), active)

        def row(i: int, key: Index) -> Any:
            return w.scalar(scores, [w.add(tile.first, i), key])

        def product(low: int, high: Index, start: list[Any]) -> list[Any]:
            return outer_product(w, (tile.count, len(part)), (low, high), row, column, start)

        if extent.is_known:
            return product(0, keys.count, start)
        sums = product(0, extent.whole, start)
        if not extent.rest:
            return sums
        first = keys.count - extent.rest
        types = [value.type for value in sums]
        return w.either(
            extent.has_rest, types, lambda: product(first, keys.count, sums), lambda: sums
        )

    def inverse(self, total: Any) -> Any:
        """1 / total; 0 where the guard says that a row without probabilities gives zeros."""
        w, kinds = self.w, self.w.arith.CmpFPredicate
        inverse = w.arith.divf(w.number(1.0), total)
        if self.plan.guard == "none":
            return inverse
        kind = kinds.OEQ if self.plan.guard == "empty" else kinds.ULE
        is_empty = w.arith.cmpf(kind, total, w.number(0.0))
        return w.arith.select(is_empty, w.number(0.0), inverse)

    def _scaled(self, total: Any, inverse: Any) -> Any:
        """total * inverse; under a guard NaN * 0 is 0 as well."""
        w = self.w
        product = w.arith.mulf(total, inverse)
        if self.plan.guard == "none":
            return product
        is_zero = w.arith.cmpf(w.arith.CmpFPredicate.OEQ, inverse, w.splat(0.0))
        return w.arith.select(is_zero, w.splat(0.0), product)

    def clear_result(self, row: Index) -> None:
        """y = 0."""
        for feature, active in self._features():
            self._store(self.w.splat(0.0), row, feature, active)

    def scale_result(self, row: Index, inverse: Any) -> None:
        """y = y * inverse."""
        splat = self.w.spread(inverse)
        for feature, active in self._features():
            result = self._scaled(self._held(row, feature, active), splat)
            self._store(result, row, feature, active)

    def _features(self) -> list[tuple[int, int]]:
        """(first feature, how many) of every vector of a result."""
        lanes = self.w.lanes
        return [(at, min(lanes, self.plan.width - at)) for at in range(0, self.plan.width, lanes)]

    def _held(self, row: Index, feature: int, active: int) -> Any:
        at = self._at(3, self.w.add(self.chunk, row), feature)
        return self.w.load(self.arguments[self.plan.y], at, active)

    def _store(self, value: Any, row: Index, feature: int, active: int) -> None:
        at = self._at(3, self.w.add(self.chunk, row), feature)
        self.w.store(value, self.arguments[self.plan.y], at, active)
