"""How to round x / s to whole numbers by multiplications, for a divisor known in advance.

A division takes as long as thirty additions. What is rounded afterwards needs no exact quotient,
only one on the right side of every half: where the product with the reciprocal, or with the
reciprocal in two parts, rounds as the quotient does at all floats around the halves in range, it
does so everywhere, because away from them an error of a few last bits changes nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

# Far more than the error of either product, in units of the last place.
NEIGHBOURS = 8
# Halves up to this number are tried; beyond, the check would take longer than it is worth.
MOST_STEPS = 1024
SMALLEST, LARGEST = 1e-25, 1e25


@lru_cache(maxsize=4096)
def reciprocal_parts(scale: float, low: int, high: int) -> tuple[float, ...]:
    """Parts of 1 / scale whose products with x, added up, round as x / scale to [low, high].

    () if a division is needed, (1.0,) for a scale of 1. With two parts, the product with the second
    is rounded and added to the exact product with the first (a fused multiply-add).
    """
    if scale == 1:
        return (1.0,)
    if not SMALLEST < scale < LARGEST or high - low > MOST_STEPS:
        return ()
    first = np.float32(1 / np.float64(scale))
    second = np.float32(1 / np.longdouble(scale) - np.longdouble(first))
    x = _around_halves(np.float32(scale), low, high)
    expected = np.round(x / np.float32(scale))
    # exact as well: what rounds the product may be fused with it
    products = (x * first, x.astype(np.float64) * np.float64(first))
    if all(np.array_equal(np.round(product), expected) for product in products):
        return (float(first),)
    if np.array_equal(np.round(_fma(x, first, x * second)), expected):
        return (float(first), float(second))
    return ()


def _around_halves(scale: Any, low: int, high: int) -> Any:
    """The floats closest to scale times each half that lies in the range."""
    centres = ((np.arange(low, high) + 0.5) * np.float64(scale)).astype(np.float32)
    steps = np.arange(-NEIGHBOURS, NEIGHBOURS + 1) * np.spacing(centres)[:, None]
    return (centres[:, None] + steps).astype(np.float32)


def _fma(x: Any, y: Any, z: Any) -> Any:
    """x * y + z in float32, rounded once: the sum in float64 is rounded to odd first."""
    product, addend = x.astype(np.float64) * np.float64(y), z.astype(np.float64)
    total = product + addend
    part = total - product
    error = (product - (total - part)) + (addend - part)
    is_even = total.view(np.int64) & 1 == 0
    towards = np.where(error > 0, np.inf, -np.inf)
    total = np.where((error != 0) & is_even, np.nextafter(total, towards), total)
    return total.astype(np.float32)
