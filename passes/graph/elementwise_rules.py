"""Rules of `canonicalize-graph` for elementwise ops.

A rule takes an op and returns the value that replaces its result, or None. Floating-point rules
hold for every bit pattern but a NaN's payload: x + 0.0 is not among them (-0.0 + 0.0 is 0.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import BINARY, COMPARE, Cast
from aicc.dialects.graph.types import broadcast_shapes, is_bool, is_float, is_unsigned

from .dataflow import inline_array, source_if
from .movement_rules import Rule, same_type

IDEMPOTENT = ("relu", "abs", "floor", "ceil", "round", "sign")
INVOLUTIONS = ("neg", "not", "bitwise_not")
# Bits of the significand, the hidden one included.
SIGNIFICAND = {"bf16": 8, "f16": 11, "f32": 24, "f64": 53}
EXPONENT = {"f16": 5, "bf16": 8, "f32": 8, "f64": 11}


def _neutral(index: int, is_neutral: Callable[[Any], Any]) -> Rule:
    """x op c -> x where operand `index` is a constant of neutral elements only."""

    def rule(op: Any) -> Any:
        x, array = op.operands[1 - index], inline_array(op.operands[index])
        if array is None or x.type != op.results[0].type:
            return None
        return x if bool(np.all(is_neutral(array))) else None

    return rule


def _is_added_zero(array: Any) -> Any:
    return (array == 0) & (np.signbit(array) if array.dtype.kind not in "iub" else True)


def _is_subtracted_zero(array: Any) -> Any:
    return (array == 0) & (~np.signbit(array) if array.dtype.kind not in "iub" else True)


def _is_one(array: Any) -> Any:
    return array == 1


def _same_again(op: Any) -> Any:
    """f(f(x)) = f(x)."""
    return op.operands[0] if source_if(op.operands[0], op.name) else None


def _undone(op: Any) -> Any:
    """f(f(x)) = x."""
    inner = source_if(op.operands[0], op.name)
    return inner and inner.operands[0]


def _cast_of_cast(op: Any) -> Any:
    """The first cast of two, if it loses nothing, is not needed."""
    inner = source_if(op.operands[0], "graph.cast")
    if inner is None:
        return None
    x = inner.operands[0]
    if not _keeps_values(x.type.element_type, inner.opview.to):
        return None
    return x if x.type == op.results[0].type else Cast.build(x, to=op.opview.to)


def _keeps_values(source: Any, target: Any) -> bool:
    """True if every value of `source` is one of `target`; never so for bool as the target."""
    if is_bool(target):
        return source == target
    if is_float(source):
        s, t = str(source), str(target)
        return is_float(target) and SIGNIFICAND[s] <= SIGNIFICAND[t] and EXPONENT[s] <= EXPONENT[t]
    digits = _digits(source)
    if is_float(target):
        return digits <= SIGNIFICAND[str(target)]
    return digits <= _digits(target) and (is_unsigned(source) or not is_unsigned(target))


def _digits(element: Any) -> int:
    """Bits of an integer's magnitude."""
    width = ir.IntegerType(element).width
    return int(width if is_unsigned(element) else width - 1)


def _same_choices(op: Any) -> Any:
    _, x, other = op.operands
    return x if x == other and x.type == op.results[0].type else None


def _known_condition(op: Any) -> Any:
    condition, x, other = op.operands
    array = inline_array(condition)
    if array is None or not (array.all() or not array.any()):
        return None
    chosen = x if array.all() else other
    return chosen if chosen.type == op.results[0].type else None


def _broadcast_anyway(op: Any) -> Any:
    """An operand need not be expanded to what the op broadcasts it to."""
    shape = list(op.results[0].type.shape)
    operands = list(op.operands)
    for i, value in enumerate(operands):
        expand = source_if(value, "graph.expand")
        if expand is None:
            continue
        narrow = [*operands[:i], expand.operands[0], *operands[i + 1 :]]
        if broadcast_shapes(*[v.type.shape for v in narrow]) == shape:
            return type(op.opview).build(*narrow, **op.opview.attr_values())
    return None


ELEMENTWISE_RULES: dict[str, list[Rule]] = {
    "graph.cast": [same_type, _cast_of_cast],
    "graph.where": [_same_choices, _known_condition, _broadcast_anyway],
    **{f"graph.{name}": [_same_again] for name in IDEMPOTENT},
    **{f"graph.{name}": [_undone] for name in INVOLUTIONS},
    **{f"graph.{name}": [_broadcast_anyway] for name in (*BINARY, *COMPARE)},
}
for _name, _index, _test in (
    ("add", 0, _is_added_zero),
    ("add", 1, _is_added_zero),
    ("sub", 1, _is_subtracted_zero),
    ("mul", 0, _is_one),
    ("mul", 1, _is_one),
    ("div", 1, _is_one),
    ("pow", 1, _is_one),
):
    ELEMENTWISE_RULES[f"graph.{_name}"].insert(0, _neutral(_index, _test))
