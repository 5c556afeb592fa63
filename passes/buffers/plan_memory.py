"""Give every buffer of @main and @prepare an offset in one arena.

Why: a run allocates nothing but its outputs. Lifetimes are known (the body is straight-line code),
so buffers that are never needed together share bytes; `lifetimes.py` says when, `placement.py`
where (`algorithm` is naive, share or best-fit).

    %a = memref.alloc() : memref<4x4xf32>  ->  %a = memref.view %arena[%offset][]

Two arguments of one kernel may now share bytes, at different ticks; both get `aicc.may_alias`, and
are not told to LLVM as `noalias`. From here on the top-level ops of such a kernel keep their order.
The plan stands in the function's attribute `aicc.memory_plan`.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import PassFailure, register_pass
from aicc.passes.signature import (
    add_arguments,
    argument_attrs,
    functions_of,
    is_kernel,
    set_argument_attrs,
)

from .body_arenas import innermost_first, pass_arenas
from .lifetimes import steps_of, timeline
from .placement import ALGORITHMS, ALIGNMENT, Buffer, place
from .plan_record import plan_attr
from .views import Aliases


@register_pass("plan-memory")
def run(module: Any, *, algorithm: str = "best-fit", whole_kernels: bool = False) -> None:
    """Place all buffers of public functions in one arena argument, bodies before their users.

    `whole_kernels`: what a kernel touches is needed as long as it runs, and shares nothing.
    """
    if algorithm not in ALGORITHMS:
        raise PassFailure(f"no algorithm is called '{algorithm}' ({', '.join(ALGORITHMS)})")
    functions = functions_of(module)
    kernels = {f.name.value: f for f in functions if is_kernel(f)}
    steps = {} if whole_kernels else {name: steps_of(f) for name, f in kernels.items()}
    shared: dict[str, set[int]] = {}
    for function in innermost_first(functions):
        if "aicc.memory_plan" in function.operation.attributes:
            continue
        _return_nothing(function)
        steps |= {f.name.value: steps_of(f) for f in pass_arenas(function, functions)}
        buffers, moments = timeline(function, steps)
        total = place(buffers, algorithm)
        _find_shared(function, buffers, shared)
        attr = plan_attr(buffers, moments, algorithm, total)
        function.operation.attributes["aicc.memory_plan"] = attr
        _move_into_arena(function, buffers, total)
    for name, positions in shared.items():
        _mark_aliases(kernels[name], positions)


def _return_nothing(function: Any) -> None:
    """Outputs are written through arguments: results that still alias them are dropped."""
    block = function.operation.regions[0].blocks[0]
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


def _move_into_arena(function: Any, buffers: list[Buffer], total: int) -> None:
    i8 = ir.IntegerType.get_signless(8)
    type_ = ir.MemRefType.get([max(total, ALIGNMENT)], i8)
    (arena,) = add_arguments(function, [type_], {"aicc.arena": ir.UnitAttr.get()})
    arith, memref = dialect("arith"), dialect("memref")
    for b in buffers:
        with ir.InsertionPoint(b.op), b.op.location:
            offset = arith.ConstantOp(ir.IndexType.get(), b.offset).result
            view = memref.ViewOp(b.op.results[0].type, arena, offset, []).result
        b.op.results[0].replace_all_uses_with(view)
        b.op.erase()


def _find_shared(function: Any, buffers: list[Buffer], shared: dict[str, set[int]]) -> None:
    """Add, kernel by kernel, the arguments that share bytes with another one in some call."""
    place_of = {b.op.results[0]: b for b in buffers}
    aliases = Aliases()
    for view in function.operation.regions[0].blocks[0].operations:
        op = view.operation
        aliases.touched(op)
        if op.name != "func.call":
            continue
        used = [place_of.get(aliases.root(v)) for v in op.operands]
        overlapping = {
            i
            for i, a in enumerate(used)
            if any(a and b and a is not b and _overlap(a, b) for b in used)
        }
        if overlapping:
            shared.setdefault(op.attributes["callee"].value, set()).update(overlapping)


def _overlap(a: Buffer, b: Buffer) -> bool:
    return a.offset < b.offset + b.size and b.offset < a.offset + a.size


def _mark_aliases(kernel: Any, positions: set[int]) -> None:
    attrs = argument_attrs(kernel)
    for i in positions:
        attrs[i]["aicc.may_alias"] = ir.UnitAttr.get()
    set_argument_attrs(kernel, attrs)
