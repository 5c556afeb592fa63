"""Slices and gathers taken before the computation, so that only their part is computed.

%1 = add(%a, %b); %2 = slice(%1)  ->  %1 = slice(%a); %2 = slice(%b); %3 = add(%1, %2)

A computation that others read too is needed in full; and an elementwise op that costs nothing,
because it fuses with the op before it, stays there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc.dialects.graph.linear import ConvTranspose, Matmul
from aicc.dialects.graph.movement import Concat, Pad, Slice
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import element_count

from ..dataflow import definition, is_read_once, source_if
from ..patterns import Match, PatternSet
from ..values.pointwise import (
    POINTWISE,
    fuses_with_producer,
    rebuilt,
    varying_operand,
    with_operand,
)

PATTERNS = PatternSet("reduce-work")
ROWS = ("graph.softmax", "graph.layer_norm")
Row = tuple[int, int, int]


def _rows(op: Any) -> list[Row]:
    """(start, size, step) by dimension."""
    view = op.opview
    return list(zip(view.starts, view.sizes, view.steps, strict=True))


def _part(x: Any, rows: Sequence[Row]) -> Any:
    """The slice of `x`; `x` itself where that is everything."""
    if all(row == (0, d, 1) for row, d in zip(rows, x.type.shape, strict=True)):
        return x
    starts, sizes, steps = zip(*rows, strict=True)
    return Slice.build(x, starts=starts, sizes=sizes, steps=steps)


def _broadcast_part(x: Any, rows: Sequence[Row]) -> Any:
    """The part of an operand that meets `rows` of the result; what is repeated stays."""
    own = rows[len(rows) - x.type.rank :]
    pairs = zip(own, x.type.shape, strict=True)
    return _part(x, [(0, 1, 1) if d == 1 else row for row, d in pairs])


def _computed(op: Any, names: Sequence[str]) -> Any:
    """The op that computes what only the slice `op` reads, and reads in part, else None."""
    inner = definition(op.operands[0])
    if inner is None or inner.name not in names or not is_read_once(op.operands[0]):
        return None
    fewer = element_count(op.opview.sizes) < element_count(op.operands[0].type.shape)
    return inner if fewer and 0 not in op.opview.sizes else None


def _sources(op: Any) -> list[Any]:
    """What a tree of elementwise ops, each read once, starts from."""
    found = []
    for value in op.operands:
        inner = definition(value)
        nested = inner is not None and inner.name in POINTWISE and is_read_once(value)
        found += _sources(inner) if nested else [value]
    return found


@PATTERNS.add("slice-before-elementwise", "graph.slice")
def _slice_before_elementwise(op: Any, match: Match) -> Any:
    """Each operand's part in place of the result's."""
    inner = _computed(op, POINTWISE)
    if inner is None:
        return None
    count = element_count(op.operands[0].type.shape)
    wide = [v for v in _sources(inner) if element_count(v.type.shape) == count]
    if any(fuses_with_producer(v) and not _lets_pass(v, _rows(op), match) for v in wide):
        return match.refuse("the elementwise op fuses with what computes its operand")
    if len(set(wide)) * element_count(op.opview.sizes) >= count:
        return match.refuse("the operands' parts are no less than the whole")
    rows = _rows(op)
    return rebuilt(inner, [_broadcast_part(v, rows) for v in inner.operands])


def _lets_pass(value: Any, rows: Sequence[Row], match: Match) -> bool:
    """True if a slice goes on to the operands of what computes `value`."""
    inner = definition(value)
    if inner.name not in (*ROWS, "graph.matmul") or "reassociating" not in match.allowed:
        return False
    if inner.name == "graph.matmul":
        whole = rows[-1] == (0, value.type.shape[value.type.rank - 1], 1)
        return inner.opview.rhs_layout == "KN" and (whole or inner.operands[1] in match.static)
    return all(rows[i] == (0, value.type.shape[i], 1) for i in _joint(inner))


def _joint(op: Any) -> range:
    """The dimensions over which a softmax or layer norm computes together."""
    rank = op.results[0].type.rank
    axis = op.opview.axis % rank
    return range(axis, axis + 1) if op.name == "graph.softmax" else range(axis, rank)


@PATTERNS.add("gather-before-elementwise", "graph.gather")
def _gather_before_elementwise(op: Any, match: Match) -> Any:
    """Only the rows that are gathered are computed."""
    x, indices = op.operands
    inner = definition(x)
    at = varying_operand(inner) if inner is not None and is_read_once(x) else None
    if at is None or inner.operands[at].type.shape != x.type.shape:
        return None
    if element_count(op.results[0].type.shape) >= element_count(x.type.shape):
        return match.refuse("as many elements are gathered as there are")
    if inner.operands[at] in match.static:
        return match.refuse("the whole is computed once, before the run")
    if fuses_with_producer(inner.operands[at]):
        return match.refuse("the elementwise op fuses with what computes its operand")
    return with_operand(inner, at, rebuilt(op, [inner.operands[at], indices]))


@PATTERNS.add("slice-before-rows", "graph.slice", rounding="reassociating")
def _slice_before_rows(op: Any, match: Match) -> Any:
    """Softmax and layer norm of the rows that are needed."""
    inner = _computed(op, ROWS)
    if inner is None:
        return None
    rows, shape = _rows(op), op.operands[0].type.shape
    if any(rows[i] != (0, shape[i], 1) for i in _joint(inner)):
        return match.refuse("a row is needed in full to compute part of it")
    operands = inner.opview.operand_groups()
    return rebuilt(inner, [_part(operands[0], rows), *operands[1:]])


@PATTERNS.add("slice-before-matmul", "graph.slice", rounding="reassociating")
def _slice_before_matmul(op: Any, match: Match) -> Any:
    """Only the rows and columns that are needed."""
    inner = _computed(op, ["graph.matmul"])
    if inner is None or inner.opview.rhs_layout != "KN":
        return None
    lhs, rhs = inner.operands
    *batch, m, n = _rows(op)
    k = (0, lhs.type.shape[lhs.type.rank - 1], 1)
    if n != (0, rhs.type.shape[rhs.type.rank - 1], 1) and rhs not in match.static:
        return match.refuse("columns of a computed operand are far apart")
    return Matmul.build(_broadcast_part(lhs, [*batch, m, k]), _broadcast_part(rhs, [*batch, k, n]))


@PATTERNS.add(
    "slice-before-reduction",
    "graph.slice",
    rounding="reassociating",
    exact_on_integers=True,
)
def _slice_before_reduction(op: Any, match: Match) -> Any:
    """Only the sums that are needed."""
    inner = _computed(op, [f"graph.{name}" for name in REDUCE])
    if inner is None:
        return None
    shape, left = inner.operands[0].type.shape, _rows(op)
    axes = {a % len(shape) for a in inner.opview.axes}
    rows = []
    for i, d in enumerate(shape):
        row = left.pop(0) if i not in axes or inner.opview.keepdims else (0, d, 1)
        rows.append((0, d, 1) if i in axes else row)
    return rebuilt(inner, [_part(inner.operands[0], rows)])


@PATTERNS.add("slice-before-pad", "graph.slice")
def _slice_before_pad(op: Any, match: Match) -> Any:
    """Only what is kept is padded."""
    inner = _computed(op, ["graph.pad"])
    if inner is None or inner.opview.mode != "constant":
        return None
    view, rows = inner.opview, []
    low, high = [], []
    bounds = zip(_rows(op), view.low, view.high, inner.operands[0].type.shape, strict=True)
    for (start, size, step), before, after, extent in bounds:
        first, end = start - before, start - before + size
        if before == after == 0:
            first, end, row = 0, extent, (start, size, step)
        else:
            row = (max(first, 0), min(end, extent) - max(first, 0), 1)
            if step != 1 or min(before, after) < 0 or row[1] <= 0:
                return match.refuse("steps over padding, or keeps nothing else")
        rows.append(row)
        low.append(max(0, -first))
        high.append(max(0, end - extent))
    return Pad.build(_part(inner.operands[0], rows), inner.operands[1], low=low, high=high)


@PATTERNS.add("slice-before-concat", "graph.slice")
def _slice_before_concat(op: Any, match: Match) -> Any:
    """Only the operands that the slice reaches are joined, each only in part."""
    inner = _computed(op, ["graph.concat"])
    if inner is None:
        return None
    rows, axis = _rows(op), inner.opview.axis % op.results[0].type.rank
    start, size, step = rows[axis]
    if step != 1:
        return match.refuse("steps over the operands")
    reached, offset = [], 0
    for value in inner.operands:
        extent = value.type.shape[axis]
        low, high = max(start, offset), min(start + size, offset + extent)
        if low < high:
            own = (low - offset, high - low, 1)
            reached.append((value, [*rows[:axis], own, *rows[axis + 1 :]]))
        offset += extent
    fewer = 2 * element_count(op.opview.sizes) <= element_count(op.operands[0].type.shape)
    if not fewer and sum(_needs_slice(v, own) for v, own in reached) > 2:
        return match.refuse("a slice of each operand is more work than one of all")
    return Concat.build([_part(v, own) for v, own in reached], axis=axis)


def _needs_slice(value: Any, rows: Sequence[Row]) -> bool:
    """True if the part of an operand takes a slice that does not join the op before."""
    whole = all(row == (0, d, 1) for row, d in zip(rows, value.type.shape, strict=True))
    inner = definition(value)
    joins = inner is not None and inner.name in ("graph.slice", "graph.pad")
    return not whole and not (joins and is_read_once(value))


@PATTERNS.add("crop-into-conv-transpose", "graph.slice")
def _crop_into_conv_transpose(op: Any, match: Match) -> Any:
    """A transposed convolution leaves a border out itself."""
    inner = source_if(op.operands[0], "graph.conv_transpose")
    if inner is None or not is_read_once(op.operands[0]) or 0 in op.opview.sizes:
        return None
    rows, shape = _rows(op), op.operands[0].type.shape
    outer = [(0, d, 1) for d in shape[:2]]
    if rows[:2] != outer or any(step != 1 for _, _, step in rows):
        return match.refuse("more than a border is left out")
    begins = [start for start, _, _ in rows[2:]]
    ends = [d - start - size for (start, size, _), d in zip(rows, shape, strict=True)][2:]
    view = inner.opview
    pads = [a + b for a, b in zip(view.pads, [*begins, *ends], strict=True)]
    attrs = view.attr_values() | {"pads": pads}
    return ConvTranspose.build(*view.operand_groups(), **attrs)
