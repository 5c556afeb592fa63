"""`aicc profile`: where the time of a run goes, kernel by kernel, under the names of ONNX nodes."""

from __future__ import annotations

import json
from typing import Any

import click

from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    input_options,
    shape_options,
    threads_option,
)


@click.command("profile")
@click.argument("model", type=click.Path())
@input_options
@click.option("--runs", type=click.IntRange(1), default=20, show_default=True)
@click.option(
    "--trace", type=click.Path(), help="Write a trace for ui.perfetto.dev or chrome://tracing."
)
@click.option("--json", "json_path", type=click.Path(), help="Write all figures to a file.")
@click.option("--sort", is_flag=True, help="The slowest first, instead of the order of execution.")
@threads_option
@compilation_options
@shape_options
def profile_command(
    model: str,
    runs: int,
    trace: str | None,
    json_path: str | None,
    sort: bool,
    **arguments: Any,
) -> None:
    """Run MODEL and print the median time of every kernel.

    Rates count each operation and each byte of the operands and results once. Roofline: the part
    that a kernel reaches of what this machine could do at most, with the same work; by which of
    the two, computing or moving data, that is bound.
    """
    from aicc.compiler import compile_model
    from aicc.tools.cli.arrays import feeds_of
    from aicc.tools.cli.output import write
    from aicc.tools.cli.progress import progress
    from aicc.tools.cli.summary import print_profile

    feeds = feeds_of(model, arguments)
    shapes = {name: array.shape for name, array in feeds.items()}
    options = chosen_options(arguments)
    with progress(f"compiling {model}") as report:
        exe = compile_model(model, shapes=shapes, profile=True, progress=report, **options)
        profile = exe.profile(feeds, runs=runs)
    print_profile(profile, sort)
    if json_path:
        write(json_path, json.dumps(profile.as_json(), indent=1))
    if trace:
        write(trace, profile.to_chrome_trace())
