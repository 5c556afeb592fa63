"""A small static copy between memrefs as straight vector moves.

memref.copy %a, %b : memref<1x1x4x32xf32, ..>  ->  8 x (vector.load %a, vector.store %b)
"""

from __future__ import annotations

import itertools
from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.index_math import IndexBuilder
from aicc.passes.schedule.microkernels.memory import LaneMemory

MAX_COPY_VECTORS = 64


def is_copyable(copy: Any, lanes: int) -> bool:
    """Whether both sides are static, contiguous along the last dimension, and the copy is small."""
    types = [ir.MemRefType(operand.type) for operand in copy.operands]
    shape = list(types[0].shape)
    if not shape or min(shape) < 0 or list(types[1].shape) != shape:
        return False
    unit = all(memref.get_strides_and_offset()[0][-1] == 1 for memref in types)
    return unit and prod(shape[:-1]) * -(-shape[-1] // lanes) <= MAX_COPY_VECTORS


def emit_copy(copy: Any, lanes: int) -> None:
    """Emit the moves before `copy`."""
    source, target = copy.operands
    *outer, width = ir.MemRefType(source.type).shape
    memory, scope = LaneMemory(lanes), IndexBuilder()
    with ir.InsertionPoint(copy), copy.location:
        for row in itertools.product(*(range(extent) for extent in outer)):
            for base in range(0, width, lanes):
                active = min(lanes, width - base)
                memory.prepare(active)
                indices = [scope.constant(index) for index in (*row, base)]
                memory.store(memory.load(source, indices, active), target, indices, active)
