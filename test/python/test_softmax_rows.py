"""Softmax and its logarithm over rows of every kind of length, with infinities and NaN in them."""

from __future__ import annotations

import numpy as np
import pytest
from one_node import feeds_of, node_model

import aicc

SHAPES = [(3, 1), (5, 7), (4, 16), (7, 17), (4, 63), (9, 65), (4, 129), (5, 197), (4, 1000)]


def rows(shape: tuple[int, int]) -> np.ndarray:
    """Random rows; the first four hold -inf, NaN, inf, and nothing but -inf."""
    count, width = shape
    x = (np.random.default_rng(width).standard_normal(shape) * 10).astype(np.float32)
    x[0, 0] = -np.inf
    x[1, width // 2] = np.nan
    x[2, -1] = np.inf
    if count > 3:
        x[3] = -np.inf
    return x


def expected(operator: str, x: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        shifted = x.astype(np.float64) - x.max(axis=1, keepdims=True)
        total = np.exp(shifted).sum(axis=1, keepdims=True)
        return shifted - np.log(total) if operator == "LogSoftmax" else np.exp(shifted) / total


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("operator", ["Softmax", "LogSoftmax"])
def test_rows(operator: str, shape: tuple[int, int], strict: bool) -> None:
    x = rows(shape)
    model = node_model(operator, [x], domain="", axis=-1)
    y = aicc.compile(model, threads=1, strict_fp=strict).run(feeds_of([x]))["y0"]
    np.testing.assert_allclose(y, expected(operator, x), rtol=2e-5, atol=2e-6)
