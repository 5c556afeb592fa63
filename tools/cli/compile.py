"""`aicc compile`: a model, or the text of any phase, taken on to a later stage and written out."""

from __future__ import annotations

import json
from typing import Any

import click

from aicc.tools.cli.artifact import compile_artifact, is_artifact
from aicc.tools.cli.options import (
    chosen_options,
    compilation_options,
    is_ir,
    refuse_options,
    refuse_shapes,
    shape_options,
    threads_option,
)

PHASES = ("import", "graph", "kernels", "schedule", "buffers", "loops", "llvm")
STAGES = (*PHASES, "ll", "asm", "obj", "memory-plan")
EMITS = (*STAGES, "aicc")


@click.command("compile")
@click.argument("model", type=click.Path())
@click.option(
    "--emit",
    type=click.Choice(EMITS),
    help="Stage to write (default: aicc for an output so called, else llvm).",
)
@click.option("-o", "--output", default="-", help="Output file (default: stdout).")
@click.option("--input", "inputs", multiple=True, help="NAME=FILE.npy: an input that sets shapes.")
@click.option("--weights", type=click.Path(), help="With --emit aicc: weights of an .mlir MODEL.")
@threads_option
@compilation_options
@shape_options
def compile_command(
    model: str,
    emit: str | None,
    output: str,
    inputs: tuple[str, ...],
    weights: str | None,
    threads: int | None,
    shapes: list[Any],
    dims: list[Any],
    **arguments: Any,
) -> None:
    """Compile MODEL (ONNX, or the .mlir text of any phase) and write the stage asked for.

    \b
    import .. llvm  MLIR text after that phase
    ll              LLVM IR
    asm             disassembly of the code that runs, kernel by kernel
    obj             the same code as one ELF object
    memory-plan     JSON: bytes, offset, lifetime and contents of every buffer in the arena;
                    a picture of it if the output is called *.svg
    aicc            artefact: code and weights, for `aicc run`, aicc.load and C programs
    """
    from aicc.tools.cli.output import write
    from aicc.tools.cli.progress import progress

    if is_ir(model):
        refuse_shapes(model, shapes, dims)
        refuse_options(model, {"threads": threads, **arguments})
    emit = emit or ("aicc" if is_artifact(output) else "llvm")
    if weights and not (emit == "aicc" and is_ir(model)):
        raise click.UsageError("--weights goes with --emit aicc and .mlir text")
    options = chosen_options({"threads": threads, **arguments})
    with progress(f"compiling {model}") as report:
        if emit == "aicc":
            options |= {"progress": report}
            compile_artifact(model, output, dict(shapes), dict(dims), inputs, weights, options)
            return
        if is_ir(model):
            module = _parsed(model, emit, threads)
        else:
            module = _imported(model, dict(shapes), dict(dims), inputs, options)
        data = _emit(module, emit, output, report)
    write(output, data)


def _parsed(path: str, emit: str, threads: int | None) -> Any:
    from aicc.diagnostics import LoweringError
    from aicc.ir_text import load_module
    from aicc.phases import phase_of

    module = load_module(path, threads=threads)
    phase = phase_of(module)
    wanted = "buffers" if emit == "memory-plan" else emit
    if STAGES.index(wanted) < STAGES.index(phase):
        raise LoweringError(f"'{path}' is at phase '{phase}' already, which comes after '{emit}'")
    return module


def _imported(
    path: str, shapes: Any, dims: Any, inputs: tuple[str, ...], options: dict[str, Any]
) -> Any:
    from aicc.lowering import import_onnx
    from aicc.tools.cli.arrays import read_inputs

    values = read_inputs(inputs, [])
    return import_onnx(path, shapes=shapes, dims=dims, values=values, **options).module


def _emit(module: Any, stage: str, output: str, report: Any) -> str | bytes:
    from aicc.diagnostics import LoweringError
    from aicc.lowering import (
        llvm_ir,
        lower,
        memory_plan,
        object_code,
        running_code,
        text_of,
    )
    from aicc.memory_picture import memory_svg

    if stage == "memory-plan":
        lower(module, "buffers", progress=report)
        plans = memory_plan(module)
        if output.endswith(".svg"):
            if "main" not in plans:
                raise LoweringError("there is no public function @main to draw")
            return memory_svg(plans["main"])
        return json.dumps(plans, indent=1) + "\n"
    if stage == "asm":
        from aicc.tools.cli.disassembly import disassemble

        report("code")
        return "\n".join(map(disassemble, running_code(module)))
    lower(module, stage if stage in PHASES else "llvm", progress=report)
    if stage in PHASES:
        return text_of(module)
    report("code")
    return llvm_ir(module) if stage == "ll" else object_code(module)
