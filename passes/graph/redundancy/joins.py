"""Concatenations and the slices of them; gathers and scatters that only copy.

%2 = concat(%0, %1) axis 1; %3 = slice(%2) [the part of %1]            ->  %3 is %1
%1 = slice(%0) [:2]; %2 = slice(%0) [2:]; %3 = concat(%1, %2)          ->  %3 is %0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.movement import MAX_CONCAT, Concat, Slice

from ..dataflow import inline_array, is_read_once, source_if
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("eliminate-redundancy")
Row = tuple[int, int, int]


def concat_axis(op: Any) -> int:
    """The axis of a concat, counted from the front."""
    return int(op.opview.axis % op.results[0].type.rank)


@PATTERNS.add("single-concat", "graph.concat")
def _single_concat(op: Any, match: Match) -> Any:
    """One operand, joined to nothing."""
    return op.operands[0] if len(op.operands) == 1 else None


@PATTERNS.add("empty-concat-operand", "graph.concat")
def _empty_concat_operand(op: Any, match: Match) -> Any:
    """What has no elements adds none."""
    axis = concat_axis(op)
    kept = [v for v in op.operands if v.type.shape[axis]]
    if not kept or len(kept) == len(op.operands):
        return None
    return Concat.build(kept, axis=axis)


@PATTERNS.add("concat-of-concat", "graph.concat")
def _concat_of_concat(op: Any, match: Match) -> Any:
    """Concatenations along one axis are one, as long as the op has room for the operands."""
    axis, flat = concat_axis(op), []
    for value in op.operands:
        inner = source_if(value, "graph.concat")
        joins = inner is not None and concat_axis(inner) == axis and is_read_once(value)
        flat += list(inner.operands) if joins else [value]
    if len(flat) == len(op.operands):
        return None
    if len(flat) > MAX_CONCAT:
        return match.refuse(f"{len(flat)} operands, {MAX_CONCAT} is the most")
    return Concat.build(flat, axis=axis)


@PATTERNS.add("concat-of-slices", "graph.concat")
def _concat_of_slices(op: Any, match: Match) -> Any:
    """Neighbouring slices of one value are one slice."""
    axis, joined = concat_axis(op), [op.operands[0]]
    for value in list(op.operands)[1:]:
        both = _one_slice(joined[-1], value, axis)
        joined = [*joined[:-1], both] if both is not None else [*joined, value]
    if len(joined) == len(op.operands):
        return None
    return joined[0] if len(joined) == 1 else Concat.build(joined, axis=axis)


def _one_slice(first: Any, second: Any, axis: int) -> Any:
    """The slice that is `first` followed by `second` along `axis`, None if there is none."""
    one, two = source_if(first, "graph.slice"), source_if(second, "graph.slice")
    if one is None or two is None or one.operands[0] != two.operands[0]:
        return None
    rows = [_rows(one), _rows(two)]
    (start, size, step), (next_start, next_size, next_step) = rows[0].pop(axis), rows[1].pop(axis)
    if rows[0] != rows[1]:
        return None
    # the step of a single position says nothing
    apart = next_start - start if size == 1 else step
    fits = next_start == start + size * apart and (next_size == 1 or next_step == apart)
    if not fits or apart == 0:
        return None
    rows[0].insert(axis, (start, size + next_size, apart))
    starts, sizes, steps = zip(*rows[0], strict=True)
    return Slice.build(one.operands[0], starts=starts, sizes=sizes, steps=steps)


def _rows(op: Any) -> list[Row]:
    """(start, size, step) by dimension; steps of single positions as 1."""
    rows = zip(op.opview.starts, op.opview.sizes, op.opview.steps, strict=True)
    return [(start, size, step if size > 1 else 1) for start, size, step in rows]


@PATTERNS.add("slice-of-concat", "graph.slice")
def _slice_of_concat(op: Any, match: Match) -> Any:
    """A slice that stays inside one operand reads that one."""
    concat = source_if(op.operands[0], "graph.concat")
    if concat is None or 0 in op.opview.sizes:
        return None
    axis, offset = concat_axis(concat), 0
    start, size, step = _rows(op)[axis]
    low, high = sorted((start, start + (size - 1) * step))
    for value in concat.operands:
        extent = value.type.shape[axis]
        if offset <= low and high < offset + extent:
            starts = list(op.opview.starts)
            starts[axis] -= offset
            return Slice.build(value, starts=starts, sizes=op.opview.sizes, steps=op.opview.steps)
        offset += extent
    return None


@PATTERNS.add("gather-as-slice", "graph.gather")
def _gather_as_slice(op: Any, match: Match) -> Any:
    """Known positions at equal distances are a slice, those of one position too."""
    x, array = op.operands[0], inline_array(op.operands[1])
    axis = op.opview.axis % x.type.rank
    row = None if array is None else _progression(array, x.type.shape[axis])
    if row is None:
        return None
    rows = [(0, d, 1) for d in x.type.shape]
    rows[axis] = row
    starts, sizes, steps = zip(*rows, strict=True)
    y = Slice.build(x, starts=starts, sizes=sizes, steps=steps)
    return reshaped(y, op.results[0].type.shape)


def _progression(array: Any, extent: int) -> Row | None:
    """(start, size, step) of positions at equal distances; None for any others."""
    flat = array.reshape(-1).astype(np.int64)
    if not flat.size or flat.min() < -extent or flat.max() >= extent:
        return None
    flat = np.where(flat < 0, flat + extent, flat)
    steps = np.diff(flat)
    if steps.size and (steps[0] == 0 or np.any(steps != steps[0])):
        return None
    return int(flat[0]), int(flat.size), int(steps[0]) if steps.size else 1


@PATTERNS.add("gather-nd-as-slice", "graph.gather_nd")
def _gather_nd_as_slice(op: Any, match: Match) -> Any:
    """One known row of coordinates names one slice."""
    x, array = op.operands[0], inline_array(op.operands[1])
    if array is None or op.opview.batch_dims or array.size != array.shape[-1]:
        return None
    rows = [(0, d, 1) for d in x.type.shape]
    for i, at in enumerate(array.reshape(-1)):
        row = _progression(at, x.type.shape[i])
        if row is None:
            return None
        rows[i] = row
    starts, sizes, steps = zip(*rows, strict=True)
    y = Slice.build(x, starts=starts, sizes=sizes, steps=steps)
    return reshaped(y, op.results[0].type.shape)


@PATTERNS.add("gather-in-place", "graph.gather_elements")
def _gather_in_place(op: Any, match: Match) -> Any:
    """Every element is read from where it stands."""
    x, array = op.operands[0], inline_array(op.operands[1])
    same = array is not None and list(array.shape) == list(x.type.shape)
    return x if same and _stands_in_place(array, op.opview.axis) else None


def _stands_in_place(array: Any, axis: int) -> bool:
    return bool(np.array_equal(array, np.indices(array.shape)[axis]))


@PATTERNS.add("scatter-of-nothing", "graph.scatter_elements", "graph.scatter_nd")
def _scatter_of_nothing(op: Any, match: Match) -> Any:
    """No updates."""
    return op.operands[0] if 0 in op.operands[2].type.shape else None


@PATTERNS.add("scatter-of-everything", "graph.scatter_elements", "graph.scatter_nd")
def _scatter_of_everything(op: Any, match: Match) -> Any:
    """Every element is replaced, in order: what was there does not matter."""
    x, indices, updates = op.operands
    array = inline_array(indices)
    if array is None or x.type != updates.type or op.opview.reduction != "none":
        return None
    if op.name == "graph.scatter_elements":
        return updates if _stands_in_place(array, op.opview.axis) else None
    in_order = array.shape[-1] == 1 and array.size == x.type.shape[0]
    return updates if in_order and _stands_in_place(array.reshape(-1), 0) else None
