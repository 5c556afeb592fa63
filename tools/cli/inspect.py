"""`aicc inspect`: what a model computes, and what the compiler makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    input_options,
    shape_options,
    threads_option,
)


@click.command("inspect")
@click.argument("model", type=click.Path())
@click.option("--html", "html_path", type=click.Path(), help="Write a page with graph, IR, memory.")
@click.option("--json", "json_path", type=click.Path(), help="Write operators and kernels as JSON.")
@click.option("--profile", is_flag=True, help="Run it, and show the time of each kernel.")
@input_options
@threads_option
@compilation_options
@shape_options
def inspect_command(
    model: str, html_path: str | None, json_path: str | None, profile: bool, **arguments: Any
) -> None:
    """Print MODEL's operators: shapes, parameters, operations, bytes.

    The page holds the graph of kernels, their schedules, the memory plan and the IR of all phases
    side by side; it needs no network.
    """
    from aicc.frontend.onnx import read_source
    from aicc.inspection.report import inspect, operators_table
    from aicc.lowering import import_onnx
    from aicc.tools.cli.arrays import feeds_of
    from aicc.tools.cli.output import write
    from aicc.tools.cli.summary import print_operators

    source = read_source(model)
    feeds = feeds_of(source, arguments)
    options = chosen_options(arguments)
    shapes = {name: array.shape for name, array in feeds.items()}
    imported = import_onnx(source, shapes=shapes, **options)
    if not (html_path or json_path):
        print_operators(operators_table(source, imported))
        return
    described = {n: "x".join([*map(str, a.shape), a.dtype.name]) for n, a in feeds.items()}
    measured = _profile(source, shapes, feeds, options) if profile else None
    report = inspect(model, source, imported, described, measured)
    if json_path:
        write(json_path, json.dumps(report.as_json(), indent=1))
    if html_path:
        from aicc.inspection.page import page_of

        write(html_path, page_of(report))


def _profile(source: Any, shapes: Any, feeds: Any, options: Mapping[str, Any]) -> Any:
    from aicc.compiler import compile_model

    return compile_model(source, shapes=shapes, profile=True, **options).profile(feeds)
