"""Fourier transforms of many lengths against numpy's in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_node import run_node

RANDOM = np.random.default_rng(2)


def complex_of(pairs: Any) -> Any:
    return pairs[..., 0].astype(np.complex128) + 1j * pairs[..., 1]


def check(actual: Any, expected: Any, precision: float) -> None:
    assert actual.shape == (*expected.shape, 2)
    scale = np.abs(expected).max(initial=1e-30)
    assert np.abs(complex_of(actual) - expected).max(initial=0) <= precision * scale


@pytest.mark.parametrize("length", [1, 2, 3, 4, 6, 7, 10, 12, 13, 16, 17, 30, 77, 96])
@pytest.mark.parametrize("inverse", [0, 1])
def test_complex(length: int, inverse: int) -> None:
    x = RANDOM.standard_normal((3, length, 2)).astype(np.float32)
    (y,) = run_node("DFT", [x], domain="", axis=1, inverse=inverse)
    transform = np.fft.ifft if inverse else np.fft.fft
    check(y, transform(complex_of(x), axis=1), 1e-6)


@pytest.mark.parametrize("length", [5, 37, 64, 120])
@pytest.mark.parametrize("onesided", [0, 1])
def test_real(length: int, onesided: int) -> None:
    x = RANDOM.standard_normal((2, length, 3, 1))
    (y,) = run_node("DFT", [x], domain="", axis=1, onesided=onesided)
    transform = np.fft.rfft if onesided else np.fft.fft
    check(y, transform(x[..., 0], axis=1), 1e-14)


@pytest.mark.parametrize("size", [12, 80])
def test_frames(size: int) -> None:
    x, window = RANDOM.standard_normal((2, 200, 1)).astype(np.float32), np.hanning(size)
    hop, window = np.array(10), window.astype(np.float32)
    (y,) = run_node("STFT", [x, hop, window], domain="", onesided=1)
    starts = range(0, 200 - size + 1, 10)
    frames = np.stack([x[:, s : s + size, 0] for s in starts], axis=1) * window
    check(y, np.fft.rfft(frames.astype(np.float64), axis=2), 1e-6)
