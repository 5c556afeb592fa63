"""Depthwise convolutions with the channels first, against onnx's reference evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc

RANDOM = np.random.default_rng(5)
# [N, C, H, W], kernel, strides, dilations, padding (above, left, below, right); filters of more
# than 64 elements, which are weights
CASES: list[tuple[list[int], list[int], list[int], list[int], list[int]]] = [
    ([1, 11, 20, 37], [3, 3], [1, 1], [1, 1], [1, 1, 1, 1]),
    ([2, 13, 19, 36], [3, 3], [2, 2], [1, 1], [1, 1, 1, 1]),
    ([1, 12, 21, 35], [3, 3], [2, 2], [1, 1], [0, 0, 1, 1]),
    ([1, 10, 9, 64], [5, 5], [1, 2], [1, 1], [2, 2, 2, 2]),
    ([1, 10, 30, 16], [3, 3], [1, 1], [1, 1], [1, 1, 1, 1]),
    ([1, 11, 24, 50], [3, 3], [3, 1], [2, 3], [2, 3, 2, 3]),
    ([1, 10, 23, 81], [3, 3], [1, 2], [1, 2], [1, 2, 1, 2]),
    ([1, 10, 1, 40], [1, 7], [1, 1], [1, 1], [0, 3, 0, 3]),
    ([1, 10, 40, 33], [7, 1], [2, 2], [1, 1], [3, 0, 3, 0]),
    ([1, 10, 6, 20], [3, 3], [1, 1], [1, 1], [9, 19, 9, 19]),
    ([1, 130, 33, 34], [3, 3], [1, 2], [1, 1], [1, 1, 1, 1]),
]


def numbers(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


def check(proto: Any, feeds: dict[str, Any], threads: int) -> None:
    """The planned kernel, and the reference's result."""
    # below level 3 the layout stays what the model says
    executable = aicc.compile(proto, threads=threads, opt_level=2)
    assert "planar = true" in executable.ir("schedule")
    (got,) = executable.run(feeds).values()
    (want,) = ReferenceEvaluator(proto).run(None, feeds)
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("threads", [1, 2])
def test_shapes(case: Any, threads: int) -> None:
    shape, kernel, strides, dilations, pads = case
    channels = shape[1]
    attributes = {"strides": strides, "dilations": dilations, "pads": pads, "group": channels}
    node = helper.make_node("Conv", ["x", "w"], ["y"], **attributes)
    weights = {"w": numbers(channels, 1, *kernel)}
    check(model([node], {"x": shape}, ["y"], weights), {"x": numbers(*shape)}, threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_what_follows(threads: int) -> None:
    """A bias, an image, a row and a column of numbers, in registers."""
    shape = [2, 70, 30, 44]
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1], group=shape[1]),
        helper.make_node("Add", ["c", "z"], ["d"]),
        helper.make_node("Mul", ["d", "row"], ["e"]),
        helper.make_node("Sub", ["e", "column"], ["f"]),
        helper.make_node("HardSwish", ["f"], ["y"]),
    ]
    weights = {"w": numbers(shape[1], 1, 3, 3), "b": numbers(shape[1])}
    inputs = {"x": shape, "z": shape, "row": [44], "column": [30, 1]}
    feeds = {name: numbers(*sizes) for name, sizes in inputs.items()}
    check(model(nodes, inputs, ["y"], weights), feeds, threads)


def test_rows_that_fill_no_vector() -> None:
    """Another kernel is left to do it."""
    node = helper.make_node("Conv", ["x", "w"], ["y"], group=3)
    proto = model([node], {"x": [1, 3, 9, 7]}, ["y"], {"w": numbers(3, 1, 3, 3)})
    executable = aicc.compile(proto, threads=1, opt_level=2)
    assert "planar = true" not in executable.ir("schedule")
    x = numbers(1, 3, 9, 7)
    (want,) = ReferenceEvaluator(proto).run(None, {"x": x})
    np.testing.assert_allclose(executable.run({"x": x})["y"], want, rtol=1e-4, atol=1e-5)
