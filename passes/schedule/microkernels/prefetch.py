"""Ask for the next tiles' operands while a tile computes.

Why: the first tile to read a panel of weights waits for memory: a core takes far more from its
second-level cache than from beyond it. Every step of the reduction therefore asks for its share of
what follows; all tiles that use a panel share the panel behind it, so that it is there in time and
the requests never crowd out the loads.

    panel:  the next block of columns         panel[1, k, n], a share per row tile
    rows:   the rows of the next tile         lhs[m + 13, k], all within this tile
    output: where the tile will be stored     out[m, n], so that the stores need not wait
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.tile_op import LANE, SPLAT, Operand, TileOp

PANEL, ROWS, OUTPUT = "panel", "rows", "output"
LINE_BYTES = 64
# llvm.prefetch: 3 into the first-level cache, 2 into the second. Rows of a whole tile would push
# the panel out of the first level.
_LOCALITY = {PANEL: 3, ROWS: 2}


@dataclass
class Stream:
    """Elements that lie in a row behind `start`, `share` of them asked for per step."""

    memref: Any
    start: Any
    share: int
    locality: int

    def emit(self, tile: TileOp, steps: int, ivs: dict[int, Any], scope: IndexBuilder) -> None:
        """The requests of `steps` steps of the reduction at the counters `ivs`."""
        arith = dialect("arith")
        done = scope.value(_step_number(tile, self.share), {}, ivs)
        first = arith.addi(self.start, done)
        line = _line_elements(self.memref)
        outer = [scope.constant(0)] * (ir.MemRefType(self.memref.type).rank - 1)
        for offset in range(0, self.share * steps, line):
            at = arith.addi(first, scope.constant(offset)) if offset else first
            _request(self.memref, [*outer, at], self.locality)


@dataclass
class Grid:
    """The lines of rows that lie apart, dealt out over the iterations of `tiles` tiles.

    `number` is that of this tile; the lines lie `ahead` columns further than `memref`.
    """

    memref: Any
    row_dim: int
    number: Any
    tiles: int
    ahead: int
    is_write: bool

    def emit(self, tile: TileOp, steps: int, ivs: dict[int, Any], scope: IndexBuilder) -> None:
        """The requests of `steps` steps of the reduction at the counters `ivs`."""
        arith, shape = dialect("arith"), list(ir.MemRefType(self.memref.type).shape)
        rows, width = shape[self.row_dim], _line_elements(self.memref)
        lines, iterations = -(-shape[-1] // width), _steps(tile) // steps
        share = -(-rows * lines // (self.tiles * iterations))
        step = scope.value(_step_number(tile, 1), {}, ivs)
        at = arith.divui(step, scope.constant(steps)) if steps > 1 else step
        if self.tiles > 1:
            before = arith.muli(self.number, scope.constant(iterations))
            at = arith.addi(before, at)
        first = arith.muli(at, scope.constant(share))
        for i in range(share):
            here = arith.addi(first, scope.constant(i)) if i else first
            row = arith.divui(here, scope.constant(lines)) if lines > 1 else here
            line = arith.remui(here, scope.constant(lines))
            indices = [scope.constant(0)] * len(shape)
            indices[self.row_dim] = arith.minui(row, scope.constant(rows - 1))
            column = arith.muli(line, scope.constant(width))
            indices[-1] = arith.addi(column, scope.constant(self.ahead))
            _request(self.memref, indices, _LOCALITY[PANEL], self.is_write)


def streams_of(
    tile: TileOp, wanted: Sequence[str], scope: IndexBuilder, stored: Any = None
) -> list[Stream | Grid]:
    """The streams of a tile, as far as its operands lie in memory one tile behind the other.

    `stored`: the memref that the tile will be stored to.
    """
    makers = {PANEL: _panel_stream, ROWS: _rows_stream}
    made = [makers[name](tile, scope) for name in wanted if name in makers]
    if OUTPUT in wanted and stored is not None:
        made.append(_output_stream(stored))
    return [stream for stream in made if stream is not None]


def _output_stream(stored: Any) -> Grid | None:
    row_dim = _only_row_dim(stored)
    return None if row_dim is None else Grid(stored, row_dim, None, 1, 0, True)


def _only_row_dim(memref: Any) -> int | None:
    """The one dimension of several elements beside the last, whose elements are neighbours."""
    memref_type = ir.MemRefType(memref.type)
    large = [d for d, size in enumerate(memref_type.shape[:-1]) if size > 1]
    is_row_major = memref_type.rank > 1 and memref_type.get_strides_and_offset()[0][-1] == 1
    return large[0] if is_row_major and len(large) == 1 else None


def _panel_stream(tile: TileOp, scope: IndexBuilder) -> Stream | Grid | None:
    operand = _reduced_operand(tile, LANE)
    loops = _loops_within(tile, operand) if operand else None
    if operand is None or not loops:
        return None
    elements, steps = _elements(operand.memref), _steps(tile)
    tiles = prod(count for _, _, count in loops)
    if tiles < 2 or elements % steps:
        return None
    number = _tile_number(loops, scope)
    if not _is_contiguous(operand.memref):
        row_dim, ahead = _only_row_dim(operand.memref), tile.extents[tile.lane_dim]
        grid = (number, tiles, ahead, False)
        return None if row_dim is None else Grid(operand.memref, row_dim, *grid)
    share = -(-elements // (steps * tiles))
    arith = dialect("arith")
    before = arith.muli(number, scope.constant(share * steps))
    start = arith.addi(before, scope.constant(elements))
    return Stream(operand.memref, start, share, _LOCALITY[PANEL])


def _tile_number(loops: Sequence[tuple[Any, int, int]], scope: IndexBuilder) -> Any:
    """How many tiles of the loops come before this one."""
    arith, number = dialect("arith"), None
    for iv, width, count in loops:
        here = arith.divui(iv, scope.constant(width)) if width > 1 else iv
        outer = arith.muli(number, scope.constant(count)) if number is not None else None
        number = arith.addi(outer, here) if outer is not None else here
    return number


def _rows_stream(tile: TileOp, scope: IndexBuilder) -> Stream | None:
    operand = _reduced_operand(tile, SPLAT)
    if operand is None or not _is_contiguous(operand.memref):
        return None
    if tile.generic.block not in _homes(operand.memref):
        return None
    elements, steps = _elements(operand.memref), _steps(tile)
    if elements % steps:
        return None
    return Stream(operand.memref, scope.constant(elements), elements // steps, _LOCALITY[ROWS])


def _reduced_operand(tile: TileOp, access: str) -> Operand | None:
    """The one input with this access that the reduction walks over, each index by one loop."""
    reduction = set(tile.reduction_dims)
    found = [
        o
        for o in tile.inputs
        if o.access == access and any(form.uses(d) for form in o.forms for d in reduction)
    ]
    if len(found) != 1 or any(_slides(form, tile) for form in found[0].forms):
        return None
    return found[0]


def _slides(form: LinearForm, tile: TileOp) -> bool:
    """Whether several loops of more than one step move an index: a window."""
    return sum(tile.extents[dim] > 1 for dim, _ in form.terms) > 1


def _loops_within(tile: TileOp, operand: Operand) -> list[tuple[Any, int, int]] | None:
    """(counter, step, trips) of the loops that use the operand's slice again, outermost first."""
    homes, block = _homes(operand.memref), tile.generic.block
    loops: list[tuple[Any, int, int]] = []
    while homes and block not in homes:
        loop = block.owner.operation
        bounds = [_constant(value) for value in list(loop.operands)[:3]]
        if loop.name != "scf.for" or None in bounds or bounds[0] != 0:
            return None
        _, stop, step = bounds
        loops.insert(0, (block.arguments[0], step, -(-stop // step)))
        block = loop.block
    return loops


def _homes(value: Any) -> list[Any]:
    """The blocks whose arguments a slice is computed from; none for what is no slice."""
    if isinstance(value.owner, ir.Block):
        return []
    homes, pending = [], list(value.owner.operation.operands)
    while pending:
        owner = pending.pop().owner
        if isinstance(owner, ir.Block):
            homes.append(owner)
        else:
            pending += list(owner.operation.operands)
    return homes


def _constant(value: Any) -> Any:
    owner = value.owner
    if isinstance(owner, ir.Block) or owner.operation.name != "arith.constant":
        return None
    return owner.operation.attributes["value"].value


def _is_contiguous(memref: Any) -> bool:
    memref_type = ir.MemRefType(memref.type)
    expected = 1
    for extent, stride in zip(
        reversed(memref_type.shape), reversed(memref_type.get_strides_and_offset()[0]), strict=True
    ):
        if extent > 1 and stride != expected:
            return False
        expected *= extent
    return memref_type.rank > 0


def _line_elements(memref: Any) -> int:
    """Elements of a cache line."""
    return max(1, LINE_BYTES * 8 // ir.MemRefType(memref.type).element_type.width)


def _elements(memref: Any) -> int:
    return prod(ir.MemRefType(memref.type).shape)


def _steps(tile: TileOp) -> int:
    return prod(tile.extents[dim] for dim in tile.reduction_dims)


def _step_number(tile: TileOp, factor: int) -> LinearForm:
    """`factor` times the number of the reduction's step, counted over all its dimensions."""
    terms, size = [], factor
    for dim in reversed(tile.reduction_dims):
        terms.append((dim, size))
        size *= tile.extents[dim]
    return LinearForm(0, tuple(sorted(terms)))


def _request(memref: Any, indices: list[Any], locality: int, is_write: bool = False) -> None:
    i32 = ir.IntegerType.get_signless(32)
    attributes = {
        "isWrite": ir.BoolAttr.get(is_write),
        "localityHint": ir.IntegerAttr.get(i32, locality),
        "isDataCache": ir.BoolAttr.get(True),
    }
    ir.Operation.create(
        "memref.prefetch", results=[], operands=[memref, *indices], attributes=attributes
    )
