"""Make the users of a buffer work on a part of a larger one.

Why: kernels take bare pointers, so their arguments stay whole; where in them a value lies is said
by a static subview in the body, which costs address arithmetic only.

    func @k(%y: memref<4x8xf32>)       ->  func @k(%p: memref<6x10xf32>)
      %e = expand_shape %y : 4x2x4           %e = subview (expand_shape %p : 6x5x2x..
      vector.store %v, %y[%i, %j]            %y = subview %p[1, 1][4, 8]

Reshapes move to the whole (as far as the part stays a box), for analyses follow them best there.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir

from .footprints import DYNAMIC, LOADS, STORES
from .parts import Part, expansion
from .views import WHOLE_VIEWS, reshaped

# Ops that take memory of any layout, and those that want neighbours in the last dimension.
ANY_LAYOUT = ("memref.load", "memref.store", "memref.copy", "memref.prefetch")
DENSE_ROWS = tuple(op for op in (*LOADS, *STORES) if op not in ANY_LAYOUT)


class Misfit(Exception):
    """Some user cannot work on memory with gaps."""


def place(value: Any, whole: Any, part: Part) -> None:
    """Let every user of `value` use `part` of `whole`, both identity-layout memrefs.

    New views stand where the insertion point is, which has to come before all users. Raises
    Misfit, with the users half changed, if that cannot be. The part may be shorter of dimensions
    than the value, which splits them.
    """
    rest = []
    is_split = tuple(value.type.shape) != part.sizes
    for use in list(value.uses):
        op = use.owner.operation
        if op.name not in WHOLE_VIEWS or is_split or not _place_reshape(op, whole, part):
            rest.append((op, use.operand_number))
    if rest:
        view = whole if part.is_whole else subview(whole, part)
        view = _split(view, value.type.shape) if is_split else view
        for op, number in rest:
            op.operands[number] = view
            _adapt(op, number)


def _place_reshape(op: Any, whole: Any, part: Part) -> bool:
    """Let the reshape's users use a part of the reshaped whole; False if it is no box there.

    What is no box itself may be reshaped further, to one.
    """
    result = op.results[0]
    seen = part.reshaped(result.type.shape)
    further = [use.owner.operation for use in result.uses]
    if seen is not None:
        type_ = ir.MemRefType.get(list(seen.whole), result.type.element_type)
        place(result, reshaped(whole, type_), seen)
    elif not all(user.name in WHOLE_VIEWS for user in further):
        return False
    elif not all([_place_reshape(user, whole, part) for user in further]):
        raise Misfit(f"{op.name} of a part")
    op.erase()
    return True


def subview(whole: Any, part: Part) -> Any:
    """The strided view of a part."""
    strides, offset = whole.type.get_strides_and_offset()
    offset += sum(o * s for o, s in zip(part.offsets, strides, strict=True))
    layout = ir.StridedLayoutAttr.get(offset, list(strides))
    type_ = ir.MemRefType.get(list(part.sizes), whole.type.element_type, layout=layout)
    ones = [1] * len(part.sizes)
    return (
        dialect("memref")
        .SubViewOp(type_, whole, [], [], [], list(part.offsets), list(part.sizes), ones)
        .result
    )


def _adapt(op: Any, number: int) -> None:
    """Give an op, and what views the same memory, the layout of the operand it has got."""
    type_ = op.operands[number].type
    if op.name in WHOLE_VIEWS or op.name == "memref.subview":
        result = op.results[0]
        layout = _cut(op, type_) if op.name == "memref.subview" else _regrouped(op, type_)
        result.set_type(ir.MemRefType.get(result.type.shape, type_.element_type, layout=layout))
        for use in list(result.uses):
            _adapt(use.owner.operation, use.operand_number)
    elif op.name in DENSE_ROWS:
        if type_.get_strides_and_offset()[0][-1] != 1 and type_.shape[-1] != 1:
            raise Misfit(f"{op.name} along a dimension with gaps")
    elif op.name not in ANY_LAYOUT and not op.name.startswith("linalg."):
        raise Misfit(op.name)


def _cut(op: Any, source: Any) -> Any:
    """Layout of a subview."""
    steps, starts, sizes = (
        list(op.attributes[f"static_{name}"]) for name in ("strides", "offsets", "sizes")
    )
    strides, offset = source.get_strides_and_offset()
    if DYNAMIC in steps:
        raise Misfit("a subview with computed strides")
    for start, stride in zip(starts, strides, strict=True):
        is_known = DYNAMIC not in (start, offset)
        offset = offset + start * stride if is_known else DYNAMIC
    kept = _kept(sizes, list(op.results[0].type.shape))
    return ir.StridedLayoutAttr.get(offset, [strides[d] * steps[d] for d in kept])


def _kept(sizes: list[int], shape: list[int]) -> list[int]:
    """The dimensions that a subview does not drop; those it drops have size 1."""
    if len(sizes) == len(shape):
        return list(range(len(sizes)))
    kept: list[int] = []
    for dim, size in enumerate(sizes):
        is_left = len(sizes) - dim > len(shape) - len(kept)
        if len(kept) < len(shape) and size == shape[len(kept)] and not (size == 1 and is_left):
            kept.append(dim)
        elif size != 1:
            raise Misfit("a subview that drops a dimension")
    if len(kept) != len(shape):
        raise Misfit("a subview that drops a dimension")
    return kept


def _regrouped(op: Any, source: Any) -> Any:
    """Layout of an expand_shape or collapse_shape of memory with gaps."""
    strides, offset = source.get_strides_and_offset()
    groups = [[d.value for d in group] for group in op.attributes["reassociation"]]
    if op.name == "memref.expand_shape":
        return _expanded(source, groups, op.results[0].type.shape)
    found = [_joined([(source.shape[d], strides[d]) for d in group]) for group in groups]
    return ir.StridedLayoutAttr.get(offset, found)


def _expanded(source: Any, groups: list[list[int]], shape: list[int]) -> Any:
    strides, offset = source.get_strides_and_offset()
    found: list[int] = []
    for group, stride in zip(groups, strides, strict=True):
        inner = []
        for d in reversed(group):
            inner.append(stride)
            stride *= shape[d]
        found += reversed(inner)
    return ir.StridedLayoutAttr.get(offset, found)


def _split(view: Any, shape: list[int]) -> Any:
    """A view with its dimensions split to `shape`."""
    groups = expansion(view.type.shape, shape)
    if groups is None:
        raise Misfit("a reshape of memory with gaps")
    layout = _expanded(view.type, groups, shape)
    type_ = ir.MemRefType.get(shape, view.type.element_type, layout=layout)
    return dialect("memref").ExpandShapeOp(type_, view, groups, [], list(shape)).result


def _joined(dims: list[tuple[int, int]]) -> int:
    """Stride of several dimensions (size, stride) as one."""
    long = [d for d in dims if d[0] != 1]
    if not long:
        return dims[0][1]
    for (_, outer), (size, inner) in zip(long, long[1:], strict=False):
        if outer != size * inner:
            raise Misfit("a reshape of memory with gaps")
    return long[-1][1]
