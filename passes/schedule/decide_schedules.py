"""The cost model: writes `aicc.schedule` on the reducing operation of every compute kernel.

Why: decisions are data. A schedule that is already there (a tuning record, a hand) is left alone;
`apply-schedules` only obeys.

    linalg.batch_matmul ins(...)  ->  linalg.batch_matmul {aicc.schedule = {class = "matmul",
                                        outer = [1, 0, 0], register = [1, 6, 64], ...}} ins(...)

A kernel that no class fits gets `{class = "loops", reason = "..."}`.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule import convolution, depthwise, matmul
from aicc.passes.schedule.kernel_shape import (
    Contraction,
    contraction_of,
    is_reducing,
    kernel_functions,
    linalg_ops,
)
from aicc.passes.schedule.schedule import ATTRIBUTE, LOOPS, Schedule


@register_pass("decide-schedules")
def run(module: Any) -> None:
    """Annotate the reducing operation of every kernel that has exactly one."""
    attributes = module.operation.attributes
    threads = ir.IntegerAttr(attributes["aicc.threads"]).value if "aicc.threads" in attributes else 1
    name = ir.StringAttr(attributes["aicc.target"]).value if "aicc.target" in attributes else "host"
    vector_bytes = target.by_name(name).vector_bits // 8
    with module.context:
        for function in kernel_functions(module):
            for op in [op for op in linalg_ops(function) if is_reducing(op)]:
                if ATTRIBUTE not in op.attributes:
                    op.attributes[ATTRIBUTE] = _schedule_of(op, vector_bytes, threads).to_attr()


def _schedule_of(op: Any, vector_bytes: int, threads: int) -> Schedule:
    kernel = contraction_of(op)
    if isinstance(kernel, str):
        return Schedule(LOOPS, reason=kernel)
    lanes = max(1, vector_bytes // kernel.element_bytes)
    decided = _rule_for(kernel)(kernel, lanes, threads)
    return Schedule(LOOPS, reason=decided) if isinstance(decided, str) else decided


def _rule_for(kernel: Contraction) -> Any:
    """Sliding windows show as an index of two loops; without one it is a matrix product."""
    lane = kernel.lane_dim
    slides = any(len(form.terms) > 1 for forms in kernel.inputs for form in forms)
    if not slides:
        return matmul.decide
    shared = [forms for forms in kernel.inputs if not any(form.uses(lane) for form in forms)]
    is_window = kernel.inputs[0] and kernel.inputs[0][-1].is_dim(lane)
    weights_share_lanes = len(kernel.inputs) == 2 and not shared
    return depthwise.decide if is_window and weights_share_lanes else convolution.decide
