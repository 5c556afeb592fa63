"""Register tiles of narrow operands: one instruction adds a group of products to every lane.

x86 multiplies four pairs of 8-bit integers and adds them into each 32-bit lane (vpdpbusd of
AVX512-VNNI: unsigned by signed, without saturation), or two pairs of bf16 (vdpbf16ps of
AVX512-BF16). A group is the innermost reduced dimension; weights hold the group of every lane side
by side, and the group of the other operand is broadcast as one 32-bit word.

    linalg.generic (m, n | k, g) ins(%a: [M, 4 K] u8, %b: [K, N, 4] i8) outs(%c: [M, N] i32)
 -> %c = vpdpbusd %c, (broadcast %a[m, 4 k .. 4 k + 3]), %b[k, n .. n + 15, 0 .. 3]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from aicc import target
from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder, LinearForm
from aicc.passes.schedule.microkernels.register_tile import (
    MAX_TILE_VECTORS,
    Cell,
    RegisterTile,
)
from aicc.passes.schedule.microkernels.tile_op import Operand, TileOp
from aicc.target import Target

WORD_BITS = 32
VECTOR_BITS = 512


@dataclass(frozen=True)
class Narrow:
    """A kind of operands: how many make a group, what the body does to them, what multiplies them.

    `feature` and `matrix_feature` are spelled as in /proc/cpuinfo; `matrix` is the mnemonic of the
    matrix unit.
    """

    element: str
    group: int
    body: tuple[str, ...]
    instruction: str
    feature: str
    matrix: str
    matrix_feature: str


BYTES = Narrow(
    "i8",
    4,
    ("arith.extui", "arith.extsi", "arith.muli", "arith.addi"),
    "llvm.x86.avx512.vpdpbusd.512",
    "avx512_vnni",
    "tdpbusd",
    "amx_int8",
)
BF16 = Narrow(
    "bf16",
    2,
    ("arith.extf", "arith.extf", "arith.mulf", "arith.addf"),
    "llvm.x86.avx512bf16.dpbf16ps.512",
    "avx512_bf16",
    "tdpbf16ps",
    "amx_bf16",
)
KINDS = (BYTES, BF16)


@dataclass(frozen=True)
class DotForm:
    """A tile whose innermost reduced dimension is a group; `across` has no lanes."""

    kind: Narrow
    group_dim: int
    across: Operand
    along: Operand


def dot_form(tile: TileOp, lanes: int) -> DotForm | None:
    """How `tile` adds up groups of narrow products; None if it is no such sum."""
    if len(tile.inputs) != 2 or not tile.reduction_dims or lanes * WORD_BITS != VECTOR_BITS:
        return None
    across, along = tile.inputs
    dim = tile.reduction_dims[-1]
    body = _body_names(tile.generic)
    kind = next((k for k in KINDS if k.body == body and k.group == tile.extents[dim]), None)
    if kind is None or kind.element != str(_element(across.memref)):
        return None
    if not (_is_across(across, dim, tile, kind.group) and _is_along(along, dim, tile)):
        return None
    return DotForm(kind, dim, across, along)


def module_target(op: Any) -> Target:
    """The target of the module that holds `op`."""
    while op.parent is not None:
        op = op.parent.operation
    return target.of_module(op)


def _body_names(generic: Any) -> tuple[str, ...]:
    """The operations of a body that extends its arguments, multiplies, adds to the sum."""
    block = generic.regions[0].blocks[0]
    *operations, terminator = [view.operation for view in block.operations]
    if len(operations) != 4 or len(block.arguments) != 3:
        return ()
    first, second, product, total = operations
    x, w, acc = block.arguments
    extended = [first.results[0], second.results[0]]
    is_chain = (
        [first.operands[0], second.operands[0]] == [x, w]
        and list(product.operands) == extended
        and set(total.operands) == {acc, product.results[0]}
        and terminator.operands[0] == total.results[0]
    )
    return tuple(op.name for op in operations) if is_chain else ()


def _is_across(operand: Operand, group: int, tile: TileOp, size: int) -> bool:
    """The group is contiguous and starts at a multiple of its size; no lanes."""
    *outer, last = operand.forms
    if any(form.uses(tile.lane_dim) for form in operand.forms) or (group, 1) not in last.terms:
        return False
    rest = [coefficient for dim, coefficient in last.terms if dim != group]
    starts = [*rest, last.constant]
    return not any(form.uses(group) for form in outer) and not any(start % size for start in starts)


def _is_along(operand: Operand, group: int, tile: TileOp) -> bool:
    """[.., lanes, group], whole vectors only."""
    if len(operand.forms) < 2 or tile.extents[tile.lane_dim] % 16:
        return False
    *outer, lane, last = operand.forms
    is_inner = last.is_dim(group) and lane.terms[:1] == ((tile.lane_dim, 1),)
    return is_inner and not any(form.uses(group) or form.uses(tile.lane_dim) for form in outer)


def _element(memref: Any) -> Any:
    return ir.MemRefType(memref.type).element_type


def _rows_of(memref: Any) -> Any:
    """[.., lanes, group] as [.., lanes * group], so that a vector is one piece of a row."""
    *outer, lanes, group = list(ir.MemRefType(memref.type).shape)
    strides, offset = ir.MemRefType(memref.type).get_strides_and_offset()
    known = ([*strides[:-2], 1], offset)
    collapsed = ir.MemRefType.get([*outer, lanes * group], _element(memref))
    if collapsed.get_strides_and_offset() != known:
        layout = ir.StridedLayoutAttr.get(offset, known[0])
        collapsed = ir.MemRefType.get(collapsed.shape, _element(memref), layout=layout)
    groups = [*([i] for i in range(len(outer))), [len(outer), len(outer) + 1]]
    return dialect("memref").collapse_shape(collapsed, memref, groups)


def _word(memref: Any, indices: list[Any], group: int) -> Any:
    """Consecutive elements as one 32-bit integer, loaded at once."""
    vector = dialect("vector")
    loaded = vector.load(ir.VectorType.get([group], _element(memref)), memref, indices)
    word = ir.VectorType.get([1], ir.IntegerType.get_signless(WORD_BITS))
    return vector.extract(vector.bitcast(word, loaded), [], [0])


@dataclass
class DotTile(RegisterTile):
    """Emits a TileOp of which `form` is the dot form."""

    form: DotForm | None = None
    rows: Any = None

    @staticmethod
    def of(tile: TileOp, lanes: int, use_fma: bool, registers: Any) -> DotTile | None:
        """The emitter of `tile`, with the group taken out of its reduction; None if none fits."""
        form = dot_form(tile, lanes)
        if form is None or not module_target(tile.generic).has(form.kind.feature):
            return None
        inner = tuple(dim for dim in tile.reduction_dims if dim != form.group_dim)
        return DotTile(replace(tile, reduction_dims=inner), lanes, use_fma, registers, form=form)

    def refusal(self) -> str | None:
        """As of any register tile; the narrow operand along the lanes is no gather."""
        cells = sum(1 for _ in self.cells())
        return None if cells <= MAX_TILE_VECTORS else f"{cells} vectors do not fit in registers"

    def emit(self, keep: bool) -> None:
        """As of any register tile, over rows of memory that are vectors."""
        assert self.form is not None
        with ir.InsertionPoint(self.tile.generic), self.tile.generic.location:
            self.rows = _rows_of(self.form.along.memref)
        super().emit(keep)

    def _one(
        self,
        cell: Cell,
        current: Any,
        position: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
        cache: dict[Any, Any],
    ) -> Any:
        assert self.form is not None
        first = position | {self.form.group_dim: 0}
        operands = (self.form.across, self.form.along)
        return self._dot(
            current, *(self._read(o, cell, first, ivs, scope, cache) for o in operands)
        )

    def _load(
        self,
        operand: Operand,
        active: int,
        known: dict[int, int],
        ivs: dict[int, Any],
        scope: IndexBuilder,
    ) -> Any:
        """A vector of groups: one for all lanes, or one per lane."""
        if self.form is None or operand not in (self.form.across, self.form.along):
            return super()._load(operand, active, known, ivs, scope)
        vector = dialect("vector")
        element, group = _element(operand.memref), self.form.kind.group
        narrow = ir.VectorType.get([group * self.lanes], element)
        indices = [scope.value(form, known, ivs) for form in operand.forms]
        if operand == self.form.along:
            *outer, lane, _ = operand.forms
            first = LinearForm(lane.constant * group, tuple((d, c * group) for d, c in lane.terms))
            indices = [*indices[: len(outer)], scope.value(first, known, ivs)]
            return vector.load(narrow, self.rows, indices)
        wide = ir.VectorType.get([self.lanes], ir.IntegerType.get_signless(WORD_BITS))
        word = _word(operand.memref, indices, group)
        return vector.bitcast(narrow, vector.broadcast(wide, word))

    def _dot(self, total: Any, across: Any, along: Any) -> Any:
        assert self.form is not None
        return ir.Operation.create(
            "llvm.call_intrinsic",
            results=[total.type],
            operands=[total, across, along],
            attributes={
                "intrin": ir.StringAttr.get(self.form.kind.instruction),
                "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
                "operandSegmentSizes": ir.DenseI32ArrayAttr.get([3, 0]),
            },
        ).results[0]
