"""Tiny ONNX models for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Dims = Sequence[int | str | None] | None


def info(name: str, dims: Dims, dtype: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, dtype, dims)


def model(
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Dims],
    outputs: Sequence[str],
    weights: Mapping[str, Any] | None = None,
    opset: int = 17,
) -> onnx.ModelProto:
    """A float32 model; the shapes of its outputs are left open."""
    graph = helper.make_graph(
        list(nodes),
        "g",
        [info(name, dims) for name, dims in inputs.items()],
        [info(name, None) for name in outputs],
        [numpy_helper.from_array(np.asarray(a), n) for n, a in (weights or {}).items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def dense(batch: int | str = "batch") -> onnx.ModelProto:
    """y = relu(x @ w + b) with x [batch, 16], w [16, 8]."""
    random = np.random.default_rng(0)
    weights = {
        "w": random.standard_normal((16, 8)).astype(np.float32),
        "b": random.standard_normal(8).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], name="mm"),
        helper.make_node("Add", ["m", "b"], ["a"], name="add"),
        helper.make_node("Relu", ["a"], ["y"], name="relu"),
    ]
    return model(nodes, {"x": [batch, 16]}, ["y"], weights)


def dense_reference(proto: onnx.ModelProto, x: Any) -> Any:
    """What `dense` computes, in numpy."""
    w, b = (numpy_helper.to_array(t) for t in proto.graph.initializer)
    return np.maximum(x @ w + b, 0)
