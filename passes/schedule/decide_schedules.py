"""The cost model: writes `aicc.schedule` on the reducing operation of every compute kernel.

Why: decisions are data. A schedule that is already there (a tuning record, a hand) is left alone;
`apply-schedules` only obeys.

    linalg.batch_matmul ins(...)  ->  linalg.batch_matmul {aicc.schedule = {class = "matmul",
                                        outer = [1, 0, 0], register = [1, 6, 64], ...}} ins(...)

A kernel that no class fits gets `{class = "loops", reason = "..."}`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from aicc import target
from aicc.passes.registry import register_pass
from aicc.passes.schedule import convolution, depthwise, matmul, row_reduction
from aicc.passes.schedule.kernel_shape import (
    Contraction,
    contraction_of,
    is_reducing,
    kernel_functions,
    linalg_ops,
    result_op,
    threads_of,
)
from aicc.passes.schedule.microkernels.matrix_shape import matrix_rows
from aicc.passes.schedule.schedule import ATTRIBUTE, LOOPS, Schedule
from aicc.passes.schedule.windows.plan import WindowPlan
from aicc.target import Target

# (kernel name, result shape, the cost model's schedule) -> another schedule, or None to keep it.
Override = Callable[[str, tuple[int, ...], Schedule], Schedule | None]
_overrides: list[Override] = []


def register_schedule(override: Override) -> Override:
    """Let a function of one's own replace the schedules of the kernels it knows.

    The last one registered is asked last, with what the others decided. A schedule that does not
    fit its kernel leaves the kernel as plain loops, the reason in `aicc.unscheduled`.
    """
    _overrides.append(override)
    return override


def has_foreign_rules() -> bool:
    """True if somebody registered schedules."""
    return bool(_overrides)


@register_pass("decide-schedules")
def run(module: Any) -> None:
    """Annotate the reducing operation of every kernel that has exactly one."""
    machine = target.of_module(module)
    with module.context:
        for function in kernel_functions(module):
            _decide(function, machine, threads_of(module))


def _decide(function: Any, machine: Target, threads: int) -> None:
    operations = linalg_ops(function)
    reducing = [op for op in operations if is_reducing(op)]
    if not reducing or any(ATTRIBUTE in op.attributes for op in operations):
        return
    anchor, schedule = reducing[0], _schedule_of(reducing[0], machine, threads)
    if schedule.kind == LOOPS or len(reducing) > 1:
        anchor = result_op(function) or reducing[-1]
        schedule = _row_schedule(anchor, reducing, machine, threads) or schedule
    shape = tuple(anchor.results[0].type.shape)
    chosen = schedule
    for override in _overrides:
        chosen = override(function.attributes["sym_name"].value, shape, chosen) or chosen
    plan = _window_plan(reducing, machine, threads) if chosen == schedule else None
    if plan is None:
        anchor.attributes[ATTRIBUTE] = chosen.to_attr()
    else:
        plan.attach(function)


def _window_plan(reducing: list[Any], machine: Target, threads: int) -> WindowPlan | None:
    """The plan of a window of each channel; None where its kernel is not for the operation."""
    kernel = contraction_of(reducing[0])
    if len(reducing) > 1 or isinstance(kernel, str) or kernel.element_bytes != 4:
        return None
    cache_bytes = machine.l2_bytes // machine.l2_cores
    registers = machine.vector_registers
    kernel = dataclasses.replace(kernel, registers=registers, cache_bytes=cache_bytes)
    return WindowPlan.of(kernel, machine.lanes(), threads)


def _row_schedule(root: Any, reducing: list[Any], machine: Target, threads: int) -> Schedule | None:
    bits = getattr(root.results[0].type.element_type, "width", 32)
    decided = row_reduction.decide(root, reducing, machine.lanes(max(8, bits)), threads)
    if isinstance(decided, Schedule):
        return decided
    return Schedule(LOOPS, reason=decided) if len(reducing) > 1 else None


def _schedule_of(op: Any, machine: Target, threads: int) -> Schedule:
    kernel = contraction_of(op)
    if isinstance(kernel, str):
        return Schedule(LOOPS, reason=kernel)
    cache_bytes = machine.l2_bytes // machine.l2_cores
    kernel = dataclasses.replace(
        kernel,
        registers=machine.vector_registers,
        cache_bytes=cache_bytes,
        matrix_rows=matrix_rows(kernel, machine),
    )
    lanes = _lanes_for(kernel, machine.lanes(8 * kernel.element_bytes))
    decided = _rule_for(kernel)(kernel, lanes, threads)
    return Schedule(LOOPS, reason=decided) if isinstance(decided, str) else decided


def _lanes_for(kernel: Contraction, lanes: int) -> int:
    """Vectors no wider than a narrow group of channels: half empty ones would need masks."""
    width = kernel.shape[kernel.lane_dim]
    block = kernel.lane_dim - 1
    is_grouped = block > 0 and all(any(f.uses(block) for f in forms) for forms in kernel.inputs)
    return width if is_grouped and width in (lanes // 2, lanes // 4) else lanes


def _rule_for(kernel: Contraction) -> Any:
    """Sliding windows show as an index of two loops; without one it is a matrix product."""
    lane = kernel.lane_dim
    slides = any(kernel.slides(form) for forms in kernel.inputs for form in forms)
    if not slides:
        return matmul.decide
    shared = [forms for forms in kernel.inputs if not any(form.uses(lane) for form in forms)]
    is_window = kernel.inputs[0] and kernel.inputs[0][-1].is_dim(lane)
    weights_share_lanes = len(kernel.inputs) == 2 and not shared
    return depthwise.decide if is_window and weights_share_lanes else convolution.decide
