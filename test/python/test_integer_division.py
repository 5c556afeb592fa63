"""Integer division never traps: by 0, or the least integer by -1.

A trap kills the process, so each divisor stands beside many others and in ragged rows, where
vector code divides lanes that hold no element as well.
"""

from __future__ import annotations

import numpy as np
import pytest
from one_node import feeds_of, node_model

import aicc

SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
COUNT = 67


def operands(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Dividends and divisors: all pairs of the extremes, then random ones."""
    info = np.iinfo(kind)
    edges = sorted({info.min, info.min + 1, info.max, 0, 1, *([-1] if info.min else [])})
    pairs = [(x, y) for x in edges for y in edges]
    rng = np.random.default_rng(0)
    numbers = rng.integers(info.min, info.max, (COUNT - len(pairs), 2), kind)
    x, y = np.concatenate([np.array(pairs, kind), numbers]).T
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def run(operator: str, kind: str, level: int, **attributes: int) -> tuple[np.ndarray, ...]:
    """x, y and aicc's result."""
    x, y = operands(kind)
    model = node_model(operator, [x, y], domain="", **attributes)
    exe = aicc.compile(model, threads=1, opt_level=level)
    return x, y, exe.run(feeds_of([x, y]))["y0"]


def truncated(x: int, y: int, kind: str) -> int:
    """The quotient towards zero, wrapped into `kind`."""
    quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
    bits = np.iinfo(kind).bits
    wrapped = quotient & ((1 << bits) - 1)
    return wrapped - (1 << bits) if np.iinfo(kind).min and wrapped >> (bits - 1) else wrapped


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("kind", SIGNED + UNSIGNED)
def test_quotients_truncate_and_wrap(kind: str, level: int) -> None:
    x, y, result = run("Div", kind, level)
    wanted = [truncated(int(a), int(b), kind) if b else 0 for a, b in zip(x, y, strict=True)]
    np.testing.assert_array_equal(result, np.array(wanted, kind))


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("kind", SIGNED + UNSIGNED)
def test_remainders(kind: str, level: int) -> None:
    x, y, result = run("Mod", kind, level)
    wanted = [int(a) % int(b) if b else 0 for a, b in zip(x, y, strict=True)]
    np.testing.assert_array_equal(result, np.array(wanted, kind))


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("kind", SIGNED)
def test_remainders_with_the_sign_of_the_dividend(kind: str, level: int) -> None:
    x, y, result = run("Mod", kind, level, fmod=1)
    sign = np.where(x < 0, -1, 1)
    wanted = [abs(int(a)) % abs(int(b)) if b else 0 for a, b in zip(x, y, strict=True)]
    np.testing.assert_array_equal(result, (np.array(wanted, "int64") * sign).astype(kind))
