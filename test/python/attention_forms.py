"""Attention in the formulas that exporters write."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto
from recognise_forms import Form, Graph, weights

HEADS, SPLIT = (2, 4, 40, 32), (2, 40, 4, 32)


def heads_first(g: Graph) -> tuple[str, str, str]:
    """q, transposed k, v of [B, H, S, D]."""
    q, k, v = (g.take(name, HEADS) for name in "qkv")
    return q, g("Transpose", k, perm=[0, 1, 3, 2]), v


def weighted(g: Graph, scores: str, v: str) -> str:
    return g("MatMul", g("Softmax", scores, axis=-1), v)


def plain(g: Graph) -> str:
    q, k, v = heads_first(g)
    return weighted(g, g("Mul", g("MatMul", q, k), 32**-0.5), v)


def divided_with_mask(g: Graph) -> str:
    q, k, v = heads_first(g)
    scores = g("Add", g("Div", g("MatMul", q, k), 32**0.5), g.take("m", (2, 1, 1, 40)))
    return weighted(g, scores, v)


def both_scaled(g: Graph) -> str:
    q, k, v = heads_first(g)
    scale = g.const(32**-0.25)
    return weighted(g, g("MatMul", g("Mul", q, scale), g("Mul", k, scale)), v)


def projected(g: Graph) -> str:
    """[B, S, H * D] in, heads split and merged by transpositions."""
    shape = np.array([0, 0, 4, 32], np.int64)
    q, k, v = (g("Reshape", g.take(name, (2, 40, 128)), shape) for name in "qkv")
    q, v = (g("Transpose", value, perm=[0, 2, 1, 3]) for value in (q, v))
    scores = g("Mul", g("MatMul", q, g("Transpose", k, perm=[0, 2, 3, 1])), 32**-0.5)
    y = g("Transpose", weighted(g, scores, v), perm=[0, 2, 1, 3])
    return g("Reshape", y, np.array([0, 0, 128], np.int64))


def batched_product(g: Graph) -> str:
    """[S, BH, D] transposed to [BH, S, D]."""
    q, k, v = (g.take(name, (40, 8, 32)) for name in "qkv")
    q, v = (g("Transpose", value, perm=[1, 0, 2]) for value in (g("Mul", q, 0.25), v))
    scores = g("MatMul", q, g("Transpose", k, perm=[1, 2, 0]))
    return g("Transpose", weighted(g, scores, v), perm=[1, 0, 2])


def choice(g: Graph) -> str:
    q, k, v = heads_first(g)
    seen = g.take("m", (40, 40), TensorProto.BOOL)
    return weighted(g, g("Where", seen, g("MatMul", q, k), -np.inf), v)


def choice_guarded(g: Graph) -> str:
    """Queries that see no key give zeros."""
    q, k, v = heads_first(g)
    bias = g("Where", g.take("m", (40, 40), TensorProto.BOOL), 0.0, -np.inf)
    p = g("Softmax", g("Add", g("MatMul", q, k), bias), axis=-1)
    return g("MatMul", g("Where", g("IsNaN", p), 0.0, p), v)


def grouped(g: Graph) -> str:
    q = g.take("q", (2, 4, 40, 32))
    repeated = []
    for name in "kv":
        value = g.take(name, (2, 2, 40, 32))
        value = g("Unsqueeze", value, np.array([2], np.int64))
        value = g("Expand", value, np.array([2, 2, 2, 40, 32], np.int64))
        repeated.append(g("Reshape", value, np.array([2, 4, 40, 32], np.int64)))
    k = g("Transpose", repeated[0], perm=[0, 1, 3, 2])
    return weighted(g, g("Mul", g("MatMul", q, k), 0.125), repeated[1])


def cached(g: Graph) -> str:
    """Keys and values continue those of earlier runs."""
    q = g.take("q", (2, 4, 8, 32))
    k, v = (
        g("Concat", g.take(f"past_{n}", (2, 4, 32, 32)), g.take(n, (2, 4, 8, 32)), axis=2)
        for n in "kv"
    )
    return weighted(g, g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2])), v)


def common_projection(g: Graph) -> str:
    """Queries, keys and values side by side in the features of one tensor."""
    x = g.take("x", (2, 40, 384))
    heads = []
    for part in g.split(x, 3):
        heads.append(g("Reshape", part, np.array([0, 0, 4, 32], np.int64)))
    q, v = (g("Transpose", heads[i], perm=[0, 2, 1, 3]) for i in (0, 2))
    scores = g("MatMul", q, g("Transpose", heads[1], perm=[0, 2, 3, 1]))
    return g("Transpose", weighted(g, g("Mul", scores, 0.125), v), perm=[0, 2, 1, 3])


def unbound_projection(g: Graph) -> str:
    """[B, S, 3, H, D] transposed to [3, B, H, S, D] and taken apart."""
    x = g("Reshape", g.take("x", (2, 40, 384)), np.array([0, 0, 3, 4, 32], np.int64))
    x = g("Transpose", x, perm=[2, 0, 3, 1, 4])
    q, k, v = (g("Gather", x, np.array(i), axis=0) for i in range(3))
    scores = g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2]))
    return g("Transpose", weighted(g, g("Mul", scores, 0.125), v), perm=[0, 2, 1, 3])


def positions_outermost(g: Graph) -> str:
    """[S, B, H * D], transposed to [B, H, S, D] by way of [BH, S, D]."""
    merged, split = np.array([40, 8, 32], np.int64), np.array([2, 4, 40, 32], np.int64)
    heads = []
    for name in "qkv":
        value = g("Reshape", g.take(name, (40, 2, 128)), merged)
        heads.append(g("Reshape", g("Transpose", value, perm=[1, 0, 2]), split))
    q, k, v = heads
    scores = g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2]))
    y = g("Transpose", weighted(g, g("Mul", scores, 0.125), v), perm=[2, 0, 1, 3])
    return g("Reshape", y, np.array([40, 2, 128], np.int64))


def windows(g: Graph) -> str:
    """A bias per head and a mask per window, added in five dimensions."""
    q, k, v = heads_first(g)
    scores = g("Add", g("MatMul", g("Mul", q, 0.25), k), weights(1, 1, 4, 40, 40))
    scores = g("Reshape", scores, np.array([1, 2, 4, 40, 40], np.int64))
    scores = g("Add", scores, weights(2, 1, 2, 1, 40, 40))
    return weighted(g, g("Reshape", scores, np.array([2, 4, 40, 40], np.int64)), v)


ATTENTIONS = [
    Form("attention", plain, ["attention"]),
    Form("attention_with_mask", divided_with_mask, ["attention"]),
    Form("attention_both_scaled", both_scaled, ["attention"]),
    Form(
        "attention_projected", projected, ["reshape", "reshape", "reshape", "attention", "reshape"]
    ),
    Form(
        "attention_batched",
        batched_product,
        ["reshape", "reshape", "reshape", "attention", "reshape"],
    ),
    Form("attention_choice", choice, ["where", "attention"]),
    Form("attention_choice_guarded", choice_guarded, ["where", "attention"]),
    Form("attention_grouped", grouped, ["attention"]),
    Form("attention_common_projection", common_projection, [*["reshape"] * 3, "attention"]),
    Form("attention_unbound_projection", unbound_projection, [*["reshape"] * 3, "attention"]),
    Form(
        "attention_positions_outermost",
        positions_outermost,
        [*["reshape"] * 3, "attention", "reshape", "reshape"],
    ),
    Form("attention_windows", windows, ["reshape", "add", "attention"]),
    Form("attention_cached", cached, ["concat", "concat", "attention"]),
]
