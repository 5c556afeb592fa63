"""Rotary position embedding, and attention of grouped queries with a cache (com.microsoft).

Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY, Where
from aicc.dialects.graph.indexing import Gather, GatherElements
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Expand, Reshape
from aicc.dialects.graph.reduction import Softmax
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, div, mul, sub
from .casts import converted
from .indexing import take_range
from .microsoft_attention import heads_of, joined, least, scores_of

DOMAIN = "com.microsoft"


def rotated(n: Node, x: Any, cos: Any, sin: Any, interleaved: bool) -> Any:
    """Pairs of the first features of x [B, H, S, D] turned; cos, sin [B or 1, S, pairs].

    A pair is neighbours (interleaved), or a feature of the first half and one of the second.
    """
    batch, heads, length, width = x.type.shape
    pairs = cos.type.shape[2]
    if 2 * pairs > width:
        n.invalid(f"turns {2 * pairs} of {width} features")
    cos, sin = (n.emit(Reshape, t, shape=[t.type.shape[0], 1, length, pairs]) for t in (cos, sin))
    turned = take_range(n, x, 3, 0, 2 * pairs)
    if interleaved:
        split = n.emit(Reshape, turned, shape=[batch, heads, length, pairs, 2])
        flat = [batch, heads, length, pairs]
        left, right = (n.emit(Reshape, take_range(n, split, 4, i, 1), shape=flat) for i in range(2))
    else:
        left, right = (take_range(n, turned, 3, i * pairs, pairs) for i in range(2))
    halves = [
        sub(n, mul(n, left, cos), mul(n, right, sin)),
        add(n, mul(n, left, sin), mul(n, right, cos)),
    ]
    if interleaved:
        halves = [n.emit(Reshape, h, shape=[*h.type.shape, 1]) for h in halves]
        y = n.emit(Reshape, n.emit(Concat, halves, axis=4), shape=list(turned.type.shape))
    else:
        y = n.emit(Concat, halves, axis=3)
    if 2 * pairs == width:
        return y
    return n.emit(Concat, [y, take_range(n, x, 3, 2 * pairs, width - 2 * pairs)], axis=3)


def _rows(n: Node, cache: Any, positions: Any) -> Any:
    """Rows [B, S, pairs] of a cache."""
    return n.emit(Gather, cache, positions, axis=0)


def _positions(n: Node, first: Any, length: int) -> Any:
    """[B, S] of B first positions."""
    start = n.emit(Reshape, first, shape=[first.type.shape[0], 1])
    steps = n.constant(np.arange(length)[None, :].astype(np.int64))
    return add(n, converted(n, start, element_type_of("int64")), steps)


@onnx_op("RotaryEmbedding", domain=DOMAIN)
def rotary_embedding(
    n: Node,
    x: Any,
    positions: Any,
    cos: Any,
    sin: Any,
    *,
    interleaved: int = 0,
    is_packed_batching: int = 0,
    num_heads: int = 0,
    rotary_embedding_dim: int = 0,
    scale: float = 1.0,
) -> Any:
    """Features turned by their positions: one per token, or the first one of every sequence."""
    if is_packed_batching or scale != 1.0:
        n.unsupported("packed batches, and a scale")
    is_split = x.type.rank == 4
    heads = num_heads or (0 if is_split else x.type.shape[2] // (2 * cos.type.shape[1]))
    split = x if is_split else heads_of(n, x, heads)
    length = split.type.shape[2]
    if list(positions.type.shape) == [1]:
        positions = _positions(n, positions, length)
    y = rotated(n, split, _rows(n, cos, positions), _rows(n, sin, positions), bool(interleaved))
    return y if is_split else joined(n, y)


class _Cache:
    """Where the keys of each sequence stand: `past` old ones [B], then the new ones."""

    def __init__(self, n: Node, past: Any, length: int, size: int) -> None:
        self.n, self.past, self.length, self.size = n, past, length, size
        self.batch = past.type.shape[0]
        self.places = n.constant(np.arange(size, dtype=np.int64).reshape(1, 1, size, 1))

    def _start(self) -> Any:
        return self.n.emit(Reshape, self.past, shape=[self.batch, 1, 1, 1])

    def filled(self, old: Any, new: Any) -> Any:
        """[B, H, size, D]: old keys (or values), the new ones behind them, zeros behind those."""
        n = self.n
        heads, width = new.type.shape[1], new.type.shape[3]
        shape = [self.batch, heads, self.size, width]
        index = sub(n, self.places, self._start())
        is_new = binary(n, "greater_equal", index, 0)
        is_new = binary(n, "and", is_new, binary(n, "less", index, self.length))
        within = binary(n, "minimum", binary(n, "maximum", index, 0), self.length - 1)
        # an index may not exceed the operand, so new keys are first given the size of the result
        wide = self._extended(new)
        moved = n.emit(GatherElements, wide, n.emit(Expand, within, shape=shape), axis=2)
        kept = n.emit(Expand, n.like(0, new), shape=shape) if old is None else self._extended(old)
        is_old = binary(n, "less", self.places, self._start())
        kept = n.emit(Where, is_old, kept, n.like(0, new))
        return n.emit(Where, is_new, moved, kept)

    def _extended(self, x: Any) -> Any:
        missing = self.size - x.type.shape[2]
        if missing <= 0:
            return x
        shape = list(x.type.shape)
        zeros = self.n.emit(Expand, self.n.like(0, x), shape=[*shape[:2], missing, shape[3]])
        return self.n.emit(Concat, [x, zeros], axis=2)

    def seen(self, window: int) -> Any:
        """[B, 1, S, size]: true for the keys up to a query's own, the last `window` of them."""
        n = self.n
        own = n.emit(
            Reshape, _positions(n, self.past, self.length), shape=[self.batch, 1, self.length, 1]
        )
        keys = n.emit(Reshape, self.places, shape=[1, 1, 1, self.size])
        seen = binary(n, "less_equal", keys, own)
        if window < 0:
            return seen
        return binary(n, "and", seen, binary(n, "greater", keys, sub(n, own, window)))


@onnx_op("GroupQueryAttention", domain=DOMAIN)
def group_query_attention(
    n: Node,
    query: Any,
    key: Any = None,
    value: Any = None,
    past_key: Any = None,
    past_value: Any = None,
    last: Any = None,
    total: Any = None,
    cos: Any = None,
    sin: Any = None,
    position_ids: Any = None,
    attention_bias: Any = None,
    head_sink: Any = None,
    *,
    num_heads: int,
    kv_num_heads: int,
    do_rotary: int = 0,
    local_window_size: int = -1,
    rotary_interleaved: int = 0,
    scale: float = 0.0,
    smooth_softmax: int = 0,
    softcap: float = 0.0,
    **rest: Any,
) -> Any:
    """Causal attention in which heads share keys; the keys and values with those of the past.

    `last` [B] is the position of a sequence's last key, `total` the size of the longest sequence.
    """
    _refuse(n, rest)
    q, k, v = _three(n, query, key, value, num_heads, kv_num_heads)
    batch, length = q.type.shape[0], q.type.shape[2]
    (longest,) = n.integers(total, "the total sequence length")
    size = longest if past_key is None else max(longest, past_key.type.shape[2])
    cache = _Cache(n, _past_lengths(n, last, batch, length, longest), length, size)
    if do_rotary:
        places = position_ids if position_ids is not None else _positions(n, cache.past, length)
        tables = (_rows(n, cos, places), _rows(n, sin, places))
        q, k = (rotated(n, t, *tables, bool(rotary_interleaved)) for t in (q, k))
    keys, values = cache.filled(past_key, k), cache.filled(past_value, v)
    scores = scores_of(n, q, _shared(n, keys, num_heads), scale)
    if softcap:
        scores = mul(n, n.emit(UNARY["tanh"], div(n, scores, softcap)), softcap)
    if attention_bias is not None:
        scores = add(n, scores, attention_bias)
    scores = n.emit(Where, cache.seen(local_window_size), scores, n.like(least(n, scores), scores))
    shares = _shares(n, scores, head_sink, bool(smooth_softmax))
    y = n.emit(Matmul, shares, _shared(n, values, num_heads))
    return joined(n, y), keys, values


def _refuse(n: Node, rest: dict[str, Any]) -> None:
    defaults = {
        "causal": 1,
        "kv_cache_bit_width": 0,
        "k_quant_type": "NONE",
        "v_quant_type": "NONE",
        "qk_output": 0,
        "qk_norm_epsilon": None,
        "sliding_window_cache": 0,
    }
    for name, given in rest.items():
        if name not in defaults or defaults[name] not in (None, given):
            n.unsupported(f"attribute '{name}' = {given}")


def _three(n: Node, query: Any, key: Any, value: Any, heads: int, key_heads: int) -> list[Any]:
    """Queries, keys and values by heads; they may come side by side in one tensor."""
    if key is not None:
        return [
            heads_of(n, t, h) for t, h in ((query, heads), (key, key_heads), (value, key_heads))
        ]
    width = query.type.shape[2] // (heads + 2 * key_heads)
    parts, start = [], 0
    for count in (heads, key_heads, key_heads):
        part = take_range(n, query, 2, start, count * width)
        parts.append(heads_of(n, part, count))
        start += count * width
    return parts


def _past_lengths(n: Node, last: Any, batch: int, length: int, longest: int) -> Any:
    """i64 [B]: how many keys each sequence had before; none in the first call."""
    if longest == length:
        return n.emit(Expand, n.constant(0, "int64"), shape=[batch])
    whole = n.emit(Reshape, converted(n, last, element_type_of("int64")), shape=[batch])
    return add(n, whole, 1 - length)


def _shared(n: Node, x: Any, heads: int) -> Any:
    """Each head of keys or values repeated for the queries that share it."""
    batch, key_heads, size, width = x.type.shape
    if key_heads == heads:
        return x
    column = n.emit(Reshape, x, shape=[batch, key_heads, 1, size, width])
    wide = n.emit(Expand, column, shape=[batch, key_heads, heads // key_heads, size, width])
    return n.emit(Reshape, wide, shape=[batch, heads, size, width])


def _shares(n: Node, scores: Any, sink: Any, smooth: bool) -> Any:
    """Softmax; a sink (0 if smooth) takes part in the sum and is dropped."""
    if sink is None and not smooth:
        return n.emit(Softmax, scores, axis=-1)
    batch, heads, queries, keys = scores.type.shape
    value = n.like(0, scores)
    if sink is not None:
        value = n.emit(
            Reshape, converted(n, sink, scores.type.element_type), shape=[1, heads, 1, 1]
        )
    column = n.emit(Expand, value, shape=[batch, heads, queries, 1])
    both = n.emit(Softmax, n.emit(Concat, [scores, column], axis=3), axis=-1)
    return take_range(n, both, 3, 0, keys)
