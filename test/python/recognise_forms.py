"""Formulas as ONNX exporters write them, and the ops they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

Shape = Sequence[int]


class Graph:
    """Writes nodes; a number becomes an initialiser, a name stays a name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: dict[str, Any] = {}
        self.inputs: dict[str, tuple[Shape, int]] = {}

    def take(self, name: str, shape: Shape, dtype: int = TensorProto.FLOAT) -> str:
        """A model input."""
        self.inputs[name] = (shape, dtype)
        return name

    def const(self, value: Any) -> str:
        """An initialiser."""
        name = f"c{len(self.weights)}"
        array = np.asarray(value)
        self.weights[name] = array.astype(np.float32) if array.dtype == np.float64 else array
        return name

    def __call__(self, op: str, *operands: Any, **attributes: Any) -> str:
        """The output of a new node."""
        inputs = [v if isinstance(v, str) else self.const(v) for v in operands]
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def split(self, x: str, parts: int) -> list[str]:
        """Equal parts along the last dimension."""
        names = [f"n{len(self.nodes)}_{i}" for i in range(parts)]
        self.nodes.append(helper.make_node("Split", [x], names, axis=-1))
        return names

    def reduce(self, kind: str, x: str, axes: Shape = (-1,)) -> str:
        """A reduction with kept dimensions."""
        attributes = {} if kind == "Sum" else {"axes": list(axes)}
        operands = [np.array(axes, np.int64)] if kind == "Sum" else []
        return self(f"Reduce{kind}", x, *operands, keepdims=1, **attributes)

    def model(self, outputs: Mapping[str, str]) -> ModelProto:
        """The model; outputs by their new names."""
        for new, old in outputs.items():
            self.nodes.append(helper.make_node("Identity", [old], [new]))
        graph = helper.make_graph(
            self.nodes,
            "g",
            [helper.make_tensor_value_info(n, t, s) for n, (s, t) in self.inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
            [numpy_helper.from_array(a, n) for n, a in self.weights.items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@dataclass(frozen=True)
class Form:
    """`write` makes the value y; `expected` are the ops after recognition."""

    name: str
    write: Callable[[Graph], Any]
    expected: list[str] = field(default_factory=list)

    def model(self) -> ModelProto:
        """The form as a model with output y (or several, by name)."""
        graph = Graph()
        result = self.write(graph)
        return graph.model(result if isinstance(result, dict) else {"y": result})


def of_x(write: Callable[[Graph, str], Any], shape: Shape = (2, 8)) -> Callable[[Graph], Any]:
    """A form of one input x."""
    return lambda g: write(g, g.take("x", list(shape)))


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


def standardised(g: Graph, x: str, axes: Shape = (-1,)) -> tuple[str, str]:
    """(x - mean, deviation)."""
    centred = g("Sub", x, g.reduce("Mean", x, axes))
    variance = g.reduce("Mean", g("Pow", centred, 2.0), axes)
    return centred, g("Sqrt", g("Add", variance, 1e-5))


def weights(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


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
