"""dynamic=True: products, on code for chunks of rows or loops along rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from compile_models import convolutions
from onnx import helper
from onnx_models import model
from text_models import compiled

import aicc
import aicc.dynamic.units
from aicc.dynamic.chunk_code import ChunkCode

RANDOM = np.random.default_rng(3)


def with_gelu() -> onnx.ModelProto:
    weights = {"w": RANDOM.standard_normal((384, 768)).astype(np.float32) / 20}
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"]),
        helper.make_node("Gelu", ["m"], ["y"]),
    ]
    return model(nodes, {"x": ["batch", "steps", 384]}, ["y"], weights, opset=20)


def attention() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["x", "t"], ["s"]),
        helper.make_node("Softmax", ["s"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "x"], ["y"]),
    ]
    return model(nodes, {"x": ["batch", "steps", 24]}, ["y"])


@pytest.mark.parametrize("proto", [with_gelu(), attention()], ids=["gelu", "attention"])
def test_products_serve_all_shapes(proto: onnx.ModelProto) -> None:
    exe = aicc.compile(proto, dynamic=True, threads=1)
    width = proto.graph.input[0].type.tensor_type.shape.dim[2].dim_value
    for shape in [(2, 70), (1, 9), (3, 5), (4, 1), (1, 1), (2, 64)]:
        x = RANDOM.standard_normal((*shape, width)).astype(np.float32)
        expected = aicc.compile(proto, shapes={"x": x.shape}, threads=1)(x)
        np.testing.assert_allclose(exe(x), expected, rtol=1e-4, atol=1e-5)
    assert exe.compile_count == 1


def test_chunks_may_have_workspaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that ends in a function keeps its tile in memory: still code for known sizes."""
    found: list[ChunkCode | None] = []
    lowered = aicc.dynamic.units.lowered

    def watched(*arguments: Any) -> ChunkCode | None:
        found.append(lowered(*arguments))
        return found[-1]

    monkeypatch.setattr(aicc.dynamic.units, "lowered", watched)
    aicc.compile(with_gelu(), dynamic=True, threads=1)(np.ones((2, 70, 384), np.float32))
    assert found and all(found)


def test_workspaces_are_as_large_as_the_largest() -> None:
    code = ChunkCode("", frozenset(), {16: [64, 8], 1: [128]})
    assert code.shared == [128, 8]


def test_parts_of_stepped_models_count_their_compilations() -> None:
    text = """g (string[n] s, float[n,m] x) => (string[n] t, float[n,m] y) {
                t = StringConcat (s, s)
                y = Exp (x)
              }"""
    exe = compiled(text, dynamic=True)
    assert exe.compile_count == 0
    for shape in [(2, 3), (4, 5), (3, 9)]:
        names = np.array(["a"] * shape[0], object)
        y = exe.run({"s": names, "x": np.ones(shape, np.float32)})["y"]
        np.testing.assert_allclose(y, np.full(shape, np.e), rtol=1e-5)
    assert exe.compile_count == 1


def test_static_builds_count_their_shapes() -> None:
    exe = aicc.compile(convolutions(size="side"), threads=1)
    for side in (9, 12, 9):
        exe.run({"x": np.ones((1, 3, side, side), np.float32)})
    assert exe.compile_count == 2
