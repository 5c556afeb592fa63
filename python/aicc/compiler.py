"""`aicc.compile`: from a model to an Executable, out of the cache if it was compiled before.

Nothing here imports MLIR or onnx: a model that is in the cache runs without them. They are loaded
when something has to be compiled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from aicc import settings
from aicc import target as targets
from aicc.cache import Cache, open_cache
from aicc.diagnostics import InvalidModel, NeedsSteps, UnsupportedOp
from aicc.model_cache import ModelCache, Signature
from aicc.options import Options
from aicc.runtime import library
from aicc.runtime.executable import Executable, Specialisation
from aicc.runtime.program import Program
from aicc.runtime.signature import InputSpec, Key, Origin
from aicc.runtime.staged import StagedProgram
from aicc.runtime.stepped import SteppedExecutable, SteppedProgram

if TYPE_CHECKING:
    from aicc.compilation import Compilation
    from aicc.frontend.onnx import Source
    from aicc.frontend.onnx.host_plan import Plan

Progress = Callable[[str], None]
TELLS_PHASES = 2  # the debug level from which on a compilation is told of
Arrays = Mapping[str, np.ndarray[Any, Any]]
# Tables of rules that a user may add to. Objects depend on theirs, which no key knows of.
_EXTENSIBLE = (
    "aicc.frontend.onnx.registry",
    "aicc.passes.linalg.lowering",
    "aicc.passes.schedule.decide_schedules",
)


class Outlets(NamedTuple):
    """Where a compilation tells of itself: the dump folder, the callback, the debug level."""

    dump: str | Path | None
    progress: Progress | None
    debug: int | None

    @property
    def wants_compiling(self) -> bool:
        """True if something must be told that a cached model could not tell."""
        tells = settings.debug_level(self.debug) >= TELLS_PHASES
        return bool(self.dump or settings.read("AICC_DUMP")) or tells


class ModelCompiler:
    """One model with one set of options: specialised from the cache, or by compiling.

    `fixed` are the shapes and dimensions given by name.
    """

    def __init__(
        self,
        model: Any,
        options: Options,
        fixed: tuple[dict[str, Any], dict[str, int]],
        cache: Cache,
        outlets: Outlets,
    ) -> None:
        self._model = model
        self._options = options
        self._fixed = fixed
        self._cache = cache
        self._outlets = outlets
        self._compilation: Compilation | None = None
        self._plan: Plan | None = None  # for shapes that cannot be compiled as a whole
        self._has_values = True
        self._value_inputs: set[str] = set()
        needs_compiling = options.profile or options.dynamic or outlets.wants_compiling
        is_off = needs_compiling or _has_extensions()
        self._kept = ModelCache(Cache(None) if is_off else cache, model, options, fixed)
        self._origin = Origin(self._kept.model_hash, options.target)
        self._signature = self._kept.signature() or self._read_signature()
        self._value_inputs |= set(self._signature.value_inputs)

    def executable(self) -> Executable:
        """Compiled at once if every shape is known, else on first run."""
        exe = self._new_executable()
        shapes = {spec.name: _static_shape(spec) for spec in exe.inputs}
        if not self._value_inputs and None not in shapes.values():
            self._compile_ahead(exe)
        return exe

    def _new_executable(self) -> Executable:
        signature = self._signature
        arguments = (
            signature.inputs,
            signature.outputs,
            self.specialise,
            lambda: self._value_inputs,
            self._origin,
        )
        if not self._options.dynamic:
            return Executable(*arguments)
        from aicc.dynamic.executable import DynamicExecutable

        return DynamicExecutable(*arguments, compile_count=lambda: self._loaded().compile_count)

    def _compile_ahead(self, exe: Executable) -> None:
        """The arrays only tell shapes here; a model that needs values waits for its first run."""
        self._has_values = False
        try:
            exe.specialisation({s.name: _shape_only(s.dtype, s.dims) for s in exe.inputs})
        except _NeedsRunError:
            pass
        finally:
            self._has_values = True

    def specialise(self, arrays: Arrays) -> Specialisation:
        """The program for these arrays' shapes, and the values of those that decide."""
        program = self._kept.load(self._key(arrays))
        try:
            program = program or self._compile(arrays)
        except NeedsSteps as needs:
            return self._stepped(self._plan_around(needs))
        except UnsupportedOp:
            if self._plan is None:
                raise
            return self._stepped(self._plan)
        if isinstance(program, StagedProgram):
            program.otherwise = lambda needs: self._stepped(self._plan_around(needs)).program
        has_values = self._has_values
        kept = {
            name: a if name in self._value_inputs else _shape_only(a.dtype, a.shape)
            for name, a in arrays.items()
        }
        return Specialisation(program, lambda phase: self._loaded().text(kept, phase, has_values))

    def _stepped(self, plan: Plan) -> Specialisation:
        """It stands where a Program does, and refuses what only one can do."""
        stepped = self.in_steps(self._loaded().source, plan)
        return Specialisation(cast(Program, SteppedProgram(stepped)), stepped.ir)

    def _plan_around(self, needs: NeedsSteps) -> Plan:
        """A plan in which one node of the main graph runs step by step."""
        from aicc.frontend.onnx.host_regions import plan_of

        plan = plan_of(self._loaded().source, [needs.node])
        if not plan.has_host_steps:
            raise needs
        return plan

    def in_steps(self, source: Source, plan: Plan) -> SteppedExecutable:
        """The model cut into parts, each of which is compiled like a model of its own."""
        from aicc.stepping import stepped_executable

        def compile_part(model: Any) -> Executable:
            return ModelCompiler(
                model, self._options, ({}, {}), self._cache, self._outlets
            ).executable()

        return stepped_executable(source, plan, self._fixed, compile_part, self._origin)

    def _compile(self, arrays: Arrays) -> Program:
        compilation = self._loaded()
        from aicc.frontend.onnx import NeedsValues

        try:
            program = compilation.program(arrays, self._has_values)
        except NeedsValues as needs:
            if self._has_values:
                raise
            raise _NeedsRunError from needs
        self._keep(arrays, program)
        return cast(Program, program)

    def _keep(self, arrays: Arrays, program: Program | StagedProgram) -> None:
        from aicc.frontend.onnx.external_files import external_files

        names = sorted(self._value_inputs)
        signature = Signature(self._signature.inputs, self._signature.outputs, names)
        self._kept.keep_signature(signature, external_files(self._loaded().source.model))
        if not isinstance(program, Program):
            return
        key = self._key(arrays)
        alone = self._new_executable()
        alone.keep(key, Specialisation(program, str))
        self._kept.keep(key, alone)

    def _key(self, arrays: Arrays) -> Key:
        decided = self._value_inputs
        return tuple(
            (name, a.shape, a.tobytes() if name in decided else None) for name, a in arrays.items()
        )

    def _read_signature(self) -> Signature:
        compilation = self._loaded()
        return Signature(compilation.inputs, compilation.outputs, [])

    def _loaded(self) -> Compilation:
        """The compiler proper, and the model."""
        if self._compilation is None:
            from aicc.compilation import Compilation
            from aicc.frontend.onnx import fix_dims, input_specs, read_source
            from aicc.frontend.onnx.host_regions import may_need_host_steps, plan_of
            from aicc.phases import Lowering

            is_known = hasattr(self, "_signature")
            source = read_source(self._model)
            if is_known and not self._kept.is_unchanged():
                raise InvalidModel(f"'{self._model}' has changed since it was compiled")
            if may_need_host_steps(source) and (plan := plan_of(source)).has_host_steps:
                if not plan.may_dissolve:
                    raise _NeedsStepsError(self, source, plan)
                self._plan = plan
            specs = fix_dims(input_specs(source.model.graph), *self._fixed)
            lowering = Lowering(*self._outlets)
            self._compilation = Compilation(
                source, specs, self._options, lowering, self._cache, self._value_inputs
            )
        return self._compilation


class _NeedsRunError(Exception):
    """Nothing can be compiled before the values of some inputs are there."""


class _NeedsStepsError(Exception):
    """The model is no matter of compiled code alone."""

    def __init__(self, compiler: ModelCompiler, source: Source, plan: Plan) -> None:
        super().__init__()
        self.compiler = compiler
        self.source = source
        self.plan = plan


def _static_shape(spec: InputSpec) -> tuple[int, ...] | None:
    if spec.dims is None or any(isinstance(d, str) for d in spec.dims):
        return None
    return tuple(int(d) for d in spec.dims)


def _shape_only(dtype: np.dtype[Any], shape: Any) -> np.ndarray[Any, Any]:
    """An array of a type and shape without memory behind it."""
    return np.broadcast_to(np.zeros((), dtype), shape)


def _has_extensions() -> bool:
    """Whether somebody registered rules of their own in this process."""
    tables = [sys.modules[name] for name in _EXTENSIBLE if name in sys.modules]
    return any(table.has_foreign_rules() for table in tables)


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
    winograd: str | int = "auto",
    profile: bool = False,
    threads: int | None = None,
    target: str = "host",
    cache: str | os.PathLike[str] | bool | None = None,
    dump: str | Path | None = None,
    debug: int | None = None,
    progress: Progress | None = None,
) -> Executable | SteppedExecutable:
    """Compile an ONNX model for this machine.

    `model`: a path, bytes or a ModelProto; external data needs the path. `shapes` (input name ->
    sizes) and `dims` (dimension name -> size) fix open dimensions; a model that keeps some is
    compiled when it is first run, once per set of shapes; with `dynamic` once for all of them
    (docs/dynamic-shapes.md). `threads`: default AICC_THREADS, else
    the cores this process may use. `target`: the CPU, "host", "x86-64-v3", "x86-64-v4" or LLVM's
    name of one (aicc.target.names()). `opt_level`: 0 (every op as the model has it, plain loops)
    to 3. `strict_fp`: no contraction, no reassociation of sums; `unsafe_fp`: also rewrites that
    may lose NaN or precision; `disabled_patterns`: rewrites never to apply (aicc-opt
    --list-patterns). `winograd`: 3x3 convolutions by Winograd's algorithm where it is faster
    ("auto"; rounds somewhat more), nowhere ("off"), or wherever it can be, by tiles of 2 or 4.
    `precision`: "f32", or "bf16" for products of operands rounded to 8 bits of mantissa.
    `cache`: the folder of the disk cache (default: AICC_CACHE, else the user's), False for none.
    `dump`: a folder for the IR of every phase (default: AICC_DUMP). `debug`: how much is told on
    stderr, 0 to 5 (docs/settings.md; default: AICC_DEBUG). `progress`: called with the
    name of each phase as it begins. Inputs and outputs of a run are numpy arrays of exactly the
    model's dtypes. An option that is not built yet raises UnsupportedOption.
    Raises InvalidModel, UnsupportedOp (all unsupported nodes at once), ShapeError, TargetError,
    and LoweringError, which is a defect of aicc or of a pass of yours.
    """
    options = Options(
        threads=library.default_threads() if threads is None else threads,
        target=target,
        precision=precision,
        opt_level=opt_level,
        strict_fp=strict_fp,
        unsafe_fp=unsafe_fp,
        disabled_patterns=tuple(disabled_patterns),
        winograd=str(winograd),
        profile=profile,
        dynamic=dynamic,
    )
    targets.check_runs_here(target)
    fixed = (dict(shapes or {}), dict(dims or {}))
    outlets, folder = Outlets(dump, progress, debug), open_cache(cache)
    try:
        return ModelCompiler(model, options, fixed, folder, outlets).executable()
    except _NeedsStepsError as needs:
        return needs.compiler.in_steps(needs.source, needs.plan)
