"""Quantising what was dequantised by the same scale and zero point.

%1 = mul(cast(sub(cast(%q) i32, 3)) f32, 0.1)         dequantise
%2 = cast(clip(add(round(div(%1, 0.1)), 3.0))) u8     quantise      ->  %2 is %q

Exact: (q - z) * s / s differs from the whole number q - z by far less than a half. With another
scale, or the other way round, values are lost and the pair must stay.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.types import is_integer, is_unsigned

from ..dataflow import definition, inline_array, source_if, uncast
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("eliminate-redundancy")
# products with a scale outside are no longer exact to 24 bits
SMALLEST, LARGEST = 1e-30, 1e30
MAX_BITS = 16
# they hold every integer of at most that many bits
WIDE = ("i32", "i64", "f32", "f64")


def integer_limits(element: Any) -> tuple[int, int]:
    """The least and the greatest value of an integer type, of whatever width."""
    if is_unsigned(element):
        return 0, (1 << element.width) - 1
    return -(1 << (element.width - 1)), (1 << (element.width - 1)) - 1


def _with_number(value: Any, *names: str) -> tuple[Any, float] | None:
    """(x, number) if `value` is one of these ops on x and, behind it, a number."""
    op = definition(value)
    if op is None or op.name not in names:
        return None
    array = inline_array(op.operands[1])
    if array is None or array.size != 1:
        return None
    return op.operands[0], float(array.reshape(())[()])


def _peeled(value: Any, *names: str, default: float) -> tuple[Any, float]:
    """As `_with_number`; the value itself and `default` where there is no such op."""
    return _with_number(value, *names) or (value, default)


@PATTERNS.add("requantized", "graph.cast")
def _requantized(op: Any, match: Match) -> Any:
    """Quantising by the scale and zero point of the dequantised operand gives it back."""
    element = op.opview.to
    if not is_integer(element) or element.width > MAX_BITS:
        return None
    rounded, zero = unclipped(op.operands[0], element)
    divided = source_if(rounded, "graph.round")
    if divided is None:
        return None
    pair = _with_number(divided.operands[0], "graph.div")
    product = _with_number(pair[0], "graph.mul") if pair else None
    if pair is None or product is None:
        return None
    if pair[1] != product[1] or not SMALLEST < abs(pair[1]) < LARGEST:
        return match.refuse("the scales differ")
    source = uncast(product[0], WIDE)
    whole, offset = _peeled(source, "graph.sub", default=0.0)
    q = uncast(whole, WIDE)
    if q.type != op.results[0].type:
        return None
    return q if offset == zero else match.refuse("the zero points differ")


def unclipped(value: Any, element: Any) -> tuple[Any, float]:
    """(x, zero point) of clip(x + zero point) where the clip is that of the type."""
    lowest, highest = integer_limits(element)
    for _ in range(2):
        for name, limit in (("graph.maximum", lowest), ("graph.minimum", highest)):
            found = _with_number(value, name)
            if found is not None and found[1] == limit:
                value = found[0]
        if lowest == 0 and (bounded := source_if(value, "graph.relu")):
            value = bounded.operands[0]
    return _peeled(value, "graph.add", default=0.0)
