"""Rules of `canonicalize-graph` for data movement: identities vanish, pairs compose.

A rule takes an op and returns the value that replaces its result, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc.dialects.graph.movement import Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.structure import cast_permutation

from .dataflow import source_if

Rule = Callable[[Any], Any]


def same_type(op: Any) -> Any:
    """The operand, if the result has its type: for ops that change nothing but shapes."""
    x = op.operands[0]
    return x if x.type == op.results[0].type else None


def _reshape_of_reshape(op: Any) -> Any:
    inner = source_if(op.operands[0], "graph.reshape")
    return inner and Reshape.build(inner.operands[0], shape=op.opview.shape)


def _identity_transpose(op: Any) -> Any:
    permutation = op.opview.permutation
    return op.operands[0] if permutation == sorted(permutation) else None


def _transpose_of_transpose(op: Any) -> Any:
    inner = source_if(op.operands[0], "graph.transpose")
    if inner is None:
        return None
    first = inner.opview.permutation
    return Transpose.build(inner.operands[0], permutation=[first[p] for p in op.opview.permutation])


def _transpose_as_reshape(op: Any) -> Any:
    """Moving dimensions of size 1 moves no data."""
    return _as_reshape(op, op.opview.permutation)


def _cast_as_reshape(op: Any) -> Any:
    return _as_reshape(op, cast_permutation(op.operands[0].type.rank, op.opview.target))


def _as_reshape(op: Any, permutation: Sequence[int]) -> Any:
    shape = op.operands[0].type.shape
    moved = [p for p in permutation if shape[p] != 1]
    if moved != sorted(moved):
        return None
    return Reshape.build(op.operands[0], shape=op.results[0].type.shape)


def _opposite_layout_casts(op: Any) -> Any:
    inner = source_if(op.operands[0], "graph.layout_cast")
    return inner.operands[0] if inner and inner.opview.source == op.opview.target else None


def _expand_of_expand(op: Any) -> Any:
    inner = source_if(op.operands[0], "graph.expand")
    return inner and Expand.build(inner.operands[0], shape=op.opview.shape)


def _identity_slice(op: Any) -> Any:
    """Same shape and steps of 1 mean every element in place; a reversal has the shape too."""
    forward = all(
        step == 1 or size == 1 for step, size in zip(op.opview.steps, op.opview.sizes, strict=True)
    )
    return same_type(op) if forward else None


def _slice_of_slice(op: Any) -> Any:
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


def _identity_pad(op: Any) -> Any:
    return None if any([*op.opview.low, *op.opview.high]) else op.operands[0]


def _single_concat(op: Any) -> Any:
    return op.operands[0] if len(op.operands) == 1 else None


def _reduction_as_reshape(op: Any) -> Any:
    """Sum, mean, maximum, minimum and product of one element are the element."""
    x = op.operands[0]
    if any(x.type.shape[axis] != 1 for axis in op.opview.axes):
        return None
    return Reshape.build(x, shape=op.results[0].type.shape)


_REDUCTIONS = ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod")
MOVEMENT_RULES: dict[str, list[Rule]] = {
    "graph.reshape": [same_type, _reshape_of_reshape],
    "graph.transpose": [_identity_transpose, _transpose_of_transpose, _transpose_as_reshape],
    "graph.layout_cast": [_opposite_layout_casts, _cast_as_reshape],
    "graph.expand": [same_type, _expand_of_expand],
    "graph.slice": [_identity_slice, _slice_of_slice],
    "graph.pad": [_identity_pad],
    "graph.concat": [_single_concat],
    **{f"graph.{name}": [_reduction_as_reshape] for name in _REDUCTIONS},
}
