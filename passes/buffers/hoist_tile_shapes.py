"""Tell the matrix unit the shapes of its tiles once per parallel iteration, not once per tile.

    scf.forall {                             scf.forall {
      scf.for {                                ldtilecfg
        ldtilecfg; ..; tilerelease      ->     scf.for { .. }
      }                                        tilerelease
    }                                        }

Why: it takes as long as dozens of tile products, and most tiles of a kernel have one shape. The
shapes belong to a thread, so that they cannot leave the parallel loop. Loops over tiles of several
shapes stay as they are.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.matrix_tile import RELEASE, SHAPES, assemble, configure

ASSEMBLY = "llvm.inline_asm"
HOMES = ("scf.forall", "func.func")


@register_pass("hoist-tile-shapes")
def run(module: Any) -> None:
    """Move equal shapes of the matrix unit's tiles in front of the loops that use them."""
    pieces: dict[Any, list[Any]] = {}
    for function in module.operation.regions[0].blocks[0].operations:
        _collect(function.operation, pieces, None)
    for block, ops in pieces.items():
        told = [op for op in ops if SHAPES in op.attributes]
        if len({str(op.attributes[SHAPES]) for op in told}) == 1:
            _hoist(block, told, [op for op in ops if SHAPES not in op.attributes])


def _collect(op: Any, pieces: dict[Any, list[Any]], home: Any) -> None:
    """Assembly by the body of the innermost parallel loop, or the function, around it."""
    for region in op.regions:
        for block in region.blocks:
            inner = block if op.name in HOMES else home
            for one in [view.operation for view in block.operations]:
                if one.name == ASSEMBLY:
                    pieces.setdefault(inner, []).append(one)
                _collect(one, pieces, inner)


def _hoist(block: Any, told: list[Any], others: list[Any]) -> None:
    """One configuration at the start of `block`, one release at its end."""
    shapes, location = told[0].attributes[SHAPES], told[0].location
    for op in told:
        _erase_with_memory(op)
    with ir.InsertionPoint.at_block_begin(block), location:
        # without the attribute it counts as part of the code around the tiles
        del configure(shapes).attributes[SHAPES]
    with ir.InsertionPoint(list(block.operations)[-1]), location:
        assemble([RELEASE], [])
    for op in others:
        lines = op.attributes["asm_string"].value.split("\n")
        kept = "\n".join(line for line in lines if line != RELEASE)
        op.attributes["asm_string"] = ir.StringAttr.get(kept)


def _erase_with_memory(op: Any) -> None:
    """Erase a configuration and what has been written for it."""
    chain = [op]
    while (value := chain[-1].operands[0]).owner.name != "memref.alloc":
        chain.append(value.owner.operation)
    memory = value.owner.operation
    for one in chain:
        one.erase()
    for user in [use.owner.operation for use in memory.results[0].uses]:
        user.erase()
    memory.erase()
