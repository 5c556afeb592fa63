"""Make strided copies loops of ours instead of calls into the runtime.

Why: `memref.copy` between strided buffers calls `memrefCopy`, one memcpy per row; as `linalg.copy`
it becomes a loop nest that is vectorised, and parallelised, like any other movement. Copies of
contiguous buffers stay: they are one memcpy.

    memref.copy %a, %b : .. strided<..>  ->  linalg.copy ins(%a) outs(%b)
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass


@register_pass("lower-copies")
def run(module: Any) -> None:
    """Replace memref.copy of strided buffers by linalg.copy."""
    for op in ops_named(module, "memref.copy"):
        source, target = op.operands
        if _is_contiguous(source.type) and _is_contiguous(target.type):
            continue
        with ir.InsertionPoint(op), op.location:
            dialect("linalg").copy(source, outs=[target])
        op.erase()


def _is_contiguous(type_: Any) -> bool:
    return isinstance(type_, ir.MemRefType) and type_.affine_map == ir.AffineMap.get_identity(
        type_.rank
    )
