"""Take tensors without elements out of function signatures.

Why: bare-pointer functions cannot be made for types such as memref<2x0x4xf32>, and nothing reads
them: the loops over them are gone. Public functions keep a pointer in their place. The type alone
decides, so that a caller drops the same arguments where it only sees the kernel's declaration.

    func @k(%x: memref<2x0x4xf32>, %out: memref<2x4xf32>)  ->  func @k(%out: memref<2x4xf32>)
    func @main(%x: memref<2x0x4xf32>)                      ->  func @main(%x: memref<0xf32>)
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import argument_attrs, functions_of, is_kernel, set_argument_attrs


@register_pass("drop-empty-arguments")
def run(module: Any) -> None:
    """Drop kernel arguments without elements; make those of public functions one-dimensional."""
    symbols = [view for view in module.regions[0].blocks[0].operations]
    functions = [view for view in symbols if view.operation.name == "func.func"]
    dropped = {f.name.value: _drop(f) for f in functions if is_kernel(f)}
    for function in functions_of(module):
        if not is_kernel(function):
            _shorten_calls(function, dropped)
            _erase_views(function)
            _flatten(function)


def _is_empty(type_: Any) -> bool:
    return isinstance(type_, ir.MemRefType) and 0 in type_.shape


def _drop(function: Any) -> list[int]:
    """Positions of the arguments that were dropped."""
    inputs = list(function.type.inputs)
    positions = [i for i, type_ in enumerate(inputs) if _is_empty(type_)]
    if not positions:
        return []
    attrs = argument_attrs(function)
    for i in reversed(positions):
        _erase_argument(function, i)
        del attrs[i], inputs[i]
    _set_inputs(function, inputs)
    set_argument_attrs(function, attrs)
    return positions


def _erase_argument(function: Any, i: int) -> None:
    """A use that is left (a view of nothing, say) gets a buffer of no bytes."""
    for block in list(function.operation.regions[0].blocks)[:1]:
        argument = block.arguments[i]
        if list(argument.uses):
            with ir.InsertionPoint.at_block_begin(block), function.location:
                empty = dialect("memref").AllocaOp(argument.type, [], []).result
            argument.replace_all_uses_with(empty)
        block.erase_argument(i)


def _set_inputs(function: Any, inputs: list[Any]) -> None:
    type_ = ir.FunctionType.get(inputs, function.type.results)
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type_)


def _shorten_calls(function: Any, dropped: dict[str, list[int]]) -> None:
    func = dialect("func")
    for op in list(function.operation.regions[0].blocks[0].operations):
        call = op.operation
        positions = dropped.get(call.attributes["callee"].value) if call.name == "func.call" else []
        if not positions:
            continue
        operands = [v for i, v in enumerate(call.operands) if i not in positions]
        with ir.InsertionPoint(call), call.location:
            func.CallOp([], call.attributes["callee"].value, operands)
        call.erase()


def _erase_views(function: Any) -> None:
    """Views and buffers without elements that no call reads any more, users first."""
    for op in reversed(list(function.operation.regions[0].blocks[0].operations)):
        results = list(op.operation.results)
        if results and all(_is_empty(r.type) and not list(r.uses) for r in results):
            op.operation.erase()


def _flatten(function: Any) -> None:
    arguments = function.operation.regions[0].blocks[0].arguments
    for argument in arguments:
        if _is_empty(argument.type) and not list(argument.uses):
            argument.set_type(ir.MemRefType.get([0], argument.type.element_type))
    _set_inputs(function, [a.type for a in arguments])
