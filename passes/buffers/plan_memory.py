"""Give every buffer of @main and @prepare an offset in one arena.

Why: a run allocates nothing but its outputs. Lifetimes are known (the body is straight-line code),
so buffers that are never alive together share bytes: largest first, each at the lowest offset where
it overlaps no buffer that is alive at the same time.

    %a = memref.alloc() : memref<4x4xf32>  ->  %a = memref.view %arena[%offset][]
The plan stands in the function's attribute `aicc.memory_plan` (bytes, offsets, lifetimes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import add_arguments, functions_of, is_kernel

ALIGNMENT = 64  # bytes: one cache line, one AVX-512 vector
VIEWS = {
    "memref.collapse_shape",
    "memref.expand_shape",
    "memref.subview",
    "memref.cast",
    "memref.reinterpret_cast",
}


@dataclass
class Buffer:
    """One allocation: bytes, first and last op index at which it is alive, offset once planned."""

    op: Any
    size: int
    first: int
    last: int
    offset: int = -1


@register_pass("plan-memory")
def run(module: Any) -> None:
    """Place all buffers of public functions in one arena argument."""
    for function in functions_of(module):
        if not is_kernel(function) and "aicc.memory_plan" not in function.operation.attributes:
            _plan(function)


def _plan(function: Any) -> None:
    block = function.operation.regions[0].blocks[0]
    _return_nothing(function, block)
    buffers = _lifetimes(block)
    total = place(buffers)
    i8 = ir.IntegerType.get_signless(8)
    type_ = ir.MemRefType.get([max(total, ALIGNMENT)], i8)
    (arena,) = add_arguments(function, [type_], {"aicc.arena": ir.UnitAttr.get()})
    function.operation.attributes["aicc.memory_plan"] = _plan_attr(buffers, total)
    arith, memref = dialect("arith"), dialect("memref")
    for b in buffers:
        with ir.InsertionPoint(b.op), b.op.location:
            offset = arith.ConstantOp(ir.IndexType.get(), b.offset).result
            view = memref.ViewOp(b.op.results[0].type, arena, offset, []).result
        b.op.results[0].replace_all_uses_with(view)
        b.op.erase()


def _return_nothing(function: Any, block: Any) -> None:
    """Outputs are written through arguments: results that still alias them are dropped."""
    terminator = block.operations[len(block.operations) - 1].operation
    if len(terminator.operands) == 0:
        return
    with ir.InsertionPoint(terminator), terminator.location:
        dialect("func").ReturnOp([])
    terminator.erase()
    attributes = function.operation.attributes
    inputs = function.type.inputs
    attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(inputs, []))
    if "res_attrs" in attributes:
        del attributes["res_attrs"]


def _lifetimes(block: Any) -> list[Buffer]:
    """Buffers in order of allocation; a view keeps the buffer behind it alive."""
    owner: dict[Any, Buffer] = {}
    buffers = []
    for index, view in enumerate(block.operations):
        op = view.operation
        for operand in op.operands:
            if operand in owner:
                buffer = owner[operand]
                buffer.first = index if buffer.first < 0 else buffer.first
                buffer.last = index
        if op.name == "memref.alloc":
            buffer = Buffer(op, _bytes(op.results[0].type), -1, index)
            owner[op.results[0]] = buffer
            buffers.append(buffer)
        elif op.name in VIEWS and op.operands[0] in owner:
            owner[op.results[0]] = owner[op.operands[0]]
    return buffers


def _bytes(type_: Any) -> int:
    element = type_.element_type
    width = 64 if isinstance(element, ir.IndexType) else element.width
    count = 1
    for d in type_.shape:
        count *= d
    return -(-max(1, count) * max(8, width) // 8 // ALIGNMENT) * ALIGNMENT


def place(buffers: list[Buffer]) -> int:
    """Set every offset, greedily by size; returns the arena's bytes."""
    placed: list[Buffer] = []
    for b in sorted(buffers, key=lambda b: (-b.size, b.first)):
        alive = sorted(
            (p for p in placed if p.first <= b.last and b.first <= p.last), key=lambda p: p.offset
        )
        offset = 0
        for p in alive:
            if offset + b.size <= p.offset:
                break
            offset = max(offset, p.offset + p.size)
        b.offset = offset
        placed.append(b)
    return max((b.offset + b.size for b in placed), default=0)


def _plan_attr(buffers: list[Buffer], total: int) -> Any:
    i64 = ir.IntegerType.get_signless(64)

    def integer(value: int) -> Any:
        return ir.IntegerAttr.get(i64, value)

    entries = [
        ir.DictAttr.get(
            {
                "bytes": integer(b.size),
                "offset": integer(b.offset),
                "first": integer(b.first),
                "last": integer(b.last),
            }
        )
        for b in buffers
    ]
    return ir.DictAttr.get({"bytes": integer(total), "buffers": ir.ArrayAttr.get(entries)})
