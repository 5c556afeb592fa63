"""Norms and softmax in the formulas that exporters write."""

from __future__ import annotations

import numpy as np
from recognise_forms import Form, Graph, Shape, of_x, weights


def standardised(g: Graph, x: str, axes: Shape = (-1,)) -> tuple[str, str]:
    """(x - mean, deviation)."""
    centred = g("Sub", x, g.reduce("Mean", x, axes))
    variance = g.reduce("Mean", g("Pow", centred, 2.0), axes)
    return centred, g("Sqrt", g("Add", variance, 1e-5))


def layer_norm(g: Graph, x: str) -> str:
    centred, deviation = standardised(g, x)
    return g("Add", g("Mul", g("Div", centred, deviation), weights(1, 96)), weights(2, 96))


def layer_norm_folded(g: Graph, x: str) -> str:
    mean = g.reduce("Mean", x)
    centred = g("Sub", x, mean)
    variance = g.reduce("Mean", g("Mul", centred, centred))
    inverse = g("Reciprocal", g("Sqrt", g("Add", variance, 1e-3)))
    factor = g("Mul", inverse, weights(1, 96))
    return g("Add", g("Mul", x, factor), g("Sub", weights(2, 96), g("Mul", mean, factor)))


def layer_norm_by_moments(g: Graph, x: str) -> str:
    mean = g.reduce("Mean", x)
    variance = g("Sub", g.reduce("Mean", g("Mul", x, x)), g("Mul", mean, mean))
    return g("Div", g("Sub", x, mean), g("Sqrt", g("Add", variance, 1e-5)))


def rms_norm(g: Graph, x: str) -> str:
    square = g.reduce("Mean", g("Pow", x, 2.0))
    inverse = g("Reciprocal", g("Sqrt", g("Add", square, 1e-5)))
    return g("Mul", weights(1, 96), g("Mul", x, inverse))


def instance_norm(g: Graph, x: str) -> str:
    centred, deviation = standardised(g, x, (2, 3))
    scaled = g("Mul", g("Div", centred, deviation), weights(1, 1, 6, 1, 1))
    return g("Add", scaled, weights(2, 1, 6, 1, 1))


def group_norm(g: Graph, x: str) -> str:
    groups = g("Reshape", x, np.array([2, 3, -1], np.int64))
    centred, deviation = standardised(g, groups)
    back = g("Reshape", g("Div", centred, deviation), np.array([2, 6, 5, 5], np.int64))
    return g("Add", g("Mul", back, weights(1, 6, 1, 1)), weights(2, 6, 1, 1))


def softmax(g: Graph, x: str) -> str:
    power = g("Exp", g("Sub", x, g.reduce("Max", x)))
    return g("Div", power, g.reduce("Sum", power))


def softmax_unshifted(g: Graph, x: str) -> str:
    power = g("Exp", x)
    return g("Div", power, g.reduce("Sum", power))


def log_softmax(g: Graph, x: str) -> str:
    shifted = g("Sub", x, g.reduce("Max", x))
    return g("Sub", shifted, g("Log", g.reduce("Sum", g("Exp", shifted))))


ROWS, IMAGE = (2, 5, 96), (2, 6, 5, 5)
NORMS = [
    Form("layer_norm", of_x(layer_norm, ROWS), ["layer_norm"]),
    Form("layer_norm_folded", of_x(layer_norm_folded, ROWS), ["layer_norm"]),
    Form("layer_norm_by_moments", of_x(layer_norm_by_moments, ROWS), ["layer_norm"]),
    Form("rms_norm", of_x(rms_norm, ROWS), ["layer_norm"]),
    Form("instance_norm", of_x(instance_norm, IMAGE), ["reshape", "reshape", "instance_norm"]),
    Form("group_norm", of_x(group_norm, IMAGE), ["reshape", "layer_norm", "reshape", "mul", "add"]),
    Form("l2_norm", of_x(lambda g, x: g("Div", x, g.reduce("L2", x)), ROWS), ["layer_norm"]),
    Form("softmax", of_x(softmax, ROWS), ["softmax"]),
    Form("softmax_unshifted", of_x(softmax_unshifted, ROWS), ["softmax"]),
    Form("log_softmax", of_x(log_softmax, ROWS), ["softmax"]),
    Form(
        "log_of_softmax",
        of_x(lambda g, x: g("Log", g("Softmax", x, axis=-1)), ROWS),
        ["softmax"],
    ),
]
