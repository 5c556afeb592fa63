"""Transposed convolutions as convolutions: kernels, strides, pads and ranks against the op."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from graph_programs import normal, run

from aicc.dialects.graph.linear import ConvTranspose

# spatial sizes, kernel, strides, pads, output padding
SHAPES = [
    ([4, 5], [2, 2], [2, 2], [0, 0, 0, 0], [0, 0]),
    ([4, 5], [3, 3], [2, 2], [1, 1, 1, 1], [1, 1]),
    ([4, 3], [4, 4], [2, 2], [1, 1, 1, 1], [0, 0]),
    ([3, 3], [5, 4], [3, 2], [2, 1, 1, 0], [0, 1]),
    ([5, 4], [3, 2], [1, 2], [1, 0, 0, 0], [0, 0]),
    ([1, 1], [4, 4], [1, 1], [0, 0, 0, 0], [0, 0]),
    ([6, 2], [4, 3], [4, 2], [3, 0, 1, 1], [0, 0]),
    ([7], [4], [2], [1, 1], [0]),
    ([2, 3, 2], [2, 2, 2], [2, 1, 2], [0, 1, 0, 0, 0, 0], [0, 0, 0]),
]


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize(("size", "kernel", "strides", "pads", "output_padding"), SHAPES)
def test_both_forms_agree(
    size: list[int],
    kernel: list[int],
    strides: list[int],
    pads: list[int],
    output_padding: list[int],
    with_bias: bool,
) -> None:
    arrays = {"x": normal([2, 3, *size], seed=1), "w": normal([3, 4, *kernel], seed=2)}
    if with_bias:
        arrays["b"] = normal([4], seed=3)
    weights = [name for name in arrays if name != "x"]

    def body(x: Any, w: Any, *bias: Any) -> Any:
        dilations = [1] * len(size)
        attrs = {"strides": strides, "pads": pads, "dilations": dilations}
        return ConvTranspose.build(x, w, *bias, output_padding=output_padding, **attrs)

    before, _ = run(body, arrays, weights=weights)
    after, statistics = run(body, arrays, ["replace-ops"], weights=weights)
    assert statistics.applied["replace-ops", "conv-transpose-as-conv"] == 1
    np.testing.assert_allclose(after[0], before[0], rtol=1e-5, atol=1e-5)
