"""Queries, keys and values as heads of a tensor [B, S, H, D] or [B, H, S, D], however arranged.

A projection writes [B, S, H, D], often queries, keys and values side by side; exporters cut it,
transpose it, merge batch and heads for a batched product, repeat grouped heads and scale on the
way. All of this only says where a head's elements stand: if they stand at regular distances in
some value further up, the attention op can read them there and nothing has to move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from aicc.dialects.graph.movement import Reshape, Transpose
from aicc.dialects.graph.types import element_count

from ..dataflow import definition, is_read_once, source_if
from ..movement.arrangement import Arrangement, Factor, NotFactored
from .polynomials import scalar_of

MOVES = ("graph.reshape", "graph.transpose", "graph.slice", "graph.expand")


@dataclass(frozen=True)
class HeadView:
    """factor * value, 4-D in `layout`, of which `count` heads from `first` on are read.

    `saved` is how many moves of data need not be made.
    """

    value: Any
    layout: str
    factor: float = 1.0
    first: int = 0
    count: int = 0
    saved: int = 0


@dataclass(frozen=True)
class Strides:
    """Elements from one batch, head, position to the next, and before the first; repeated heads."""

    batch: int
    head: int
    position: int
    offset: int
    repeats: int


def scaled(value: Any) -> tuple[Any, float]:
    """(x, c) with value = x * c, read as far as constants are multiplied."""
    factor = 1.0
    while (op := definition(value)) is not None and op.name in ("graph.mul", "graph.div"):
        sides = [(0, 1)] if op.name == "graph.div" else [(0, 1), (1, 0)]
        for x, c in sides:
            number = scalar_of(op.operands[c])
            if number and op.operands[x].type == value.type:
                factor *= number if op.name == "graph.mul" else 1 / number
                value = op.operands[x]
                break
        else:
            break
    return value, factor


def reshaped(value: Any, shape: Sequence[int]) -> Any:
    """`value` under another shape; reshapes of it before are undone where they meet."""
    while list(value.type.shape) != list(shape) and (op := source_if(value, "graph.reshape")):
        value = op.operands[0]
    return value if list(value.type.shape) == list(shape) else Reshape.build(value, shape=shape)


def heads_of(shape: Sequence[int], operands: Sequence[Any]) -> list[int]:
    """[B, H] of scores of this shape; of merged ones, as they were before merging, else [1, BH]."""
    if len(shape) == 4:
        return list(shape[:2])
    for value in operands:
        view = source_if(scaled(value)[0], "graph.reshape")
        if view is not None and view.operands[0].type.rank == 4:
            before = list(view.operands[0].type.shape)
            if before[2:] == list(value.type.shape[1:]):
                return before[:2]
    return [1, shape[0]]


def view_of(value: Any, lead: Sequence[int], is_transposed: bool = False) -> HeadView:
    """The heads of `value` [.., S, D] (or [.., D, S]) for [B, H] = `lead`, as those are merged."""
    if list(value.type.shape[:-2]) != list(lead) and prod(lead) == prod(value.type.shape[:-2]):
        value = Reshape.build(value, shape=[*lead, *value.type.shape[-2:]])
    if is_transposed:
        value = Transpose.build(value, permutation=[0, 1, 3, 2])
    shape = list(value.type.shape)
    best = HeadView(value, "BHSD", count=shape[1])
    chain: list[Any] = []
    x, factor = scaled(value)
    while True:
        found = _view(x, chain, shape)
        if found is not None:
            saved = sum(op.name != "graph.reshape" for op in chain)
            best = replace(found, factor=factor, saved=saved)
        op = definition(x)
        if op is None or op.name not in MOVES:
            return best
        chain.append(op)
        x, more = scaled(op.operands[0])
        factor *= more


class _HeadArrangement(Arrangement):
    """An arrangement that can also split what a slice has narrowed, at whole heads."""

    def _split(self, factor: Factor, size: int) -> tuple[Factor, Factor]:
        inner = factor.size // size
        if factor.is_whole or factor.size % size:
            return super()._split(factor, size)
        if factor.step != 1 or factor.start % inner or factor.extent % inner:
            raise NotFactored
        outer = Factor(factor.extent // inner, size, factor.start // inner)
        parts = (outer, Factor(inner, inner))
        for factors in self.source:
            if factor in factors:
                at = factors.index(factor)
                factors[at : at + 1] = parts
        return parts


def _view(x: Any, chain: Sequence[Any], shape: Sequence[int]) -> HeadView | None:
    """What the moves of `chain`, last one first, make of x, as heads of x; None if it is not."""
    arrangement = _HeadArrangement(x.type.shape)
    if not arrangement.follow_chain(chain):
        return None
    strides = _strides(arrangement)
    if strides is None or 0 in x.type.shape:
        return None
    return _by_positions(x, shape, strides) or _by_heads(x, shape, strides)


def _strides(arrangement: Arrangement) -> Strides | None:
    """Of four dimensions, the last of which is contiguous; None if there are no such distances."""
    step, offset, distance = 1, 0, {}
    for factor in reversed([f for factors in arrangement.source for f in factors]):
        distance[id(factor)] = step * factor.step
        offset += step * factor.start
        step *= factor.extent
    batch, heads, positions, depth = arrangement.dims
    repeats = 1
    if heads and heads[-1].repeats:
        repeats, heads = heads[-1].size, heads[:-1]
    found = [_distance(factors, distance) for factors in (batch, heads, positions, depth)]
    if None in found or found[3] not in (0, 1):
        return None
    b, h, s, _ = (number for number in found if number is not None)
    return Strides(b, h, s, offset, repeats)


def _distance(factors: Sequence[Factor], distance: dict[int, int]) -> int | None:
    """Elements from one position to the next; 0 for a single one, None if it is not regular."""
    if any(f.repeats for f in factors):
        return None
    for outer, inner in zip(factors, factors[1:], strict=False):
        if distance[id(outer)] != inner.size * distance[id(inner)]:
            return None
    return distance[id(factors[-1])] if factors else 0


def _by_positions(x: Any, shape: Sequence[int], at: Strides) -> HeadView | None:
    """[B, S, heads, D]."""
    batch, heads, positions, depth = shape
    count, total = heads // at.repeats, element_count(x.type.shape)
    row = at.position or total // batch
    if row % depth or batch * positions * row != total or at.offset % depth:
        return None
    if at.head not in (0, depth) or at.batch not in (0, positions * row):
        return None
    first = at.offset // depth
    if first + count > row // depth:
        return None
    value = reshaped(x, [batch, positions, row // depth, depth])
    return HeadView(value, "BSHD", first=first, count=count)


def _by_heads(x: Any, shape: Sequence[int], at: Strides) -> HeadView | None:
    """[B, heads, S, D]."""
    batch, heads, positions, depth = shape
    count, head = heads // at.repeats, positions * depth
    every, rest = divmod(element_count(x.type.shape), batch * head)
    if rest or at.offset % head or at.position not in (0, depth):
        return None
    if at.head not in (0, head) or at.batch not in (0, every * head):
        return None
    first = at.offset // head
    if first + count > every:
        return None
    return HeadView(reshaped(x, [batch, every, positions, depth]), "BHSD", first=first, count=count)


def is_swap_of_heads(op: Any, result: Any) -> bool:
    """Whether `op` makes [B, S, H, D] of the value `result` [B, H, S, D], in memory order."""
    chain = [op]
    while chain[-1].operands[0] != result:
        above = definition(chain[-1].operands[0])
        if above is None or above.name not in MOVES or not is_read_once(chain[-1].operands[0]):
            return False
        chain.append(above)
    arrangement = Arrangement(result.type.shape)
    if not arrangement.follow_chain(chain):
        return False
    batch, heads, positions, depth = arrangement.source
    ordered = [f for factors in arrangement.dims for f in factors]
    return ordered == [*batch, *positions, *heads, *depth] and all(f.is_whole for f in ordered)
