"""Makes docs/performance.md of measurements, and keeps them beside it as docs/performance.json.

    python benchmarks/report.py models.json kernels.json .. [--machine "2-core Xeon"]
    python benchmarks/report.py                               # the page anew, of the kept record

Each file is a list of rows, as benchmarks/models.py and benchmarks/kernels.py write them: `engine`,
`threads`, `median`, `ratio` (aicc's time over the engine's), and `model` or `kernel` with its
`kind`. What is not among the files stays in the record as it is: models and kernels may be measured
on different days. A test compares the page with what this would write.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Sequence
from math import exp, log
from pathlib import Path
from typing import Any

import click

FOLDER = Path(__file__).parents[1] / "docs"
RECORD, PAGE = FOLDER / "performance.json", FOLDER / "performance.md"
OURS = "aicc"
KINDS = {
    "convolutional": "Convolutional networks",
    "transformer": "Transformers",
    "recurrent": "Recurrent networks",
    "quantised": "Quantised models",
    "other": "Other models",
}
Row = dict[str, Any]


def environment(machine: str) -> dict[str, str]:
    """Where and with what was measured."""
    from aicc import target

    host = target.host()
    caches = "/".join(str(size >> 10) for size in (host.l1_bytes, host.l2_bytes))
    kind = f"{host.vector_bits}-bit vectors, L1/L2 {caches} KiB"
    packages = ("aicc", "torch-mlir", "onnxruntime", "openvino", "numpy")
    return {
        "machine": f"{machine or _cpu_name()}, {kind}",
        "system": f"{platform.system()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {_version(name)}" for name in packages),
        "date": datetime.date.today().isoformat(),
    }


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if name == "aicc":
            from aicc import __version__

            return __version__
        return "(none)"


def page(record: dict[str, Any]) -> str:
    """The text of docs/performance.md."""
    parts = [
        "# Performance",
        "",
        "Generated from `docs/performance.json` by `benchmarks/report.py`. Every engine ran in a",
        "process of its own; they took turns, and those that waited were stopped. A speed-up is",
        "the other engine's time over aicc's, the median over the rounds: above 1, aicc is faster.",
        "All engines compute in float32, quantised models aside. Compiling began with an empty",
        "cache; MB are the peak of the process that ran. The error is that of aicc against the",
        "first of the other engines, over the largest element of an output.",
    ]
    for section, title in (("models", "Models"), ("kernels", "Kernels")):
        rows = record.get(section, {}).get("rows", [])
        if rows:
            parts += ["", f"## {title}", "", *_environment(record[section]["environment"])]
            parts += _section(rows, "model" if section == "models" else "kernel")
    return "\n".join(parts) + "\n"


def _environment(stated: dict[str, str]) -> list[str]:
    return [f"- {name}: {text}" for name, text in stated.items()]


def _summary(rows: Sequence[Row], name: str) -> list[str]:
    """The geometric means of all tables."""
    others = [e for e in dict.fromkeys(row["engine"] for row in rows) if e != OURS]
    titles = ["geometric mean of speed-ups", "threads", name + "s", *others, "best of them"]
    lines = ["", _line(titles), _line(["---"] * len(titles))]
    for kind in _in_order({row["kind"] for row in rows}):
        for threads in sorted({row["threads"] for row in rows}):
            some = [r for r in rows if (r["kind"], r["threads"]) == (kind, threads)]
            count = len({row[name] for row in some})
            means = [_mean(speedup(r) for r in some if r["engine"] == e) for e in others]
            cells = [_title(kind), str(threads), str(count)]
            lines.append(_line([*cells, *map(_ratio, [*means, _best_mean(some, name)])]))
    return lines


def _title(kind: str) -> str:
    return KINDS.get(kind, kind.capitalize())


def _best_mean(rows: Sequence[Row], name: str) -> float | None:
    """The mean speed-up over whichever other engine is fastest on each."""
    names = dict.fromkeys(row[name] for row in rows)
    return _mean(best_speedup(r for r in rows if r[name] == one) for one in names)


def _section(rows: Sequence[Row], name: str) -> list[str]:
    parts = _summary(rows, name)
    for threads in sorted({row["threads"] for row in rows}):
        some = [row for row in rows if row["threads"] == threads]
        parts += ["", f"### {threads} thread{'s' * (threads > 1)}"]
        for kind in _in_order({row["kind"] for row in some}):
            chosen = [row for row in some if row["kind"] == kind]
            parts += ["", f"{_title(kind)}:", "", *_table(chosen, name)]
    return parts


def _in_order(kinds: set[str]) -> list[str]:
    return [k for k in KINDS if k in kinds] + sorted(kinds - set(KINDS))


def _table(rows: Sequence[Row], name: str) -> list[str]:
    engines = list(dict.fromkeys(row["engine"] for row in rows))
    others = [engine for engine in engines if engine != OURS]
    has_memory = any(row.get("peak_bytes") for row in rows)
    titles = [name, *(f"{e} ms" for e in engines), *(f"speed-up over {e}" for e in others)]
    titles += ["over the best"] if len(others) > 1 else []
    if has_memory:
        titles += ["compile s", *(f"{e} MB" for e in engines), "max rel. error"]
    lines = [_line(titles), _line(["---"] * len(titles))]
    for one in dict.fromkeys(row[name] for row in rows):
        by_engine = {row["engine"]: row for row in rows if row[name] == one}
        lines.append(_line(_cells(one, by_engine, engines, has_memory)))
    means = [_mean(speedup(row) for row in rows if row["engine"] == e) for e in others]
    cells = ["geometric mean", *([""] * len(engines)), *map(_ratio, means)]
    cells += [_ratio(_best_mean(rows, name))] if len(others) > 1 else []
    return [*lines, _line([*cells, *([""] * (len(titles) - len(cells)))])]


def _cells(
    one: str, by_engine: dict[str, Row], engines: Sequence[str], has_memory: bool
) -> list[str]:
    found = [by_engine.get(engine, {}) for engine in engines]
    others = [row for engine, row in zip(engines, found, strict=True) if engine != OURS]
    cells = [one, *(_milliseconds(row) for row in found)]
    cells += [_ratio(speedup(row)) for row in others]
    if len(others) > 1:
        cells.append(_ratio(best_speedup(others)))
    if has_memory:
        ours = by_engine.get(OURS, {})
        memory = [f"{row['peak_bytes'] / 1e6:.0f}" if row.get("median") else "-" for row in found]
        error = f"{ours['max_rel']:.0e}" if ours.get("reference") else "-"
        cells += [f"{ours.get('compile_seconds', 0):.1f}", *memory, error]
    return cells


def speedup(row: Row) -> float | None:
    """The engine's time over aicc's; None if it did not run."""
    return 1 / row["ratio"] if row.get("ratio") and row["engine"] != OURS else None


def best_speedup(rows: Iterable[Row]) -> float | None:
    """Over the fastest of the other engines."""
    found = [s for s in map(speedup, rows) if s is not None]
    return min(found) if found else None


def _mean(speedups: Iterable[float | None]) -> float | None:
    found = [log(s) for s in speedups if s is not None]
    return exp(sum(found) / len(found)) if found else None


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _milliseconds(row: Row) -> str:
    return f"{row['median'] * 1e3:.4g}" if row.get("median") else "-"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def taken_in(record: dict[str, Any], rows: Sequence[Row], stated: dict[str, str]) -> dict[str, Any]:
    """The record with the sections that `rows` belong to replaced."""
    sections = {"models": "model", "kernels": "kernel"}
    for section, name in sections.items():
        chosen = [row for row in rows if name in row]
        if chosen:
            record = {**record, section: {"environment": stated, "rows": chosen}}
    return record


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--machine", default="", help="Name of the machine (default: the CPU's).")
def main(files: tuple[Path, ...], machine: str) -> None:
    """Take measurements into the record, and write the page."""
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    rows = [row for file in files for row in json.loads(file.read_text())]
    if rows:
        record = taken_in(record, rows, environment(machine))
        RECORD.write_text(json.dumps(record, indent=1) + "\n")
    PAGE.write_text(page(record))


if __name__ == "__main__":
    main()
