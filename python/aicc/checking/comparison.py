"""How two tensors differ, and how much they may.

Elements a (aicc) and b (reference) agree if |a - b| <= rtol * |b| + atol * max|b|: the second term
allows for cancellation inside sums, whose error goes with the size of the summands. NaN agrees with
NaN, an infinity with itself. Integers and bools must be equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

# (rtol, atol): about 2^10 units in the last place relative, and 2^7 of the largest element.
TOLERANCES = {
    "float64": (1e-9, 1e-10),
    "float32": (1e-3, 2e-5),
    "float16": (1e-2, 2e-3),
    "bfloat16": (5e-2, 1e-2),
}


@dataclass(frozen=True)
class Difference:
    """Of one tensor: `worst` is the largest |a - b| over what is allowed; above 1 they differ."""

    name: str
    shape: tuple[int, ...]
    max_abs: float
    max_rel: float
    worst: float
    wrong: int
    reason: str = ""

    @property
    def agrees(self) -> bool:
        """True if every element is within its tolerance."""
        return not self.reason and self.wrong == 0


def compare(
    name: str, got: Any, expected: Any, tolerance: tuple[float, float] | None = None
) -> Difference:
    """Compare an array with the reference's."""
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape or got.dtype != expected.dtype:
        words = f"{got.dtype}{list(got.shape)} instead of {expected.dtype}{list(expected.shape)}"
        return Difference(name, got.shape, np.inf, np.inf, np.inf, got.size, words)
    if expected.dtype.name not in TOLERANCES and expected.dtype.kind not in "fcV":
        return _exact(name, got, expected)
    rtol, atol = tolerance or TOLERANCES.get(expected.dtype.name, (1e-1, 1e-1))
    return _close(name, _wide(got), _wide(expected), rtol, atol)


def _wide(array: Any) -> Any:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _exact(name: str, got: Any, expected: Any) -> Difference:
    wrong = int(np.count_nonzero(got != expected))
    gap = 0.0
    if wrong and expected.dtype.kind in "iu":
        gap = float(np.max(np.abs(got.astype(np.float64) - expected.astype(np.float64))))
    return Difference(name, got.shape, gap, gap, float(wrong > 0) * np.inf if wrong else 0.0, wrong)


def _close(name: str, got: Any, expected: Any, rtol: float, atol: float) -> Difference:
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    finite = np.isfinite(expected)
    size = np.abs(expected[finite])
    scale = float(size.max(initial=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.where(same, 0.0, np.abs(got - expected))
        gap = np.where(np.isnan(gap), np.inf, gap)
        allowed = rtol * np.abs(np.where(finite, expected, 0)) + atol * scale
        share = np.where(same, 0.0, gap / np.maximum(allowed, np.finfo(np.float64).tiny))
        relative = np.where(same, 0.0, gap / np.maximum(np.abs(expected), 1e-300))
    return Difference(
        name,
        got.shape,
        float(gap.max(initial=0.0)),
        float(np.nan_to_num(relative, nan=np.inf).max(initial=0.0)),
        float(np.nan_to_num(share, nan=np.inf).max(initial=0.0)),
        int(np.count_nonzero(~(share <= 1.0))),
    )
