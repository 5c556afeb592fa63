"""Quantised models: sums of 8-bit products, bit for bit those of onnx's evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import aicc
from aicc.diagnostics import TargetError
from aicc.target import by_name, check_runs_here, host

HAS_DOT_PRODUCTS = host().has("avx512_vnni")
STEP = 0.05


class QuantizedModel:
    """Builds a model of one quantised operator; parameters are drawn from `seed`."""

    def __init__(self, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.weights: list[onnx.TensorProto] = []
        self.nodes: list[onnx.NodeProto] = []

    def weight(self, name: str, array: Any) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def scale(self, name: str, count: int = 0) -> str:
        values = self.random.uniform(0.005, 0.015, count or None)
        return self.weight(name, np.asarray(values, np.float32))

    def bytes(self, name: str, shape: tuple[int, ...], dtype: Any) -> str:
        limits = np.iinfo(dtype)
        low = limits.min + (dtype is np.int8)
        return self.weight(name, self.random.integers(low, limits.max, shape, dtype, True))

    def zeros(self, name: str, dtype: Any, count: int = 0) -> str:
        middle = 128 if dtype is np.uint8 else 0
        return self.weight(name, np.full(count, middle, dtype) if count else dtype(middle))

    def model(self, shape: tuple[int, ...], kind: Any, output: str) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "quantised",
            [helper.make_tensor_value_info("x", kind, shape)],
            [onnx.ValueInfoProto(name=output)],
            self.weights,
        )
        opsets = [helper.make_opsetid("", 21)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def qdq_model(
    op: str, weights: tuple[int, ...], x_type: Any, w_type: Any, per_channel: bool
) -> onnx.ModelProto:
    """quantise, dequantise, op, Relu, quantise, dequantise."""
    m = QuantizedModel()
    axis = 0 if op == "Conv" else 1
    count = weights[axis] if per_channel else 0
    x = [m.scale("xs"), m.weight("xz", x_type(9))]
    w = [m.bytes("w", weights, w_type), m.scale("ws", count), m.zeros("wz", w_type, count)]
    m.node("QuantizeLinear", ["x", *x], "q")
    m.node("DequantizeLinear", ["q", *x], "d")
    m.node("DequantizeLinear", w, "f", axis=axis)
    if op == "Conv":
        m.weight("b", m.random.standard_normal(weights[0]).astype(np.float32))
        m.node("Conv", ["d", "f", "b"], "y", pads=[1, 0, 0, 1])
    else:
        m.node("MatMul", ["d", "f"], "y")
    y = [m.weight("ys", np.float32(STEP)), m.weight("yz", np.uint8(3))]
    m.node("Relu", ["y"], "r")
    m.node("QuantizeLinear", ["r", *y], "p")
    m.node("DequantizeLinear", ["p", *y], "out")
    shape = (2, weights[1], 9, 8) if op == "Conv" else (7, weights[0])
    return m.model(shape, onnx.TensorProto.FLOAT, "out")


def results(model: onnx.ModelProto, x: np.ndarray, **options: Any) -> tuple[Any, Any, str]:
    """What aicc computes, what the evaluator does, and the graph that was compiled."""
    exe = aicc.compile(model, **options)
    (got,) = exe.run({"x": x}).values()
    (expected,) = ReferenceEvaluator(model).run(None, {"x": x})
    return got, expected, exe.ir("graph")


@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("x_type", [np.uint8, np.int8])
@pytest.mark.parametrize("w_type", [np.int8, np.uint8])
@pytest.mark.parametrize(
    ("op", "weights"),
    [
        ("MatMul", (32, 48)),
        ("MatMul", (37, 17)),
        ("Conv", (20, 8, 3, 3)),
        ("Conv", (72, 3, 2, 1)),
        # the taps of a row, with few channels, are one run of the reduction
        ("Conv", (64, 3, 2, 5)),
    ],
)
def test_qdq_products(
    op: str, weights: tuple[int, ...], x_type: Any, w_type: Any, per_channel: bool
) -> None:
    model = qdq_model(op, weights, x_type, w_type, per_channel)
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    got, expected, graph = results(model, x)
    # a sum that lies between two steps may be rounded to either: floats round differently
    assert np.abs(got - expected).max() <= STEP * 1.01
    assert np.mean(np.abs(got - expected) > STEP / 2) < 0.002
    assert "xui8>, tensor<" in graph or not HAS_DOT_PRODUCTS


@pytest.mark.parametrize("x_type", [np.uint8, np.int8])
@pytest.mark.parametrize("shape", [(5, 64), (2, 3, 4, 20), (1, 7)])
def test_integer_matmul_is_exact(shape: tuple[int, ...], x_type: Any) -> None:
    m = QuantizedModel()
    zero = m.weight("xz", x_type(77))
    m.bytes("w", (shape[-1], 50), np.int8)
    m.node("MatMulInteger", ["x", "w", zero], "y")
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(x_type))
    limits = np.iinfo(x_type)
    x = m.random.integers(limits.min, limits.max, shape, x_type, True)
    got, expected, _ = results(m.model(shape, kind, "y"), x)
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("channels", [4, 6])
def test_integer_convolution_is_exact(channels: int) -> None:
    m = QuantizedModel()
    m.bytes("w", (24, channels, 3, 3), np.int8)
    m.node("ConvInteger", ["x", "w", m.weight("xz", np.uint8(200))], "y", pads=[1, 1, 1, 1])
    shape = (1, channels, 10, 11)
    x = m.random.integers(0, 255, shape, np.uint8, True)
    got, expected, _ = results(m.model(shape, onnx.TensorProto.UINT8, "y"), x)
    np.testing.assert_array_equal(got, expected)


# The matrix unit, vector instructions for 8-bit integers, neither of them.
@pytest.mark.parametrize("target", ["sapphirerapids", "icelake-server", "x86-64-v3"])
@pytest.mark.parametrize(("op", "weights"), [("MatMul", (64, 48)), ("Conv", (40, 32, 3, 3))])
def test_every_instruction_set_computes_the_same(
    op: str, weights: tuple[int, ...], target: str
) -> None:
    model = qdq_model(op, weights, np.uint8, np.int8, True)
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    try:
        check_runs_here(target)
    except TargetError:
        target = "host"
    got, expected, graph = results(model, x, target=target)
    assert np.abs(got - expected).max() <= STEP * 1.01
    assert ("xui8>, tensor<" in graph) == by_name(target).has("avx512_vnni")


@pytest.mark.parametrize("zero", [None, 0, 37])
@pytest.mark.parametrize("w_type", [np.int8, np.uint8])
def test_dynamically_quantised_matmul(w_type: Any, zero: int | None) -> None:
    m = QuantizedModel()
    m.bytes("w", (40, 50), w_type)
    m.nodes.append(helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]))
    inputs = ["q", "w", "z"] + ([] if zero is None else [m.weight("wz", w_type(zero))])
    m.node("Cast", [m.node("MatMulInteger", inputs, "i")], "f", to=onnx.TensorProto.FLOAT)
    m.node("Mul", ["f", "s"], "y")
    x = np.random.default_rng(1).standard_normal((7, 40)).astype(np.float32)
    got, expected, graph = results(m.model(x.shape, onnx.TensorProto.FLOAT, "y"), x)
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())
    assert "xui8>, tensor<" in graph or not HAS_DOT_PRODUCTS


def test_dynamically_quantised_convolution() -> None:
    m = QuantizedModel()
    m.bytes("w", (24, 6, 3, 3), np.int8)
    m.nodes.append(helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]))
    m.node("ConvInteger", ["q", "w", "z"], "i", pads=[1, 1, 0, 1])
    m.node("Cast", ["i"], "y", to=onnx.TensorProto.FLOAT)
    x = np.random.default_rng(1).standard_normal((1, 6, 10, 11)).astype(np.float32)
    got, expected, graph = results(m.model(x.shape, onnx.TensorProto.FLOAT, "y"), x)
    np.testing.assert_array_equal(got, expected)
    assert "xui8>, tensor<" in graph or not HAS_DOT_PRODUCTS
