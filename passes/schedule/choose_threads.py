"""Keep a model on one thread when its kernels are too small for several.

Why: a parallel region costs about a microsecond, and what one core wrote moves to the other at some
25 GB/s. A model of many kernels of a few microseconds each is slower on two threads than on one;
and one kernel alone must not decide, because a serial kernel among parallel ones has to fetch half
of its operands. So the whole model is judged, by the `aicc.work` of the kernels that @main and the
bodies of loops and branches call.

    module attributes {aicc.threads = 2}   ->   module attributes {aicc.threads = 1}
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.signature import BODY

# What one core does on average, in kernels of this size.
OPERATIONS_PER_SECOND = 150e9
BYTES_PER_SECOND = 40e9
# Between the caches of two cores.
MOVED_BYTES_PER_SECOND = 25e9
# A parallel kernel's region, and the edges of its shares that move.
REGION_SECONDS = 4e-6
# Threads have to save this share of the time on one.
WORTH = 0.15


@register_pass("choose-threads")
def run(module: Any) -> None:
    """Set `aicc.threads` to 1 where several threads are not worth it."""
    threads = threads_of(module)
    if threads == 1:
        return
    works = _works_of_calls(module)
    if works and _saved(works, threads) < WORTH * sum(_seconds(*work) for work in works):
        with module.context:
            i64 = ir.IntegerType.get_signless(64)
            module.operation.attributes["aicc.threads"] = ir.IntegerAttr.get(i64, 1)


def _works_of_calls(module: Any) -> list[tuple[int, int]]:
    """(operations, bytes) of every kernel call in @main and in bodies of control flow."""
    works: dict[str, tuple[int, int]] = {}
    calls: list[str] = []

    for view in module.operation.regions[0].blocks[0].operations:
        op = view.operation
        if "aicc.work" in op.attributes:
            work = {named.name: named.attr for named in ir.DictAttr(op.attributes["aicc.work"])}
            name = ir.StringAttr(op.attributes["sym_name"]).value
            sizes = (ir.IntegerAttr(work[key]).value for key in ("flops", "bytes"))
            works[name] = (next(sizes), next(sizes))
        elif op.name == "func.func" and _runs_every_time(op):
            calls += [call.attributes["callee"].value for call in ops_named(op, "func.call")]
    return [works[name] for name in calls if name in works]


def _runs_every_time(function: Any) -> bool:
    """True for @main and for bodies of control flow."""
    name = ir.StringAttr(function.attributes["sym_name"]).value
    return BODY in function.attributes or name == "main"


def _seconds(operations: int, moved: int) -> float:
    return max(operations / OPERATIONS_PER_SECOND, moved / BYTES_PER_SECOND)


def _saved(works: list[tuple[int, int]], threads: int) -> float:
    """Seconds that threads save; kernels below the cost of a region stay serial."""
    saved = 0.0
    for operations, moved in works:
        seconds = _seconds(operations, moved)
        if seconds > REGION_SECONDS:
            saved += seconds * (1 - 1 / threads) - REGION_SECONDS
        else:
            saved -= moved * (1 - 1 / threads) / MOVED_BYTES_PER_SECOND
    return saved
