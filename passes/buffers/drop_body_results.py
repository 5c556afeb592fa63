"""Let bodies of control flow, and the functions that run them, return nothing.

Why: their results lie in their last arguments, which the caller knows already. Through branches and
loops, upstream's `drop-equivalent-buffer-results` does not see that.

    %r = call @if_0_then(%x, %out)    ->    call @if_0_then(%x, %out)
    use %r                                  use %out
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.signature import BODY, CONTROL, functions_of


@register_pass("drop-body-results")
def run(module: Any) -> None:
    """Drop the results of bodies and control functions, which are their last arguments."""
    functions = functions_of(module)
    dropped = {
        f.name.value
        for f in functions
        if any(kind in f.operation.attributes for kind in (BODY, CONTROL)) and f.type.results
    }
    for function in functions:
        if dropped:
            _shorten_calls(function, dropped)
        if function.name.value in dropped:
            _return_nothing(function)


def _shorten_calls(function: Any, dropped: set[str]) -> None:
    for call in ops_named(function, "func.call"):
        if call.attributes["callee"].value not in dropped:
            continue
        operands = list(call.operands)
        outs = operands[len(operands) - len(call.results) :]
        for result, out in zip(call.results, outs, strict=True):
            result.replace_all_uses_with(out)
        with ir.InsertionPoint(call), call.location:
            dialect("func").CallOp([], call.attributes["callee"].value, operands)
        call.erase()


def _return_nothing(function: Any) -> None:
    block = function.operation.regions[0].blocks[0]
    terminator = block.operations[len(block.operations) - 1].operation
    with ir.InsertionPoint(terminator), terminator.location:
        dialect("func").ReturnOp([])
    terminator.erase()
    attributes = function.operation.attributes
    attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(function.type.inputs, []))
    if "res_attrs" in attributes:
        del attributes["res_attrs"]
