"""Reading what stands behind a buffer in a kernel as elementwise steps over one shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.vector_body import is_vectorisable
from aicc.passes.schedule.winograd.epilogue import Step

from .views import VIEWS, is_memref, root_of

# Ops that compute nothing.
PASSIVE = ("arith.constant", "memref.alloc", "memref.get_global", *VIEWS)
COPIES = ("memref.copy", "linalg.copy")


def users_of(memory: Any) -> list[Any]:
    """The ops of the function's body that read or write a buffer, also inside and through views."""
    found: list[Any] = []
    for use in memory.uses:
        op = use.owner.operation
        users = users_of(op.results[0]) if op.name in VIEWS else [_outermost(op)]
        found += [user for user in users if user not in found]
    return found


def _outermost(op: Any) -> Any:
    """The op of the function's body that holds `op`."""
    while op.parent.operation.name != "func.func":
        op = op.parent.operation
    return op


def steps_behind(source: Any, ops: Sequence[Any]) -> list[Step] | None:
    """The ops as steps over the shape of `source`; None if one of them is something else."""
    shape, known, steps = list(source.type.shape), {source}, []
    for op in ops:
        if op.name in PASSIVE:
            continue
        step = _copy(op) if op.name in COPIES else _generic(op)
        if step is None or list(step.target.type.shape) != shape:
            return None
        if not isinstance(step.target.type.element_type, ir.F32Type):
            return None
        if not all(_is_readable(operand, known, len(shape) - 1) for operand in step.operands):
            return None
        known.add(step.target)
        steps.append(step)
    return steps


def _copy(op: Any) -> Step:
    read, target = op.operands
    loops = tuple(range(target.type.rank))
    return Step(op, ((read, loops),), target, _is_stored(target), False)


def _generic(op: Any) -> Step | None:
    if op.name != "linalg.generic" or list(op.attributes["operandSegmentSizes"])[1] != 1:
        return None
    body = op.regions[0].blocks[0]
    if any("reduction" in str(kind) for kind in op.attributes["iterator_types"]):
        return None
    if not is_vectorisable(body) or list(body.arguments[len(body.arguments) - 1].uses):
        return None
    *reads, target = op.operands
    *maps, last = [attr.value for attr in op.attributes["indexing_maps"]]
    if last != ir.AffineMap.get_identity(target.type.rank):
        return None
    operands = [(v, _loops(m)) for v, m in zip(reads, maps, strict=True)]
    if any(loops is None for _, loops in operands):
        return None
    known = tuple((v, loops) for v, loops in operands if loops is not None)
    return Step(op, known, target, _is_stored(target), True)


def _loops(map_: Any) -> tuple[int, ...] | None:
    """The loop along each dimension of an operand, -1 where the index is 0."""
    loops = []
    for expr in map_.results:
        if isinstance(expr, ir.AffineDimExpr):
            loops.append(expr.position)
        elif isinstance(expr, ir.AffineConstantExpr) and expr.value == 0:
            loops.append(-1)
        else:
            return None
    return tuple(loops)


def _is_stored(target: Any) -> bool:
    return isinstance(root_of(target).owner, ir.Block)


def _is_readable(operand: tuple[Any, tuple[int, ...]], known: set[Any], channel: int) -> bool:
    """Whether an operand is at hand in a register or can be loaded along `channel`, in f32."""
    value, loops = operand
    if not is_memref(value):
        return isinstance(value.type, ir.F32Type)
    rank = value.type.rank
    if value in known:
        return loops == tuple(range(rank))
    root = root_of(value)
    is_written = root in {root_of(k) for k in known}
    is_filled = isinstance(root.owner, ir.Block) or root.owner.operation.name == "memref.get_global"
    if is_written or not is_filled or not isinstance(value.type.element_type, ir.F32Type):
        return False
    if channel not in loops:
        return True
    strides, _ = value.type.get_strides_and_offset()
    return loops.index(channel) == rank - 1 and strides[-1] == 1
