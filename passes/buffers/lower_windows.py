"""Write the kernel of a sliding window of each channel in place of its plain form.

Why: the plain form pads the image and folds its windows, which says what is computed and keeps
every phase executable. The kernel that runs reads the image without padding
(`passes/schedule/windows`). Elementwise operations on the result join the kernel; others stay
behind it.

    func @conv(%x, %w, %bias, %y) attributes {aicc.windows = {..}} {
      %p = memref.alloc(); linalg.fill, memref.copy %x      scf.for row, column, channel {
      linalg.generic ins(%p, %w) outs(%t)               ->    tile of %x and %w + bias -> %y }
      linalg.generic ins(%t, %bias) outs(%y) }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.vector_body import VectorBody
from aicc.passes.schedule.windows.kernel import WindowKernel
from aicc.passes.schedule.windows.plan import WindowPlan
from aicc.passes.schedule.windows.planar import PlanarEpilogue, PlanarKernel
from aicc.passes.schedule.winograd.epilogue import Epilogue
from aicc.passes.schedule.winograd.writer import TileWriter

from .planned_kernels import PlainForm

CHANNELS_LAST, PLANAR = (Epilogue, WindowKernel), (PlanarEpilogue, PlanarKernel)


@register_pass("lower-windows")
def run(module: Any) -> None:
    """Replace the bodies of functions that carry a plan of windows."""
    use_fma = "aicc.strict_fp" not in module.attributes
    for function, plan in WindowPlan.detach_all(module):
        _write(function, plan, use_fma)


def _write(function: Any, plan: WindowPlan, use_fma: bool) -> None:
    form = PlainForm(function)
    arguments = list(form.block.arguments)
    w = TileWriter(form.block, plan.lanes)
    with ir.InsertionPoint(form.following), function.location:
        size = plan.out_height, plan.out_width
        make_epilogue, make_kernel = PLANAR if plan.planar else CHANNELS_LAST
        epilogue = make_epilogue(w, form.source, form.steps or [], size, use_fma)
        fold = VectorBody(form.reduction, plan.lanes, use_fma)
        fold.prepare()
        weights = arguments[plan.w] if plan.w >= 0 else None
        start = w.splat(plan.start)
        make_kernel(w, plan, arguments[plan.x], weights, start, fold, epilogue).write()
    form.drop()
