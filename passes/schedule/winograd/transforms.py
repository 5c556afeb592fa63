"""The transforms of Winograd's convolution on vectors, a channel per lane.

The matrices are those of `aicc.dialects.graph.winograd`; a pair of points +-p shares its even and
its odd part, which makes a transform of six elements twelve operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aicc.dialects.graph.winograd import POINTS

from .writer import TileWriter

Transform = Callable[[list[Any]], list[Any]]


def input_rows(w: TileWriter, tile: int, load: Callable[[int, int], Any]) -> Iterator[list[Any]]:
    """B^T d B row by row; load(row, column) is a vector of d."""
    transform = _input_two if tile == 2 else _input_four
    return _twice(lambda d: transform(w, d), tile + 2, load)


def output_rows(w: TileWriter, tile: int, load: Callable[[int, int], Any]) -> Iterator[list[Any]]:
    """A^T m A row by row; load(row, column) is a vector of m."""
    transform = _output_two if tile == 2 else _output_four
    return _twice(lambda m: transform(w, m), tile + 2, load)


def _twice(transform: Transform, size: int, load: Callable[[int, int], Any]) -> Iterator[list[Any]]:
    """The transform of every column, then of every row of what that gives."""
    columns = [transform([load(y, x) for y in range(size)]) for x in range(size)]
    for row in range(len(columns[0])):
        yield transform([column[row] for column in columns])


def _input_two(w: TileWriter, d: list[Any]) -> list[Any]:
    sub, add = w.arith.subf, w.arith.addf
    return [sub(d[2], d[0]), add(d[1], d[2]), sub(d[2], d[1]), sub(d[3], d[1])]


def _input_four(w: TileWriter, d: list[Any]) -> list[Any]:
    p, q = POINTS[4]
    p2, q2 = p * p, q * q

    def outer(first: int) -> Any:
        inner = w.fma(d[first + 2], w.splat(-(p2 + q2)), d[first + 4])
        return w.fma(d[first], w.splat(p2 * q2), inner)

    def pair(point: float, other: float) -> list[Any]:
        even = w.fma(d[2], w.splat(-other), d[4])
        odd = w.fma(d[1], w.splat(-other), d[3])
        return [w.fma(odd, w.splat(x), even) for x in (point, -point)]

    return [outer(0), *pair(p, q2), *pair(q, p2), outer(1)]


def _output_two(w: TileWriter, m: list[Any]) -> list[Any]:
    sub, add = w.arith.subf, w.arith.addf
    return [add(m[0], add(m[1], m[2])), add(sub(m[1], m[2]), m[3])]


def _output_four(w: TileWriter, m: list[Any]) -> list[Any]:
    p, q = POINTS[4]
    sums = [w.arith.addf(m[i], m[i + 1]) for i in (1, 3)]
    differences = [w.arith.subf(m[i], m[i + 1]) for i in (1, 3)]

    def power(k: int) -> Any:
        first, second = differences if k % 2 else sums
        start = w.arith.mulf(first, w.splat(p**k)) if k < 3 else w.fma(first, w.splat(p**k), m[5])
        return w.fma(second, w.splat(q**k), start)

    return [w.arith.addf(m[0], w.arith.addf(*sums)), power(1), power(2), power(3)]
