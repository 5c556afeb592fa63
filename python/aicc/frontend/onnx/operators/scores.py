"""What classical models do to scores at the end (the attribute post_transform of ai.onnx.ml)."""

from __future__ import annotations

from math import pi
from typing import Any

from aicc.dialects.graph.elementwise import COMPARE, UNARY, Where
from aicc.dialects.graph.reduction import Softmax

from ..node import Node
from .arithmetic import add, div, mul, sub
from .reductions import reduced

PROBIT_A = 0.147  # Winitzki's approximation of the inverse error function


def transformed(n: Node, scores: Any, how: str) -> Any:
    """NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO (zeros stay) or PROBIT, along the last dimension."""
    if how == "NONE":
        return scores
    if how == "SOFTMAX":
        return n.emit(Softmax, scores, axis=-1)
    if how == "LOGISTIC":
        return n.emit(UNARY["sigmoid"], scores)
    if how == "SOFTMAX_ZERO":
        return _softmax_zero(n, scores)
    if how == "PROBIT":
        return _probit(n, scores)
    n.invalid(f"post_transform '{how}'")


def _softmax_zero(n: Node, scores: Any) -> Any:
    """Softmax of the scores that are not 0."""
    zero = n.like(0, scores)
    is_zero = n.emit(COMPARE["equal"], scores, zero)
    largest = reduced(n, "max", scores, [-1], keepdims=True)
    powers = n.emit(Where, is_zero, zero, n.emit(UNARY["exp"], sub(n, scores, largest)))
    total = reduced(n, "sum", powers, [-1], keepdims=True)
    is_empty = n.emit(COMPARE["equal"], total, zero)
    return div(n, powers, n.emit(Where, is_empty, n.like(1, scores), total))


def _probit(n: Node, scores: Any) -> Any:
    """sqrt(2) * erfinv(2 x - 1), as ONNX Runtime approximates it."""
    x = sub(n, mul(n, scores, 2.0), 1.0)
    sign = n.emit(UNARY["sign"], x)
    logarithm = n.emit(UNARY["log"], mul(n, sub(n, 1.0, x), add(n, x, 1.0)))
    v = add(n, mul(n, logarithm, 0.5), 2 / (pi * PROBIT_A))
    inner = sub(n, mul(n, v, v), mul(n, logarithm, 1 / PROBIT_A))
    root = n.emit(UNARY["sqrt"], sub(n, n.emit(UNARY["sqrt"], inner), v))
    return mul(n, mul(n, sign, root), 2**0.5)
