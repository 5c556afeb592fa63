"""Bytes are moved, not the floats they stand for, and nothing is done where both agree.

    %1 = dequantize(%q); %2 = max_pool(%1)     ->  %1 = max_pool(%q); %2 = dequantize(%1)
    %1 = concat(%a, %b); %2 = quantize(%1)     ->  %2 = concat(quantize(%a), quantize(%b))
    %1 = dequantize(%q); %2 = quantize(%1)     ->  (%q, where scale and zero point are the same)

Exact: scales are positive, so that maxima of bytes are the bytes of maxima.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph import OPS
from aicc.dialects.graph.elementwise import Dequantize, Quantize
from aicc.dialects.graph.movement import Concat, Pad
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of

from ..dataflow import is_read_once, source_if
from ..patterns import Match, PatternSet
from ..redundancy.quantization import integer_limits
from .steps import number

PATTERNS = PatternSet("fold-quantization")
# The first operand is what is moved.
MOVES = ("transpose", "reshape", "slice", "expand", "layout_cast", "gather", "max_pool")
MOVE_NAMES = tuple(f"graph.{name}" for name in MOVES)
# Those that rounding may come before: they move every element once.
PERMUTATIONS = ("graph.transpose", "graph.reshape", "graph.layout_cast")


def _dequantized(value: Any) -> Any:
    return source_if(value, Dequantize.OPERATION_NAME)


def _again(op: Any, x: Any) -> Any:
    """`op` on another first operand."""
    return OPS[op.name].build(x, *list(op.operands)[1:], **op.opview.attr_values())


@PATTERNS.add("move-bytes", *MOVE_NAMES)
def _move_bytes(op: Any, match: Match) -> Any:
    """move(dequantize(q)) -> dequantize(move(q))."""
    source = _dequantized(op.operands[0])
    if source is None:
        return None
    return Dequantize.build(_again(op, source.operands[0]), **source.opview.attr_values())


@PATTERNS.add("pad-bytes", "graph.pad")
def _pad_bytes(op: Any, match: Match) -> Any:
    """pad(dequantize(q)) -> dequantize(pad(q)), where the padding is a byte."""
    source = _dequantized(op.operands[0])
    if source is None:
        return None
    q, attrs = source.operands[0], source.opview.attr_values()
    if number(op.operands[1]) != 0:
        return match.refuse("the padding is not zero")
    lowest, highest = integer_limits(q.type.element_type)
    if not lowest <= attrs["zero"] <= highest:
        return match.refuse("the padding is no byte")
    dtype = numpy_dtype(dtype_of(q.type.element_type))
    zero = Constant.of(np.array(attrs["zero"], dtype))
    return Dequantize.build(Pad.build(q, zero, **op.opview.attr_values()), **attrs)


@PATTERNS.add("join-bytes", "graph.concat")
def _join_bytes(op: Any, match: Match) -> Any:
    """concat(dequantize(a), dequantize(b)) of one scale and zero point -> dequantize(concat)."""
    sources = [_dequantized(value) for value in op.operands]
    first = sources[0]
    if first is None or any(source is None for source in sources):
        return None
    kinds = {(str(s.operands[0].type.element_type), _parameters(s)) for s in sources}
    if len(kinds) > 1:
        return match.refuse("the scales differ")
    joined = Concat.build([s.operands[0] for s in sources], axis=op.opview.axis)
    return Dequantize.build(joined, **first.opview.attr_values())


def _parameters(op: Any) -> tuple[float, int]:
    return op.opview.scale, op.opview.zero


@PATTERNS.add("same-bytes", "graph.quantize")
def _same_bytes(op: Any, match: Match) -> Any:
    """quantize(dequantize(q)) by the same scale and zero point -> q."""
    source = _dequantized(op.operands[0])
    if source is None or source.operands[0].type != op.results[0].type:
        return None
    if _parameters(source) != _parameters(op):
        return match.refuse("the scales differ")
    return source.operands[0]


@PATTERNS.add("round-before-joining", "graph.quantize")
def _round_before_joining(op: Any, match: Match) -> Any:
    """quantize(concat(a, b)) -> concat(quantize(a), quantize(b))."""
    joined = source_if(op.operands[0], "graph.concat")
    if joined is None or not is_read_once(op.operands[0]):
        return None
    attrs = op.opview.attr_values()
    parts = [Quantize.build(value, **attrs) for value in joined.operands]
    return Concat.build(parts, axis=joined.opview.axis)


@PATTERNS.add("round-before-moving", "graph.quantize")
def _round_before_moving(op: Any, match: Match) -> Any:
    """quantize(transpose(x)) -> transpose(quantize(x))."""
    move = next((s for n in PERMUTATIONS if (s := source_if(op.operands[0], n))), None)
    if move is None or not is_read_once(op.operands[0]):
        return None
    return _again(move, Quantize.build(move.operands[0], **op.opview.attr_values()))
