"""Rounding to 8-bit integers, and back, as one op each.

    %1 = round(div(%x, 0.1)); %2 = cast(minimum(maximum(add(%1, 3.0), 0.0), 255.0)) u8
      ->  %2 = quantize(%x) {scale = 0.1, zero = 3, to = ui8}
    %3 = mul(cast(sub(cast(%q) i32, 3)) f32, 0.1)  ->  %3 = dequantize(%q) {scale = 0.1, zero = 3}

Scales and zero points are single numbers; those per channel, of weights, are computed once anyway.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, UNARY, Dequantize, Quantize
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.tables import BYTES

from ..dataflow import definition, inline_array, is_read_once, source_if, uncast
from ..patterns import Match, PatternSet
from ..redundancy.quantization import integer_limits, unclipped

PATTERNS = PatternSet("fold-quantization")
# Within it the products of all 8-bit integers with a scale are normal numbers.
SMALLEST, LARGEST = 1e-25, 1e25
WIDE = ("i32", "i64", "f32")
# Factors, offsets and bounds between a sum and its rounding.
STEPS = 6


def number(value: Any) -> float | None:
    """The only element of an inline constant."""
    array = inline_array(value)
    return float(array.reshape(())[()]) if array is not None and array.size == 1 else None


def _is_scale(value: float | None) -> bool:
    return value is not None and SMALLEST < value < LARGEST


@PATTERNS.add("round-to-bytes", "graph.cast")
def _round_to_bytes(op: Any, match: Match) -> Any:
    """cast(clip(round(x / scale) + zero)) -> quantize."""
    element = op.opview.to
    if str(element) not in BYTES:
        return None
    rounded, zero = unclipped(op.operands[0], element)
    whole = source_if(rounded, "graph.round")
    if whole is None or rounded.type != op.operands[0].type or not zero.is_integer():
        return None
    if str(rounded.type.element_type) != "f32":
        return match.refuse("it is not rounded in f32")
    x, scale = _undivided(whole.operands[0], match)
    return Quantize.build(x, scale=scale, zero=int(zero), to=element)


def _undivided(value: Any, match: Match) -> tuple[Any, float]:
    """(x, scale) of x / scale; what a sum is multiplied by goes into its factors instead."""
    if quotient := source_if(value, "graph.div"):
        x, scale = quotient.operands[0], number(quotient.operands[1])
        if scale is not None and _is_scale(scale) and x.type == value.type:
            return x, scale
    if "reassociating" in match.allowed:
        product = source_if(value, "graph.mul")
        factor = number(product.operands[1]) if product else None
        if product is not None and factor is not None and _is_scale(factor):
            folded = _scaled(product.operands[0], factor, match, STEPS)
            return (value if folded is None else folded), 1.0
    return value, 1.0


def _scaled(x: Any, factor: float, match: Match, steps: int) -> Any:
    """x * factor where the factor goes into constants, None where it cannot."""
    op = definition(x)
    if op is None or not steps or not is_read_once(x):
        return None
    if op.name == "graph.relu":
        inner = _scaled(op.operands[0], factor, match, steps - 1)
        return None if inner is None else UNARY["relu"].build(inner)
    if op.name not in ("graph.add", "graph.mul") or op.operands[1] not in match.static:
        return None
    constant = BINARY["mul"].build(op.operands[1], Constant.of(np.float32(factor)))
    if op.name == "graph.mul":
        return BINARY["mul"].build(op.operands[0], constant)
    inner = _scaled(op.operands[0], factor, match, steps - 1)
    return None if inner is None else BINARY["add"].build(inner, constant)


@PATTERNS.add("rounded-relu", "graph.quantize")
def _rounded_relu(op: Any, match: Match) -> Any:
    """quantize(relu(x)) -> quantize(x), where 0 becomes the least integer there is."""
    relu = source_if(op.operands[0], "graph.relu")
    if relu is None:
        return None
    lowest, _ = integer_limits(op.results[0].type.element_type)
    if op.opview.zero > lowest:
        return match.refuse("numbers below zero have integers of their own")
    return Quantize.build(relu.operands[0], **op.opview.attr_values())


@PATTERNS.add("bytes-to-floats", "graph.mul")
def _bytes_to_floats(op: Any, match: Match) -> Any:
    """(q - zero) * scale -> dequantize."""
    scale = number(op.operands[1])
    if scale is None or not _is_scale(scale) or str(op.results[0].type.element_type) != "f32":
        return None
    whole, zero = uncast(op.operands[0], WIDE), 0.0
    if shifted := source_if(whole, "graph.sub"):
        offset = number(shifted.operands[1])
        if offset is None or not offset.is_integer():
            return None
        whole, zero = uncast(shifted.operands[0], WIDE), offset
    if str(whole.type.element_type) not in BYTES or whole.type.shape != op.results[0].type.shape:
        return None
    if whole in match.static:
        return None
    return Dequantize.build(whole, scale=scale, zero=int(zero))
