"""The runtime's rounding to 16-bit floats, which code for older processors calls."""

from __future__ import annotations

import ctypes
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from aicc.runtime import library

# results near the limits of float16, and halfway between two numbers of it
EDGES = [0.0, -0.0, np.inf, -np.inf, 65504.0, 65519.9, 65520.0, 6.1e-5, 5.96e-8, 2.0**-25]
EDGES += [2.9802322387695319e-08, -1.0009765625, 2049.0, 2051.0, 1e300, 5e-324, 3.4e38]


def samples() -> np.ndarray[Any, Any]:
    random = np.random.default_rng(0)
    patterns = random.integers(0, 2**64, 3000, dtype=np.uint64).view(np.float64)
    scaled = random.standard_normal(3000) * 10.0 ** random.integers(-9, 6, 3000)
    found = np.concatenate([patterns, scaled, EDGES])
    return found[~np.isnan(found)]


def converted(name: str, kind: Any, values: np.ndarray[Any, Any]) -> list[int]:
    """The low half of the register that the result is returned in."""
    function = ctypes.CFUNCTYPE(ctypes.c_float, kind)(library.symbols()[name])
    return [int(np.float32(function(v)).view(np.uint32)) & 0xFFFF for v in values.tolist()]


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize(
    "name, kind, source, result",
    [
        ("__truncdfhf2", ctypes.c_double, np.float64, np.float16),
        ("__truncsfhf2", ctypes.c_float, np.float32, np.float16),
        ("__truncsfbf2", ctypes.c_float, np.float32, ml_dtypes.bfloat16),
    ],
)
def test_rounds_to_the_nearest(name: str, kind: Any, source: Any, result: Any) -> None:
    values = samples().astype(source)
    expected = values.astype(result).view(np.uint16)
    assert converted(name, kind, values) == expected.tolist()
    assert converted(name, kind, np.array([np.nan])) in ([0x7E00], [0x7FC0])


def test_double_is_rounded_to_bfloat16_once() -> None:
    # 1 + 2^-8 lies halfway, and what is added is lost in float32
    values = np.array([1 + 2**-8, 1 + 2**-8 + 2**-40, 1 + 3 * 2**-8 - 2**-40, 1e39, -1e-50])
    expected = [0x3F80, 0x3F81, 0x3F81, 0x7F80, 0x8000]
    assert converted("__truncdfbf2", ctypes.c_double, values) == expected
