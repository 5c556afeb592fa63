"""The copies in a kernel between boxes of its arguments.

%s = memref.subview %p[0, 1, 1, 0][1, 56, 56, 64]     ->  Copy(argument 0 as a whole,
linalg.copy ins(%x) outs(%s)                                   part of argument 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

from .footprints import DYNAMIC, Access, Kernel, NotUnderstood
from .moves import COPIES, keeps_order
from .parts import Part, whole_of
from .views import WHOLE_VIEWS, is_identity, is_memref


@dataclass(frozen=True)
class Box:
    """Where a value lies: the argument, the shape its memory is seen in, the part of that."""

    argument: int
    part: Part


@dataclass(frozen=True)
class Copy:
    """The op at `index` of the kernel's block copies `source` to `target`."""

    index: int
    source: Box
    target: Box


def copies_of(kernel: Any) -> list[Copy]:
    """The copies at the top of a kernel's body that other ops of the kernel do not interfere with.

    Nothing else writes the source, or the box that is written.
    """
    found = []
    for index, view in enumerate(kernel.operation.regions[0].blocks[0].operations):
        op = view.operation
        if op.name in COPIES and len(op.operands) == 2 and all(map(is_memref, op.operands)):
            source, target = (_box(value) for value in op.operands)
            if source and target and source.argument != target.argument and keeps_order(op):
                found.append((op, Copy(index, source, target)))
    if not found:
        return []
    writes = Writes(kernel)
    return [copy for op, copy in found if _is_alone(writes, op, copy)]


class Writes:
    """What a kernel writes, asked once for all the copies of a concatenation."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = Kernel(kernel)
        self._accesses: dict[int, list[Access] | None] = {}
        self._boxes: dict[tuple[int, tuple[int, ...]], list[tuple[Access, Part | None]]] = {}

    def of(self, argument: int) -> list[Access] | None:
        """The accesses that write an argument; None if that is not known."""
        if argument not in self._accesses:
            value = self._kernel.body.arguments[argument]
            self._accesses[argument] = _writes(self._kernel, value)
        return self._accesses[argument]

    def boxes(self, argument: int, shape: tuple[int, ...]) -> list[tuple[Access, Part | None]]:
        """The same with the box that each touches, in coordinates of `shape`."""
        key = argument, shape
        if key not in self._boxes:
            self._boxes[key] = [(a, _covered(a, shape)) for a in self.of(argument) or []]
        return self._boxes[key]


def _box(value: Any) -> Box | None:
    """The box of a view; None if its memory is no argument, or is reached in another way."""
    if not value.type.has_static_shape or value.type.rank == 0:
        return None
    part = whole_of(value.type.shape)
    while not isinstance(value.owner, ir.Block) and value.owner.name == "memref.subview":
        outer = _part(value.owner)
        if outer is None:
            return None
        part = part.inside(outer)
        value = value.owner.operands[0]
    while not isinstance(value.owner, ir.Block) and value.owner.name in WHOLE_VIEWS:
        value = value.owner.operands[0]
        if not is_identity(value.type):
            return None
    if not isinstance(value.owner, ir.Block) or not is_identity(value.type):
        return None
    return Box(value.arg_number, part)


def _part(subview: Any) -> Part | None:
    starts, sizes, steps = (
        tuple(subview.attributes[f"static_{name}"]) for name in ("offsets", "sizes", "strides")
    )
    if any(s != 1 for s in steps) or DYNAMIC in (*starts, *sizes):
        return None
    if tuple(subview.results[0].type.shape) != sizes:
        return None
    return Part(tuple(subview.operands[0].type.shape), starts, sizes)


def _is_alone(writes: Writes, op: Any, copy: Copy) -> bool:
    """True if what is copied is final, and nothing but the copy writes what is written."""
    before, target = writes.of(copy.source.argument), copy.target
    if before is None or writes.of(target.argument) is None:
        return False
    if any(a.path[0] >= copy.index for a in before):
        return False
    beside = writes.boxes(target.argument, target.part.whole)
    others = [box for a, box in beside if a.op != op]
    return all(box is not None and not box.meets(target.part) for box in others)


def written_parts(kernel: Any, argument: int) -> list[Part] | None:
    """The boxes of an argument that a kernel writes; None if that is not known."""
    asked = Kernel(kernel)
    value = asked.body.arguments[argument]
    writes = _writes(asked, value)
    boxes = [_covered(a, tuple(value.type.shape)) for a in writes or []]
    known = [box for box in boxes if box is not None]
    return known if writes is not None and len(known) == len(boxes) else None


def _writes(kernel: Kernel, value: Any) -> list[Access] | None:
    if not is_identity(value.type):
        return None
    try:
        return kernel.accesses(value, only_writes=True)
    except NotUnderstood:
        return None


def _covered(access: Access, shape: tuple[int, ...]) -> Part | None:
    """The box that all iterations of an access touch, in coordinates of `shape`."""
    if access.frame != tuple(size for size in shape if size != 1):
        return None
    loops = {loop.counter: loop for loop in access.loops}
    offsets, sizes, sides = [], [], iter(access.box)
    for size in shape:
        low, high = 0, 1
        if size != 1:
            side = next(sides)
            low, last = side.start.span(loops, [])
            high = last + side.length
        offsets.append(low)
        sizes.append(high - low)
    return Part(shape, tuple(offsets), tuple(sizes))
