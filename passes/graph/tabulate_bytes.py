"""Functions of one byte become tables of their 256 values.

    %1 = dequantize(%q); %2 = sigmoid(%1); %3 = dequantize(quantize(%2))      %4 = lookup(%q)
    %4 = quantize(mul(%1, %3))                                            ->    {table = ..}

Why: a quantised model rounds on both sides of every activation function, x sigmoid(x) three times;
whatever stands between two bytes has no more than 256 results. A lookup takes as long as a few
arithmetic instructions.

The table holds what the ops give one after the other in float32, each function rounded from a
result in float64: as close to the formula as an engine can come. Chains of nothing but cheap
arithmetic stay, as do those that read anything but one tensor of bytes and single numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph import OPS
from aicc.dialects.graph.evaluation import evaluate
from aicc.dialects.graph.structure import dense_attr, numpy_dtype
from aicc.dialects.graph.tables import BYTES, ENTRIES, Lookup
from aicc.dialects.graph.types import dtype_of, tensor
from aicc.passes.registry import register_pass

from .dataflow import definition, inline_array
from .patterns import Match, PatternSet
from .quantization.functions import FUNCTIONS, is_function
from .values.pointwise import POINTWISE

PATTERNS = PatternSet("tabulate-bytes")
NAMES = (*POINTWISE, Lookup.OPERATION_NAME)
# As many operations as a lookup takes time; functions and divisions count for more.
FEWEST_STEPS, FUNCTION_STEPS = 8, 8
STEPS = {"graph.dequantize": 3, "graph.quantize": 6, "graph.div": FUNCTION_STEPS}
MOST_OPS = 64


@register_pass("tabulate-bytes")
def run(module: Any, *, disable: list[str] | None = None) -> None:
    """Put tables in place of what is computed from one tensor of bytes and rounded to bytes."""
    PATTERNS.apply(module, disable or [])


@PATTERNS.add("byte-table", "graph.quantize", "graph.cast")
def _byte_table(op: Any, match: Match) -> Any:
    """A function of one byte, rounded to a byte -> lookup."""
    if str(op.results[0].type.element_type) not in BYTES:
        return None
    found = _function_of_byte(op)
    if found is None:
        return None
    source, ops = found
    if sum(_steps(one) for one in ops) < FEWEST_STEPS + STEPS["graph.quantize"]:
        return match.refuse("the arithmetic is as cheap as a table")
    values = _tabulated(source, ops)
    if values is None:
        return match.refuse("the function cannot be evaluated")
    table = dense_attr(values, tensor([ENTRIES], op.results[0].type.element_type))
    return Lookup.build(source, table=table)


def _steps(op: Any) -> int:
    return FUNCTION_STEPS if is_function(op.name) else STEPS.get(op.name, 1)


def _function_of_byte(op: Any) -> tuple[Any, list[Any]] | None:
    """(the tensor of bytes, ops in program order) that `op` is a function of.

    Bytes are gone behind until one tensor of them is left.
    """
    ops: dict[Any, Any] = {}
    bytes_read: dict[Any, Any] = {}
    pending = [op]
    while True:
        while pending:
            one = pending.pop()
            if one.name not in NAMES or len(ops) == MOST_OPS:
                return None
            ops[one.results[0]] = one
            for value in one.operands:
                if not _is_reached(value, op, ops, bytes_read, pending):
                    return None
        if len(bytes_read) == 1:
            (source,) = bytes_read
            return source, _in_order(ops)
        if not (pending := _next_producer(bytes_read)):
            return None


def _is_reached(
    value: Any, op: Any, ops: dict[Any, Any], bytes_read: dict[Any, Any], pending: list[Any]
) -> bool:
    """Put `value` where it belongs; False if it is no part of a function of a byte."""
    if value in ops or value in bytes_read:
        return True
    array = inline_array(value)
    if array is not None:
        return bool(array.size == 1)
    if list(value.type.shape) != list(op.results[0].type.shape):
        return False
    if str(value.type.element_type) in BYTES:
        bytes_read[value] = True
        return True
    producer = definition(value)
    if producer is None:
        return False
    pending.append(producer)
    return True


def _next_producer(bytes_read: dict[Any, Any]) -> list[Any]:
    """The producer of the bytes that are computed last, taken out of `bytes_read`."""
    inside = [value for value in bytes_read if definition(value) is not None]
    if not inside:
        return []
    last = inside[0]
    for value in inside[1:]:
        if definition(last).is_before_in_block(definition(value)):
            last = value
    del bytes_read[last]
    return [definition(last)]


def _in_order(ops: dict[Any, Any]) -> list[Any]:
    """Operands before those that read them."""
    done: dict[Any, Any] = {}

    def visit(op: Any) -> None:
        for value in op.operands:
            if value in ops and value not in done:
                visit(ops[value])
        done[op.results[0]] = op

    for op in ops.values():
        if op.results[0] not in done:
            visit(op)
    return list(done.values())


def _tabulated(source: Any, ops: list[Any]) -> Any:
    """The 256 results of the last of `ops`, in the order of unsigned bytes."""
    dtype = numpy_dtype(dtype_of(source.type.element_type))
    known = {source: np.arange(ENTRIES, dtype=np.uint8).view(dtype)}
    for op in ops:
        arrays = [known[v] if v in known else inline_array(v) for v in op.operands]
        result = _result(op, arrays)
        if result is None:
            return None
        known[op.results[0]] = np.broadcast_to(result, [ENTRIES])
    return np.ascontiguousarray(known[ops[-1].results[0]])


def _result(op: Any, arrays: list[Any]) -> Any:
    attrs = op.opview.attr_values()
    if op.name == Lookup.OPERATION_NAME:
        return np.array(attrs["table"])[arrays[0].view(np.uint8)]
    arrays = [np.broadcast_to(array, [ENTRIES]) for array in arrays]
    if op.name in FUNCTIONS:
        with np.errstate(all="ignore"):
            return FUNCTIONS[op.name](arrays[0].astype(np.float64), **attrs).astype(np.float32)
    return evaluate(OPS[op.name], arrays, attrs)
