"""Where a buffer could lie: the copies that take it elsewhere, or that it is a copy of.

A candidate names the copy that goes, and the larger buffer. See place_parts.py for what has to hold
and for the gain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .part_copies import Box, Copy
from .part_kernels import Kernels
from .part_uses import Use, uses_of
from .parts import Part
from .plan_record import WORKSPACE
from .views import element_bytes, is_alloc, root_of


@dataclass(frozen=True)
class Candidate:
    """Without `copy`, what the call has at `use` can be a part of its operand `kept`."""

    use: Use
    copy: Copy
    kept: int
    into: Any
    part: Part

    @property
    def is_source(self) -> bool:
        """True if the buffer is copied to the larger one, False if it is copied from there."""
        return self.use.number == self.copy.source.argument


def call_name(call: Any) -> str:
    """The kernel that is called."""
    return str(call.attributes["callee"].value)


class Choice:
    """Finds the candidates for a buffer; knows which buffers have borders, and what is inside."""

    def __init__(self, kernels: Kernels) -> None:
        self.kernels = kernels
        self.halos: dict[Any, Part] = {}

    def candidates(self, root: Any) -> list[Candidate]:
        """All places for a buffer that are allowed and pay, best first."""
        uses = uses_of(root) or []
        found = [
            c
            for use in uses
            for copy in self.kernels.copies(call_name(use.call))
            for c in _candidates(use, copy)
            if self._is_allowed(c, uses) and self._gain(c, uses) > 0
        ]
        return sorted(found, key=lambda c: -self._gain(c, uses) - 2 * len(sharing(c, found)))

    def sharers(self, halo: Any) -> Iterator[tuple[Any, Candidate]]:
        """Other padded copies of what lies inside a padded buffer, each with its candidate."""
        for use in uses_of(halo) or []:
            for copy in self.kernels.copies(call_name(use.call)):
                if copy.source.argument != use.number:
                    continue
                other = Use(use.call, copy.target.argument, use.call.operands[copy.target.argument])
                root = root_of(other.value)
                part = _joint(copy.target, copy.source)
                is_inside = self.halos[halo] == copy.source.part
                if part and is_inside and is_workspace(root) and uses_of(root) == [other]:
                    yield root, Candidate(other, copy, use.number, halo, part)

    def _is_allowed(self, c: Candidate, uses: list[Use]) -> bool:
        """True if the contents stay as they are for as long as they are read, on both sides."""
        call = c.use.call
        if is_workspace(c.into):
            # what is in a workspace is not needed before the call, or after it
            if not c.is_source and any(u.call.is_before_in_block(call) for u in uses):
                return False
        else:
            writers = [u.call for u in uses if self._writes(u)]
            if any(call.is_before_in_block(w) if c.is_source else w != call for w in writers):
                return False
        others = uses_of(c.into)
        if others is None or root_of(c.use.value) == c.into:
            return False
        return not any(self._disturbs(c, u) for u in others)

    def _gain(self, c: Candidate, uses: list[Use]) -> float:
        """Passes over the value that are saved, in cache lines."""
        readers = [u for u in uses if u.call != c.use.call and not self._writes(u)]
        spread = c.part.spread(element_bytes(c.use.value.type))
        return 2 - len(readers) * (spread - 1)

    def _writes(self, use: Use) -> bool:
        return self.kernels.writes(call_name(use.call), use.number)

    def _disturbs(self, c: Candidate, other: Use) -> bool:
        """True if another use of the larger buffer may write where the part will lie."""
        is_copy = other.call == c.use.call and other.number == c.kept
        if is_copy or not self._writes(other):
            return False
        if not c.is_source and other.call.is_before_in_block(c.use.call):
            return False
        boxes = self.kernels.written(call_name(other.call), other.number)
        return boxes is None or any(box.meets(c.part) for box in boxes)


def _candidates(use: Use, copy: Copy) -> Iterator[Candidate]:
    for gone, kept in ((copy.source, copy.target), (copy.target, copy.source)):
        if gone.argument == use.number and gone.part.is_whole:
            part = _joint(gone, kept)
            operand = use.call.operands[kept.argument]
            if part and not part.is_whole:
                yield Candidate(use, copy, kept.argument, root_of(operand), part)


def _joint(gone: Box, kept: Box) -> Part | None:
    """Where all of `gone` lies if its box is that of `kept`; None if it stands over."""
    pairs = zip(kept.part.offsets, gone.part.offsets, strict=True)
    offsets = tuple(k - g for k, g in pairs)
    ends = zip(offsets, gone.part.whole, kept.part.whole, strict=True)
    if any(o < 0 or o + size > whole for o, size, whole in ends):
        return None
    return Part(kept.part.whole, offsets, gone.part.whole)


def sharing(c: Candidate, found: list[Candidate]) -> list[Any]:
    """Of the other places for the same buffer, the padded ones that fit into this padded one."""
    if not is_workspace(c.into):
        return []
    return [
        o.into
        for o in found
        if o is not c and is_workspace(o.into) and len(o.part.whole) == len(c.part.whole)
        if all(a <= b for a, b in zip(o.part.whole, c.part.whole, strict=True))
        if all(a <= b for a, b in zip(o.part.offsets, c.part.offsets, strict=True))
    ]


def is_workspace(root: Any) -> bool:
    """True for memory that one call alone uses, and of which nothing is needed before or after."""
    return is_alloc(root) and WORKSPACE in root.owner.attributes
