"""Let every parallel loop hand out its iterations dynamically.

Why: a static split waits for the slowest thread, and a core that another process holds for a
scheduler quantum costs 8 ms; with dynamic claiming nobody waits for work that has not begun.

    omp.wsloop { .. }  ->  omp.wsloop schedule(dynamic) { .. }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass


@register_pass("dynamic-worksharing")
def run(module: Any) -> None:
    """Set schedule(dynamic) on every omp.wsloop."""
    dynamic = None

    def visit(op: Any) -> Any:
        nonlocal dynamic
        if op.name == "omp.wsloop":
            dynamic = dynamic or ir.Attribute.parse("#omp<schedulekind dynamic>")
            op.attributes["schedule_kind"] = dynamic
        return ir.WalkResult.ADVANCE

    module.operation.walk(visit)
