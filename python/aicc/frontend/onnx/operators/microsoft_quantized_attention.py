"""Attention with quantised projections (com.microsoft)."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.movement import Reshape

from ..node import Node
from ..registry import onnx_op
from .indexing import take_range
from .microsoft_attention import heads_of, self_attention
from .microsoft_quantized import matmul_integer_to_float

DOMAIN = "com.microsoft"


@onnx_op("QAttention", domain=DOMAIN)
def qattention(
    n: Node,
    x: Any,
    weights: Any,
    bias: Any,
    x_scale: Any,
    w_scale: Any,
    mask: Any = None,
    x_zero: Any = None,
    w_zero: Any = None,
    past: Any = None,
    *,
    num_heads: int,
    do_rotary: int = 0,
    mask_filter_value: float = -10000.0,
    past_present_share_buffer: int = 0,
    scale: float = 0.0,
    unidirectional: int = 0,
) -> Any:
    """Attention of a quantised input and quantised projections; the rest in floats."""
    if do_rotary or past_present_share_buffer:
        n.unsupported("rotary embedding, and buffers that past and present share")
    batch, length, depth = x.type.shape
    flat = n.emit(Reshape, x, shape=[batch * length, depth])
    total = matmul_integer_to_float(n, flat, weights, x_scale, w_scale, x_zero, w_zero, bias)
    projected = n.emit(Reshape, total, shape=[batch, length, weights.type.shape[1]])
    width = weights.type.shape[1] // 3
    parts = [take_range(n, projected, 2, i * width, width) for i in range(3)]
    heads = [heads_of(n, part, num_heads) for part in parts]
    settings = (scale, mask_filter_value, bool(unidirectional))
    return self_attention(n, heads, mask, past, None, settings)
