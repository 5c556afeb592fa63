"""Going on from IR text: the dump of any phase, with its weights, becomes an Executable.

    weights = load_weights("model.safetensors")        # written by `aicc import`
    exe = resume("03-schedule.mlir", weights=weights)

The module says itself which phase it has reached (`aicc.phase`), so that a dump that was edited by
hand, or written by `aicc-opt`, is taken up from there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aicc import target as targets
from aicc._mlir import context, ir
from aicc.cache import Cache, open_cache
from aicc.codegen.objects import objects_of
from aicc.compilation import described, entry_points, write_options
from aicc.diagnostics import InvalidModel, LoweringError, ShapeError
from aicc.dialects.graph import load_graph
from aicc.ir_checks import check_module, refuse_deep_nesting
from aicc.options import Options
from aicc.passes.pipelines import PHASES
from aicc.phases import Lowering, Progress, opt_level_of, phase_of
from aicc.runtime import library
from aicc.runtime.code import Code
from aicc.runtime.executable import Executable, Specialisation
from aicc.runtime.program import Argument, Program
from aicc.runtime.signature import InputSpec


def read_text(path: str | os.PathLike[str]) -> str:
    """The IR text in a file; InvalidModel if it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidModel(f"cannot read '{path}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidModel(f"'{path}' is not MLIR text: byte {error.start} is not UTF-8") from error


def parse(text: str, name: str = "the text") -> Any:
    """The Module in `text`, in the current Context; InvalidModel says what is wrong with it."""
    refuse_deep_nesting(text)
    if not ir.Context.current.is_dialect_loaded("graph"):
        load_graph()
    try:
        module = ir.Module.parse(text)
    except ir.MLIRError as error:
        found = [f"  {d.location}: {d.message}" for d in error.error_diagnostics]
        reason = found or ["  no reason is given; `aicc-opt` on the file may tell more"]
        raise InvalidModel("\n".join([f"{name} is not valid MLIR", *reason])) from error
    check_module(module)
    return module


def load_module(path: str | os.PathLike[str], *, threads: int | None = None) -> Any:
    """The Module in the file `path`, in a Context of its own; it knows its phase.

    `threads` is written into a module of phase import or graph; later ones are made for a number.
    Raises InvalidModel if the file cannot be read or is not valid MLIR.
    """
    text = read_text(path)
    with context(), ir.Location.unknown():
        module = parse(text, f"'{path}'")
        _settle_options(module, threads)
        made_for = module.operation.attributes["aicc.threads"].value
        if threads not in (None, made_for):
            raise LoweringError(
                f"'{path}' is at phase '{phase_of(module)}', made for {made_for} threads already\n"
                "next step: give --threads where the model is imported"
            )
        return module


def resume(
    source: Any,
    *,
    weights: Mapping[str, Any] | None = None,
    threads: int | None = None,
    cache: str | os.PathLike[str] | bool | None = None,
    dump: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Executable:
    """Compile IR from whatever phase it has reached.

    `source`: the path of a file of IR text, or an `ir.Module`, which is left as it is. `weights`:
    name -> array for the weight arguments, of exactly their dtypes and shapes. `threads` defaults
    to the number the module was made for; `cache` is that of `compile`. Raises InvalidModel for
    text that does not parse, ShapeError for missing or wrong weights, LoweringError if a phase
    fails.
    """
    is_path = isinstance(source, (str, os.PathLike))
    text = read_text(source) if is_path else source.operation.get_asm(enable_debug_info=True)
    lowering = Lowering(None if dump is None else os.fspath(dump), progress)
    with context(), ir.Location.unknown():
        module = parse(text, f"'{source}'" if is_path else "the module")
        threads = _settle_options(module, threads)
        start = phase_of(module)
        program = _program(module, weights or {}, threads, lowering, open_cache(cache))
    made = Specialisation(program, lambda phase: _text_after(text, start, phase))
    inputs = [InputSpec(a.name, a.dtype, a.shape) for a in program.inputs]
    exe = Executable(inputs, [a.name for a in program.outputs], lambda arrays: made, set)
    # arrays without memory: only their shapes are looked at
    exe.specialisation({a.name: np.broadcast_to(a.dtype.type(), a.shape) for a in program.inputs})
    return exe


def _settle_options(module: Any, threads: int | None) -> int:
    """The number of threads asked for, else the module's own; written down where it was absent."""
    attributes = module.operation.attributes
    kept = attributes["aicc.threads"].value if "aicc.threads" in attributes else None
    count = threads or kept or library.default_threads()
    if kept is None or (threads is not None and PHASES.index(phase_of(module)) < 2):
        write_options(module, Options(threads=int(count), opt_level=opt_level_of(module)))
    return int(count)


def _program(
    module: Any, weights: Mapping[str, Any], threads: int, lowering: Lowering, cache: Cache
) -> Program:
    lowering.lower(module, "buffers")
    if not described(module):
        raise LoweringError("the module has no 'aicc.entry_points': it is no dump of aicc's")
    entries = _entries(module)
    targets.check_runs_here(targets.of_module(module).name)
    if "main" not in entries:
        raise LoweringError("the module has no public function @main")
    for arguments in entries.values():
        _check_weights(arguments, weights)
    lowering.progress("code")
    objects = objects_of(module, cache)
    if lowering.dump:
        lowering.lower(module, "llvm")
    is_strict = "aicc.strict_fp" in module.operation.attributes
    return Program(Code(objects), entries, weights, threads, keep_denormals=is_strict)


def _entries(module: Any) -> dict[str, list[Argument]]:
    try:
        return entry_points(module)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InvalidModel(f"the attribute 'aicc.entry_points' is damaged: {error}") from error


def _check_weights(arguments: list[Argument], weights: Mapping[str, Any]) -> None:
    wanted = [a for a in arguments if a.kind == "weight"]
    missing = [a.name for a in wanted if a.name not in weights]
    if missing:
        raise ShapeError(
            f"{len(missing)} of {len(wanted)} weights are missing, first '{missing[0]}'\n"
            "next step: give the safetensors file that `aicc import` wrote (--weights)"
        )
    for a in wanted:
        array = weights[a.name]
        if array.dtype != a.dtype or tuple(array.shape) != a.shape:
            raise ShapeError(
                f"weight '{a.name}' is {array.dtype}{list(array.shape)}, "
                f"the module expects {a.dtype}{list(a.shape)}"
            )


def _text_after(text: str, start: str, phase: str) -> str:
    if phase in PHASES and PHASES.index(phase) < PHASES.index(start):
        raise LoweringError(f"the text starts at phase '{start}', after '{phase}'")
    return lowered_text(text, phase)


def lowered_text(text: str, phase: str) -> str:
    """The IR after `phase`, from IR text of that phase or an earlier one."""
    with context(), ir.Location.unknown():
        module = parse(text)
        _settle_options(module, None)
        Lowering().lower(module, phase)
        return str(module)
