"""Asking for the weights of a matrix unit's tiles before they are needed.

Weights of a large model are not in the second-level cache when a kernel begins: they come from
memory, at about the speed at which one tile of rows multiplies them. Where several tiles of rows
pass over the same columns, only the first would wait for memory and the others would leave it idle.
So each asks for a share of the columns that come next:

    for columns { for rows, 7 times { for k { prefetch a 7th of what is 1 panel ahead; .. } } }
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir

LINE = 64
# Weights of more bytes are not in the second-level cache when a kernel begins.
STREAMED = 1 << 18
# What is asked for arrives while so many bytes are multiplied.
BYTES_AHEAD = 8192
VIEWS = ("memref.subview", "memref.collapse_shape", "memref.expand_shape")


@dataclass(frozen=True)
class Share:
    """Where a pass finds its share of the next panel, from a place in this one: an i64, bytes."""

    distance: Any
    size: int

    def lines(self, base: int, distance: int) -> list[str]:
        """Requests relative to two operands of the assembly."""
        return [f"prefetcht1 {at}(${base},${distance},1)" for at in range(0, self.size, LINE)]


def lines_ahead(base: int, size: int) -> list[str]:
    """Requests for what steps of `size` bytes will read soon."""
    return [f"prefetcht0 {BYTES_AHEAD + at}(${base})" for at in range(0, size, LINE)]


def whole_size(memref: Any) -> int:
    """Bytes of the memory that `memref` is a part of."""
    while not isinstance(memref.owner, ir.Block) and memref.owner.name in VIEWS:
        memref = memref.owner.operands[0]
    kind = ir.MemRefType(memref.type)
    return int(math.prod(kind.shape) * kind.element_type.width // 8)


def share_of(generic: Any, weights: Any, size: int) -> Share | None:
    """The share of the loop around `generic`; None if it does not pass over `weights` repeatedly.

    `size` are the bytes of a step, whose share is whole lines. Written before the generic.
    """
    loop = generic.parent.operation
    if loop.name != "scf.for" or isinstance(weights.owner, ir.Block):
        return None
    bounds = [_constant(value) for value in list(loop.operands)[:3]]
    if None in bounds or weights.owner.operation.block == generic.block:
        return None
    low, high, step = (int(bound) for bound in bounds if bound is not None)
    passes = -(-(high - low) // step)
    if passes < 2 or passes * LINE > size or low:
        return None
    part = -(-size // (passes * LINE)) * LINE
    kind = ir.MemRefType(weights.type)
    panel = kind.get_strides_and_offset()[0][0] * kind.element_type.width // 8
    arith, i64 = dialect("arith"), ir.IntegerType.get_signless(64)
    counter = arith.index_cast(i64, loop.regions[0].blocks[0].arguments[0])
    number = arith.divui(counter, _number(step)) if part % step else counter
    scale = part // step if number == counter else part
    distance = arith.addi(arith.muli(number, _number(scale)), _number(panel))
    return Share(distance, part)


def _constant(value: Any) -> int | None:
    if isinstance(value.owner, ir.Block) or value.owner.operation.name != "arith.constant":
        return None
    return int(ir.IntegerAttr(value.owner.operation.attributes["value"]).value)


def _number(value: int) -> Any:
    i64 = ir.IntegerType.get_signless(64)
    return dialect("arith").ConstantOp(i64, ir.IntegerAttr.get(i64, value)).result
