"""Elementwise kernels with elementary functions, in rows of every kind of length and broadcast."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper

import aicc

SHAPES = [
    ((3, 67), (3, 67)),
    ((5, 33), (33,)),
    ((5, 33), (5, 1)),
    ((9, 16), (16,)),
    ((2, 7, 5, 24), (7, 1, 1)),
    ((2, 7, 5, 3), (3,)),
    ((1, 1), (1,)),
    ((4, 1, 40), (3, 40)),
    ((64, 130), (130,)),
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("x_shape", "y_shape"), SHAPES)
def test_function_of_a_sum(x_shape: list[int], y_shape: list[int], threads: int) -> None:
    nodes = [
        helper.make_node("Add", ["x", "y"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["tanh"]),
        helper.make_node("Exp", ["tanh"], ["exp"]),
    ]
    shapes = {"x": x_shape, "y": y_shape}
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in shapes.items()]
    out = helper.make_tensor_value_info("exp", TensorProto.FLOAT, None)
    model = helper.make_model(
        helper.make_graph(nodes, "g", infos, [out]), opset_imports=[helper.make_opsetid("", 18)]
    )
    random = np.random.default_rng(len(x_shape))
    feeds = {n: random.standard_normal(s).astype(np.float32) for n, s in shapes.items()}
    (got,) = aicc.compile(model, threads=threads).run(feeds).values()
    want = np.exp(np.tanh(feeds["x"].astype(np.float64) + feeds["y"]))
    np.testing.assert_allclose(got, want, rtol=2e-6)


def test_masks_and_overflow_of_exponentials() -> None:
    x = np.array([-np.inf, -1e30, -1e4, -200, -104, -90, 0, 88, 89, 1e30, np.inf, np.nan] * 3)
    x = x.astype(np.float32)
    node = helper.make_node("Exp", ["x"], ["y"])
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n in "xy"]
    graph = helper.make_graph([node], "g", infos[:1], infos[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    (got,) = aicc.compile(model, threads=1).run({"x": x}).values()
    with np.errstate(over="ignore"):
        want = np.exp(x.astype(np.float64)).astype(np.float32)
    np.testing.assert_allclose(got, want, rtol=2e-7, atol=2e-45)
