"""Read and write truth values as the bytes that they are in memory.

Why: a load or store of i1 moves a byte of which seven bits count for nothing, and LLVM's vectoriser
gives up on every loop that holds one: comparisons, masks and selections would go element by
element.

    %b = llvm.load %p : !llvm.ptr -> i1   ->   %0 = llvm.load %p : !llvm.ptr -> i8
                                               %b = llvm.trunc %0 : i8 to i1
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass

_ELEMENT = "elem_type"


@register_pass("widen-booleans")
def run(module: Any) -> None:
    """Make every load, store and address of an i1 one of a byte."""
    found = ops_named(module, "llvm.load", "llvm.store", "llvm.getelementptr")
    with module.context:
        byte = ir.IntegerType.get_signless(8)
        for op in found:
            if op.name == "llvm.load" and _is_boolean(op.results[0].type):
                _widen_load(op, byte)
            elif op.name == "llvm.store" and _is_boolean(op.operands[0].type):
                _widen_store(op, byte)
            elif op.name == "llvm.getelementptr" and _is_boolean(_element_type(op)):
                op.attributes[_ELEMENT] = ir.TypeAttr.get(byte)


def _element_type(op: Any) -> Any:
    return ir.TypeAttr(op.attributes[_ELEMENT]).value


def _is_boolean(type_: Any) -> bool:
    return isinstance(type_, ir.IntegerType) and bool(type_.width == 1)


def _widen_load(op: Any, byte: Any) -> None:
    with ir.InsertionPoint(op), op.location:
        loaded = _again(op, [byte], list(op.operands))
        truth = ir.Operation.create("llvm.trunc", [op.results[0].type], [loaded.results[0]])
    op.results[0].replace_all_uses_with(truth.results[0])
    op.erase()


def _widen_store(op: Any, byte: Any) -> None:
    value, address = op.operands
    with ir.InsertionPoint(op), op.location:
        wide = ir.Operation.create("llvm.zext", [byte], [value])
        _again(op, [], [wide.results[0], address])
    op.erase()


def _again(op: Any, results: list[Any], operands: list[Any]) -> Any:
    """The operation with other types."""
    attributes = {name: op.attributes[name] for name in op.attributes}
    return ir.Operation.create(op.name, results, operands, attributes)
