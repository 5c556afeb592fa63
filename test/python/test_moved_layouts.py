"""Kernels that meet other layouts or other threads' parts: transposes, groups, means, recurrences.

Each is compared with numpy or onnx's evaluator, on one thread and on two.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc


def normal(*shape: int) -> Any:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def run(graph: onnx.ModelProto, threads: int, **feeds: Any) -> Any:
    return aicc.compile(graph, threads=threads).run(feeds)["y"]


# (shape, permutation): whole tiles, ragged ones, loops that merge, unit dimensions, short rows
TRANSPOSES = [
    ((64, 48), (1, 0)),
    ((37, 53), (1, 0)),
    ((400, 256), (1, 0)),
    ((2, 7, 7, 65), (0, 3, 1, 2)),
    ((2, 65, 7, 7), (0, 2, 3, 1)),
    ((5, 33, 19, 4), (3, 1, 0, 2)),
    ((30, 1, 20, 1), (2, 1, 3, 0)),
    ((300, 3), (1, 0)),
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("shape", "permutation"), TRANSPOSES)
def test_transpose_and_add(shape: Any, permutation: Any, threads: int) -> None:
    out = [shape[p] for p in permutation]
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=permutation),
        helper.make_node("Add", ["t", "z"], ["y"]),
    ]
    x, z = normal(*shape), normal(*out)
    y = run(model(nodes, {"x": shape, "z": out}, ["y"]), threads, x=x, z=z)
    np.testing.assert_array_equal(y, x.transpose(permutation) + z)


@pytest.mark.parametrize("dtype", ["int8", "float16", "int64", "float64", "bool"])
def test_transpose_of_other_types(dtype: str) -> None:
    nodes = [helper.make_node("Transpose", ["x"], ["y"], perm=[1, 0])]
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    infos = [
        helper.make_tensor_value_info(n, kind, s) for n, s in (("x", [70, 41]), ("y", [41, 70]))
    ]
    graph = helper.make_graph(nodes, "g", infos[:1], infos[1:])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    x = (normal(70, 41) * 50).astype(dtype)
    np.testing.assert_array_equal(run(proto, 1, x=x), x.T)


# (channels, outputs, groups, pixels, kernel, stride)
GROUPED = [
    (48, 48, 6, 30, 3, 1),
    (104, 104, 13, 28, 3, 2),
    (64, 64, 16, 14, 3, 1),
    (64, 128, 8, 9, 5, 1),
    (96, 48, 4, 10, 3, 1),
    (120, 120, 5, 14, 1, 1),
    (128, 256, 2, 8, 3, 1),
    (32, 64, 32, 12, 3, 1),
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("channels", "out", "group", "pixels", "kernel", "stride"), GROUPED)
def test_grouped_convolution_between_pointwise_ones(
    channels: int, out: int, group: int, pixels: int, kernel: int, stride: int, threads: int
) -> None:
    window = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [kernel // 2] * 4}
    nodes = [
        helper.make_node("Conv", ["x", "first"], ["a"]),
        helper.make_node("Conv", ["a", "w", "bias"], ["b"], group=group, **window),
        helper.make_node("Relu", ["b"], ["r"]),
        helper.make_node("Conv", ["r", "last"], ["y"]),
    ]
    weights = {
        "first": normal(channels, 16, 1, 1) / 4,
        "w": normal(out, channels // group, kernel, kernel) / 8,
        "bias": normal(out),
        "last": normal(24, out, 1, 1) / 8,
    }
    shape = {"x": [1, 16, pixels, pixels]}
    graph = model(nodes, shape, ["y"], weights)
    x = normal(*shape["x"])
    (want,) = ReferenceEvaluator(graph).run(None, {"x": x})
    np.testing.assert_allclose(run(graph, threads, x=x), want, atol=2e-5 * np.abs(want).max())


@pytest.mark.parametrize("op", ["GlobalAveragePool", "GlobalMaxPool"])
@pytest.mark.parametrize("shape", [(1, 144, 56, 56), (4, 40, 28, 28), (1, 300, 13, 17)])
@pytest.mark.parametrize("threads", [1, 2])
def test_squeeze_and_scale(op: str, shape: tuple[int, ...], threads: int) -> None:
    channels = shape[1]
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["r"]),
        helper.make_node(op, ["r"], ["p"]),
        helper.make_node("Mul", ["r", "p"], ["y"]),
    ]
    w = normal(channels, 8, 1, 1)
    x = normal(shape[0], 8, *shape[2:])
    graph = model(nodes, {"x": x.shape}, ["y"], {"w": w})
    r = np.einsum("oc,nchw->nohw", w[:, :, 0, 0].astype(np.float64), x)
    squeezed = (r.mean if op == "GlobalAveragePool" else r.max)((2, 3), keepdims=True)
    want = r * squeezed
    np.testing.assert_allclose(run(graph, threads, x=x), want, atol=2e-5 * np.abs(want).max())


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("op", "gates", "batch"), [("LSTM", 4, 1), ("GRU", 3, 1), ("GRU", 3, 8)])
def test_long_steps_of_recurrent_layers(op: str, gates: int, batch: int, threads: int) -> None:
    hidden, inputs, steps = 256, 16, 5
    weights = {
        "w": normal(1, gates * hidden, inputs) / 4,
        "r": normal(1, gates * hidden, hidden) / 16,
    }
    nodes = [
        helper.make_node(op, ["x", "w", "r"], ["all"], hidden_size=hidden),
        helper.make_node("Identity", ["all"], ["y"]),
    ]
    x = normal(steps, batch, inputs)
    graph = model(nodes, {"x": x.shape}, ["y"], weights)
    (want,) = ReferenceEvaluator(graph).run(None, {"x": x})
    np.testing.assert_allclose(run(graph, threads, x=x), want, atol=1e-5)
