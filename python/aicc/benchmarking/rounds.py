"""Interleaved rounds: the engines take turns, and those that wait are stopped.

A machine's speed drifts within minutes, and idle engines' workers spin; so every round times every
engine, all others stand still (SIGSTOP), and ratios are taken within a round.

How long aicc compiles is measured in a process of its own, with an empty cache; the process that is
timed loads what that one compiled, as the second start of any program does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from aicc.benchmarking.worker import read_arrays, save_arrays
from aicc.diagnostics import AiccError


@dataclass
class Timing:
    """One engine on one model; times in seconds.

    `compile_seconds` from the model's file to code, nothing cached; `ready_seconds` until the first
    run of the timed process was over. `max_abs` and `max_rel` are the outputs' largest differences
    to those of the engine `reference`, `max_rel` over the largest element of an output.
    """

    engine: str
    threads: int
    error: str = ""
    compile_seconds: float = 0.0
    ready_seconds: float = 0.0
    peak_bytes: int = 0
    rounds: list[list[float]] = field(default_factory=list)
    reference: str = ""
    max_abs: float = 0.0
    max_rel: float = 0.0

    @property
    def median(self) -> float:
        """Median over all runs."""
        return median(t for turn in self.rounds for t in turn)

    @property
    def spread(self) -> tuple[float, float]:
        """10th and 90th percentile over all runs."""
        low, high = np.percentile([t for turn in self.rounds for t in turn], [10, 90])
        return float(low), float(high)

    def ratio_to(self, other: Timing) -> float:
        """Median over the rounds of this engine's time over the other's; below 1: faster."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(median(mine) / median(theirs) for mine, theirs in pairs)

    def as_json(self) -> dict[str, Any]:
        """Everything measured, and the medians."""
        low, high = self.spread if self.rounds else (0.0, 0.0)
        middle = self.median if self.rounds else 0.0
        return {**asdict(self), "median": middle, "p10": low, "p90": high}


class Engine:
    """A worker process, stopped whenever it is not asked."""

    def __init__(
        self, name: str, model: str, feeds: str, threads: int, cache: Path | None = None
    ) -> None:
        """`cache`: where aicc keeps what it compiles, if not where it always does."""
        self.timing = Timing(name, threads)
        command = [sys.executable, "-m", "aicc.benchmarking.worker", name, model, feeds]
        self._process = subprocess.Popen(
            [*command, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **({"AICC_CACHE": str(cache)} if cache else {})},
        )
        answer = self._read()
        self.timing.error = answer.get("error", "")
        self.timing.compile_seconds = answer.get("compile", 0.0)
        self.timing.ready_seconds = answer.get("ready", 0.0)
        self._pause()

    def turn(self, seconds: float) -> None:
        """Run for about `seconds`."""
        answer = self.ask({"seconds": seconds})
        self.timing.rounds.append(answer["times"])
        self.timing.peak_bytes = answer["peak_bytes"]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request while the process is awake."""
        self._signal(signal.SIGCONT)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        self._pause()
        return answer

    def close(self) -> None:
        """End the process."""
        self._signal(signal.SIGCONT)
        self._process.terminate()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            return {"error": f"the process of {self.timing.engine} ended with code {code}"}
        answer: dict[str, Any] = json.loads(line)
        return answer


def measure(
    model: str,
    feeds: Mapping[str, Any],
    engines: Sequence[str],
    *,
    threads: int,
    rounds: int,
    seconds: float,
) -> list[Timing]:
    """Time a model on every engine, in the given order. Raises AiccError if the first cannot."""
    with tempfile.TemporaryDirectory() as folder:
        path, cache = str(Path(folder, "feeds.npz")), Path(folder, "cache")
        save_arrays(path, dict(feeds))
        running: list[Engine] = []
        try:
            for name in engines:
                running.append(_started(name, model, path, threads, cache))
            if running[0].timing.error:
                raise AiccError(f"{engines[0]} does not run '{model}': {running[0].timing.error}")
            fit = [engine for engine in running if not engine.timing.error]
            for _ in range(rounds):
                for engine in fit:
                    engine.turn(seconds)
            _compare(fit, folder)
        finally:
            for engine in running:
                engine.close()
    return [engine.timing for engine in running]


def _started(name: str, model: str, feeds: str, threads: int, cache: Path) -> Engine:
    """An engine ready to be timed; what aicc compiled is in its cache already."""
    if name not in ("aicc", "aicc-bf16"):
        return Engine(name, model, feeds, threads)
    cold = Engine(name, model, feeds, threads, cache)
    cold.close()
    if cold.timing.error:
        return cold
    warm = Engine(name, model, feeds, threads, cache)
    warm.timing.compile_seconds = cold.timing.compile_seconds
    return warm


def _compare(engines: Sequence[Engine], folder: str) -> None:
    """Differences to the outputs of the first engine that is not the one in question."""
    outputs = []
    for engine in engines:
        path = str(Path(folder, f"{engine.timing.engine}.npz"))
        engine.ask({"outputs": path})
        outputs.append(list(read_arrays(path).values()))
    if len(engines) < 2:
        return
    reference = engines[1].timing.engine
    for engine, arrays in zip(engines, outputs, strict=True):
        timing = engine.timing
        pairs = [difference(a, b) for a, b in zip(arrays, outputs[1], strict=True)]
        timing.reference = reference
        timing.max_abs = max((absolute for absolute, _ in pairs), default=0.0)
        timing.max_rel = max((relative for _, relative in pairs), default=0.0)


def difference(a: Any, b: Any) -> tuple[float, float]:
    """(largest absolute difference, the same over the largest element of `b`); inf for shapes.

    Where both have the same infinity, or both a NaN, they agree.
    """
    if a.shape != b.shape:
        return float("inf"), float("inf")
    wide, base = a.astype(np.float64), b.astype(np.float64)
    is_same = (wide == base) | (np.isnan(wide) & np.isnan(base))
    with np.errstate(invalid="ignore"):
        apart = np.nan_to_num(np.abs(wide - base)[~is_same], nan=np.inf)
    largest = float(np.max(apart, initial=0.0))
    scale = float(np.max(np.abs(base[np.isfinite(base)]), initial=0.0))
    return largest, largest / max(scale, 1e-30) if largest else 0.0
