"""May a kernel's result lie where one of its inputs lies?

Yes if nothing of the input is read after it was overwritten. For every read of the input and every
write of the result, both boxes in the same coordinates, it is shown that no write comes before a
read of the same element: the read stands first, or the boxes lie apart; and iterations of a common
loop, which may run in any order, keep to boxes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

from .footprints import Access, Kernel, NotUnderstood, Side
from .index_math import Linear, Loop
from .views import byte_count


@dataclass
class Group:
    """Accesses in the same loops whose boxes differ by constants only, and the box around all."""

    loops: list[Loop]
    frame: tuple[int, ...]
    box: list[Side]
    members: list[Access]


def may_overwrite(kernel: Kernel, source: Any, result: Any) -> bool:
    """True if the kernel may write its argument `result` over its argument `source`."""
    same_element = source.type.element_type == result.type.element_type
    if not same_element or byte_count(source.type) != byte_count(result.type):
        return False
    try:
        reads = _grouped(kernel.accesses(source))
        writes = _grouped([a for a in kernel.accesses(result) if not a.only_reads])
    except NotUnderstood:
        return False
    return all(_is_kept(r, w) for r in reads for w in writes)


def _grouped(accesses: list[Access]) -> list[Group]:
    """Unrolled loops leave many accesses that are asked the same question: ask it once."""
    groups: dict[Any, list[Access]] = {}
    for a in accesses:
        counters = tuple(loop.counter for loop in a.loops)
        factors = tuple(side.start.factors for side in a.box)
        groups.setdefault((counters, a.frame, factors), []).append(a)
    return [
        Group(members[0].loops, members[0].frame, _hull([m.box for m in members]), members)
        for members in groups.values()
    ]


def _hull(boxes: list[list[Side]]) -> list[Side]:
    sides = []
    for each in zip(*boxes, strict=True):
        low = min(s.start.constant for s in each)
        high = max(s.start.constant + s.length for s in each)
        sides.append(Side(Linear(low, each[0].start.factors), high - low))
    return sides


def _is_kept(reads: Group, writes: Group) -> bool:
    """True if no element is read after it was written."""
    common = []
    for a, b in zip(reads.loops, writes.loops, strict=False):
        if a.counter != b.counter:
            break
        common.append(a)
    late = [(r, w) for r in reads.members for w in writes.members if r.path >= w.path]
    if not common and not late:
        return True
    if reads.frame != writes.frame:
        return False
    loops = {loop.counter: loop for loop in [*reads.loops, *writes.loops]}
    for depth, loop in enumerate(common):
        outer = [c.counter for c in common[:depth]]
        if loop.trips > 1 and not _has_own_boxes(reads, writes, loop, outer, loops):
            return False
    return all(
        _same_elements(r, w) if r.op == w.op else _lie_apart(r, w, common, loops) for r, w in late
    )


def _has_own_boxes(
    reads: Group, writes: Group, loop: Loop, outer: list[Any], loops: dict[Any, Loop]
) -> bool:
    """True if different iterations of `loop` (those around it alike) touch different elements."""
    fixed = [*outer, loop.counter]
    for r, w in zip(reads.box, writes.box, strict=True):
        factor = r.start.factor(loop.counter)
        if not factor or not _move_alike(r, w, fixed):
            continue
        (r_low, r_high), (w_low, w_high) = _range(r, loops, fixed), _range(w, loops, fixed)
        stride = abs(factor) * loop.step
        if r_high - w_low <= stride and w_high - r_low <= stride:
            return True
    return False


def _lie_apart(read: Access, write: Access, common: list[Loop], loops: dict[Any, Loop]) -> bool:
    """True if in one and the same iteration the boxes do not meet."""
    fixed = [c.counter for c in common]
    for r, w in zip(read.box, write.box, strict=True):
        if _move_alike(r, w, fixed):
            (r_low, r_high), (w_low, w_high) = _range(r, loops, fixed), _range(w, loops, fixed)
            if r_high <= w_low or w_high <= r_low:
                return True
    return False


def _move_alike(r: Side, w: Side, counters: list[Any]) -> bool:
    return all(r.start.factor(c) == w.start.factor(c) for c in counters)


def _range(side: Side, loops: dict[Any, Loop], fixed: list[Any]) -> tuple[int, int]:
    """Coordinates from first to one past the last, as other counters run."""
    low, high = side.start.span(loops, fixed)
    return low, high + side.length


def _same_elements(read: Access, write: Access) -> bool:
    """True if one linalg op reads each element in the iteration that writes it."""
    op = read.op
    if op.name not in ("linalg.generic", "linalg.copy") or read.box != write.box:
        return False
    if op.name == "linalg.copy":
        return True
    maps = [m.value for m in op.attributes["indexing_maps"]]
    r, w = maps[read.operand], maps[write.operand]
    dims = [e.position for e in w.results if isinstance(e, ir.AffineDimExpr)]
    return r == w and sorted(dims) == list(range(w.n_dims)) and len(dims) == len(w.results)
