"""Attention of com.microsoft, as exporters and optimisers of transformers emit it.

All variants come down to `attended` on heads [batch, heads, positions, features]. Meanings after
ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, Where
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Reshape, Transpose
from aicc.dialects.graph.reduction import Softmax
from aicc.dialects.graph.types import element_type_of, is_bool

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, mul
from .casts import converted
from .indexing import take_range

DOMAIN = "com.microsoft"
LEAST = -3.4028234663852886e38


def heads_of(n: Node, x: Any, heads: int) -> Any:
    """[B, S, heads * features] to [B, heads, S, features]."""
    batch, length, width = x.type.shape
    if width % heads:
        n.invalid(f"{width} features are not {heads} equal heads")
    split = n.emit(Reshape, x, shape=[batch, length, heads, width // heads])
    return n.emit(Transpose, split, permutation=[0, 2, 1, 3])


def joined(n: Node, x: Any) -> Any:
    """[B, heads, S, features] to [B, S, heads * features]."""
    batch, heads, length, width = x.type.shape
    y = n.emit(Transpose, x, permutation=[0, 2, 1, 3])
    return n.emit(Reshape, y, shape=[batch, length, heads * width])


def scores_of(n: Node, q: Any, k: Any, scale: float) -> Any:
    """q k' * scale."""
    turned = n.emit(Transpose, k, permutation=[0, 1, 3, 2])
    return n.emit(Matmul, mul(n, q, scale or 1 / sqrt(q.type.shape[3])), turned)


def least(n: Node, like: Any) -> float:
    """A number that stands for a key nobody sees, in the type of `like`."""
    return -65504.0 if str(like.type.element_type) == "f16" else LEAST


def without_later(n: Node, scores: Any, past: int) -> Any:
    """Scores where a query at i sees the keys up to past + i only."""
    queries, keys = scores.type.shape[2:]
    seen = np.arange(keys)[None, :] <= np.arange(queries)[:, None] + past
    return n.emit(Where, n.constant(seen), scores, n.like(least(n, scores), scores))


def attended(n: Node, q: Any, k: Any, v: Any, scale: float, biases: list[Any], causal: bool) -> Any:
    """(softmax(q k' * scale + biases) v, the scores before softmax)."""
    scores = scores_of(n, q, k, scale)
    for bias in biases:
        scores = add(n, scores, converted(n, bias, scores.type.element_type))
    if causal:
        scores = without_later(n, scores, k.type.shape[2] - q.type.shape[2])
    return n.emit(Matmul, n.emit(Softmax, scores, axis=-1), v), scores


def mask_bias(n: Node, mask: Any, shape: list[int], filtered: float, like: Any) -> Any:
    """`filtered` where a mask hides a key of scores [B, heads, S, T], else 0.

    The mask holds lengths [B], ends and starts [2 B], or a flag per key [B, T], per query and key
    [B, S, T], or [B, 1, M, M] of which the last S rows before T and the first T columns count.
    """
    batch, _, queries, keys = shape
    given = list(mask.type.shape)
    if len(given) == 1 and given[0] in (batch, 2 * batch):
        seen = _within(n, mask, batch, keys)
    elif given == [batch, keys]:
        seen = n.emit(Reshape, _flags(n, mask), shape=[batch, 1, 1, keys])
    elif given == [batch, queries, keys]:
        seen = n.emit(Reshape, _flags(n, mask), shape=[batch, 1, queries, keys])
    elif len(given) == 4 and given[1] == 1 and given[0] == batch:
        rows = take_range(n, _flags(n, mask), 2, keys - queries, queries)
        seen = take_range(n, rows, 3, 0, keys)
    else:
        n.unsupported(f"a mask {mask.type} for scores {shape}")
    return n.emit(Where, seen, n.like(0, like), n.like(filtered, like))


def _flags(n: Node, mask: Any) -> Any:
    """True where a mask shows a key."""
    return mask if is_bool(mask.type.element_type) else binary(n, "greater", mask, 0)


def _within(n: Node, mask: Any, batch: int, keys: int) -> Any:
    """True for keys before the end (and from the start on, if the mask has starts)."""
    place = n.constant(np.arange(keys).reshape(1, 1, 1, keys), "int32")
    mask = converted(n, mask, element_type_of("int32"))

    def bound(first: int) -> Any:
        return n.emit(Reshape, take_range(n, mask, 0, first, batch), shape=[batch, 1, 1, 1])

    seen = n.emit(COMPARE["less"], place, bound(0))
    if mask.type.shape[0] == batch:
        return seen
    return binary(n, "and", seen, n.emit(COMPARE["greater_equal"], place, bound(batch)))


def _projected(n: Node, x: Any, w: Any, bias: Any) -> Any:
    """x w + bias over the leading dimensions."""
    batch, length, depth = x.type.shape
    flat = n.emit(Reshape, x, shape=[batch * length, depth])
    y = n.emit(Reshape, n.emit(Matmul, flat, w), shape=[batch, length, w.type.shape[1]])
    return y if bias is None else add(n, y, bias)


def _thirds(n: Node, x: Any, sizes: list[int]) -> list[Any]:
    """Parts of the last dimension."""
    parts, start = [], 0
    for size in sizes:
        parts.append(take_range(n, x, x.type.rank - 1, start, size))
        start += size
    return parts


def _with_past(n: Node, past: Any, new: Any) -> Any:
    """Keys or values behind those of earlier calls."""
    return new if past is None else n.emit(Concat, [past, new], axis=2)


@onnx_op("Attention", domain=DOMAIN)
def attention(
    n: Node,
    x: Any,
    weights: Any,
    bias: Any = None,
    mask: Any = None,
    past: Any = None,
    attention_bias: Any = None,
    past_length: Any = None,
    *,
    num_heads: int,
    do_rotary: int = 0,
    mask_filter_value: float = -10000.0,
    past_present_share_buffer: int = 0,
    qkv_hidden_sizes: list[int] | None = None,
    rotary_embedding_dim: int = 0,
    scale: float = 0.0,
    unidirectional: int = 0,
) -> Any:
    """Self-attention with the projections of queries, keys and values in one product."""
    if do_rotary or past_present_share_buffer:
        n.unsupported("rotary embedding, and buffers that past and present share")
    sizes = qkv_hidden_sizes or [weights.type.shape[1] // 3] * 3
    projected = _projected(n, x, weights, bias)
    return self_attention(
        n,
        [heads_of(n, part, num_heads) for part in _thirds(n, projected, sizes)],
        mask,
        past,
        attention_bias,
        (scale, mask_filter_value, bool(unidirectional)),
    )


def self_attention(
    n: Node,
    parts: list[Any],
    mask: Any,
    past: Any,
    attention_bias: Any,
    settings: tuple[float, float, bool],
) -> tuple[Any, Any]:
    """(output, keys and values with those of earlier calls) of Attention and its kin."""
    (q, k, v), (scale, filtered, causal) = parts, settings
    if past is not None:
        k, v = (_with_past(n, _half(n, past, i), new) for i, new in enumerate((k, v)))
    biases = [attention_bias] if attention_bias is not None else []
    if mask is not None:
        shape = [*q.type.shape[:3], k.type.shape[2]]
        biases.append(mask_bias(n, mask, shape, filtered, q))
    y, _ = attended(n, q, k, v, scale, biases, causal)
    if len(n.outputs) < 2:
        return joined(n, y), None
    stacked = [n.emit(Reshape, t, shape=[1, *t.type.shape]) for t in (k, v)]
    return joined(n, y), n.emit(Concat, stacked, axis=0)


def _half(n: Node, past: Any, index: int) -> Any:
    """The keys (0) or the values (1) of earlier calls."""
    part = take_range(n, past, 0, index, 1)
    return n.emit(Reshape, part, shape=list(past.type.shape[1:]))


def _split_heads(n: Node, packed: Any, count: int) -> list[Any]:
    """[B, S, heads, count, features] as `count` tensors [B, heads, S, features]."""
    batch, length, heads, _, width = packed.type.shape
    parts = [take_range(n, packed, 3, i, 1) for i in range(count)]
    flat = [n.emit(Reshape, p, shape=[batch, length, heads, width]) for p in parts]
    return [n.emit(Transpose, p, permutation=[0, 2, 1, 3]) for p in flat]


def _operands(n: Node, q: Any, k: Any, v: Any, bias: Any, heads: int) -> list[Any]:
    """Queries, keys and values by heads, from each of the forms that MultiHeadAttention takes."""
    if q.type.rank == 5:
        return _split_heads(n, q, 3)
    parts = [None, None, None] if bias is None else _thirds(n, bias, _widths(q, k, v, heads))

    def shown(x: Any, part: Any) -> Any:
        if x.type.rank == 4:  # keys and values of another sequence, by heads already
            return x
        return heads_of(n, x if part is None else add(n, x, part), heads)

    if k.type.rank == 5:
        return [shown(q, parts[0]), *_split_heads(n, k, 2)]
    return [shown(x, part) for x, part in zip((q, k, v), parts, strict=True)]


def _widths(q: Any, k: Any, v: Any, heads: int) -> list[int]:
    wide = [q.type.shape[-1]] * 3
    if v is not None:
        wide[2] = v.type.shape[-1] * (heads if v.type.rank == 4 else 1)
    return wide


@onnx_op("MultiHeadAttention", domain=DOMAIN)
def multi_head_attention(
    n: Node,
    query: Any,
    key: Any = None,
    value: Any = None,
    bias: Any = None,
    padding: Any = None,
    attention_bias: Any = None,
    past_key: Any = None,
    past_value: Any = None,
    past_length: Any = None,
    indirection: Any = None,
    *,
    num_heads: int,
    mask_filter_value: float = -10000.0,
    scale: float = 0.0,
    unidirectional: int = 0,
) -> Any:
    """Attention of projected queries, keys and values; and the keys and values with the past."""
    if past_length is not None or indirection is not None:
        n.unsupported("buffers that past and present share, and beam search")
    q, k, v = _operands(n, query, key, value, bias, num_heads)
    k, v = _with_past(n, past_key, k), _with_past(n, past_value, v)
    biases = [] if attention_bias is None else [attention_bias]
    if padding is not None:
        shape = [*q.type.shape[:3], k.type.shape[2]]
        biases.append(mask_bias(n, padding, shape, mask_filter_value, q))
    y, scores = attended(n, q, k, v, scale, biases, bool(unidirectional))
    return joined(n, y), k, v, scores
