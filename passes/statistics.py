"""What the patterns of a pipeline did: how often each applied, and why it was refused.

with collect() as statistics:
    Pipeline("to-graph").run(module)
statistics.applied["simplify-algebra", "add-zero"]      # 3
statistics.refused["fuse-linear", "bias"]               # {"the product is read elsewhere": 2}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Key = tuple[str, str]


@dataclass
class Statistics:
    """Counts by (pass, pattern)."""

    applied: Counter[Key] = field(default_factory=Counter)
    refused: dict[Key, Counter[str]] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str, int, str]]:
        """(pass, pattern, times applied, reasons for refusals), sorted by pass and pattern."""
        keys = sorted({*self.applied, *self.refused})
        return [(*key, self.applied[key], self._reasons(key)) for key in keys]

    def _reasons(self, key: Key) -> str:
        reasons = self.refused.get(key, Counter())
        return "; ".join(f"{count}x {reason}" for reason, count in sorted(reasons.items()))


_current: ContextVar[Statistics | None] = ContextVar("aicc_statistics", default=None)


@contextmanager
def collect(into: Statistics | None = None) -> Iterator[Statistics]:
    """Collect what patterns do in this block of code."""
    statistics = Statistics() if into is None else into
    token = _current.set(statistics)
    try:
        yield statistics
    finally:
        _current.reset(token)


def count_applied(pass_name: str, pattern: str, times: int = 1) -> None:
    """Note that a pattern changed the IR."""
    if (statistics := _current.get()) is not None:
        statistics.applied[pass_name, pattern] += times


def count_refused(pass_name: str, pattern: str, reason: str) -> None:
    """Note that a pattern's shape was found and not rewritten, and why."""
    if (statistics := _current.get()) is not None:
        statistics.refused.setdefault((pass_name, pattern), Counter())[reason] += 1
