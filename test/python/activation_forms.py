"""Activations in the formulas that exporters write."""

from __future__ import annotations

from recognise_forms import Form, Graph, of_x


def gelu(g: Graph, x: str) -> str:
    phi = g("Add", g("Erf", g("Div", x, 2**0.5)), 1.0)
    return g("Mul", g("Mul", x, phi), 0.5)


def gelu_halved_inside(g: Graph, x: str) -> str:
    half = g("Mul", g("Erf", g("Mul", x, 0.5**0.5)), 0.5)
    return g("Mul", g("Add", half, 0.5), x)


def gelu_multiplied_out(g: Graph, x: str) -> str:
    half = g("Mul", x, 0.5)
    return g("Add", half, g("Mul", half, g("Erf", g("Div", x, 2**0.5))))


def gelu_tanh(g: Graph, x: str) -> str:
    inner = g("Add", x, g("Mul", g("Pow", x, 3.0), 0.044715))
    return g("Mul", g("Mul", x, 0.5), g("Add", g("Tanh", g("Mul", inner, 0.7978845608)), 1.0))


def gelu_tanh_cube(g: Graph, x: str) -> str:
    scaled = g("Mul", x, 0.7978845608)
    inner = g("Mul", scaled, g("Add", g("Mul", g("Mul", x, x), 0.044715), 1.0))
    return g("Mul", g("Mul", x, g("Add", 1.0, g("Tanh", inner))), 0.5)


def clip(g: Graph, x: str, low: float, high: float) -> str:
    return g("Clip", x, low, high)


def exp_ratio(g: Graph, x: str) -> str:
    up, down = g("Exp", x), g("Exp", g("Neg", x))
    return g("Div", g("Sub", up, down), g("Add", up, down))


def elu(g: Graph, x: str) -> str:
    negative = g("Mul", g("Sub", g("Exp", x), 1.0), 2.0)
    return g("Where", g("Greater", x, 0.0), x, negative)


ACTIVATIONS = [
    Form("gelu", of_x(gelu), ["gelu"]),
    Form("gelu_halved_inside", of_x(gelu_halved_inside), ["gelu"]),
    Form("gelu_multiplied_out", of_x(gelu_multiplied_out), ["gelu"]),
    Form("gelu_tanh", of_x(gelu_tanh), ["gelu"]),
    Form("gelu_tanh_cube", of_x(gelu_tanh_cube), ["gelu"]),
    Form(
        "sigmoid",
        of_x(lambda g, x: g("Div", 1.0, g("Add", g("Exp", g("Neg", x)), 1.0))),
        ["sigmoid"],
    ),
    Form(
        "swish",
        of_x(lambda g, x: g("Mul", x, g("Reciprocal", g("Add", 1.0, g("Exp", g("Neg", x)))))),
        ["sigmoid", "mul"],
    ),
    Form("tanh", of_x(exp_ratio), ["tanh"]),
    Form("softplus", of_x(lambda g, x: g("Log", g("Add", g("Exp", x), 1.0))), ["softplus"]),
    Form("mish", of_x(lambda g, x: g("Mul", x, g("Tanh", g("Softplus", x)))), ["mish"]),
    Form(
        "hard_sigmoid",
        of_x(lambda g, x: clip(g, g("Add", g("Mul", x, 0.25), 0.5), 0.0, 1.0)),
        ["hard_sigmoid"],
    ),
    Form(
        "hard_swish",
        of_x(lambda g, x: g("Div", g("Mul", x, clip(g, g("Add", x, 3.0), 0.0, 6.0)), 6.0)),
        ["hard_swish"],
    ),
    Form(
        "hard_swish_by_sixth",
        of_x(lambda g, x: g("Mul", x, g("Mul", clip(g, g("Add", x, 3.0), 0.0, 6.0), 1 / 6))),
        ["hard_swish"],
    ),
    Form("leaky_relu", of_x(lambda g, x: g("Max", x, g("Mul", x, 0.1))), ["leaky_relu"]),
    Form("elu", of_x(elu), ["elu"]),
]
