"""`aicc run`: compile a model, or go on from the text of any phase, and run it."""

from __future__ import annotations

import time
from typing import Any

import click

from aicc.tools.cli.artifact import is_artifact, load_artifact
from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    input_options,
    is_ir,
    refuse_options,
    refuse_shapes,
    shape_options,
    threads_option,
)


@click.command("run")
@click.argument("model", type=click.Path())
@click.option("--weights", type=click.Path(), help="Weights of an .mlir MODEL (safetensors).")
@input_options
@click.option("--output", type=click.Path(), help="Where to write the outputs (.npz).")
@click.option("--iters", type=click.IntRange(1), default=1, help="Number of timed runs.")
@click.option("--print", "show", is_flag=True, help="Print the values of the outputs.")
@threads_option
@compilation_options
@shape_options
def run_command(
    model: str,
    weights: str | None,
    inputs: tuple[str, ...],
    seed: int,
    output: str | None,
    iters: int,
    show: bool,
    threads: int | None,
    shapes: list[Any],
    dims: list[Any],
    **arguments: Any,
) -> None:
    """Run MODEL: an ONNX file, an artefact (.aicc), or the .mlir text of any phase with the weights
    `aicc import` wrote.

    Inputs that are not given are generated. Prints a table of the outputs, and times.
    """
    from aicc.tools.cli.progress import progress
    from aicc.tools.cli.summary import print_summary

    if is_ir(model) or is_artifact(model):
        refuse_shapes(model, shapes, dims)
        refuse_options(model, {"threads": threads, **arguments})
    if weights and not is_ir(model):
        raise click.UsageError("--weights goes with .mlir text; other models bring their own")
    if threads and is_artifact(model):
        raise click.UsageError(f"'{model}' is compiled for a number of threads: no --threads")
    start = time.perf_counter()
    with progress(f"compiling {model}") as report:
        if is_artifact(model):
            exe, arrays = load_artifact(model, inputs, seed)
        elif is_ir(model):
            exe, arrays = _resumed(model, weights, inputs, seed, threads, report)
        else:
            chosen = (dict(shapes), dict(dims))
            options = chosen_options({"threads": threads, **arguments})
            exe, arrays = _compiled(model, chosen, inputs, seed, {**options, "progress": report})
        results = exe.run(arrays)
    first = time.perf_counter() - start
    times = []
    for _ in range(iters):
        start = time.perf_counter()
        results = exe.run(arrays)
        times.append(time.perf_counter() - start)
    if output:
        from aicc.tools.cli.arrays import save_outputs

        save_outputs(output, results)
    print_summary(results, first, times, show)


def _compiled(
    path: str,
    chosen: tuple[Any, Any],
    inputs: tuple[str, ...],
    seed: int,
    options: dict[str, Any],
) -> tuple[Any, dict[str, Any]]:
    """An Executable, and inputs for it. Of a model in the cache, the file is not even parsed."""
    from aicc.compiler import compile_model
    from aicc.tools.cli.arrays import completed, read_inputs

    exe = compile_model(path, shapes=chosen[0], dims=chosen[1], **options)
    arrays = read_inputs(inputs, [s.name for s in exe.inputs])
    return exe, completed(exe.inputs, arrays, seed)


def _resumed(
    path: str,
    weights: str | None,
    inputs: tuple[str, ...],
    seed: int,
    threads: int | None,
    report: Any,
) -> tuple[Any, dict[str, Any]]:
    from aicc.ir_text import resume
    from aicc.tools.cli.arrays import generate, read_inputs
    from aicc.weights import load_weights

    loaded = load_weights(weights) if weights else {}
    exe = resume(path, weights=loaded, threads=threads, progress=report)
    arrays = read_inputs(inputs, [s.name for s in exe.inputs])
    for spec in exe.inputs:
        if spec.name not in arrays:
            arrays[spec.name] = generate(spec.name, spec.dtype, spec.dims, seed)
    return exe, arrays
