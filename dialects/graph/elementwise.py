"""Elementwise ops: one result element from the elements at the same (broadcast) position.

Binary, comparison, logical ops and `where` broadcast as numpy does. What each scalar operation
means is in `aicc.passes.linalg.elementwise`, by op name.
"""

import types
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    choice,
    element_type,
    floating,
    integer,
    ir,
)
from .types import broadcast_shapes, is_bool, is_float, is_integer, tensor

_ACCEPTS = {
    "float": (is_float, "a float"),
    "number": (lambda t: is_float(t) or is_integer(t), "a number"),
    "integer": (is_integer, "an integer"),
    "bool": (is_bool, "bool"),
    "any": (lambda t: True, "any"),
}


def _require(accepts: str, element: Any) -> None:
    test, words = _ACCEPTS[accepts]
    if not test(element):
        raise VerifyError(f"expects {words} element type, got {element}")


def _bool_of(shape: list[int]) -> Any:
    return tensor(shape, ir.IntegerType.get_signless(1))


def _broadcast(lhs: Any, rhs: Any) -> Any:
    if lhs.element_type != rhs.element_type:
        raise VerifyError(f"mixes element types {lhs.element_type} and {rhs.element_type}")
    return tensor(broadcast_shapes(lhs.shape, rhs.shape), lhs.element_type)


class UnaryOp(GraphOp):
    """y[i] = f(x[i])."""

    x: Operand[Tensor]
    y: Result[Tensor]
    accepts = "float"

    @classmethod
    def infer(cls, x: Any, **attrs: Any) -> Any:
        _require(cls.accepts, x.element_type)
        return x


class PredicateOp(UnaryOp):
    """y[i] = p(x[i]), bool."""

    @classmethod
    def infer(cls, x: Any, **attrs: Any) -> Any:
        _require(cls.accepts, x.element_type)
        return _bool_of(x.shape)


class BinaryOp(GraphOp):
    """y = f(lhs, rhs), operands broadcast, one element type."""

    lhs: Operand[Tensor]
    rhs: Operand[Tensor]
    y: Result[Tensor]
    accepts = "number"

    @classmethod
    def infer(cls, lhs: Any, rhs: Any, **attrs: Any) -> Any:
        _require(cls.accepts, lhs.element_type)
        return _broadcast(lhs, rhs)


class CompareOp(BinaryOp):
    """y = p(lhs, rhs), bool, operands broadcast."""

    @classmethod
    def infer(cls, lhs: Any, rhs: Any, **attrs: Any) -> Any:
        _require(cls.accepts, lhs.element_type)
        return _bool_of(_broadcast(lhs, rhs).shape)


def _define(base: Any, name: str, accepts: str, **attrs: Any) -> Any:
    camel = "".join(part.capitalize() for part in name.split("_"))
    body = {"accepts": accepts, "attrs": attrs, "__module__": __name__, "__annotations__": {}}
    body["__doc__"] = f"Elementwise `{name}`."
    keywords = {"name": name, "traits": [Pure]}
    return types.new_class(camel, (base,), keywords, lambda n: n.update(body))


# name -> class; the keys are the op names without the dialect prefix.
UNARY = {
    name: _define(UnaryOp, name, accepts, **attrs)
    for name, accepts, attrs in [
        ("abs", "number", {}),
        ("neg", "number", {}),
        ("sign", "number", {}),
        ("exp", "float", {}),
        ("log", "float", {}),
        ("sqrt", "float", {}),
        ("rsqrt", "float", {}),
        ("reciprocal", "float", {}),
        ("floor", "float", {}),
        ("ceil", "float", {}),
        ("round", "float", {}),
        ("sin", "float", {}),
        ("cos", "float", {}),
        ("tan", "float", {}),
        ("asin", "float", {}),
        ("acos", "float", {}),
        ("atan", "float", {}),
        ("sinh", "float", {}),
        ("cosh", "float", {}),
        ("tanh", "float", {}),
        ("asinh", "float", {}),
        ("acosh", "float", {}),
        ("atanh", "float", {}),
        ("erf", "float", {}),
        ("relu", "number", {}),
        ("sigmoid", "float", {}),
        ("hard_sigmoid", "float", {"alpha": floating(0.2), "beta": floating(0.5)}),
        ("hard_swish", "float", {}),
        ("leaky_relu", "float", {"alpha": floating(0.01)}),
        ("elu", "float", {"alpha": floating(1.0)}),
        ("gelu", "float", {"approximate": choice("none", "tanh", default="none")}),
        ("softplus", "float", {}),
        ("mish", "float", {}),
        ("not", "bool", {}),
        ("bitwise_not", "integer", {}),
    ]
}
PREDICATES = {name: _define(PredicateOp, name, "float") for name in ("is_nan", "is_inf")}
BINARY = {
    name: _define(BinaryOp, name, accepts)
    for name, accepts in [
        ("add", "number"),
        ("sub", "number"),
        ("mul", "number"),
        ("div", "number"),
        ("mod", "number"),  # sign of the divisor, as numpy's
        ("fmod", "number"),  # sign of the dividend, as C's
        ("pow", "number"),
        ("maximum", "number"),
        ("minimum", "number"),
        ("and", "bool"),
        ("or", "bool"),
        ("xor", "bool"),
        ("bitwise_and", "integer"),
        ("bitwise_or", "integer"),
        ("bitwise_xor", "integer"),
        ("shift_left", "integer"),
        ("shift_right", "integer"),
    ]
}
COMPARE = {
    name: _define(CompareOp, name, "any")
    for name in ("equal", "less", "less_equal", "greater", "greater_equal")
}


class Quantize(UnaryOp, name="quantize", traits=[Pure]):
    """saturate(round(x / scale) + zero) of type `to`.

    Halves go to even, NaN to an end of the range. `scale` is positive and a float32, as are the
    operand and the quotient.
    """

    attrs = {"scale": floating(), "zero": integer(0), "to": element_type()}

    @classmethod
    def infer(cls, x: Any, **attrs: Any) -> Any:
        to = attrs["to"]
        _require_scale(attrs["scale"])
        if str(x.element_type) != "f32" or not is_integer(to):
            raise VerifyError(f"rounds f32 to an integer, got {x.element_type} and {to}")
        return tensor(x.shape, to)


class Dequantize(UnaryOp, name="dequantize", traits=[Pure]):
    """(x - zero) * scale as f32; `scale` is positive and a float32."""

    attrs = {"scale": floating(), "zero": integer(0)}

    @classmethod
    def infer(cls, x: Any, **attrs: Any) -> Any:
        _require_scale(attrs["scale"])
        _require("integer", x.element_type)
        return tensor(x.shape, ir.F32Type.get())


class Snap(UnaryOp, name="snap", traits=[Pure]):
    """dequantize(quantize(x)) with the scales `scale` and `step`, through integers of type `to`."""

    attrs = {
        "scale": floating(),
        "zero": integer(0),
        "to": element_type(),
        "step": floating(),
    }

    @classmethod
    def infer(cls, x: Any, **attrs: Any) -> Any:
        _require_scale(attrs["step"])
        Quantize.infer(x, **attrs)
        return x


def _require_scale(scale: float) -> None:
    if not 0 < scale < float("inf"):
        raise VerifyError(f"expects a positive scale, got {scale}")


ROUNDING = {"quantize": Quantize, "dequantize": Dequantize, "snap": Snap}
ELEMENTWISE = {**UNARY, **PREDICATES, **BINARY, **COMPARE, **ROUNDING}


class Where(GraphOp, name="where", traits=[Pure]):
    """y = condition ? x : other, operands broadcast."""

    condition: Operand[Tensor]
    x: Operand[Tensor]
    other: Operand[Tensor]
    y: Result[Tensor]

    @staticmethod
    def infer(condition: Any, x: Any, other: Any) -> Any:
        _require("bool", condition.element_type)
        if x.element_type != other.element_type:
            raise VerifyError(f"mixes element types {x.element_type} and {other.element_type}")
        shape = broadcast_shapes(condition.shape, x.shape, other.shape)
        return tensor(shape, x.element_type)


class Cast(GraphOp, name="cast", traits=[Pure]):
    """Conversion to element type `to`: float to integer truncates, anything to bool is `!= 0`."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"to": element_type()}

    @staticmethod
    def infer(x: Any, *, to: Any) -> Any:
        return tensor(x.shape, to)
