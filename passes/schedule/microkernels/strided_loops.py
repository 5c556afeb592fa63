"""The loops of a parallel linalg operation on memrefs, as extents and distances in memory.

(a, b, c) -> (a, c, b) on 2x7x7x16  ->  extents [2, 49, 16], with the distances of every operand
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir


@dataclass(frozen=True)
class StridedLoops:
    """`strides[operand][loop]` in elements; an operand that is a scalar has none."""

    extents: list[int]
    strides: list[list[int] | None]

    @staticmethod
    def of(op: Any) -> StridedLoops | None:
        """The loops longer than one, those walked as one by all operands merged; None: unknown."""
        if any("parallel" not in str(kind) for kind in op.attributes["iterator_types"]):
            return None
        maps = [attr.value for attr in op.attributes["indexing_maps"]]
        extents = [0] * maps[0].n_dims
        strides: list[list[int] | None] = []
        for value, affine_map in zip(op.operands, maps, strict=True):
            if not isinstance(value.type, ir.MemRefType):
                strides.append(None)
                continue
            row = _strides(value.type, affine_map, extents)
            if row is None:
                return None
            strides.append(row)
        return None if 0 in extents else _merged(extents, strides)

    def fastest(self, operand: int) -> int | None:
        """The loop along which an operand's elements are neighbours."""
        row = self.strides[operand] or []
        return row.index(1) if 1 in row else None


def _strides(memref: Any, affine_map: Any, extents: list[int]) -> list[int] | None:
    """Distance per loop; notes the extents of the loops that the map uses."""
    if not memref.has_static_shape:
        return None
    distances, _ = memref.get_strides_and_offset()
    row = [0] * len(extents)
    axes = zip(affine_map.results, memref.shape, distances, strict=True)
    for expr, size, distance in axes:
        if isinstance(expr, ir.AffineDimExpr) and distance >= 0:
            row[expr.position] += distance
            extents[expr.position] = size
        elif size != 1:
            return None
    return row


def _merged(extents: list[int], strides: list[list[int] | None]) -> StridedLoops:
    rows = [row for row in strides if row is not None]
    kept: list[list[int]] = []  # extent, then the distance of every row
    for loop, extent in enumerate(extents):
        if extent == 1:
            continue
        inner = [extent, *(row[loop] for row in rows)]
        outer = kept[-1] if kept else None
        if outer and all(o == i * extent for o, i in zip(outer[1:], inner[1:], strict=True)):
            kept[-1] = [outer[0] * extent, *inner[1:]]
        else:
            kept.append(inner)
    columns = iter([list(column) for column in zip(*kept, strict=True)][1:] if kept else rows)
    merged = [None if row is None else next(columns) for row in strides]
    return StridedLoops([entry[0] for entry in kept], merged)


def flat(memref: Any) -> Any:
    """All of a memref's memory from its first element on, as one row."""
    type_ = ir.MemRefType(memref.type)
    distances, _ = type_.get_strides_and_offset()
    span = 1 + sum((n - 1) * d for n, d in zip(type_.shape, distances, strict=True))
    ops = dialect("memref")
    dynamic = ir.ShapedType.get_dynamic_stride_or_offset()
    parts = ops.ExtractStridedMetadataOp(memref)
    layout = ir.StridedLayoutAttr.get(dynamic, [1])
    row = ir.MemRefType.get([span], type_.element_type, layout, type_.memory_space)
    return ops.ReinterpretCastOp(
        row, parts.results[0], [parts.results[1]], [], [], [dynamic], [span], [1]
    ).result
