"""The softmax of rows of scores that are in the cache, two rows at a time.

A row is a chain: its maximum, the exponentials, their sum. Two of them fill the gaps of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc.passes.schedule.math.exp import EXP2, LOG2_E, ROUNDER
from aicc.passes.schedule.microkernels.writer import Index, Writer

# Vectors in flight: the exponential is a chain of some fifteen dependent operations.
STRIP = 4
# Where a maximum starts: finite, so that rows that are -inf throughout give exp(-inf) = 0.
LOWEST = -3.4028234663852886e38
# exp of this and of less counts as 0: 127 ln 2, where the exponent of the power of two runs out.
LEAST = -88.0296919
BIAS = 127.0
# first column, vectors of the strip, what is carried for each row -> the same, updated
Step = Callable[[Index, int, list[list[Any]]], list[list[Any]]]


def row_maxima(w: Writer, scores: Any, rows: Sequence[Index], columns: Index) -> list[Any]:
    """The largest of the first `columns` scores of each row, as scalars; never below LOWEST."""

    def step(column: Index, width: int, best: list[list[Any]]) -> list[list[Any]]:
        fresh = [[_at(w, scores, row, column, i) for i in range(width)] for row in rows]
        return [
            [w.larger(x, b) for x, b in zip(new, old, strict=False)] + old[width:]
            for new, old in zip(fresh, best, strict=True)
        ]

    best = _strips(w, columns, len(rows), LOWEST, step)
    return [w.reduced(_folded(part, w.larger), w.larger) for part in best]


def exponentials(
    w: Writer, scores: Any, rows: Sequence[Index], columns: Index, maxima: Sequence[Any]
) -> list[Any]:
    """Replace the scores of each row by exp(score - maximum); their sums, as scalars."""
    shifts = [w.spread(maximum) for maximum in maxima]

    def step(column: Index, width: int, sums: list[list[Any]]) -> list[list[Any]]:
        places = [(r, i) for i in range(width) for r in range(len(rows))]
        shifted = [w.arith.subf(_at(w, scores, rows[r], column, i), shifts[r]) for r, i in places]
        result = [list(part) for part in sums]
        for (r, i), power in zip(places, exponential(w, shifted), strict=True):
            w.store(power, scores, [rows[r], w.add(column, i * w.lanes)])
            result[r][i] = w.arith.addf(sums[r][i], power)
        return result

    sums = _strips(w, columns, len(rows), 0.0, step)
    return [w.reduced(_folded(part, w.arith.addf), w.arith.addf) for part in sums]


def exponential(w: Writer, numbers: Sequence[Any]) -> list[Any]:
    """exp of vectors that are <= 0: 0 below the normal numbers, NaN of NaN.

    The polynomial is that of `exp2` in `math/exp.py`. x log2(e) is rounded once and not in two
    parts: what this costs in accuracy grows with |x|, where the result is small beside the row's
    largest, which is 1. At LEAST the biased exponent is 0, so that the power of two is.

    The vectors advance side by side: each is a chain of dependent operations, and a processor looks
    only some ninety operations ahead.
    """
    log2e, rounder = w.splat(LOG2_E), w.splat(ROUNDER + BIAS)
    bounded = [w.larger(w.splat(LEAST), x) for x in numbers]
    shifted = [w.fma(x, log2e, rounder) for x in bounded]
    whole = [w.arith.subf(s, rounder) for s in shifted]
    fractions = [w.fma(x, log2e, w.arith.negf(n)) for x, n in zip(bounded, whole, strict=True)]
    powers = [w.splat(EXP2[-1])] * len(fractions)
    for coefficient in reversed(EXP2[:-1]):
        constant = w.splat(coefficient)
        powers = [w.fma(p, r, constant) for p, r in zip(powers, fractions, strict=True)]
    twos = [w.from_bits(w.shifted_left(w.bits(s), 23)) for s in shifted]
    return [w.arith.mulf(p, two) for p, two in zip(powers, twos, strict=True)]


def _at(w: Writer, scores: Any, row: Index, column: Index, vector: int) -> Any:
    return w.load(scores, [row, w.add(column, vector * w.lanes)])


def _folded(parts: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
    """All vectors combined in pairs."""
    while len(parts) > 1:
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [combine(a, b) for a, b in pairs] + ([parts[-1]] if len(parts) % 2 else [])
    return parts[0]


def _strips(w: Writer, columns: Index, rows: int, start: float, step: Step) -> list[list[Any]]:
    """`step` over strips of the rows, then over what is left; a few vectors are carried per row.

    `columns` are whole vectors; where their number is not known, a strip is one vector.
    """
    width = max(1, STRIP // rows) if isinstance(columns, int) else 1
    vectors = columns // w.lanes if isinstance(columns, int) else width
    count, whole = min(width, vectors), vectors // width * width

    def parts(flat: list[Any]) -> list[list[Any]]:
        return [flat[r * count : (r + 1) * count] for r in range(rows)]

    def strip(column: Index, carried: list[Any]) -> list[Any]:
        return [v for part in step(column, width, parts(carried)) for v in part]

    carried = [w.splat(start)] * (rows * count)
    end = whole * w.lanes if isinstance(columns, int) else columns
    held = parts(w.loop(0, end, width * w.lanes, carried, strip))
    return step(whole * w.lanes, vectors - whole, held) if vectors > whole else held
