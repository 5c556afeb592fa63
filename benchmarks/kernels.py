"""Kernels one by one: aicc against other engines, in microseconds and GFLOP/s.

    python benchmarks/kernels.py --threads 1,2 --only matmul_128 --json kernels.json

The shapes are those of benchmarks/kernel_cases.py. Percent are of the float32 rate that the machine
reaches without memory. The file is what benchmarks/report.py makes its tables of. Needs the extra
`[bench]`.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import click
import numpy as np
import onnx
from kernel_cases import KERNELS, Kernel

from aicc.benchmarking.machine_speed import machine_speed
from aicc.benchmarking.rounds import Timing, measure
from aicc.cache import Cache


def timings(kernel: Kernel, engines: list[str], **turns: Any) -> list[Timing]:
    """One kernel on every engine, by turns; the first engine is aicc."""
    random = np.random.default_rng(1)
    feeds = {
        name: random.standard_normal(shape).astype(np.float32)
        for name, shape in kernel.inputs.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "model.onnx"))
        onnx.save(kernel.model(), path)
        return measure(path, feeds, engines, **turns)


def line(kernel: Kernel, rows: list[Timing], peak: float) -> str:
    """Time of aicc, the rate of every engine, and the speed-up over the best of the others."""
    fit = [row for row in rows if not row.error]
    rates = {row.engine: kernel.flops / row.median for row in fit}
    columns = [f"{n} {r / 1e9:6.1f} ({r / peak:4.0%})" for n, r in rates.items()]
    peers = [row.median for row in fit[1:]]
    ratio = f"{min(peers) / fit[0].median:5.2f}x" if peers else ""
    return f"{kernel.name:30s} {fit[0].median * 1e6:9.1f} us  {'  '.join(columns)}  {ratio}"


def record(kernel: Kernel, rows: list[Timing], threads: int, peak: float) -> list[dict[str, Any]]:
    """One entry per engine; `ratio` is aicc's time over the engine's."""
    ours = rows[0].median
    return [
        {
            "kernel": kernel.name,
            "kind": kernel.kind,
            "engine": row.engine,
            "threads": threads,
            "flops": kernel.flops,
            "peak_flops": peak,
            "median": None if row.error else row.median,
            "ratio": None if row.error else ours / row.median,
        }
        for row in rows
    ]


@click.command()
@click.option("--threads", default="1,2", help="Numbers of threads, one after the other.")
@click.option("--against", default="onnxruntime,openvino", help="Engines to compare with.")
@click.option("--only", default="", help="Kernels whose name holds this text.")
@click.option("--rounds", default=5)
@click.option("--seconds", default=0.1, help="Length of a turn of an engine.")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
def main(
    threads: str, against: str, only: str, rounds: int, seconds: float, json_path: Path | None
) -> None:
    """Print one line per kernel; the last column above 1: aicc is the fastest."""
    engines = ["aicc", *against.split(",")]
    found: list[dict[str, Any]] = []
    for count in (int(number) for number in threads.split(",")):
        peak = machine_speed(count, Cache(None)).flops
        click.echo(f"{count} threads, {peak / 1e9:.0f} GFLOP/s at most")
        for kernel in (k for k in KERNELS if only in k.name):
            rows = timings(kernel, engines, threads=count, rounds=rounds, seconds=seconds)
            click.echo(line(kernel, rows, peak))
            found += record(kernel, rows, count, peak)
    if json_path:
        json_path.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
