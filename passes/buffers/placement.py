"""Offsets for buffers with known lifetimes: three algorithms, and the bound none can beat.

naive     every buffer has bytes of its own (nothing is shared: for debugging)
share     a buffer takes over the bytes of a dead one of exactly its size
best-fit  offsets are free; several orders of placing are tried and the smallest arena is kept

Best-fit by size alone is blind to time: a long-lived small buffer placed late can force a hole, so
orders that look at lifetimes compete with it. No order is best for all models; each is quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

ALIGNMENT = 64  # bytes: one cache line, one AVX-512 vector


@dataclass(eq=False)
class Buffer:
    """Bytes needed from tick `first` to tick `last`, both included; the offset once placed."""

    size: int
    first: int
    last: int
    offset: int = -1
    op: Any = None
    values: list[Any] = field(default_factory=list)


def aligned(size: int) -> int:
    """`size` rounded up to whole cache lines; nothing is smaller than one."""
    return max(1, -(-size // ALIGNMENT)) * ALIGNMENT


def lower_bound(buffers: Sequence[Buffer]) -> int:
    """The most bytes that are alive at one tick: no placement can do with fewer."""
    return max((bytes_at for _, bytes_at in live_bytes(buffers)), default=0)


def live_bytes(buffers: Sequence[Buffer]) -> list[tuple[int, int]]:
    """(tick, bytes alive from there on) wherever the sum changes."""
    change: dict[int, int] = {}
    for b in buffers:
        change[b.first] = change.get(b.first, 0) + b.size
        change[b.last + 1] = change.get(b.last + 1, 0) - b.size
    alive, steps = 0, []
    for tick in sorted(change):
        alive += change[tick]
        steps.append((tick, alive))
    return steps


def place(buffers: Sequence[Buffer], algorithm: str = "best-fit") -> int:
    """Set every offset; returns the bytes of the arena. KeyError for an unknown algorithm."""
    ALGORITHMS[algorithm](buffers)
    return _total(buffers)


def _total(buffers: Sequence[Buffer]) -> int:
    return max((b.offset + b.size for b in buffers), default=0)


def _naive(buffers: Sequence[Buffer]) -> None:
    end = 0
    for b in buffers:
        b.offset = end
        end += b.size


def _share(buffers: Sequence[Buffer]) -> None:
    slots: list[Buffer] = []  # the buffer that had each place last
    end = 0
    for b in sorted(buffers, key=lambda b: b.first):
        free = [s for s in slots if s.size == b.size and s.last < b.first]
        if not free:
            b.offset = end
            end += b.size
        else:
            # what died last is still in the cache
            newest = max(free, key=lambda s: s.last)
            b.offset = newest.offset
            slots.remove(newest)
        slots.append(b)


def _best_fit(buffers: Sequence[Buffer]) -> None:
    neighbours = _alive_together(buffers)
    bound = lower_bound(buffers)
    best: list[int] = []
    smallest = -1
    for order in (_by_size, _by_breadth, _by_area, _by_time):
        for tightest in (False, True):
            _place_in_order(order(buffers), neighbours, tightest)
            total = _total(buffers)
            if smallest < 0 or total < smallest:
                smallest, best = total, [b.offset for b in buffers]
            if smallest == bound:
                break
        if smallest == bound:
            break
    for b, offset in zip(buffers, best, strict=True):
        b.offset = offset


def _alive_together(buffers: Sequence[Buffer]) -> dict[Buffer, list[Buffer]]:
    """For each buffer, those whose lifetimes meet its own."""
    neighbours: dict[Buffer, list[Buffer]] = {b: [] for b in buffers}
    alive: list[Buffer] = []
    for b in sorted(buffers, key=lambda b: b.first):
        alive = [a for a in alive if a.last >= b.first]
        for a in alive:
            neighbours[a].append(b)
        neighbours[b] += alive
        alive.append(b)
    return neighbours


def _place_in_order(
    order: Sequence[Buffer], neighbours: dict[Buffer, list[Buffer]], tightest: bool
) -> None:
    for b in order:
        b.offset = -1
    for b in order:
        taken = sorted((p for p in neighbours[b] if p.offset >= 0), key=lambda p: p.offset)
        b.offset = _gap(taken, b.size, tightest)


def _gap(taken: list[Buffer], size: int, tightest: bool) -> int:
    """The lowest gap between placed buffers that fits, or the tightest one; else their end."""
    end, best, slack = 0, -1, -1
    for p in taken:
        room = p.offset - end - size
        if room >= 0 and (best < 0 or room < slack):
            best, slack = end, room
            if not tightest:
                return best
        end = max(end, p.offset + p.size)
    return best if best >= 0 else end


def _by_size(buffers: Sequence[Buffer]) -> list[Buffer]:
    return sorted(buffers, key=lambda b: (-b.size, b.first))


def _by_area(buffers: Sequence[Buffer]) -> list[Buffer]:
    """Bytes times lifetime: what is in the way longest goes first."""
    return sorted(buffers, key=lambda b: (-b.size * (b.last - b.first + 1), b.first))


def _by_time(buffers: Sequence[Buffer]) -> list[Buffer]:
    return sorted(buffers, key=lambda b: (b.first, -b.size))


def _by_breadth(buffers: Sequence[Buffer]) -> list[Buffer]:
    """The ticks with most live bytes first, each one's buffers by size."""
    load = live_bytes(buffers)

    def widest(b: Buffer) -> int:
        return max(alive for tick, alive in load if b.first <= tick <= b.last)

    return sorted(buffers, key=lambda b: (-widest(b), -b.size, b.first))


ALGORITHMS: dict[str, Callable[[Sequence[Buffer]], None]] = {
    "naive": _naive,
    "share": _share,
    "best-fit": _best_fit,
}
