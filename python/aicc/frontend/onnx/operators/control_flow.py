"""If, Loop and Scan whose course is known when compiling: branches chosen, iterations unrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx

from aicc.dialects.graph.movement import Concat, Reshape, Slice
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of

from ..node import Node
from ..registry import onnx_op

MAX_ITERATIONS = 256  # beyond, the unrolled program would take too long to compile


def _check_count(n: Node, count: int) -> None:
    if count > MAX_ITERATIONS:
        n.unsupported(f"{count} iterations; up to {MAX_ITERATIONS} are unrolled")


def _is_true(n: Node, condition: Any) -> bool:
    return bool(n.array(condition, "the condition").all())


@onnx_op("If")
def if_(
    n: Node, condition: Any, *, then_branch: onnx.GraphProto, else_branch: onnx.GraphProto
) -> Any:
    """The branch that the condition chooses."""
    chosen = _is_true(n, condition)
    return n.import_body(then_branch if chosen else else_branch, [], "then" if chosen else "else")


@onnx_op("Loop")
def loop(
    n: Node, trips: Any = None, condition: Any = None, *carried: Any, body: onnx.GraphProto
) -> Any:
    """Iterations while the condition holds, at most `trips`; further outputs are stacked."""
    limit = None if trips is None else n.integers(trips, "the trip count")[0]
    goes_on = condition is None or _is_true(n, condition)
    state, rows, i = list(carried), [], 0
    while goes_on and (limit is None or i < limit):
        _check_count(n, i + 1)
        given = [n.constant(i, "int64"), n.constant(True, "bool"), *state]
        goes, *results = n.import_body(body, given, str(i))
        state, row = results[: len(state)], results[len(state) :]
        rows.append(row)
        i += 1
        goes_on = (limit is not None and i >= limit) or _is_true(n, goes)
    if not rows and len(n.outputs) > len(state):
        given = [n.constant(0, "int64"), n.constant(True, "bool"), *state]
        results = n.import_body(body, given, "none")[1 + len(state) :]
        return [*state, *[_no_rows(n, result, 0) for result in results]]
    return [*state, *[stacked(n, column, 0) for column in zip(*rows, strict=True)]]


def _no_rows(n: Node, row: Any, axis: int) -> Any:
    """What stacking no values of the type of `row` gives; the op that made `row` is dropped."""
    shape = list(row.type.shape)
    shape.insert(axis % (len(shape) + 1), 0)
    return n.constant(_zeros(row, shape))


def _zeros(like: Any, shape: Sequence[int]) -> Any:
    return np.zeros(shape, numpy_dtype(dtype_of(like.type.element_type)))


def stacked(n: Node, values: Sequence[Any], axis: int) -> Any:
    """Values one beside the other along a new dimension."""
    axis = axis % (values[0].type.rank + 1)
    wide = []
    for v in values:
        shape = list(v.type.shape)
        wide.append(n.emit(Reshape, v, shape=[*shape[:axis], 1, *shape[axis:]]))
    return wide[0] if len(wide) == 1 else n.emit(Concat, wide, axis=axis)


def _element(n: Node, value: Any, axis: int, index: int) -> Any:
    """`value` at one position along `axis`, which is dropped."""
    shape = list(value.type.shape)
    axis %= len(shape)
    starts = [index if i == axis else 0 for i in range(len(shape))]
    sizes = [1 if i == axis else d for i, d in enumerate(shape)]
    part = n.emit(Slice, value, starts=starts, sizes=sizes, steps=[1] * len(shape))
    return n.emit(Reshape, part, shape=[d for i, d in enumerate(shape) if i != axis])


@onnx_op("Scan", since=9)
def scan(
    n: Node,
    *operands: Any,
    body: onnx.GraphProto,
    num_scan_inputs: int,
    scan_input_axes: list[int] | None = None,
    scan_input_directions: list[int] | None = None,
    scan_output_axes: list[int] | None = None,
    scan_output_directions: list[int] | None = None,
) -> Any:
    """The body once per element of the scanned operands."""
    split = len(operands) - num_scan_inputs
    state, scanned = list(operands[:split]), operands[split:]
    axes = scan_input_axes or [0] * num_scan_inputs
    back = scan_input_directions or [0] * num_scan_inputs
    count = scanned[0].type.shape[axes[0]]
    _check_count(n, count)
    rows: list[list[Any]] = []
    for i in range(count):
        elements = [
            _element(n, v, a, count - 1 - i if b else i)
            for v, a, b in zip(scanned, axes, back, strict=True)
        ]
        results = n.import_body(body, [*state, *elements], str(i))
        state = results[:split]
        rows.append(results[split:])
    if not rows and len(n.outputs) > split:
        return [*state, *_no_columns(n, body, state, scanned, axes, scan_output_axes)]
    return [*state, *_columns(n, rows, scan_output_axes, scan_output_directions)]


def _no_columns(
    n: Node,
    body: onnx.GraphProto,
    state: Sequence[Any],
    scanned: Sequence[Any],
    axes: Sequence[int],
    output_axes: list[int] | None,
) -> list[Any]:
    """The stacked outputs of a scan over nothing: their types are those of one iteration."""
    elements = []
    for v, axis in zip(scanned, axes, strict=True):
        shape = list(v.type.shape)
        del shape[axis]
        elements.append(n.constant(_zeros(v, shape)))
    rows = n.import_body(body, [*state, *elements], "none")[len(state) :]
    return [_no_rows(n, r, a) for r, a in zip(rows, output_axes or [0] * len(rows), strict=True)]


def _columns(
    n: Node, rows: list[list[Any]], axes: list[int] | None, directions: list[int] | None
) -> list[Any]:
    """The outputs of all iterations, stacked, some in reverse order."""
    columns = [list(c) for c in zip(*rows, strict=True)]
    targets = axes or [0] * len(columns)
    turned = directions or [0] * len(columns)
    return [
        stacked(n, c[::-1] if b else c, a) for c, a, b in zip(columns, targets, turned, strict=True)
    ]
