"""Operators of com.microsoft against ONNX Runtime, whose own they are.

Only ONNX Runtime defines them, so the comparison needs it; what has a short formula is compared
with numpy in test_onnx_microsoft_formulas.py, without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from one_node import Arrays, feeds_of, node_model

import aicc

onnxruntime = pytest.importorskip(
    "onnxruntime", reason="its own operators are compared with ONNX Runtime"
)


def run_both(operator: str, arrays: Arrays, outputs: Sequence[bool], attributes: Any) -> Any:
    """(aicc's results, ONNX Runtime's)."""
    model = node_model(operator, arrays, outputs, **attributes)
    feeds = feeds_of(arrays)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return list(aicc.compile(model, threads=1).run(feeds).values()), session.run(None, feeds)


def check(
    operator: str, arrays: Arrays, outputs: int | Sequence[bool] = 1, **attributes: Any
) -> None:
    wanted = [True] * outputs if isinstance(outputs, int) else outputs
    actual, expected = run_both(operator, arrays, wanted, attributes)
    assert len(actual) == len(expected)
    for a, e in zip(actual, expected, strict=True):
        assert (a.dtype, a.shape) == (e.dtype, e.shape)
        if a.dtype.kind in "iu":
            # a tie may be rounded otherwise after other roundings
            distance = np.abs(a.astype(np.int64) - e.astype(np.int64))
            assert distance.max(initial=0) <= (1 if a.dtype.itemsize == 1 else 0)
            assert (distance > 0).sum() <= max(1, distance.size // 50)
        else:
            np.testing.assert_allclose(a, e, rtol=2e-4, atol=2e-5)


class Values:
    """Random operands."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(7)

    def f(self, *shape: int) -> Any:
        return self.random.standard_normal(shape).astype(np.float32)

    def u8(self, *shape: int) -> Any:
        return self.random.integers(0, 256, shape, np.uint8)

    def i8(self, *shape: int) -> Any:
        return self.random.integers(-128, 128, shape, np.int8)

    def i32(self, high: int, *shape: int) -> Any:
        return self.random.integers(0, high, shape, np.int32)


@pytest.fixture
def v() -> Values:
    return Values()


def scalar(value: float, dtype: Any = np.float32) -> Any:
    return np.array(value, dtype)


def test_activations(v: Values) -> None:
    check("Gelu", [v.f(3, 8)])
    check("BiasGelu", [v.f(3, 8), v.f(8)])
    check("FastGelu", [v.f(3, 8), v.f(8)])
    check("FastGelu", [v.f(3, 8)])
    check("QuickGelu", [v.f(3, 8)])
    check("QuickGelu", [v.f(3, 8)], alpha=1.0)


def test_normalizations(v: Values) -> None:
    check("SimplifiedLayerNormalization", [v.f(2, 3, 8), v.f(8)], domain="", epsilon=1e-4)
    check("SkipLayerNormalization", [v.f(2, 3, 8), v.f(2, 3, 8), v.f(8), v.f(8), v.f(8)])
    check("SkipLayerNormalization", [v.f(2, 3, 8), v.f(3, 8), v.f(8)])
    both = [v.f(2, 3, 8), v.f(2, 3, 8)]
    check("SkipLayerNormalization", [*both, v.f(8), v.f(8)], [True, False, False, True])
    check("SkipSimplifiedLayerNormalization", [*both, v.f(8)], [True, False, False, True])
    check("SkipSimplifiedLayerNormalization", [*both, v.f(8), v.f(8)])


def test_embeddings(v: Values) -> None:
    tables = [v.f(20, 8), v.f(6, 8)]
    norm = [v.f(8), v.f(8)]
    ids, segment_ids = v.i32(20, 2, 5), v.i32(2, 2, 5)
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], np.int32)
    full = [ids, segment_ids, *tables, v.f(2, 8), *norm, mask]
    check("EmbedLayerNormalization", full, 2)
    check("EmbedLayerNormalization", full, 3)
    check("EmbedLayerNormalization", [ids, None, *tables, None, *norm], 2)
    check("EmbedLayerNormalization", [*full[:7], None, v.i32(6, 2, 5)], 2)


def test_products(v: Values) -> None:
    check("FusedMatMul", [v.f(2, 3, 4), v.f(2, 4, 5)], alpha=0.5)
    check("FusedMatMul", [v.f(2, 4, 3), v.f(2, 5, 4)], transA=1, transB=1)
    check("FusedMatMul", [v.f(3, 2, 4), v.f(4, 2, 5)], transBatchA=1, transBatchB=1)
    check("FusedMatMul", [v.f(4, 2, 3), v.f(2, 4, 5)], transBatchA=1, transA=1)
    check("TransposeMatMul", [v.f(4, 3), v.f(4, 5)], transA=1)
    check("FusedGemm", [v.f(3, 4), v.f(5, 4), v.f(5)], transB=1, activation="Relu")
    check("FusedGemm", [v.f(3, 4), v.f(4, 5)], activation="LeakyRelu", activation_alpha=0.3)


def test_fused_convolutions(v: Values) -> None:
    x, w, bias = v.f(1, 3, 6, 6), v.f(4, 3, 3, 3), v.f(4)
    check("FusedConv", [x, w, bias], activation="Relu", pads=[1, 1, 1, 1])
    check("FusedConv", [x, w, bias], activation="Clip", activation_params=[-0.5, 0.5])
    check("FusedConv", [x, w, bias, v.f(1, 4, 4, 4)], activation="Relu")


@pytest.mark.parametrize("rows", [1, 6])
def test_blockwise_weights(v: Values, rows: int) -> None:
    columns, depth, size = 5, 40, 16
    blocks = -(-depth // size)
    for bits in (4, 8):
        a, b = v.f(2, rows, depth), v.u8(columns, blocks, size * bits // 8)
        scales = np.abs(v.f(columns * blocks)) * 0.1
        attributes = {"K": depth, "N": columns, "bits": bits, "block_size": size}
        check("MatMulNBits", [a, b, scales], **attributes)
        zeros = v.u8(columns * -(-blocks * bits // 8))
        check("MatMulNBits", [a, b, scales, zeros], **attributes)
        check("MatMulNBits", [a, b, scales, zeros, None, v.f(columns)], **attributes)


def test_gathered_blocks(v: Values) -> None:
    data, scales = v.u8(7, 16), np.abs(v.f(7, 2))
    indices = v.i32(7, 2, 3)
    attributes = {"gather_axis": 0, "quantize_axis": 1, "block_size": 16}
    check("GatherBlockQuantized", [data, indices, scales], **attributes)
    check("GatherBlockQuantized", [data, indices, scales, v.u8(7, 1)], **attributes)


A, Y = (scalar(0.05), scalar(120, np.uint8)), (scalar(0.03), scalar(100, np.uint8))


def test_quantized_elementwise(v: Values) -> None:
    x, y = v.u8(3, 16), v.u8(3, 16)
    for operator in ("QLinearAdd", "QLinearMul"):
        check(operator, [x, *A, y, *Y, scalar(0.11), scalar(97, np.uint8)])
        check(operator, [x, *A, y[0], *Y, scalar(0.11), scalar(97, np.uint8)])
        signed = [v.i8(4, 9), A[0], scalar(3, np.int8), v.i8(4, 9), Y[0], scalar(-4, np.int8)]
        check(operator, [*signed, scalar(0.11), scalar(5, np.int8)])
    check("QLinearSigmoid", [x, *A, scalar(1 / 256), scalar(0, np.uint8)])
    check("QLinearLeakyRelu", [x, *A, *Y], alpha=0.2)
    check("QLinearSoftmax", [x, *A, scalar(1 / 256), scalar(0, np.uint8)], axis=-1, opset=13)
    image = [v.u8(2, 6, 1, 1), *A, scalar(1 / 256), scalar(0, np.uint8)]
    check("QLinearSoftmax", image, opset=9, axis=1)
    check("QLinearSoftmax", image, opset=13, axis=1)
    check("QLinearConcat", [*Y, x, *A, y, scalar(0.02), scalar(3, np.uint8)], axis=1)
    condition = v.random.integers(0, 2, (3, 16)).astype(bool)
    check("QLinearWhere", [condition, x, *A, y, *Y, scalar(0.07), scalar(90, np.uint8)])


def test_quantized_pooling(v: Values) -> None:
    x = v.u8(2, 3, 6, 5)
    check("QLinearGlobalAveragePool", [x, *A, *Y])
    check("QLinearGlobalAveragePool", [x, *A, *Y], channels_last=1)
    window = {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 1, 1]}
    check("QLinearAveragePool", [x, *A, *Y], **window)
    check("QLinearAveragePool", [x, *A, *Y], channels_last=1, count_include_pad=1, **window)
    check("NhwcMaxPool", [x], **window)
    check("NhwcMaxPool", [v.i8(2, 6, 5, 3)], kernel_shape=[2, 2])


def test_quantized_products(v: Values) -> None:
    a, b = v.u8(3, 16), v.i8(16, 5)
    zero = scalar(7, np.int8)
    sums = v.random.integers(-1000, 1000, 5).astype(np.int32)
    check("QGemm", [a, *A, b, scalar(0.02), zero, sums, scalar(0.2), scalar(128, np.uint8)])
    check("QGemm", [a, *A, b.T.copy(), scalar(0.02), zero, sums], transB=1, alpha=0.5)
    check("MatMulIntegerToFloat", [a, b, A[0], scalar(0.02), A[1], zero, v.f(5)])
    per_column = [np.abs(v.f(5)), A[1], v.i8(5)]
    check("MatMulIntegerToFloat", [a, b, A[0], *per_column])
    check("DynamicQuantizeMatMul", [v.f(3, 16), b, scalar(0.02), zero, v.f(5)])
    check("DynamicQuantizeMatMul", [v.f(2, 3, 16), b, np.abs(v.f(5))])


def test_quantized_convolution_with_channels_last(v: Values) -> None:
    x, w = v.u8(1, 6, 6, 4), v.i8(8, 4, 3, 3)
    operands = [x, *A, w, scalar(0.02), scalar(0, np.int8), scalar(0.3), scalar(128, np.uint8)]
    check("QLinearConv", operands, channels_last=1, pads=[1, 1, 1, 1])


def test_distances(v: Values) -> None:
    check("CDist", [v.f(4, 6), v.f(5, 6)], metric="euclidean")
    check("CDist", [v.f(4, 6), v.f(5, 6)], metric="sqeuclidean")


def test_operators_that_moved(v: Values) -> None:
    check("Trilu", [v.f(4, 6)], upper=0)
    check("GridSample", [v.f(1, 2, 4, 5), v.f(1, 3, 3, 2)], mode="bilinear")


@pytest.mark.parametrize("kind", [0, 1])
def test_weights_as_bitsandbytes_has_them(v: Values, kind: int) -> None:
    codes, largest = v.u8(5 * 32 // 2), np.abs(v.f(10))
    attributes = {"K": 32, "N": 5, "block_size": 16, "quant_type": kind}
    check("MatMulBnb4", [v.f(2, 3, 32), codes, largest], **attributes)


def test_quantized_embeddings(v: Values) -> None:
    ids, kinds = v.i32(20, 2, 5), v.i32(2, 2, 5)
    tables = [v.u8(20, 8), v.u8(6, 8), v.u8(2, 8), v.u8(8), v.u8(8)]
    scales = [scalar(s) for s in (0.01, 0.02, 0.03, 0.01, 0.02)]
    zeros = [scalar(z, np.uint8) for z in (120, 130, 128, 100, 127)]
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], np.int32)
    check("QEmbedLayerNormalization", [ids, kinds, *tables, mask, *scales, *zeros], 2)


@pytest.mark.parametrize("columns", [1, 16])
def test_dynamic_lstm(v: Values, columns: int) -> None:
    """ONNX Runtime rounds x and h to 8 bits, so this is a comparison within that."""
    w, r = v.i8(1, 3, 16), v.i8(1, 4, 16)
    scale = [np.full((1, columns) if columns > 1 else (1,), s, np.float32) for s in (0.01, 0.005)]
    zero = [np.zeros(s.shape, np.int8) for s in scale]
    pairs = [scale[0], zero[0], scale[1], zero[1]]
    arrays = [v.f(5, 2, 3), w, r, v.f(1, 32), None, None, None, None, *pairs]
    ours, theirs = run_both("DynamicQuantizeLSTM", arrays, [True] * 3, {"hidden_size": 4})
    for a, e in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, e, atol=0.05)
