"""Destinations for the functions that hold an If or Loop, and for the bodies that they call.

func private @if_0(%c, %x) -> (t)       func private @if_0(%c, %x, %out) -> (t)
  if(%c) ({                       ->      if(%c) ({
    call @if_0_then(%x) })                  %e = tensor.empty; call @if_0_then(%x, %e) })
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.nested import ops_named
from aicc.passes.signature import CONTROL, add_arguments, argument_attrs, set_argument_attrs


def add_destinations(function: Any) -> None:
    """Append the results to the arguments of a control function, and of the calls in its op."""
    attributes = function.operation.attributes
    if CONTROL not in attributes or "aicc.outlined" in attributes:
        return
    attributes["aicc.outlined"] = ir.UnitAttr.get()
    attrs = [
        a | {"bufferization.writable": ir.BoolAttr.get(False)} for a in argument_attrs(function)
    ]
    set_argument_attrs(function, attrs)
    writable = {"bufferization.writable": ir.BoolAttr.get(True)}
    add_arguments(function, list(function.type.results), writable)
    for call in ops_named(function, "func.call"):
        _extend(call)


def _extend(call: Any) -> None:
    func, tensor = dialect("func"), dialect("tensor")
    types = [r.type for r in call.results]
    with ir.InsertionPoint(call), call.location:
        outs = [tensor.EmptyOp(list(t.shape), t.element_type).result for t in types]
        longer = func.CallOp(types, call.attributes["callee"].value, [*call.operands, *outs])
    for old, new in zip(call.results, longer.operation.results, strict=True):
        old.replace_all_uses_with(new)
    call.erase()
