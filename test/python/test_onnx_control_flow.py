"""If, Loop and Scan whose course is known when compiling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

import aicc

FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def info(name: str, dtype: int, shape: list[int] | None = None) -> Any:
    return helper.make_tensor_value_info(name, dtype, shape)


def model(node: Any, inputs: list[Any], outputs: list[Any]) -> Any:
    graph = helper.make_graph([node], "g", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def check(proto: Any, feeds: dict[str, Any]) -> None:
    got = list(aicc.compile(proto, threads=1).run(feeds).values())
    for g, w in zip(got, ReferenceEvaluator(proto).run(None, feeds), strict=True):
        np.testing.assert_allclose(g, w, rtol=1e-6)


def doubling_loop() -> Any:
    """s = 2 s + x, where x comes from around the loop; every s is kept."""
    nodes = [
        helper.make_node("Add", ["s", "s"], ["d"]),
        helper.make_node("Add", ["d", "x"], ["next"]),
        helper.make_node("Identity", ["next"], ["kept"]),
        helper.make_node("Identity", ["cond"], ["goes"]),
    ]
    body = helper.make_graph(
        nodes,
        "body",
        [info("i", INT64, []), info("cond", BOOL, []), info("s", FLOAT, [3])],
        [info("goes", BOOL, []), info("next", FLOAT, [3]), info("kept", FLOAT, [3])],
    )
    node = helper.make_node("Loop", ["trips", "", "start"], ["last", "all"], body=body)
    inputs = [info("trips", INT64, []), info("start", FLOAT, [3]), info("x", FLOAT, [3])]
    return model(node, inputs, [info("last", FLOAT), info("all", FLOAT)])


@pytest.mark.parametrize("trips", [1, 4])
def test_loop_whose_trip_count_is_an_input(trips: int) -> None:
    x = np.arange(3, dtype=np.float32)
    exe = aicc.compile(doubling_loop(), threads=1)
    got = exe.run({"trips": np.int64(trips), "start": x + 1, "x": x})
    want = [x + 1]
    for _ in range(trips):
        want.append(2 * want[-1] + x)
    np.testing.assert_allclose(got["all"], want[1:])
    np.testing.assert_allclose(got["last"], want[-1])


def running_scan(backward: int) -> Any:
    """s = s + e and s e, over the rows e of x."""
    nodes = [
        helper.make_node("Add", ["s", "e"], ["next"]),
        helper.make_node("Mul", ["next", "e"], ["kept"]),
    ]
    body = helper.make_graph(
        nodes,
        "body",
        [info("s", FLOAT, [2]), info("e", FLOAT, [2])],
        [info("next", FLOAT, [2]), info("kept", FLOAT, [2])],
    )
    attrs = {"num_scan_inputs": 1, "scan_input_directions": [backward]}
    node = helper.make_node("Scan", ["start", "x"], ["last", "all"], body=body, **attrs)
    inputs = [info("start", FLOAT, [2]), info("x", FLOAT, [5, 2])]
    return model(node, inputs, [info("last", FLOAT), info("all", FLOAT)])


@pytest.mark.parametrize("backward", [0, 1])
def test_scan(backward: int) -> None:
    x = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    start = np.ones(2, np.float32)
    got = aicc.compile(running_scan(backward), threads=1).run({"start": start, "x": x})
    rows = x[::-1] if backward else x
    sums = start + np.cumsum(rows, axis=0)
    np.testing.assert_allclose(got["last"], sums[-1], rtol=1e-5)
    np.testing.assert_allclose(got["all"], sums * rows, rtol=1e-5, atol=1e-6)


def branches(condition: Any) -> Any:
    """x + x or x * x."""
    graphs = {
        name: helper.make_graph(
            [helper.make_node(operator, ["x", "x"], ["r"])], name, [], [info("r", FLOAT)]
        )
        for name, operator in (("then_branch", "Add"), ("else_branch", "Mul"))
    }
    node = helper.make_node("If", ["c"], ["y"], **graphs)
    return model(node, [condition, info("x", FLOAT, [100])], [info("y", FLOAT)])


@pytest.mark.parametrize("chosen", [False, True])
def test_if_on_an_input(chosen: bool) -> None:
    x = np.arange(100, dtype=np.float32)
    check(branches(info("c", BOOL, [])), {"c": np.array(chosen), "x": x})


def test_loop_without_iterations() -> None:
    x = np.arange(3, dtype=np.float32)
    exe = aicc.compile(doubling_loop(), threads=1)
    got = exe.run({"trips": np.int64(0), "start": x + 1, "x": x})
    np.testing.assert_array_equal(got["last"], x + 1)
    assert got["all"].shape == (0, 3)
    assert got["all"].dtype == np.float32


def test_scan_over_nothing() -> None:
    body = helper.make_graph(
        [
            helper.make_node("Add", ["s", "e"], ["next"]),
            helper.make_node("Cast", ["next"], ["kept"], to=INT64),
        ],
        "body",
        [info("s", FLOAT, [3]), info("e", FLOAT, [3])],
        [info("next", FLOAT, [3]), info("kept", INT64, [3])],
    )
    node = helper.make_node("Scan", ["s0", "x"], ["last", "all"], body=body, num_scan_inputs=1)
    inputs = [info("s0", FLOAT, [3]), info("x", FLOAT, [0, 3])]
    proto = model(node, inputs, [info("last", FLOAT), info("all", INT64)])
    start = np.ones(3, np.float32)
    got = aicc.compile(proto, threads=1).run({"s0": start, "x": np.zeros((0, 3), np.float32)})
    np.testing.assert_array_equal(got["last"], start)
    assert (got["all"].shape, got["all"].dtype) == ((0, 3), np.int64)
