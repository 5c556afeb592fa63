"""Interleaved rounds: the engines take turns, and those that wait are stopped.

A machine's speed drifts within minutes, and idle engines' workers spin; so every round times every
engine, all others stand still (SIGSTOP), and ratios are taken within a round.
"""

from __future__ import annotations

import json
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
    """One engine on one model; times in seconds."""

    engine: str
    threads: int
    error: str = ""
    ready_seconds: float = 0.0
    peak_bytes: int = 0
    rounds: list[list[float]] = field(default_factory=list)
    max_difference: float = 0.0

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

    def __init__(self, name: str, model: str, feeds: str, threads: int) -> None:
        self.timing = Timing(name, threads)
        command = [sys.executable, "-m", "aicc.benchmarking.worker", name, model, feeds]
        self._process = subprocess.Popen(
            [*command, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        answer = self._read()
        self.timing.error = answer.get("error", "")
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
        path = str(Path(folder, "feeds.npz"))
        save_arrays(path, dict(feeds))
        running: list[Engine] = []
        try:
            for name in engines:
                running.append(Engine(name, model, path, threads))
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


def _compare(engines: Sequence[Engine], folder: str) -> None:
    """Largest difference to the first engine's outputs, over the largest element of each."""
    outputs = []
    for engine in engines:
        path = str(Path(folder, f"{engine.timing.engine}.npz"))
        engine.ask({"outputs": path})
        outputs.append(list(read_arrays(path).values()))
    for engine, arrays in zip(engines, outputs, strict=True):
        pairs = zip(arrays, outputs[0], strict=True)
        engine.timing.max_difference = max((_difference(a, b) for a, b in pairs), default=0.0)


def _difference(a: Any, b: Any) -> float:
    if a.shape != b.shape or not a.size:
        return 0.0 if a.shape == b.shape else float("inf")
    wide, base = a.astype(np.float64), b.astype(np.float64)
    scale = float(np.max(np.abs(base), initial=0.0))
    return float(np.max(np.abs(wide - base))) / max(scale, 1e-30)
