"""Whole models against other engines, 1 and 2 threads: one table, and JSON for the record.

    python benchmarks/models.py MODEL.onnx .. --threads 1,2 --json out.json

It is `aicc bench MODEL .. --against onnxruntime,openvino`, once per number of threads; inputs with
open dimensions need `aicc bench` itself with --shape or --dim. Needs the extra `[bench]`.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from aicc.benchmarking.rounds import Timing, measure
from aicc.tools.cli.arrays import feeds_of
from aicc.tools.cli.summary import print_timings

RANDOM = {"inputs": (), "shapes": (), "dims": (), "seed": 0}


@click.command()
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--threads", default="1,2", help="Numbers of threads, each a table of its own.")
@click.option("--against", default="onnxruntime,openvino", help="Engines to compare with.")
@click.option("--rounds", default=7)
@click.option("--seconds", default=0.5, help="Length of a turn of an engine.")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
def main(
    models: tuple[str, ...],
    threads: str,
    against: str,
    rounds: int,
    seconds: float,
    json_path: Path | None,
) -> None:
    """Print one line per model and engine; ratio below 1: aicc is faster."""
    record = []
    for count in (int(number) for number in threads.split(",")):
        measured: dict[str, list[Timing]] = {}
        for model in models:
            measured[model] = measure(
                model,
                feeds_of(model, RANDOM),
                ["aicc", *against.split(",")],
                threads=count,
                rounds=rounds,
                seconds=seconds,
            )
        print_timings(measured)
        record += [{"model": m, **t.as_json()} for m, rows in measured.items() for t in rows]
    if json_path:
        json_path.write_text(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
