"""Reductions, normalisations, quantisation and einsum against onnx's reference evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

import aicc

REDUCTIONS = [
    "ReduceSum",
    "ReduceMean",
    "ReduceMax",
    "ReduceMin",
    "ReduceProd",
    "ReduceL1",
    "ReduceL2",
    "ReduceLogSum",
    "ReduceLogSumExp",
    "ReduceSumSquare",
]


def one_node(
    operator: str, arrays: list[Any], outputs: int = 1, opset: int = 18, **attributes: Any
) -> tuple[list[Any], list[Any]]:
    """Results of aicc and of the reference on a model of one node."""
    names = [f"x{i}" for i in range(len(arrays))]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(operator, names, results, **attributes)
    infos = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for n, a in zip(names, arrays, strict=True)
    ]
    outs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in results]
    graph = helper.make_graph([node], "g", infos, outs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    feeds = dict(zip(names, arrays, strict=True))
    got = aicc.compile(model, threads=1).run(feeds)
    return [got[n] for n in results], ReferenceEvaluator(model).run(None, feeds)


def check(operator: str, arrays: list[Any], tolerance: float = 1e-5, **options: Any) -> None:
    """The two agree."""
    got, want = one_node(operator, arrays, **options)
    for g, w in zip(got, want, strict=True):
        np.testing.assert_allclose(g, w, rtol=tolerance, atol=tolerance)


def positive(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(len(shape)).uniform(0.5, 2.0, shape).astype(np.float32)


def signed(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(len(shape)).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("operator", REDUCTIONS)
@pytest.mark.parametrize("axes", [[0], [-1], [1, 2], []])
@pytest.mark.parametrize("keepdims", [0, 1])
def test_reduction(operator: str, axes: list[int], keepdims: int) -> None:
    arrays = [positive(3, 5, 7), np.array(axes, np.int64)]
    check(operator, arrays, keepdims=keepdims)


@pytest.mark.parametrize("operator", REDUCTIONS)
def test_reduction_with_axes_as_attribute(operator: str) -> None:
    check(operator, [positive(4, 9, 2)], opset=11, axes=[1], keepdims=0)


@pytest.mark.parametrize("operator", ["ReduceSum", "ReduceMax", "ReduceMean"])
def test_reduction_without_axes_may_do_nothing(operator: str) -> None:
    check(operator, [signed(3, 4), np.array([], np.int64)], noop_with_empty_axes=1)


@pytest.mark.parametrize("size", [1, 15, 16, 17, 1000])
def test_long_rows(size: int) -> None:
    for operator in ("ReduceSum", "ReduceMax"):
        check(operator, [signed(5, size), np.array([1], np.int64)], tolerance=1e-4)


def test_infinity_and_nan_pass() -> None:
    x = np.array([[1, np.inf], [np.nan, 2], [-np.inf, -np.inf]], np.float32)
    axes = np.array([1], np.int64)
    for operator in ("ReduceMax", "ReduceSum"):
        check(operator, [x, axes])
    (got,), _ = one_node("ReduceLogSumExp", [x, axes], keepdims=0)
    np.testing.assert_array_equal(got, np.array([np.inf, np.nan, -np.inf], np.float32))


@pytest.mark.parametrize("operator", ["ArgMax", "ArgMin"])
@pytest.mark.parametrize("last", [0, 1])
@pytest.mark.parametrize("width", [16, 47, 300])
def test_position_in_long_rows(operator: str, last: int, width: int) -> None:
    x = np.random.default_rng(width).integers(-9, 9, (3, 5, width)).astype(np.float32)
    x[0, 1, 3], x[1, 2, -1], x[2, 0] = np.inf, -np.inf, -np.inf
    check(operator, [x], axis=-1, keepdims=0, select_last_index=last)


def test_position_of_nan() -> None:
    x = signed(4, 40)
    x[0, 7], x[1, 0], x[2, [5, 39]] = np.nan, np.nan, np.nan
    check("ArgMax", [x], axis=1, keepdims=0)


@pytest.mark.parametrize("axes", [[2, 3], [1, 2, 3], [0, 2, 3]])
@pytest.mark.parametrize("operator", ["ReduceSum", "ReduceMax", "ReduceMean"])
def test_rows_of_several_dimensions(operator: str, axes: list[int]) -> None:
    check(operator, [signed(2, 3, 5, 7), np.array(axes, np.int64)], keepdims=0)


@pytest.mark.parametrize("operator", ["ArgMax", "ArgMin"])
@pytest.mark.parametrize("last", [0, 1])
def test_position_of_extreme(operator: str, last: int) -> None:
    x = np.random.default_rng(1).integers(0, 3, (4, 11, 3)).astype(np.float32)
    for axis in (0, 1, -1):
        check(operator, [x], axis=axis, select_last_index=last, keepdims=last)


@pytest.mark.parametrize("exclusive", [0, 1])
@pytest.mark.parametrize("reverse", [0, 1])
def test_running_sum(exclusive: int, reverse: int) -> None:
    arrays = [signed(3, 6), np.array(1, np.int64)]
    check("CumSum", arrays, exclusive=exclusive, reverse=reverse)


def test_normalisations() -> None:
    image = signed(2, 6, 4, 5)
    check("LpNormalization", [image], axis=1, p=2)
    check("MeanVarianceNormalization", [image])
    check("Hardmax", [signed(3, 8)], axis=1)
    check("Hardmax", [signed(3, 0)], axis=1)
    scale, bias = positive(6), signed(6)
    check("GroupNormalization", [image, scale, bias], opset=21, num_groups=3)


def _compiled(operator: str, x: Any, **attributes: Any) -> Any:
    kind = helper.np_dtype_to_tensor_dtype(x.dtype)
    infos = [
        helper.make_tensor_value_info(*one) for one in (("x", kind, x.shape), ("y", kind, None))
    ]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    graph = helper.make_graph([node], "g", infos[:1], infos[1:])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    return aicc.compile(made, threads=1, cache=False)(x)


@pytest.mark.parametrize(
    "operator, attributes",
    [
        ("LpNormalization", {"axis": 1}),
        ("LRN", {"size": 3}),
        ("MeanVarianceNormalization", {}),
        ("GlobalLpPool", {}),
        ("LpPool", {"kernel_shape": [2, 3]}),
    ],
)
def test_norms_of_halves_are_rounded_once(operator: str, attributes: dict[str, Any]) -> None:
    image = (300 * signed(2, 6, 4, 5)).astype(np.float16)  # their squares are beyond float16
    half, wanted = (_compiled(operator, x, **attributes) for x in (image, image.astype(np.float32)))
    ulp = np.maximum(np.spacing(np.abs(wanted).astype(np.float16)), 2.0**-24).astype(np.float64)
    error = np.abs(half - wanted.astype(np.float64)) / ulp
    assert error.max() <= 0.501


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_statistics_of_a_layer_norm_are_float32(dtype: Any) -> None:
    """By the standard, whatever x is; onnx's evaluator leaves them in the type of x."""
    x, scale = (signed(*shape).astype(dtype) for shape in ((3, 4, 40), (40,)))
    (y, mean, inverse), _ = one_node("LayerNormalization", [x, scale], outputs=3)
    wide = x.astype(np.float64)
    assert (y.dtype, mean.dtype, inverse.dtype) == (dtype, np.float32, np.float32)
    np.testing.assert_allclose(mean, wide.mean(-1, keepdims=True), rtol=1e-5, atol=1e-7)
    deviation = np.sqrt(wide.var(-1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(inverse, 1 / deviation, rtol=1e-5)


@pytest.mark.parametrize("stash", [TensorProto.FLOAT, TensorProto.DOUBLE])
def test_float64_keeps_its_precision_in_a_group_norm(stash: int) -> None:
    """float32, which `stash_type` asks for by default, is the least it may be computed in."""
    x = signed(2, 6, 5, 3).astype(np.float64)
    arrays = [x, np.ones(6), np.zeros(6)]
    options = {"opset": 21, "num_groups": 2, "stash_type": stash}
    (y,), (evaluated,) = one_node("GroupNormalization", arrays, **options)
    groups = x.reshape(2, 2, -1)
    centred = groups - groups.mean(-1, keepdims=True)
    exact = centred / np.sqrt(groups.var(-1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(y, exact.reshape(x.shape), atol=1e-14)
    rounding = 1e-10 if stash == TensorProto.DOUBLE else 1e-6
    np.testing.assert_allclose(evaluated, y, atol=rounding)


def test_local_response_normalisation() -> None:
    """numpy's word: the reference evaluator confuses batch and channels."""
    x = signed(2, 6, 4, 5)
    (got,), _ = one_node("LRN", [x], size=3, alpha=0.01)
    padded = np.pad(x * x, ((0, 0), (1, 1), (0, 0), (0, 0)))
    squares = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    np.testing.assert_allclose(got, x / (1 + 0.01 / 3 * squares) ** 0.75, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.uint16])
def test_quantisation_saturates(dtype: Any) -> None:
    x = (signed(4, 33) * 1000).astype(np.float32)
    arrays = [x, np.float32(3.7), np.array(5, dtype)]
    check("QuantizeLinear", arrays, opset=21, tolerance=0)
    q = np.random.default_rng(0).integers(0, 100, (4, 33)).astype(dtype)
    check("DequantizeLinear", [q, np.float32(0.3), np.array(5, dtype)], opset=21)


def test_quantised_products() -> None:
    random = np.random.default_rng(0)
    a = random.integers(0, 255, (5, 7)).astype(np.uint8)
    b = random.integers(-128, 127, (7, 6)).astype(np.int8)
    zeros = [np.array(12, np.uint8), np.array(3, np.int8)]
    check("MatMulInteger", [a, b, *zeros], opset=10, tolerance=0)
    x = random.integers(0, 255, (1, 3, 9, 9)).astype(np.uint8)
    w = random.integers(0, 255, (4, 3, 3, 3)).astype(np.uint8)
    zero = np.array(7, np.uint8)
    check("ConvInteger", [x, w, zero], opset=10, tolerance=0, pads=[1, 1, 1, 1])


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ij,jk->ik", [(3, 4), (4, 5)]),
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]),
        ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]),
        ("ii->i", [(5, 5)]),
        ("ij->", [(3, 4)]),
        ("i,j->ij", [(3,), (4,)]),
        ("ij,ij->i", [(3, 4), (3, 4)]),
        ("ab,bc,cd->ad", [(2, 3), (3, 4), (4, 5)]),
        ("bhqd,bhkd->bhqk", [(1, 2, 3, 4), (1, 2, 5, 4)]),
        ("ij,jk", [(3, 4), (4, 5)]),
    ],
)
def test_einsum(equation: str, shapes: list[tuple[int, ...]]) -> None:
    check("Einsum", [signed(*s) for s in shapes], equation=equation, tolerance=1e-4)
