"""If, Loop and Scan: resolved while importing where their course is known, else compiled.

Short loops with known bounds are unrolled, longer ones and those that data ends stay loops, whose
bodies are compiled once (`bodies.py`). What cannot be compiled as a loop is unrolled as far as
its course is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx

from aicc.diagnostics import NeedsSteps
from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.movement import Concat, Reshape, Slice, Transpose
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of

from ..bodies import LoopBody, compiled_if, loop_body, node_count
from ..node import Node
from ..registry import onnx_op

MAX_ITERATIONS = 256  # that are unrolled: compiling more would take too long
# What is unrolled for speed: ops are fused across iterations, and indices are constants.
SHORT_LOOP, UNROLLED_NODES = 8, 128
ENDLESS = np.iinfo(np.int64).max
MAX_ROWS = 1 << 20  # that are collected in one buffer
# An If on an input with branches of more nodes is compiled for that value: folding pays there.
SMALL_BRANCHES = 24


def _course(n: Node, value: Any, words: str) -> np.ndarray[Any, Any]:
    """A value that decides the course of a loop: known now, or decided by small graph inputs."""
    names = n.values.deciding_inputs(value)
    if n.values.known_array(value) is None and (
        not names or n.values.hangs_on_floats(value, names)
    ):
        raise NeedsSteps(f"{words} depends on the data")
    return n.array(value, words)


def _is_short(count: int, body: onnx.GraphProto) -> bool:
    """True for loops that are better unrolled."""
    return count <= SHORT_LOOP or count * node_count(body) <= UNROLLED_NODES


def _goes_on(n: Node, condition: Any) -> bool:
    return bool(_course(n, condition, "the condition of a loop").all())


@onnx_op("If")
def if_(
    n: Node, condition: Any, *, then_branch: onnx.GraphProto, else_branch: onnx.GraphProto
) -> Any:
    """The branch that the condition chooses, or both, to be chosen from in every run."""
    known = n.values.known_array(condition)
    if known is None and not _is_specialised(n, condition, (then_branch, else_branch)):
        results = compiled_if(n, condition, (then_branch, else_branch))
        if results is not None:
            return results
    chosen = n.array(condition, "the condition").all()
    return n.import_body(then_branch if chosen else else_branch, [], "then" if chosen else "else")


def _is_specialised(n: Node, condition: Any, branches: Sequence[onnx.GraphProto]) -> bool:
    """True if each value of the inputs that decide gets code of its own."""
    names = n.values.deciding_inputs(condition)
    is_large = sum(map(node_count, branches)) > SMALL_BRANCHES
    return bool(names) and is_large and not n.values.hangs_on_floats(condition, names)


@onnx_op("Loop")
def loop(
    n: Node, trips: Any = None, condition: Any = None, *carried: Any, body: onnx.GraphProto
) -> Any:
    """Iterations while the condition holds, at most `trips`; further outputs are stacked."""
    results = _compiled_loop(n, trips, condition, carried, body)
    return _unrolled_loop(n, trips, condition, carried, body) if results is None else results


def _compiled_loop(
    n: Node, trips: Any, condition: Any, carried: Sequence[Any], body: onnx.GraphProto
) -> list[Any] | None:
    """The results of a loop with compiled bodies; None if it is better unrolled, or must be."""
    most = _known_number(n, trips, ENDLESS)
    if most is not None and most <= 0:
        return None
    made = loop_body(n, body, carried, lambda i, values: [i, n.constant(True), *values])
    if made is None:
        return None
    is_counted = _holds(n, condition) and _holds(n, made.region.results[0])
    is_short = is_counted and most is not None and _is_short(most, body)
    # the number of the iteration may decide the end, which unrolling finds out
    is_open = bool(made.row_types) and not (is_counted and most is not None and most <= MAX_ROWS)
    if is_short or is_open:
        made.region.drop()
        if most is None:
            raise NeedsSteps("a run decides how many rows a loop collects")
        return None
    limit = n.constant(ENDLESS, "int64") if trips is None else trips
    start = n.constant(True) if condition is None else condition
    return made.emit(n, [limit, start, *carried], most if most is not None else 0)


def _holds(n: Node, condition: Any) -> bool:
    """True for a condition that is absent, or known to be true."""
    known = None if condition is None else n.values.known_array(condition)
    return condition is None or (known is not None and bool(known.all()))


def _known_number(n: Node, value: Any, absent: int) -> int | None:
    """The number in a constant tensor, None if it is not known yet."""
    if value is None:
        return absent
    known = n.values.known_array(value)
    return None if known is None else int(known.reshape(-1)[0])


def _unrolled_loop(
    n: Node, trips: Any, condition: Any, carried: Sequence[Any], body: onnx.GraphProto
) -> list[Any]:
    """The results of a loop as straight code."""
    limit = None if trips is None else int(_course(n, trips, "the trip count").flat[0])
    goes_on = condition is None or _goes_on(n, condition)
    state, rows, i = list(carried), [], 0
    while goes_on and (limit is None or i < limit):
        if i == MAX_ITERATIONS:
            raise NeedsSteps(f"more than {i} iterations would be unrolled")
        given = [n.constant(i, "int64"), n.constant(True, "bool"), *state]
        goes, *results = n.import_body(body, given, str(i))
        state, row = results[: len(state)], results[len(state) :]
        rows.append(row)
        i += 1
        goes_on = (limit is not None and i >= limit) or _goes_on(n, goes)
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
    if count and not _is_short(count, body):
        made = _scan_body(n, body, state, list(zip(scanned, axes, back, strict=True)))
        if made is not None:
            return _scan_results(n, made, state, count, scan_output_axes, scan_output_directions)
    if count > MAX_ITERATIONS:
        n.unsupported(f"{count} iterations; up to {MAX_ITERATIONS} are unrolled")
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


def _scan_body(
    n: Node, body: onnx.GraphProto, state: Sequence[Any], scanned: Sequence[tuple[Any, int, int]]
) -> LoopBody | None:
    """The body of a long scan, which takes its elements by their position."""

    def given(i: Any, values: list[Any]) -> list[Any]:
        elements = []
        for value, axis, is_backward in scanned:
            last = n.constant(value.type.shape[axis] - 1, "int64")
            at = n.emit(ELEMENTWISE["sub"], last, i) if is_backward else i
            elements.append(n.emit(Gather, value, at, axis=axis))
        return [*values, *elements]

    def results(block_results: list[Any]) -> list[Any]:
        return [n.constant(True), *block_results]

    return loop_body(n, body, state, given, results)


def _scan_results(
    n: Node,
    made: LoopBody,
    state: Sequence[Any],
    count: int,
    axes: list[int] | None,
    directions: list[int] | None,
) -> list[Any]:
    """The loop of a scan, its collected outputs along their axes and in their directions."""
    operands = [n.constant(count, "int64"), n.constant(True), *state]
    results = made.emit(n, operands, count)
    columns = results[len(state) :]
    for i, column in enumerate(columns):
        if directions and directions[i]:
            column = _reversed(n, column)
        axis = (axes[i] if axes else 0) % column.type.rank
        columns[i] = _moved(n, column, axis) if axis else column
    return [*results[: len(state)], *columns]


def _reversed(n: Node, value: Any) -> Any:
    """`value` from the last element of the first dimension to the first."""
    first, *rest = value.type.shape
    starts, steps = [first - 1, *[0] * len(rest)], [-1, *[1] * len(rest)]
    return n.emit(Slice, value, starts=starts, sizes=[first, *rest], steps=steps)


def _moved(n: Node, value: Any, axis: int) -> Any:
    """`value` with its first dimension as dimension `axis`."""
    order = list(range(1, value.type.rank))
    return n.emit(Transpose, value, permutation=[*order[:axis], 0, *order[axis:]])


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
