"""What a micro-kernel needs to know of one linalg operation on a register tile.

`TileOp.of` reads a bufferised `linalg.generic`, decides which of its dimensions runs along the
lanes of a vector, and gives a reason when the operation cannot become a micro-kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.index_math import LinearForm, linear_map
from aicc.passes.schedule.microkernels.vector_body import is_vectorisable

# How the lanes of a vector see an operand: consecutive elements, one element for all lanes,
# elements anywhere, or a scalar that is no memref at all (the value of a fill).
LANE, SPLAT, GATHER, SCALAR = "lane", "splat", "gather", "scalar"


@dataclass(frozen=True)
class Operand:
    """One memref operand: its index expressions and how the lanes see it."""

    memref: Any
    forms: tuple[LinearForm, ...]
    access: str


@dataclass(frozen=True)
class TileOp:
    """A generic with its dimensions sorted into tile points, lanes and reductions."""

    generic: Any
    inputs: tuple[Operand, ...]
    output: Operand
    extents: tuple[int, ...]
    point_dims: tuple[int, ...]
    lane_dim: int
    reduction_dims: tuple[int, ...]

    @staticmethod
    def of(generic: Any, along_reduction: bool = False) -> TileOp | str:
        """The description of `generic`, or the reason why it stays a loop nest.

        `along_reduction`: the lanes run along the reduced dimension (sums of rows).
        """
        refusal = _refusal(generic)
        if refusal:
            return refusal
        maps = [linear_map(attr.value) for attr in generic.attributes["indexing_maps"]]
        memrefs = list(generic.operands)
        if any(forms is None for forms in maps):
            return "an indexing map is not linear"
        linear = [forms for forms in maps if forms is not None]
        extents = _extents(linear, memrefs, len(generic.attributes["iterator_types"]))
        if extents is None:
            return "a dimension has no static extent"
        parallel, reduction = _split_dims(generic)
        lane_dim = _row_lane(linear, reduction) if along_reduction else _lane_dim(linear[-1])
        if lane_dim is None:
            return "no dimension can run along the lanes"
        operands = tuple(_operand(m, f, lane_dim) for m, f in zip(memrefs, linear, strict=True))
        points = tuple(dim for dim in parallel if dim != lane_dim)
        *inputs, output = operands
        if output.access != (SPLAT if along_reduction else LANE):
            return "the output is not contiguous along its last dimension"
        return TileOp(generic, tuple(inputs), output, extents, points, lane_dim, reduction)


def _refusal(generic: Any) -> str | None:
    if generic.name != "linalg.generic" or len(generic.results):
        return "not a bufferised linalg.generic"
    sizes = list(generic.attributes["operandSegmentSizes"])
    if sizes[1] != 1:
        return "several outputs"
    if not is_vectorisable(generic.regions[0].blocks[0]):
        return "the body holds an operation without a vector form"
    return None


def _extents(
    maps: list[tuple[LinearForm, ...]], memrefs: list[Any], rank: int
) -> tuple[int, ...] | None:
    known: dict[int, int] = {}
    for forms, memref in zip(maps, memrefs, strict=True):
        if not isinstance(memref.type, ir.MemRefType):
            continue
        for axis, form in enumerate(forms):
            if len(form.terms) == 1 and form.is_dim(form.terms[0][0]):
                known[form.terms[0][0]] = ir.MemRefType(memref.type).shape[axis]
    if len(known) < rank or min(known.values(), default=0) < 0:
        return None
    return tuple(known[dim] for dim in range(rank))


def _lane_dim(forms: tuple[LinearForm, ...]) -> int | None:
    if not forms or len(forms[-1].terms) != 1:
        return None
    dim = forms[-1].terms[0][0]
    alone = not any(form.uses(dim) for form in forms[:-1])
    return dim if alone and forms[-1].is_dim(dim) else None


def _row_lane(maps: list[tuple[LinearForm, ...]], reduction: tuple[int, ...]) -> int | None:
    """The one reduced dimension, when every input that depends on it has it last."""
    if len(reduction) != 1:
        return None
    dim = reduction[0]
    users = [forms for forms in maps if any(form.uses(dim) for form in forms)]
    return dim if users and all(forms[-1].uses(dim) for forms in users) else None


def _operand(memref: Any, forms: tuple[LinearForm, ...], lane_dim: int) -> Operand:
    if not isinstance(memref.type, ir.MemRefType):
        return Operand(memref, forms, SCALAR)
    if not any(form.uses(lane_dim) for form in forms):
        return Operand(memref, forms, SPLAT)
    steps_by_one = (lane_dim, 1) in forms[-1].terms
    contiguous = steps_by_one and not any(form.uses(lane_dim) for form in forms[:-1])
    strides, _ = ir.MemRefType(memref.type).get_strides_and_offset()
    return Operand(memref, forms, LANE if contiguous and strides[-1] == 1 else GATHER)


def _split_dims(generic: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    kinds = [str(kind) for kind in generic.attributes["iterator_types"]]
    reduction = tuple(d for d, kind in enumerate(kinds) if "reduction" in kind)
    return tuple(d for d in range(len(kinds)) if d not in reduction), reduction
