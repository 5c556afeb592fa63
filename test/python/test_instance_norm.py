"""Instance normalisation, channels last: few and many channels, large means, thin images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from graph_programs import normal, run

from aicc.dialects.graph.reduction import InstanceNorm

SHAPES = [
    [1, 20, 24, 16],
    [2, 9, 30, 37],
    [1, 64, 3, 5],
    [3, 1, 40, 64],
    [1, 33, 130],
    [1, 6, 7, 8, 9],
]


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("mean", [0.0, 100.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_channels_last(shape: list[int], mean: float, level: int) -> None:
    x = normal(shape, seed=1) + np.float32(mean)
    scale, bias = normal(shape[-1:], seed=2), normal(shape[-1:], seed=3)

    def body(x: Any, s: Any, b: Any) -> Any:
        return InstanceNorm.build(x, s, b, epsilon=1e-5, layout="NHWC")

    (y,), _ = run(body, {"x": x, "s": scale, "b": bias}, level=level)
    axes, wide = tuple(range(1, x.ndim - 1)), x.astype(np.float64)
    apart = wide - wide.mean(axes, keepdims=True)
    expected = apart / np.sqrt((apart**2).mean(axes, keepdims=True) + 1e-5) * scale + bias
    np.testing.assert_allclose(y, expected, rtol=2e-5, atol=2e-5 * (1 + mean))
