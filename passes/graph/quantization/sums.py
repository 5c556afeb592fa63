"""Sums of two dequantised tensors that are rounded again need no quotient.

    %1 = dequantize(%a) {scale = 0.3}                %1 = dequantize(%a) {scale = 0.6}
    %2 = dequantize(%b) {scale = 0.1}                %2 = dequantize(%b) {scale = 0.2}
    %3 = quantize(add(%1, %2)) {scale = 0.5}    ->   %3 = quantize(add(%1, %2)) {scale = 1.0}

Why: the quotient costs as much as the sum. Exact: two bytes make 65536 pairs. The new scales, or
numbers a few last bits beside them, must round every pair that comes near a half as the formula
does, however its products and sum are contracted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, Dequantize, Quantize

from ..dataflow import is_read_once, source_if
from ..patterns import Match, PatternSet
from ..redundancy.quantization import integer_limits

PATTERNS = PatternSet("fold-quantization")
# Last bits of a scale that are tried.
NEIGHBOURS = 6
# Far more than what rounding of floats moves a number of some hundreds.
NEAR = 2e-3
# Beyond, quotients of floats have too few bits for the argument.
MOST = 1 << 14

Range = tuple[int, int]


@PATTERNS.add("scale-of-sum", "graph.quantize")
def _scale_of_sum(op: Any, match: Match) -> Any:
    """quantize(add(dequantize(a), dequantize(b))) -> the same by scale 1."""
    total = source_if(op.operands[0], "graph.add")
    if total is None or op.opview.scale == 1 or not is_read_once(op.operands[0]):
        return None
    sources = [source_if(value, Dequantize.OPERATION_NAME) for value in total.operands]
    if any(source is None for source in sources):
        return None
    ranges = [_range_of(source) for source in sources]
    if any(most - least > 255 for least, most in ranges):
        return None
    scales = [source.opview.scale for source in sources]
    found = scales_by_one(scales[0], scales[1], op.opview.scale, ranges[0], ranges[1])
    if found is None:
        return match.refuse("a pair of bytes would be rounded otherwise")
    terms = [
        Dequantize.build(source.operands[0], scale=scale, zero=source.opview.zero)
        for source, scale in zip(sources, found, strict=True)
    ]
    attrs = op.opview.attr_values() | {"scale": 1.0}
    return Quantize.build(BINARY["add"].build(*terms), **attrs)


def _range_of(source: Any) -> Range:
    """The least and largest integer that is multiplied by the scale."""
    lowest, highest = integer_limits(source.operands[0].type.element_type)
    zero = source.opview.zero
    return int(lowest) - zero, int(highest) - zero


@lru_cache(maxsize=1024)
def scales_by_one(
    first: float, second: float, divisor: float, left: Range, right: Range
) -> tuple[float, float] | None:
    """Scales whose sum of products rounds as the sum by `first` and `second` over `divisor`."""
    x = np.arange(left[0], left[1] + 1, dtype=np.float32)[:, None]
    y = np.arange(right[0], right[1] + 1, dtype=np.float32)[None, :]
    a, b, c = (np.float32(scale) for scale in (first, second, divisor))
    quotient = (x * a + y * b) / c
    if not np.abs(quotient).max() < MOST:
        return None
    is_near = np.abs(quotient - np.floor(quotient) - np.float32(0.5)) < NEAR
    rows, columns = np.nonzero(is_near)
    x, y, expected = x[rows, 0], y[0, columns], np.round(quotient[is_near])
    pairs = itertools.product(_beside(first, divisor), _beside(second, divisor))
    nearest = sorted(pairs, key=lambda pair: abs(pair[0][0]) + abs(pair[1][0]))
    for (_, u), (_, v) in nearest:
        if all(np.array_equal(np.round(total), expected) for total in _totals(x, y, u, v)):
            return float(u), float(v)
    return None


def _beside(scale: float, divisor: float) -> list[tuple[int, Any]]:
    """(last bits away, number) of the floats around a quotient."""
    quotient = np.float32(np.float64(np.float32(scale)) / np.float64(np.float32(divisor)))
    steps = range(-NEIGHBOURS, NEIGHBOURS + 1)
    return [(n, np.float32(quotient + n * np.spacing(quotient))) for n in steps]


def _totals(x: Any, y: Any, u: Any, v: Any) -> Iterator[Any]:
    """The sum of both products: rounded one by one, or one of them kept whole."""
    left, right = x * u, y * v
    wide = np.float64
    yield left + right
    # the exact product of a float and a byte, and the sum of it and a float, fit a double
    yield (x.astype(wide) * wide(u) + right).astype(np.float32)
    yield (left + y.astype(wide) * wide(v)).astype(np.float32)
