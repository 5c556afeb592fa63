"""Scaled dot-product attention as one op."""

from collections.abc import Sequence
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    choice,
    floating,
    integer,
    integers,
)
from .types import broadcast_shapes, is_float, tensor

# Batch, heads, positions, features: BHSD is what the product reads, BSHD what a projection writes.
LAYOUT = choice("BHSD", "BSHD", default="BHSD")


def head_counts(
    q: Any, k: Any, heads: Sequence[int] | None, q_layout: str, k_layout: str
) -> tuple[int, int]:
    """(heads of queries, heads of keys): `heads`, or all that the operands' types have."""
    if heads is not None:
        return heads[0], heads[1]
    return to_heads_first(q.shape, q_layout)[1], to_heads_first(k.shape, k_layout)[1]


def to_heads_first(shape: Any, layout: str) -> list[int]:
    """[B, H, S, D] of a shape in `layout`, and the other way round: the two differ by a swap."""
    b, first, second, d = shape
    return [b, first, second, d] if layout == "BHSD" else [b, second, first, d]


class Attention(GraphOp, name="attention", traits=[Pure]):
    """softmax(q k^T * scale + mask) v for every head.

    Query head h reads the key and value head h * KH // H (grouped heads, KH divides H). `mask` is
    added and broadcasts to [B, H, queries, keys]. With `diagonal` = n, query i sees the keys up to
    i + n only. `guard`: a query without any key, which has no probabilities, gives zeros instead of
    NaN ("empty"), or every one whose probabilities are NaN does ("nan"). `heads` = [H, KH] and
    `first`: only so many heads of q, k and v are read, from these on.
    """

    q: Operand[Tensor]
    k: Operand[Tensor]
    v: Operand[Tensor]
    y: Result[Tensor]
    mask: Operand[Tensor] | None = None
    attrs = {
        "scale": floating(1.0),
        "diagonal": integer(None),
        "guard": choice("none", "empty", "nan", default="none"),
        "heads": integers(None),
        "first": integers(None),
        "q_layout": LAYOUT,
        "k_layout": LAYOUT,
        "v_layout": LAYOUT,
        "y_layout": LAYOUT,
    }

    @staticmethod
    def infer(
        q: Any,
        k: Any,
        v: Any,
        mask: Any = None,
        *,
        scale: float,
        diagonal: Any,
        guard: str,
        heads: Any,
        first: Any,
        q_layout: str,
        k_layout: str,
        v_layout: str,
        y_layout: str,
    ) -> Any:
        _check_operands(q, k, v, mask)
        batch, all_queries, queries, depth = to_heads_first(q.shape, q_layout)
        _, all_keys, keys, _ = to_heads_first(k.shape, k_layout)
        _, all_values, _, width = to_heads_first(v.shape, v_layout)
        if to_heads_first(k.shape, k_layout) != [batch, all_keys, keys, depth]:
            raise VerifyError(f"queries {q} do not fit keys {k}")
        if to_heads_first(v.shape, v_layout) != [batch, all_values, keys, width]:
            raise VerifyError(f"keys {k} do not fit values {v}")
        count = head_counts(q, k, heads, q_layout, k_layout)
        _check_heads(count, first or (0, 0, 0), (all_queries, all_keys, all_values), heads is None)
        scores = [batch, count[0], queries, keys]
        if mask is not None and broadcast_shapes(mask.shape, scores) != scores:
            raise VerifyError(f"cannot add the mask {mask} to scores {scores}")
        return tensor(to_heads_first([batch, count[0], queries, width], y_layout), q.element_type)


def _check_heads(
    count: Sequence[int], first: Sequence[int], present: Sequence[int], is_all: bool
) -> None:
    heads, key_heads = count
    if key_heads == 0 or heads % key_heads:
        raise VerifyError(f"{heads} heads of queries do not share {key_heads} of keys evenly")
    for start, read, has in zip(first, (heads, key_heads, key_heads), present, strict=True):
        if start < 0 or start + read > has or (is_all and read != has):
            raise VerifyError(f"reads {read} heads from {start} on, of {has}")


def _check_operands(q: Any, k: Any, v: Any, mask: Any) -> None:
    for t in (q, k, v):
        if t.rank != 4:
            raise VerifyError(f"expects 4 dimensions, got {t}")
    for t in (q, k, v, mask):
        if t is None:
            continue
        if not is_float(t.element_type):
            raise VerifyError(f"expects floats, got {t}")
        if t.element_type != q.element_type:
            raise VerifyError(f"mixes element types {q.element_type} and {t.element_type}")
