"""Folding small constants gives what the compiled op gives, in the corners of the types too."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

import aicc
from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.evaluation import evaluate

F32, I32, I8 = np.float32, np.int32, np.int8


def result(operator: str, arrays: list[Any], *, folded: bool) -> Any:
    names = [f"x{i}" for i in range(len(arrays))]
    kind = helper.np_dtype_to_tensor_dtype
    inputs = [
        helper.make_tensor_value_info(n, kind(a.dtype), a.shape)
        for n, a in zip(names, arrays, strict=True)
    ]
    held = [numpy_helper.from_array(a, n) for n, a in zip(names, arrays, strict=True)]
    node = helper.make_node(operator, names, ["y"])
    outputs = [onnx.ValueInfoProto(name="y")]
    graph = helper.make_graph([node], "g", [] if folded else inputs, outputs, held * folded)
    opsets = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    feeds = {} if folded else dict(zip(names, arrays, strict=True))
    return aicc.compile(model, threads=1).run(feeds)["y"]


@pytest.mark.parametrize(
    ("operator", "arrays"),
    [
        ("Pow", [np.array([2, -2, 1, -1, 0, 3], I32), np.array([-1, -1, -2, -3, -1, 2], I32)]),
        ("Pow", [np.array([7, 2], np.int64), np.array([20, -1])]),
        ("Div", [np.array([7, -7, 9], I8), np.array([-2, 2, 4], I8)]),
        ("Max", [np.array([0.0, -0.0, -0.0], F32), np.array([-0.0, 0.0, -0.0], F32)]),
        ("Min", [np.array([0.0, -0.0, 0.0], F32), np.array([-0.0, 0.0, 0.0], F32)]),
        ("ReduceMax", [np.array([0.0, -0.0], F32)]),
        ("ReduceMin", [np.array([-0.0, 0.0], F32)]),
        ("Neg", [np.array([-128, 3], I8)]),
    ],
)
def test_folded_as_it_would_run(operator: str, arrays: list[Any]) -> None:
    want = result(operator, arrays, folded=False)
    got = result(operator, arrays, folded=True)
    assert (got.dtype, got.tobytes()) == (want.dtype, want.tobytes())


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64])
def test_the_least_number_over_minus_one_is_itself(dtype: Any) -> None:
    least = np.array([np.iinfo(dtype).min, 6], dtype)
    got = evaluate(BINARY["div"], [least, np.array([-1, -1], dtype)], {})
    assert got is not None
    np.testing.assert_array_equal(got, np.array([least[0], -6], dtype))


def test_what_overflows_or_divides_by_zero_is_not_folded() -> None:
    three = np.array([3], I32)
    assert evaluate(BINARY["pow"], [three, np.array([70], I32)], {}) is None
    assert evaluate(BINARY["pow"], [three, np.array([21], I32)], {}) is None
    assert evaluate(BINARY["div"], [three, np.array([0], I32)], {}) is None
