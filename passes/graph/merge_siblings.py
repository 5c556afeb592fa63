"""Make one convolution or matrix product of several that read the same operand, where it pays.

    %a = conv(%x, %v)  [8 filters]         %y = conv(%x, concat(%v, %w))  [16 filters]
    %b = conv(%x, %w)  [8 filters]    ->   %a = slice(%y) channels 0 to 7
    relu(%a), relu(%b)                     %b = slice(%y) channels 8 to 15, of relu(%y) here

Why only sometimes: the kernels keep a core busy whatever the number of columns, as long as these
fill vectors, and the slices of the common result are one more pass over memory. What is saved is
what few columns waste: lanes beyond them, and cycles of tiles too small for the latency of a
multiply-add. Both sides are estimated in cycles, by the model that also chooses the register tiles
(`schedule/register_cost.py`); a merge must save `MIN_GAIN` of the siblings' time. On a machine with
16 lanes, three convolutions of 8 filters each on 64 channels of 30 x 40 positions take 94 us apart
and 74 us as one; the projections of an attention layer (three of 384 columns) 678 us and 797 us.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc import target
from aicc.dialects.graph.elementwise import UNARY
from aicc.dialects.graph.linear import Conv, Matmul
from aicc.dialects.graph.movement import Concat, Slice
from aicc.dialects.graph.types import element_count
from aicc.passes.registry import register_pass
from aicc.passes.schedule.register_cost import MAX_VECTORS, best_rows, best_window
from aicc.target import Target

from .dataflow import definition, is_read_once, ops_of, users_of
from .linear.operands import Refused, channel_axis, explained
from .patterns import PatternSet

# Share of the siblings' estimated cycles: below it the estimate is no better than a guess.
MIN_GAIN = 0.15
# Cycles to copy a row of a slice: its loop, and bytes per cycle. Measured: 1 ns for 32 bytes, 9 ns
# for 256 bytes at 3 GHz.
ROW_CYCLES, BYTES_PER_CYCLE = 2, 16
LINEAR = (Conv.OPERATION_NAME, Matmul.OPERATION_NAME)
PATTERNS = PatternSet("merge-siblings")


@register_pass("merge-siblings")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006 (options are read only)
    """Merge linear ops on one operand where wasted lanes cost more than slices of the result."""
    PATTERNS.apply(module, disable)


@PATTERNS.add("siblings", *LINEAR)
@explained
def _siblings(op: Any, match: Any) -> Any:
    """linear(x, v), linear(x, w) -> slices of linear(x, concat(v, w))."""
    family = _family(op, match)
    if len(family) < 2 or family[0] != op:
        return None
    merged = _cheapest(family, target.of_module(op.parent.parent))
    if len(merged) < 2:
        raise Refused("apart they fill their vectors, or slices cost more than that")
    for each in merged:
        for operand in list(each.operands)[1:]:
            _bring_before(operand, op)
    parts = _parts(_merged(merged), merged)
    for each, part in zip(merged, parts, strict=True):
        each.results[0].replace_all_uses_with(part)
    return parts[0] if merged[0] == op else list(op.results)


ACTIVATIONS = tuple(op.OPERATION_NAME for op in UNARY.values())


@PATTERNS.add("activation-of-slices", *ACTIVATIONS)
def _activation_of_slices(op: Any, match: Any) -> Any:
    """f(slice(x)), f(another slice(x)) -> slices of f(x), where they are all that is read of x."""
    part = definition(op.operands[0])
    if part is None or part.name != Slice.OPERATION_NAME:
        return None
    x = part.operands[0]
    producer, parts = definition(x), users_of_value(x)
    if producer is None or producer.name not in LINEAR or not _is_partition(parts, x):
        return None
    readers = [user for each in parts for user in users_of(each)]
    if len(readers) != len(parts) or any(_differs(each, op) for each in readers):
        return None
    whole = type(op.opview).build(x, **op.opview.attr_values())
    for each, reader in zip(parts, readers, strict=True):
        of_whole = Slice.build(whole, **each.opview.attr_values())
        reader.results[0].replace_all_uses_with(of_whole)
    return list(op.results)


def _is_partition(parts: Sequence[Any], x: Any) -> bool:
    """True if the parts are slices that cover as many elements as there are."""
    if any(part.name != Slice.OPERATION_NAME for part in parts):
        return False
    sizes = [element_count(part.results[0].type.shape) for part in parts]
    return sum(sizes) == element_count(x.type.shape)


def _differs(one: Any, other: Any) -> bool:
    return bool(one.name != other.name or one.opview.attr_values() != other.opview.attr_values())


def _family(op: Any, match: Any) -> list[Any]:
    """The ops on the first operand of `op` that differ from it in their weights alone, in order."""
    if str(op.results[0].type.element_type) != "f32" or is_read_once(op.operands[0]):
        return []
    wanted = _signature(op)
    users = {user for user in users_of_value(op.operands[0]) if user.name == op.name}
    alike = {u for u in users if u.operands[0] == op.operands[0] and _signature(u) == wanted}
    plain = {each for each in alike if _is_plain(each, match)}
    return [each for each in ops_of(op.block) if each in plain] if len(plain) > 1 else []


def users_of_value(value: Any) -> list[Any]:
    """The operations that read `value`."""
    return [use.owner.operation for use in value.uses]


def _signature(op: Any) -> tuple[Any, ...]:
    kernel = tuple(op.operands[1].type.shape[2:])
    return (str(op.opview.attr_values()), kernel, len(op.operands), op.operands[1].type.rank)


def _is_plain(op: Any, match: Any) -> bool:
    """Known weights in the order of the model; no groups, no batches of matrices."""
    if any(v not in match.static for v in list(op.operands)[1:]) or op.block != _body(match):
        return False
    if op.name == Matmul.OPERATION_NAME:
        return bool(op.opview.rhs_layout == "KN" and op.operands[1].type.rank == 2)
    return bool(op.opview.group == 1 and op.opview.filter_layout == "OIHW")


def _body(match: Any) -> Any:
    return match.function.operation.regions[0].blocks[0]


def _cheapest(family: Sequence[Any], machine: Target) -> list[Any]:
    """The siblings to merge, in program order: those with the fewest columns, if any."""
    by_columns = sorted(family, key=_columns)
    best, gain = 1, 0.0
    for count in range(2, len(family) + 1):
        chosen = by_columns[:count]
        apart = sum(_cycles(op, _columns(op), machine) for op in chosen)
        together = _cycles(chosen[0], sum(map(_columns, chosen)), machine)
        saved = apart - together - sum(map(_slice_cycles, chosen))
        if saved > max(gain, MIN_GAIN * apart):
            best, gain = count, saved
    chosen = by_columns[:best]
    return [op for op in family if op in chosen]


def _columns(op: Any) -> int:
    return int(op.results[0].type.shape[_axis(op)])


def _axis(op: Any) -> int:
    """The dimension of the result that counts filters or columns."""
    rank = op.results[0].type.rank
    return rank - 1 if op.name == Matmul.OPERATION_NAME else channel_axis(op)


def _rows(op: Any) -> int:
    shape = op.results[0].type.shape
    return element_count(shape) // max(1, shape[_axis(op)])


def _cycles(op: Any, columns: int, machine: Target) -> float:
    """Cycles of the product with `columns` columns, packed for the best register tile."""
    w, rows = op.operands[1].type.shape, _rows(op)
    depth = w[0] if op.name == Matmul.OPERATION_NAME else element_count(w[1:])
    plane = [d for i, d in enumerate(op.results[0].type.shape) if i not in (0, _axis(op))]

    registers = machine.vector_registers

    def steps(vectors: int) -> float:
        blocks = -(-columns // (vectors * machine.lanes()))
        if op.name == Conv.OPERATION_NAME and len(plane) == 2:
            images = op.results[0].type.shape[0]
            return float(blocks * images * best_window(*plane, vectors, registers)[2])
        return float(blocks * best_rows(rows, vectors, registers)[1])

    return depth * min(steps(vectors) for vectors in range(1, MAX_VECTORS + 1))


def _slice_cycles(op: Any) -> float:
    """Cycles to copy one op's part of the common result; with one row it is a view."""
    rows = _rows(op)
    return rows * (ROW_CYCLES + 4 * _columns(op) / BYTES_PER_CYCLE) if rows > 1 else 0.0


def _bring_before(value: Any, place: Any) -> None:
    """Move what computes a known value before `place`, unless it is there already."""
    order = {op: i for i, op in enumerate(ops_of(place.block))}

    def bring(v: Any) -> None:
        op = definition(v)
        if op is not None and order[op] > order[place]:
            for operand in op.operands:
                bring(operand)
            op.move_before(place)
            order[op] = -1

    bring(value)


def _merged(ops: Sequence[Any]) -> Any:
    """The op with the weights of all."""
    first = ops[0]
    attributes = first.opview.attr_values()
    weights = [op.operands[1] for op in ops]
    if first.name == Matmul.OPERATION_NAME:
        return Matmul.build(first.operands[0], Concat.build(weights, axis=1), **attributes)
    biases = [op.opview.operand_groups()[2] for op in ops]
    bias = None if biases[0] is None else Concat.build(biases, axis=0)
    return Conv.build(first.operands[0], Concat.build(weights, axis=0), bias, **attributes)


def _parts(y: Any, ops: Sequence[Any]) -> list[Any]:
    """The result of each op as a slice of y; of f(y) where f is what reads every one of them."""
    axis, found, start = _axis(ops[0]), [], 0
    rank = y.type.rank
    for op in ops:
        sizes = list(op.results[0].type.shape)
        starts = [start if i == axis else 0 for i in range(rank)]
        found.append(Slice.build(y, starts=starts, sizes=sizes, steps=[1] * rank))
        start += sizes[axis]
    return found
