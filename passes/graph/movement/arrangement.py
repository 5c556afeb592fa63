"""Which elements of a tensor stand where after a chain of data movement.

Reshapes, transposes, slices and broadcasts only rearrange. Each dimension is kept as the factors
that it is made of; a reshape splits and joins them, a transpose orders them, a slice narrows one,
a broadcast adds one.

    x [1, 96, 22, 22] -> reshape [48, 2, 484] -> transpose [2, 48, 484] -> first of dimension 0
    is  a(48) of x's dimension 1 at every second position, then b(22), c(22)

From that follows the shortest way to the same result: slice, transpose, broadcast, each at most
once (`rearrangement.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph.structure import cast_permutation
from aicc.dialects.graph.types import element_count


class NotFactored(Exception):
    """The op's effect cannot be told by factors: a reshape of 2 x 3 to 3 x 2, say."""


@dataclass(eq=False)
class Factor:
    """`size` positions from `start` on in steps of `step` of `extent`; or that many repetitions."""

    extent: int
    size: int
    start: int = 0
    step: int = 1
    repeats: bool = False

    @property
    def is_whole(self) -> bool:
        """True if no slice has touched it."""
        return (self.start, self.step, self.size) == (0, 1, self.extent)


class Arrangement:
    """The factors of a source's dimensions, and how they make up the present ones."""

    def __init__(self, shape: Sequence[int]) -> None:
        self.shape = list(shape)
        self.source = [[Factor(d, d)] if d != 1 else [] for d in shape]
        self.dims = [list(factors) for factors in self.source]

    def follow(self, op: Any) -> None:
        """Take the effect of one op; NotFactored where it has no such form."""
        view = op.opview
        if op.name == "graph.reshape":
            self._reshape(view.shape)
        elif op.name == "graph.transpose":
            self._permute(view.permutation)
        elif op.name == "graph.layout_cast":
            self._permute(cast_permutation(len(self.dims), view.target))
        elif op.name == "graph.slice":
            self._slice(view.starts, view.sizes, view.steps)
        else:
            self._expand(view.shape)

    def follow_chain(self, chain: Sequence[Any]) -> bool:
        """Take the effect of ops, the last of `chain` first; False where one has no such form."""
        try:
            for op in reversed(chain):
                self.follow(op)
        except NotFactored:
            return False
        return True

    def sizes(self) -> list[int]:
        """The present shape."""
        return [element_count([f.size for f in factors]) for factors in self.dims]

    def _permute(self, permutation: Sequence[int]) -> None:
        self.dims = [self.dims[p] for p in permutation]

    def _expand(self, shape: Sequence[int]) -> None:
        missing: list[list[Factor]] = [[] for _ in range(len(shape) - len(self.dims))]
        self.dims = [
            [Factor(d, d, repeats=True)] if not factors and d != 1 else factors
            for factors, d in zip(missing + self.dims, shape, strict=True)
        ]

    def _reshape(self, shape: Sequence[int]) -> None:
        rest = [f for factors in self.dims for f in factors]
        self.dims = [self._taken(rest, d) for d in shape]

    def _taken(self, rest: list[Factor], size: int) -> list[Factor]:
        """The outermost of the factors left, as many as make up `size`."""
        taken: list[Factor] = []
        while size != 1:
            factor = rest.pop(0)
            if not size or not factor.size:
                raise NotFactored
            if size % factor.size:
                factor, inner = self._split(factor, size)
                rest.insert(0, inner)
            taken.append(factor)
            size //= factor.size
        return taken

    def _split(self, factor: Factor, size: int) -> tuple[Factor, Factor]:
        if factor.size % size or not factor.is_whole:
            raise NotFactored
        inner = factor.size // size
        parts = (
            Factor(size, size, repeats=factor.repeats),
            Factor(inner, inner, repeats=factor.repeats),
        )
        for factors in self.source:
            if factor in factors:
                at = factors.index(factor)
                factors[at : at + 1] = parts
        return parts

    def _slice(self, starts: Sequence[int], sizes: Sequence[int], steps: Sequence[int]) -> None:
        for i, dim in enumerate(self.sizes()):
            if (starts[i], sizes[i]) != (0, dim) or (steps[i] != 1 and dim > 1):
                self.dims[i] = _narrowed(self.dims[i], starts[i], sizes[i], steps[i])


def _narrowed(factors: list[Factor], start: int, size: int, step: int) -> list[Factor]:
    """The factors of a dimension after a slice of it."""
    if size == 1:
        for factor in reversed(factors):
            start, digit = divmod(start, factor.size)
            _narrow(factor, digit, 1, 1)
        return []
    outer, *others = factors
    inner = element_count([f.size for f in others])
    if others and (step != 1 or start % inner or size % inner):
        raise NotFactored
    _narrow(outer, start // inner, size // inner, step)
    return factors if outer.size > 1 else others


def _narrow(factor: Factor, start: int, size: int, step: int) -> None:
    factor.start += start * factor.step
    factor.step *= step
    factor.size = size
