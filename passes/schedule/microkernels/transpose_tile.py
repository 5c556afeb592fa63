"""The transposing micro-kernel: square tiles of vectors, turned round in registers.

The result runs along one loop (its lanes), some operands along another one (the rows of the
tile). A tile loads a vector of rows for each lane, and log2 stages of interleaving make vectors of
lanes of them:

    a b c d     a i b j     a e i m       the first half of the vectors with the second half,
    e f g h     c k d l     b f j n       pair by pair, lower and upper halves
    i j k l  >  e m f n  >  c g k o
    m n o p     g o h p     d h l p
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.memory import (
    LaneMemory,
    is_packed_in_vectors,
    zero_splat,
)
from aicc.passes.schedule.microkernels.strided_loops import StridedLoops, flat
from aicc.passes.schedule.microkernels.vector_body import VectorBody, is_vectorisable
from aicc.target import Target

# Tiles larger than this would not fit into the registers; shorter rows and lanes fill too little.
LARGEST, LEAST = 16, 4
# Tiles of a block: a run of this many on lines that lie far apart, on a few neighbours of them, so
# that caches and prefetchers get whole pages of either side.
RUN, LINES = 16, 4
# Tiles ahead of which lines to be written are asked for: stores alone wait for one another.
AHEAD = 2
# Below this many elements plain loops do as well.
LEAST_ELEMENTS = 256


@dataclass
class TransposeTile:
    """One elementwise operation whose operands `turned` run along `row_loop`."""

    op: Any
    loops: StridedLoops
    lane_loop: int
    row_loop: int
    turned: list[int]
    size: int
    use_fma: bool

    @staticmethod
    def of(op: Any, machine: Target, use_fma: bool) -> TransposeTile | None:
        """The operation as transposing tiles, or None where it is something else."""
        if not _is_elementwise(op) or not _can_shuffle(op, machine):
            return None
        loops = StridedLoops.of(op)
        if loops is None or prod(loops.extents) < LEAST_ELEMENTS:
            return None
        output = len(op.operands) - 1
        lane_loop = loops.fastest(output)
        if lane_loop is None:
            return None
        turned = [i for i in range(output) if _jumps(loops, i, lane_loop)]
        rows = {loops.fastest(i) for i in turned}
        if len(rows) != 1 or None in rows:
            return None
        (row_loop,) = rows
        if row_loop is None or min(loops.extents[row_loop], loops.extents[lane_loop]) < LEAST:
            return None
        bits = max(_bits(value) for value in op.operands)
        size = min(LARGEST, machine.lanes(bits))
        return TransposeTile(op, loops, lane_loop, row_loop, turned, size, use_fma)

    def emit(self) -> None:
        """Emit the loops before the operation."""
        self.body = VectorBody(self.op, self.size, self.use_fma)
        self.memory = LaneMemory(self.size)
        self.used = self.body.arguments_used()
        with ir.InsertionPoint(self.op), self.op.location:
            scope = IndexBuilder()
            self.body.prepare()
            for loop in (self.row_loop, self.lane_loop):
                self.memory.prepare(self.loops.extents[loop] % self.size or self.size)
            operands = zip(self.op.operands, self.loops.strides, strict=True)
            self.flat = [v if row is None else flat(v) for v, row in operands]
            inner = (self.row_loop, self.lane_loop)
            outer = [d for d in range(len(self.loops.extents)) if d not in inner]
            self._walk(outer, {}, scope)

    def _walk(self, outer: list[int], at: dict[int, Any], scope: IndexBuilder) -> None:
        if not outer:
            self._tiles(at, scope)
            return
        loop, rest = outer[0], outer[1:]

        def body(index: Any, inner: IndexBuilder) -> None:
            self._walk(rest, at | {loop: index}, inner)

        _for(0, self.loops.extents[loop], 1, scope, body)

    def _tiles(self, at: dict[int, Any], scope: IndexBuilder) -> None:
        """All tiles, in blocks: long runs along the loop whose lines lie the farthest apart."""
        along, across = self._ways()

        def runs(low: Any, count: int, inner: IndexBuilder) -> None:
            def lines(first: Any, lines: int, innermost: IndexBuilder) -> None:
                self._block(at, {along: (low, count), across: (first, lines)}, innermost)

            self._blocks(across, LINES * self.size, inner, lines)

        self._blocks(along, RUN * self.size, scope, runs)

    def _ways(self) -> tuple[int, int]:
        """(the loop that runs follow, the other one)."""
        output, turned = self.loops.strides[-1], self.loops.strides[self.turned[0]]
        gap_of_rows = turned[self.lane_loop] if turned else 0
        gap_of_lanes = output[self.row_loop] if output else 0
        is_read = gap_of_rows > gap_of_lanes
        ways = self.row_loop, self.lane_loop
        return ways if is_read else (ways[1], ways[0])

    def _block(
        self, at: dict[int, Any], part: dict[int, tuple[Any, int]], scope: IndexBuilder
    ) -> None:
        """The tiles of a part of both loops: (where it starts, how many elements)."""
        (along, (low, count)), (across, (first, lines)) = part.items()

        def line(here: Any, size: int, inner: IndexBuilder) -> None:
            def tile(there: Any, width: int, innermost: IndexBuilder) -> None:
                sizes = {along: width, across: size}
                starts = {along: there, across: here}
                counts = sizes[self.row_loop], sizes[self.lane_loop]
                self._tile(at | starts, *counts, innermost)

            _parts(low, count, self.size, inner, tile)

        _parts(first, lines, self.size, scope, line)

    def _blocks(self, loop: int, size: int, scope: IndexBuilder, body: Callable[..., None]) -> None:
        """`body` on whole blocks along a loop, and on what is left."""
        _parts(0, self.loops.extents[loop], size, scope, body)

    def _tile(self, at: dict[int, Any], rows: int, lanes: int, scope: IndexBuilder) -> None:
        columns = [
            self._column(operand, at, rows, lanes, scope)
            for operand in range(len(self.op.operands) - 1)
        ]
        output = len(self.flat) - 1
        for row in range(rows):
            place = [self._place(output, at, {self.row_loop: row}, scope)]
            self._announce(place, scope)
            arguments = [column[row] for column in columns]
            held = self.memory.load(self.flat[output], place, lanes) if self.used[-1] else None
            (value,) = self.body.emit([*arguments, held])
            self.memory.store(value, self.flat[output], place, lanes)

    def _announce(self, place: list[Any], scope: IndexBuilder) -> None:
        """Ask for the line that a later tile of the same run writes."""
        if self._ways()[0] == self.lane_loop:
            (index,) = place
            later = dialect("arith").addi(index, scope.constant(AHEAD * self.size))
            dialect("memref").prefetch(self.flat[-1], [later], True, 3, True)

    def _column(
        self, operand: int, at: dict[int, Any], rows: int, lanes: int, scope: IndexBuilder
    ) -> list[Any]:
        """One vector of lanes for each row of the tile."""
        strides, value = self.loops.strides[operand], self.flat[operand]
        if not self.used[operand]:
            return [None] * rows
        if strides is None:
            return [self.memory.broadcast(value)] * rows
        if operand in self.turned:
            places = [self._place(operand, at, {self.lane_loop: i}, scope) for i in range(lanes)]
            loaded = [self.memory.load(value, [place], rows) for place in places]
            return transposed(loaded, self.size)[:rows]
        places = [self._place(operand, at, {self.row_loop: i}, scope) for i in range(rows)]
        if strides[self.lane_loop] == 0:
            return [self.memory.splat(value, [place]) for place in places]
        return [self.memory.load(value, [place], lanes) for place in places]

    def _place(
        self, operand: int, at: dict[int, Any], further: dict[int, int], scope: IndexBuilder
    ) -> Any:
        """The distance of an element from the operand's first."""
        strides = self.loops.strides[operand] or []
        terms = tuple((d, s) for d, s in enumerate(strides) if s)
        return scope.value(LinearForm(0, terms), further, at)


def transposed(vectors: list[Any], size: int) -> list[Any]:
    """`size` vectors of `size` lanes turned round; those that are missing are zeros."""
    shuffle = dialect("vector").shuffle
    rows = [*vectors, *[zero_splat(vectors[0].type)] * (size - len(vectors))]
    half = size // 2
    lower = [lane for i in range(half) for lane in (i, size + i)]
    upper = [lane for i in range(half, size) for lane in (i, size + i)]
    for _ in range(size.bit_length() - 1):
        pairs = list(zip(rows[:half], rows[half:], strict=True))
        rows = [shuffle(a, b, order) for a, b in pairs for order in (lower, upper)]
    return rows


def _parts(
    low: Any, count: int, size: int, scope: IndexBuilder, body: Callable[[Any, int, Any], None]
) -> None:
    """body(start, length) on parts of `size` elements from `low`, and on what is left."""
    whole = count - count % size
    end = _plus(scope, low, whole)
    if whole == size:
        body(_plus(scope, low, 0), size, IndexBuilder(scope))
    else:
        _for(low, end, size, scope, lambda i, inner: body(i, size, inner))
    if whole < count:
        body(end, count - whole, IndexBuilder(scope))


def _plus(scope: IndexBuilder, low: Any, offset: int) -> Any:
    if isinstance(low, int):
        return scope.constant(low + offset)
    return dialect("arith").addi(low, scope.constant(offset)) if offset else low


def _for(
    low: Any, high: Any, step: int, scope: IndexBuilder, body: Callable[[Any, IndexBuilder], None]
) -> None:
    if isinstance(low, int) and isinstance(high, int) and high <= low:
        return
    scf = dialect("scf")
    bounds = [scope.constant(n) if isinstance(n, int) else n for n in (low, high, step)]
    loop = scf.ForOp(*bounds)
    with ir.InsertionPoint(loop.body):
        body(loop.induction_variable, IndexBuilder(scope))
        scf.YieldOp([])


def _can_shuffle(op: Any, machine: Target) -> bool:
    """LLVM cannot select two-operand shuffles of bf16 for processors without 16-bit floats."""
    types = [getattr(value.type, "element_type", value.type) for value in op.operands]
    has_bf16 = any(isinstance(element, ir.BF16Type) for element in types)
    return not has_bf16 or machine.has("avx512_fp16")


def _is_elementwise(op: Any) -> bool:
    """One result, vectors of whole bytes, and a body that means the same lane by lane."""
    if not op.operands or len(op.attributes["operandSegmentSizes"]) != 2:
        return False
    inputs, outputs = op.attributes["operandSegmentSizes"]
    elements = [getattr(value.type, "element_type", value.type) for value in op.operands]
    is_whole = all(
        isinstance(e, (ir.FloatType, ir.IntegerType)) and not is_packed_in_vectors(e)
        for e in elements
    )
    is_memref = isinstance(op.operands[inputs].type, ir.MemRefType)
    return outputs == 1 and is_memref and is_whole and is_vectorisable(op.regions[0].blocks[0])


def _jumps(loops: StridedLoops, operand: int, lane_loop: int) -> bool:
    """Whether an operand's elements along the lanes lie apart."""
    strides = loops.strides[operand]
    return strides is not None and strides[lane_loop] > 1


def _bits(value: Any) -> int:
    return int(getattr(value.type, "element_type", value.type).width)
