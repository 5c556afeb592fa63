"""Walk the hidden units of a recurrent layer's step in tiles that stay in registers.

Why: a step is a product of the state by the recurrence weights and elementwise functions of its
gates. Unit by unit, all gates of some units are summed up in registers and go straight into the
functions; the weights, which are most of the work at a batch of 1, are read as long rows.

    scf.for %t {                                   scf.for %t { scf.for %u step 32 {
      %p = linalg.generic %h, %r   [B, 4, H]  ->     %p = linalg.generic %h, %r[.., %u]  [B, 4, 32]
      %c1 = linalg.generic %p, %c  [B, H]            %c1 = linalg.generic %p, %c[.., %u] [B, 32]
      %h1 = linalg.generic %p, %c1                   %h1 = linalg.generic %p, %c1 } }

Every operation of a tile carries `aicc.tile` and becomes vector code after bufferisation. A product
that needs the whole result of an earlier one begins a walk of its own. With several threads, the
tiles of a walk that takes long enough are an scf.forall: each core keeps its part of the weights.
Where the threads have sequences of their own, the walks of each are serial.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

from aicc import target
from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.kernel_shape import (
    indexing_maps,
    is_reducing,
    kernel_functions,
    threads_of,
)
from aicc.passes.schedule.microkernels.prefetch import PANEL
from aicc.passes.schedule.recurrence_split import Recurrence, equal_units, tile_sizes
from aicc.passes.schedule.strips import (
    LANES,
    Span,
    empty,
    extracted,
    filled,
    i64,
    inserted,
    is_fill,
    parallel_strips,
    rebuilt,
    sliced,
    strips,
)
from aicc.passes.schedule.weight_panels import drop_unread, panels_of

PREFETCH = "aicc.prefetch"


@dataclass(eq=False)
class Walk:
    """A product [B, gates, H] and the elementwise operations [B, H] that follow it.

    `is_streamed`: the weights come from beyond the second-level cache in every step.
    """

    product: Any
    lanes: int
    is_streamed: bool
    followers: list[Any] = field(default_factory=list)

    def members(self) -> list[Any]:
        return [self.product, *self.followers]

    def kept(self) -> list[Any]:
        """The followers whose results are read elsewhere."""
        inside = self.members()
        return [
            op
            for op in self.followers
            if any(use.owner.operation not in inside for use in op.results[0].uses)
        ]


@register_pass("tile-recurrences")
def run(module: Any) -> None:
    """Tile the steps of recurrent layers by hidden units."""
    machine = target.of_module(module)
    with module.context, ir.Location.unknown():
        for function in kernel_functions(module):
            if ir.StringAttr(function.attributes["aicc.kernel"]).value == "recurrent":
                _tile_steps(function, machine, threads_of(module))


def _tile_steps(function: Any, machine: Any, threads: int) -> None:
    for loop in _loops_over_time(function):
        # threads that have sequences of their own do not meet in a step
        sharing = threads if loop.parent == function else 1
        for walk in _walks(loop.regions[0].blocks[0], machine):
            if walk.followers:
                _tile(walk, machine.vector_registers, sharing)
                function.attributes[LANES] = i64(walk.lanes)


def _loops_over_time(owner: Any) -> list[Any]:
    """The loops at the top of a kernel, or of the threads' parts of it."""
    ops = [op.operation for op in owner.regions[0].blocks[0].operations]
    inner = [loop for op in ops if op.name == "scf.forall" for loop in _loops_over_time(op)]
    return [op for op in ops if op.name == "scf.for"] + inner


def _walks(block: Any, machine: Any) -> list[Walk]:
    """The products of a step, each with the run of elementwise operations behind it."""
    walks: list[Walk] = []
    is_open = False
    for op in [view.operation for view in block.operations]:
        if _is_product(op):
            width = ir.FloatType(op.results[0].type.element_type).width
            largest = max(prod(value.type.shape) for value in _inputs(op)) * width // 8
            is_streamed = largest > machine.l2_bytes // machine.l2_cores
            walks.append(Walk(op, machine.lanes(width), is_streamed))
            is_open = True
        elif is_open and _follows(op, walks[-1]):
            walks[-1].followers.append(op)
        elif is_open and any(op == _user(use) for m in walks[-1].members() for use in _uses(m)):
            is_open = False
    return walks


def _uses(op: Any) -> Any:
    return op.results[0].uses


def _user(use: Any) -> Any:
    return use.owner.operation


def _is_product(op: Any) -> bool:
    if op.name != "linalg.generic" or not is_reducing(op) or len(op.results) != 1:
        return False
    if not isinstance(op.results[0].type.element_type, ir.FloatType):
        return False
    return is_fill(op.operands[len(op.operands) - 1]) and op.results[0].type.rank == 3


def _inputs(product: Any) -> list[Any]:
    """The factors of a product; one of them may be known, and part of its body."""
    return list(product.operands)[:-1]


def _follows(op: Any, walk: Walk) -> bool:
    """True for an elementwise operation on the states of all units."""
    if op.name != "linalg.generic" or is_reducing(op) or len(op.results) != 1:
        return False
    batch, _, hidden = walk.product.results[0].type.shape
    maps = indexing_maps(op) or []
    is_state = list(op.results[0].type.shape) == [batch, hidden]
    return is_state and maps[-1] == ir.AffineMap.get_identity(2)


def _tile(walk: Walk, registers: int, threads: int) -> None:
    batch, gates, hidden = walk.product.results[0].type.shape
    rows, units = tile_sizes(batch, gates, hidden, walk.lanes, registers)
    factors = _inputs(walk.product)
    panels = next(filter(None, map(panels_of, factors)), None)
    least = walk.lanes
    if panels is not None:
        least = units = panels.units
    walk_units: Callable[..., list[Any]] = strips
    if threads > 1 and _is_long(walk.product):
        equal = equal_units(hidden, units, least, threads)
        units, walk_units = (equal, parallel_strips) if equal else (units, strips)
    kept = walk.kept()
    with ir.InsertionPoint(walk.members()[-1]):
        types = [op.results[0].type for op in kept]
        # a tensor.empty would become the state of the step before, which other tiles still read
        targets = [dialect("bufferization").AllocTensorOp(t, []).result for t in types]

        def at_units(span: Span, carried: list[Any]) -> list[Any]:
            return strips(batch, rows, carried, lambda row, c: _step(walk, kept, row, span, c))

        results = walk_units(hidden, units, targets, at_units)
    for op, result in zip(kept, results, strict=True):
        op.results[0].replace_all_uses_with(result)
    fill = walk.product.operands[len(walk.product.operands) - 1].owner.operation
    for op in [*reversed(walk.members()), fill]:
        if not list(op.results[0].uses):
            op.erase()
    for value in factors:
        drop_unread(value)


def _is_long(product: Any) -> bool:
    """Whether a step takes longer than threads need to meet."""
    result = product.results[0].type
    width = ir.FloatType(result.element_type).width // 8
    batch, gates, hidden = result.shape
    return Recurrence(1, batch, gates, hidden, width).is_long


def _step(walk: Walk, kept: list[Any], rows: Span, units: Span, carried: list[Any]) -> list[Any]:
    """One tile: the product, then the followers, those that are kept written to `carried`."""
    made = {walk.product.results[0]: _product_tile(walk, rows, units)}
    updated = list(carried)
    for op in walk.followers:
        spans = [rows, units]
        inputs = [
            made[value] if value in made else sliced(value, affine_map, {0: rows, 1: units})
            for value, affine_map in zip(
                list(op.operands)[:-1], (indexing_maps(op) or [])[:-1], strict=True
            )
        ]
        if op not in kept:
            init = empty([size for _, size in spans], op.results[0].type.element_type)
            made[op.results[0]] = rebuilt(op, [*inputs, init], walk.lanes)
            continue
        slot = kept.index(op)
        result = rebuilt(op, [*inputs, extracted(updated[slot], spans)], walk.lanes)
        made[op.results[0]] = result
        updated[slot] = inserted(result, updated[slot], spans)
    return updated


def _product_tile(walk: Walk, rows: Span, units: Span) -> Any:
    product = walk.product
    maps, operands = indexing_maps(product) or [], list(product.operands)
    first, _, last = (ir.AffineDimExpr(e).position for e in maps[-1].results)
    spans = {first: rows, last: units}
    inputs = [
        panels.part(units) if (panels := panels_of(value)) else sliced(value, affine_map, spans)
        for value, affine_map in zip(operands[:-1], maps[:-1], strict=True)
    ]
    fill, whole = operands[-1].owner.operation, product.results[0].type
    tile = empty([rows[1], whole.shape[1], units[1]], whole.element_type)
    made = rebuilt(product, [*inputs, filled(fill.operands[0], tile, walk.lanes)], walk.lanes)
    if walk.is_streamed:
        # the tiles of the other sequences hide what the next panel takes
        made.owner.attributes[PREFETCH] = ir.ArrayAttr.get([ir.StringAttr.get(PANEL)])
    return made
