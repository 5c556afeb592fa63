"""dynamic=True: one compilation for all shapes, results as those of a build for just one."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from compile_models import convolutions
from onnx import helper
from onnx_models import model

import aicc
from aicc._mlir import ir
from aicc.diagnostics import ShapeError, UnsupportedOption
from aicc.dynamic.chunks import counts_of
from aicc.dynamic.constant_data import data_of
from aicc.dynamic.family import family_of, word_of
from aicc.dynamic.skeleton import Skeleton, Slot, skeleton_of

FUNCTION = """  llvm.func @code(%arg0: !llvm.ptr, %arg1: !llvm.ptr) {{
    %0 = llvm.mlir.constant({size} : index) : i64
    %1 = llvm.mlir.constant(1 : index) : i64
    %2 = llvm.getelementptr %arg0[{size}] : (!llvm.ptr) -> !llvm.ptr, f32
    %3 = llvm.load %2 : !llvm.ptr -> i64
    %4 = llvm.add %3, %0 : i64
    %5 = llvm.add %4, %1 : i64
    llvm.store %5, %arg1 : i64, !llvm.ptr
    llvm.return
  }}"""


def skeleton(size: int) -> Skeleton:
    return skeleton_of(FUNCTION.format(size=size), {}, ())


def test_sizes_are_taken_out_of_the_text() -> None:
    small, large = skeleton(3), skeleton(37)
    assert small.text == large.text
    assert "37" not in large.text and "constant" not in large.text
    assert [slot.value for slot in large.slots] == ["37 : i64", "37 : i64", "1 : i64"]


def test_what_differs_between_samples_is_a_parameter() -> None:
    family = family_of([skeleton(3), skeleton(5), skeleton(8)])
    assert family.parameters == (0, 0, -1)
    assert family_of([skeleton(3), skeleton(5)]).parameters == (0, 1, -1)
    bound = family.bind(skeleton(100).slots)
    assert bound is not None and [word_of(slot) for slot in bound] == [100]


def test_other_constants_are_another_family() -> None:
    family = family_of([skeleton(3), skeleton(5), skeleton(8)])
    slots = list(skeleton(7).slots)
    assert family.bind([*slots[:2], Slot("2 : i64", "i64")]) is None
    assert family.bind([slots[0], Slot("8 : i64", "i64"), slots[2]]) is None


def test_one_sample_makes_every_size_a_parameter_of_its_own() -> None:
    assert family_of([skeleton(3)]).parameters == (0, 1, -1)


@pytest.mark.parametrize(
    ("value", "type_", "word"),
    [
        ("-3 : i64", "i64", -3),
        ("5 : i8", "i8", 5),
        ("1.000000e+00 : f32", "f32", 0x3F800000),
        ("0x7FC00000 : f32", "f32", 0x7FC00000),
        ("1.000000e+00 : bf16", "bf16", 0x3F80),
        ("1.000000e+00 : f16", "f16", 0x3C00),
        ("dense<2.000000e+00> : vector<16xf32>", "vector<16xf32>", 0x40000000),
        ("dense<[true, true, false, false, false, false, false, true]> : vector<8xi1>",
         "vector<8xi1>", -125),
    ],
)  # fmt: skip
def test_words_hold_numbers_splats_and_masks(value: str, type_: str, word: int) -> None:
    assert word_of(Slot(value, type_)) == word


def test_chunks_cover_all_rows() -> None:
    for rows in range(200):
        counts = counts_of((64, 16, 4, 1), rows)
        assert sum(n * c for n, c in zip((64, 16, 4, 1), counts, strict=True)) == rows


def perceptron() -> onnx.ModelProto:
    random = np.random.default_rng(0)
    weights = {
        "w": random.standard_normal((48, 96)).astype(np.float32) / 8,
        "b": random.standard_normal(96).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"]),
        helper.make_node("Add", ["m", "b"], ["a"]),
        helper.make_node("Softmax", ["a"], ["y"], axis=-1),
    ]
    return model(nodes, {"x": ["batch", "steps", 48]}, ["y"], weights)


def assert_like_static(exe: Any, proto: onnx.ModelProto, x: np.ndarray) -> None:
    expected = aicc.compile(proto, shapes={"x": x.shape}, threads=1).run({"x": x})
    for name, found in exe.run({"x": x}).items():
        np.testing.assert_allclose(found, expected[name], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("level", [0, 1, 3])
def test_one_compilation_serves_all_shapes(level: int) -> None:
    proto = perceptron()
    exe = aicc.compile(proto, dynamic=True, threads=1, opt_level=level)
    random = np.random.default_rng(1)
    for shape in [(2, 5), (3, 30), (1, 9), (4, 1), (1, 1), (2, 40)]:
        assert_like_static(exe, proto, random.standard_normal((*shape, 48)).astype(np.float32))
    assert exe.compile_count == 1


def test_images_of_all_sizes() -> None:
    proto = convolutions(size="side")
    exe = aicc.compile(proto, dynamic=True, threads=1)
    random = np.random.default_rng(2)
    for side in (12, 9, 20):
        x = random.standard_normal((1, 3, side, side)).astype(np.float32)
        assert_like_static(exe, proto, x)
    assert exe.compile_count == 1


def test_threads_do_not_change_results() -> None:
    proto = perceptron()
    exe = aicc.compile(proto, dynamic=True, threads=2)
    x = np.random.default_rng(3).standard_normal((3, 50, 48)).astype(np.float32)
    assert_like_static(exe, proto, x)


def test_tables_of_constants_are_data() -> None:
    """Positions, folded for each length: neither their number nor their contents are code."""
    nodes = [
        helper.make_node("Shape", ["x"], ["n"]),
        helper.make_node("Squeeze", ["n"], ["s"]),
        helper.make_node("Range", ["zero", "s", "one"], ["r"]),
        helper.make_node("Cast", ["r"], ["f"], to=1),
        helper.make_node("Mul", ["x", "f"], ["y"]),
    ]
    given = {"zero": np.array(0, np.int64), "one": np.array(1, np.int64)}
    exe = aicc.compile(model(nodes, {"x": ["n"]}, ["y"], given), dynamic=True, threads=1)
    for n in (5, 100, 3000):
        np.testing.assert_array_equal(exe(np.full(n, 2, np.float32)), 2 * np.arange(n))
    assert exe.compile_count == 1


def test_sizes_that_are_equal_by_chance_are_no_rule() -> None:
    """The first run slices nothing off, and 6 is twice 3; no later one is like it."""
    nodes = [
        helper.make_node("Slice", ["x", "zero", "six", "one"], ["s"]),
        helper.make_node("ReduceSum", ["s", "one"], ["y"], keepdims=0),
    ]
    given = {k: np.array([v], np.int64) for k, v in {"zero": 0, "one": 1, "six": 6}.items()}
    proto = model(nodes, {"x": ["rows", "columns", 5]}, ["y"], given)
    exe = aicc.compile(proto, dynamic=True, threads=1)
    random = np.random.default_rng(4)
    for shape in [(3, 6, 5), (4, 9, 5), (7, 20, 5)]:
        assert_like_static(exe, proto, random.standard_normal(shape).astype(np.float32))
    assert exe.compile_count == 1


def test_sizes_that_may_only_be_multiples() -> None:
    """No free choice of sizes is valid: blocks of two."""
    nodes = [helper.make_node("SpaceToDepth", ["x"], ["y"], blocksize=2)]
    proto = model(nodes, {"x": [1, "channels", "height", "width"]}, ["y"])
    exe = aicc.compile(proto, dynamic=True, threads=1)
    random = np.random.default_rng(5)
    for shape in [(1, 2, 4, 6), (1, 3, 4, 10), (1, 5, 14, 8)]:
        assert_like_static(exe, proto, random.standard_normal(shape).astype(np.float32))
    assert exe.compile_count == 1


@pytest.mark.parametrize(
    ("type_", "value", "data"),
    [
        ("i64", "24 : i64", "dense<24> : tensor<i64>"),
        ("!llvm.array<2 x i8>", "dense<[1, 2]> : tensor<2xi8>", "dense<[1, 2]> : tensor<2xi8>"),
        ("!llvm.array<2 x bf16>", "dense<[1.0, 0xFF80]> : tensor<2xbf16>",
         "dense<[16256, -128]> : tensor<2xi16>"),
        ("!llvm.array<2 x bf16>", "dense<0x7FC0> : tensor<2xbf16>",
         "dense<32704> : tensor<2xi16>"),
        ("bf16", "1.0 : bf16", ""),
    ],
)  # fmt: skip
def test_constant_globals_are_read_as_data(type_: str, value: str, data: str) -> None:
    with ir.Context():
        module = ir.Module.parse(f"llvm.mlir.global private constant @c({value}) : {type_}")
        assert data_of(module.body.operations[0].operation) == data


def test_wrong_shapes_are_refused_as_ever() -> None:
    exe = aicc.compile(perceptron(), dynamic=True, threads=1)
    with pytest.raises(ShapeError, match="expects"):
        exe.run({"x": np.zeros((2, 5, 47), np.float32)})


def test_it_cannot_be_saved(tmp_path: Any) -> None:
    exe = aicc.compile(perceptron(), dynamic=True, threads=1)
    with pytest.raises(UnsupportedOption, match="next step"):
        exe.save(tmp_path / "x.aicc")
