"""Function signatures, edited: argument types and their attributes together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir

# Unit attributes of functions: the body of an If or Loop, and the kernel that calls such bodies.
BODY, CONTROL = "aicc.body", "aicc.control"


def functions_of(module: Any) -> list[Any]:
    """The func.func ops of a module that have a body."""
    return [
        op
        for op in module.regions[0].blocks[0].operations
        if op.operation.name == "func.func" and op.operation.regions[0].blocks
    ]


def is_kernel(function: Any) -> bool:
    """True for the private functions that outlining makes.

    @main, @prepare and the bodies of control flow are public.
    """
    return "sym_visibility" in function.operation.attributes


def argument_attrs(function: Any) -> list[dict[str, Any]]:
    """One dictionary per argument; empty where there are none."""
    return _attrs(function, "arg_attrs", len(function.type.inputs))


def result_attrs(function: Any) -> list[dict[str, Any]]:
    """One dictionary per result."""
    return _attrs(function, "res_attrs", len(function.type.results))


def _attrs(function: Any, name: str, count: int) -> list[dict[str, Any]]:
    attributes = function.operation.attributes
    if name not in attributes:
        return [{} for _ in range(count)]
    return [{a.name: a.attr for a in ir.DictAttr(d)} for d in attributes[name]]


def set_argument_attrs(function: Any, attrs: list[dict[str, Any]]) -> None:
    """Replace the attributes of all arguments."""
    function.operation.attributes["arg_attrs"] = ir.ArrayAttr.get(
        [ir.DictAttr.get(a) for a in attrs]
    )


def add_arguments(function: Any, types: list[Any], attrs: dict[str, Any]) -> list[Any]:
    """Append arguments that all have `attrs`; returns their values."""
    block = function.operation.regions[0].blocks[0]
    before = argument_attrs(function)
    values = [block.add_argument(t, function.location) for t in types]
    type_ = ir.FunctionType.get([*function.type.inputs, *types], function.type.results)
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
    set_argument_attrs(function, [*before, *[dict(attrs) for _ in types]])
    return values


def drop_unread_arguments(function: Any, kinds: Sequence[str]) -> int:
    """Remove the arguments without uses that have an attribute of `kinds`; how many there were."""
    block, attrs = function.operation.regions[0].blocks[0], argument_attrs(function)
    dead = [
        i
        for i, (value, entries) in enumerate(zip(block.arguments, attrs, strict=True))
        if any(kind in entries for kind in kinds) and next(iter(value.uses), None) is None
    ]
    if not dead:
        return 0
    for i in reversed(dead):
        block.erase_argument(i)
        del attrs[i]
    types = [a.type for a in block.arguments]
    type_ = ir.FunctionType.get(types, function.type.results)
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
    set_argument_attrs(function, attrs)
    return len(dead)
