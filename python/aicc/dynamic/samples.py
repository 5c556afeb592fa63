"""Other shapes of a model, for evidence of which constants hang on them.

A symbol is an open dimension. Sizes of one are special, because a dimension of one is broadcast, or
goes away: which symbols are one makes the corner that a shape is in. Corners differ in structure,
shapes in one corner in numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from aicc.frontend.onnx import TensorSpec

Sizes = Mapping[str, int]
Arrays = Mapping[str, np.ndarray[Any, Any]]
# With more symbols than this, corners are left to the run that comes to one.
MAX_SYMBOLS_OF_CORNERS = 2
USUAL_SIZE = 6  # of a symbol that is 1 in the shape given


def sizes_of(specs: Sequence[TensorSpec], arrays: Arrays) -> dict[str, int]:
    """The size of every symbol."""
    sizes: dict[str, int] = {}
    for spec in specs:
        for name, size in zip(
            _names(spec, arrays[spec.name].ndim), arrays[spec.name].shape, strict=True
        ):
            if name:
                sizes[name] = size
    return sizes


def resized(
    specs: Sequence[TensorSpec], arrays: Arrays, sizes: Sizes, kept: set[str]
) -> dict[str, np.ndarray[Any, Any]] | None:
    """Arrays that tell of other shapes; None if one of `kept`, whose values count, would change."""
    found = {}
    for spec in specs:
        array = arrays[spec.name]
        names = _names(spec, array.ndim)
        shape = tuple(sizes.get(n, s) if n else s for n, s in zip(names, array.shape, strict=True))
        if shape != array.shape:
            if spec.name in kept:
                return None
            array = np.broadcast_to(np.zeros((), array.dtype), shape)
        found[spec.name] = array
    return found


def _names(spec: TensorSpec, rank: int) -> list[str]:
    if spec.dims is None:
        return [f"{spec.name}.{i}" for i in range(rank)]
    return [d if isinstance(d, str) else "" for d in spec.dims]


def corners(sizes: Sizes) -> Iterator[dict[str, int]]:
    """A shape in each corner, that of `sizes` itself first."""
    names = [n for n, size in sizes.items() if size > 0]
    yield dict(sizes)
    if len(names) > MAX_SYMBOLS_OF_CORNERS:
        return
    for count in range(1, len(names) + 1):
        for flipped in itertools.combinations(names, count):
            yield {n: _flipped(size) if n in flipped else size for n, size in sizes.items()}


def _flipped(size: int) -> int:
    return USUAL_SIZE if size == 1 else 1


def together(sizes: Sizes) -> Iterator[dict[str, int]]:
    """Other shapes in the same corner: all symbols change, each in its own way."""
    free = free_symbols(sizes)
    for factor, offset in ((1, 3), (2, 5)):
        steps = {n: factor * sizes[n] + offset + 2 * i for i, n in free.items()}
        yield {**sizes, **steps}


def multiples(sizes: Sizes) -> Iterator[dict[str, int]]:
    """Other shapes in the same corner: all symbols change alike."""
    for factor in (2, 3):
        yield {**sizes, **{n: factor * sizes[n] for n in free_symbols(sizes).values()}}


def alone(sizes: Sizes) -> dict[str, list[int]]:
    """For each symbol other sizes in the same corner, for changing it alone."""
    return {
        name: list(dict.fromkeys((size + 3, 2 * size, 3 * size, size + 1, size + 2)))
        for name in free_symbols(sizes).values()
        for size in [sizes[name]]
    }


def free_symbols(sizes: Sizes) -> dict[int, str]:
    """The symbols that may change without leaving the corner."""
    return dict(enumerate(n for n, size in sizes.items() if size > 1))
