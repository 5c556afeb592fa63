"""Formulas that look like a composite operator and are none."""

from __future__ import annotations

from activation_forms import clip
from attention_forms import heads_first, weighted
from norm_forms import IMAGE, standardised
from onnx import TensorProto
from recognise_forms import Form, Graph, of_x


def probabilities_read(g: Graph) -> dict[str, str]:
    q, k, v = heads_first(g)
    p = g("Softmax", g("MatMul", q, k), axis=-1)
    return {"y": g("MatMul", p, v), "p": p}


def small_fill(g: Graph) -> str:
    q, k, v = heads_first(g)
    seen = g.take("m", (40, 40), TensorProto.BOOL)
    return weighted(g, g("Where", seen, g("MatMul", q, k), -5.0), v)


def over_queries(g: Graph) -> str:
    q, k, v = heads_first(g)
    return g("MatMul", g("Softmax", g("MatMul", q, k), axis=2), v)


def over_channels(g: Graph, x: str) -> str:
    centred, deviation = standardised(g, x, (1,))
    return g("Div", centred, deviation)


def wrong_gelu(g: Graph, x: str) -> str:
    return g("Mul", g("Mul", x, 0.5), g("Add", g("Erf", g("Div", x, 2.0)), 1.0))


# here `expected` are ops that must not appear
NEGATIVES = [
    Form("gelu_wrong_constant", of_x(wrong_gelu), ["gelu"]),
    Form("steep_leaky_relu", of_x(lambda g, x: g("Max", x, g("Mul", x, 2.0))), ["leaky_relu"]),
    Form("relu6", of_x(lambda g, x: clip(g, x, 0.0, 6.0)), ["hard_sigmoid", "hard_swish"]),
    Form("layer_norm_over_channels", of_x(over_channels, IMAGE), ["layer_norm"]),
    Form("attention_probabilities_read", probabilities_read, ["attention"]),
    Form("attention_small_fill", small_fill, ["attention"]),
    Form("attention_over_queries", over_queries, ["attention"]),
]
