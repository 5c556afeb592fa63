"""Register tiles of narrow operands on a matrix unit: Intel's AMX.

A tile register holds up to 16 rows of 64 bytes. One instruction multiplies a tile of rows (16
points, 64 bytes of their reduction) by a tile of weights (16 groups of the reduction, 16 lanes)
into a tile of sums, sixteen times the work of a vector instruction. The sums leave the unit through
memory, and the epilogue goes on with them as vectors.

    for k: tmm5 = rows %a[0 .. 15, 64 k ..];  tmm6 = %b[16 k .., 0 .. 15];  tmm0 += tmm5 * tmm6
    %scratch = tmm0;  %c = vectors of %scratch

LLVM knows nothing of the tile registers: each step is one piece of inline assembly, and the
compiler uses no tile register of its own. The process must have asked the kernel for the unit's
state; the runtime library does when it is loaded.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.dot_tile import (
    KINDS,
    DotForm,
    dot_form,
    module_target,
)
from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.register_tile import Registers, RegisterTile
from aicc.passes.schedule.microkernels.tile_op import Operand, TileOp
from aicc.target import Target

ROWS, ROW_BYTES, TILES = 16, 64, 8
GROUP_BYTES = 4
# Rows, or groups of the reduction, below which most of a tile would be empty.
FEWEST = 4
CONFIG_BYTES = 64
# Weights of more bytes are not in the second-level cache when a kernel begins.
STREAMED = 1 << 18
STEPS_AHEAD = 4
VIEWS = ("memref.subview", "memref.collapse_shape", "memref.expand_shape")
CONFIGURE, RELEASE = "ldtilecfg ($0)", "tilerelease"
# What a configuration loads, as an attribute of the assembly that does.
SHAPES = "aicc.tile_shapes"
# Offsets in the configuration: 16-bit bytes per row, then 8-bit rows, of each tile.
_COLUMNS_AT, _ROWS_AT = 16, 48


@dataclass(frozen=True)
class Shape:
    """`count` tiles of `rows` points by `columns` tiles of 16 lanes; `depth` groups a step.

    A step takes all of the dimensions `whole`, the innermost of which is `depth_dim`, or else a
    part of `depth_dim`.
    """

    row_dim: int
    rows: int
    count: int
    columns: int
    depth_dim: int
    depth: int
    whole: tuple[int, ...]

    @property
    def sums(self) -> int:
        """Tiles of sums."""
        return self.count * self.columns


def matrix_rows(kernel: Any, machine: Target) -> int:
    """Rows of a tile register for a contraction of narrow groups, 0 if it does not fit.

    `kernel` is a `Contraction`.
    """
    element = str(kernel.op.operands[0].type.element_type)
    kind = next((k for k in KINDS if k.element == element), None)
    if kind is None or not machine.has(kind.matrix_feature):
        return 0
    *inner, group = kernel.reduction
    if kernel.extents[group] != kind.group:
        return 0
    shape = kernel.op.operands[0].type.shape
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    run = _run(inner, kernel.extents, [lambda dim: _elements(kernel.inputs[0], strides, dim)])
    return ROWS if run and run[0] >= FEWEST else 0


def matrix_count(columns: int) -> int:
    """Tiles of rows that share each tile of weights, where `columns` tiles of lanes lie abreast.

    Weights come from the second-level cache or further: two by two tiles of sums read half of what
    one by four do. One tile of weights at a time is held.
    """
    return max(1, min(3 if columns == 1 else 2, (TILES - 1) // (columns + 1)))


def matrix_block(element: str, columns: int, width: int, machine: Target) -> int:
    """Columns of weights side by side for the matrix unit; 0 where the vectors' own number does.

    Over images of few rows weights stream, and those that more rows share come less often.
    """
    is_held = any(k.element == element and machine.has(k.matrix_feature) for k in KINDS)
    return min(2, -(-columns // ROWS)) * ROWS if is_held and width <= ROWS else 0


def _elements(forms: Sequence[LinearForm], strides: Sequence[int], dim: int) -> int:
    """Elements between two steps of `dim`."""
    steps = [dict(form.terms).get(dim, 0) for form in forms]
    return sum(step * stride for step, stride in zip(steps, strides, strict=True))


def _run(
    dims: Sequence[int], extents: Sequence[int], strides: Sequence[Callable[[int], int]]
) -> tuple[int, tuple[int, ...]] | None:
    """(groups of the reduction in a row of a tile register, the dimensions taken as a whole).

    `dims` are reduced, the innermost last. Of a window of few channels, the taps of a row lie side
    by side in memory, and are one run with the channels.
    """
    inner = [dim for dim in dims if extents[dim] > 1]
    if not inner:
        return None
    last, most = inner[-1], ROW_BYTES // GROUP_BYTES
    if extents[last] > most:
        return _divisor(extents[last], most), ()
    groups = extents[last]
    whole: tuple[int, ...] = (last,)
    for dim in reversed(inner[:-1]):
        follows = all(stride(dim) == groups * stride(last) for stride in strides)
        if not follows or groups * extents[dim] > most:
            break
        groups, whole = groups * extents[dim], (dim, *whole)
    return groups, whole


def matrix_shape(tile: TileOp, form: DotForm, lanes: int) -> Shape | None:
    """How a tile lies in tile registers; None if it does not fit, or would leave most empty."""
    wide = [dim for dim in tile.point_dims if tile.extents[dim] > 1]
    inner = [dim for dim in tile.reduction_dims if dim != form.group_dim]
    if not wide or not _has_strides(form):
        return None
    strides = [functools.partial(_stride, o) for o in (form.across, form.along)]
    run = _run(inner, tile.extents, strides)
    if run is None:
        return None
    row_dim, depth_dim = wide[-1], [dim for dim in inner if tile.extents[dim] > 1][-1]
    depth, whole = run
    points = 1
    for dim in tile.point_dims:
        points *= tile.extents[dim]
    rows = _divisor(tile.extents[row_dim], ROWS)
    columns = tile.extents[tile.lane_dim] // lanes
    shape = Shape(row_dim, rows, points // rows, columns, depth_dim, depth, whole)
    fits = shape.sums + shape.count + 1 <= TILES and min(rows, depth) >= FEWEST
    return shape if fits and _stride(form.across, depth_dim) == GROUP_BYTES else None


def _divisor(extent: int, most: int) -> int:
    """The largest divisor of `extent` that is at most `most`."""
    return next(n for n in range(min(extent, most), 0, -1) if extent % n == 0)


def _has_strides(form: DotForm) -> bool:
    known = [
        ir.MemRefType(o.memref.type).get_strides_and_offset() for o in (form.across, form.along)
    ]
    dynamic = ir.ShapedType.get_dynamic_stride_or_offset()
    return all(dynamic not in strides for strides, _ in known)


@dataclass
class MatrixTile(RegisterTile):
    """Emits a TileOp that has a dot form and a shape in tile registers."""

    form: DotForm | None = None
    shape: Shape | None = None

    @staticmethod
    def of(tile: TileOp, lanes: int, use_fma: bool, registers: Registers) -> MatrixTile | None:
        """The emitter of `tile`; None if it has no such form or the target no matrix unit."""
        form = dot_form(tile, lanes)
        shape = matrix_shape(tile, form, lanes) if form is not None else None
        if form is None or shape is None:
            return None
        if not module_target(tile.generic).has(form.kind.matrix_feature):
            return None
        inner = tuple(dim for dim in tile.reduction_dims if dim != form.group_dim)
        tile = replace(tile, reduction_dims=inner)
        return MatrixTile(tile, lanes, use_fma, registers, form=form, shape=shape)

    def refusal(self) -> str | None:
        """A shape that fits is never refused."""
        return None

    def _reduce(
        self, dims: list[int], values: list[Any], ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        """All of the reduction, into memory, and from there into vectors."""
        assert self.shape is not None
        shape = self.shape
        word = ir.MemRefType(self.tile.output.memref.type).element_type
        columns = shape.columns * self.lanes
        scratch = _allocate([shape.rows * shape.count, columns], word)
        self._configure()
        assemble([f"tilezero %tmm{i}" for i in range(shape.sums)], [])
        self._steps(dims, ivs, scope)
        self._leave(scratch)
        vector = dialect("vector")
        wide = ir.VectorType.get([self.lanes], word)
        arith, sums = dialect("arith"), []
        add = arith.addf if isinstance(word, ir.FloatType) else arith.addi
        for number, value in enumerate(values):
            row, chunk = divmod(number, shape.columns)
            at = [scope.constant(row), scope.constant(chunk * self.lanes)]
            sums.append(add(value, vector.load(wide, scratch, at)))
        return sums

    def _configure(self) -> None:
        """Load the shapes of all tiles."""
        assert self.shape is not None
        shape, data = self.shape, bytearray(CONFIG_BYTES)
        data[0] = 1
        sums, rows = shape.sums, shape.count
        sizes = [(shape.rows, ROW_BYTES)] * sums + [(shape.rows, shape.depth * GROUP_BYTES)] * rows
        sizes += [(shape.depth, ROW_BYTES)] * (TILES - sums - rows)
        for tile, (height, width) in enumerate(sizes):
            data[_COLUMNS_AT + 2 * tile] = width
            data[_ROWS_AT + tile] = height
        byte = ir.IntegerType.get_signless(8)
        vector = ir.VectorType.get([CONFIG_BYTES], byte)
        signed = [ir.IntegerAttr.get(byte, (value + 128) % 256 - 128) for value in data]
        configure(ir.DenseElementsAttr.get(signed, vector))

    def _steps(self, dims: list[int], ivs: dict[int, Any], scope: IndexBuilder) -> None:
        """Loops over the reduction, `depth` groups at a time in the innermost."""
        assert self.shape is not None
        scf = dialect("scf")
        dim, *inner = dims
        step = self.shape.depth if dim == self.shape.depth_dim else 1
        if dim in self.shape.whole:
            step = self.tile.extents[dim]
        bounds = [scope.constant(n) for n in (0, self.tile.extents[dim], step)]
        loop = scf.ForOp(*bounds, [])
        with ir.InsertionPoint(loop.body):
            counters, body = ivs | {dim: loop.induction_variable}, IndexBuilder(scope)
            if inner:
                self._steps(inner, counters, body)
            else:
                self._step(counters, body)
            scf.yield_([])

    def _step(self, ivs: dict[int, Any], scope: IndexBuilder) -> None:
        """One tile of rows per group of points, one tile of weights per 16 lanes, all products."""
        assert self.shape is not None and self.form is not None
        shape, form = self.shape, self.form
        first_row, weights = shape.sums, shape.sums + shape.count
        spare = TILES - weights
        operands = [
            *(
                _pointer(form.across.memref, self._at(form.across, i, ivs, scope))
                for i in self._firsts()
            ),
            _number(_stride(form.across, shape.row_dim)),
            _pointer(form.along.memref, self._at(form.along, 0, ivs, scope)),
            _number(_stride(form.along, shape.depth_dim)),
        ]
        count = shape.count
        lines = [f"tileloadd (${i},${count},1), %tmm{first_row + i}" for i in range(count)]
        for column in range(shape.columns):
            tile = weights + column % spare
            offset = column * ROW_BYTES
            lines.append(f"tileloadd {offset}(${count + 1},${count + 2},1), %tmm{tile}")
            for i in range(count):
                total = i * shape.columns + column
                lines.append(f"{form.kind.matrix} %tmm{tile}, %tmm{first_row + i}, %tmm{total}")
        assemble([*self._prefetches(count + 1), *lines], operands)

    def _prefetches(self, weights: int) -> list[str]:
        """Weights that steps to come will read, where they stream from memory and lie in a row.

        Each step reads half a page, where the processor's own prefetching hardly gets going.
        """
        assert self.shape is not None and self.form is not None
        shape, along = self.shape, self.form.along
        width = shape.columns * ROW_BYTES
        if _whole_size(along.memref) < STREAMED or _stride(along, shape.depth_dim) != width:
            return []
        ahead, size = STEPS_AHEAD * shape.depth * width, shape.depth * width
        return [f"prefetcht0 {ahead + at}(${weights})" for at in range(0, size, ROW_BYTES)]

    def _firsts(self) -> range:
        """The first cell of each tile of rows."""
        assert self.shape is not None
        return range(0, len(self.all_cells), self.shape.rows * self.shape.columns)

    def _at(
        self, operand: Operand, cell: int, ivs: dict[int, Any], scope: IndexBuilder
    ) -> list[Any]:
        assert self.form is not None
        known = self.all_cells[cell].point | {self.tile.lane_dim: 0, self.form.group_dim: 0}
        return [scope.value(form, known, ivs) for form in operand.forms]

    def _leave(self, scratch: Any) -> None:
        """The sums into memory, and the unit free again."""
        assert self.shape is not None
        shape = self.shape
        width = shape.columns * ROW_BYTES
        lines = [
            f"tilestored %tmm{i * shape.columns + j}, "
            f"{i * shape.rows * width + j * ROW_BYTES}($0,$1,1)"
            for i in range(shape.count)
            for j in range(shape.columns)
        ]
        zero = _index(0)
        assemble([*lines, RELEASE], [_pointer(scratch, [zero, zero]), _number(width)])


def _whole_size(memref: Any) -> int:
    """Bytes of the memory that `memref` is a part of."""
    while not isinstance(memref.owner, ir.Block) and memref.owner.name in VIEWS:
        memref = memref.owner.operands[0]
    kind = ir.MemRefType(memref.type)
    return int(math.prod(kind.shape) * kind.element_type.width // 8)


def _stride(operand: Operand, dim: int) -> int:
    """Bytes between two steps of `dim`."""
    strides, _ = ir.MemRefType(operand.memref.type).get_strides_and_offset()
    size = ir.MemRefType(operand.memref.type).element_type.width // 8
    return size * _elements(operand.forms, strides, dim)


def _allocate(shape: list[int], element: Any) -> Any:
    return dialect("memref").alloc(ir.MemRefType.get(shape, element), [], [])


def _index(value: int) -> Any:
    index = ir.IndexType.get()
    return dialect("arith").ConstantOp(index, ir.IntegerAttr.get(index, value)).result


def _number(value: int) -> Any:
    i64 = ir.IntegerType.get_signless(64)
    return dialect("arith").ConstantOp(i64, ir.IntegerAttr.get(i64, value)).result


def _pointer(memref: Any, indices: list[Any]) -> Any:
    """The address of an element, as an i64."""
    arith, memrefs = dialect("arith"), dialect("memref")
    kind = ir.MemRefType(memref.type)
    strides, offset = kind.get_strides_and_offset()
    total = memrefs.extract_aligned_pointer_as_index(memref)
    size = _index(kind.element_type.width // 8)
    places = [arith.muli(i, _index(s)) for i, s in zip(indices, strides, strict=True)]
    if offset == ir.ShapedType.get_dynamic_stride_or_offset():
        places.append(memrefs.extract_strided_metadata(memref)[1])
    elif offset:
        places.append(_index(offset))
    for place in places:
        total = arith.addi(total, arith.muli(place, size))
    return arith.index_cast(ir.IntegerType.get_signless(64), total)


def configure(shapes: Any) -> Any:
    """Load the shapes of all tiles, the bytes of a constant; returns the operation."""
    constant = dialect("arith").ConstantOp(shapes.type, shapes)
    memory = _allocate([CONFIG_BYTES], shapes.type.element_type)
    zero = _index(0)
    dialect("vector").store(constant.result, memory, [zero])
    loaded = assemble([CONFIGURE], [_pointer(memory, [zero])])
    loaded.attributes[SHAPES] = shapes
    return loaded


def assemble(lines: list[str], operands: list[Any]) -> Any:
    """Inline assembly with 64-bit operands in general registers; returns the operation."""
    return ir.Operation.create(
        "llvm.inline_asm",
        operands=operands,
        attributes={
            "asm_string": ir.StringAttr.get("\n".join(lines)),
            "constraints": ir.StringAttr.get(",".join([*["r"] * len(operands), "~{memory}"])),
            "has_side_effects": ir.UnitAttr.get(),
        },
    )
