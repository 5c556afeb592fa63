"""The driver: from a model, or the text of any phase, to programs that run."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from aicc import target as targets
from aicc._mlir import context, ir
from aicc.benchmarking.machine_speed import machine_speed
from aicc.cache import Cache
from aicc.codegen.objects import objects_of
from aicc.codegen.workers import Workers, jobs
from aicc.diagnostics import UnsupportedOption
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.structure import (
    MAX_INLINE_ELEMENTS,
    MAX_SHARED_ELEMENTS,
    numpy_dtype,
)
from aicc.dialects.graph.types import dtype_of
from aicc.dynamic.builder import Builder
from aicc.dynamic.plan import Plan
from aicc.dynamic.samples import Sizes, resized, sizes_of
from aicc.frontend.onnx import (
    ASKED,
    Imported,
    NeedsValues,
    Source,
    Stage,
    TensorSpec,
    fix_dims,
    import_source,
)
from aicc.options import Options
from aicc.passes.buffers.plan_record import plain
from aicc.passes.driver import Pipeline
from aicc.passes.graph.patterns import listed_patterns
from aicc.passes.registry import load_all
from aicc.passes.signature import functions_of, is_kernel
from aicc.phases import Lowering, phase_of
from aicc.runtime import staged
from aicc.runtime.code import Code
from aicc.runtime.profile import Interval, intervals_of
from aicc.runtime.program import Argument, Program
from aicc.runtime.signature import InputSpec

Arrays = Mapping[str, np.ndarray[Any, Any]]
# A worker takes 0.2 s of a core to start: as long as it takes to compile some ten kernels.
KERNELS_PER_WORKER = 32


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


def described(module: Any) -> bool:
    """Make sure that the module tells what its entry points take; False if it is too late."""
    if "aicc.entry_points" not in module.operation.attributes and phase_of(module) != "llvm":
        Pipeline("describe-entry-points").run(module)
    return "aicc.entry_points" in module.operation.attributes


def build_program(
    module: Any,
    weights: Mapping[str, Any],
    threads: int,
    lowering: Lowering,
    cache: Cache,
    workers: Workers | None = None,
) -> Program:
    """Compile a module that is at phase "buffers" or later; the current Context must be its own.

    What is dumped beyond that phase is the module as a whole, while its units are what runs.
    """
    targets.check_runs_here(targets.of_module(module).name)
    described(module)
    entries = entry_points(module)
    lowering.progress("code")
    objects = objects_of(module, cache, workers)
    if lowering.dump:
        lowering.lower(module, "llvm")
    is_strict = "aicc.strict_fp" in module.operation.attributes
    return Program(
        Code(objects),
        entries,
        weights,
        threads,
        intervals_in(module),
        is_strict,
        partial(machine_speed, threads, cache),
    )


def intervals_in(module: Any) -> list[Interval]:
    """What a profile measures, as plain data; nothing unless the module was made for one."""
    attributes = module.operation.attributes
    if "aicc.intervals" not in attributes:
        return []
    entries = [plain(entry) for entry in ir.ArrayAttr(attributes["aicc.intervals"])]
    return intervals_of([{**entry, **entry.get("work", {})} for entry in entries])


def write_options(module: Any, options: Options) -> None:
    """Write the options that passes read as module attributes."""
    attributes = module.operation.attributes
    i64 = ir.IntegerType.get_signless(64)
    attributes["aicc.threads"] = ir.IntegerAttr.get(i64, options.threads)
    attributes["aicc.target"] = ir.StringAttr.get(options.target)
    level = min(1, options.opt_level) if options.dynamic else options.opt_level
    attributes["aicc.opt_level"] = ir.IntegerAttr.get(i64, level)
    for name in ("strict_fp", "unsafe_fp", "profile", "dynamic"):
        if getattr(options, name):
            attributes[f"aicc.{name}"] = ir.UnitAttr.get()
    for name, usual in (("winograd", "auto"), ("precision", "f32")):
        if getattr(options, name) != usual:
            attributes[f"aicc.{name}"] = ir.StringAttr.get(getattr(options, name))
    if options.disabled_patterns:
        _check_patterns(options.disabled_patterns)
        names = [ir.StringAttr.get(name) for name in options.disabled_patterns]
        attributes["aicc.disabled_patterns"] = ir.ArrayAttr.get(names)


def _check_patterns(names: Sequence[str]) -> None:
    """A rewrite to be left out must exist: a mistyped one would go on being applied."""
    load_all()
    known = [pattern.name for _, pattern in listed_patterns()]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UnsupportedOption(
                f"no pattern is called '{name}'{hint}\nnext step: aicc-opt --list-patterns"
            )


class Compilation:
    """Everything needed to specialise one model, again and again.

    `value_inputs` are the inputs that are known to decide shapes by their values; it grows.
    `stage` is where the import begins, for code behind a value that decides shapes.
    """

    def __init__(
        self,
        source: Source,
        specs: Sequence[TensorSpec],
        options: Options,
        lowering: Lowering,
        cache: Cache,
        value_inputs: set[str],
        stage: Stage | None = None,
        builder: Builder | None = None,
    ) -> None:
        self.source = source
        self.specs = list(specs)
        self.options = options
        self.lowering = lowering
        self.cache = cache
        self.value_inputs = value_inputs
        self.stage = stage or Stage()
        self.builder = builder or (Builder() if options.dynamic else None)

    @property
    def inputs(self) -> list[InputSpec]:
        """The model's inputs, as far as their dimensions are fixed."""
        return [InputSpec(s.name, np.dtype(numpy_dtype(s.dtype)), s.dims) for s in self.specs]

    @property
    def outputs(self) -> list[str]:
        """The names of the model's outputs."""
        return [o.name for o in self.source.model.graph.output]

    def import_module(self, arrays: Mapping[str, Any], has_values: bool = True) -> Imported:
        """Import for the shapes of `arrays`; the values of deciding inputs are compiled in."""
        specs = fix_dims(self.specs, {n: a.shape for n, a in arrays.items()})
        while True:
            values = {n: arrays[n] for n in self.value_inputs} if has_values else {}
            try:
                limit = MAX_SHARED_ELEMENTS if self.builder else MAX_INLINE_ELEMENTS
                imported = import_source(self.source, specs, values, self.stage, limit)
                write_options(imported.module, self.options)
                return imported
            except NeedsValues as needs:
                if not has_values or needs.names <= self.value_inputs:
                    raise
                self.value_inputs |= needs.names

    def program(
        self, arrays: Mapping[str, Any], has_values: bool = True
    ) -> Program | staged.StagedProgram:
        """Import, lower, compile and load. Raises NeedsValues if values decide that are not there.

        Without `has_values` the arrays only tell shapes. A program in stages is given where shapes
        hang on values that a run computes.
        """
        with context(), ir.Location.unknown():
            load_graph()
            imported = self.import_module(arrays, has_values)
            program = (
                self._alone(imported)
                if self.builder is None
                else self._sharing(imported, arrays, has_values, self.builder)
            )
        if imported.next_stage is None:
            return program
        behind = partial(self._behind, imported.next_stage)
        return staged.StagedProgram(program, ASKED, imported.asking, behind)

    def _alone(self, imported: Imported) -> Program:
        """Code for these shapes only."""
        self.lowering.lower(imported.module, "kernels")
        with _workers_for(imported.module) as workers:
            self.lowering.lower(imported.module, "buffers")
            return build_program(
                imported.module,
                imported.weights,
                self.options.threads,
                self.lowering,
                self.cache,
                workers,
            )

    def _sharing(
        self, imported: Imported, arrays: Arrays, has_values: bool, builder: Builder
    ) -> Program:
        """Code that other shapes run on as well."""
        plan = self._plan(imported, self.lowering, builder)
        self.lowering.progress("code")
        unseen = Lowering(debug=0)
        unseen.dump = None

        def plan_for(sizes: Sizes) -> Plan | None:
            other = resized(self.specs, arrays, sizes, self.value_inputs)
            known = set(self.value_inputs)
            try:
                found = other and self.import_module(other, has_values)
            finally:
                is_like = self.value_inputs == known
                self.value_inputs &= known
            return self._plan(found, unseen, builder) if found and is_like else None

        sizes, before = sizes_of(self.specs, arrays), builder.compile_count
        program = builder.program(plan, sizes, plan_for, self.cache)
        if self.lowering.trace.level and builder.compile_count > before:
            self.lowering.trace.say(f"code made for all shapes such as {sizes}")
        return program

    def _plan(self, imported: Imported, lowering: Lowering, builder: Builder) -> Plan:
        """What a run of the module needs, without code."""
        module = imported.module
        lowering.lower(module, "kernels")
        builder.units.chunks.note(module)
        lowering.lower(module, "buffers")
        targets.check_runs_here(targets.of_module(module).name)
        described(module)
        return Plan(
            builder.units.sources(module),
            entry_points(module),
            imported.weights,
            intervals_in(module),
            self.options.threads,
            self.options.strict_fp,
        )

    @property
    def compile_count(self) -> int:
        """How often machine code was made for all shapes of a dynamic build."""
        return self.builder.compile_count if self.builder else 0

    def _behind(self, stage: Stage, answer: np.ndarray[Any, Any]) -> staged.Stage:
        """The code after a stage whose question has this answer."""
        own = {spec.name for spec in self.stage.exports}
        specs = [*(s for s in self.specs if s.name not in own), *stage.exports]
        names = [spec.name for spec in specs]
        rest = Compilation(
            self.source,
            specs,
            self.options,
            self.lowering,
            self.cache,
            self.value_inputs & set(names),
            replace(stage, answers=(*stage.answers, answer)),
            self.builder and self.builder.behind,
        )

        def compiled_for(given: Mapping[str, Any]) -> Program | staged.StagedProgram:
            return rest.program({name: given[name] for name in names})

        return staged.Stage(compiled_for, lambda: rest.value_inputs)

    def text(self, arrays: Mapping[str, Any], phase: str, has_values: bool = True) -> str:
        """The IR after `phase`."""
        with context(), ir.Location.unknown():
            load_graph()
            module = self.import_module(arrays, has_values).module
            Lowering().lower(module, phase)
            return str(module)


@contextlib.contextmanager
def _workers_for(module: Any) -> Iterator[Workers | None]:
    """Started before there is work for them: they import MLIR while the kernels are scheduled."""
    kernels = sum(is_kernel(function) for function in functions_of(module.operation))
    count = min(jobs() - 1, kernels // KERNELS_PER_WORKER)
    if count < 1:
        yield None
        return
    with Workers(count) as workers:
        yield workers
