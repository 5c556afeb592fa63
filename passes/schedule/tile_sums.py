"""Keep the sums of channels-last reductions in registers where a kernel has no schedule.

Why: a kernel of several reductions over pixels (instance normalisation) fits no class and becomes
plain loops, in which every pixel is added to memory. Here each of its reductions whose result runs
along the lanes is cut into tiles of one row's sums, held in registers over all that is reduced. A
reduction that reads the sums of the one before, row by row, joins its loop: the row is still near.

    %s = linalg.generic %x [N, H, W, C] -> [N, H, C]
      ->  scf.for %h { %t = linalg.generic %x[.., %h, .., ..] {aicc.tile} -> [1, 1, 64]
                       insert %t into %s[0, %h, ..] }
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc import target
from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.destination import is_in_argument
from aicc.passes.schedule.kernel_shape import (
    indexing_maps,
    is_reducing,
    kernel_functions,
    linalg_ops,
)
from aicc.passes.schedule.microkernels.vector_body import is_vectorisable
from aicc.passes.schedule.strips import (
    LANES,
    Span,
    extracted,
    filled,
    i64,
    inserted,
    is_fill,
    rebuilt,
    sliced,
    strips,
)

# Vectors of sums held at a time, and elements below which loops over memory do as well.
VECTORS = 4
LEAST_ELEMENTS = 2048


@register_pass("tile-sums")
def run(module: Any) -> None:
    """Tile the channels-last reductions of kernels with several of them and no schedule."""
    machine = target.of_module(module)
    with module.context, ir.Location.unknown():
        for function in kernel_functions(module):
            sums = [op for op in linalg_ops(function) if is_reducing(op)]
            if LANES in function.attributes or len(sums) < 2:
                continue
            for group in _groups(function):
                width = ir.FloatType(group[0].results[0].type.element_type).width
                _tile(group, machine.lanes(width))
                function.attributes[LANES] = i64(machine.lanes(width))


def _groups(function: Any) -> list[list[Any]]:
    """Runs of reductions that share a walk over their rows."""
    groups: list[list[Any]] = []
    is_open = False
    for op in linalg_ops(function):
        if is_reducing(op) and runs_along_lanes(op):
            if is_open and _joins(op, groups[-1]):
                groups[-1].append(op)
            else:
                groups.append([op])
            is_open = True
        else:
            is_open = is_open and is_fill(op.results[0])
    return groups


def _joins(op: Any, group: list[Any]) -> bool:
    """True if `op` reads of the sums of `group` those of its own row alone, and some of them."""
    if op.results[0].type != group[0].results[0].type:
        return False
    made = [member.results[0] for member in group]
    maps = indexing_maps(op) or []
    reads = [m for v, m in zip(op.operands, maps, strict=True) if v in made]
    return bool(reads) and all(m == maps[-1] for m in reads)


def runs_along_lanes(op: Any) -> bool:
    """True for sums (or the like) of many elements, the result's last dimension contiguous."""
    maps = indexing_maps(op)
    if op.name != "linalg.generic" or not maps or len(op.results) != 1:
        return False
    is_float = isinstance(op.results[0].type.element_type, ir.FloatType)
    if not is_float or not is_fill(op.operands[len(op.operands) - 1]):
        return False
    if not all(isinstance(expr, ir.AffineDimExpr) for m in maps for expr in m.results):
        return False
    dims = [[ir.AffineDimExpr(expr).position for expr in m.results] for m in maps]
    if not dims[-1] or max(prod(v.type.shape) for v in op.operands) < LEAST_ELEMENTS:
        return False
    lane = dims[-1][-1]
    along = [row for row in dims[:-1] if lane in row]
    is_last = bool(along) and all(row.index(lane) == len(row) - 1 for row in along)
    return is_last and is_vectorisable(op.regions[0].blocks[0])


def _tile(group: list[Any], lanes: int) -> None:
    shape = list(group[0].results[0].type.shape)
    sizes = [1] * (len(shape) - 1) + [min(shape[-1], VECTORS * lanes)]
    with ir.InsertionPoint(group[-1]):
        whole = [place_of(op) for op in group]

        def walk(spans: list[Span], carried: list[Any]) -> list[Any]:
            if len(spans) == len(shape):
                return _one(group, spans, carried, lanes)
            dim = len(spans)
            return strips(shape[dim], sizes[dim], carried, lambda s, c: walk([*spans, s], c))

        results = walk([], whole)
    fills = [fill_of(op) for op in group]
    for op, result in zip(group, results, strict=True):
        op.results[0].replace_all_uses_with(result)
    for op in [*reversed(group), *dict.fromkeys(fills)]:
        if not list(op.results[0].uses):
            op.erase()


def place_of(op: Any) -> Any:
    """Where the sums are held: the kernel's result, if they were, else memory of their own."""
    init = fill_of(op).operands[1]
    if is_in_argument(init):
        return init
    return dialect("bufferization").AllocTensorOp(op.results[0].type, []).result


def fill_of(op: Any) -> Any:
    return op.operands[len(op.operands) - 1].owner.operation


def _one(group: list[Any], spans: list[Span], carried: list[Any], lanes: int) -> list[Any]:
    """The results with the sums at `spans`."""
    updated = list(carried)
    made: dict[Any, Any] = {}
    for slot, op in enumerate(group):
        maps, operands = indexing_maps(op) or [], list(op.operands)
        dims = [ir.AffineDimExpr(expr).position for expr in maps[-1].results]
        chosen = dict(zip(dims, spans, strict=True))
        inputs = [
            made[v] if v in made else sliced(v, m, chosen)
            for v, m in zip(operands[:-1], maps[:-1], strict=True)
        ]
        # the sums start in the result itself: a place of their own would be copied
        init = filled(fill_of(op).operands[0], extracted(updated[slot], spans), lanes)
        made[op.results[0]] = rebuilt(op, [*inputs, init], lanes)
        updated[slot] = inserted(made[op.results[0]], updated[slot], spans)
    return updated
