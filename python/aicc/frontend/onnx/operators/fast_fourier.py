"""Fourier transforms of a length with small factors, one pass over the data per factor.

The algorithm is Cooley and Tukey's without reordering (Stockham): a pass for the factor p reads the
data as [done, p, rest], transforms along p, turns each result by a root of unity and writes
[p, done, rest]. A complex tensor is a pair of real ones, real and imaginary part.
"""

from __future__ import annotations

from functools import reduce
from math import pi
from typing import Any

import numpy as np

from aicc.dialects.graph.movement import Concat, Reshape
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_count

from ..node import Node
from .arithmetic import add, mul, sub
from .indexing import take_range

Complex = tuple[Any, Any]
LARGEST_FACTOR = 13


def factors_of(length: int) -> list[int] | None:
    """Fours, at most one two (it goes first), odd primes; None if one of these is large."""
    factors = []
    while length % 4 == 0:
        factors.append(4)
        length //= 4
    if length % 2 == 0:
        factors.insert(0, 2)
        length //= 2
    for prime in range(3, LARGEST_FACTOR + 1, 2):
        while length % prime == 0:
            factors.append(prime)
            length //= prime
    return factors if length == 1 else None


def transformed(n: Node, x: Complex, factors: list[int], sign: int) -> Complex:
    """sum over m of x[.., m] exp(sign 2 pi i k m / length) for every k, not scaled."""
    *outer, length = x[0].type.shape
    rows, done = element_count(outer), 1
    for p in factors:
        rest = length // done // p
        split = _each(n, x, lambda t, s: n.emit(Reshape, t, shape=s), [rows, done, p, rest])
        parts = [_part(n, split, i) for i in range(p)]
        results = _PASSES.get(p, _odd)(n, parts, sign)
        turned = [results[0]]
        for u in range(1, p):
            turned.append(_turned(n, results[u], u, (done, rest, length), sign))
        x = (
            n.emit(Concat, [t[0] for t in turned], axis=1),
            n.emit(Concat, [t[1] for t in turned], axis=1),
        )
        done *= p
    return _each(n, x, lambda t, s: n.emit(Reshape, t, shape=s), [*outer, length])


def _each(n: Node, x: Complex, operation: Any, *rest: Any) -> Complex:
    return operation(x[0], *rest), operation(x[1], *rest)


def _part(n: Node, x: Complex, index: int) -> Complex:
    """[rows, 1, done, rest]: one of the p elements."""
    rows, done, _, rest = x[0].type.shape
    return _each(
        n,
        x,
        lambda t: n.emit(Reshape, take_range(n, t, 2, index, 1), shape=[rows, 1, done, rest]),
    )


def _sum(n: Node, x: Complex, y: Complex) -> Complex:
    return add(n, x[0], y[0]), add(n, x[1], y[1])


def _difference(n: Node, x: Complex, y: Complex) -> Complex:
    return sub(n, x[0], y[0]), sub(n, x[1], y[1])


def _turned(n: Node, x: Complex, u: int, sizes: tuple[int, int, int], sign: int) -> Complex:
    """Times exp(sign 2 pi i u done r / length) at r = 0 .. rest - 1."""
    done, rest, length = sizes
    if rest == 1:
        return x
    angle = sign * 2 * pi * u * done * np.arange(rest) / length
    dtype = numpy_dtype(dtype_of(x[0].type.element_type))
    cos, sin = (n.constant(f(angle).astype(dtype)) for f in (np.cos, np.sin))
    real = sub(n, mul(n, x[0], cos), mul(n, x[1], sin))
    return real, add(n, mul(n, x[0], sin), mul(n, x[1], cos))


def _two(n: Node, x: list[Complex], sign: int) -> list[Complex]:
    return [_sum(n, x[0], x[1]), _difference(n, x[0], x[1])]


def _four(n: Node, x: list[Complex], sign: int) -> list[Complex]:
    """No products: a turn by a quarter exchanges the parts."""
    even, odd = _two(n, [x[0], x[2]], sign), _two(n, [x[1], x[3]], sign)
    real, imaginary = odd[1]
    high = _sum(n, even[0], odd[0]), _difference(n, even[0], odd[0])
    # times sign * i
    plus = sub(n, even[1][0], imaginary), add(n, even[1][1], real)
    minus = add(n, even[1][0], imaginary), sub(n, even[1][1], real)
    first, third = (plus, minus) if sign > 0 else (minus, plus)
    return [high[0], first, high[1], third]


def _odd(n: Node, x: list[Complex], sign: int) -> list[Complex]:
    """Elements j and p - j share their products: their sum with cosines, difference with sines."""
    p = len(x)
    half = range(1, (p + 1) // 2)
    sums = [_sum(n, x[j], x[p - j]) for j in half]
    differences = [_difference(n, x[j], x[p - j]) for j in half]
    results = [reduce(lambda a, b: _sum(n, a, b), sums, x[0])] + [x[0]] * (p - 1)
    for u in half:
        cosines = [float(np.cos(2 * pi * (u * j % p) / p)) for j in half]
        sines = [sign * float(np.sin(2 * pi * (u * j % p) / p)) for j in half]
        even = tuple(_weighted(n, [t[i] for t in sums], cosines, x[0][i]) for i in (0, 1))
        odd = tuple(_weighted(n, [t[i] for t in differences], sines, None) for i in (0, 1))
        results[u] = sub(n, even[0], odd[1]), add(n, even[1], odd[0])
        results[p - u] = add(n, even[0], odd[1]), sub(n, even[1], odd[0])
    return results


def _weighted(n: Node, values: list[Any], weights: list[float], start: Any) -> Any:
    terms = [mul(n, v, w) for v, w in zip(values, weights, strict=True)]
    terms = terms if start is None else [start, *terms]
    return reduce(lambda a, b: add(n, a, b), terms)


_PASSES = {2: _two, 4: _four}
