"""Patterns of `simplify-algebra`: constants that are neutral, and such as decide the result.

%1 = mul(%0, 1); %2 = mul(%1, 0)  ->  %2 = expand(0)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..patterns import Match, PatternSet, Rounding
from ..values.expressions import (
    constant_array,
    dtype_like,
    either_way,
    filled,
    fitted,
    has_floats,
    with_constant,
)

PATTERNS = PatternSet("simplify-algebra")
Test = Callable[[Any], Any]


def _is_zero(array: Any) -> Any:
    return array == 0


def _is_one(array: Any) -> Any:
    return array == 1


def _is_negative_zero(array: Any) -> Any:
    return (array == 0) & (np.signbit(array) if _is_inexact(array) else True)


def _is_positive_zero(array: Any) -> Any:
    return (array == 0) & (~np.signbit(array) if _is_inexact(array) else True)


def _is_inexact(array: Any) -> bool:
    return array.dtype.kind not in "iub"


def _is_all_ones(array: Any) -> Any:
    return array == (-1 if array.dtype.kind == "i" else np.iinfo(array.dtype).max)


def _is_least(array: Any) -> Any:
    return array == (-np.inf if _is_inexact(array) else np.iinfo(array.dtype).min)


def _is_greatest(array: Any) -> Any:
    return array == (np.inf if _is_inexact(array) else np.iinfo(array.dtype).max)


def _neutral(name: str, op_name: str, test: Test, doc: str, rounding: Rounding = "exact") -> None:
    """x op c -> x; c may also come first where the op commutes."""
    commutes = op_name in ("add", "mul", "maximum", "minimum", "and", "or", "xor") or (
        op_name.startswith("bitwise")
    )

    def rewrite(op: Any, match: Match) -> Any:
        for x, other in either_way(op) if commutes else [tuple(op.operands)]:
            array = constant_array(other)
            if array is not None and bool(np.all(test(array))):
                return fitted(x, op.results[0])
        return None

    rewrite.__doc__ = doc
    PATTERNS.add(name, f"graph.{op_name}", rounding=rounding)(rewrite)


_neutral(
    "add-zero", "add", _is_negative_zero, "x + 0 -> x; of floats -0.0 only: -0.0 + 0.0 is 0.0."
)
_neutral(
    "add-positive-zero",
    "add",
    _is_zero,
    "x + 0.0 -> x; a zero may change its sign.",
    "reassociating",
)
_neutral("subtract-zero", "sub", _is_positive_zero, "x - 0 -> x.")
_neutral("multiply-by-one", "mul", _is_one, "x * 1 -> x.")
_neutral("divide-by-one", "div", _is_one, "x / 1 -> x.")
_neutral("power-of-one", "pow", _is_one, "x ** 1 -> x.")
_neutral("maximum-with-least", "maximum", _is_least, "max(x, -inf or the least integer) -> x.")
_neutral("minimum-with-greatest", "minimum", _is_greatest, "min(x, inf or the greatest) -> x.")
_neutral("and-true", "and", np.all, "x and true -> x.")
_neutral("or-false", "or", np.logical_not, "x or false -> x.")
_neutral("xor-false", "xor", np.logical_not, "x xor false -> x.")
_neutral("bitwise-and-ones", "bitwise_and", _is_all_ones, "x & ~0 -> x.")
_neutral("bitwise-or-zero", "bitwise_or", _is_zero, "x | 0 -> x.")
_neutral("bitwise-xor-zero", "bitwise_xor", _is_zero, "x ^ 0 -> x.")
_neutral("shift-left-by-zero", "shift_left", _is_zero, "x << 0 -> x.")
_neutral("shift-right-by-zero", "shift_right", _is_zero, "x >> 0 -> x.")


def _absorbing(name: str, op_name: str, test: Test, result: Any, doc: str, **classes: Any) -> None:
    """x op c -> `result`, whatever x is; the op commutes."""

    def rewrite(op: Any, match: Match) -> Any:
        found = with_constant(op)
        if found is None or not bool(np.all(test(found[1]))):
            return None
        return filled(result, op.results[0])

    rewrite.__doc__ = doc
    PATTERNS.add(name, f"graph.{op_name}", **classes)(rewrite)


_absorbing(
    "multiply-by-zero",
    "mul",
    _is_zero,
    0,
    "x * 0 -> 0; of floats NaN and infinities are lost.",
    rounding="unsafe",
    exact_on_integers=True,
)
_absorbing("and-false", "and", np.logical_not, False, "x and false -> false.")
_absorbing("or-true", "or", np.all, True, "x or true -> true.")
_absorbing("bitwise-and-zero", "bitwise_and", _is_zero, 0, "x & 0 -> 0.")
_absorbing("bitwise-or-ones", "bitwise_or", _is_all_ones, -1, "x | ~0 -> ~0.")


@PATTERNS.add("power-of-zero", "graph.pow")
def _power_of_zero(op: Any, match: Match) -> Any:
    """x ** 0 -> 1, also for NaN."""
    exponent = constant_array(op.operands[1])
    if exponent is None or not bool(np.all(exponent == 0)):
        return None
    return filled(1, op.results[0])


@PATTERNS.add("integer-bound", "graph.maximum", "graph.minimum")
def _integer_bound(op: Any, match: Match) -> Any:
    """max(x, the greatest integer) -> that; min(x, the least) -> that."""
    found = with_constant(op)
    if found is None or has_floats(op.results[0]):
        return None
    limits = np.iinfo(dtype_like(op.results[0]))
    bound = limits.max if op.name == "graph.maximum" else limits.min
    return filled(bound, op.results[0]) if bool(np.all(found[1] == bound)) else None


@PATTERNS.add("remainder-by-one", "graph.mod", "graph.fmod")
def _remainder_by_one(op: Any, match: Match) -> Any:
    """x mod 1 -> 0 for integers."""
    divisor = constant_array(op.operands[1])
    if divisor is None or has_floats(op.results[0]) or not bool(np.all(divisor == 1)):
        return None
    return filled(0, op.results[0])
