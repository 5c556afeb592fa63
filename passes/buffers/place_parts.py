"""Let kernels write into, and read from, parts of larger buffers instead of copying there.

Why: a convolution with pads copies its input into a larger buffer, a concatenation of channels
copies its operands, a split copies its results. Each is a pass over memory, often as long as the
computation beside it. The producer can as well store its result where it is wanted, and a consumer
read it there: both then address memory with gaps, inside their kernels.

    call @expand(%x, %w, %a)                      call @expand_1(%x, %w, %halo)
    call @depthwise(%a, %v, %y, %halo)       ->   call @depthwise_1(%v, %y, %halo)
    ; copies %a to %halo[1, 1], fills borders     ; fills borders

The kernel that made the copy keeps filling the borders, each time before it reads them: so several
consumers with pads share one buffer, the largest, and results written in place need no care.

What is decided, buffer by buffer from the last to the first (a concatenation that is padded finds
its place before its operands do):

- every kernel that touches the buffer must be able to work on the part (`part_views`), nothing else
  may write there (`part_copies`);
- it has to pay. Memory moves in cache lines; a part whose rows are not whole lines touches `spread`
  times as many. Without the copy one reading and one writing of the value are saved, and each other
  reader reads `spread` instead of 1: the gain is 2 - readers * (spread - 1);
- the bytes alive at once must not grow beyond MAX_GROWTH: what lies in a larger buffer keeps all of
  it alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of, is_kernel

from .lifetimes import steps_of, timeline
from .part_choice import Candidate, Choice, call_name, is_workspace, sharing
from .part_kernels import Kernels
from .part_uses import Use, uses_of
from .parts import Part
from .placement import Buffer, lower_bound
from .plan_record import WORKSPACE, held, hold, value_attr
from .views import is_alloc, reshaped

# Bytes alive at once, against those before the pass.
MAX_GROWTH = 1.05


@register_pass("place-parts")
def run(module: Any, *, halos: bool = True) -> None:
    """Give buffers that are copied into (or out of) others a place in those.

    Without `halos`, buffers that are padded anywhere are left for later.
    """
    kernels = Kernels(module)
    steps = {name: steps_of(f) for name, f in kernels.functions.items()}
    for function in functions_of(module):
        if not is_kernel(function):
            placer = Placer(kernels, Alive(timeline(function, steps)[0]), halos)
            for root in reversed(_allocations(function)):
                # a padded copy that was placed along with another one is there no more
                if root not in placer.gone:
                    placer.settle(root)


def _allocations(function: Any) -> list[Any]:
    block = function.operation.regions[0].blocks[0]
    ops = [op.operation for op in block.operations]
    return [op.results[0] for op in ops if op.name == "memref.alloc" and is_alloc(op.results[0])]


class Alive:
    """Bytes alive at once, as buffers take in others."""

    def __init__(self, buffers: list[Buffer]) -> None:
        self.buffers = {b.op.results[0]: b for b in buffers}
        self.limit = MAX_GROWTH * lower_bound(buffers)

    def merge(self, root: Any, into: Any, later: Sequence[Any] = ()) -> bool:
        """Let `into` live as long as both; False, and nothing changed, if too much is then alive.

        Buffers that come `later` are counted as merged already. An output of the model, for which
        there is no buffer here, costs nothing.
        """
        old, target = self.buffers.pop(root), self.buffers.get(into)
        if target is None:
            return True
        joined = [target, old, *(self.buffers[r] for r in later)]
        rest = [b for b in self.buffers.values() if b not in joined]
        span = min(b.first for b in joined), max(b.last for b in joined)
        if lower_bound([*rest, Buffer(target.size, *span)]) > self.limit:
            self.buffers[root] = old
            return False
        target.first, target.last = span
        return True


class Placer:
    """Places the buffers of one function; knows which buffers have borders of their own."""

    def __init__(self, kernels: Kernels, alive: Alive, halos: bool) -> None:
        self.kernels = kernels
        self.alive = alive
        self.halos = halos
        self.choice = Choice(kernels)
        self.gone: set[Any] = set()

    def settle(self, root: Any) -> None:
        """Place a buffer where most is saved, if anywhere."""
        candidates = self.choice.candidates(root)
        if not self.halos and any(is_workspace(c.into) for c in candidates):
            return
        for candidate in candidates:
            is_halo = is_workspace(candidate.into)
            if self._place(root, candidate, sharing(candidate, candidates)):
                if is_halo:
                    self.choice.halos[candidate.into] = candidate.part
                    self._share(candidate.into)
                return

    def _share(self, halo: Any) -> None:
        """Padded copies of what now lies in a padded buffer can use its borders."""
        shared = True
        while shared:
            shared = any(
                self._place(root, candidate) for root, candidate in self.choice.sharers(halo)
            )

    def _place(self, root: Any, candidate: Candidate, later: Sequence[Any] = ()) -> bool:
        uses = uses_of(root) or []
        names = self._names(uses, candidate)
        if names is None or not self.alive.merge(root, candidate.into, later):
            return False
        part = candidate.part
        memory = _memory(root, candidate.into, part)
        grouped = [(call, [u for u in uses if u.call == call]) for call in names]
        # the first one is the copy's
        gone: int | None = candidate.use.number
        for call, mine in grouped:
            self._rewrite(call, names[call], mine, gone, memory, part)
            gone = None
        _note(candidate.into, root, "part" if candidate.is_source else "view")
        self.gone.add(root)
        _erase(root)
        return True

    def _names(self, uses: list[Use], candidate: Candidate) -> dict[Any, str] | None:
        """The kernels to call instead, for each call; None if one cannot be made."""
        names: dict[Any, str] = {}
        for use in [candidate.use, *(u for u in uses if u != candidate.use)]:
            part = candidate.part.fitted(use.value.type.shape)
            before = names.get(use.call, call_name(use.call))
            if part is None:
                return None
            name: str | None
            if use == candidate.use:
                copy, kept = candidate.copy, candidate.kept
                name = self.kernels.joined(before, copy, use.number, kept, part)
            else:
                is_later = use.call == candidate.use.call and use.number > candidate.use.number
                name = self.kernels.moved(before, use.number - is_later, part)
            if name is None:
                return None
            names[use.call] = name
        return names

    def _rewrite(
        self, call: Any, name: str, uses: list[Use], gone: int | None, memory: Any, part: Part
    ) -> None:
        """Call the kernel `name` with the larger buffer; nothing if it has nothing left to do."""
        operands = list(call.operands)
        with ir.InsertionPoint(call), call.location:
            for use in uses:
                seen = part.fitted(use.value.type.shape)
                if seen and use.number != gone:
                    type_ = ir.MemRefType.get(list(seen.whole), memory.type.element_type)
                    operands[use.number] = reshaped(memory, type_)
            if gone is not None:
                del operands[gone]
            if not self.kernels.is_idle(name):
                dialect("func").CallOp([], name, operands)
        call.erase()


def _memory(root: Any, into: Any, part: Part) -> Any:
    """The larger buffer, made before the smaller one, in the shape that holds it as a box."""
    alloc = root.owner.operation
    if is_alloc(into) and alloc.is_before_in_block(into.owner.operation):
        into.owner.operation.move_before(alloc)
    type_ = ir.MemRefType.get(list(part.whole), root.type.element_type)
    with ir.InsertionPoint(alloc), alloc.location:
        return reshaped(into, type_)


def _note(into: Any, root: Any, role: str) -> None:
    """Keep the names of what a buffer takes in; it is no workspace any more."""
    if not is_alloc(into):
        return
    alloc, merged = into.owner.operation, root.owner.operation
    kept = held(merged)
    if WORKSPACE not in merged.attributes:
        kept = [value_attr(merged.location, v["bytes"].value, role) for v in kept]
    hold(alloc, [*held(alloc), *kept])
    if WORKSPACE in alloc.attributes:
        del alloc.attributes[WORKSPACE]


def _erase(root: Any) -> None:
    """Remove a buffer, and the views of it that nobody reads."""
    for use in list(root.uses):
        _erase(use.owner.results[0])
    root.owner.erase()
