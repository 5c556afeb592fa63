"""Write the kernel of a Winograd convolution in place of its plain form.

Why: the plain form, three contractions on tensors, says what is computed and keeps every phase
executable. The kernel that runs is vector code over chunks of tiles (`passes/schedule/winograd`).
Elementwise operations on the result join the kernel; others stay behind it.

    func @conv(%x, %u, %bias, %y) attributes {aicc.winograd = {..}} {
      %v = memref.alloc(), %m = memref.alloc() ..           scf.for chunk { V; scf.for block {
      linalg.generic .. outs(%t)                       ->     M; outputs + bias -> %y } }
      linalg.generic ins(%t, %bias) outs(%y) }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.winograd.epilogue import Epilogue
from aicc.passes.schedule.winograd.kernel import write_kernel
from aicc.passes.schedule.winograd.plan import ATTRIBUTE, WinogradPlan
from aicc.passes.schedule.winograd.stages import Stages
from aicc.passes.schedule.winograd.writer import TileWriter
from aicc.passes.signature import functions_of

from .pointwise_steps import PASSIVE, steps_behind, users_of
from .views import is_alloc, root_of, values_used


@register_pass("lower-winograd")
def run(module: Any) -> None:
    """Replace the bodies of functions that carry a Winograd plan."""
    use_fma = "aicc.strict_fp" not in module.attributes
    for function in functions_of(module):
        attributes = function.operation.attributes
        if ATTRIBUTE in attributes:
            plan = WinogradPlan.from_attr(attributes[ATTRIBUTE])
            del attributes[ATTRIBUTE]
            _write(function, plan, use_fma)


def _write(function: Any, plan: WinogradPlan, use_fma: bool) -> None:
    block = function.operation.regions[0].blocks[0]
    ops = [op.operation for op in block.operations]
    end = max(i for i, op in enumerate(ops) if _reduces(op))
    source = ops[end].operands[len(ops[end].operands) - 1]
    core = _core(ops[: end + 1], source)
    rest = [op for op in ops if op not in core]
    steps = steps_behind(source, rest[:-1])
    following = rest[-1] if steps is not None else next(op for op in rest if _reads(op, source))
    w = TileWriter(block, plan.lanes)
    with ir.InsertionPoint(following), function.location:
        size = plan.out_height, plan.out_width
        epilogue = Epilogue(w, source, steps or [], size, use_fma)
        arguments = list(block.arguments)
        write_kernel(w, plan, Stages(w, plan, arguments[plan.x], arguments[plan.w], epilogue))
    for op in [*core, *(step.op for step in steps or [])]:
        op.erase()
    _drop_unused(block)


def _reduces(op: Any) -> bool:
    kinds = op.attributes["iterator_types"] if op.name == "linalg.generic" else []
    return any("reduction" in str(kind) for kind in kinds)


def _reads(op: Any, source: Any) -> bool:
    return source in list(op.operands)


def _core(ops: list[Any], source: Any) -> list[Any]:
    """The ops that compute the convolution's result, the last of `ops`: all that touch its
    temporaries, and what `source` held before."""
    core = [op for op in users_of(source) if op in ops]
    for op in core:
        for value in dict.fromkeys(values_used(op)):
            memory = root_of(value)
            if is_alloc(memory) and memory != root_of(source):
                core += [user for user in users_of(memory) if user not in core]
    return core


def _drop_unused(block: Any) -> None:
    for op in reversed([op.operation for op in block.operations]):
        if op.name in PASSIVE and not any(list(r.uses) for r in op.results):
            op.erase()
