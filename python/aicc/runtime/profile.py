"""Where the time of a run goes, kernel by kernel.

A profile is measured on code compiled with `profile=True`, which notes the processor's cycle
counter after every kernel call. Cycles become seconds by the wall time of the same runs. An
interval also holds what runs between two kernels (views cost nothing, copies do). Where the speed
of the machine is known, each kernel is held against it (roofline.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from .roofline import MachineSpeed


@dataclass(frozen=True)
class Interval:
    """One kernel call: the kernel's name and class, the ONNX nodes it computes, its work."""

    kernel: str
    kind: str
    nodes: tuple[str, ...]
    flops: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Row:
    """An interval with its median time over the runs.

    `bound` says what a kernel of its work is bound by on this machine, "compute" or "memory", and
    `roofline` which part of that limit it reaches; "" and 0 for kernels without counted work.
    """

    interval: Interval
    seconds: float
    share: float
    bound: str = ""
    roofline: float = 0.0

    @property
    def gflops(self) -> float:
        """10^9 floating-point operations a second."""
        return self.interval.flops / self.seconds / 1e9 if self.seconds else 0.0

    @property
    def gigabytes(self) -> float:
        """10^9 bytes a second, each operand and result counted once."""
        return self.interval.bytes / self.seconds / 1e9 if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """Everything in the table of `aicc profile`, in seconds and 10^9 a second."""
        rates = {"gflops": self.gflops, "gigabytes": self.gigabytes}
        measured = {"seconds": self.seconds, "share": self.share}
        limit = {"bound": self.bound, "roofline": self.roofline}
        return {**asdict(self.interval), **measured, **rates, **limit}


@dataclass
class Profile:
    """`seconds` [runs, intervals] of every interval; `total` [runs] of the whole calls.

    `host_steps` are the nodes that no compiled kernel computes; `speed` is the machine's.
    """

    intervals: Sequence[Interval]
    seconds: np.ndarray[Any, Any]
    total: np.ndarray[Any, Any]
    host_steps: Sequence[str] = field(default_factory=tuple)
    speed: MachineSpeed | None = None

    @property
    def rows(self) -> list[Row]:
        """Every kernel call in order of execution."""
        medians = np.median(self.seconds, axis=0)
        whole = float(medians.sum()) or 1.0
        pairs = zip(self.intervals, medians, strict=True)
        return [self._row(interval, float(t), float(t) / whole) for interval, t in pairs]

    def _row(self, interval: Interval, seconds: float, share: float) -> Row:
        if self.speed is None or not (interval.flops or interval.bytes) or not seconds:
            return Row(interval, seconds, share)
        least, bound = self.speed.least_seconds(interval.flops, interval.bytes)
        return Row(interval, seconds, share, bound, least / seconds)

    def as_json(self) -> dict[str, Any]:
        """All rows, the median of whole runs, and the machine's speed, as plain data."""
        return {
            "median": float(np.median(self.total)),
            "runs": len(self.total),
            "machine": self.speed.as_json() if self.speed else None,
            "kernels": [row.as_json() for row in self.rows],
            "host_steps": list(self.host_steps),
        }

    def by_class(self) -> dict[str, tuple[int, float]]:
        """Kernel class -> (calls, seconds), the slowest class first."""
        found: dict[str, tuple[int, float]] = {}
        for row in self.rows:
            calls, seconds = found.get(row.interval.kind, (0, 0.0))
            found[row.interval.kind] = (calls + 1, seconds + row.seconds)
        return dict(sorted(found.items(), key=lambda item: -item[1][1]))

    def to_chrome_trace(self) -> str:
        """The run of median length as JSON for chrome://tracing and ui.perfetto.dev."""
        run = int(np.argsort(self.total)[len(self.total) // 2])
        events: list[dict[str, Any]] = []
        start = 0.0
        for interval, seconds in zip(self.intervals, self.seconds[run], strict=True):
            events.append(_event(interval, start * 1e6, float(seconds) * 1e6))
            start += float(seconds)
        return json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}, indent=1)


def _event(interval: Interval, start: float, microseconds: float) -> dict[str, Any]:
    return {
        "name": ", ".join(interval.nodes) or interval.kernel,
        "cat": interval.kind,
        "ph": "X",
        "ts": start,
        "dur": microseconds,
        "pid": 0,
        "tid": 0,
        "args": {"kernel": interval.kernel, "flops": interval.flops, "bytes": interval.bytes},
    }


def intervals_of(entries: Sequence[Mapping[str, Any]]) -> list[Interval]:
    """Intervals from the plain data of `aicc.intervals`."""
    return [
        Interval(
            entry["kernel"],
            entry.get("class", ""),
            tuple(entry.get("nodes", ())),
            entry.get("flops", 0),
            entry.get("bytes", 0),
        )
        for entry in entries
    ]


def profile_of(
    intervals: Sequence[Interval],
    marks: np.ndarray[Any, Any],
    total: np.ndarray[Any, Any],
    speed: MachineSpeed | None = None,
) -> Profile:
    """From cycle counts `marks` [runs, intervals + 1] and wall seconds `total` [runs].

    The counter's frequency is taken from all runs together: a single short one is too coarse.
    """
    cycles = np.diff(marks.astype(np.float64), axis=1)
    per_cycle = float(total.sum()) / max(float(cycles.sum()), 1.0)
    return Profile(intervals, cycles * per_cycle, total, speed=speed)
