"""Obey `aicc.schedule`: tile and fuse every compute kernel by the schedule of its class.

Why: a kernel leaves this pass as loops over register tiles, still linalg on tensors; each operation
of a tile carries `aicc.tile = <lanes>` and becomes vector code after bufferisation (lower-vectors).

    %m = linalg.generic {aicc.schedule}      scf.forall { scf.for {
    %r = linalg.generic ins(%m, %bias)    ->   linalg.fill, linalg.generic, linalg.generic
                                               all {aicc.tile = 16} on tensor<6x1x64xf32> } }

A kernel that a schedule does not fit keeps its plain form, with the reason in
`aicc.unscheduled`; plain loops are always correct.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir, submodule
from aicc.passes.nested import ops_marked
from aicc.passes.registry import register_pass
from aicc.passes.schedule.destination import bind_destination, reuse_input
from aicc.passes.schedule.kernel_shape import (
    is_reducing,
    kernel_functions,
    linalg_ops,
    root_of,
)
from aicc.passes.schedule.padding import expand_pads
from aicc.passes.schedule.schedule import ATTRIBUTE, LOOPS, ROWS, Schedule
from aicc.passes.schedule.tiling import (
    ROOT_MARK,
    TileJob,
    generalize_sequence,
    tile_sequence,
)

TILE_MARK = "aicc.tile"
UNROLL, PREFETCH = "aicc.unroll", "aicc.prefetch"
LANES = "aicc.lanes"
REASON = "aicc.unscheduled"


@register_pass("apply-schedules")
def run(module: Any) -> None:
    """Tile every kernel that carries a schedule; idempotent, since the schedule is consumed."""
    with module.context, ir.Location.unknown():
        for function in kernel_functions(module):
            if any(ATTRIBUTE in op.attributes for op in linalg_ops(function)):
                reason = _apply(function)
                if reason:
                    function.attributes[REASON] = ir.StringAttr.get(reason)


def _apply(function: Any) -> str | None:
    """Schedule one kernel; the reason when it stays as plain loops."""
    unpadded = expand_pads(function)
    _interpret(generalize_sequence(), function)
    anchors = [op for op in linalg_ops(function) if ATTRIBUTE in op.attributes]
    schedules = [Schedule.from_attr(op.attributes[ATTRIBUTE]) for op in anchors]
    for op in anchors:
        del op.attributes[ATTRIBUTE]
    if len(anchors) != 1:
        return f"{len(anchors)} reducing operations in one kernel"
    schedule = schedules[0]
    root = anchors[0] if schedule.kind == ROWS else root_of(anchors[0])
    bind_destination(root)
    shape = tuple(root.results[0].type.shape)
    reason = unpadded or _misfit(schedule, shape)
    if reason:
        return reason
    jobs = [TileJob(0, shape, schedule.outer, schedule.register, schedule.order, schedule.parallel)]
    root.attributes[ROOT_MARK] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 0)
    del root, anchors, op
    return _tile_or_restore(function, tile_sequence(jobs), schedule)


def _tile_or_restore(function: Any, text: str, schedule: Schedule) -> str | None:
    """Tile a copy and keep it only when every step worked, so that a kernel is never half tiled."""
    with ir.InsertionPoint(function):
        trial = function.clone()
    try:
        _interpret(text, trial)
    except (ValueError, ir.MLIRError) as error:
        trial.erase()
        _clear_marks(function)
        return f"the schedule failed: {str(error).splitlines()[0]}"
    _mark_tiles(trial, schedule)
    function.erase()
    return None


def _clear_marks(function: Any) -> None:
    for op in linalg_ops(function):
        if ROOT_MARK in op.attributes:
            del op.attributes[ROOT_MARK]


def _misfit(schedule: Schedule, shape: tuple[int, ...]) -> str | None:
    if schedule.kind == LOOPS:
        return schedule.reason or "plain loops asked for"
    rank = len(shape)
    sizes = (schedule.outer, schedule.register, schedule.order)
    if any(len(entry) != rank for entry in sizes) or sorted(schedule.order) != list(range(rank)):
        return f"the schedule is not for a result of rank {rank}"
    if any(tile < 0 for tile in schedule.outer + schedule.register):
        return "a tile size is negative"
    if any(tile and extent % tile for tile, extent in zip(schedule.outer, shape, strict=True)):
        return f"the outer tiles {list(schedule.outer)} do not divide {list(shape)}"
    return None


def _interpret(text: str, function: Any) -> None:
    sequence = ir.Module.parse(text)
    interpreter = submodule("dialects.transform.interpreter")
    interpreter.apply_named_sequence(function, sequence.body.operations[0], sequence.operation)


def _mark_tiles(function: Any, schedule: Schedule) -> None:
    """Mark the root's tiles and what was fused into them: the linalg operations beside a root."""
    mark = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), schedule.lanes)
    for root in ops_marked(function, ROOT_MARK):
        reuse_input(root)
        for op in _chain_behind(root):
            op.attributes[TILE_MARK] = mark
            _mark_reduction(op, schedule)
            _unshare_fill(op)
        del root.attributes[ROOT_MARK]
    function.attributes[LANES] = mark


def _mark_reduction(op: Any, schedule: Schedule) -> None:
    """How a tile's reduction is to be written."""
    if not is_reducing(op):
        return
    if schedule.unroll > 1:
        i64 = ir.IntegerType.get_signless(64)
        op.attributes[UNROLL] = ir.IntegerAttr.get(i64, schedule.unroll)
    if schedule.prefetch:
        op.attributes[PREFETCH] = ir.ArrayAttr.get(
            [ir.StringAttr.get(name) for name in schedule.prefetch]
        )


def _chain_behind(root: Any) -> list[Any]:
    """The root and the linalg operations of its block that feed it through one reduction."""
    chain, pending = [], [root]
    while pending:
        op = pending.pop()
        if op in chain:
            continue
        chain.append(op)
        sources = op.operands if not is_reducing(op) else list(op.operands)[-1:]
        for value in sources:
            owner = value.owner
            if isinstance(owner, ir.Block) or owner.operation.block != root.block:
                continue
            if owner.operation.name.startswith("linalg."):
                pending.append(owner.operation)
    return chain


def _unshare_fill(op: Any) -> None:
    """One fill per user: bufferisation would copy a tile that two sums start from."""
    if any(isinstance(value.type, ir.RankedTensorType) for value in list(op.operands)[:-1]):
        return
    for use in list(op.results[0].uses)[1:]:
        with ir.InsertionPoint(op):
            twin = op.clone()
        use.owner.operands[use.operand_number] = twin.results[0]
