"""Memrefs that are windows on the same bytes, and the values that reach them.

Why: what a kernel touches, and how long a buffer is needed, is asked of the buffer, while the IR
reads and writes through chains of views of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aicc._mlir import dialect, ir

WHOLE_VIEWS = ("memref.collapse_shape", "memref.expand_shape")
VIEWS = (
    *WHOLE_VIEWS,
    "memref.subview",
    "memref.view",
    "memref.cast",
    "memref.reinterpret_cast",
)


def is_memref(value: Any) -> bool:
    """True for values that point to memory."""
    return isinstance(value.type, ir.MemRefType)


def is_identity(type_: Any) -> bool:
    """True for a static memref type whose elements lie in order without gaps."""
    return (
        isinstance(type_, ir.MemRefType)
        and type_.has_static_shape
        and type_.affine_map == ir.AffineMap.get_identity(type_.rank)
    )


def element_count(type_: Any) -> int:
    """Elements of a static shaped type."""
    count = 1
    for size in type_.shape:
        count *= size
    return count


def element_bytes(type_: Any) -> int:
    """Bytes of one element in memory."""
    element = type_.element_type
    width = 64 if isinstance(element, ir.IndexType) else element.width
    return int(-(-width // 8))


def byte_count(type_: Any) -> int:
    """Bytes of a static identity-layout memref."""
    return element_count(type_) * element_bytes(type_)


def values_used(op: Any) -> Iterator[Any]:
    """Operands of an op and of everything inside it, with repetitions."""
    yield from op.operands
    for region in op.regions:
        for block in region.blocks:
            for nested in block.operations:
                yield from values_used(nested.operation)


def returns_memory(op: Any) -> bool:
    """True if a pointer may leave the op as a result that is not known as a view."""
    return op.name not in VIEWS and any(
        isinstance(r.type, (ir.MemRefType, ir.IndexType)) for r in op.results
    )


def root_of(value: Any) -> Any:
    """The memref behind a chain of views: an allocation's result or a block argument."""
    while not isinstance(value.owner, ir.Block) and value.owner.name in VIEWS:
        value = value.owner.operands[0]
    return value


def is_alloc(value: Any) -> bool:
    """True for the result of an allocation of known size."""
    if isinstance(value.owner, ir.Block) or value.owner.name != "memref.alloc":
        return False
    return bool(value.type.has_static_shape)


def byte_offset(value: Any) -> int | None:
    """Distance of a view from its buffer's start; None unless all views are whole or constant."""
    offset = 0
    while not isinstance(value.owner, ir.Block) and value.owner.name in VIEWS:
        view = value.owner
        if view.name == "memref.view":
            at = view.operands[1].owner
            if isinstance(at, ir.Block) or at.name != "arith.constant":
                return None
            offset += int(at.attributes["value"].value)
        elif view.name not in WHOLE_VIEWS:
            return None
        value = view.operands[0]
    return offset


def as_bytes(value: Any, first: bool = False) -> Any:
    """The allocation behind `value` as memref<Nxi8>, made the function's first op if asked to."""
    alloc, i8 = value.owner.operation, ir.IntegerType.get_signless(8)
    if value.type.rank == 1 and value.type.element_type == i8 and not first:
        return value
    type_ = ir.MemRefType.get([byte_count(value.type)], i8)
    at = alloc.block.operations[0].operation if first else alloc
    with ir.InsertionPoint(at), alloc.location:
        data = dialect("memref").AllocOp(type_, [], [])
        for name in alloc.attributes:
            if name != "operandSegmentSizes":
                data.operation.attributes[name] = alloc.attributes[name]
    with ir.InsertionPoint(alloc), alloc.location:
        typed = window(data.result, 0, value.type)
    value.replace_all_uses_with(typed)
    alloc.erase()
    return data.result


class Aliases:
    """Which allocation stands behind a memref value, op by op through a block."""

    def __init__(self) -> None:
        self._root: dict[Any, Any] = {}

    def root(self, value: Any) -> Any:
        """The buffer behind a value, None if it is not one of ours."""
        return self._root.get(value)

    def touched(self, op: Any) -> list[Any]:
        """Buffers that the op reads or writes; a view only passes them on."""
        roots = dict.fromkeys(self._root[v] for v in values_used(op) if v in self._root)
        if op.name == "memref.alloc" and is_alloc(op.results[0]):
            self._root[op.results[0]] = op.results[0]
            return []
        if op.name in VIEWS:
            if op.operands[0] in self._root:
                self._root[op.results[0]] = self._root[op.operands[0]]
            return []
        return list(roots)


def reshaped(value: Any, type_: Any) -> Any:
    """The same contiguous memory as another static identity-layout memref type.

    Bytes (memref<Nxi8>) become any type; other memory keeps its element type.
    """
    if value.type == type_:
        return value
    memref = dialect("memref")
    if value.type.element_type != type_.element_type:
        return window(value, 0, type_)
    if value.type.rank != 1:
        value = _flat(value)
    if type_.rank == 1:
        return value
    if type_.rank == 0:
        return memref.CollapseShapeOp(type_, value, []).result
    groups = [list(range(type_.rank))]
    return memref.ExpandShapeOp(type_, value, groups, [], list(type_.shape)).result


def _flat(value: Any) -> Any:
    memref, type_ = dialect("memref"), value.type
    flat = ir.MemRefType.get([element_count(type_)], type_.element_type)
    if type_.rank == 0:
        return memref.ExpandShapeOp(flat, value, [], [], [1]).result
    return memref.CollapseShapeOp(flat, value, [list(range(type_.rank))]).result


def window(data: Any, offset: int, type_: Any) -> Any:
    """`type_` at a byte offset in memref<Nxi8> memory."""
    at = dialect("arith").ConstantOp(ir.IndexType.get(), offset).result
    return dialect("memref").ViewOp(type_, data, at, []).result
