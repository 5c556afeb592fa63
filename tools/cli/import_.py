"""`aicc import`: an ONNX model as MLIR text, its weights, and what of it aicc covers."""

from __future__ import annotations

from typing import Any

import click

from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    shape_options,
    threads_option,
)


@click.command("import")
@click.argument("model", type=click.Path())
@click.option("-o", "--output", default="-", help="MLIR text (default: stdout).")
@click.option("--weights", type=click.Path(), help="Where to write the weights (safetensors).")
@click.option("--report", type=click.Path(), help="Coverage report; JSON if it ends in .json.")
@click.option("--input", "inputs", multiple=True, help="NAME=FILE.npy: an input that sets shapes.")
@threads_option
@compilation_options
@shape_options
def import_command(
    model: str,
    output: str,
    weights: str | None,
    report: str | None,
    inputs: tuple[str, ...],
    shapes: list[Any],
    dims: list[Any],
    **arguments: Any,
) -> None:
    """Import the ONNX file MODEL: MLIR text, weights, and a coverage report.

    The report lists every operator of the model, with its count and how it is served: by a rule, by
    its ONNX function body, or not at all. It is written even if the import fails.
    """
    from aicc.frontend.onnx import read_source
    from aicc.frontend.onnx.coverage import coverage
    from aicc.lowering import import_onnx, text_of
    from aicc.tools.cli.arrays import read_inputs
    from aicc.tools.cli.output import write
    from aicc.tools.cli.progress import progress
    from aicc.weights import save_weights

    covered = coverage(read_source(model))
    if report:
        write(report, _report_text(covered, report))
    click.echo(covered.summary(), err=True)
    with progress(f"importing {model}"):
        values = read_inputs(inputs, [])
        options = chosen_options(arguments)
        fixed: dict[str, Any] = {"shapes": dict(shapes), "dims": dict(dims), "values": values}
        imported = import_onnx(model, **fixed, **options)
    write(output, text_of(imported.module))
    if weights:
        save_weights(weights, imported.weights)


def _report_text(covered: Any, path: str) -> str:
    import json

    if path.endswith(".json"):
        return json.dumps(covered.data(), indent=1)
    return str(covered.text())
