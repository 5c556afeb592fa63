"""The shortest chain of ops that makes an arrangement: slice, transpose, broadcast; views between.

`Rearrangement(x, arrangement)` knows what it costs (elements that are copied) before it builds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from aicc.dialects.graph.movement import Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.types import element_count

from .arrangement import Arrangement, Factor

Progression = tuple[int, int, int]


class Rearrangement:
    """How to get from the value `x` to an arrangement of its elements."""

    def __init__(self, x: Any, arrangement: Arrangement) -> None:
        self.x = x
        self.shape = arrangement.sizes()
        self.dims = arrangement.dims
        self.source = arrangement.source
        self.order = [f for factors in self.dims for f in factors if not f.repeats]
        self.live = [f for factors in self.source for f in factors if f.size != 1]

    @property
    def copies(self) -> list[int]:
        """The number of elements that each op but the views must write."""
        kept = element_count([f.size for f in self.live])
        found = [kept] if any(not f.is_whole for factors in self.source for f in factors) else []
        found += [kept] if self.order != self.live else []
        return found + ([element_count(self.shape)] if self._repeats() else [])

    def build(self) -> Any:
        """The ops, at the insertion point; returns the last one's result."""
        value = self._transposed(self._sliced())
        if self._repeats():
            value = self._broadcast(value)
        return reshaped(value, self.shape)

    def _repeats(self) -> bool:
        return any(f.repeats for factors in self.dims for f in factors)

    def _sliced(self) -> Any:
        """x without the positions that are left out; split into factors first if it must be."""
        if all(f.is_whole for factors in self.source for f in factors):
            return self.x
        rows = [_as_one(factors) for factors in self.source]
        x = self.x
        if any(row is None for row in rows):
            factors = [f for each in self.source for f in each]
            x = reshaped(x, [f.extent for f in factors])
            rows = [(f.start, f.size, f.step) for f in factors]
        starts, sizes, steps = zip(*rows, strict=True)
        return Slice.build(x, starts=starts, sizes=sizes, steps=steps)

    def _transposed(self, x: Any) -> Any:
        if self.order == self.live:
            return x
        if permutation := self._whole_dimensions(x.type.shape):
            return Transpose.build(x, permutation=permutation)
        runs = _runs(self.order, self.live)
        sizes = {run[0]: element_count([f.size for f in run]) for run in runs}
        firsts = [f for f in self.live if f in sizes]
        merged = reshaped(x, [sizes[f] for f in firsts])
        return Transpose.build(merged, permutation=[firsts.index(run[0]) for run in runs])

    def _whole_dimensions(self, shape: Sequence[int]) -> list[int]:
        """The permutation of x's own dimensions that gives the result's shape; else empty."""
        sources = [[f for f in factors if f.size != 1] for factors in self.source]
        if self._repeats() or [element_count([f.size for f in s]) for s in sources] != list(shape):
            return []
        units = [i for i, factors in enumerate(sources) if not factors]
        permutation = []
        for factors in self.dims:
            if factors and factors not in sources or not factors and not units:
                return []
            permutation.append(sources.index(factors) if factors else units.pop(0))
        return permutation if len(permutation) == len(shape) else []

    def _broadcast(self, x: Any) -> Any:
        """Unit dimensions where repetitions belong, then all of them at once."""
        if all(len({f.repeats for f in factors}) < 2 for factors in self.dims):
            groups = self.dims
        else:
            flat = [f for factors in self.dims for f in factors]
            groups = reduce(_joined, flat, [])
        narrow = [_kept(factors) for factors in groups]
        wide = [element_count([f.size for f in factors]) for factors in groups]
        return Expand.build(reshaped(x, narrow), shape=wide)


def reshaped(x: Any, shape: Sequence[int]) -> Any:
    """A view of `x` in `shape`; `x` itself if it has that shape."""
    return x if list(x.type.shape) == list(shape) else Reshape.build(x, shape=shape)


def _kept(factors: list[Factor]) -> int:
    return element_count([f.size for f in factors if not f.repeats])


def _joined(groups: list[list[Factor]], factor: Factor) -> list[list[Factor]]:
    """Neighbours of one kind (repeated or not) as one dimension."""
    if groups and groups[-1][0].repeats == factor.repeats:
        groups[-1].append(factor)
    else:
        groups.append([factor])
    return groups


def _runs(order: list[Factor], live: list[Factor]) -> list[list[Factor]]:
    """`order` cut into the longest pieces whose factors follow each other in `live` too."""
    runs: list[list[Factor]] = []
    for factor in order:
        at = live.index(factor)
        if runs and at and runs[-1][-1] is live[at - 1]:
            runs[-1].append(factor)
        else:
            runs.append([factor])
    return runs


def _as_one(factors: list[Factor]) -> Progression | None:
    """(start, size, step) in the whole dimension, None if its positions are no such row."""
    found: Progression | None = (0, 1, 1)
    extent = 1
    for factor in reversed(factors):
        found = found and _combined((factor.start, factor.size, factor.step), found, extent)
        extent *= factor.extent
    return found


def _combined(outer: Progression, inner: Progression, extent: int) -> Progression | None:
    """Positions of an inner row of `extent` places within those of an outer one."""
    start = outer[0] * extent + inner[0]
    if outer[1] == 1:
        return start, inner[1], inner[2]
    if inner[1] == 1:
        return start, outer[1], outer[2] * extent
    if outer[2] * extent != inner[1] * inner[2]:
        return None
    return start, outer[1] * inner[1], inner[2]
