"""Turn calls that only move contiguous bytes into views: slices, concatenations, plain copies.

Why: reading a part of a buffer, or writing into one, needs no copy where the part is contiguous
(every dimension before the cut one is 1). Kernels take bare pointers, so an offset is just another
pointer, whatever its alignment.

    call @slice(%a, %b)          ->  %b = memref.view %bytes_of_a[%offset]
    call @concat(%a, %b, %c)     ->  %a = memref.view %c[0], %b = memref.view %c[%bytes_of_a],
                                     which the producers of %a and %b then write
    call @copy(%a, %out)         ->  %a = memref.expand_shape %out

Parts that cannot lie in the result (an input of the model, a value that is needed twice) are
copied there by memref.copy. Strided parts (channels last, cut along the channels) stay calls.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of, is_kernel

from .footprints import written_arguments
from .moves import Move, moves_of
from .plan_record import held, hold, value_attr
from .views import (
    VIEWS,
    as_bytes,
    byte_count,
    byte_offset,
    is_alloc,
    is_memref,
    reshaped,
    root_of,
    values_used,
    window,
)


@register_pass("elide-copies")
def run(module: Any) -> None:
    """Replace calls of copying kernels by views of one buffer."""
    functions = functions_of(module)
    kernels = {f.name.value: moves_of(f) for f in functions if is_kernel(f)}
    written = {f.name.value: written_arguments(f) for f in functions if is_kernel(f)}
    for function in functions:
        if not is_kernel(function):
            for call in _calls(function):
                moves = kernels.get(call.attributes["callee"].value)
                if moves:
                    _elide(function, call, moves, written)


def _calls(function: Any) -> list[Any]:
    block = function.operation.regions[0].blocks[0]
    return [op.operation for op in block.operations if op.operation.name == "func.call"]


def _elide(function: Any, call: Any, moves: list[Move], written: dict[str, set[int]]) -> None:
    target = call.operands[moves[0].target]
    if not _cover(moves, byte_count(target.type)):
        return
    uses = _Uses(function, written)
    if len(moves) == 1:
        _view_source(uses, call, moves[0])
    elif is_alloc(target) and uses.is_made_by(target, call):
        _write_parts(uses, call, moves)


def _cover(moves: list[Move], size: int) -> bool:
    """True if the moves fill one target, each byte once."""
    end = 0
    for move in sorted(moves, key=lambda m: m.target_offset):
        if move.target != moves[0].target or move.target_offset != end:
            return False
        end += move.size
    return end == size


class _Uses:
    """Which ops of a function touch and write a buffer."""

    def __init__(self, function: Any, written: dict[str, set[int]]) -> None:
        ops = function.operation.regions[0].blocks[0].operations
        self.touching: dict[Any, list[Any]] = {}
        self.writing: dict[Any, list[Any]] = {}
        self.first: dict[Any, Any] = {}
        self.position: dict[Any, int] = {}
        for i, view in enumerate(ops):
            op = view.operation
            self.position[op] = i
            roots = [root_of(v) if is_memref(v) else None for v in values_used(op)]
            for root in roots:
                self.first.setdefault(root, op)
            if op.name in VIEWS or op.name == "func.return":
                continue
            outputs = _written_operands(op, len(roots), written)
            for number, root in enumerate(roots):
                self.touching.setdefault(root, []).append(op)
                if number in outputs:
                    self.writing.setdefault(root, []).append(op)

    def is_made_by(self, root: Any, op: Any) -> bool:
        """True if nothing but `op` writes the buffer, or knows it earlier."""
        return self.writing.get(root) == [op] and self.first[root] == op

    def is_final(self, root: Any, op: Any) -> bool:
        """True if the buffer holds the same from `op` on."""
        return all(self.position[w] < self.position[op] for w in self.writing.get(root, []))


def _written_operands(op: Any, count: int, written: dict[str, set[int]]) -> set[int]:
    """Positions of the operands that an op may write; all, if nothing is known about it."""
    if op.name == "memref.copy":
        return {1}
    known = written.get(op.attributes["callee"].value) if op.name == "func.call" else None
    return set(range(count)) if known is None else known


def _view_source(uses: _Uses, call: Any, move: Move) -> None:
    """One move that makes up a whole result: one of the two buffers becomes a view."""
    source, target = call.operands[move.source], call.operands[move.target]
    root, offset = root_of(source), byte_offset(source)
    if offset is None or not uses.is_final(root, call):
        return
    if is_alloc(target) and uses.is_made_by(target, call):
        _slice(root, offset + move.source_offset, target, call)
    elif uses.is_made_by(root_of(target), call) and _is_whole(root, source, move):
        _produce_into(uses, root, root_of(target), call)


def _is_whole(root: Any, source: Any, move: Move) -> bool:
    return is_alloc(root) and byte_offset(source) == 0 and move.size == byte_count(root.type)


def _slice(root: Any, offset: int, target: Any, call: Any) -> None:
    """The result is a view of the source's buffer."""
    same_element = root.type.element_type == target.type.element_type
    is_same = offset == 0 and byte_count(root.type) == byte_count(target.type) and same_element
    if not is_same and not is_alloc(root):
        return
    data = root if is_same else as_bytes(root)
    with ir.InsertionPoint(call), call.location:
        memory = reshaped(data, target.type) if is_same else window(data, offset, target.type)
    if is_alloc(data):
        _note(data.owner.operation, target.owner.operation, "view")
    call.erase()
    _replace(target, memory)


def _produce_into(uses: _Uses, root: Any, out: Any, call: Any) -> None:
    """What is copied into an output of the model is computed there."""
    same_element = root.type.element_type == out.type.element_type
    if not same_element or len(uses.touching[out]) > 1 or not isinstance(out.owner, ir.Block):
        return
    with ir.InsertionPoint(root.owner.operation), root.owner.location:
        memory = reshaped(out, root.type)
    call.erase()
    _replace(root, memory)


def _write_parts(uses: _Uses, call: Any, moves: list[Move]) -> None:
    """The buffers of a concatenation's operands become parts of its result's."""
    target = call.operands[moves[0].target]
    sources = [call.operands[m.source] for m in moves]
    pairs = list(zip(moves, sources, strict=True))
    if any(m.source_offset or m.size != byte_count(s.type) for m, s in pairs):
        return
    roots = [root_of(s) for s in sources]
    movable = [
        roots.count(r) == 1 and uses.is_final(r, call) and _is_whole(r, s, m)
        for r, (m, s) in zip(roots, pairs, strict=True)
    ]
    moved = sum(m.size for m, ok in zip(moves, movable, strict=True) if ok)
    if 2 * moved < byte_count(target.type):
        return
    data = as_bytes(target, first=True)
    for move, source, ok in zip(moves, sources, movable, strict=True):
        root = root_of(source)
        at = root.owner.operation if ok else call
        with ir.InsertionPoint(at), at.location:
            memory = window(data, move.target_offset, (root if ok else source).type)
            if not ok:
                dialect("memref").CopyOp(source, memory)
        if ok:
            _note(data.owner.operation, root.owner.operation, "part")
            _replace(root, memory)
    call.erase()


def _note(alloc: Any, merged: Any, role: str) -> None:
    """Keep the names of what an allocation takes over."""
    nodes = [value_attr(merged.location, v["bytes"].value, role) for v in held(merged)]
    hold(alloc, [*held(alloc), *nodes])


def _replace(value: Any, memory: Any) -> None:
    alloc = value.owner.operation
    value.replace_all_uses_with(memory)
    alloc.erase()
