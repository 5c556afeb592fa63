"""Programs that are kept for the shapes and values they were compiled for, as memory allows.

Why bytes and not a number: a model may come with a hundred box sizes, of which each is a few
kilobytes of code, or with ten lengths that hold a gigabyte of packed weights each. All programs of
the process share one budget, AICC_PROGRAMS_SIZE. When they are beyond it, the one that was not used
for longest goes, wherever it is; the newest few of each executable always stay. What all programs
of an executable hold in common does not count, since it would stay.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from aicc import settings

from .prepared import Prepared

DEFAULT_BYTES = 1 << 30
ALWAYS_KEPT = 8
# What Python's own objects and unfilled pages of code take for a program, however small it is.
PROGRAM_BYTES = 128 << 10

K = TypeVar("K")
V = TypeVar("V")
Blocks = dict[int, int]  # address of a piece of memory -> its bytes

_lock = threading.RLock()
_clock = itertools.count()


class Holder(Protocol):
    """What programs tell of their memory."""

    def share(self, prepared: Prepared) -> None: ...
    def held(self) -> Blocks: ...


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    blocks: Blocks
    used: int


class Kept(Generic[K, V]):
    """Programs by key, the one that was used last at the end. `is_bounded` False keeps all."""

    def __init__(self, *, is_bounded: bool = True) -> None:
        self._entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        # how many entries hold a block: it is counted once
        self._holders: dict[int, int] = {}
        self._held_bytes = 0
        self._prepared = Prepared()
        if is_bounded:
            with _lock:
                _bounded.add(self)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value for `key`, which is the newest from now on."""
        with _lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            entry.used = next(_clock)
            self._entries.move_to_end(key)
            return entry.value

    def put(self, key: K, value: V, program: Holder) -> None:
        """Keep `value` with its program; others go if that is too much."""
        limit = settings.size("AICC_PROGRAMS_SIZE", DEFAULT_BYTES)
        program.share(self._prepared)
        blocks = program.held()
        with _lock:
            self._drop(key)
            self._entries[key] = _Entry(value, blocks, next(_clock))
            self._held_bytes += PROGRAM_BYTES
            for address, size in blocks.items():
                holders = self._holders.get(address, 0)
                self._holders[address] = holders + 1
                self._held_bytes += 0 if holders else size
            dropped = list(_make_room(limit))
        # outside the lock: code and arrays are given back here
        del dropped

    def items(self) -> list[tuple[K, V]]:
        """Keys and values, the one that was used last at the end."""
        with _lock:
            return [(key, entry.value) for key, entry in self._entries.items()]

    def values(self) -> list[V]:
        """The values, the one that was used last at the end."""
        return [value for _, value in self.items()]

    def own_bytes(self) -> int:
        """Bytes held, without what every entry holds: that stays when some of them go."""
        if not self._entries:
            return 0
        newest, count = next(reversed(self._entries.values())), len(self._entries)
        shared = [n for a, n in newest.blocks.items() if self._holders[a] == count]
        return self._held_bytes - sum(shared)

    def oldest_use(self) -> int | None:
        """When the first that may go was used; None if all are to stay."""
        if len(self._entries) <= ALWAYS_KEPT:
            return None
        return next(iter(self._entries.values())).used

    def drop_oldest(self) -> V | None:
        """Forget the value that was not used for longest."""
        return self._drop(next(iter(self._entries)))

    def _drop(self, key: K) -> V | None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return None
        self._held_bytes -= PROGRAM_BYTES
        for address, size in entry.blocks.items():
            self._holders[address] -= 1
            if not self._holders[address]:
                del self._holders[address]
                self._held_bytes -= size
        return entry.value


_bounded: weakref.WeakSet[Kept[Any, Any]] = weakref.WeakSet()


def _make_room(limit: int) -> Iterator[object]:
    """What is dropped so that all programs of the process fit."""
    kept = list(_bounded)
    excess = sum(one.own_bytes() for one in kept) - limit
    while excess > 0:
        uses = [(used, i) for i, one in enumerate(kept) if (used := one.oldest_use()) is not None]
        if not uses:
            return
        one = kept[min(uses)[1]]
        before = one.own_bytes()
        yield one.drop_oldest()
        excess -= before - one.own_bytes()
