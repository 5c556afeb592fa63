"""Move elements between different fastest dimensions through square tiles in registers.

Why: a kernel that reads along columns what it writes along rows (a transpose, a cast between
layouts, with or without arithmetic) touches a cache line per element as plain loops. Here it loads
whole vectors of rows, transposes them in registers, computes, and stores whole vectors.

    linalg.generic %x (a, b) -> (b, a)  ->  scf.for %b step 16 { scf.for %a step 16 {
                                              16 x vector.load %x, 64 x vector.shuffle,
                                              16 x vector.store } }

Loops that all operands walk as one become one before, so that small images fill the tiles.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.transpose_tile import TransposeTile
from aicc.passes.signature import functions_of, is_kernel


@register_pass("tile-transposes")
def run(module: Any) -> None:
    """Replace the plain linalg operations that transpose by loops over tiles."""
    machine = target.of_module(module)
    use_fma = "aicc.strict_fp" not in module.operation.attributes
    for function in functions_of(module):
        if not is_kernel(function):
            continue
        for op in ops_named(function, "linalg.generic"):
            tile = TransposeTile.of(op, machine, use_fma)
            if tile is not None:
                tile.emit()
                op.erase()
