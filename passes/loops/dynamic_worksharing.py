"""Let parallel loops hand out their iterations dynamically, and give each thread its own scratch.

Why: a static split waits for the slowest thread, and a core that another process holds for a
scheduler quantum costs 8 ms; with dynamic claiming nobody waits for work that has not begun.
A stack buffer inside the loop would be allocated once per iteration, so it moves to the start of
the thread's region.

    omp.parallel { omp.wsloop { %t = memref.alloca .. } }
    ->  omp.parallel { %t = memref.alloca; omp.wsloop schedule(dynamic) { .. } }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass


@register_pass("dynamic-worksharing")
def run(module: Any) -> None:
    """Set schedule(dynamic) on every omp.wsloop and hoist its static stack buffers."""
    found: dict[str, list[Any]] = {"omp.wsloop": [], "omp.parallel": []}

    def visit(op: Any) -> Any:
        if op.name in found:
            found[op.name].append(op)
        return ir.WalkResult.ADVANCE

    module.operation.walk(visit)
    if not found["omp.wsloop"]:
        return
    dynamic = ir.Attribute.parse("#omp<schedulekind dynamic>")
    for op in found["omp.wsloop"]:
        op.attributes["schedule_kind"] = dynamic
    for op in found["omp.parallel"]:
        _hoist_stack_buffers(op)


def _hoist_stack_buffers(parallel: Any) -> None:
    buffers: list[Any] = []

    def visit(op: Any) -> Any:
        if op.name == "memref.alloca" and len(op.operands) == 0:
            buffers.append(op)
        return ir.WalkResult.ADVANCE

    parallel.walk(visit)
    for op in buffers:
        op.move_before(parallel.regions[0].blocks[0].operations[0].operation)
