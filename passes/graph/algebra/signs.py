"""Patterns of `simplify-algebra`: signs, and functions that do nothing the second time.

%1 = neg(%0); %2 = add(%x, %1)  ->  %2 = sub(%x, %0)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.types import is_unsigned

from ..dataflow import source_if
from ..patterns import Match, PatternSet
from ..values.expressions import (
    constant,
    constant_array,
    either_way,
    fitted,
    has_floats,
    make,
    once,
    with_constant,
)
from ..values.facts import is_integral, is_non_negative

PATTERNS = PatternSet("simplify-algebra")


@PATTERNS.add(
    "repeated-function", *(f"graph.{n}" for n in ("relu", "abs", "floor", "ceil", "round", "sign"))
)
def _repeated_function(op: Any, match: Match) -> Any:
    """f(f(x)) -> f(x) for relu, abs, floor, ceil, round, sign."""
    return op.operands[0] if source_if(op.operands[0], op.name) else None


@PATTERNS.add("undone-function", "graph.neg", "graph.not", "graph.bitwise_not")
def _undone_function(op: Any, match: Match) -> Any:
    """f(f(x)) -> x for neg, not, bitwise_not."""
    inner = source_if(op.operands[0], op.name)
    return inner and inner.operands[0]


@PATTERNS.add("round-integral", "graph.floor", "graph.ceil", "graph.round")
def _round_integral(op: Any, match: Match) -> Any:
    """floor, ceil and round of a value that is rounded already -> the value."""
    return op.operands[0] if is_integral(op.operands[0]) else None


@PATTERNS.add("non-negative-already", "graph.relu", "graph.abs")
def _non_negative_already(op: Any, match: Match) -> Any:
    """relu(x) -> x and abs(x) -> x where no element is negative (or -0.0)."""
    return op.operands[0] if is_non_negative(op.operands[0]) else None


@PATTERNS.add("add-negated", "graph.add")
def _add_negated(op: Any, match: Match) -> Any:
    """x + -y -> x - y."""
    for x, other in either_way(op):
        if negated := source_if(other, "graph.neg"):
            return make("sub", x, negated.operands[0])
    return None


@PATTERNS.add("subtract-negated", "graph.sub")
def _subtract_negated(op: Any, match: Match) -> Any:
    """x - -y -> x + y."""
    negated = source_if(op.operands[1], "graph.neg")
    return negated and make("add", op.operands[0], negated.operands[0])


@PATTERNS.add("signs-cancel", "graph.mul", "graph.div")
def _signs_cancel(op: Any, match: Match) -> Any:
    """-x * -y -> x * y; -x / -y -> x / y for floats (the least integer has no negative)."""
    lhs, rhs = (source_if(v, "graph.neg") for v in op.operands)
    if not (lhs and rhs) or (op.name == "graph.div" and not has_floats(op.results[0])):
        return None
    return type(op.opview).build(lhs.operands[0], rhs.operands[0])


@PATTERNS.add("square-of-absolute", "graph.mul")
def _square_of_absolute(op: Any, match: Match) -> Any:
    """abs(x) * abs(x) -> x * x."""
    lhs, rhs = op.operands
    inner = source_if(lhs, "graph.abs") if lhs == rhs else None
    return inner and make("mul", inner.operands[0], inner.operands[0])


@PATTERNS.add("absolute-of-negated", "graph.abs")
def _absolute_of_negated(op: Any, match: Match) -> Any:
    """abs(-x) -> abs(x)."""
    negated = source_if(op.operands[0], "graph.neg")
    return negated and make("abs", negated.operands[0])


@PATTERNS.add("scale-negated", "graph.mul")
def _scale_negated(op: Any, match: Match) -> Any:
    """-x * c -> x * -c."""
    found = with_constant(op)
    if found is None:
        return None
    x, array = found
    negated = source_if(x, "graph.neg")
    return negated and make("mul", negated.operands[0], constant(-array, x))


@PATTERNS.add("negate-scaled", "graph.neg")
def _negate_scaled(op: Any, match: Match) -> Any:
    """-(x * c) -> x * -c."""
    product = once(op.operands[0], "graph.mul")
    found = product and with_constant(product)
    return found and make("mul", found[0], constant(-found[1], found[0]))


@PATTERNS.add("negate-difference", "graph.neg", rounding="reassociating", exact_on_integers=True)
def _negate_difference(op: Any, match: Match) -> Any:
    """-(x - y) -> y - x; where they are equal, the zero has the other sign."""
    difference = once(op.operands[0], "graph.sub")
    return difference and make("sub", difference.operands[1], difference.operands[0])


@PATTERNS.add("multiply-by-minus-one", "graph.mul")
def _multiply_by_minus_one(op: Any, match: Match) -> Any:
    """x * -1 -> -x."""
    found = with_constant(op)
    if found is None or is_unsigned(found[0].type.element_type) or not np.all(found[1] == -1):
        return None
    return fitted(make("neg", found[0]), op.results[0])


@PATTERNS.add("divide-by-minus-one", "graph.div")
def _divide_by_minus_one(op: Any, match: Match) -> Any:
    """x / -1 -> -x for floats."""
    x, divisor = op.operands[0], constant_array(op.operands[1])
    if divisor is None or not has_floats(x) or not np.all(divisor == -1):
        return None
    return fitted(make("neg", x), op.results[0])


@PATTERNS.add("subtract-from-zero", "graph.sub")
def _subtract_from_zero(op: Any, match: Match) -> Any:
    """0 - x -> -x; of floats -0.0 only: 0.0 - 0.0 is 0.0."""
    zero = constant_array(op.operands[0])
    if zero is None or (has_floats(op.results[0]) and not np.all(np.signbit(zero))):
        return None
    return _negated_if(bool(np.all(zero == 0)), op)


@PATTERNS.add("subtract-from-positive-zero", "graph.sub", rounding="reassociating")
def _subtract_from_positive_zero(op: Any, match: Match) -> Any:
    """0.0 - x -> -x; a zero may change its sign."""
    zero = constant_array(op.operands[0])
    return _negated_if(zero is not None and bool(np.all(zero == 0)), op)


def _negated_if(condition: bool, op: Any) -> Any:
    return fitted(make("neg", op.operands[1]), op.results[0]) if condition else None
