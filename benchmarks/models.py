"""Whole models against ONNX Runtime, side by side in one process.

    python benchmarks/models.py MODEL.onnx .. --threads 1 --shape input=1,3,224,224 --json out.json

Rounds are interleaved and medians quoted, so that a drift of the machine's speed hits both alike;
a pause lets the other engine's workers fall asleep. Needs the extra `[bench]`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
import onnxruntime
from rich.console import Console
from rich.table import Table

import aicc
from aicc.tools.cli.arrays import generate

PAUSE = 0.1  # seconds; ONNX Runtime's workers spin for some milliseconds after a run


def milliseconds(run: Callable[[], Any], repeats: int) -> float:
    """Mean time of `repeats` calls after one that is not counted."""
    run()
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats * 1e3


def compare(path: Path, threads: int, shapes: dict[str, tuple[int, ...]], rounds: int) -> dict:
    """Times, their ratio, and the largest difference of the outputs relative to their range."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    peer = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    start = time.perf_counter()
    exe = aicc.compile(path, threads=threads, shapes=shapes)
    inputs = {s.name: generate(s.name, s.dtype, shapes.get(s.name, s.dims), 0) for s in exe.inputs}
    ours = exe.run(inputs)
    compile_seconds = time.perf_counter() - start
    theirs = dict(zip([o.name for o in peer.get_outputs()], peer.run(None, inputs), strict=True))
    error = max(
        float(np.abs(ours[n] - y).max() / max(np.abs(y).max(), 1e-9)) for n, y in theirs.items()
    )
    times: dict[str, list[float]] = {"aicc": [], "onnxruntime": []}
    for _ in range(rounds):
        for name, run in (
            ("aicc", lambda: exe.run(inputs)),
            ("onnxruntime", lambda: peer.run(None, inputs)),
        ):
            time.sleep(PAUSE)
            times[name].append(milliseconds(run, repeats=5))
    ours_ms, theirs_ms = median(times["aicc"]), median(times["onnxruntime"])
    return {
        "model": path.name,
        "threads": threads,
        "compile_s": compile_seconds,
        "aicc_ms": ours_ms,
        "onnxruntime_ms": theirs_ms,
        "ratio": ours_ms / theirs_ms,
        "error": error,
    }


@click.command()
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--threads", default=1, help="Threads of both engines.")
@click.option("--shape", multiple=True, help="input=1,3,224,224")
@click.option("--rounds", default=7)
@click.option("--json", "json_path", type=click.Path(path_type=Path))
def main(
    models: tuple[Path, ...], threads: int, shape: tuple[str, ...], rounds: int, json_path: Path
) -> None:
    """Print one line per model; ratio below 1: aicc is faster."""
    shapes = {
        name: tuple(int(d) for d in sizes.split(","))
        for name, _, sizes in (s.partition("=") for s in shape)
    }
    rows = [compare(path, threads, shapes, rounds) for path in models]
    table = Table("model", "aicc ms", "ONNX Runtime ms", "ratio", "compile s", "error")
    for r in rows:
        table.add_row(
            r["model"],
            f"{r['aicc_ms']:.2f}",
            f"{r['onnxruntime_ms']:.2f}",
            f"{r['ratio']:.2f}",
            f"{r['compile_s']:.1f}",
            f"{r['error']:.1e}",
        )
    Console().print(table)
    if json_path:
        json_path.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
