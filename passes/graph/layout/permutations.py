"""Permutations: in which physical order the dimensions of a logical tensor lie.

Physical dimension i is logical dimension `permutation[i]`; NHWC storage of an NCHW tensor is
(0, 2, 3, 1). Dimensions of size 1 take no part in where elements lie, so that two permutations can
describe the same memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

Permutation = tuple[int, ...]
Shape = Sequence[int]


@cache
def identity(rank: int) -> Permutation:
    """Dimensions in the logical order."""
    return tuple(range(rank))


def compose(first: Permutation, then: Permutation) -> Permutation:
    """One transposition that does `first`, then `then`."""
    return tuple(first[i] for i in then)


def relative(source: Permutation, target: Permutation) -> Permutation:
    """What turns storage in `source` order into storage in `target` order."""
    return tuple(source.index(d) for d in target)


def permuted(values: Sequence[int], order: Permutation) -> list[int]:
    """A list with one entry per logical dimension, in physical order."""
    return [values[d] for d in order]


def is_same_memory(shape: Shape, one: Permutation, other: Permutation) -> bool:
    """True if both orders put every element of `shape` at the same place."""
    return _wide(shape, one) == _wide(shape, other)


def _wide(shape: Shape, order: Permutation) -> list[int]:
    return [d for d in order if shape[d] != 1]


def last_dims(order: Permutation, rank: int) -> Permutation:
    """The order of an operand of lower rank, which broadcasts against the last dimensions."""
    missing = len(order) - rank
    return tuple(d - missing for d in order if d >= missing)


def without_dims(order: Permutation, dropped: Sequence[int]) -> Permutation:
    """The order that is left when logical dimensions are removed."""
    kept = [d for d in range(len(order)) if d not in dropped]
    return tuple(kept.index(d) for d in order if d in kept)


def with_block(order: Permutation, axis: int, count: int) -> Permutation:
    """The order when dimension `axis` is replaced by `count` dimensions in a row."""
    moved: list[int] = []
    for d in order:
        if d == axis:
            moved += range(axis, axis + count)
        else:
            moved.append(d if d < axis else d + count - 1)
    return tuple(moved)


def reshaped(source: Shape, target: Shape, order: Permutation) -> Permutation | None:
    """The order in `target` of a `source` stored in `order` and viewed under the other shape.

    None if that is no view: dimensions that the reshape merges must lie side by side.
    """
    groups = matching_groups(source, target)
    if groups is None:
        return None
    group_of = {d: g for g in groups for d in g[0]}
    rest, found = _wide(source, order), []
    while rest:
        from_dims, to_dims = group_of[rest[0]]
        if rest[: len(from_dims)] != from_dims:
            return None
        rest = rest[len(from_dims) :]
        found += to_dims
    return _with_unit_dims(target, found)


def _with_unit_dims(shape: Shape, order: list[int]) -> Permutation:
    """Dimensions of size 1 follow the dimension before them."""
    for d in range(len(shape)):
        if shape[d] == 1:
            order.insert(order.index(d - 1) + 1 if d else 0, d)
    return tuple(order)


Group = tuple[list[int], list[int]]


def matching_groups(source: Shape, target: Shape) -> list[Group] | None:
    """Which dimensions become which, in the finest way; those of size 1 are left out.

    None for tensors without elements.
    """
    if 0 in source or 0 in target:
        return None
    ins = [d for d in range(len(source)) if source[d] != 1]
    outs = [d for d in range(len(target)) if target[d] != 1]
    groups: list[Group] = []
    while ins or outs:
        group: Group = ([ins.pop(0)], [outs.pop(0)])
        have, want = source[group[0][0]], target[group[1][0]]
        while have != want:
            if have < want:
                group[0].append(ins.pop(0))
                have *= source[group[0][-1]]
            else:
                group[1].append(outs.pop(0))
                want *= target[group[1][-1]]
        groups.append(group)
    return groups
