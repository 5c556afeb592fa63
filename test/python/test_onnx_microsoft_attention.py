"""Attention of com.microsoft against ONNX Runtime, whose own operators these are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_node import run_node

pytest.importorskip("onnxruntime", reason="its own operators are compared with ONNX Runtime")

from test_onnx_microsoft import Values, check, run_both, scalar  # noqa: E402 (behind importorskip)


@pytest.fixture
def v() -> Values:
    return Values()


def projections(v: Values) -> list[Any]:
    """Input [2, 5, 8], weights, bias."""
    return [v.f(2, 5, 8), v.f(8, 24), v.f(24)]


def test_attention(v: Values) -> None:
    check("Attention", projections(v), num_heads=2)
    check("Attention", projections(v), num_heads=2, scale=0.3)
    check("Attention", projections(v), num_heads=4, unidirectional=1)
    sizes = {"qkv_hidden_sizes": [8, 8, 12], "num_heads": 2}
    check("Attention", [v.f(2, 5, 8), v.f(8, 28), v.f(28)], **sizes)


@pytest.mark.parametrize("causal", [0, 1])
def test_attention_masks(v: Values, causal: int) -> None:
    flags = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], np.int32)
    masks = [
        np.array([3, 5], np.int32),
        np.array([3, 5, 1, 0], np.int32),
        flags,
        np.tril(np.ones((2, 5, 5), np.int32)),
    ]
    for mask in masks:
        check("Attention", [*projections(v), mask], num_heads=2, unidirectional=causal)


def test_attention_with_past(v: Values) -> None:
    past = v.f(2, 2, 2, 3, 4)
    check("Attention", [*projections(v), None, past], 2, num_heads=2)
    check("Attention", [*projections(v), None, past], 2, num_heads=2, unidirectional=1)
    bias = v.f(2, 2, 5, 5)
    check("Attention", [*projections(v), None, None, bias], num_heads=2)


def test_multi_head_attention(v: Values) -> None:
    q, k, value = v.f(2, 5, 8), v.f(2, 7, 8), v.f(2, 7, 12)
    check("MultiHeadAttention", [q, k, value], num_heads=2)
    check("MultiHeadAttention", [q, k, value, v.f(28)], num_heads=2)
    same = [v.f(2, 5, 8) for _ in range(3)]
    check("MultiHeadAttention", [*same, v.f(24)], num_heads=2, unidirectional=1)
    check("MultiHeadAttention", [q, v.f(2, 2, 7, 4), v.f(2, 2, 7, 4)], num_heads=2)
    check("MultiHeadAttention", [*same, None, None, v.f(1, 2, 5, 5)], num_heads=2)
    past = [v.f(2, 2, 3, 4), v.f(2, 2, 3, 4)]
    check("MultiHeadAttention", [*same, None, None, None, *past], 3, num_heads=2)


def test_multi_head_attention_padding(v: Values) -> None:
    same = [v.f(2, 5, 8) for _ in range(3)]
    flags = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], np.int32)
    check("MultiHeadAttention", [*same, None, flags], num_heads=2)
    check("MultiHeadAttention", [*same, None, np.array([3, 5], np.int32)], num_heads=2)


def test_packed_operands(v: Values) -> None:
    """ONNX Runtime's CPU kernel refuses them: compared with operands that are not packed."""
    packed = v.f(2, 5, 2, 3, 4)
    parts = [packed[:, :, :, i].reshape(2, 5, 8) for i in range(3)]
    (want,) = run_node("MultiHeadAttention", parts, num_heads=2)
    (got,) = run_node("MultiHeadAttention", [packed], num_heads=2)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
    keys_and_values = np.stack([p.reshape(2, 5, 2, 4) for p in parts[1:]], axis=3)
    (got,) = run_node("MultiHeadAttention", [parts[0], keys_and_values], num_heads=2)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


def test_mask_of_a_longer_sequence(v: Values) -> None:
    """Of a square mask [B, 1, M, M] the last rows before the last key count, and the first keys."""
    operands, square = projections(v), np.tril(np.ones((2, 1, 8, 8), np.int32))
    (want,) = run_node("Attention", operands, num_heads=2, unidirectional=1)
    (got,) = run_node("Attention", [*operands, square], num_heads=2)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


def caches(v: Values, pairs: int) -> list[Any]:
    angles = v.f(16, pairs)
    return [np.cos(angles), np.sin(angles)]


@pytest.mark.parametrize("interleaved", [0, 1])
def test_rotary_embedding(v: Values, interleaved: int) -> None:
    positions = v.random.integers(0, 16, (2, 5))
    start = np.array([3], np.int64)
    for place in (positions, start):
        operands = [v.f(2, 5, 16), place, *caches(v, 4)]
        check("RotaryEmbedding", operands, interleaved=interleaved)
        split = [v.f(2, 2, 5, 8), place, *caches(v, 4)]
        check("RotaryEmbedding", split, interleaved=interleaved)
        part = {"num_heads": 2, "rotary_embedding_dim": 4, "interleaved": interleaved}
        check("RotaryEmbedding", [v.f(2, 5, 16), place, *caches(v, 2)], **part)


GROUPS = {"num_heads": 4, "kv_num_heads": 2}


def test_group_query_attention_prompt(v: Values) -> None:
    parts = [v.f(2, 5, 64), v.f(2, 5, 32), v.f(2, 5, 32)]
    lengths = [np.array([4, 4], np.int32), scalar(5, np.int32)]
    none = [None, None]
    check("GroupQueryAttention", [*parts, *none, *lengths], 3, **GROUPS)
    check("GroupQueryAttention", [*parts, *none, *lengths], 3, local_window_size=2, **GROUPS)
    check("GroupQueryAttention", [*parts, *none, *lengths], 3, softcap=5.0, **GROUPS)
    check("GroupQueryAttention", [*parts, *none, *lengths], 3, smooth_softmax=1, **GROUPS)
    turned = [*parts, *none, *lengths, *caches(v, 8)]
    check("GroupQueryAttention", turned, 3, do_rotary=1, **GROUPS)
    check("GroupQueryAttention", turned, 3, do_rotary=1, rotary_interleaved=1, **GROUPS)
    packed = [v.f(2, 5, 128), *none, *none, *lengths]
    check("GroupQueryAttention", packed, 3, **GROUPS)


def test_group_query_attention_token(v: Values) -> None:
    parts = [v.f(2, 1, 64), v.f(2, 1, 32), v.f(2, 1, 32)]
    past = [v.f(2, 2, 6, 16), v.f(2, 2, 6, 16)]
    lengths = [np.array([6, 6], np.int32), scalar(7, np.int32)]
    check("GroupQueryAttention", [*parts, *past, *lengths], 3, **GROUPS)
    turned = [*parts, *past, *lengths, *caches(v, 8)]
    check("GroupQueryAttention", turned, 3, do_rotary=1, **GROUPS)
    turned[5] = np.array([6, 4], np.int32)
    # what stands behind a shorter sequence's keys is ONNX Runtime's own affair
    ours, theirs = run_both("GroupQueryAttention", turned, [True] * 3, GROUPS | {"do_rotary": 1})
    np.testing.assert_allclose(ours[0], theirs[0], rtol=2e-4, atol=2e-5)


def test_quantized_attention(v: Values) -> None:
    x, w, bias = v.u8(2, 5, 8), v.i8(8, 24), v.f(24)
    scales = [scalar(0.02), scalar(0.01)]
    zeros = [scalar(120, np.uint8), scalar(5, np.int8)]
    check("QAttention", [x, w, bias, *scales, None, *zeros], num_heads=2)
    flags = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], np.int32)
    check("QAttention", [x, w, bias, *scales, flags, *zeros], num_heads=2, unidirectional=1)
