"""Move the buffers that kernels allocate for themselves into their callers.

Why: all memory of a model lies in one planned arena; a kernel gets its scratch space as arguments,
after its outputs. Only buffers in a kernel's entry block move; those inside loops are small and
become stack slots.

    func @k(%x, %out) { %t = memref.alloc() .. }   ->   func @k(%x, %out, %t) { .. }
    call @k(%a, %b)                 ->   %w = memref.alloc() {aicc.workspace}; call @k(%a, %b, %w)
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import add_arguments, functions_of, is_kernel


@register_pass("hoist-workspaces")
def run(module: Any) -> None:
    """Turn allocations at the top of kernels into arguments that the caller allocates."""
    functions = functions_of(module)
    moved = {f.name.value: _hoist(f) for f in functions if is_kernel(f)}
    for function in functions:
        if not is_kernel(function):
            _extend_calls(function, moved)


def _hoist(function: Any) -> list[Any]:
    """The types of the arguments that were added."""
    allocs = [
        op.operation
        for op in function.operation.regions[0].blocks[0].operations
        if op.operation.name == "memref.alloc" and op.operation.results[0].type.has_static_shape
    ]
    types = [a.results[0].type for a in allocs]
    if not allocs:
        return []
    workspaces = add_arguments(function, types, {"aicc.workspace": ir.UnitAttr.get()})
    for alloc, argument in zip(allocs, workspaces, strict=True):
        alloc.results[0].replace_all_uses_with(argument)
        alloc.erase()
    return types


def _extend_calls(function: Any, moved: dict[str, list[Any]]) -> None:
    func = dialect("func")
    for op in list(function.operation.regions[0].blocks[0].operations):
        call = op.operation
        if call.name != "func.call":
            continue
        name = call.attributes["callee"].value
        workspaces = moved.get(name, [])
        if not workspaces:
            continue
        with ir.InsertionPoint(call), call.location:
            extra = [_workspace(t) for t in workspaces]
            types = [r.type for r in call.results]
            longer = func.CallOp(types, name, [*call.operands, *extra])
        for old, new in zip(call.results, longer.operation.results, strict=True):
            old.replace_all_uses_with(new)
        call.erase()


def _workspace(type_: Any) -> Any:
    alloc = dialect("memref").AllocOp(type_, [], [])
    alloc.operation.attributes["aicc.workspace"] = ir.UnitAttr.get()
    return alloc.result
