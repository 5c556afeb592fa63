"""Slices inside of the kernels that read them, against onnx's reference evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc

Node = tuple[str, list[str], list[str], dict[str, Any]]
RANDOM = np.random.default_rng(3)


def signed(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


def check(
    nodes: Sequence[Node], inputs: dict[str, list[int]], weights: dict[str, Any], outputs: list[str]
) -> None:
    proto = model(
        [helper.make_node(kind, ins, outs, **attrs) for kind, ins, outs, attrs in nodes],
        inputs,
        outputs,
        weights,
    )
    feeds = {name: signed(*shape) for name, shape in inputs.items()}
    got = aicc.compile(proto, threads=1).run(feeds)
    for name, want in zip(outputs, ReferenceEvaluator(proto).run(None, feeds), strict=True):
        np.testing.assert_allclose(got[name], want, rtol=1e-4, atol=1e-5)


def bounds(*rows: tuple[int, int, int, int]) -> dict[str, Any]:
    """Constants for Slice from (axis, start, end, step)."""
    columns = np.array(rows, np.int64).T
    return dict(zip(("axes", "starts", "ends", "steps"), columns, strict=True))


SLICE = ["starts", "ends", "axes", "steps"]


@pytest.mark.parametrize("step", [1, 2])
def test_crop_beside_a_convolution(step: int) -> None:
    """The residual sum reads a part of an image."""
    nodes: list[Node] = [
        ("Conv", ["x", "w", "b"], ["c"], {"strides": [step, step]}),
        ("Slice", ["x", *SLICE], ["s"], {}),
        ("Add", ["c", "s"], ["a"], {}),
        ("Relu", ["a"], ["y"], {}),
    ]
    weights = {"w": signed(16, 16, 3, 3), "b": signed(16)}
    weights |= bounds((2, 1, 9, step), (3, 1, 8, step))
    check(nodes, {"x": [1, 16, 10, 9]}, weights, ["y"])


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("step", [1, 2])
def test_convolution_of_some_channels(kernel: int, step: int) -> None:
    """Half of the channels, or every second one."""
    nodes: list[Node] = [
        ("Relu", ["x"], ["r"], {}),
        ("Slice", ["r", *SLICE], ["s"], {}),
        ("Conv", ["s", "w"], ["c"], {"pads": [kernel // 2] * 4}),
        ("Concat", ["r", "c", "s"], ["y"], {"axis": 1}),
    ]
    weights = {"w": signed(12, 8, kernel, kernel)} | bounds((1, 2, 2 + 8 * step, step))
    check(nodes, {"x": [1, 18, 6, 7]}, weights, ["y"])


def test_parts_joined_and_padded() -> None:
    nodes: list[Node] = [
        ("Slice", ["x", *SLICE], ["s"], {}),
        ("Concat", ["s", "x"], ["c"], {"axis": 1}),
        ("Slice", ["z", *SLICE], ["t"], {}),
        ("Pad", ["t", "pads"], ["p"], {}),
    ]
    weights = {"pads": np.array([0, 1, 2, 1, 0, 1], np.int64)} | bounds((1, 1, 5, 1))
    check(nodes, {"x": [2, 4, 5], "z": [2, 6, 5]}, weights, ["c", "p"])


@pytest.mark.parametrize("kind", ["MatMul", "ReduceSum", "Softmax", "MaxPool"])
def test_cut_before_heavy_ops(kind: str) -> None:
    attributes: dict[str, dict[str, Any]] = {
        "MaxPool": {"kernel_shape": [2, 3]},
        "Softmax": {"axis": -1},
        "ReduceSum": {"keepdims": 0},
    }
    operands = {"MatMul": ["s", "w"], "ReduceSum": ["s", "last"]}.get(kind, ["s"])
    nodes: list[Node] = [
        ("Slice", ["x", *SLICE], ["s"], {}),
        (kind, operands, ["h"], attributes.get(kind, {})),
        ("Abs", ["h"], ["y"], {}),
    ]
    weights = {"w": signed(5, 4), "last": np.array([3], np.int64)}
    check(nodes, {"x": [2, 3, 6, 9]}, weights | bounds((3, 2, 7, 1), (2, 0, 6, 2)), ["y"])


def test_shape_between_kernel_and_activation() -> None:
    """The reshape comes after the activation, the product and its sum are one kernel."""
    nodes: list[Node] = [
        ("MatMul", ["x", "w"], ["m"], {}),
        ("Reshape", ["m", "shape"], ["r"], {}),
        ("Add", ["r", "z"], ["a"], {}),
        ("Mul", ["a", "two"], ["t"], {}),
        ("Tanh", ["t"], ["y"], {}),
    ]
    weights = {"w": signed(5, 6), "shape": np.array([2, 2, 2, 3], np.int64)}
    weights |= {"two": np.full((1, 1, 1, 1, 1), 2, np.float32)}
    check(nodes, {"x": [4, 5], "z": [2, 2, 2, 3]}, weights, ["y"])


def test_cast_for_two_readers() -> None:
    nodes: list[Node] = [
        ("Abs", ["x"], ["p"], {}),
        ("Transpose", ["p"], ["q"], {"perm": [1, 0]}),
        ("Neg", ["q"], ["n"], {}),
        ("Exp", ["n"], ["y"], {}),
        ("Mul", ["n", "z"], ["v"], {}),
    ]
    check(nodes, {"x": [4, 5], "z": [5, 4]}, {}, ["y", "v"])
