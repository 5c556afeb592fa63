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

from dataclasses import dataclass, replace
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.dot_tile import DotForm, dot_form, module_target
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.matrix_prefetch import (
    STREAMED,
    Share,
    lines_ahead,
    share_of,
    whole_size,
)
from aicc.passes.schedule.microkernels.matrix_shape import (
    GROUP_BYTES,
    ROW_BYTES,
    TILES,
    Shape,
    matrix_shape,
    stride_of,
)
from aicc.passes.schedule.microkernels.register_tile import Registers, RegisterTile
from aicc.passes.schedule.microkernels.tile_op import Operand, TileOp

CONFIG_BYTES = 64
CONFIGURE, RELEASE = "ldtilecfg ($0)", "tilerelease"
# What a configuration loads, as an attribute of the assembly that does.
SHAPES = "aicc.tile_shapes"
# Offsets in the configuration: 16-bit bytes per row, then 8-bit rows, of each tile.
_COLUMNS_AT, _ROWS_AT = 16, 48


@dataclass
class MatrixTile(RegisterTile):
    """Emits a TileOp that has a dot form and a shape in tile registers."""

    form: DotForm | None = None
    shape: Shape | None = None
    share: Share | None = None

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
        assert self.shape is not None and self.form is not None
        shape = self.shape
        word = ir.MemRefType(self.tile.output.memref.type).element_type
        columns = shape.columns * self.lanes
        scratch = _allocate([shape.height, columns], word)
        self._configure()
        assemble([f"tilezero %tmm{i}" for i in range(shape.sums)], [])
        if self._streamed:
            self.share = share_of(self.tile.generic, self.form.along.memref, self._streamed)
        self._steps(dims, ivs, scope)
        self._leave(scratch)
        vector = dialect("vector")
        wide = ir.VectorType.get([self.lanes], word)
        arith, sums = dialect("arith"), []
        add = arith.addf if isinstance(word, ir.FloatType) else arith.addi
        for number, value in enumerate(values):
            row = shape.row_of(number, self.all_cells[number].point)
            at = [scope.constant(row), scope.constant(number % shape.columns * self.lanes)]
            sums.append(add(value, vector.load(wide, scratch, at)))
        return sums

    def _configure(self) -> None:
        """Load the shapes of all tiles."""
        assert self.shape is not None
        shape, data = self.shape, bytearray(CONFIG_BYTES)
        data[0] = 1
        sums, rows = shape.sums, shape.held
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
        firsts = [0] if shape.starts else self._firsts()
        operands = [
            *(_pointer(form.across.memref, self._at(form.across, i, ivs, scope)) for i in firsts),
            _number(stride_of(form.across, shape.row_dim)),
            _pointer(form.along.memref, self._at(form.along, 0, ivs, scope)),
            _number(stride_of(form.along, shape.depth_dim)),
        ]
        lines = self._image_products() if shape.starts else self._products()
        weights = len(operands) - 2
        if self.share is None:
            ahead = lines_ahead(weights, self._streamed)
        else:
            operands.append(self.share.distance)
            ahead = self.share.lines(weights, len(operands) - 1)
        assemble([*ahead, *lines], operands)

    def _products(self) -> list[str]:
        """All tiles of rows are held while the weights pass."""
        assert self.shape is not None and self.form is not None
        shape, count = self.shape, self.shape.count
        first_row, weights = shape.sums, shape.sums + count
        spare = TILES - weights
        lines = [f"tileloadd (${i},${count},1), %tmm{first_row + i}" for i in range(count)]
        for column in range(shape.columns):
            tile = weights + column % spare
            offset = column * ROW_BYTES
            lines.append(f"tileloadd {offset}(${count + 1},${count + 2},1), %tmm{tile}")
            for i in range(count):
                total = i * shape.columns + column
                lines.append(
                    f"{self.form.kind.matrix} %tmm{tile}, %tmm{first_row + i}, %tmm{total}"
                )
        return lines

    def _image_products(self) -> list[str]:
        """One tile of weights is held while the rows pass."""
        assert self.shape is not None and self.form is not None
        shape, form = self.shape, self.form
        weights, step = TILES - 1, stride_of(form.across, shape.row_dim)
        lines = [f"tileloadd ($2,$3,1), %tmm{weights}"]
        for i, start in enumerate(shape.starts):
            rows = shape.sums + i % shape.held
            lines.append(f"tileloadd {start * step}($0,$1,1), %tmm{rows}")
            lines.append(f"{form.kind.matrix} %tmm{weights}, %tmm{rows}, %tmm{i}")
        return lines

    @property
    def _streamed(self) -> int:
        """Bytes of weights that a step takes from memory; 0 where they are cached, or scattered."""
        assert self.shape is not None and self.form is not None
        along, width = self.form.along, self.shape.columns * ROW_BYTES
        is_dense = stride_of(along, self.shape.depth_dim) == width
        is_large = whole_size(along.memref) >= STREAMED
        return self.shape.depth * width if is_dense and is_large else 0

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
        starts = shape.starts or [i * shape.rows for i in range(shape.count)]
        lines = [
            f"tilestored %tmm{i * shape.columns + j}, {start * width + j * ROW_BYTES}($0,$1,1)"
            for i, start in enumerate(starts)
            for j in range(shape.columns)
        ]
        zero = _index(0)
        assemble([*lines, RELEASE], [_pointer(scratch, [zero, zero]), _number(width)])


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
