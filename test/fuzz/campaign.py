"""Random graphs, compiled at opt levels 0 and 3 and compared with the reference; failures shrunk.

    python test/fuzz/campaign.py --graphs 5000 --jobs 2 --keep failures

A process of its own compiles, so that a crash or a hang costs one graph: it is started again with
the next seed. For each failure the smallest part that still fails is written to the folder, as a
model with its inputs inside the file's name-sake `.npz`; the exit code is 1 if there is any.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import click
import compute_rules
import elementwise_rules
import idiom_rules
import indexing_rules
import movement_rules
import norm_rules
import numpy as np
import onnx
import quantized_rules
from graphs import Graph, random_graph

from aicc.checking.check import Check, Verdict
from aicc.checking.reduce import smallest
from aicc.frontend.onnx import Source

TABLES = (
    *[elementwise_rules, movement_rules, indexing_rules],
    *[compute_rules, norm_rules, idiom_rules, quantized_rules],
)
RULES = [rule for table in TABLES for rule in table.RULES]
NODES = 12
LEVELS = (0, 3)
SECONDS = 120.0  # within which a graph must have been compiled and run at all levels
SHRINK_SECONDS = 60.0


@dataclass(frozen=True)
class Failure:
    """A seed, what went wrong, and how many nodes the smallest failing part has."""

    seed: int
    level: int
    reason: str
    nodes: int

    def __str__(self) -> str:
        return f"seed {self.seed}, -O{self.level}, {self.nodes} nodes: {self.reason}"


def examine(seed: int, keep: Path | None) -> Failure | None:
    """Compile and compare one graph; shrink it if it fails."""
    graph = random_graph(seed, RULES, NODES)
    if not graph.nodes:
        return None
    source = Source(graph.model(), Path())
    for level in LEVELS:
        check = _check(graph, source, level)
        verdict = _verdict(check, graph)
        if not verdict.agrees:
            part = smallest(check.parts.whole(), partial(_fails, check, verdict), SHRINK_SECONDS)
            if keep:
                _write(check, part, keep / f"seed{seed}_O{level}")
            return Failure(seed, level, _reason(verdict), len(part))
    return None


def _check(graph: Graph, source: Source, level: int) -> Check:
    feeds = {i.name: graph.feeds[i.name] for i in source.model.graph.input}
    check = Check(source, feeds, "onnx", {"opt_level": level})
    # what generating the graph has found already; Check would evaluate it once more
    check.__dict__["values"] = {value.name: value.array for value in graph.values}
    return check


def _verdict(check: Check, graph: Graph) -> Verdict:
    model = check.source.model
    expected = {o.name: check.values[o.name] for o in model.graph.output}
    return check.verdict(model, check.feeds, expected, check.source)


def _fails(check: Check, first: Verdict, part: Sequence[int]) -> bool:
    return check.part(part).is_like(first)


def _reason(verdict: Verdict) -> str:
    if verdict.error is not None:
        return f"{type(verdict.error).__name__}: {str(verdict.error).splitlines()[0]}"
    worst = max((d for d in verdict.differences if not d.agrees), key=lambda d: d.worst)
    return worst.reason or f"{worst.name} is off by {worst.max_abs:.3g}"


def _write(check: Check, part: Sequence[int], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(check.parts.cut(part), path.with_suffix(".onnx"))
    np.savez(path.with_suffix(".npz"), **check.parts.feeds(part))


def serve() -> None:
    """The worker: a line `[seed, folder]` in, a line with the failure or null out."""
    for line in sys.stdin:
        seed, folder = json.loads(line)
        failure = examine(seed, Path(folder) if folder else None)
        print(json.dumps(failure.__dict__ if failure else None), flush=True)


class Worker:
    """A process that examines seeds; started again when it dies."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def ask(self, seed: int, keep: Path | None) -> Failure | None:
        """What `examine` finds, or the crash or hang of the process as a failure."""
        process = self._running()
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps([seed, str(keep) if keep else None]) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            is_late = not ready.select(SECONDS + len(LEVELS) * SHRINK_SECONDS)
        answer = "" if is_late else process.stdout.readline()
        if answer:
            found = json.loads(answer)
            return Failure(**found) if found else None
        process.kill()
        code = process.wait()
        self.process = None
        return Failure(seed, -1, "hangs" if is_late else f"ends the process ({code})", 0)

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self.process

    def close(self) -> None:
        """End the process."""
        if self.process is not None and self.process.stdin:
            self.process.stdin.close()
            self.process.wait()


def failures(seeds: Sequence[int], jobs: int, keep: Path | None) -> Iterator[Failure]:
    """Examine all seeds with `jobs` processes; each failure as soon as it is its turn."""
    idle: SimpleQueue[Worker] = SimpleQueue()
    workers = [Worker() for _ in range(jobs)]
    for worker in workers:
        idle.put(worker)

    def examined(seed: int) -> Failure | None:
        worker = idle.get()
        try:
            return worker.ask(seed, keep)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(jobs) as pool:
            yield from filter(None, pool.map(examined, seeds))
    finally:
        for worker in workers:
            worker.close()


def operators_of(seeds: Sequence[int]) -> Counter[str]:
    """How often each operator is drawn."""
    graphs = (random_graph(seed, RULES, NODES) for seed in seeds)
    return Counter(node.op_type for graph in graphs for node in graph.nodes)


@click.command()
@click.option("--graphs", default=200, help="How many graphs.")
@click.option("--seed", default=0, help="The first seed.")
@click.option("--jobs", default=1, help="Processes side by side.")
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the failing models.")
@click.option("--serve", "is_worker", is_flag=True, hidden=True)
def main(graphs: int, seed: int, jobs: int, keep: Path | None, is_worker: bool) -> Any:
    """Fuzz the compiler."""
    if is_worker:
        return serve()
    found = 0
    for failure in failures(range(seed, seed + graphs), jobs, keep):
        found += 1
        print(failure, flush=True)
    print(f"{graphs} graphs, {found} failures")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
