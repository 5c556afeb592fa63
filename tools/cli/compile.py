"""`aicc compile`: a model, or the text of any phase, taken on to a later stage and written out."""

from __future__ import annotations

import json
from typing import Any

import click

from aicc.tools.cli.options import is_ir, refuse_shapes, shape_options, threads_option

PHASES = ("import", "graph", "kernels", "schedule", "buffers", "loops", "llvm")
STAGES = (*PHASES, "ll", "asm", "obj", "memory-plan")


@click.command("compile")
@click.argument("model", type=click.Path())
@click.option(
    "--emit", type=click.Choice(STAGES), default="llvm", show_default=True, help="Stage to write."
)
@click.option("-o", "--output", default="-", help="Output file (default: stdout).")
@click.option("--input", "inputs", multiple=True, help="NAME=FILE.npy: an input that sets shapes.")
@click.option("--strict-fp", is_flag=True, help="No contraction, no reassociation of sums.")
@threads_option
@shape_options
def compile_command(
    model: str,
    emit: str,
    output: str,
    inputs: tuple[str, ...],
    strict_fp: bool,
    threads: int | None,
    shapes: list[Any],
    dims: list[Any],
) -> None:
    """Compile MODEL (ONNX, or the .mlir text of any phase) and write the stage asked for.

    \b
    import .. llvm  MLIR text after that phase
    ll              LLVM IR
    asm             disassembly of the object that runs
    obj             that object, an ELF file
    memory-plan     JSON: bytes, offset and lifetime of every buffer in the arena
    """
    from aicc.tools.cli.output import write
    from aicc.tools.cli.progress import progress

    if is_ir(model):
        refuse_shapes(model, shapes, dims)
        if strict_fp:
            raise click.UsageError("--strict-fp is decided at import: the text has it or not")
    with progress(f"compiling {model}") as report:
        if is_ir(model):
            module = _parsed(model, emit, threads)
        else:
            options = {"strict_fp": strict_fp, "threads": threads}
            module = _imported(model, dict(shapes), dict(dims), inputs, options)
        data = _emit(module, emit, report)
    write(output, data)


def _parsed(path: str, emit: str, threads: int | None) -> Any:
    from aicc.compiler import phase_of
    from aicc.diagnostics import LoweringError
    from aicc.ir_text import load_module

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


def _emit(module: Any, stage: str, report: Any) -> str | bytes:
    from aicc.lowering import llvm_ir, lower, memory_plan, object_code, text_of

    if stage == "memory-plan":
        lower(module, "buffers", progress=report)
        return json.dumps(memory_plan(module), indent=1) + "\n"
    lower(module, stage if stage in PHASES else "llvm", progress=report)
    if stage in PHASES:
        return text_of(module)
    report("code")
    if stage == "ll":
        return llvm_ir(module)
    code = object_code(module)
    if stage == "obj":
        return code
    from aicc.tools.cli.disassembly import disassemble

    return disassemble(code)
