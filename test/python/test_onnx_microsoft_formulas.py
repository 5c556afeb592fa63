"""Operators of com.microsoft against formulas in numpy, without ONNX Runtime."""

from __future__ import annotations

from math import erf, sqrt
from typing import Any

import numpy as np
import pytest
from one_node import node_model, run_node

import aicc
from aicc.diagnostics import UnsupportedOp

RANDOM = np.random.default_rng(5)


def f(*shape: int) -> Any:
    return RANDOM.standard_normal(shape).astype(np.float32)


def u8(*shape: int) -> Any:
    return RANDOM.integers(0, 256, shape, np.uint8)


def close(actual: Any, expected: Any) -> None:
    assert actual.shape == np.asarray(expected).shape
    np.testing.assert_allclose(actual, expected, rtol=2e-4, atol=2e-5)


def gelu(x: Any) -> Any:
    return x * 0.5 * (1 + np.vectorize(erf)(x / sqrt(2)))


def softmax(x: Any) -> Any:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def normal(x: Any, axes: Any = -1, epsilon: float = 1e-5) -> Any:
    centred = x - x.mean(axis=axes, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=axes, keepdims=True) + epsilon)


def heads(x: Any, count: int) -> Any:
    batch, length, width = x.shape
    return x.reshape(batch, length, count, width // count).transpose(0, 2, 1, 3)


def attended(q: Any, k: Any, v: Any, bias: Any = 0.0) -> Any:
    y = softmax(q @ k.swapaxes(2, 3) / sqrt(q.shape[3]) + bias) @ v
    return y.transpose(0, 2, 1, 3).reshape(q.shape[0], q.shape[2], -1)


def test_activations() -> None:
    x, bias = f(3, 8), f(8)
    close(run_node("Gelu", [x])[0], gelu(x))
    close(run_node("BiasGelu", [x, bias])[0], gelu(x + bias))
    close(run_node("QuickGelu", [x], alpha=2.0)[0], x * sigmoid(2 * x))
    close(run_node("BiasAdd", [x, bias, x])[0], 2 * x + bias)
    y = x + bias
    close(run_node("BiasSplitGelu", [x, bias])[0], y[:, :4] * gelu(y[:, 4:]))
    tanh = 0.5 * x * (1 + np.tanh(sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    close(run_node("FastGelu", [x])[0], tanh)
    w = f(8, 3)
    product = x @ w
    wanted = 0.5 * product * (1 + np.tanh(sqrt(2 / np.pi) * (product + 0.044715 * product**3)))
    close(run_node("GemmFastGelu", [x, w])[0], wanted)


def test_softmax_with_a_bias() -> None:
    x, outer, inner = f(2, 3, 4, 5), f(1, 1, 4, 5), f(2, 1, 1, 5)
    for bias, is_inner in ((outer, 0), (inner, 1)):
        got = run_node("BiasSoftmax", [x, bias], axis=3, is_inner_broadcast=is_inner)[0]
        close(got, softmax(x + bias))


def test_dropout_is_the_identity() -> None:
    x, bias, residual = f(3, 8), f(8), f(3, 8)
    y, mask = run_node("BiasDropout", [x, bias, residual], [True, True])
    close(y, x + bias + residual)
    assert mask.all()


def test_normalizations() -> None:
    x, skip, gamma, beta, bias = f(2, 3, 8), f(2, 3, 8), f(8), f(8), f(8)
    total = x + skip + bias
    wanted = [True, True, True, True]
    y, mean, inverse, summed = run_node(
        "SkipLayerNormalization", [x, skip, gamma, beta, bias], wanted, epsilon=1e-5
    )
    close(y, normal(total) * gamma + beta)
    close(mean, total.mean(axis=-1, keepdims=True))
    close(inverse, 1 / np.sqrt(total.var(axis=-1, keepdims=True) + 1e-5))
    close(summed, total)
    root = np.sqrt((total**2).mean(axis=-1, keepdims=True) + 1e-5)
    arrays = [x, skip, gamma, bias]
    y, inverse = run_node("SkipSimplifiedLayerNormalization", arrays, [True, False, True])
    close(y, total / root * gamma)
    close(inverse, 1 / root)
    root = np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
    close(run_node("SimplifiedLayerNormalization", [x, gamma])[0], x / root * gamma)
    close(run_node("LayerNormalization", [x, gamma, beta])[0], normal(x) * gamma + beta)


@pytest.mark.parametrize("last", [0, 1])
def test_group_norm(last: int) -> None:
    """CPU builds of ONNX Runtime lack these."""
    gamma, beta, bias = f(6), f(6), f(6)
    x = f(2, 6, 4, 5)
    y = normal(x.reshape(2, 3, 40), 2).reshape(x.shape)
    y = y * gamma[:, None, None] + beta[:, None, None]
    turned = x.transpose(0, 2, 3, 1).copy() if last else x
    (got,) = run_node(
        "GroupNorm", [turned, gamma, beta], activation=1, groups=3, channels_last=last
    )
    close(got.transpose(0, 3, 1, 2) if last else got, y * sigmoid(y))
    if last:
        arrays = [turned, gamma, beta, f(2, 6), bias]
        skipped = turned + arrays[3][:, None, None, :] + bias
        got = run_node("SkipGroupNorm", arrays, [True, True], activation=0, groups=3)
        wanted = normal(skipped.reshape(2, 20, 3, 2), (1, 3)).reshape(skipped.shape)
        close(got[0], wanted * gamma + beta)
        close(got[1], skipped)


def test_embeddings() -> None:
    words, positions, segments, gamma, beta = f(20, 8), f(6, 8), f(2, 8), f(8), f(8)
    ids, kinds = RANDOM.integers(0, 20, (2, 5)), RANDOM.integers(0, 2, (2, 5))
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], np.int32)
    arrays = [ids.astype(np.int32), kinds.astype(np.int32), words, positions, segments, gamma, beta]
    y, lengths, total = run_node("EmbedLayerNormalization", [*arrays, mask], [True] * 3)
    summed = words[ids] + positions[:5] + segments[kinds]
    close(total, summed)
    close(y, normal(summed) * gamma + beta)
    np.testing.assert_array_equal(lengths, [3, 4])


def test_products() -> None:
    a, b, c = f(2, 4, 3), f(2, 5, 4), f(3, 5)
    (y,) = run_node("FusedMatMul", [a, b], alpha=0.5, transA=1, transB=1)
    close(y, 0.5 * a.swapaxes(1, 2) @ b.swapaxes(1, 2))
    activation = {"activation": "LeakyRelu", "activation_alpha": 0.2}
    y = run_node("FusedMatMulActivation", [a[0], b[0]], transA=1, transB=1, **activation)[0]
    product = a[0].T @ b[0].T
    close(y, np.where(product < 0, 0.2 * product, product))
    (y,) = run_node("FusedGemm", [a[0].T.copy(), b[0].T.copy(), c], activation="Sigmoid")
    close(y, sigmoid(product + c))
    x, w, other = f(1, 3, 6, 6), f(4, 3, 1, 1), f(1, 4, 6, 6)
    (y,) = run_node("FusedConv", [x, w, None, other], activation="Relu")
    wanted = np.maximum(np.einsum("nchw,oc->nohw", x, w[:, :, 0, 0]) + other, 0)
    close(y, wanted)
    turned = [x.transpose(0, 2, 3, 1).copy(), w.transpose(0, 2, 3, 1).copy(), None]
    turned.append(other.transpose(0, 2, 3, 1).copy())
    (y,) = run_node("NhwcFusedConv", turned, activation="Relu")
    close(y, wanted.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_blockwise_weights(bits: int) -> None:
    a, packed = f(2, 3, 40), u8(5, 3, 16 * bits // 8)
    shifts = np.arange(0, 8, bits)
    values = (
        ((packed[..., None] >> shifts) & ((1 << bits) - 1)).reshape(5, 3, 16).astype(np.float32)
    )
    scales, points = f(5, 3), f(5, 3)
    attributes = {"K": 40, "N": 5, "bits": bits, "block_size": 16}
    for zeros in (None, points):
        middle = 1 << (bits - 1) if zeros is None else points[..., None]
        w = ((values - middle) * scales[..., None]).reshape(5, 48)[:, :40]
        (y,) = run_node("MatMulNBits", [a, packed, scales, zeros], **attributes)
        np.testing.assert_allclose(y, a @ w.T, rtol=1e-3, atol=1e-2)


def test_blocks_by_index() -> None:
    a, packed, scales = f(3, 32), u8(4, 2, 8), f(4, 2)
    groups = RANDOM.integers(0, 2, 32).astype(np.int32)
    values = np.stack([packed & 15, packed >> 4], -1).reshape(4, 32).astype(np.float32)
    w = (values - 8) * scales[:, groups]
    attributes = {"K": 32, "N": 4, "bits": 4, "block_size": 16}
    (y,) = run_node("MatMulNBits", [a, packed, scales, None, groups], **attributes)
    np.testing.assert_allclose(y, a @ w.T, rtol=1e-3, atol=1e-3)


A = [np.array(0.05, np.float32), np.array(120, np.uint8)]
B = [np.array(0.03, np.float32), np.array(100, np.uint8)]


def real(x: Any, scale: Any, zero: Any = 0) -> Any:
    return (x.astype(np.float32) - np.float32(zero)) * scale


def near(actual: Any, wanted: Any, scale: float, zero: int) -> None:
    """Quantised: half a step at most away, and rounding errors."""
    assert actual.dtype == np.uint8
    bounded = np.clip(wanted / scale + zero, 0, 255)
    assert np.abs(actual - bounded).max() <= 0.5 + 1e-3


def test_quantized_elementwise() -> None:
    x, y = u8(3, 16), u8(3, 16)
    to = [np.array(0.2, np.float32), np.array(90, np.uint8)]
    real_x, real_y = real(x, *A), real(y, *B)
    near(run_node("QLinearAdd", [x, *A, y, *B, *to])[0], real_x + real_y, 0.2, 90)
    near(run_node("QLinearMul", [x, *A, y, *B, *to])[0], real_x * real_y, 0.2, 90)
    bare = [x, A[0], None, y, B[0], None, to[0]]
    near(run_node("QLinearAdd", bare)[0], real(x, A[0]) + real(y, B[0]), 0.2, 0)
    near(run_node("QLinearSigmoid", [x, *A, *to])[0], sigmoid(real_x), 0.2, 90)
    near(run_node("QLinearSigmoid", [x, A[0], None, to[0]])[0], sigmoid(real(x, A[0])), 0.2, 0)
    leaky = np.where(real_x < 0, 0.1 * real_x, real_x)
    near(run_node("QLinearLeakyRelu", [x, *A, *to], alpha=0.1)[0], leaky, 0.2, 90)
    (got,) = run_node("QLinearSoftmax", [x, *A, *to], axis=-1, opset=13)
    near(got, softmax(real_x), 0.2, 90)
    (got,) = run_node("QLinearSoftmax", [x.reshape(3, 16, 1), *A, *to], opset=9)
    near(got[..., 0], softmax(real_x), 0.2, 90)
    (got,) = run_node("QLinearConcat", [*to, x, *A, y, *B], axis=0)
    near(got, np.concatenate([real_x, real_y]), 0.2, 90)
    (got,) = run_node("QLinearReduceMean", [x, *A, *to], axes=[1], keepdims=0)
    near(got, real_x.mean(axis=1), 0.2, 90)


def test_integer_arithmetic() -> None:
    x, y = u8(3, 4), u8(3, 4)
    (got,) = run_node("MulInteger", [x, A[1], y, B[1]])
    wide = [v.astype(np.int32) for v in (x, y)]
    np.testing.assert_array_equal(got, (wide[0] - 120) * (wide[1] - 100))
    (got,) = run_node("ReduceSumInteger", [x], axes=[1], keepdims=1)
    np.testing.assert_array_equal(got, wide[0].sum(axis=1, keepdims=True))


def test_quantized_products() -> None:
    a, b, bias = u8(3, 16), u8(16, 5), f(5)
    exact = (a.astype(np.int32) - 120) @ (b.astype(np.int32) - 100)
    arrays = [a, b, A[0], B[0], A[1], B[1], bias]
    close(run_node("MatMulIntegerToFloat", arrays)[0], exact * np.float32(0.0015) + bias)
    sums = RANDOM.integers(-999, 999, 5).astype(np.int32)
    close(run_node("QGemm", [a, *A, b, *B, sums])[0], (exact + sums) * np.float32(0.0015))


def test_attention() -> None:
    x, w, bias = f(2, 5, 8), f(8, 24), f(24)
    q, k, v = (heads(part, 2) for part in np.split(x @ w + bias, 3, axis=2))
    y, present = run_node("Attention", [x, w, bias], [True, True], num_heads=2)
    close(y, attended(q, k, v))
    close(present, np.stack([k, v]))
    hidden = np.triu(np.full((5, 5), -np.inf, np.float32), 1)
    (y,) = run_node("Attention", [x, w, bias], num_heads=2, unidirectional=1)
    close(y, attended(q, k, v, hidden))


def test_multi_head_attention_on_a_cache() -> None:
    q, k, v = f(2, 1, 8), f(2, 1, 8), f(2, 1, 8)
    past = [f(2, 2, 3, 4), f(2, 2, 3, 4)]
    arrays = [q, k, v, None, None, None, *past]
    y, keys, values = run_node("MultiHeadAttention", arrays, [True] * 3, num_heads=2)
    wanted = [np.concatenate([p, heads(x, 2)], 2) for p, x in zip(past, (k, v), strict=True)]
    close(keys, wanted[0])
    close(values, wanted[1])
    close(y, attended(heads(q, 2), *wanted))


def test_rotary_embedding() -> None:
    x, angles = f(2, 5, 8), f(16, 2)
    places = RANDOM.integers(0, 16, (2, 5))
    (y,) = run_node("RotaryEmbedding", [x, places, np.cos(angles), np.sin(angles)])
    turned = heads(x, 2)[..., :2] + 1j * heads(x, 2)[..., 2:]
    turned = turned * np.exp(1j * angles[places])[:, None]
    wanted = np.concatenate([turned.real, turned.imag], -1)
    close(y, wanted.transpose(0, 2, 1, 3).reshape(x.shape))


def test_grouped_queries_on_caches_of_different_lengths() -> None:
    """Sequences of 6 and 4 keys in a cache of 8: the new key goes behind them."""
    q, k, v = f(2, 1, 32), f(2, 1, 16), f(2, 1, 16)
    past = [f(2, 2, 8, 8), f(2, 2, 8, 8)]
    lengths = [np.array([6, 4], np.int32), np.array(7, np.int32)]
    arrays = [q, k, v, *past, *lengths]
    attributes = {"num_heads": 4, "kv_num_heads": 2}
    y, keys, _ = run_node("GroupQueryAttention", arrays, [True] * 3, **attributes)
    for sample, count in enumerate((6, 4)):
        seen = [p[sample : sample + 1, :, :count] for p in past]
        new = [heads(x[sample : sample + 1], 2) for x in (k, v)]
        full = [np.concatenate(pair, 2) for pair in zip(seen, new, strict=True)]
        close(keys[sample, :, : count + 1], full[0][0])
        spread = [t.repeat(2, axis=1) for t in full]
        close(y[sample], attended(heads(q[sample : sample + 1], 4), *spread)[0])


def test_a_sink_takes_part_of_the_attention() -> None:
    q, k, v, sink = f(1, 3, 16), f(1, 3, 16), f(1, 3, 16), f(2)
    lengths = [np.array([2], np.int32), np.array(3, np.int32)]
    arrays = [q, k, v, None, None, *lengths, None, None, None, None, sink]
    (y,) = run_node("GroupQueryAttention", arrays, num_heads=2, kv_num_heads=2)
    scores = heads(q, 2) @ heads(k, 2).swapaxes(2, 3) / sqrt(8)
    scores = scores + np.triu(np.full((3, 3), -np.inf), 1)
    both = np.concatenate([scores, np.broadcast_to(sink[:, None, None], (1, 2, 3, 1))], -1)
    wanted = softmax(both)[..., :3] @ heads(v, 2)
    close(y, wanted.transpose(0, 2, 1, 3).reshape(q.shape).astype(np.float32))


def test_refusals() -> None:
    with pytest.raises(UnsupportedOp, match="3 bits"):
        arrays = [f(2, 16), u8(4, 1, 6), f(4)]
        run_node("MatMulNBits", arrays, K=16, N=4, bits=3, block_size=16)
    with pytest.raises(UnsupportedOp, match="activation 'Cube'"):
        aicc.compile(node_model("FusedGemm", [f(2, 3), f(3, 2)], activation="Cube"))
