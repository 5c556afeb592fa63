"""What the optimisation levels bring: kernels, memory, time and agreement, one row per model.

    python benchmarks/levels.py MODEL.onnx .. --levels 0,3 --json out.json

Outputs of all levels are compared with those of ONNX Runtime (else of level 0) on random inputs;
"of allowed" above 1 would be a disagreement (aicc.checking.comparison). One thread.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

import aicc
from aicc.checking.comparison import compare
from aicc.checking.reference import default_reference, evaluate
from aicc.frontend.onnx import read_source
from aicc.lowering import memory_plan
from aicc.passes.signature import functions_of
from aicc.tools.cli.arrays import feeds_of, read_inputs

RANDOM = {"inputs": (), "shapes": (), "dims": (), "seed": 0}
BUDGET = 2.0  # seconds of timing per model and level


def inputs_of(path: str) -> dict[str, Any]:
    """The case that lies beside the model, if there is one, else random arrays."""
    case = Path(path).with_suffix(".case0.inputs.npz")
    if not case.exists():
        return feeds_of(path, RANDOM)
    from aicc.frontend.onnx import input_specs

    names = [spec.name for spec in input_specs(read_source(path).model.graph)]
    return read_inputs([str(case)], names)


def kernels_and_arena(exe: Any) -> tuple[int, int]:
    """Kernel calls of @main, and bytes of its arena."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "buffers.mlir")
        path.write_text(exe.ir("buffers"))
        module = aicc.load_module(path)
    with module.context:
        main = next(f for f in functions_of(module.operation) if f.name.value == "main")
        ops = [op.operation for op in main.operation.regions[0].blocks[0].operations]
        calls = sum(op.name == "func.call" for op in ops)
    return calls, memory_plan(module)["main"]["bytes"]


def seconds(exe: Any, feeds: dict[str, Any]) -> float:
    """Median time of a run."""
    exe.run(feeds)
    times: list[float] = []
    while sum(times) < BUDGET and len(times) < 200 or len(times) < 3:
        start = time.perf_counter()
        exe.run(feeds)
        times.append(time.perf_counter() - start)
    return median(times)


def measure(path: str, level: int, feeds: dict[str, Any], expected: dict[str, Any]) -> dict:
    """One model at one level."""
    shapes = {name: array.shape for name, array in feeds.items()}
    exe = aicc.compile(path, shapes=shapes, threads=1, opt_level=level)
    results = exe.run(feeds)
    calls, arena = kernels_and_arena(exe)
    worst = max(compare(n, results[n], expected[n]).worst for n in expected)
    return {
        "model": Path(path).stem,
        "level": level,
        "kernels": calls,
        "arena_bytes": arena,
        "milliseconds": seconds(exe, feeds) * 1e3,
        "of_allowed": worst,
    }


def expected_of(path: str, feeds: dict[str, Any]) -> dict[str, Any]:
    """The reference's outputs, or level 0's where the reference cannot run the model."""
    source = read_source(path)
    names = [o.name for o in source.model.graph.output]
    try:
        return evaluate(source, feeds, names, default_reference())
    except aicc.InvalidModel:
        shapes = {name: array.shape for name, array in feeds.items()}
        return aicc.compile(path, shapes=shapes, threads=1, opt_level=0).run(feeds)


def print_table(rows: list[dict], levels: list[int]) -> None:
    """Models down, levels across."""
    table = Table(box=None, header_style="bold")
    table.add_column("model")
    titles = (("kernels", "kernels"), ("arena_bytes", "arena KiB"), ("milliseconds", "ms"))
    for _, title in titles:
        for level in levels:
            table.add_column(f"{title} O{level}", justify="right")
    table.add_column("of allowed", justify="right")
    for name in dict.fromkeys(row["model"] for row in rows):
        mine = {row["level"]: row for row in rows if row["model"] == name}
        cells = []
        for key, _ in titles:
            scale = 1024 if key == "arena_bytes" else 1
            cells += [f"{mine[level][key] / scale:.4g}" for level in levels]
        worst = np.max([row["of_allowed"] for row in mine.values()])
        table.add_row(name, *cells, f"{worst:.2g}")
    Console(width=160).print(table)


@click.command()
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--levels", default="0,3")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
def main(models: tuple[str, ...], levels: str, json_path: Path | None) -> None:
    """Print the table."""
    chosen, rows = [int(level) for level in levels.split(",")], []
    for path in models:
        feeds = inputs_of(path)
        expected = expected_of(path, feeds)
        rows += [measure(path, level, feeds, expected) for level in chosen]
    print_table(rows, chosen)
    if json_path:
        json_path.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
