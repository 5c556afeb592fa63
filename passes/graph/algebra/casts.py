"""Patterns of `simplify-algebra`: casts that change nothing, in pairs or around comparisons.

%1 = cast(%0 : f16) to f32; %2 = cast(%1) to f64  ->  %2 = cast(%0) to f64
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import COMPARE, Cast
from aicc.dialects.graph.types import is_bool, is_float, is_integer, is_unsigned

from ..dataflow import source_if
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("simplify-algebra")
# Bits of the significand, the hidden one included.
SIGNIFICAND = {"bf16": 8, "f16": 11, "f32": 24, "f64": 53}
EXPONENT = {"f16": 5, "bf16": 8, "f32": 8, "f64": 11}


@PATTERNS.add("same-type", "graph.cast")
def _same_type(op: Any, match: Match) -> Any:
    """A cast to the type that the operand has -> the operand."""
    x = op.operands[0]
    return x if x.type == op.results[0].type else None


@PATTERNS.add("cast-of-cast", "graph.cast")
def _cast_of_cast(op: Any, match: Match) -> Any:
    """The first cast of two goes, if it loses nothing that the second one keeps."""
    inner = source_if(op.operands[0], "graph.cast")
    if inner is None:
        return None
    x, between, target = inner.operands[0], inner.opview.to, op.opview.to
    if not (_keeps_values(x.type.element_type, between) or _wraps_later(x, between, target)):
        return match.refuse("the first cast rounds or wraps")
    return x if x.type == op.results[0].type else Cast.build(x, to=target)


def _keeps_values(source: Any, target: Any) -> bool:
    """True if every value of `source` is one of `target`; never so for bool as the target."""
    if is_bool(target):
        return bool(source == target)
    if is_float(source):
        return is_float(target) and _fits(source, target)
    if not isinstance(source, ir.IntegerType):
        return False
    digits = _digits(source)
    if is_float(target):
        return digits <= SIGNIFICAND[str(target)]
    if not isinstance(target, ir.IntegerType):
        return False
    return digits <= _digits(target) and (is_unsigned(source) or not is_unsigned(target))


def _fits(source: Any, target: Any) -> bool:
    s, t = str(source), str(target)
    return SIGNIFICAND[s] <= SIGNIFICAND[t] and EXPONENT[s] <= EXPONENT[t]


def _digits(element: Any) -> int:
    """Bits of an integer's magnitude."""
    width = element.width
    return int(width if is_unsigned(element) else width - 1)


def _wraps_later(x: Any, between: Any, target: Any) -> bool:
    """Among integers, only the low bits that the target keeps count."""
    types = (x.type.element_type, between, target)
    return all(is_integer(t) for t in types) and target.width <= between.width


@PATTERNS.add("compare-before-cast", *(f"graph.{name}" for name in COMPARE))
def _compare_before_cast(op: Any, match: Match) -> Any:
    """cast(x) < cast(y) -> x < y, if the casts lose nothing."""
    lhs, rhs = (source_if(v, "graph.cast") for v in op.operands)
    if not (lhs and rhs):
        return None
    x, y = lhs.operands[0], rhs.operands[0]
    if x.type.element_type != y.type.element_type:
        return match.refuse("the operands' types differ before the casts")
    if not _keeps_values(x.type.element_type, lhs.opview.to):
        return match.refuse("the casts round or wrap")
    return type(op.opview).build(x, y)
