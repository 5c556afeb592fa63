"""Redundant data movement: what moves nothing, what composes, what is undone again.

%1 = transpose(%0) [0, 2, 3, 1]; %2 = reshape(%1); %3 = transpose(%2)  ->  %3 = reshape(%0)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc.dialects.graph.movement import Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.structure import cast_permutation
from aicc.dialects.graph.types import element_count

from ..dataflow import definition, is_read_once, source_if
from ..movement.arrangement import Arrangement
from ..movement.rearrangement import Rearrangement
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("eliminate-redundancy")
MOVES = ("graph.transpose", "graph.layout_cast", "graph.slice", "graph.expand")
VIEW = "graph.reshape"


def same_type(op: Any) -> Any:
    """The first operand, if the result has its type: for ops that change nothing but shapes."""
    x = op.operands[0]
    return x if x.type == op.results[0].type else None


@PATTERNS.add("same-shape", "graph.reshape", "graph.expand")
def _same_shape(op: Any, match: Match) -> Any:
    """A reshape or broadcast to the shape that is there already."""
    return same_type(op)


@PATTERNS.add("reshape-of-reshape", "graph.reshape")
def _reshape_of_reshape(op: Any, match: Match) -> Any:
    """Only the last shape counts; a squeeze and its unsqueeze vanish."""
    inner = source_if(op.operands[0], "graph.reshape")
    return inner and Reshape.build(inner.operands[0], shape=op.opview.shape)


@PATTERNS.add("identity-transpose", "graph.transpose")
def _identity_transpose(op: Any, match: Match) -> Any:
    """A permutation in order."""
    permutation = op.opview.permutation
    return op.operands[0] if permutation == sorted(permutation) else None


@PATTERNS.add("transpose-of-transpose", "graph.transpose")
def _transpose_of_transpose(op: Any, match: Match) -> Any:
    """Two permutations are one."""
    inner = source_if(op.operands[0], "graph.transpose")
    if inner is None:
        return None
    first = inner.opview.permutation
    return Transpose.build(inner.operands[0], permutation=[first[p] for p in op.opview.permutation])


@PATTERNS.add("opposite-layout-casts", "graph.layout_cast")
def _opposite_layout_casts(op: Any, match: Match) -> Any:
    """A cast that undoes the one before."""
    inner = source_if(op.operands[0], "graph.layout_cast")
    return inner.operands[0] if inner and inner.opview.source == op.opview.target else None


@PATTERNS.add("transpose-of-ones", "graph.transpose")
def _transpose_of_ones(op: Any, match: Match) -> Any:
    """Moving dimensions of size 1 moves no data."""
    return _as_reshape(op, op.opview.permutation)


@PATTERNS.add("layout-cast-of-ones", "graph.layout_cast")
def _layout_cast_of_ones(op: Any, match: Match) -> Any:
    """An image of one channel, or of one pixel, has the same order in both layouts."""
    return _as_reshape(op, cast_permutation(op.operands[0].type.rank, op.opview.target))


def _as_reshape(op: Any, permutation: Sequence[int]) -> Any:
    shape = op.operands[0].type.shape
    moved = [p for p in permutation if shape[p] != 1]
    return (
        Reshape.build(op.operands[0], shape=op.results[0].type.shape)
        if moved == sorted(moved)
        else None
    )


@PATTERNS.add("expand-of-expand", "graph.expand")
def _expand_of_expand(op: Any, match: Match) -> Any:
    """Broadcast at once."""
    inner = source_if(op.operands[0], "graph.expand")
    return inner and Expand.build(inner.operands[0], shape=op.opview.shape)


@PATTERNS.add("full-slice", "graph.slice")
def _full_slice(op: Any, match: Match) -> Any:
    """Same shape and steps of 1 mean every element in place; a reversal has the shape too."""
    forward = all(
        step == 1 or size == 1 for step, size in zip(op.opview.steps, op.opview.sizes, strict=True)
    )
    return same_type(op) if forward else None


@PATTERNS.add("slice-of-slice", "graph.slice")
def _slice_of_slice(op: Any, match: Match) -> Any:
    """Two slices are one."""
    inner = source_if(op.operands[0], "graph.slice")
    if inner is None:
        return None
    rows = zip(
        inner.opview.starts, inner.opview.steps, op.opview.starts, op.opview.steps, strict=True
    )
    composed = [(s1 + t1 * s2, t1 * t2) for s1, t1, s2, t2 in rows]
    return Slice.build(
        inner.operands[0],
        starts=[start for start, _ in composed],
        sizes=op.opview.sizes,
        steps=[step for _, step in composed],
    )


@PATTERNS.add("movement-chain", *MOVES)
def _movement_chain(op: Any, match: Match) -> Any:
    """Moves and views in a row by the fewest copies: a slice, a transpose, a broadcast."""
    chain = _chain_above(op)
    for length in range(len(chain), 0, -1):
        found = _rearrangement(chain[:length])
        if found is not None and _is_gain(found.copies, chain[:length]):
            return found.build()
    return None


def _chain_above(op: Any) -> list[Any]:
    """`op` and the moves and views that lead to it, last one first."""
    chain = [op]
    while True:
        source = definition(chain[-1].operands[0])
        if source is None or source.name not in (*MOVES, VIEW):
            return chain
        chain.append(source)


def _rearrangement(chain: list[Any]) -> Rearrangement | None:
    x = chain[-1].operands[0]
    if 0 in [d for op in chain for d in op.results[0].type.shape]:
        return None
    arrangement = Arrangement(x.type.shape)
    return Rearrangement(x, arrangement) if arrangement.follow_chain(chain) else None


def _is_gain(copies: list[int], chain: list[Any]) -> bool:
    """Fewer elements are copied; or no more of them, in fewer steps.

    What others read, and all that leads to it, is copied in any case.
    """
    saved, steps, is_private = 0, 0, True
    for i, op in enumerate(chain):
        is_private = is_private and (i == 0 or is_read_once(op.results[0]))
        if op.name != VIEW:
            steps += 1
            saved += element_count(op.results[0].type.shape) if is_private else 0
    return sum(copies) < saved or (sum(copies) == saved and len(copies) < steps)
