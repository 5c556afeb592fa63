"""Arenas for the bodies of control flow: part of the arena of whoever runs the If or Loop.

Why: a body is planned like @main, and may run at any depth. The function that calls it takes the
arena as a workspace, which its own caller plans with everything else. Of several bodies, which
never run at once, the largest decides.

    func private @if_0(%c, %x, %out)  ->  func private @if_0(%c, %x, %out, %w: memref<Nxi8>)
      call @if_0_then(%x, %out)             call @if_0_then(%x, %out, %w[0])
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.nested import ops_named
from aicc.passes.signature import BODY, CONTROL, add_arguments, is_kernel

from .views import byte_count, window


def innermost_first(functions: list[Any]) -> list[Any]:
    """The functions that are no kernels, bodies before the functions whose code reaches them."""
    by_name = {f.name.value: f for f in functions}
    ordered: list[Any] = []

    def visit(function: Any) -> None:
        if any(function.name.value == known.name.value for known in ordered):
            return
        for call in ops_named(function, "func.call"):
            callee = by_name.get(call.attributes["callee"].value)
            if callee is not None and CONTROL in callee.operation.attributes:
                for inner in ops_named(callee, "func.call"):
                    visit(by_name[inner.attributes["callee"].value])
        ordered.append(function)

    for function in functions:
        if not is_kernel(function):
            visit(function)
    return ordered


def pass_arenas(function: Any, functions: list[Any]) -> list[Any]:
    """Give the control functions that `function` calls the arenas of their bodies; returns them."""
    by_name = {f.name.value: f for f in functions}
    extended = []
    for call in ops_named(function, "func.call"):
        callee = by_name.get(call.attributes["callee"].value)
        if callee is None or CONTROL not in callee.operation.attributes:
            continue
        inner = [c for c in ops_named(callee, "func.call") if _lacks_arena(c, by_name)]
        if inner:
            arenas = [_arena_of(by_name[c.attributes["callee"].value]) for c in inner]
            largest = max(arenas, key=byte_count)
            (workspace,) = add_arguments(callee, [largest], {"aicc.workspace": ir.UnitAttr.get()})
            for one, arena in zip(inner, arenas, strict=True):
                _extend(one, workspace, arena)
        missing = list(callee.type.inputs)[len(call.operands) :]
        if missing:
            _extend_with_workspace(call, missing[0])
            extended.append(callee)
    return extended


def _lacks_arena(call: Any, by_name: dict[str, Any]) -> bool:
    callee = by_name[call.attributes["callee"].value]
    attributes = callee.operation.attributes
    return BODY in attributes and len(call.operands) < len(callee.type.inputs)


def _arena_of(body: Any) -> Any:
    """The arena is the last argument of a planned function."""
    inputs = body.type.inputs
    return inputs[len(inputs) - 1]


def _extend(call: Any, workspace: Any, arena: Any) -> None:
    with ir.InsertionPoint(call), call.location:
        memory = workspace if arena == workspace.type else window(workspace, 0, arena)
        name = call.attributes["callee"].value
        dialect("func").CallOp([], name, [*call.operands, memory])
    call.erase()


def _extend_with_workspace(call: Any, type_: Any) -> None:
    with ir.InsertionPoint(call), call.location:
        alloc = dialect("memref").AllocOp(type_, [], [])
        alloc.operation.attributes["aicc.workspace"] = ir.UnitAttr.get()
        name = call.attributes["callee"].value
        dialect("func").CallOp([], name, [*call.operands, alloc.result])
    call.erase()
