"""Kernels that only move contiguous bytes, as plain data.

subview %x[1, 0, 0][1, 4, 4]; copy to %y       ->  [Move(source 0 at byte 64, to 1 at byte 0)]
a transpose that moves unit dimensions only    ->  one move of everything
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

from .views import VIEWS, byte_count, element_bytes, element_count, is_memref, root_of

COPIES = ("memref.copy", "linalg.copy", "linalg.generic", "linalg.transpose")


@dataclass(frozen=True)
class Move:
    """`size` bytes from one argument at `source_offset` to another one at `target_offset`."""

    source: int
    source_offset: int
    target: int
    target_offset: int
    size: int


def moves_of(kernel: Any) -> list[Move] | None:
    """The moves that a kernel consists of, None if it does anything else."""
    block = kernel.operation.regions[0].blocks[0]
    moves: list[Move] = []
    for view in block.operations:
        op = view.operation
        if op.name in VIEWS or op.name in ("arith.constant", "func.return"):
            continue
        move = _move(op) if op.name in COPIES else None
        if move is None:
            return None
        moves.append(move)
    return moves or None


def _move(op: Any) -> Move | None:
    if len(op.operands) != 2 or not all(is_memref(v) for v in op.operands):
        return None
    source, target = op.operands
    if not keeps_order(op):
        return None
    width = element_bytes(source.type)
    start, end = _place(source), _place(target)
    if start is None or end is None:
        return None
    size = element_count(target.type) * width
    return Move(start[0], start[1] * width, end[0], end[1] * width, size)


def _place(value: Any) -> tuple[int, int] | None:
    """The argument behind a contiguous view, and the view's distance from it in elements."""
    argument, offset = _argument(value), _contiguous_offset(value.type)
    return None if argument is None or offset is None else (argument, offset)


def _argument(value: Any) -> int | None:
    root = root_of(value)
    return int(root.arg_number) if isinstance(root.owner, ir.Block) else None


def _contiguous_offset(type_: Any) -> int | None:
    """Distance in elements from the base pointer, None if there are gaps between the elements."""
    if not type_.has_static_shape:
        return None
    strides, offset = type_.get_strides_and_offset()
    expected = 1
    for size, stride in reversed(list(zip(type_.shape, strides, strict=True))):
        if size != 1 and stride != expected:
            return None
        expected *= size
    return offset if offset >= 0 else None


def keeps_order(op: Any) -> bool:
    """True if elements keep their order: a plain copy, or a permutation of unit dimensions."""
    source, target = op.operands
    if op.name in ("memref.copy", "linalg.copy"):
        return source.type.element_type == target.type.element_type
    if op.name == "linalg.transpose":
        order = list(op.attributes["permutation"])
        return [d for d in order if source.type.shape[d] != 1] == sorted(
            d for d in order if source.type.shape[d] != 1
        )
    body = [o.operation for o in op.regions[0].blocks[0].operations]
    if len(body) != 1 or body[0].operands[0] != op.regions[0].blocks[0].arguments[0]:
        return False
    if byte_count(source.type) != byte_count(target.type):
        return False
    s, t = (m.value for m in op.attributes["indexing_maps"])
    return _loops(s, source.type.shape) == _loops(t, target.type.shape)


def _loops(map_: Any, shape: Any) -> list[Any]:
    """The loops that index the dimensions longer than one, in order."""
    return [
        e.position if isinstance(e, ir.AffineDimExpr) else str(e)
        for e, size in zip(map_.results, shape, strict=True)
        if size != 1
    ]
