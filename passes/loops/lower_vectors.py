"""Turn the register tiles of scheduled kernels into vector code.

Why: `apply-schedules` cuts a kernel into tiles on tensors, where tiling and fusion are safe; vector
code is made here, after bufferisation, where a tile can be held in registers by construction. Each
linalg operation that carries `aicc.tile` becomes straight `vector` code; a temporary tile that only
such operations of one block touch loses its buffer altogether.

    %t = memref.alloc() : memref<6x1x64xf32>
    linalg.fill {aicc.tile = 16} outs(%t)         scf.for ... iter_args(%acc:24) { vector.fma }
    linalg.generic {aicc.tile = 16} outs(%t)    ->   vector.maximumf, vector.store %c
    linalg.generic {aicc.tile = 16} ins(%t) outs(%c)

Operations that a micro-kernel refuses keep their linalg form (without the mark) and become loops.
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.byte_tile import ByteTile
from aicc.passes.schedule.microkernels.copy_tile import emit_copy, is_copyable
from aicc.passes.schedule.microkernels.dot_tile import DotTile
from aicc.passes.schedule.microkernels.matrix_tile import MatrixTile
from aicc.passes.schedule.microkernels.prefetch import OUTPUT
from aicc.passes.schedule.microkernels.reduction_kind import combiner_of
from aicc.passes.schedule.microkernels.register_tile import Registers, RegisterTile
from aicc.passes.schedule.microkernels.rolled_tile import RolledTile
from aicc.passes.schedule.microkernels.row_kernel import RowKernel
from aicc.passes.schedule.microkernels.tile_op import LANE, TileOp
from aicc.passes.schedule.microkernels.window_tile import WindowTile

TILE_MARK = "aicc.tile"
UNROLL, PREFETCH = "aicc.unroll", "aicc.prefetch"
LANES = "aicc.lanes"
# Element-wise tiles above this many vectors are walked in strips instead of held in registers.
MAX_ROW_VECTORS = 8
Kernel = RegisterTile | RowKernel
_ALLOCATIONS = ("memref.alloc", "memref.alloca")


@register_pass("lower-vectors")
def run(module: Any) -> None:
    """Replace every marked tile by vector code."""
    use_fma = "aicc.strict_fp" not in module.operation.attributes
    for function in module.operation.regions[0].blocks[0].operations:
        if function.operation.name == "func.func" and function.operation.regions[0].blocks:
            _lower_region(function.operation.regions[0], use_fma)
            _lower_copies(function.operation)
            _erase_dead_buffers(function.operation)


def _lower_region(region: Any, use_fma: bool) -> None:
    for block in region.blocks:
        for op in list(block.operations):
            if not op.operation.name.startswith("linalg."):
                for inner in op.operation.regions:
                    _lower_region(inner, use_fma)
        _lower_block(block, use_fma)


def _lower_block(block: Any, use_fma: bool) -> None:
    registers: Registers = {}
    kernels = {}
    for view in list(block.operations):
        op = view.operation
        if op.name == "memref.copy" and op.operands[0] == op.operands[1]:
            op.erase()
        elif TILE_MARK in op.attributes:
            kernel = _kernel_of(op, use_fma, registers)
            if kernel is not None:
                kernels[op] = kernel
    _pair_with_reductions(kernels)
    _announce_stores(kernels)
    pending = list(kernels)
    for position, op in enumerate(pending):
        output = kernels[op].tile.output.memref
        keep = _is_register_tile(output, kernels) or _is_overwritten(kernels, pending, position)
        kernels[op].emit(keep)
        del kernels[op]
        op.erase()
        if not keep:
            registers.pop(output, None)


def _kernel_of(op: Any, use_fma: bool, registers: Registers) -> Kernel | None:
    lanes = ir.IntegerAttr(op.attributes[TILE_MARK]).value
    unroll, prefetch = _reduction_marks(op)
    for mark in (TILE_MARK, UNROLL, PREFETCH):
        if mark in op.attributes:
            del op.attributes[mark]
    tile = TileOp.of(op)
    if isinstance(tile, str) or (tile.reduction_dims and tile.extents[tile.lane_dim] == 1):
        row = _row_sum_of(op, lanes, use_fma, registers)
        if row is not None or isinstance(tile, str):
            return row
    kernel = (
        MatrixTile.of(tile, lanes, use_fma, registers)
        or DotTile.of(tile, lanes, use_fma, registers)
        or WindowTile.of(tile, lanes, use_fma, registers)
        or RegisterTile(tile, lanes, use_fma, registers, unroll, prefetch)
    )
    if not tile.reduction_dims and len(list(kernel.cells())) > MAX_ROW_VECTORS:
        row = RowKernel(tile, lanes, None, use_fma, registers)
        if not row.refusal():
            return row
    if kernel.refusal():
        return None
    return (
        RolledTile.of(tile, lanes, use_fma, registers)
        or ByteTile.of(tile, lanes, use_fma, registers)
        or kernel
    )


def _pair_with_reductions(kernels: dict[Any, Kernel]) -> None:
    """Let an element-wise row begin the reduction of itself: (row, fill of the sum, sum)."""
    ops = list(kernels)
    for row_op, fill_op, sum_op in zip(ops, ops[1:], ops[2:], strict=False):
        row, fill, total = (kernels[op] for op in (row_op, fill_op, sum_op))
        if not isinstance(total, RowKernel) or not total.can_reduce(row.tile):
            continue
        if fill.tile.output.memref != total.tile.output.memref:
            continue
        if not (_no_effect_between(row_op, fill_op) and _no_effect_between(fill_op, sum_op)):
            continue
        beginner = RowKernel(row.tile, row.lanes, None, row.use_fma, row.registers, total)
        if not beginner.refusal():
            kernels[row_op] = beginner


def _announce_stores(kernels: dict[Any, Kernel]) -> None:
    """Tell the reduction of a tile where its last operation stores."""
    ops = list(kernels)
    for position, op in enumerate(ops):
        kernel = kernels[op]
        if not isinstance(kernel, RegisterTile) or OUTPUT not in kernel.prefetch:
            continue
        later = [kernels[other].tile.output.memref for other in ops[position:]]
        kernel.stored = next((m for m in later if _is_seen_from(m, op)), None)


def _is_seen_from(memref: Any, op: Any) -> bool:
    """Whether a part of a larger buffer is known, or can be made known, before an operation."""
    if isinstance(memref.owner, ir.Block) or memref.owner.name != "memref.subview":
        return False
    view = memref.owner.operation
    ops = [other.operation for other in op.block.operations]
    at = ops.index(op)
    if view not in ops or ops.index(view) < at:
        return True
    owners = [value.owner for value in view.operands]
    made = [owner.operation for owner in owners if not isinstance(owner, ir.Block)]
    if any(owner in ops[at:] for owner in made):
        return False
    view.move_before(op)
    return True


def _reduction_marks(op: Any) -> tuple[int, list[str]]:
    """(steps of the reduction per iteration, operands to ask for ahead of time)."""
    attributes = op.attributes
    unroll = ir.IntegerAttr(attributes[UNROLL]).value if UNROLL in attributes else 1
    names = attributes[PREFETCH] if PREFETCH in attributes else ()
    return unroll, [ir.StringAttr(name).value for name in names]


def _row_sum_of(op: Any, lanes: int, use_fma: bool, registers: Registers) -> RowKernel | None:
    """A reduction with the lanes along the row; it adds in another order, so never when strict."""
    tile, combiner = TileOp.of(op, along_reduction=True), combiner_of(op)
    if isinstance(tile, str) or combiner is None or not use_fma:
        return None
    row = RowKernel(tile, lanes, combiner, use_fma, registers)
    return None if row.refusal() else row


def _is_register_tile(memref: Any, kernels: dict[Any, Kernel]) -> bool:
    """Whether only micro-kernels of this block touch a temporary, each lane by lane."""
    if isinstance(memref.owner, ir.Block) or memref.owner.name not in _ALLOCATIONS:
        return False
    users = [use.owner.operation for use in memref.uses]
    if any(isinstance(kernels.get(user), RowKernel | RolledTile) for user in users):
        if prod(ir.MemRefType(memref.type).shape) > 1:
            return False
    return all(user in kernels and _reads_lanes(kernels[user].tile, memref) for user in users)


def _reads_lanes(tile: TileOp, memref: Any) -> bool:
    for operand in tile.inputs:
        if operand.memref == memref and prod(ir.MemRefType(memref.type).shape) > 1:
            dims = {dim for form in operand.forms for dim, _ in form.terms}
            if operand.access != LANE or dims & set(tile.reduction_dims):
                return False
    return True


def _is_overwritten(kernels: dict[Any, Kernel], pending: list[Any], position: int) -> bool:
    """Whether the next micro-kernel of the block updates the same buffer: a fill, then its sum."""
    if position + 1 == len(pending):
        return False
    following = pending[position + 1]
    if any(isinstance(kernels[op], RolledTile) for op in (pending[position], following)):
        return False
    tile, buffer = kernels[following].tile, kernels[pending[position]].tile.output.memref
    same = tile.output.memref == buffer and _reads_lanes(tile, buffer)
    return same and _no_effect_between(pending[position], following)


def _no_effect_between(first: Any, second: Any) -> bool:
    block_ops = [view.operation for view in first.block.operations]
    between = block_ops[block_ops.index(first) + 1 : block_ops.index(second)]
    return all(op.name in ("memref.subview", "memref.alloc", "arith.constant") for op in between)


def _lower_copies(function: Any) -> None:
    """The copies inside the loops of a scheduled kernel are tiles: straight vector moves."""
    if LANES not in function.attributes:
        return
    lanes = ir.IntegerAttr(function.attributes[LANES]).value
    for op in ops_named(function, "memref.copy"):
        if op.block.owner.operation.name != "func.func" and is_copyable(op, lanes):
            emit_copy(op, lanes)
            op.erase()
    del function.attributes[LANES]


def _erase_dead_buffers(function: Any) -> None:
    """Erase temporaries that nobody reads or writes any more."""
    for op in ops_named(function, *_ALLOCATIONS):
        if not list(op.results[0].uses):
            op.erase()
