"""Weights that took in factors, offsets and other weights, against onnx's reference evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc
from aicc.passes.statistics import Statistics, collect

Node = tuple[str, list[str], str, dict[str, Any]]
RANDOM = np.random.default_rng(7)

# name -> (attributes, input shape, filter shape); one side is never like the other
CONVS: dict[str, tuple[dict[str, Any], list[int], list[int]]] = {
    "plain": ({"pads": [1, 1, 1, 1]}, [1, 3, 7, 5], [8, 3, 3, 3]),
    "valid": ({}, [2, 3, 7, 5], [4, 3, 3, 2]),
    "groups": ({"group": 2, "pads": [1, 0, 0, 1]}, [1, 4, 6, 7], [6, 2, 3, 2]),
    "depthwise": ({"group": 8, "pads": [1, 1, 1, 1]}, [1, 8, 6, 5], [8, 1, 3, 3]),
    "dilated": ({"dilations": [2, 3], "pads": [2, 3, 2, 3]}, [1, 3, 9, 8], [8, 3, 3, 3]),
    "strided": ({"strides": [2, 3], "pads": [0, 2, 1, 1]}, [1, 3, 9, 8], [5, 3, 3, 3]),
    "one-dimensional": ({"pads": [2, 1]}, [2, 3, 9], [4, 3, 3]),
}
TRANSPOSED: dict[str, tuple[dict[str, Any], list[int], list[int]]] = {
    "transposed": ({"strides": [2, 2], "pads": [1, 0, 1, 1]}, [1, 3, 5, 4], [3, 4, 3, 3]),
    "transposed groups": ({"group": 2, "strides": [2, 1]}, [1, 4, 5, 4], [4, 3, 2, 3]),
}
EVERY = {**CONVS, **TRANSPOSED}


def signed(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


def check(
    nodes: Sequence[Node],
    inputs: dict[str, list[int]],
    weights: dict[str, Any],
    applied: Sequence[str] = (),
    refused: Sequence[str] = (),
) -> Statistics:
    """aicc and the reference agree; the named patterns of `fuse-linear` were applied or refused."""
    proto = model(
        [helper.make_node(kind, ins, [out], **attrs) for kind, ins, out, attrs in nodes],
        inputs,
        [nodes[-1][2]],
        weights,
    )
    feeds = {name: signed(*shape) for name, shape in inputs.items()}
    with collect() as statistics:
        got = aicc.compile(proto, threads=1).run(feeds)
    want = reference(proto, feeds)
    np.testing.assert_allclose(got[nodes[-1][2]], want, rtol=2e-4, atol=2e-5)
    for name in applied:
        assert statistics.applied["fuse-linear", name], name
    for name in refused:
        assert statistics.refused["fuse-linear", name], name
    return statistics


def reference(proto: Any, feeds: dict[str, Any]) -> Any:
    """The reference's result; of aicc without optimisation where the reference cannot do it."""
    for node in proto.graph.node:
        if node.op_type == "ConvTranspose" and any(a.name == "group" for a in node.attribute):
            (result,) = aicc.compile(proto, threads=1, opt_level=0).run(feeds).values()
            return result
    return ReferenceEvaluator(proto).run(None, feeds)[0]


def conv_of(case: str, source: str = "x", target: str = "c", bias: bool = True) -> Node:
    attributes = EVERY[case][0]
    kind = "ConvTranspose" if case in TRANSPOSED else "Conv"
    return kind, [source, "w", "b"] if bias else [source, "w"], target, attributes


def weights_of(case: str, bias: bool = True) -> dict[str, Any]:
    attributes, _, shape = EVERY[case]
    outputs = shape[1] * attributes.get("group", 1) if case in TRANSPOSED else shape[0]
    found = {"w": signed(*shape)}
    return {**found, "b": signed(outputs)} if bias else found


def channels_of(case: str, inputs: bool) -> list[int]:
    """Shape of one element per input or output channel."""
    _, x, w = EVERY[case]
    count = x[1] if inputs else weights_of(case)["b"].shape[0]
    return [count, *[1] * (len(w) - 2)]


@pytest.mark.parametrize("case", EVERY)
@pytest.mark.parametrize("bias", [True, False])
def test_result_is_scaled_and_shifted(case: str, bias: bool) -> None:
    nodes = [
        conv_of(case, bias=bias),
        ("Div", ["c", "s"], "d", {}),
        ("Mul", ["d", "two"], "e", {}),
        ("Sub", ["e", "t"], "y", {}),
    ]
    shape = channels_of(case, inputs=False)
    more = {"s": 1 + np.abs(signed(*shape)), "t": signed(1, *shape), "two": np.float32(2)}
    expected = ["scale-result", "conv-bias-sum" if bias else "conv-bias"]
    check(nodes, {"x": EVERY[case][1]}, weights_of(case, bias) | more, applied=expected)


@pytest.mark.parametrize("case", EVERY)
def test_operand_is_scaled(case: str) -> None:
    nodes = [("Mul", ["x", "s"], "a", {}), conv_of(case, "a", "y")]
    weights = weights_of(case) | {"s": signed(*channels_of(case, inputs=True))}
    check(nodes, {"x": EVERY[case][1]}, weights, applied=["scale-operand"])


@pytest.mark.parametrize("case", EVERY)
def test_operand_is_shifted(case: str) -> None:
    nodes = [("Sub", ["x", "s"], "a", {}), conv_of(case, "a", "y")]
    weights = weights_of(case) | {"s": signed(*channels_of(case, inputs=True))}
    is_valid = "pads" not in EVERY[case][0] and case not in TRANSPOSED
    outcome: dict[str, Any] = {"applied" if is_valid else "refused": ["offset-operand"]}
    check(nodes, {"x": EVERY[case][1]}, weights, **outcome)


@pytest.mark.parametrize("group", [1, 2])
def test_operand_is_shifted_in_groups(group: int) -> None:
    nodes: list[Node] = [
        ("Add", ["x", "s"], "a", {}),
        ("Conv", ["a", "w"], "y", {"group": group, "strides": [2, 1]}),
    ]
    weights = {"s": signed(4, 1, 1), "w": signed(6, 4 // group, 3, 2)}
    check(nodes, {"x": [1, 4, 6, 5]}, weights, applied=["offset-operand"])


@pytest.mark.parametrize("case", EVERY)
def test_norm_after(case: str) -> None:
    outputs = channels_of(case, inputs=False)[0]
    norm = ("BatchNormalization", ["c", "g", "h", "m", "v"], "y", {"epsilon": 1e-3})
    names = {name: signed(outputs) for name in "ghm"} | {"v": 1 + np.abs(signed(outputs))}
    check(
        [conv_of(case), norm],
        {"x": EVERY[case][1]},
        weights_of(case) | names,
        applied=["scale-result", "conv-bias-sum"],
    )


@pytest.mark.parametrize("case", ["valid", "plain", "groups"])
def test_norm_before(case: str) -> None:
    inputs = channels_of(case, inputs=True)[0]
    norm = ("BatchNormalization", ["x", "g", "h", "m", "v"], "n", {})
    names = {name: signed(inputs) for name in "ghm"} | {"v": 1 + np.abs(signed(inputs))}
    padded = "pads" in EVERY[case][0]
    check(
        [norm, conv_of(case, "n", "y")],
        {"x": EVERY[case][1]},
        weights_of(case) | names,
        applied=[] if padded else ["scale-operand", "offset-operand"],
        refused=["offset-operand"] if padded else [],
    )


def test_positive_factor_through_relu_and_pool() -> None:
    nodes: list[Node] = [
        ("Conv", ["x", "w"], "c", {"pads": [1, 1, 1, 1]}),
        ("Relu", ["c"], "r", {}),
        ("MaxPool", ["r"], "p", {"kernel_shape": [2, 2], "strides": [2, 2]}),
        ("Mul", ["p", "s"], "y", {}),
    ]
    weights = {"w": signed(4, 3, 3, 3), "s": 0.5 + np.abs(signed(1, 4, 1, 1))}
    check(nodes, {"x": [1, 3, 6, 8]}, weights, applied=["scale-result"])
    weights["s"] = -weights["s"]
    check(nodes, {"x": [1, 3, 6, 8]}, weights, applied=[])


def test_factor_forward_through_relu() -> None:
    nodes: list[Node] = [
        ("Mul", ["x", "s"], "a", {}),
        ("Relu", ["a"], "r", {}),
        ("Conv", ["r", "w"], "y", {"pads": [1, 1, 1, 1]}),
    ]
    weights = {"w": signed(4, 3, 3, 3), "s": 0.5 + np.abs(signed(1, 3, 1, 1))}
    check(nodes, {"x": [1, 3, 6, 8]}, weights, applied=["scale-operand"])


@pytest.mark.parametrize(
    ("shapes", "strides", "pads", "merged"),
    [
        (([3, 3, 3, 3], [3, 3, 1, 1]), 2, 1, True),
        (([3, 3, 3, 2], [2, 3, 1, 1]), 1, 1, True),
        (([2, 8, 1, 1], [8, 2, 1, 1]), 1, 0, False),
    ],
)
def test_convolution_then_pointwise(shapes: Any, strides: int, pads: int, merged: bool) -> None:
    first, second = shapes
    nodes: list[Node] = [
        ("Conv", ["x", "v", "b"], "c", {"pads": [pads] * 4, "strides": [strides] * 2}),
        ("Conv", ["c", "w", "d"], "y", {"strides": [2, 1]}),
    ]
    weights = {"v": signed(*first), "b": signed(first[0])}
    weights |= {"w": signed(*second), "d": signed(second[0])}
    outcome: dict[str, Any] = {"applied" if merged else "refused": ["merge-convs"]}
    check(nodes, {"x": [1, first[1], 9, 8]}, weights, **outcome)


@pytest.mark.parametrize(("bias", "pads", "merged"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_pointwise_then_convolution(bias: int, pads: int, merged: int) -> None:
    nodes: list[Node] = [
        ("Conv", ["x", "v", "b"] if bias else ["x", "v"], "c", {}),
        ("Conv", ["c", "w", "d"], "y", {"pads": [pads] * 4, "strides": [2, 1]}),
    ]
    weights = {"v": signed(6, 2, 1, 1), "w": signed(4, 6, 3, 2), "d": signed(4)}
    weights |= {"b": signed(6)} if bias else {}
    outcome: dict[str, Any] = {"applied" if merged else "refused": ["merge-convs"]}
    check(nodes, {"x": [1, 2, 7, 8]}, weights, **outcome)


def test_convolution_then_matrix() -> None:
    nodes: list[Node] = [
        ("Conv", ["x", "v", "b"], "c", {}),
        ("Flatten", ["c"], "f", {}),
        ("Gemm", ["f", "w", "d"], "y", {"alpha": 0.5, "beta": 2.0, "transB": 1}),
    ]
    weights = {"v": signed(6, 3, 4, 5), "b": signed(6), "w": signed(5, 6), "d": signed(5)}
    check(nodes, {"x": [2, 3, 4, 5]}, weights, applied=["merge-conv-matmul"])


@pytest.mark.parametrize("shape", [(1, 6), (6,), (2, 1, 6), ()])
def test_matrix_is_scaled_and_shifted(shape: tuple[int, ...]) -> None:
    nodes: list[Node] = [
        ("MatMul", ["x", "w"], "m", {}),
        ("Add", ["m", "b"], "a", {}),
        ("Mul", ["a", "s"], "p", {}),
        ("Add", ["p", "c"], "y", {}),
    ]
    weights = {"w": signed(5, 6), "b": signed(6), "s": signed(*shape), "c": signed(1, 6)}
    is_one = len(shape) < 3
    expected = ["scale-result", "offset-sum"] if is_one else []
    check(nodes, {"x": [2, 4, 5]}, weights, applied=expected)


def test_operand_of_matrix_is_normalised() -> None:
    norm = ("BatchNormalization", ["x", "g", "h", "m", "v"], "n", {})
    nodes: list[Node] = [norm, ("Gemm", ["n", "w", "b"], "y", {"transB": 1})]
    weights = {name: signed(7) for name in "ghm"} | {"v": 1 + np.abs(signed(7))}
    weights |= {"w": signed(5, 7), "b": signed(5)}
    check(nodes, {"x": [3, 7]}, weights, applied=["scale-operand", "offset-operand"])


def test_attention_scores_are_scaled_in_the_weights() -> None:
    nodes: list[Node] = [
        ("MatMul", ["x", "w"], "m", {}),
        ("Add", ["m", "b"], "a", {}),
        ("Reshape", ["a", "split"], "h", {}),
        ("Transpose", ["h"], "q", {"perm": [0, 2, 1, 3]}),
        ("MatMul", ["q", "k"], "s", {}),
        ("Div", ["s", "root"], "d", {}),
        ("Softmax", ["d"], "y", {"axis": -1}),
    ]
    weights = {"w": signed(6, 8), "b": signed(8), "root": np.float32(2)}
    weights["split"] = np.array([1, 5, 2, 4], np.int64)
    check(nodes, {"x": [1, 5, 6], "k": [1, 2, 4, 5]}, weights, applied=["scale-result"])


def test_chain_of_matrices() -> None:
    nodes: list[Node] = [
        ("MatMul", ["x", "v"], "a", {}),
        ("Add", ["a", "b"], "c", {}),
        ("MatMul", ["c", "w"], "y", {}),
    ]
    weights = {"v": signed(4, 9), "b": signed(9), "w": signed(9, 5)}
    check(nodes, {"x": [2, 3, 4]}, weights, applied=["offset-operand", "merge-matmuls"])
    weights = {"v": signed(9, 2), "b": signed(2), "w": signed(2, 9)}
    check(nodes, {"x": [2, 3, 9]}, weights, applied=[])


def test_known_value_minus_convolution() -> None:
    nodes: list[Node] = [
        ("Conv", ["x", "w", "b"], "c", {"pads": [1, 1, 1, 1]}),
        ("Sub", ["one", "c"], "y", {}),
    ]
    weights = {"w": signed(4, 3, 3, 3), "b": signed(4), "one": np.float32(1)}
    check(nodes, {"x": [1, 3, 5, 6]}, weights, applied=["negated-conv", "conv-bias-sum"])


@pytest.mark.parametrize("kind", ["Relu", "Sigmoid"])
def test_siblings(kind: str) -> None:
    nodes: list[Node] = [
        ("Conv", ["x", "v", "a"], "c", {"pads": [1, 1, 1, 1]}),
        ("Conv", ["x", "w", "b"], "d", {"pads": [1, 1, 1, 1]}),
        ("Relu", ["c"], "e", {}),
        (kind, ["d"], "f", {}),
        ("Conv", ["f", "u"], "g", {"strides": [2, 1]}),
        ("Conv", ["e", "u"], "h", {"strides": [2, 1]}),
        ("Sub", ["g", "h"], "y", {}),
    ]
    weights = {"v": signed(3, 24, 3, 3), "w": signed(3, 24, 3, 3), "u": signed(5, 3, 2, 3)}
    weights |= {"a": signed(3), "b": signed(3)}
    statistics = check(nodes, {"x": [2, 24, 9, 7]}, weights)
    assert statistics.applied["merge-siblings", "siblings"] == 1
    hoisted = statistics.applied["merge-siblings", "activation-of-slices"]
    assert bool(hoisted) == (kind == "Relu")


def test_sibling_matrices() -> None:
    nodes: list[Node] = [
        ("MatMul", ["x", "v"], "a", {}),
        ("MatMul", ["x", "w"], "b", {}),
        ("Add", ["a", "c"], "d", {}),
        ("Mul", ["b", "d"], "y", {}),
    ]
    weights = {"v": signed(20, 6), "w": signed(20, 6), "c": signed(6)}
    for rows in (1, 40):
        statistics = check(nodes, {"x": [rows, 20]}, weights)
        assert statistics.applied["merge-siblings", "siblings"] == 1


@pytest.mark.parametrize("group", [1, 2, 4])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2])
def test_branches(group: int, dilation: int, stride: int) -> None:
    """Two large filters and a small one, and where an image keeps its size a scaled identity."""
    large = {"group": group, "dilations": [dilation, 1], "pads": [dilation, 2, dilation, 2]}
    strides = {"strides": [stride, 1]}
    nodes: list[Node] = [
        ("Conv", ["x", "u", "a"], "c", {**large, **strides}),
        ("Conv", ["x", "v"], "d", {**large, **strides}),
        ("Conv", ["x", "w", "b"], "e", {"group": group, **strides}),
        ("Add", ["c", "d"], "f", {}),
        ("Add", ["e", "f"], "y" if stride > 1 else "g", {}),
    ]
    if stride == 1:
        nodes.append(("BatchNormalization", ["x", "p", "q", "m", "n"], "h", {}))
        nodes.append(("Add", ["h", "g"], "y", {}))
    weights = {"u": signed(4, 4 // group, 3, 5), "v": signed(4, 4 // group, 3, 5)}
    weights |= {"w": signed(4, 4 // group, 1, 1), "a": signed(4), "b": signed(4)}
    weights |= {name: signed(4) for name in "pqm"} | {"n": 1 + np.abs(signed(4))}
    used = {name for _, inputs, _, _ in nodes for name in inputs}
    known = {name: value for name, value in weights.items() if name in used}
    statistics = check(nodes, {"x": [2, 4, 9, 7]}, known, applied=["merge-branches"])
    assert not statistics.applied["merge-siblings", "siblings"]
