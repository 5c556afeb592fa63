"""`aicc check`: compare a model with another evaluator, and find the node at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    input_options,
    shape_options,
    threads_option,
)

if TYPE_CHECKING:
    from aicc.checking.check import Check, NodeReport, Verdict


@click.command("check")
@click.argument("model", type=click.Path())
@input_options
@click.option(
    "--reference",
    type=click.Choice(("onnxruntime", "onnx")),
    help="Evaluator to compare with (default: onnxruntime if installed, else onnx's own).",
)
@click.option("--rtol", type=float, help="Allowed error relative to each element.")
@click.option("--atol", type=float, help="Allowed error relative to a tensor's largest element.")
@click.option("--per-node", is_flag=True, help="Name the first node that differs.")
@click.option("--reduce", is_flag=True, help="Write the smallest part that still fails.")
@click.option("--seconds", type=float, default=300.0, show_default=True, help="Limit of --reduce.")
@click.option("-o", "--output", type=click.Path(), help="Part to write (default MODEL.part.onnx).")
@threads_option
@compilation_options
@shape_options
def check_command(model: str, **arguments: Any) -> int:
    """Compare MODEL's outputs with another evaluator's. Exit code 1 if they differ."""
    from aicc.checking.reference import default_reference

    arguments["reference"] = arguments["reference"] or default_reference()
    output = arguments["output"] or f"{Path(model).stem}.part.onnx"
    check = _check(model, arguments)
    verdict = check.outputs()
    _print_verdict(model, check.reference, verdict)
    if verdict.agrees and not arguments["per_node"]:
        return 0
    if arguments["per_node"]:
        _per_node(check, verdict, output)
    if arguments["reduce"] and not verdict.agrees:
        _reduce(check, verdict, output, arguments["seconds"])
    return 0 if verdict.agrees else 1


def _check(model: str, arguments: Mapping[str, Any]) -> Check:
    from aicc.checking.check import Check
    from aicc.frontend.onnx import read_source
    from aicc.tools.cli.arrays import feeds_of

    source = read_source(model)
    feeds = feeds_of(source, arguments)
    options = chosen_options(arguments)
    rtol, atol = arguments["rtol"], arguments["atol"]
    tolerance = None if rtol is None and atol is None else (rtol or 0.0, atol or 0.0)
    return Check(source, feeds, arguments["reference"], options, tolerance)


def _print_verdict(model: str, reference: str, verdict: Verdict) -> None:
    from aicc.tools.cli.summary import print_differences

    if verdict.error is not None:
        click.echo(f"{model} does not run: {type(verdict.error).__name__}: {verdict.error}")
        return
    print_differences(verdict.differences)
    words = "agrees with" if verdict.agrees else "differs from"
    click.echo(f"{model} {words} {reference}")


def _per_node(check: Check, verdict: Verdict, output: str) -> None:
    from aicc.checking.check import first_difference, shortest_beginning

    reports = check.per_node()
    found = first_difference(reports, check.parts)
    click.echo(f"{sum(r.agrees for r in reports)} of {len(reports)} nodes agree")
    if found is not None:
        _print_node(found)
        _write_part(check, [found.index], output)
    elif not verdict.agrees:
        nodes = check.parts.whole()
        last = shortest_beginning(nodes, lambda part: not check.part(part).agrees)
        node = check.parts.nodes[last]
        click.echo(
            "no node differs when every tensor is an output: several nodes in one kernel do\n"
            f'the shortest beginning of the model that differs ends with "{node.name}" '
            f"({node.op_type}); --reduce finds the nodes"
        )


def _print_node(report: NodeReport) -> None:
    shapes = ", ".join("x".join(map(str, s)) or "scalar" for s in report.input_shapes)
    click.echo(f'first node that differs: "{report.name}" ({report.op_type}) of {shapes}')
    for d in report.differences:
        shape = "x".join(map(str, d.shape)) or "scalar"
        why = d.reason or (
            f"max. abs. error {d.max_abs:.3g}, max. rel. error {d.max_rel:.3g}, "
            f"{d.wrong} elements out of tolerance (worst: {d.worst:.3g} times)"
        )
        click.echo(f"  {d.name} {shape}: {why}")


def _reduce(check: Check, verdict: Verdict, output: str, seconds: float) -> None:
    from aicc.checking.reduce import smallest

    part = smallest(check.parts.whole(), lambda nodes: check.part(nodes).is_like(verdict), seconds)
    names = ", ".join(check.parts.nodes[i].op_type for i in part)
    click.echo(f"smallest part that still fails: {len(part)} nodes ({names})")
    _write_part(check, part, output)


def _write_part(check: Check, part: Sequence[int], output: str) -> None:
    """Write the part and its inputs, and tell how to go on below ONNX."""
    from aicc.tools.cli.arrays import save_outputs
    from aicc.tools.cli.output import write

    arrays = str(Path(output).with_suffix(".npz"))
    write(output, check.parts.cut(part).SerializeToString())
    save_outputs(arrays, check.parts.feeds(part))
    alone = "as well" if not check.part(part).agrees else "not: it needs its neighbours"
    click.echo(f"alone it fails {alone}; written to {output}, its inputs to {arrays}")
    click.echo(f"next: aicc check {output} --input {arrays}")
    click.echo(f"      aicc compile {output} --emit kernels      (or any other phase)")


__all__ = ["check_command"]
