"""Walk the rows of an image from the last one upwards where the kernel before walked downwards.

Why: an image and the result of a window over it, together larger than the second-level cache, push
each other out of it: by the time a kernel starts at the first row, only the last ones are still
there. A kernel that starts at these finds what lies in the cache, and leaves its own first rows in
it for a kernel that walks downwards again.

    %a = call @conv(%x)                    ->  %a = call @conv(%x)          rows 0, 1 .. 111
    %b = call @depthwise(%a)                   %b = call @depthwise(%a)     rows 111 .. 1, 0
    func @depthwise {aicc.windows = {..}}      func @depthwise {aicc.windows = {.., reverse = true}}

Only kernels of windows can do either (`schedule/windows`); all others count as walking downwards. A
kernel that is called in both directions is copied.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.windows.plan import WindowPlan
from aicc.passes.signature import functions_of, is_kernel

VIEWS = ("tensor.expand_shape", "tensor.collapse_shape", "tensor.cast")
FLOAT_BYTES = 4


@register_pass("alternate-rows")
def run(module: Any) -> None:
    """Set `reverse` in the plans of windows over images that another kernel has just written."""
    if "aicc.dynamic" in module.operation.attributes:
        return  # other shapes would need other kernels
    machine = target.of_module(module)
    cache_bytes = machine.l2_bytes // machine.l2_cores
    planned = list(WindowPlan.detach_all(module))
    plans = {function.name.value: plan for function, plan in planned}
    calls: dict[str, list[Any]] = {name: [] for name in plans}
    reverse: dict[str, list[Any]] = {name: [] for name in plans}
    for function in functions_of(module):
        if not is_kernel(function):
            for call, is_reverse in _directions(function, plans, cache_bytes):
                name = call.attributes["callee"].value
                (reverse if is_reverse else calls)[name].append(call)
    for function, plan in planned:
        _obey(function, plan, calls[function.name.value], reverse[function.name.value])


def _directions(
    function: Any, plans: dict[str, WindowPlan], cache_bytes: int
) -> list[tuple[Any, bool]]:
    """The calls of planned kernels in a function, and whether each is to walk upwards."""
    found: list[tuple[Any, bool]] = []
    upwards: set[Any] = set()
    for view in function.operation.regions[0].blocks[0].operations:
        call = view.operation
        if call.name != "func.call" or call.attributes["callee"].value not in plans:
            continue
        plan = plans[call.attributes["callee"].value]
        source = _unviewed(call.operands[plan.x])
        is_reverse = _pays(plan, cache_bytes) and _is_computed(source) and source not in upwards
        if is_reverse:
            upwards.update(call.results)
        found.append((call, is_reverse))
    return found


def _pays(plan: WindowPlan, cache_bytes: int) -> bool:
    """Whether image and result do not fit into the cache of the one thread that walks them."""
    points = plan.height * plan.width + plan.out_height * plan.out_width
    moved = FLOAT_BYTES * prod((plan.batch, plan.channels, points))
    return not plan.parallel and not plan.planar and moved > cache_bytes


def _is_computed(value: Any) -> bool:
    return not isinstance(value.owner, ir.Block) and value.owner.operation.name == "func.call"


def _unviewed(value: Any) -> Any:
    """What a chain of views shows."""
    while not isinstance(value.owner, ir.Block) and value.owner.operation.name in VIEWS:
        value = value.owner.operation.operands[0]
    return value


def _obey(function: Any, plan: WindowPlan, forward: list[Any], reverse: list[Any]) -> None:
    """Give the kernel its plan back; a copy of it walks the other way if both are asked for."""
    plan.attach(function)
    if not reverse:
        return
    upwards = function
    if forward:
        with ir.InsertionPoint(function):
            upwards = function.operation.clone().opview
        name = f"{function.name.value}_upwards"
        upwards.operation.attributes["sym_name"] = ir.StringAttr.get(name)
        for call in reverse:
            call.attributes["callee"] = ir.FlatSymbolRefAttr.get(name)
    replace(plan, reverse=True).attach(upwards)
