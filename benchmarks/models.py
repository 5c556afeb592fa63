"""Whole models against other engines, 1 and 2 threads: one table, and JSON for the record.

    python benchmarks/models.py MANIFEST.json MODEL.onnx .. --threads 1,2 --json models.json

It is `aicc bench MODEL .. --against onnxruntime,openvino`, once per number of threads. A manifest
lists models; what it does not say is found out, and paths are relative to it:

    {"models": [{"file": "bert.onnx", "name": "BERT", "kind": "transformer",
                 "inputs": "bert.npz", "shapes": {"ids": [1, 128]}, "dims": {"batch": 1}}]}

Inputs are those of the manifest, else of `MODEL*.inputs.npz` beside the model, else random numbers.
The JSON is a list of rows, one per model, engine and number of threads: benchmarks/report.py makes
docs/performance.md of it. Needs the extra `[bench]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import onnx

from aicc.benchmarking.rounds import Timing, measure
from aicc.diagnostics import AiccError
from aicc.tools.cli.arrays import feeds_of
from aicc.tools.cli.options import shape_options
from aicc.tools.cli.summary import print_timings

RECURRENT = {"LSTM", "GRU", "RNN"}
PRODUCTS = {"MatMul", "Gemm", "Attention", "MultiHeadAttention"}


@dataclass(frozen=True)
class Case:
    """A model to time, and what is known of its inputs."""

    path: Path
    name: str
    kind: str
    inputs: tuple[str, ...] = ()
    shapes: dict[str, Sequence[int]] = field(default_factory=dict)
    dims: dict[str, int] = field(default_factory=dict)


def cases(models: Sequence[str], shapes: dict[str, Any], dims: dict[str, int]) -> Iterator[Case]:
    """The cases of .onnx files and manifests; `shapes` and `dims` go to all of them."""
    for model in map(Path, models):
        if model.suffix != ".json":
            yield _case(model, {}, shapes, dims)
            continue
        for entry in json.loads(model.read_text())["models"]:
            yield _case(model.parent / entry["file"], entry, shapes, dims)


def _case(path: Path, entry: dict[str, Any], shapes: dict[str, Any], dims: dict[str, int]) -> Case:
    given = entry.get("inputs") if isinstance(entry.get("inputs"), str) else None
    tried = [case["inputs"] for case in entry.get("cases", [])]
    beside = sorted(path.parent.glob(f"{path.stem}.*inputs.npz"))
    files = [path.parent / name for name in ([given] if given else tried)] or beside
    return Case(
        path,
        entry.get("name") or path.stem,
        entry.get("kind") or kind_of(path),
        tuple(map(str, files[:1])),
        {**entry.get("shapes", {}), **shapes},
        {**entry.get("dims", {}), **dims},
    )


def kind_of(path: Path) -> str:
    """A key of `KINDS` in report.py, by the operators that dominate."""
    ops = list(_operators(onnx.load(str(path), load_external_data=False).graph))
    if "QuantizeLinear" in ops:
        return "quantised"
    convolutions = sum("Conv" in op for op in ops)
    products = sum(op in PRODUCTS for op in ops)
    if RECURRENT & set(ops):
        return "recurrent"
    if convolutions > products:
        return "convolutional"
    return "transformer" if products and {"Softmax", "Attention"} & set(ops) else "other"


def _operators(graph: onnx.GraphProto) -> Iterator[str]:
    """The operators of a graph and of the graphs in its nodes."""
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            yield from _operators(attribute.g)


def rows_of(case: Case, timings: Sequence[Timing]) -> list[dict[str, Any]]:
    """Plain data; `ratio` is aicc's time over the engine's."""
    ours, rows = timings[0], []
    for timing in timings:
        row = {"model": case.name, "kind": case.kind, **timing.as_json()}
        del row["rounds"]
        row["ratio"] = ours.ratio_to(timing) if timing.rounds else None
        rows.append(row)
    return rows


def _measured(case: Case, against: str, threads: int, rounds: int, seconds: float) -> list[Timing]:
    arguments = {
        "inputs": case.inputs,
        "shapes": case.shapes.items(),
        "dims": case.dims.items(),
        "seed": 0,
    }
    feeds = feeds_of(str(case.path), arguments)
    engines = ["aicc", *(name for name in against.split(",") if name)]
    return measure(str(case.path), feeds, engines, threads=threads, rounds=rounds, seconds=seconds)


@click.command()
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--threads", default="1,2", help="Numbers of threads, each a table of its own.")
@click.option("--against", default="onnxruntime,openvino", help="Engines to compare with.")
@click.option("--only", default="", help="Names of models, separated by commas.")
@click.option("--rounds", default=7)
@click.option("--seconds", default=0.5, help="Length of a turn of an engine.")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
@shape_options
def main(
    models: tuple[str, ...],
    threads: str,
    against: str,
    only: str,
    rounds: int,
    seconds: float,
    json_path: Path | None,
    shapes: Sequence[tuple[str, Any]],
    dims: Sequence[tuple[str, int]],
) -> None:
    """Print one line per model and engine; ratio below 1: aicc is faster."""
    record: list[dict[str, Any]] = []
    chosen = list(cases(models, dict(shapes), dict(dims)))
    if only:
        chosen = [case for case in chosen if case.name in only.split(",")]
    for count in (int(number) for number in threads.split(",")):
        for case in chosen:
            try:
                timings = _measured(case, against, count, rounds, seconds)
            except AiccError as error:
                click.echo(f"{case.name}: {error}", err=True)
                timings = [Timing("aicc", count, error=str(error))]
            print_timings({case.name: timings})
            record += rows_of(case, timings)
            if json_path:  # at once: the next model may end everything
                json_path.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
