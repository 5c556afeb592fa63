"""Patterns of `simplify-algebra`: bools, comparisons and choices.

%1 = not(%c); %2 = where(%1, %x, %y)  ->  %2 = where(%c, %y, %x)
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.types import is_bool

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import (
    COMMUTATIVE,
    MIRRORED,
    constant_array,
    either_way,
    filled,
    fitted,
    has_floats,
    make,
    once,
    select,
    with_constant,
)

PATTERNS = PatternSet("simplify-algebra")
_INVERSE = {"graph.less": "greater_equal", "graph.greater": "less_equal"}
_INVERSE |= {"graph.less_equal": "greater", "graph.greater_equal": "less"}


@PATTERNS.add("constant-last", *COMMUTATIVE, *MIRRORED)
def _constant_last(op: Any, match: Match) -> Any:
    """c + x -> x + c; also other commutative ops, and c < x -> x > c."""
    lhs, rhs = op.operands
    if constant_array(lhs) is None or constant_array(rhs) is not None:
        return None
    return make(MIRRORED.get(op.name, op.name).removeprefix("graph."), rhs, lhs)


@PATTERNS.add("not-of-comparison", "graph.not")
def _not_of_comparison(op: Any, match: Match) -> Any:
    """not(x < y) -> x >= y for integers; floats may be NaN."""
    comparison = once(op.operands[0], *_INVERSE)
    if comparison is None or has_floats(comparison.operands[0]):
        return None
    return make(_INVERSE[comparison.name], *comparison.operands)


@PATTERNS.add("negations-outward", "graph.and", "graph.or")
def _negations_outward(op: Any, match: Match) -> Any:
    """not x and not y -> not (x or y); also or: one op less."""
    lhs, rhs = (once(v, "graph.not") for v in op.operands)
    if not (lhs and rhs):
        return None
    dual = "or" if op.name == "graph.and" else "and"
    return make("not", make(dual, lhs.operands[0], rhs.operands[0]))


@PATTERNS.add("contradiction", "graph.and", "graph.or", "graph.xor")
def _contradiction(op: Any, match: Match) -> Any:
    """x and not x -> false; x or not x -> true; x xor not x -> true."""
    for x, other in either_way(op):
        negated = source_if(other, "graph.not")
        if negated and negated.operands[0] == x:
            return filled(op.name != "graph.and", op.results[0])
    return None


@PATTERNS.add("xor-true", "graph.xor")
def _xor_true(op: Any, match: Match) -> Any:
    """x xor true -> not x."""
    found = with_constant(op)
    if found is None or not found[1].all():
        return None
    return fitted(make("not", found[0]), op.results[0])


@PATTERNS.add("equal-to-bool", "graph.equal")
def _equal_to_bool(op: Any, match: Match) -> Any:
    """x == true -> x; x == false -> not x."""
    found = with_constant(op)
    if found is None or not is_bool(found[0].type.element_type):
        return None
    if found[1].all():
        return fitted(found[0], op.results[0])
    return None if found[1].any() else fitted(make("not", found[0]), op.results[0])


@PATTERNS.add("choice-of-bools", "graph.where")
def _choice_of_bools(op: Any, match: Match) -> Any:
    """where(c, true, false) -> c; where(c, false, true) -> not c."""
    condition, x, other = op.operands
    arrays = [constant_array(v) for v in (x, other)]
    if not is_bool(x.type.element_type) or any(a is None for a in arrays):
        return None
    if arrays[0].all() and not arrays[1].any():
        return fitted(condition, op.results[0])
    if arrays[1].all() and not arrays[0].any():
        return fitted(make("not", condition), op.results[0])
    return None


@PATTERNS.add("choice-by-not", "graph.where")
def _choice_by_not(op: Any, match: Match) -> Any:
    """where(not c, x, y) -> where(c, y, x)."""
    condition, x, other = op.operands
    negated = source_if(condition, "graph.not")
    return negated and select(negated.operands[0], other, x)


@PATTERNS.add("choice-of-choice", "graph.where")
def _choice_of_choice(op: Any, match: Match) -> Any:
    """where(c, where(c, x, y), z) -> where(c, x, z); also where(c, x, where(c, y, z))."""
    condition, x, other = op.operands
    for index, value in ((1, x), (2, other)):
        inner = source_if(value, "graph.where")
        if inner and inner.operands[0] == condition:
            chosen = fitted(inner.operands[index], inner.results[0])
            return select(condition, *((chosen, other) if index == 1 else (x, chosen)))
    return None


@PATTERNS.add("choice-of-the-compared", "graph.where")
def _choice_of_the_compared(op: Any, match: Match) -> Any:
    """where(x < y, y, x) -> max(x, y) for integers; also min: vector units have both."""
    condition, *chosen = op.operands
    comparison = once(condition, *_INVERSE)
    if comparison is None or has_floats(chosen[0]) or is_bool(chosen[0].type.element_type):
        return None
    compared = list(comparison.operands)
    if chosen not in (compared, compared[::-1]):
        return None
    less = comparison.name.startswith("graph.less")
    return make("minimum" if less == (chosen == compared) else "maximum", *compared)
