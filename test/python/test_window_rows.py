"""Windows over images that walk their rows upwards, against numpy."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx_models import model

import aicc

RANDOM = np.random.default_rng(11)
# rows, columns, channels; stride and dilation of rows; padding above, below. All exceed the cache.
CASES = [
    ((131, 45, 144), 1, 1, (1, 1)),
    ((130, 45, 131), 1, 2, (2, 0)),
    ((199, 37, 160), 2, 1, (0, 1)),
    ((97, 60, 200), 3, 2, (3, 2)),
    ((128, 64, 160), 1, 1, (1, 1)),
]


def numbers(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


def depthwise(x: Any, w: Any, stride: int, dilation: int, pads: tuple[int, int]) -> Any:
    """[N, C, H, W] by [C, 1, 3, 3], one column of padding on either side."""
    padded = np.pad(x, [(0, 0), (0, 0), pads, (1, 1)])
    rows = (padded.shape[2] - 2 * dilation - 1) // stride + 1
    total = np.zeros((*x.shape[:2], rows, x.shape[3]), np.float32)
    for i, j in product(range(3), range(3)):
        first = i * dilation
        taken = padded[:, :, first : first + stride * (rows - 1) + 1 : stride, j : j + x.shape[3]]
        total += taken * w[:, :, i, j][None, :, :, None]
    return total


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(("images", "threads"), [(1, 1), (2, 1), (1, 2)])
def test_chain(case: Any, images: int, threads: int) -> None:
    """Two equal layers, of which the second walks the other way, and one of another shape.

    Threads that share the rows all walk downwards.
    """
    (height, width, channels), stride, dilation, pads = case
    same = {"pads": [1, 1, 1, 1], "group": channels}
    last = {"strides": [stride, 1], "dilations": [dilation, 1], "group": channels}
    nodes = [
        helper.make_node("Conv", ["x", "u"], ["a"], **same),
        helper.make_node("Conv", ["a", "v"], ["b"], **same),
        helper.make_node("Conv", ["b", "w"], ["c"], **last, pads=[pads[0], 1, pads[1], 1]),
        helper.make_node("Relu", ["c"], ["y"]),
    ]
    weights = {name: numbers(channels, 1, 3, 3) for name in "uvw"}
    shape = [images, channels, height, width]
    proto = model(nodes, {"x": shape}, ["y"], weights)
    x = numbers(*shape)
    executable = aicc.compile(proto, threads=threads)
    assert ("reverse = true" in executable.ir("schedule")) == (threads == 1)
    got = executable.run({"x": x})["y"]
    a = depthwise(x, weights["u"], 1, 1, (1, 1))
    b = depthwise(a, weights["v"], 1, 1, (1, 1))
    want = np.maximum(depthwise(b, weights["w"], stride, dilation, pads), 0)
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4)
