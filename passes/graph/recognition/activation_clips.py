"""Activations made of clips, hard_sigmoid and hard_swish: patterns of `recognise-activations`.

    %1 = add(%x, 3)
    %2 = minimum(maximum(%1, 0), 6)  ->  %3 = hard_swish(%x)
    %3 = div(mul(%x, %2), 6)

A clip alone stays one: relu6 has no faster form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from aicc.dialects.graph.elementwise import UNARY

from ..dataflow import definition, source_if
from ..patterns import Match, PatternSet
from .polynomials import arithmetic_sources, is_near, is_polynomial, scalar_of, single_atom

PATTERNS = PatternSet("recognise-activations")


def _clipped(value: Any) -> tuple[Any, float, float] | None:
    """(x, low, high) if `value` is x clipped to known bounds."""
    bounds = {"graph.maximum": -math.inf, "graph.minimum": math.inf}
    for _ in range(2):
        op = definition(value)
        if op is not None and op.name == "graph.relu" and bounds["graph.maximum"] == -math.inf:
            bounds["graph.maximum"], value = 0.0, op.operands[0]
            continue
        if op is None or op.name not in bounds or not math.isinf(bounds[op.name]):
            break
        numbers = [scalar_of(v) for v in op.operands]
        place = next((i for i, number in enumerate(numbers) if number is not None), None)
        if place is None or op.operands[1 - place].type != value.type:
            break
        bounds[op.name], value = float(numbers[place] or 0.0), op.operands[1 - place]
    low, high = bounds["graph.maximum"], bounds["graph.minimum"]
    return (value, low, high) if low < high and not math.isinf(high - low) else None


def _linear(value: Any) -> Iterator[tuple[Any, float, float]]:
    """(x, a, b) with value = a x + b."""
    for x in arithmetic_sources(value, depth=3):
        terms = single_atom(value, x) if x.type == value.type else None
        if terms is not None and (1,) in terms and terms.keys() <= {(0,), (1,)}:
            yield x, terms[(1,)], terms.get((0,), 0.0)


@PATTERNS.add(
    "hard-sigmoid",
    "graph.minimum",
    "graph.maximum",
    "graph.mul",
    "graph.div",
    rounding="reassociating",
)
def _hard_sigmoid(op: Any, match: Match) -> Any:
    """clip(a x + b, 0, 1), or clip(x + b, 0, c) / c -> hard_sigmoid(x)."""
    for clip in arithmetic_sources(op.results[0], depth=2):
        clipped = _clipped(clip)
        terms = single_atom(op.results[0], clip) if clipped else None
        if clipped is None or terms is None or terms.keys() != {(1,)}:
            continue
        value, low, high = clipped
        factor, element = terms[(1,)], clip.type.element_type
        if low != 0.0 or not is_near(factor * high, 1.0, element):
            continue
        # the innermost reading, and only one that has a slope and an offset of its own
        for x, a, b in reversed(list(_linear(value))):
            if a > 0 and b != 0 and x.type == op.results[0].type:
                return UNARY["hard_sigmoid"].build(x, alpha=a * factor, beta=b * factor)
    return None


@PATTERNS.add("hard-swish", "graph.mul", "graph.div", rounding="reassociating")
def _hard_swish(op: Any, match: Match) -> Any:
    """x * hard_sigmoid(x) with slope 1/6 and offset 1/2, or x * clip(x + 3, 0, 6) / 6."""
    result = op.results[0]
    for gate in arithmetic_sources(result, depth=3):
        for x, scale in _gated_by(gate):
            if x.type == result.type and is_polynomial(result, [x, gate], {(1, 1): scale}):
                return UNARY["hard_swish"].build(x)
    return None


def _gated_by(gate: Any) -> Iterator[tuple[Any, float]]:
    """(x, s) if s * gate is hard_swish's clip(x / 6 + 1 / 2, 0, 1)."""
    element = gate.type.element_type
    if op := source_if(gate, "graph.hard_sigmoid"):
        slope, offset = op.opview.alpha, op.opview.beta
        if is_near(slope, 1 / 6, element) and is_near(offset, 0.5, element):
            yield op.operands[0], 1.0
    elif clipped := _clipped(gate):
        value, low, high = clipped
        if low == 0.0:
            for x, a, b in _linear(value):
                same = is_near(a / high, 1 / 6, element) and is_near(b / high, 0.5, element)
                if same:
                    yield x, 1 / high
