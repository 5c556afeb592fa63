"""Turn parallel loops into OpenMP regions that hand out their iterations dynamically.

Why: the regions name the module's thread count, so executables with different counts share the
process's pool. A static split waits for the slowest thread, and a core that another process holds
for a scheduler quantum costs 8 ms; with dynamic claiming nobody waits for work that has not begun.
A stack buffer inside the loop would be allocated once per iteration, so it moves to the start of
the thread's region.

    scf.parallel { %t = memref.alloca .. }
    ->  omp.parallel num_threads(2) { %t = memref.alloca; omp.wsloop schedule(dynamic) { .. } }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir, passmanager
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass


@register_pass("parallel-to-openmp")
def run(module: Any) -> None:
    """Lower scf.parallel to OpenMP: named thread count, dynamic schedule, stack buffers hoisted."""
    attributes = module.operation.attributes
    threads = attributes["aicc.threads"].value if "aicc.threads" in attributes else 0
    upstream = f"builtin.module(convert-scf-to-openmp{{num-threads={threads}}})"
    passmanager.PassManager.parse(upstream).run(module.operation)
    found = ops_named(module, "omp.wsloop", "omp.parallel")
    dynamic = ir.Attribute.parse("#omp<schedulekind dynamic>")
    for op in found:
        if op.name == "omp.wsloop":
            op.attributes["schedule_kind"] = dynamic
        else:
            _hoist_stack_buffers(op)


def _hoist_stack_buffers(parallel: Any) -> None:
    for op in ops_named(parallel, "memref.alloca"):
        if len(op.operands) == 0:
            op.move_before(parallel.regions[0].blocks[0].operations[0].operation)
