"""`aicc bench`: latencies of a model, side by side with other engines."""

from __future__ import annotations

import json
from typing import Any

import click

from aicc.tools.cli.options import input_options, shape_options, threads_option


@click.command("bench")
@click.argument("models", nargs=-1, required=True, type=click.Path())
@click.option(
    "--against",
    default="",
    help="Other engines: onnxruntime,openvino,openvino-bf16, or reference, onnx's own evaluator.",
)
@click.option(
    "--precision",
    type=click.Choice(["f32", "bf16"]),
    default="f32",
    show_default=True,
    help="Precision of aicc's products.",
)
@input_options
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True)
@click.option(
    "--seconds", type=float, default=0.5, show_default=True, help="Length of a turn of an engine."
)
@click.option("--json", "json_path", type=click.Path(), help="Write every measurement to a file.")
@threads_option
@shape_options
def bench_command(models: tuple[str, ...], **arguments: Any) -> None:
    """Time MODELS. Every engine has its own process; they take turns, the others stand still.

    The ratio is aicc's time over the other's within a round, the median of the rounds: below 1,
    aicc is faster. Compiling starts with an empty cache; "ready" is the time until the first result
    when aicc finds the compiled model in its cache. Errors are those against the first engine in
    --against: the largest difference, and the same over the largest element of the output.
    """
    from aicc.benchmarking.rounds import measure
    from aicc.runtime.library import default_threads
    from aicc.tools.cli.arrays import feeds_of
    from aicc.tools.cli.output import write
    from aicc.tools.cli.progress import progress
    from aicc.tools.cli.summary import print_timings

    threads = arguments["threads"] or default_threads()
    ours = "aicc" if arguments["precision"] == "f32" else "aicc-bf16"
    engines = [ours, *(name for name in arguments["against"].split(",") if name)]
    measured = {}
    for model in models:
        feeds = feeds_of(model, arguments)
        with progress(f"timing {model}"):
            measured[model] = measure(
                model,
                feeds,
                engines,
                threads=threads,
                rounds=arguments["rounds"],
                seconds=arguments["seconds"],
            )
    print_timings(measured)
    if arguments["json_path"]:
        rows = {model: [t.as_json() for t in timings] for model, timings in measured.items()}
        write(arguments["json_path"], json.dumps(rows, indent=1))
