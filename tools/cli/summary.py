"""What `aicc run` prints: a table of the outputs, their values if wanted, and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aicc.tools.cli.arrays import arrays_in

if TYPE_CHECKING:
    from aicc.benchmarking.rounds import Timing
    from aicc.checking.comparison import Difference
    from aicc.inspection.operators import Operator
    from aicc.runtime.profile import Profile
    from aicc.runtime.roofline import MachineSpeed

TOP = 5


def print_summary(
    results: Mapping[str, Any], first: float, times: Sequence[float], show: bool
) -> None:
    """Write everything to stdout; `first` and `times` are seconds."""
    console = _console()
    results = dict(arrays_in(results))
    console.print(outputs_table(results))
    for name, array in results.items():
        if is_scores(array):
            console.print(Text(f"top {TOP} of {name}: {top_scores(array)}"))
        if show:
            console.print(Text(f"{name} =\n{array}"))
    console.print(Text(times_line(first, times)))


def outputs_table(results: Mapping[str, Any]) -> Table:
    """Name, dtype, shape and range of every output."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("output", "dtype", "shape"):
        table.add_column(title, overflow="fold")
    for title in ("min", "mean", "max"):
        table.add_column(title, justify="right", no_wrap=True)
    for name, array in results.items():
        shape = "x".join(str(d) for d in array.shape) or "scalar"
        # Text: a name is not to be read as markup
        dtype = "string" if array.dtype.kind == "U" else array.dtype.name
        table.add_row(Text(name), dtype, shape, *_range(array))
    return table


def print_differences(differences: Sequence[Difference]) -> None:
    """A table of how tensors differ from a reference; `of allowed` above 1 is a failure."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("output", overflow="fold")
    table.add_column("shape")
    for title in ("max abs", "max rel", "of allowed", "wrong"):
        table.add_column(title, justify="right", no_wrap=True)
    for d in differences:
        shape = "x".join(map(str, d.shape)) or "scalar"
        numbers = [f"{value:.3g}" for value in (d.max_abs, d.max_rel, d.worst)]
        table.add_row(Text(d.name), shape, *numbers, d.reason or str(d.wrong))
    _console().print(table)


def print_profile(profile: Profile, sort: bool) -> None:
    """A table of kernels with their times, and one of their classes."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("ONNX nodes", overflow="fold")
    table.add_column("class")
    for title in ("µs", "share", "GFLOP/s", "GB/s", "roofline"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("bound by")
    table.add_column("kernel", overflow="fold")
    rows = sorted(profile.rows, key=lambda row: -row.seconds) if sort else profile.rows
    for row in rows:
        numbers = [f"{row.seconds * 1e6:.1f}", f"{row.share:.1%}"]
        rates = [f"{row.gflops:.1f}", f"{row.gigabytes:.1f}"]
        limit = [f"{row.roofline:.0%}" if row.bound else "-", row.bound or "-"]
        nodes = Text(", ".join(row.interval.nodes))
        table.add_row(nodes, row.interval.kind, *numbers, *rates, *limit, row.interval.kernel)
    _console().print(table)
    whole = sum(seconds for _, seconds in profile.by_class().values())
    for kind, (calls, seconds) in profile.by_class().items():
        click.echo(f"{kind}: {calls} calls, {seconds * 1e6:.1f} µs, {seconds / whole:.1%}")
    middle = float(np.median(profile.total))
    click.echo(f"{len(profile.total)} runs, median {middle * 1e3:.3f} ms")
    if profile.speed:
        click.echo(_speed_line(profile.speed))
    for node in profile.host_steps:
        click.echo(f"host step: {node}")


def _speed_line(speed: MachineSpeed) -> str:
    rates = (speed.flops, speed.memory_bytes, speed.cached_bytes)
    flops, memory, cached = (rate / 1e9 for rate in rates)
    return (
        f"this machine, {speed.threads} thread{'s' * (speed.threads > 1)}: {flops:.0f} GFLOP/s, "
        f"memory {memory:.0f} GB/s, second-level cache {cached:.0f} GB/s"
    )


def print_operators(operators: Sequence[Operator]) -> None:
    """A table of a model's nodes, and their sums."""
    from aicc.inspection.operators import totals

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("node", "operator", "inputs", "outputs"):
        table.add_column(title, overflow="fold")
    for title in ("parameters", "MFLOP", "MB", "FLOP/byte"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in operators:
        shapes = (", ".join(row.inputs), ", ".join(row.outputs))
        table.add_row(
            Text(row.name),
            row.op_type,
            *shapes,
            *_amounts(row.parameters, row.work.flops, row.work.bytes),
        )
    table.add_section()
    sums = totals(operators)
    whole = _amounts(sums["parameters"], sums["flops"], sums["bytes"])
    table.add_row(f"{sums['nodes']} nodes", "", "", "", *whole, style="bold")
    _console().print(table)


def _amounts(parameters: int, flops: int, size: int) -> list[str]:
    per_byte = f"{flops / size:.2f}" if size else "-"
    return [f"{parameters:,}", f"{flops / 1e6:.3f}", f"{size / 1e6:.3f}", per_byte]


def print_timings(measured: Mapping[str, Sequence[Timing]]) -> None:
    """A table of latencies; the ratios are aicc's time over the other engine's."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("model", overflow="fold")
    table.add_column("engine")
    numbers = ("threads", "median ms", "p10..p90", "ratio", "compile s", "ready s", "peak MB")
    for title in (*numbers, "max abs", "max rel"):
        table.add_column(title, justify="right", no_wrap=True)
    for model, timings in measured.items():
        for timing in timings:
            table.add_row(
                Text(Path(model).name),
                timing.engine,
                str(timing.threads),
                *_timed(timings[0], timing),
            )
    _console().print(table)


def _timed(ours: Timing, timing: Timing) -> list[str]:
    if timing.error:
        return [timing.error.splitlines()[0][:60], *([""] * 7)]
    low, high = timing.spread
    return [
        f"{timing.median * 1e3:.3f}",
        f"{low * 1e3:.3f}..{high * 1e3:.3f}",
        "" if timing is ours else f"{ours.ratio_to(timing):.2f}",
        f"{timing.compile_seconds:.2f}",
        f"{timing.ready_seconds:.2f}",
        f"{timing.peak_bytes / 1e6:.0f}",
        *([f"{timing.max_abs:.1e}", f"{timing.max_rel:.1e}"] if timing.reference else ["", ""]),
    ]


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=120)


def _range(array: Any) -> list[str]:
    if not array.size or array.dtype.kind == "U":
        return ["-", "-", "-"]
    wide = array.astype(np.float64)
    return [f"{value:.6g}" for value in (wide.min(), wide.mean(), wide.max())]


def is_scores(array: Any) -> bool:
    """True for one row of floating-point scores, as a classifier gives."""
    is_float = array.dtype.kind == "f" or array.dtype.name == "bfloat16"
    return bool(is_float and array.size >= TOP and max(array.shape) == array.size)


def top_scores(array: Any) -> str:
    """`index: score` of the highest scores."""
    flat = array.reshape(-1).astype(np.float64)
    best = np.argsort(-flat, kind="stable")[:TOP]
    return ", ".join(f"{i}: {flat[i]:.4g}" for i in best)


def times_line(first: float, times: Sequence[float]) -> str:
    """Compile time and run times, in words."""
    best, mean = min(times) * 1e3, sum(times) / len(times) * 1e3
    runs = f"run {best:.3f} ms" if len(times) == 1 else f"{len(times)} runs: best {best:.3f} ms"
    tail = "" if len(times) == 1 else f", mean {mean:.3f} ms"
    return f"compile and first run {first:.2f} s, {runs}{tail}"
