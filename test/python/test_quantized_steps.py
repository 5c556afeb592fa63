"""Rounding to bytes and back, tables and moves of bytes: the integers of onnx's evaluator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import aicc
from aicc.diagnostics import TargetError
from aicc.passes.linalg.exact_quotients import reciprocal_parts
from aicc.target import check_runs_here

Build = Callable[["Chain"], None]


class Chain:
    """A model of QuantizeLinear, DequantizeLinear and what stands between."""

    def __init__(self) -> None:
        self.weights: list[onnx.TensorProto] = []
        self.nodes: list[onnx.NodeProto] = []

    def node(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def parameters(self, name: str, scale: float, zero: Any) -> list[str]:
        self.weights.append(numpy_helper.from_array(np.float32(scale), f"{name}_scale"))
        self.weights.append(numpy_helper.from_array(np.asarray(zero), f"{name}_zero"))
        return [f"{name}_scale", f"{name}_zero"]

    def rounded(self, value: str, scale: float, zero: Any, output: str = "") -> str:
        """`value` rounded to bytes and back, or to bytes alone if they are the `output`."""
        parameters = self.parameters(f"{value}_q", scale, zero)
        q = self.node("QuantizeLinear", [value, *parameters], output or f"{value}_q")
        return q if output else self.node("DequantizeLinear", [q, *parameters], f"{value}_d")

    def model(self, *shapes: tuple[int, ...]) -> onnx.ModelProto:
        values = [
            helper.make_tensor_value_info(f"x{i}", TensorProto.FLOAT, shape)
            for i, shape in enumerate(shapes)
        ]
        outputs = [onnx.ValueInfoProto(name="out")]
        graph = helper.make_graph(self.nodes, "chain", values, outputs, self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)


def compared(model: onnx.ModelProto, **options: Any) -> tuple[Any, Any, str]:
    """What aicc computes, what the evaluator does, and the graph that was compiled."""
    random = np.random.default_rng(5)
    inputs = {
        v.name: random.normal(0, 3, [d.dim_value for d in v.type.tensor_type.shape.dim]).astype("f")
        for v in model.graph.input
    }
    exe = aicc.compile(model, **options)
    (got,) = exe.run(inputs).values()
    (expected,) = ReferenceEvaluator(model).run(None, inputs)
    return got, expected, exe.ir("graph")


@pytest.mark.parametrize("dtype", [np.uint8, np.int8])
def test_rounding_is_that_of_the_quotient(dtype: Any) -> None:
    random, limits = np.random.default_rng(0), np.iinfo(dtype)
    for scale in (*random.uniform(1e-4, 3, 3).astype(np.float32), np.float32(0.5)):
        c = Chain()
        zero = dtype(random.integers(limits.min, limits.max))
        c.rounded("x0", scale, zero, output="out")
        halves = ((np.arange(-300, 300) + 0.5) * np.float64(scale)).astype(np.float32)
        near = [halves, np.nextafter(halves, np.float32(-9)), np.nextafter(halves, np.float32(9))]
        x = np.concatenate([*near, np.float32([np.inf, -np.inf, 3e38, -3e38, 0, -0.0, 1e-40])])
        (got,) = aicc.compile(c.model(x.shape)).run({"x0": x}).values()
        with np.errstate(over="ignore"):
            whole = np.round(x / scale).astype(np.float64) + int(zero)
        np.testing.assert_array_equal(got, np.clip(whole, limits.min, limits.max).astype(dtype))


def test_reciprocals_are_checked() -> None:
    assert reciprocal_parts(1.0, 0, 255) == (1.0,)
    assert reciprocal_parts(0.25, -128, 127) == (4.0,)
    assert len(reciprocal_parts(float(np.float32(0.3)), 0, 255)) == 2
    assert reciprocal_parts(1e-30, 0, 255) == () == reciprocal_parts(0.3, 0, 65535)


def silu(c: Chain, dtype: Any) -> None:
    x = c.rounded("x0", 0.05, dtype(20))
    s = c.rounded(c.node("Sigmoid", [x], "s"), 0.004, dtype(0))
    c.rounded(c.node("Mul", [x, s], "m"), 0.03, dtype(9), output="out")


def several_functions(c: Chain, dtype: Any) -> None:
    x = c.rounded("x0", 0.05, dtype(20))
    t = c.node("Tanh", [c.node("Softplus", [x], "p")], "t")
    c.rounded(c.node("HardSwish", [t], "h"), 0.01, dtype(3), output="out")


@pytest.mark.parametrize("build", [silu, several_functions])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8])
@pytest.mark.parametrize("shape", [(3, 64), (2, 5, 7), (1001,)])
def test_functions_of_bytes(build: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    c = Chain()
    build(c, dtype)
    got, expected, graph = compared(c.model(shape))
    assert "graph.lookup" in graph
    # a function that lies on a half to the last bit may round to either side
    assert np.abs(got.astype(int) - expected).max() <= 1
    assert np.mean(got != expected) < 0.005


# Bytes picked out of registers, one by one from memory with wide and with narrow vectors.
@pytest.mark.parametrize("target", ["icelake-server", "skylake-avx512", "x86-64-v3"])
def test_tables_on_every_instruction_set(target: str) -> None:
    c = Chain()
    silu(c, np.uint8)
    try:
        check_runs_here(target)
    except TargetError:
        target = "host"
    got, expected, _ = compared(c.model((4, 33)), target=target)
    assert np.mean(got != expected) < 0.01


def pooled(c: Chain) -> None:
    x = c.rounded("x0", 0.05, np.uint8(20))
    y = c.node("MaxPool", [x], "y", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    c.rounded(y, 0.05, np.uint8(20), output="out")


def turned(c: Chain) -> None:
    x = c.rounded("x0", 0.05, np.int8(-20))
    y = c.node("Transpose", [x], "y", perm=[0, 2, 3, 1])
    c.rounded(y, 0.03, np.int8(4), output="out")


def joined(c: Chain) -> None:
    x, y = c.rounded("x0", 0.05, np.uint8(20)), c.rounded("x1", 0.03, np.uint8(0))
    c.rounded(c.node("Concat", [x, y], "y", axis=1), 0.04, np.uint8(7), output="out")


def added(c: Chain) -> None:
    x, y = c.rounded("x0", 0.05, np.uint8(20)), c.rounded("x1", 0.03, np.uint8(0))
    c.rounded(c.node("Add", [x, y], "y"), 0.07, np.uint8(7), output="out")


@pytest.mark.parametrize("build", [pooled, turned, joined, added])
def test_moves_and_sums_of_bytes_are_exact(build: Build) -> None:
    c = Chain()
    build(c)
    shapes = [(1, 8, 9, 10)] * (2 if build in (joined, added) else 1)
    got, expected, _ = compared(c.model(*shapes))
    np.testing.assert_array_equal(got, expected)


def test_one_scale_leaves_nothing_to_compute() -> None:
    c = Chain()
    pooled(c)
    _, _, graph = compared(c.model((1, 8, 9, 10)))
    assert "dequantize" not in graph and graph.count('"graph.quantize"') == 1
