"""What a compilation tells on stderr while it works, by debug level (`aicc.settings`).

2: phases with their times; 3: decisions; 4: passes with their times; 5: IR that changed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from aicc.passes.observers import Observer, Printer
from aicc.passes.signature import functions_of, is_kernel
from aicc.passes.statistics import Statistics, collect
from aicc.passes.steps import Step

PHASES, DECISIONS, PASSES, CHANGES = 2, 3, 4, 5


class Trace:
    """Tells what happens; `level` 0 is silent."""

    def __init__(self, level: int = 0) -> None:
        self.level = level

    def observers(self) -> list[Observer]:
        """For a `Pipeline`. They make every pass run, and be timed, on its own."""
        found: list[Observer] = []
        if self.level >= DECISIONS:
            found.append(Decisions(self))
        if self.level >= PASSES:
            found.append(PassTimes(self))
        if self.level >= CHANGES:
            found.append(Printer(sys.stderr, after_passes=(), only_changes=True))
        return found

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time a phase, and list what its rewrites did."""
        start, statistics = time.perf_counter(), Statistics()
        # a caller's own statistics go on unless the phases' are asked for
        with collect(statistics) if self.level >= DECISIONS else nullcontext():
            yield
        if self.level >= PHASES:
            self.say(f"phase {name}: {time.perf_counter() - start:.3f} s")
        for pass_name, pattern, times, reasons in statistics.rows():
            refused = f"; refused: {reasons}" if reasons else ""
            self.say(f"  {pass_name}: {pattern} applied {times}x{refused}")

    def say(self, line: str) -> None:
        """One line on stderr."""
        sys.stderr.write(f"aicc: {line}\n")


class PassTimes(Observer):
    """A line per pass."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._start = 0.0

    def before(self, step: Step, module: Any) -> None:
        self._start = time.perf_counter()

    def after(self, step: Step, module: Any) -> None:
        self._trace.say(f"  {step.name}: {(time.perf_counter() - self._start) * 1e3:.1f} ms")


class Decisions(Observer):
    """A line per kernel once schedules are decided."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def after(self, step: Step, module: Any) -> None:
        if step.name != "decide-schedules":
            return
        for function in functions_of(module):
            if is_kernel(function):
                found = " and ".join(_schedules(function.operation)) or "plain loops"
                self._trace.say(f"  {function.name.value}: {found}")


def _schedules(op: Any) -> Iterator[str]:
    """The schedules on the ops inside a kernel."""
    for region in op.regions:
        for block in region.blocks:
            for view in block.operations:
                if "aicc.schedule" in view.operation.attributes:
                    yield str(view.operation.attributes["aicc.schedule"])
                yield from _schedules(view.operation)
