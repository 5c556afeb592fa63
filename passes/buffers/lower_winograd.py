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
from aicc.passes.schedule.winograd.plan import WinogradPlan
from aicc.passes.schedule.winograd.stages import Stages
from aicc.passes.schedule.winograd.writer import TileWriter

from .planned_kernels import PlainForm


@register_pass("lower-winograd")
def run(module: Any) -> None:
    """Replace the bodies of functions that carry a Winograd plan."""
    use_fma = "aicc.strict_fp" not in module.attributes
    for function, plan in WinogradPlan.detach_all(module):
        _write(function, plan, use_fma)


def _write(function: Any, plan: WinogradPlan, use_fma: bool) -> None:
    form = PlainForm(function)
    w = TileWriter(form.block, plan.lanes)
    with ir.InsertionPoint(form.following), function.location:
        size = plan.out_height, plan.out_width
        epilogue = Epilogue(w, form.source, form.steps or [], size, use_fma)
        arguments = list(form.block.arguments)
        write_kernel(w, plan, Stages(w, plan, arguments[plan.x], arguments[plan.w], epilogue))
    form.drop()
