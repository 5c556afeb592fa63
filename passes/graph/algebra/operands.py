"""Patterns of `simplify-algebra`: operands that repeat, and operands that need not be expanded.

%1 = maximum(%x, %y); %2 = maximum(%1, %x); %3 = where(%c, %2, %2)  ->  %3 is %1
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.types import broadcast_shapes

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import constant_array, either_way, filled, fitted, has_floats

PATTERNS = PatternSet("simplify-algebra")
_SAME = ("maximum", "minimum", "and", "or", "bitwise_and", "bitwise_or")
_LATTICE = tuple(f"graph.{name}" for name in _SAME)


@PATTERNS.add("same-operands", *_LATTICE)
def _same_operands(op: Any, match: Match) -> Any:
    """max(x, x) -> x; also min, and, or."""
    lhs, rhs = op.operands
    return lhs if lhs == rhs else None


@PATTERNS.add("repeated-operand", *_LATTICE)
def _repeated_operand(op: Any, match: Match) -> Any:
    """max(max(x, y), y) -> max(x, y); also min, and, or."""
    for inner, other in either_way(op):
        if (source := source_if(inner, op.name)) and other in list(source.operands):
            return inner
    return None


_DUAL = {"graph.and": "graph.or", "graph.bitwise_and": "graph.bitwise_or"}
_DUAL |= {"graph.maximum": "graph.minimum"}
_DUAL |= {dual: name for name, dual in _DUAL.items()}


@PATTERNS.add("absorbed-operand", *_DUAL)
def _absorbed_operand(op: Any, match: Match) -> Any:
    """max(x, min(x, y)) -> x; also and/or; not for floats, where y may be NaN."""
    if has_floats(op.results[0]):
        return None
    for x, other in either_way(op):
        source = source_if(other, _DUAL[op.name])
        if source and x in list(source.operands):
            return fitted(x, op.results[0])
    return None


@PATTERNS.add("xor-cancels", "graph.xor", "graph.bitwise_xor")
def _xor_cancels(op: Any, match: Match) -> Any:
    """xor(x, x) -> 0; xor(xor(x, y), y) -> x."""
    lhs, rhs = op.operands
    if lhs == rhs:
        return filled(0, op.results[0])
    for inner, other in either_way(op):
        source = source_if(inner, op.name)
        if source and other in list(source.operands):
            first, second = source.operands
            return fitted(first if other == second else second, op.results[0])
    return None


@PATTERNS.add("subtract-itself", "graph.sub", rounding="unsafe", exact_on_integers=True)
def _subtract_itself(op: Any, match: Match) -> Any:
    """x - x -> 0; of floats NaN and infinities are lost."""
    lhs, rhs = op.operands
    return filled(0, op.results[0]) if lhs == rhs else None


@PATTERNS.add("divide-by-itself", "graph.div", rounding="unsafe")
def _divide_by_itself(op: Any, match: Match) -> Any:
    """x / x -> 1 for floats; NaN, infinities and zeros are lost."""
    lhs, rhs = op.operands
    return filled(1, op.results[0]) if lhs == rhs and has_floats(lhs) else None


@PATTERNS.add("compare-with-itself", "graph.less", "graph.greater")
def _compare_with_itself(op: Any, match: Match) -> Any:
    """x < x -> false, also for NaN."""
    lhs, rhs = op.operands
    return filled(False, op.results[0]) if lhs == rhs else None


@PATTERNS.add("equal-to-itself", "graph.equal", "graph.less_equal", "graph.greater_equal")
def _equal_to_itself(op: Any, match: Match) -> Any:
    """x == x -> true for integers and bools; a float may be NaN."""
    lhs, rhs = op.operands
    if lhs != rhs or has_floats(lhs):
        return None
    return filled(True, op.results[0])


@PATTERNS.add("same-choices", "graph.where")
def _same_choices(op: Any, match: Match) -> Any:
    """where(c, x, x) -> x."""
    _, x, other = op.operands
    return fitted(x, op.results[0]) if x == other else None


@PATTERNS.add("known-condition", "graph.where")
def _known_condition(op: Any, match: Match) -> Any:
    """where(true, x, y) -> x; where(false, x, y) -> y."""
    condition, x, other = op.operands
    array = constant_array(condition)
    if array is None or not (array.all() or not array.any()):
        return None
    return fitted(x if array.all() else other, op.results[0])


@PATTERNS.add("cancel-sum", "graph.sub", "graph.add", rounding="unsafe", exact_on_integers=True)
def _cancel_sum(op: Any, match: Match) -> Any:
    """(x + y) - y -> x; (x - y) + y -> x; y - (y - x) -> x."""
    if op.name == "graph.add":
        pairs = [(source_if(a, "graph.sub"), b) for a, b in either_way(op)]
        found = [s.operands[0] for s, y in pairs if s and s.operands[1] == y]
        return fitted(found[0], op.results[0]) if found else None
    lhs, rhs = op.operands
    if (total := source_if(lhs, "graph.add")) and rhs in list(total.operands):
        first, second = total.operands
        return fitted(first if second == rhs else second, op.results[0])
    inner = source_if(rhs, "graph.sub")
    return fitted(inner.operands[1], op.results[0]) if inner and inner.operands[0] == lhs else None


@PATTERNS.add("cancel-product", "graph.div", rounding="unsafe")
def _cancel_product(op: Any, match: Match) -> Any:
    """(x * y) / y -> x for floats."""
    product, divisor = source_if(op.operands[0], "graph.mul"), op.operands[1]
    if not product or not has_floats(divisor) or divisor not in list(product.operands):
        return None
    first, second = product.operands
    return fitted(first if second == divisor else second, op.results[0])


_BROADCASTING: tuple[str, ...] = ("add", "sub", "mul", "div", "mod", "fmod", "pow", *_SAME)
_BROADCASTING += ("xor", "bitwise_xor", "shift_left", "shift_right", "equal", "less", "less_equal")
_BROADCASTING += ("greater", "greater_equal", "where")


@PATTERNS.add("narrow-operand", *(f"graph.{name}" for name in _BROADCASTING))
def _narrow_operand(op: Any, match: Match) -> Any:
    """An operand need not be expanded to what the op broadcasts it to."""
    shape = list(op.results[0].type.shape)
    operands = list(op.operands)
    for i, value in enumerate(operands):
        expand = source_if(value, "graph.expand")
        if expand is None:
            continue
        narrow = [*operands[:i], expand.operands[0], *operands[i + 1 :]]
        if broadcast_shapes(*[v.type.shape for v in narrow]) == shape:
            return type(op.opview).build(*narrow)
    return None
