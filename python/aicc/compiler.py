"""The driver: from a model, or the text of any phase, to an Executable."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aicc import target as targets
from aicc._mlir import context, ir
from aicc.diagnostics import LoweringError, UnsupportedOption
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.frontend.onnx import (
    NeedsValues,
    Source,
    TensorSpec,
    fix_dims,
    import_source,
    input_specs,
    read_source,
)
from aicc.options import Options
from aicc.passes.driver import Pipeline
from aicc.passes.pipelines import PHASES
from aicc.passes.registry import find_pipeline
from aicc.runtime import library
from aicc.runtime.executable import Executable, InputSpec, Specialisation
from aicc.runtime.jit import Engine
from aicc.runtime.program import Argument, Program

Progress = Callable[[str], None]


def phase_of(module: Any) -> str:
    """The phase a module's IR has reached."""
    attributes = module.operation.attributes
    if "aicc.phase" not in attributes:
        return "import"
    phase = attributes["aicc.phase"].value
    if phase not in PHASES:
        raise LoweringError(f"the module says phase '{phase}' (phases: {', '.join(PHASES)})")
    return str(phase)


class Lowering:
    """Takes a module from phase to phase, dumping each one if asked to."""

    def __init__(self, dump: str | Path | None = None, progress: Progress | None = None) -> None:
        self.dump = dump or os.environ.get("AICC_DUMP")
        self.progress = progress or (lambda phase: None)

    def lower(self, module: Any, to: str) -> None:
        """Run the pipelines of the phases after the module's own, up to `to`."""
        if to not in PHASES:
            raise LoweringError(f"no phase is called '{to}' (phases: {', '.join(PHASES)})")
        self._write(module, phase_of(module))
        for phase in PHASES[PHASES.index(phase_of(module)) + 1 : PHASES.index(to) + 1]:
            self.progress(phase)
            Pipeline(pipeline_to(phase, module)).run(module)
            self._write(module, phase)

    def _write(self, module: Any, phase: str) -> None:
        if not self.dump:
            return
        folder = Path(self.dump)
        folder.mkdir(parents=True, exist_ok=True)
        text = module.operation.get_asm(enable_debug_info=True)
        (folder / f"{PHASES.index(phase):02d}-{phase}.mlir").write_text(text)


def entry_points(module: Any) -> dict[str, list[Argument]]:
    """`aicc.entry_points` as plain data."""
    found = {}
    for entry in ir.DictAttr(module.operation.attributes["aicc.entry_points"]):
        found[entry.name] = [_argument(ir.DictAttr(row)) for row in ir.ArrayAttr(entry.attr)]
    return found


def _argument(row: Any) -> Argument:
    return Argument(
        row["kind"].value,
        row["name"].value,
        np.dtype(numpy_dtype(dtype_of(row["dtype"].value))),
        tuple(row["shape"]),
    )


def build_program(
    module: Any, weights: Mapping[str, Any], threads: int, lowering: Lowering
) -> Program:
    """Compile a module of any phase; the current Context must be its own."""
    lowering.lower(module, "llvm")
    lowering.progress("code")
    return Program(Engine(module), entry_points(module), weights, threads)


def pipeline_to(phase: str, module: Any) -> str:
    """The pipeline that takes a module to `phase`, at the module's own optimisation level."""
    name = f"to-{phase}"
    pipeline = find_pipeline(name)
    if pipeline is None or "opt-level" not in pipeline.options:
        return name
    return f"{name}{{opt-level={opt_level_of(module)}}}"


def opt_level_of(module: Any) -> int:
    """The level a module is compiled at; 3 where it does not say."""
    attributes = module.operation.attributes
    return int(attributes["aicc.opt_level"].value) if "aicc.opt_level" in attributes else 3


def write_options(module: Any, options: Options) -> None:
    """Write the options that passes read as module attributes."""
    attributes = module.operation.attributes
    i64 = ir.IntegerType.get_signless(64)
    attributes["aicc.threads"] = ir.IntegerAttr.get(i64, options.threads)
    attributes["aicc.target"] = ir.StringAttr.get(options.target)
    attributes["aicc.opt_level"] = ir.IntegerAttr.get(i64, options.opt_level)
    for name in ("strict_fp", "unsafe_fp"):
        if getattr(options, name):
            attributes[f"aicc.{name}"] = ir.UnitAttr.get()
    if options.disabled_patterns:
        names = [ir.StringAttr.get(name) for name in options.disabled_patterns]
        attributes["aicc.disabled_patterns"] = ir.ArrayAttr.get(names)


class Compilation:
    """Everything needed to specialise one model, again and again."""

    def __init__(
        self, source: Source, specs: Sequence[TensorSpec], options: Options, lowering: Lowering
    ) -> None:
        self.source = source
        self.specs = list(specs)
        self.options = options
        self.lowering = lowering
        self.value_inputs: set[str] = set()
        self.has_values = True

    def import_module(self, arrays: Mapping[str, Any] | None) -> Any:
        """Import for the shapes of `arrays`; the values of deciding inputs are compiled in."""
        shapes = {n: a.shape for n, a in (arrays or {}).items()}
        specs = fix_dims(self.specs, shapes)
        while True:
            values = {n: arrays[n] for n in self.value_inputs} if arrays else {}
            try:
                imported = import_source(self.source, specs, values)
                write_options(imported.module, self.options)
                return imported
            except NeedsValues as needs:
                if arrays is None or not self.has_values or needs.names <= self.value_inputs:
                    raise
                self.value_inputs |= needs.names

    def specialise(self, arrays: Mapping[str, Any] | None) -> Specialisation:
        """Import, lower and load."""
        with context(), ir.Location.unknown():
            load_graph()
            imported = self.import_module(arrays)
            threads = self.options.threads
            program = build_program(imported.module, imported.weights, threads, self.lowering)
        return Specialisation(program, lambda phase: self.text(arrays, phase))

    def text(self, arrays: Mapping[str, Any] | None, phase: str) -> str:
        """The IR after `phase`."""
        with context(), ir.Location.unknown():
            load_graph()
            module = self.import_module(arrays).module
            Lowering().lower(module, phase)
            return str(module)

    def executable(self) -> Executable:
        """Compiled at once if every shape is known, else on first run."""
        inputs = [InputSpec(s.name, np.dtype(numpy_dtype(s.dtype)), s.dims) for s in self.specs]
        outputs = [o.name for o in self.source.model.graph.output]
        exe = Executable(inputs, outputs, self.specialise, lambda: self.value_inputs)
        if all(s.is_static for s in self.specs):
            self._compile_ahead(exe)
        return exe

    def _compile_ahead(self, exe: Executable) -> None:
        """The arrays only tell shapes here; a model that needs values waits for its first run."""
        self.has_values = False
        try:
            exe.specialisation(
                {s.name: np.empty(s.shape, numpy_dtype(s.dtype)) for s in self.specs}
            )
        except NeedsValues:
            pass
        finally:
            self.has_values = True


def compile_model(
    model: Any,
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    dims: Mapping[str, int] | None = None,
    dynamic: bool = False,
    opt_level: int = 3,
    precision: str = "f32",
    strict_fp: bool = False,
    unsafe_fp: bool = False,
    disabled_patterns: Sequence[str] = (),
    threads: int | None = None,
    target: str = "host",
    cache: str | None = None,
    dump: str | Path | None = None,
    debug: int | None = None,
    progress: Progress | None = None,
) -> Executable:
    """Compile an ONNX model for this machine.

    `model`: a path, bytes or a ModelProto; external data needs the path. `shapes` (input name ->
    sizes) and `dims` (dimension name -> size) fix open dimensions; a model that keeps some is
    compiled when it is first run, once per set of shapes. `threads`: default AICC_THREADS, else
    the cores this process may use. `opt_level`: 0 (every op as the model has it, plain loops) to
    3. `strict_fp`: no contraction, no reassociation of sums; `unsafe_fp`: also rewrites that may
    lose NaN or precision; `disabled_patterns`: rewrites never to apply (aicc-opt --list-patterns).
    `dump`: a folder for the IR of every phase (default: AICC_DUMP). `progress`: called with the
    name of each phase as it begins. Inputs and outputs of a run are numpy arrays of exactly the
    model's dtypes. An option that is not built yet raises UnsupportedOption.
    Raises InvalidModel, UnsupportedOp (all unsupported nodes at once), ShapeError, TargetError,
    and LoweringError, which is a defect of aicc or of a pass of yours.
    """
    for name, value, built in (("dynamic", dynamic, False), ("cache", cache, None)):
        if value != built:
            raise UnsupportedOption(f"{name}={value!r} is not built yet; only {built!r} is")
    if debug is not None:
        raise UnsupportedOption(f"debug={debug!r} is not built yet; only None is")
    options = Options(
        threads=library.default_threads() if threads is None else threads,
        target=target,
        precision=precision,
        opt_level=opt_level,
        strict_fp=strict_fp,
        unsafe_fp=unsafe_fp,
        disabled_patterns=tuple(disabled_patterns),
    )
    targets.host()
    source = read_source(model)
    specs = fix_dims(input_specs(source.model.graph), shapes, dims)
    return Compilation(source, specs, options, Lowering(dump, progress)).executable()
