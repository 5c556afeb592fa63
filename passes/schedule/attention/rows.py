"""The softmax of rows of scores that are in the cache, two rows at a time.

A row is a chain: its maximum, the exponentials, their sum. Two of them fill the gaps of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc.passes.schedule.math.exp import EXP, LN2_HIGH, LN2_LOW, LOG2_E, ROUNDER

from .writer import Index, Writer

# Vectors in flight: the exponential is a chain of some twenty dependent operations.
STRIP = 4
# Where a maximum starts: finite, so that rows that are -inf throughout give exp(-inf) = 0.
LOWEST = -3.4028234663852886e38
# exp of less is no normal number: 126 ln 2, rounded towards 0.
LEAST = -87.3365402
# first column, vectors of the strip, what is carried for each row -> the same, updated
Step = Callable[[Index, int, list[list[Any]]], list[list[Any]]]


def row_maxima(w: Writer, scores: Any, rows: Sequence[Index], vectors: int) -> list[Any]:
    """The largest score of each row, as scalars; never below LOWEST."""

    def step(column: Index, width: int, best: list[list[Any]]) -> list[list[Any]]:
        fresh = [[_at(w, scores, row, column, i) for i in range(width)] for row in rows]
        return [
            [w.larger(x, b) for x, b in zip(new, old, strict=False)] + old[width:]
            for new, old in zip(fresh, best, strict=True)
        ]

    best = _strips(w, vectors, len(rows), LOWEST, step)
    return [w.reduced("maxnumf", _folded(part, w.larger)) for part in best]


def exponentials(
    w: Writer, scores: Any, rows: Sequence[Index], vectors: int, maxima: Sequence[Any]
) -> list[Any]:
    """Replace the scores of each row by exp(score - maximum); their sums, as scalars."""
    shifts = [w.spread(maximum) for maximum in maxima]

    def step(column: Index, width: int, sums: list[list[Any]]) -> list[list[Any]]:
        result = [list(part) for part in sums]
        for i in range(width):
            for r, row in enumerate(rows):
                score = _at(w, scores, row, column, i)
                power = exponential(w, w.arith.subf(score, shifts[r]))
                w.store(power, scores, [row, w.add(column, i * w.lanes)])
                result[r][i] = w.arith.addf(sums[r][i], power)
        return result

    sums = _strips(w, vectors, len(rows), 0.0, step)
    return [w.reduced("add", _folded(part, w.arith.addf)) for part in sums]


def exponential(w: Writer, x: Any) -> Any:
    """exp(x) of a vector for x <= 0: 0 below the normal numbers, NaN of NaN.

    The polynomial is that of `math/exp.py`. Results that are no normal numbers are not worth their
    price here, where -inf marks every key that is not seen.
    """
    bound = w.splat(LEAST)
    bounded = w.larger(bound, x)
    shifted = w.fma(bounded, w.splat(LOG2_E), w.splat(ROUNDER))
    n = w.arith.subf(shifted, w.splat(ROUNDER))
    r = w.fma(n, w.splat(-LN2_LOW), w.fma(n, w.splat(-LN2_HIGH), bounded))
    power = w.splat(EXP[-1])
    for coefficient in reversed(EXP[:-1]):
        power = w.fma(power, r, w.splat(coefficient))
    exponent = w.shifted_left(w.bits(shifted), 23)
    result = w.from_bits(w.arith.addi(w.bits(power), exponent))
    is_tiny = w.arith.cmpf(w.arith.CmpFPredicate.OLT, x, bound)
    return w.arith.select(is_tiny, w.splat(0.0), result)


def _at(w: Writer, scores: Any, row: Index, column: Index, vector: int) -> Any:
    return w.load(scores, [row, w.add(column, vector * w.lanes)])


def _folded(parts: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
    """All vectors combined in pairs."""
    while len(parts) > 1:
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [combine(a, b) for a, b in pairs] + ([parts[-1]] if len(parts) % 2 else [])
    return parts[0]


def _strips(w: Writer, vectors: int, rows: int, start: float, step: Step) -> list[list[Any]]:
    """`step` over strips of the rows, then over what is left; a few vectors are carried per row."""
    width = max(1, STRIP // rows)
    count, whole = min(width, vectors), vectors // width * width

    def parts(flat: list[Any]) -> list[list[Any]]:
        return [flat[r * count : (r + 1) * count] for r in range(rows)]

    def strip(column: Index, carried: list[Any]) -> list[Any]:
        return [v for part in step(column, width, parts(carried)) for v in part]

    carried = [w.splat(start)] * (rows * count)
    held = parts(w.loop(0, whole * w.lanes, width * w.lanes, carried, strip))
    return step(whole * w.lanes, vectors - whole, held) if vectors > whole else held
