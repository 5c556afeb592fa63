"""Parts of buffers, as plain data: a box in a larger shape, and what reshapes make of it.

56x56x144 at (1, 1, 0) of 58x58x144, seen as 56x56x3x48   ->  at (1, 1, 0, 0) of 58x58x3x48
56x56x144 at (1, 1, 0) of 58x58x144, seen as 3136x144     ->  not a box: rows have gaps
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

LINE = 64  # bytes of a cache line

# One dimension of a part: (size, offset, size of the whole).
Dim = tuple[int, int, int]
Regroup = Callable[[list[Dim], list[int]], "list[Dim] | None"]


@dataclass(frozen=True)
class Part:
    """The box of `sizes` at `offsets` in something of shape `whole`."""

    whole: tuple[int, ...]
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """True if nothing lies outside."""
        return self.whole == self.sizes

    @property
    def dims(self) -> list[Dim]:
        """Dimension by dimension."""
        return list(zip(self.sizes, self.offsets, self.whole, strict=True))

    def reshaped(self, sizes: Sequence[int]) -> Part | None:
        """The same elements as a box of shape `sizes`; None if they are none."""
        dims = _reshaped(self.dims, list(sizes), _regrouped)
        return None if dims is None else _part(dims)

    def fitted(self, sizes: Sequence[int]) -> Part | None:
        """As `reshaped`; what is no box then stays as it is where its dimensions can be split."""
        seen = self.reshaped(sizes)
        return seen or (self if expansion(self.sizes, sizes) else None)

    def seen_in(self, whole: Sequence[int]) -> Part | None:
        """The same box where the whole has another shape; None if it is no box there."""
        turned = [(outer, offset, size) for size, offset, outer in self.dims]
        dims = _reshaped(turned, list(whole), _divided)
        return None if dims is None else _part([(size, o, outer) for outer, o, size in dims])

    def inside(self, outer: Part) -> Part:
        """This part of a shape that is itself a part: as part of what is around both."""
        offsets = tuple(a + b for a, b in zip(self.offsets, outer.offsets, strict=True))
        return Part(outer.whole, offsets, self.sizes)

    @property
    def span(self) -> tuple[int, int]:
        """Positions in memory from the first element to behind the last one."""
        steps = [prod(self.whole[i + 1 :]) for i in range(len(self.whole))]
        start = sum(o * step for o, step in zip(self.offsets, steps, strict=True))
        return start, start + 1 + sum((d - 1) * s for d, s in zip(self.sizes, steps, strict=True))

    def meets(self, other: Part) -> bool:
        """False if two parts of the same memory have no element in common.

        Where one is no box in the shape of the other, they are compared by their spans.
        """
        if self.whole != other.whole:
            seen = other.seen_in(self.whole)
            apart = self.span[0] >= other.span[1] or other.span[0] >= self.span[1]
            return self.meets(seen) if seen else not apart
        sides = zip(self.offsets, self.sizes, other.offsets, other.sizes, strict=True)
        return all(a < c + d and c < a + b for a, b, c, d in sides)

    def spread(self, width: int) -> float:
        """Cache lines that the part touches, over those it would fill; `width` bytes an element."""
        run, step = width, width
        for size, _, whole in reversed(self.dims):
            run *= size
            step *= whole
            if size != whole:
                break
        else:
            return 1.0
        start = self.span[0] * width
        lines = -(-run // LINE) if start % LINE == step % LINE == 0 else run / LINE + 1
        return lines * LINE / run


def expansion(sizes: Sequence[int], into: Sequence[int]) -> list[list[int]] | None:
    """For each dimension those that it is split into; None if it takes more than splitting."""
    groups: list[list[int]] = []
    j = 0
    for size in sizes:
        group: list[int] = []
        product = 1
        while j < len(into) and (product < size or not group):
            group.append(j)
            product, j = product * into[j], j + 1
        if product != size:
            return None
        groups.append(group)
    if any(into[d] != 1 for d in range(j, len(into))) or not groups:
        return None
    groups[-1] += range(j, len(into))
    return groups


def whole_of(shape: Sequence[int]) -> Part:
    """All of a shape."""
    return Part(tuple(shape), (0,) * len(shape), tuple(shape))


def _part(dims: Sequence[Dim]) -> Part:
    return Part(tuple(d[2] for d in dims), tuple(d[1] for d in dims), tuple(d[0] for d in dims))


def _reshaped(dims: list[Dim], sizes: list[int], regroup: Regroup) -> list[Dim] | None:
    """Walk both shapes from the left, in the smallest groups of equal product."""
    found: list[Dim] = []
    i = j = 0
    while i < len(dims) or j < len(sizes):
        if i < len(dims) and j < len(sizes) and dims[i][0] == sizes[j]:
            found.append(dims[i])
            i, j = i + 1, j + 1
        elif j < len(sizes) and sizes[j] == 1:
            found.append((1, 0, 1))
            j += 1
        elif i < len(dims) and dims[i] == (1, 0, 1):
            i += 1
        else:
            ends = _group(dims, sizes, i, j)
            group = regroup(dims[i : ends[0]], sizes[j : ends[1]]) if ends else None
            if ends is None or group is None:
                return None
            found += group
            i, j = ends
    return found


def _group(dims: list[Dim], sizes: list[int], i: int, j: int) -> tuple[int, int] | None:
    """Ends of the smallest runs from i and j on that hold equally many elements."""
    if i == len(dims) or j == len(sizes):
        return None
    left, right = dims[i][0], sizes[j]
    i, j = i + 1, j + 1
    while left != right:
        if left < right and i < len(dims):
            left, i = left * dims[i][0], i + 1
        elif left > right and j < len(sizes):
            right, j = right * sizes[j], j + 1
        else:
            return None
    return i, j


def _regrouped(dims: list[Dim], sizes: list[int]) -> list[Dim] | None:
    """One group of dimensions as another one of as many elements."""
    if all(size == whole for size, _, whole in dims):
        return [(size, 0, size) for size in sizes]
    if len(sizes) == 1:
        return _collapsed(dims)
    return _expanded(dims[0], sizes) if len(dims) == 1 else None


def _collapsed(dims: list[Dim]) -> list[Dim] | None:
    """Several dimensions as one: what is cut may only be the first that is longer than one."""
    while dims[0] == (1, 0, 1):
        dims = dims[1:]
    if any(size != whole for size, _, whole in dims[1:]):
        return None
    inner = prod(size for size, _, _ in dims[1:])
    size, offset, whole = dims[0]
    return [(size * inner, offset * inner, whole * inner)]


def _expanded(dim: Dim, sizes: list[int]) -> list[Dim] | None:
    """One dimension as several: the inner ones stay whole, so they have to divide it."""
    inner = prod(sizes[1:])
    size, offset, whole = dim
    if offset % inner or whole % inner:
        return None
    return [(sizes[0], offset // inner, whole // inner), *((s, 0, s) for s in sizes[1:])]


def _divided(dims: list[Dim], wholes: list[int]) -> list[Dim] | None:
    """As `_regrouped`, where the sizes of the whole are known: dims are (whole, offset, size)."""
    if all(size == whole for whole, _, size in dims):
        return [(whole, 0, whole) for whole in wholes]
    if len(wholes) == 1:
        joined = _collapsed([(size, offset, whole) for whole, offset, size in dims])
        return joined and [(whole, offset, size) for size, offset, whole in joined]
    if len(dims) > 1:
        return None
    inner = prod(wholes[1:])
    _, offset, size = dims[0]
    if offset % inner or size % inner:
        return None
    return [(wholes[0], offset // inner, size // inner), *((w, 0, w) for w in wholes[1:])]
