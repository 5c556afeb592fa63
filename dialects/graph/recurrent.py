"""Recurrent layers, one direction: the input's part of the gates comes precomputed.

`gates` is x_t W' + bias for every step at once, [T, B, gates * H]: one large matrix product. What
is left is the recurrence with r = R' of shape [H, gates * H], or packed in panels of u units,
[H / u, H, gates, u]. Gate order is ONNX's.
"""

from collections.abc import Callable
from typing import Any

from .base import (
    REQUIRED,
    AttrKind,
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    boolean,
    floating,
    ir,
)
from .types import is_float, is_integer, tensor


def _list_kind(words: str, element: Callable[[Any], Any], default: Any = REQUIRED) -> AttrKind:
    return AttrKind(
        words,
        lambda values: ir.ArrayAttr.get([element(v) for v in values]),
        lambda attr: [a.value for a in attr],
        lambda attr: isinstance(attr, ir.ArrayAttr),
        default,
    )


def _f64(value: float) -> Any:
    return ir.FloatAttr.get(ir.F64Type.get(), float(value))


ACTIVATIONS = (
    "affine",
    "elu",
    "hard_sigmoid",
    "leaky_relu",
    "relu",
    "scaled_tanh",
    "sigmoid",
    "softplus",
    "softsign",
    "tanh",
    "thresholded_relu",
)
_ATTRS = {
    "activations": _list_kind("a list of activation names", ir.StringAttr.get),
    "alpha": _list_kind("a list of f64", _f64),
    "beta": _list_kind("a list of f64", _f64),
    "clip": floating(None),
    "reverse": boolean(False),
}


def _same_type(gates: Any, *others: Any) -> None:
    for t in others:
        if t is not None and t.element_type != gates.element_type:
            raise VerifyError(f"mixes element types {gates.element_type} and {t.element_type}")


def _check_lengths(lengths: Any, batch: int) -> None:
    if lengths is None:
        return
    if list(lengths.shape) != [batch] or not is_integer(lengths.element_type):
        raise VerifyError(f"expects {batch} integer lengths, got {lengths}")


def _check(gates: Any, r: Any, h0: Any, count: int, attrs: dict[str, Any]) -> tuple[int, int, int]:
    """(steps, batch, hidden size) of consistent operands."""
    if gates.rank != 3 or not is_float(gates.element_type):
        raise VerifyError(f"expects gates of rank 3 and float type, got {gates}")
    _same_type(gates, r, h0)
    steps, batch, width = gates.shape
    hidden = width // count
    if width != count * hidden or list(r.shape) not in _layouts(r.shape[-1], hidden, count):
        raise VerifyError(f"{count} gates {gates} and recurrence weights {r} do not fit")
    if list(h0.shape) != [batch, hidden]:
        raise VerifyError(f"expects an initial state of {batch}x{hidden}, got {h0}")
    unknown = [a for a in attrs["activations"] if a not in ACTIVATIONS]
    if unknown:
        raise VerifyError(f"has no activation '{unknown[0]}' (has: {', '.join(ACTIVATIONS)})")
    return steps, batch, hidden


def _layouts(last: int, hidden: int, count: int) -> list[list[int]]:
    """The shapes of recurrence weights whose last dimension is known."""
    rows = [hidden, count * hidden]
    is_packed = last > 0 and hidden % last == 0
    return [rows, [hidden // last, hidden, count, last]] if is_packed else [rows]


class Lstm(GraphOp, name="lstm", traits=[Pure]):
    """Long short-term memory; gates i, o, f, c. Results: all h, last h, last c.

    `lengths`: valid steps of each sequence; later steps give zeros and keep the state.
    """

    gates: Operand[Tensor]
    r: Operand[Tensor]
    h0: Operand[Tensor]
    c0: Operand[Tensor]
    y: Result[Tensor]
    h: Result[Tensor]
    c: Result[Tensor]
    peephole: Operand[Tensor] | None = None
    lengths: Operand[Tensor] | None = None
    attrs = {**_ATTRS, "input_forget": boolean(False)}

    @staticmethod
    def infer(
        gates: Any,
        r: Any,
        h0: Any,
        c0: Any,
        peephole: Any = None,
        lengths: Any = None,
        **attrs: Any,
    ) -> Any:
        steps, batch, hidden = _check(gates, r, h0, 4, attrs)
        _same_type(gates, c0, peephole)
        _check_lengths(lengths, batch)
        if list(c0.shape) != [batch, hidden]:
            raise VerifyError(f"expects an initial cell of {batch}x{hidden}, got {c0}")
        if peephole is not None and list(peephole.shape) != [3 * hidden]:
            raise VerifyError(f"expects {3 * hidden} peephole weights, got {peephole}")
        state = tensor([batch, hidden], gates.element_type)
        return [tensor([steps, batch, hidden], gates.element_type), state, state]


class Gru(GraphOp, name="gru", traits=[Pure]):
    """Gated recurrent unit; gates z, r, h. Results: all h, last h.

    `bias` (the recurrence's, of gate h) is given if `linear_before_reset`: the reset gate then
    scales h R' + bias, else it scales h before the product.
    """

    gates: Operand[Tensor]
    r: Operand[Tensor]
    h0: Operand[Tensor]
    y: Result[Tensor]
    h: Result[Tensor]
    bias: Operand[Tensor] | None = None
    lengths: Operand[Tensor] | None = None
    attrs = {**_ATTRS, "linear_before_reset": boolean(False)}

    @staticmethod
    def infer(
        gates: Any, r: Any, h0: Any, bias: Any = None, lengths: Any = None, **attrs: Any
    ) -> Any:
        steps, batch, hidden = _check(gates, r, h0, 3, attrs)
        _same_type(gates, bias)
        _check_lengths(lengths, batch)
        state = tensor([batch, hidden], gates.element_type)
        return [tensor([steps, batch, hidden], gates.element_type), state]


class Rnn(GraphOp, name="rnn", traits=[Pure]):
    """h_t = f(gates_t + h_(t-1) R'). Results: all h, last h."""

    gates: Operand[Tensor]
    r: Operand[Tensor]
    h0: Operand[Tensor]
    y: Result[Tensor]
    h: Result[Tensor]
    lengths: Operand[Tensor] | None = None
    attrs = _ATTRS

    @staticmethod
    def infer(gates: Any, r: Any, h0: Any, lengths: Any = None, **attrs: Any) -> Any:
        steps, batch, hidden = _check(gates, r, h0, 1, attrs)
        _check_lengths(lengths, batch)
        state = tensor([batch, hidden], gates.element_type)
        return [tensor([steps, batch, hidden], gates.element_type), state]
