"""Write padded inputs out before a kernel is tiled.

Why: tile-and-fuse would pull a `tensor.pad` into every register tile, where it becomes a branch
and a copy per tile. As explicit borders and one copy it is done once, and no element is written
twice. The copy is left as it is: place-parts, later, finds it and does without where it can.

    %p = tensor.pad %x low[1] high[1]      %b = linalg.fill (extract_slice %e: the borders)
                                       ->  %p = insert_slice (linalg.copy %x) into %b
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir


@dataclass(frozen=True)
class Box:
    """A rectangular part of a tensor."""

    offsets: tuple[int, ...]
    sizes: tuple[int, ...]


def expand_pads(function: Any) -> str | None:
    """Expand every static tensor.pad of a kernel; the reason when one cannot be."""
    block = function.regions[0].blocks[0]
    for view in list(block.operations):
        op = view.operation
        if op.name != "tensor.pad":
            continue
        reason = _expand(op)
        if reason:
            return reason
    return None


def borders(low: Sequence[int], inner: Sequence[int], full: Sequence[int]) -> list[Box]:
    """Disjoint boxes that cover everything outside `inner` placed at `low` in `full`.

    Of the dimensions before the one a border belongs to, only the inner part is taken.
    """
    boxes = []
    for dim in range(len(full)):
        high = full[dim] - low[dim] - inner[dim]
        for start, width in ((0, low[dim]), (low[dim] + inner[dim], high)):
            if width:
                offsets = (*low[:dim], start, *([0] * (len(full) - dim - 1)))
                boxes.append(Box(offsets, (*inner[:dim], width, *full[dim + 1 :])))
    return boxes


def _expand(pad: Any) -> str | None:
    low = list(ir.DenseI64ArrayAttr(pad.attributes["static_low"]))
    source, result = pad.operands[0], pad.results[0]
    shapes = [list(source.type.shape), list(result.type.shape)]
    value = _padding_value(pad)
    is_static = len(pad.operands) == 1 or list(pad.operands)[1:] == [value]
    if value is None or not is_static or min(min(shape) for shape in shapes) < 0 or min(low) < 0:
        return "a tensor.pad with dynamic sizes or a computed padding value"
    inner, full = shapes
    with ir.InsertionPoint(pad), pad.location:
        # Not tensor.empty: its slices fold into new temporaries, and the borders would be copied.
        padded = ir.Operation.create(
            "bufferization.alloc_tensor",
            results=[result.type],
            attributes={"operandSegmentSizes": ir.DenseI32ArrayAttr.get([0, 0, 0])},
        ).results[0]
        for box in borders(low, inner, full):
            target = _extract(padded, box)
            padded = _insert(_fill(value, target), padded, box)
        box = Box(tuple(low), tuple(inner))
        padded = _insert(_copy(source, _extract(padded, box)), padded, box)
    result.replace_all_uses_with(padded)
    pad.erase()
    return None


def _padding_value(pad: Any) -> Any | None:
    """The scalar a pad yields everywhere, defined outside its region; None when it is computed."""
    block = pad.regions[0].blocks[0]
    yielded = block.operations[len(block.operations) - 1].operands[0]
    owner = yielded.owner
    if isinstance(owner, ir.Block):
        return None if owner == block else yielded
    if owner.operation.block != block:
        return yielded
    if owner.operation.name != "arith.constant":
        return None
    constant = owner.operation
    with ir.InsertionPoint(pad), pad.location:
        return dialect("arith").ConstantOp(yielded.type, constant.attributes["value"]).result


def _slice_attributes(box: Box) -> dict[str, Any]:
    return {
        "static_offsets": ir.DenseI64ArrayAttr.get(list(box.offsets)),
        "static_sizes": ir.DenseI64ArrayAttr.get(list(box.sizes)),
        "static_strides": ir.DenseI64ArrayAttr.get([1] * len(box.sizes)),
    }


def _extract(source: Any, box: Box) -> Any:
    part = ir.RankedTensorType.get(list(box.sizes), source.type.element_type)
    segments = {"operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 0, 0, 0])}
    attributes = _slice_attributes(box) | segments
    return ir.Operation.create(
        "tensor.extract_slice", results=[part], operands=[source], attributes=attributes
    ).results[0]


def _insert(part: Any, into: Any, box: Box) -> Any:
    segments = {"operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1, 0, 0, 0])}
    return ir.Operation.create(
        "tensor.insert_slice",
        results=[into.type],
        operands=[part, into],
        attributes=_slice_attributes(box) | segments,
    ).results[0]


def _fill(value: Any, target: Any) -> Any:
    return dialect("linalg").fill(value, outs=[target])


def _copy(source: Any, target: Any) -> Any:
    return dialect("linalg").copy(source, outs=[target])
