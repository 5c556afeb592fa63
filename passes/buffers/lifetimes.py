"""When each buffer of a public function is needed, in ticks that look inside the kernels.

Why inside: a padded convolution first copies its input into a padded workspace, then reads only
that. Input and result are never needed at once, though one call has both. The top-level ops of a
kernel run one after the other (a parallel loop ends before the next begins), so each is a tick.

    call @conv(%x, %w, %y, %padded)      ticks of the call:  0  1
      loop: %padded <- %x                 %x                 x
      loop: %y <- %padded, %w             %y                    x
                                          %padded            x  x
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .placement import Buffer, aligned
from .views import VIEWS, Aliases, byte_count, is_alloc, is_memref, returns_memory


@dataclass(frozen=True)
class Steps:
    """Ticks of one kernel; for each argument the first and last at which it is touched."""

    count: int
    spans: list[tuple[int, int]]


@dataclass
class Moment:
    """An op of the public function that takes time: its first tick and their number."""

    op: Any
    tick: int
    count: int


def steps_of(kernel: Any) -> Steps:
    """Number the top-level ops that touch memory behind the arguments.

    Neighbours share a number unless some argument is touched for the first or last time there.
    """
    block = kernel.operation.regions[0].blocks[0]
    index = {op.operation: i for i, op in enumerate(block.operations)}
    touches = [_touches(a, index) if is_memref(a) else set() for a in block.arguments]
    known = [(min(t), max(t)) if t else None for t in touches]
    cuts = {cut for span in known if span for cut in (span[0], span[1] + 1)}
    ticks: dict[int, int] = {}
    before = -1
    for i in sorted(set().union(*touches)):
        is_new = any(before < cut <= i for cut in cuts) and bool(ticks)
        ticks[i] = (ticks[before] if ticks else 0) + is_new
        before = i
    count = 1 + max(ticks.values(), default=0)
    return Steps(count, [(ticks[s[0]], ticks[s[1]]) if s else (0, count - 1) for s in known])


def _touches(argument: Any, index: dict[Any, int]) -> set[int]:
    """Positions of the top-level ops that reach the argument's memory, views not counted."""
    found: set[int] = set()
    values = [argument]
    while values:
        for use in values.pop().uses:
            owner = use.owner.operation
            if owner in index and owner.name in VIEWS:
                values.append(owner.results[0])
                continue
            while owner not in index:
                owner = owner.parent.operation
            if returns_memory(owner):
                return set(index.values())
            found.add(index[owner])
    return found


def timeline(function: Any, steps: dict[str, Steps]) -> tuple[list[Buffer], list[Moment]]:
    """Buffers in order of allocation with their lifetimes, and the ops that make up the time.

    A buffer that an op hands on as a result (a branch that chooses one) lives to the end.
    """
    aliases = Aliases()
    buffers: dict[Any, Buffer] = {}
    moments: list[Moment] = []
    lasting: set[Buffer] = set()
    now = 0
    for view in function.operation.regions[0].blocks[0].operations:
        op = view.operation
        roots = aliases.touched(op)
        if op.name == "memref.alloc" and is_alloc(op.results[0]):
            size = aligned(byte_count(op.results[0].type))
            buffers[op.results[0]] = Buffer(size, -1, -1, op=op)
        if not roots:
            continue
        known = steps.get(op.attributes["callee"].value) if op.name == "func.call" else None
        moment = Moment(op, now, known.count if known else 1)
        for root, (first, last) in _spans(op, roots, aliases, known).items():
            buffer = buffers[root]
            buffer.first = now + first if buffer.first < 0 else buffer.first
            buffer.last = now + last
        if returns_memory(op):
            lasting.update(buffers[root] for root in roots)
        moments.append(moment)
        now += moment.count
    for buffer in buffers.values():
        buffer.first = max(buffer.first, 0)
        buffer.last = max(buffer.first, now if buffer in lasting else buffer.last)
    return list(buffers.values()), moments


def _spans(
    op: Any, roots: list[Any], aliases: Aliases, known: Steps | None
) -> dict[Any, tuple[int, int]]:
    """For each buffer, the ticks within the op at which it is needed."""
    if known is None:
        return dict.fromkeys(roots, (0, 0))
    spans: dict[Any, tuple[int, int]] = {}
    for operand, (first, last) in zip(op.operands, known.spans, strict=True):
        root = aliases.root(operand)
        if root is not None:
            before = spans.get(root, (first, last))
            spans[root] = (min(before[0], first), max(before[1], last))
    return spans
