"""LSTM, GRU and RNN: one input product for all steps, then the recurrence, per direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.recurrent import Gru, Lstm, Rnn

from ..attributes import as_attribute
from ..node import Node
from ..registry import onnx_op

# ONNX activation name -> (name in the dialect, default alpha, default beta)
_ACTIVATIONS = {
    "affine": ("affine", 1.0, 0.0),
    "elu": ("elu", 1.0, 0.0),
    "hardsigmoid": ("hard_sigmoid", as_attribute(0.2), 0.5),
    "leakyrelu": ("leaky_relu", as_attribute(0.01), 0.0),
    "relu": ("relu", 0.0, 0.0),
    "scaledtanh": ("scaled_tanh", 1.0, 1.0),
    "sigmoid": ("sigmoid", 0.0, 0.0),
    "softplus": ("softplus", 0.0, 0.0),
    "softsign": ("softsign", 0.0, 0.0),
    "tanh": ("tanh", 0.0, 0.0),
    "thresholdedrelu": ("thresholded_relu", 1.0, 0.0),
}
_WITH_ALPHA = ("affine", "elu", "hardsigmoid", "leakyrelu", "scaledtanh", "thresholdedrelu")
_WITH_BETA = ("affine", "hardsigmoid", "scaledtanh")


@dataclass
class Options:
    """Attributes of the three operators."""

    hidden_size: int | None = None
    direction: str = "forward"
    activations: list[str] | None = None
    activation_alpha: list[float] | None = None
    activation_beta: list[float] | None = None
    clip: float | None = None
    layout: int = 0
    output_sequence: int = 0
    input_forget: int = 0
    linear_before_reset: int = 0


class Layer:
    """Operands of one node, time first, and the parts of its directions."""

    def __init__(self, n: Node, x: Any, w: Any, r: Any, lengths: Any, options: Options) -> None:
        self.n, self.options = n, options
        self.x = self.time_first(x)
        self.w, self.r = w, r
        self.steps, self.batch, self.inputs = self.x.type.shape
        self.directions, _, self.hidden = r.type.shape
        want = 2 if options.direction == "bidirectional" else 1
        if self.directions != want:
            n.invalid(f"direction '{options.direction}' with weights {r.type}")
        self.lengths = self.needed_lengths(lengths)

    def time_first(self, value: Any) -> Any:
        """Batch and time (or direction) swapped if the layout is batch first."""
        if not self.options.layout:
            return value
        order = [1, 0, *range(2, value.type.rank)]
        return self.n.emit(Transpose, value, permutation=order)

    def needed_lengths(self, lengths: Any) -> Any:
        """None if every sequence is known to fill all steps."""
        if lengths is None:
            return None
        known = self.n.values.known_array(lengths)
        return None if known is not None and np.all(known == self.steps) else lengths

    def part(self, value: Any, direction: int, start: int = 0, size: int | None = None) -> Any:
        """[direction, start : start + size] of a stacked parameter, without the direction."""
        shape = list(value.type.shape)
        size = shape[1] if size is None else size
        sizes = [1, size, *shape[2:]]
        if sizes != shape:
            starts = [direction, start, *[0] * (len(shape) - 2)]
            value = self.n.emit(Slice, value, starts=starts, sizes=sizes, steps=[1] * len(shape))
        return self.n.emit(Reshape, value, shape=sizes[1:])

    def transposed(self, value: Any, direction: int) -> Any:
        """One direction of stacked weights, rows and columns swapped."""
        return self.n.emit(Transpose, self.part(value, direction), permutation=[1, 0])

    def state(self, value: Any, direction: int) -> Any:
        """One direction of an initial state; zeros if it is not given."""
        if value is not None:
            return self.part(self.time_first(value), direction)
        return self.n.emit(Expand, self.n.like(0, self.x), shape=[self.batch, self.hidden])

    def gates(self, direction: int, bias: Any) -> Any:
        """x w' + bias for all steps."""
        n = self.n
        rows = n.emit(Reshape, self.x, shape=[self.steps * self.batch, self.inputs])
        y = n.emit(Matmul, rows, self.transposed(self.w, direction))
        if bias is not None:
            y = n.emit(BINARY["add"], y, bias)
        return n.emit(Reshape, y, shape=[self.steps, self.batch, y.type.shape[1]])

    def attrs(self, direction: int, defaults: list[str]) -> dict[str, Any]:
        """Attributes of the recurrence op of one direction."""
        names = [a.lower() for a in self.options.activations or defaults * self.directions]
        alpha = list(self.options.activation_alpha or [])
        beta = list(self.options.activation_beta or [])
        rows = []
        for name in names:
            if name not in _ACTIVATIONS:
                self.n.unsupported(f"activation '{name}'")
            word, a, c = _ACTIVATIONS[name]
            a = alpha.pop(0) if alpha and name in _WITH_ALPHA else a
            c = beta.pop(0) if beta and name in _WITH_BETA else c
            rows.append((word, a, c))
        if len(rows) != len(defaults) * self.directions:
            self.n.invalid(f"expects {len(defaults) * self.directions} activations, got {names}")
        mine = rows[direction * len(defaults) : (direction + 1) * len(defaults)]
        return {
            "activations": [r[0] for r in mine],
            "alpha": [r[1] for r in mine],
            "beta": [r[2] for r in mine],
            "clip": self.options.clip,
            "reverse": self.options.direction == "reverse" or direction == 1,
        }

    def outputs(self, results: list[list[Any]]) -> list[Any]:
        """[Y, last states..] of all directions, stacked and in the node's layout."""
        columns = [list(c) for c in zip(*results, strict=True)]
        sequences = [self.stacked(columns[0], 1)]
        return [self.batch_first(v) for v in sequences + [self.stacked(c, 0) for c in columns[1:]]]

    def stacked(self, values: list[Any], axis: int) -> Any:
        """The directions' values along a new dimension."""
        wide = []
        for v in values:
            shape = list(v.type.shape)
            wide.append(self.n.emit(Reshape, v, shape=[*shape[:axis], 1, *shape[axis:]]))
        return wide[0] if len(wide) == 1 else self.n.emit(Concat, wide, axis=axis)

    def batch_first(self, value: Any) -> Any:
        """Y [T, D, B, H] or a state [D, B, H] in the node's layout."""
        if not self.options.layout:
            return value
        order = [2, 0, 1, 3] if value.type.rank == 4 else [1, 0, 2]
        return self.n.emit(Transpose, value, permutation=order)


def _bias(layer: Layer, bias: Any, direction: int, count: int) -> Any:
    """Input bias plus recurrence bias."""
    if bias is None:
        return None
    width = count * layer.hidden
    first = layer.part(bias, direction, 0, width)
    return layer.n.emit(BINARY["add"], first, layer.part(bias, direction, width, width))


@onnx_op("LSTM")
def lstm(
    n: Node,
    x: Any,
    w: Any,
    r: Any,
    bias: Any = None,
    lengths: Any = None,
    h0: Any = None,
    c0: Any = None,
    peephole: Any = None,
    **attributes: Any,
) -> Any:
    """Long short-term memory."""
    layer = Layer(n, x, w, r, lengths, Options(**attributes))
    results = []
    for d in range(layer.directions):
        results.append(
            n.emit(
                Lstm,
                layer.gates(d, _bias(layer, bias, d, 4)),
                layer.transposed(r, d),
                layer.state(h0, d),
                layer.state(c0, d),
                None if peephole is None else layer.part(peephole, d),
                layer.lengths,
                input_forget=bool(layer.options.input_forget),
                **layer.attrs(d, ["Sigmoid", "Tanh", "Tanh"]),
            )
        )
    return layer.outputs(results)


@onnx_op("GRU")
def gru(
    n: Node,
    x: Any,
    w: Any,
    r: Any,
    bias: Any = None,
    lengths: Any = None,
    h0: Any = None,
    **attributes: Any,
) -> Any:
    """Gated recurrent unit."""
    layer = Layer(n, x, w, r, lengths, Options(**attributes))
    resets_after = bool(layer.options.linear_before_reset)
    results = []
    for d in range(layer.directions):
        inside = _inner_bias(layer, bias, d) if resets_after else None
        total = _gru_bias(layer, bias, d, resets_after)
        results.append(
            n.emit(
                Gru,
                layer.gates(d, total),
                layer.transposed(r, d),
                layer.state(h0, d),
                inside,
                layer.lengths,
                linear_before_reset=resets_after,
                **layer.attrs(d, ["Sigmoid", "Tanh"]),
            )
        )
    return layer.outputs(results)


def _inner_bias(layer: Layer, bias: Any, direction: int) -> Any:
    """The recurrence bias of gate h, which the reset gate scales."""
    if bias is None:
        return layer.n.emit(Expand, layer.n.like(0, layer.x), shape=[layer.hidden])
    return layer.part(bias, direction, 5 * layer.hidden, layer.hidden)


def _gru_bias(layer: Layer, bias: Any, direction: int, inside: bool) -> Any:
    """All biases that do not stand inside the reset gate's product."""
    if bias is None or not inside:
        return _bias(layer, bias, direction, 3)
    size = layer.hidden
    first = layer.part(bias, direction, 0, 2 * size)
    second = layer.part(bias, direction, 3 * size, 2 * size)
    update = layer.n.emit(BINARY["add"], first, second)
    return layer.n.emit(Concat, [update, layer.part(bias, direction, 2 * size, size)], axis=0)


@onnx_op("RNN")
def rnn(
    n: Node,
    x: Any,
    w: Any,
    r: Any,
    bias: Any = None,
    lengths: Any = None,
    h0: Any = None,
    **attributes: Any,
) -> Any:
    """Simple recurrence."""
    layer = Layer(n, x, w, r, lengths, Options(**attributes))
    results = [
        n.emit(
            Rnn,
            layer.gates(d, _bias(layer, bias, d, 1)),
            layer.transposed(r, d),
            layer.state(h0, d),
            layer.lengths,
            **layer.attrs(d, ["Tanh"]),
        )
        for d in range(layer.directions)
    ]
    return layer.outputs(results)
