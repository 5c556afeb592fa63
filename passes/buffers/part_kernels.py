"""Kernels made anew for parts: an argument larger than what is used of it, a copy less.

    @conv(%x, %w, %y, %halo) { copy %x to %halo[1, 1]; .. }
    ->  @conv_1(%w, %y, %halo) { .. }           joined: %x lies in %halo[1, 1] already
    @relu(%x, %y: memref<4x4xf32>)
    ->  @relu_1(%x, %y: memref<6x6xf32> {aicc.part = [[1, 1], [4, 4]]})        moved

A kernel is copied for each way it is called, and each way is made once; what nobody calls any more
goes by symbol-dce.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.signature import argument_attrs, functions_of, is_kernel, set_argument_attrs

from .footprints import written_arguments
from .part_copies import Copy, copies_of, written_parts
from .part_views import Misfit, place
from .parts import Part
from .plan_record import WORKSPACE
from .views import VIEWS, reshaped

PART = "aicc.part"
# Ops that have no effect by themselves.
IDLE = (*VIEWS, "arith.constant", "memref.get_global", "func.return")


class Kernels:
    """The kernels of a module by name, with what is known about them; grows by variants."""

    def __init__(self, module: Any) -> None:
        self.functions = {f.name.value: f for f in functions_of(module) if is_kernel(f)}
        self._copies: dict[str, list[Copy]] = {}
        self._written: dict[str, set[int]] = {}
        self._boxes: dict[tuple[str, int], list[Part] | None] = {}
        self._variants: dict[str, str | None] = {}

    def copies(self, name: str) -> list[Copy]:
        """The copies that a kernel makes between its arguments."""
        if name not in self._copies:
            known = name in self.functions
            self._copies[name] = copies_of(self.functions[name]) if known else []
        return self._copies[name]

    def writes(self, name: str, argument: int) -> bool:
        """True if the kernel may write an argument."""
        if name not in self.functions:
            return True
        if name not in self._written:
            self._written[name] = written_arguments(self.functions[name])
        return argument in self._written[name]

    def written(self, name: str, argument: int) -> list[Part] | None:
        """The boxes of an argument that the kernel writes, None if that is not known."""
        if not self.writes(name, argument):
            return []
        key = name, argument
        if key not in self._boxes:
            known = self.functions.get(name)
            part = _part_of(argument_attrs(known)[argument], known, argument) if known else None
            boxes = [part] if part else written_parts(known, argument) if known else None
            self._boxes[key] = boxes
        return self._boxes[key]

    def is_idle(self, name: str) -> bool:
        """True if the kernel does nothing at all."""
        block = self.functions[name].operation.regions[0].blocks[0]
        return all(op.operation.name in IDLE for op in block.operations)

    def moved(self, name: str, argument: int, part: Part) -> str | None:
        """The kernel that uses a part of a larger argument; None if it cannot."""
        if part.is_whole and name in self.functions:
            return name
        return self._variant(name, f"{argument} {part}", lambda f: _move(f, argument, part))

    def joined(self, name: str, copy: Copy, gone: int, kept: int, part: Part) -> str | None:
        """The kernel without the copy, and without the argument `gone`: a part of `kept`."""
        key = f"{copy} {gone} {kept} {part}"
        return self._variant(name, key, lambda f: _join(f, copy.index, gone, kept, part))

    def _variant(self, name: str, key: str, change: Callable[[Any], None]) -> str | None:
        if name not in self.functions:
            return None
        stem = name.rsplit("_", 1)[0]
        new = f"{stem}_{hashlib.sha256(f'{name} {key}'.encode()).hexdigest()[:8]}"
        if new not in self._variants:
            self._variants[new] = self._make(name, new, change)
        return self._variants[new]

    def _make(self, name: str, new: str, change: Callable[[Any], None]) -> str | None:
        kernel = self.functions[name]
        with ir.InsertionPoint(kernel):
            clone = kernel.operation.clone().opview
        clone.operation.attributes["sym_name"] = ir.StringAttr.get(new)
        try:
            with clone.location:
                change(clone)
            clone.operation.verify()
        except (Misfit, ir.MLIRError):
            clone.operation.erase()
            return None
        self.functions[new] = clone
        return new


def _move(kernel: Any, argument: int, part: Part) -> None:
    block = kernel.operation.regions[0].blocks[0]
    old = block.arguments[argument]
    type_ = ir.MemRefType.get(list(part.whole), old.type.element_type)
    new = block.add_argument(type_, kernel.location)
    _place(block, old, new, part)
    old.set_type(type_)
    new.replace_all_uses_with(old)
    block.erase_argument(len(block.arguments) - 1)
    attrs = argument_attrs(kernel)
    before = _part_of(attrs[argument], kernel, argument)
    within = before.seen_in(part.sizes) if before else None
    attrs[argument][PART] = _part_attr(within.inside(part) if within else part)
    _set_signature(kernel, attrs)


def _join(kernel: Any, index: int, gone: int, kept: int, part: Part) -> None:
    block = kernel.operation.regions[0].blocks[0]
    copy = block.operations[index].operation
    views = [v.owner for v in copy.operands if not isinstance(v.owner, ir.Block)]
    copy.erase()
    _drop_unread(views)
    old, whole = block.arguments[gone], block.arguments[kept]
    _place(block, old, whole, part)
    attrs = argument_attrs(kernel)
    for name in (WORKSPACE, PART):
        attrs[kept].pop(name, None)
    block.erase_argument(gone)
    del attrs[gone]
    _set_signature(kernel, attrs)


def _place(block: Any, old: Any, whole: Any, part: Part) -> None:
    """Users of the argument `old` get the part of `whole`, which is first seen as `part.whole`."""
    type_ = ir.MemRefType.get(list(part.whole), old.type.element_type)
    with ir.InsertionPoint.at_block_begin(block):
        # the views are inserted before this op, which outlives the reshapes that stood first
        anchor = dialect("arith").ConstantOp(ir.IndexType.get(), 0).operation
    with ir.InsertionPoint(anchor):
        if next(iter(old.uses), None) is not None:
            place(old, reshaped(whole, type_), part)
    anchor.erase()


def _drop_unread(views: list[Any]) -> None:
    for op in views:
        while op.name in VIEWS and next(iter(op.results[0].uses), None) is None:
            source = op.operands[0].owner
            op.erase()
            if isinstance(source, ir.Block):
                break
            op = source


def _set_signature(kernel: Any, attrs: list[dict[str, Any]]) -> None:
    block = kernel.operation.regions[0].blocks[0]
    type_ = ir.FunctionType.get([a.type for a in block.arguments], [])
    kernel.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
    set_argument_attrs(kernel, attrs)


def _part_attr(part: Part) -> Any:
    return ir.ArrayAttr.get(
        [ir.DenseI64ArrayAttr.get(list(part.offsets)), ir.DenseI64ArrayAttr.get(list(part.sizes))]
    )


def _part_of(attrs: dict[str, Any], kernel: Any, argument: int) -> Part | None:
    """The part of an argument that its kernel uses, as noted."""
    if PART not in attrs:
        return None
    offsets, sizes = (tuple(entry) for entry in attrs[PART])
    return Part(tuple(kernel.type.inputs[argument].shape), offsets, sizes)
