"""Determinants, deformable convolution, filter banks, n-grams, early scans and optimiser steps."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from onnx import TensorProto, ValueInfoProto, helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc
from aicc.diagnostics import InvalidModel, UnsupportedOp

RANDOM = np.random.default_rng(11)
TRAINING = "ai.onnx.preview.training"


def model_of(
    operator: str,
    arrays: dict[str, Any],
    outputs: int = 1,
    opset: int = 19,
    domain: str = "",
    **a: Any,
) -> Any:
    """One node; operands whose names start with `_` are left out, all others inputs."""
    results = [f"y{i}" for i in range(outputs)]
    names = ["" if n.startswith("_") else n for n in arrays]
    node = helper.make_node(operator, names, results, "node", domain=domain, **a)
    kind = helper.np_dtype_to_tensor_dtype
    inputs = [
        helper.make_tensor_value_info(n, kind(v.dtype), v.shape)
        for n, v in arrays.items()
        if not n.startswith("_")
    ]
    graph = helper.make_graph([node], "g", inputs, [ValueInfoProto(name=r) for r in results])
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid(TRAINING, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def run(operator: str, arrays: dict[str, Any], outputs: int = 1, **options: Any) -> list[Any]:
    model = model_of(operator, arrays, outputs, **options)
    feeds = {n: v for n, v in arrays.items() if not n.startswith("_")}
    return list(aicc.compile(model, threads=1).run(feeds).values())


def check(operator: str, arrays: dict[str, Any], outputs: int = 1, **options: Any) -> None:
    """Against onnx.reference."""
    model = model_of(operator, arrays, outputs, **options)
    feeds = {n: v for n, v in arrays.items() if not n.startswith("_")}
    expected = ReferenceEvaluator(model).run(None, feeds)
    for a, e in zip(run(operator, arrays, outputs, **options), expected, strict=True):
        assert a.shape == e.shape
        np.testing.assert_allclose(a, e, rtol=1e-4, atol=1e-5)


def f32(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(5, 5), (4, 3, 3), (2, 2, 6, 6), (1, 1), (0, 0), (3, 0, 0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_determinants(shape: tuple[int, ...], dtype: Any) -> None:
    x = RANDOM.standard_normal(shape).astype(dtype)
    x[..., :1, :1] = 0  # asks for an exchange of rows
    (y,) = run("Det", {"x": x})
    want = np.linalg.det(x.astype(np.float64))
    assert (y.dtype, y.shape) == (x.dtype, want.shape)
    np.testing.assert_allclose(y, want, rtol=1e-2 if dtype == np.float16 else 1e-4, atol=1e-3)


def test_singular_matrices() -> None:
    x = np.zeros((2, 3, 3), np.float32)
    x[1] = [[1, 2, 3], [2, 4, 6], [0, 1, 1]]
    np.testing.assert_allclose(run("Det", {"x": x})[0], [0, 0], atol=1e-6)


def test_deformable_convolution() -> None:
    attributes = {"strides": [2, 1], "pads": [1, 0, 1, 2], "dilations": [1, 2]}
    x, w = f32(2, 4, 6, 7), f32(6, 2, 3, 2)
    size = (3, 7)
    offset, mask = f32(2, 2 * 6 * 2, *size), f32(2, 2 * 6, *size)
    operands = {"x": x, "w": w, "offset": offset, "bias": f32(6), "mask": mask}
    check("DeformConv", operands, group=2, offset_group=2, **attributes)
    del operands["mask"]
    check("DeformConv", operands, group=2, offset_group=2, **attributes)


def test_deformable_convolution_without_offsets_is_convolution() -> None:
    operands = {"x": f32(1, 3, 5, 5, 4), "w": f32(4, 3, 2, 2, 2)}
    (want,) = run("Conv", operands)
    zeros = np.zeros((1, 8 * 3, *want.shape[2:]), np.float32)
    (got,) = run("DeformConv", {**operands, "offset": zeros})
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("bins", [4, 9])
def test_mel_weights(bins: int) -> None:
    """Many narrow bands share edges, which the standard treats apart."""
    values = {"bins": bins, "length": 32, "rate": 8192}
    arrays = {n: np.array(v, np.int32) for n, v in values.items()}
    arrays |= {"low": np.array(0, np.float32), "high": np.array(4096, np.float32)}
    check("MelWeightMatrix", arrays)
    check("MelWeightMatrix", arrays, output_datatype=TensorProto.DOUBLE)


GRAMS: dict[str, Any] = {
    "ngram_counts": [0, 4, 10],
    "ngram_indexes": [2, 0, 1, 3, 5, 4, 6, 7],
    "pool_int64s": [2, 3, 5, 4, 5, 6, 7, 8, 6, 7, 1, 2, 3],
    "weights": [0.5, 1.0, 2.0, 3.0, 0.25, 4.0, 5.0, 6.0],
}


def test_counts_of_n_grams() -> None:
    lengths = {"min_gram_length": 1, "max_gram_length": 3, "max_skip_count": 2}
    x = RANDOM.integers(1, 9, (3, 12)).astype(np.int32)
    check("TfIdfVectorizer", {"x": x}, mode="TF", **GRAMS, **lengths)
    check("TfIdfVectorizer", {"x": x[0].astype(np.int64)}, mode="TF", **GRAMS, **lengths)
    (counts,) = run("TfIdfVectorizer", {"x": x}, mode="TF", **GRAMS, **lengths)
    # weights belong to the n-grams, in the pool's order; onnx.reference takes them by column
    weights = np.zeros(8, np.float32)
    weights[GRAMS["ngram_indexes"]] = GRAMS["weights"]
    for mode, found in (("IDF", np.minimum(counts, 1)), ("TFIDF", counts)):
        (got,) = run("TfIdfVectorizer", {"x": x}, mode=mode, **GRAMS, **lengths)
        np.testing.assert_allclose(got, found * weights, rtol=1e-6)


def running_sum() -> Any:
    """state, element -> state + element, twice that."""
    nodes = [
        helper.make_node("Add", ["s", "e"], ["t"]),
        helper.make_node("Add", ["t", "t"], ["u"]),
    ]
    values = {n: helper.make_tensor_value_info(n, TensorProto.FLOAT, [2]) for n in "setu"}
    return helper.make_graph(nodes, "body", [values["s"], values["e"]], [values["t"], values["u"]])


def test_scan_of_a_batch() -> None:
    body, s, x = running_sum(), f32(3, 2), f32(3, 4, 2)
    options = {"outputs": 2, "opset": 8, "body": body, "num_scan_inputs": 1}
    total = s[:, None] + np.cumsum(x, axis=1)
    state, y = run("Scan", {"_lengths": None, "s": s, "x": x}, **options)
    np.testing.assert_allclose(state, total[:, -1], rtol=1e-5)
    np.testing.assert_allclose(y, 2 * total, rtol=1e-5)
    lengths = np.array([2, 4, 1], np.int64)
    state, y = run("Scan", {"lengths": lengths, "s": s, "x": x}, **options)
    np.testing.assert_allclose(state, total[np.arange(3), lengths - 1], rtol=1e-5)
    within = np.arange(4)[None, :, None] < lengths[:, None, None]
    np.testing.assert_allclose(y, np.where(within, 2 * total, 0), rtol=1e-5)


@pytest.mark.parametrize("count", [0, 3])
def test_steps_of_optimisers(count: int) -> None:
    head = {"r": np.array(0.1, np.float32), "t": np.array(count, np.int64)}

    def tensors(kinds: int) -> dict[str, Any]:
        return head | {f"v{k}{i}": np.abs(f32(3, 2 + i)) for k in range(kinds) for i in range(2)}

    shared = {"domain": TRAINING, "norm_coefficient": 0.01}
    check("Adagrad", tensors(3), 4, decay_factor=0.1, epsilon=1e-4, **shared)
    post = {"norm_coefficient_post": 0.02, "alpha": 0.9, "beta": 0.99, "epsilon": 1e-4}
    check("Adam", tensors(4), 6, **post, **shared)
    for mode in ("standard", "nesterov"):
        check("Momentum", tensors(3), 4, mode=mode, alpha=0.9, beta=0.5, **shared)


def test_powers_of_two() -> None:
    codes = np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e8m0fnu)
    (y,) = run("Cast", {"x": codes}, opset=24, to=TensorProto.FLOAT)
    np.testing.assert_array_equal(y, codes.astype(np.float32))


@pytest.mark.parametrize("mode", ["up", "down", "nearest"])
def test_rounding_to_powers_of_two(mode: str) -> None:
    x = np.array([1, 1.25, 1.5, 1.75, 2, 3e38, 0, 2.0**-127, 2.5e-38, np.nan], np.float32)
    options = {"opset": 24, "to": TensorProto.FLOAT8E8M0, "round_mode": mode}
    with np.errstate(divide="ignore"):
        exponent = np.log2(x.astype(np.float64))
    low = np.floor(exponent)
    grows = {"up": exponent > low, "down": False, "nearest": x >= 1.5 * 2.0**low}[mode]
    want = np.clip(low + grows, -127, 127) + 127
    (y,) = run("Cast", {"x": x}, **options)
    np.testing.assert_array_equal(y.view(np.uint8)[:-1], want[:-1])
    assert y.view(np.uint8)[-1] == 255
    (y,) = run("Cast", {"x": np.array([np.inf, 0], np.float32)}, saturate=0, **options)
    np.testing.assert_array_equal(y.view(np.uint8), [255, 255])


def largest_of_bins(x: Any, rois: Any, bins: tuple[int, int], scale: float) -> Any:
    """MaxRoiPool, bin by bin."""
    y = np.zeros((len(rois), x.shape[1], *bins), x.dtype)
    for r, (sample, *corners) in enumerate(rois):
        # half away from 0
        x1, y1, x2, y2 = (np.sign(c) * np.floor(abs(c) * scale + 0.5) for c in corners)
        high, wide = max(y2 - y1 + 1, 1) / bins[0], max(x2 - x1 + 1, 1) / bins[1]
        for i, j in np.ndindex(*bins):
            rows = np.clip([y1 + np.floor(i * high), y1 + np.ceil((i + 1) * high)], 0, x.shape[2])
            columns = np.clip(
                [x1 + np.floor(j * wide), x1 + np.ceil((j + 1) * wide)], 0, x.shape[3]
            )
            (top, bottom), (left, right) = rows.astype(int), columns.astype(int)
            if top < bottom and left < right:
                y[r, :, i, j] = x[int(sample), :, top:bottom, left:right].max(axis=(1, 2))
    return y


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_maxima_of_regions(scale: float) -> None:
    x = f32(2, 3, 12, 16)
    corners = [RANDOM.uniform(-3, 24, (20, 2)) for _ in range(2)]
    rois = np.concatenate([RANDOM.integers(0, 2, (20, 1)), *corners], 1).astype(np.float32)
    options = {"pooled_shape": [3, 4], "spatial_scale": scale}
    (y,) = run("MaxRoiPool", {"x": x, "rois": rois}, **options)
    np.testing.assert_array_equal(y, largest_of_bins(x, rois, (3, 4), scale))


def test_norms_of_integers() -> None:
    x = RANDOM.integers(1, 5, (3, 4, 5)).astype(np.int32)
    real, options = x.astype(np.float64), {"opset": 13, "axes": [1], "keepdims": 0}
    wanted = {
        "ReduceL2": np.sqrt((real**2).sum(1)),
        "ReduceLogSum": np.log(real.sum(1)),
        "ReduceLogSumExp": np.log(np.exp(real).sum(1)),
    }
    for operator, want in wanted.items():
        np.testing.assert_array_equal(run(operator, {"x": x}, **options)[0], want.astype(np.int32))


def test_a_sum_over_a_dimension_that_is_repeated() -> None:
    a, b = f32(3, 1), f32(4, 5)
    (y,) = run("Einsum", {"a": a, "b": b}, equation="ij,jk->ik")
    np.testing.assert_allclose(y, np.broadcast_to(a, (3, 4)) @ b, rtol=1e-4, atol=1e-5)


def test_statistics_of_every_element() -> None:
    x, scale, bias, mean = f32(2, 3, 4), f32(3, 4), f32(3, 4), f32(3, 4)
    variance = np.abs(f32(3, 4))
    arrays = {"x": x, "scale": scale, "bias": bias, "mean": mean, "variance": variance}
    (y,) = run("BatchNormalization", arrays, opset=7, spatial=0)
    want = (x - mean) / np.sqrt(variance + 1e-5) * scale + bias
    np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-5)


def test_refusals() -> None:
    with pytest.raises(InvalidModel, match="square"):
        run("Det", {"x": f32(2, 3)})
    strings = {"mode": "TF", "min_gram_length": 1, "max_gram_length": 1, "max_skip_count": 0}
    grams = {"ngram_counts": [0], "ngram_indexes": [0], "pool_strings": ["a"]}
    with pytest.raises(UnsupportedOp, match="strings"):
        run("TfIdfVectorizer", {"x": np.array([1], np.int64)}, **strings, **grams)


def test_padded_convolution_of_bfloat16() -> None:
    """Its copies of single numbers are copies of words: LLVM cannot take a bf16 out of a vector."""
    kind = np.dtype(ml_dtypes.bfloat16)
    w = np.random.default_rng(0).integers(-4, 5, (3, 16, 2, 2)).astype(kind)
    weights = {"w": w, "i": np.array([-1, -2, 2])}
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Gather", ["c", "i"], ["y"], axis=1),
    ]
    made = model(nodes, {"x": [1, 16, 1, 1]}, ["y"], weights, opset=22)
    for value in (*made.graph.input, *made.graph.output):
        value.type.tensor_type.elem_type = TensorProto.BFLOAT16
    y = aicc.compile(made, opt_level=0, threads=1, cache=False)(np.ones((1, 16, 1, 1), kind))
    wanted = w.astype(np.float32).sum(1)[None, :, ::-1, ::-1][:, [2, 1, 2]]
    np.testing.assert_array_equal(y.astype(np.float32), wanted)
