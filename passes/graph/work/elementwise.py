"""Elementwise ops done before repetition, and before moves that part them from what they fuse with.

%1 = expand(%0) [1, 8] -> [64, 8]; %2 = exp(%1)  ->  %1 = exp(%0); %2 = expand(%1)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import Cast
from aicc.dialects.graph.movement import Expand
from aicc.dialects.graph.types import broadcast_shapes, element_count, is_float

from ..dataflow import definition, is_read_once, source_if
from ..patterns import Match, PatternSet
from ..values.pointwise import (
    BINARY_NAMES,
    POINTWISE,
    UNARY_NAMES,
    fuses_with_producer,
    is_number,
    rebuilt,
    with_operand,
)

PATTERNS = PatternSet("reduce-work")
ORDERS = ("graph.transpose", "graph.layout_cast")


@PATTERNS.add("elementwise-before-expand", *POINTWISE)
def _elementwise_before_expand(op: Any, match: Match) -> Any:
    """What is repeated is computed once."""
    shape = list(op.results[0].type.shape)
    sources = [source_if(v, "graph.expand") for v in op.operands]
    if not any(sources):
        return None
    pairs = zip(op.operands, sources, strict=True)
    narrow = [v if expand is None else expand.operands[0] for v, expand in pairs]
    result = broadcast_shapes(*[v.type.shape for v in narrow])
    if element_count(result) >= element_count(shape):
        return match.refuse("another operand has every element")
    return Expand.build(rebuilt(op, narrow), shape=shape)


@PATTERNS.add("elementwise-before-movement", *UNARY_NAMES, *BINARY_NAMES)
def _elementwise_before_movement(op: Any, match: Match) -> Any:
    """An elementwise op joins the op that computes its operand, not the move of the result."""
    if op.name == "graph.cast" and _bytes(op.results[0]) > _bytes(op.operands[0]):
        return None
    for i, value in enumerate(op.operands):
        moves = _moves_behind(value)
        others = [v for k, v in enumerate(op.operands) if k != i]
        if not moves or not all(_meets_alike(v, move) for v in others for move in moves):
            continue
        if fuses_with_producer(moves[-1].operands[0]):
            moved = with_operand(op, i, moves[-1].operands[0])
            for move in reversed(moves):
                moved = rebuilt(move, [moved])
            return moved
    return None


def _moves_behind(value: Any) -> list[Any]:
    """The chain of moves that makes `value` for one reader, the last move first."""
    moves: list[Any] = []
    move = definition(value)
    while move is not None and move.name in (*ORDERS, "graph.reshape") and is_read_once(value):
        moves.append(move)
        value = move.operands[0]
        move = definition(value)
    return moves


def _meets_alike(other: Any, move: Any) -> bool:
    """True if `other` broadcasts against what is moved as it does against the result."""
    x = move.operands[0]
    if is_number(other):
        return other.type.rank <= x.type.rank
    if move.name != "graph.reshape":
        return False
    before, after = list(x.type.shape), list(move.results[0].type.shape)
    rank = other.type.rank
    short = rank < min(len(before), len(after))
    behind = before[len(before) - rank :]
    if not short or behind != after[len(after) - rank :]:
        return False
    # x itself must not be broadcast: the moves would not be those of the result
    return all(size in (1, own) for size, own in zip(other.type.shape, behind, strict=True))


@PATTERNS.add("elementwise-before-equal-moves", *BINARY_NAMES)
def _elementwise_before_equal_moves(op: Any, match: Match) -> Any:
    """Two values moved alike are combined first; one move is left."""
    moves = [definition(v) for v in op.operands]
    first, second = moves
    if first is None or second is None or first.name not in ORDERS or first.name != second.name:
        return None
    lhs, rhs = first.operands[0], second.operands[0]
    if (
        lhs.type.shape != rhs.type.shape
        or first.opview.attr_values() != second.opview.attr_values()
    ):
        return None
    if not _only_read_by(op, op.operands):
        return match.refuse("a moved operand is read elsewhere")
    return rebuilt(first, [rebuilt(op, [lhs, rhs])])


def _only_read_by(op: Any, values: Sequence[Any]) -> bool:
    return all(use.owner.operation == op for value in values for use in value.uses)


@PATTERNS.add("cast-before-movement", "graph.cast")
def _cast_before_movement(op: Any, match: Match) -> Any:
    """A cast to a smaller type comes first: fewer bytes are moved."""
    move = definition(op.operands[0])
    if move is None or move.name not in ORDERS or not is_read_once(op.operands[0]):
        return None
    if _bytes(op.results[0]) >= _bytes(op.operands[0]):
        return None
    return rebuilt(move, [Cast.build(move.operands[0], to=op.opview.to)])


@PATTERNS.add("cast-after-movement", *ORDERS)
def _cast_after_movement(op: Any, match: Match) -> Any:
    """A cast to a larger type comes last: fewer bytes are moved."""
    cast = source_if(op.operands[0], "graph.cast")
    if cast is None or not is_read_once(op.operands[0]):
        return None
    if _bytes(cast.results[0]) <= _bytes(cast.operands[0]):
        return None
    return Cast.build(rebuilt(op, [cast.operands[0]]), to=cast.opview.to)


def _bytes(value: Any) -> int:
    """The size of an element; bools take one byte."""
    element = value.type.element_type
    width = ir.FloatType(element).width if is_float(element) else ir.IntegerType(element).width
    return max(1, int(width) // 8)
