"""What `aicc.compile` returns: a model that runs on numpy arrays.

Models with open dimensions, and models whose shapes depend on the values of small inputs, are
specialised on first use and kept as memory allows.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.diagnostics import AiccError, ShapeError
from aicc.runtime.profile import Profile

from .kept import Kept
from .program import Program
from .signature import InputSpec, Key, Origin, Signature


@dataclass
class Specialisation:
    """A program for fixed shapes; `value_inputs` are the inputs compiled in by value."""

    program: Program
    module_text: Callable[[str], str]


Shapes = list[tuple[str, np.dtype[Any], tuple[int, ...]]]
Specialise = Callable[[dict[str, np.ndarray[Any, Any]]], Specialisation]


class Executable:
    """A compiled model. `exe.run({name: array})`, or `exe(*arrays)` in the model's input order."""

    def __init__(
        self,
        inputs: Sequence[InputSpec],
        output_names: Sequence[str],
        specialise: Specialise,
        value_inputs: Callable[[], set[str]],
        origin: Origin | None = None,
        *,
        keeps_all: bool = False,
    ) -> None:
        """`keeps_all`: what is not kept could not be compiled again."""
        self.inputs = list(inputs)
        self.output_names = list(output_names)
        self._specialise = specialise
        self._value_inputs = value_inputs
        self.origin = origin or Origin()
        self._made = 0
        self._programs: Kept[Key, Specialisation] = Kept(is_bounded=not keeps_all)
        # the newest of them, with the shape of each input, for arrays that need nothing but to run
        self._recent: tuple[Shapes, Program] | None = None
        self._lock = threading.Lock()

    def run(
        self,
        inputs: Mapping[str, Any],
        *,
        out: Mapping[str, np.ndarray[Any, Any]] | None = None,
    ) -> dict[str, np.ndarray[Any, Any]]:
        """Run on named arrays (numpy, DLPack or `__array_interface__`).

        Returns new arrays by output name; those given in `out` are written in place instead.
        Raises ShapeError for a wrong name, dtype, rank or shape.
        """
        program, arrays = self._recent_for(inputs), inputs
        if program is None:
            arrays = self._checked(inputs)
            program = self.specialisation(arrays).program
        if out:
            _check_outputs(program, out)
            arrays = _apart(arrays, out)
        results = program.run(arrays, out)
        if list(results) == self.output_names:
            return results
        return {name: results[name] for name in self.output_names}

    def __call__(self, *arrays: Any) -> Any:
        """Run on arrays in input order; one array, or a tuple for several outputs."""
        if len(arrays) != len(self.inputs):
            raise ShapeError(f"expected {len(self.inputs)} arrays, got {len(arrays)}")
        results = self.run({s.name: a for s, a in zip(self.inputs, arrays, strict=True)})
        return next(iter(results.values())) if len(results) == 1 else tuple(results.values())

    def specialisation(self, arrays: dict[str, np.ndarray[Any, Any]]) -> Specialisation:
        """The program for these shapes (and deciding values), compiled if it is not kept yet."""
        with self._lock:
            key = self._key(arrays)
            found = self._programs.get(key)
            if found is None:
                found = self._specialise(arrays)
                self._made += 1
                key = self._key(arrays)
                self.keep(key, found)
            shapes = [(s.name, s.dtype, arrays[s.name].shape) for s in self.inputs]
            self._recent = (shapes, found.program)
            return found

    def _recent_for(self, inputs: Mapping[str, Any]) -> Program | None:
        """The program that ran last, if these are just such arrays; `_checked` sees to others."""
        recent = self._recent
        if recent is None or len(inputs) != len(recent[0]) or self._value_inputs():
            return None
        for name, dtype, shape in recent[0]:
            value = inputs.get(name)
            if type(value) is not np.ndarray or value.shape != shape or value.dtype != dtype:
                return None
            flags = value.flags
            if not (flags.c_contiguous and flags.aligned):
                return None
        return recent[1]

    def keep(self, key: Key, made: Specialisation) -> None:
        """Add a specialisation; others make room if there is too much."""
        self._programs.put(key, made, made.program)

    def _key(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Key:
        decided = self._value_inputs()
        return tuple(
            [
                (name, a.shape, a.tobytes() if name in decided else None)
                for name, a in arrays.items()
            ]
        )

    def programs(self) -> list[tuple[Key, Program]]:
        """The specialisations that are kept, oldest first, by what they were compiled for."""
        decided = self._value_inputs()
        with self._lock:
            kept = [(key, made.program) for key, made in self._programs.items()]
        # since one was compiled, more inputs may have turned out to decide: it is not found again
        return [
            (key, program)
            for key, program in kept
            if all((value is not None) == (name in decided) for name, _, value in key)
        ]

    @property
    def compile_count(self) -> int:
        """For how many sets of shapes (and deciding values) code was made, or found in the cache.

        Of a model that runs in steps: for the part that needed it most.
        """
        return max([self._made, *self._counts_of_steps()])

    def _counts_of_steps(self) -> list[int]:
        return [made.program.compile_count for made in self._programs.values()]

    @property
    def host_steps(self) -> list[str]:
        """`operator node` of every step that no compiled kernel computes, in what is kept."""
        with self._lock:
            kept = [made.program for made in self._programs.values()]
        return list(dict.fromkeys(step for program in kept for step in program.host_steps))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an artefact (.aicc) that `aicc.load` and the C interface read.

        It holds what is compiled so far: run a model with open dimensions on each set of shapes
        first. Raises ShapeError if that is nothing, ArtifactError if the file cannot be written.
        """
        from .artifact_writer import save

        save(Signature(self.inputs, self.output_names, self.origin), self.programs(), path)

    def profile(self, inputs: Mapping[str, Any], *, runs: int = 20) -> Profile:
        """Where the time of a run goes, kernel by kernel.

        Raises AiccError if the code notes no times: compile with `profile=True`.
        """
        arrays = self._checked(inputs)
        program = self.specialisation(arrays).program
        if not program.intervals:
            raise AiccError(
                "this executable notes no times of kernels\n"
                "next step: aicc.compile(model, profile=True), or aicc profile MODEL"
            )
        return program.profile(arrays, runs)

    def ir(self, phase: str) -> str:
        """The IR of the newest specialisation after `phase`, as text."""
        if not self._programs:
            raise ShapeError("nothing is compiled yet: the model has open dimensions; run it first")
        return self._programs.values()[-1].module_text(phase)

    def _checked(self, inputs: Mapping[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
        given = [inputs.get(s.name) for s in self.inputs]
        if len(inputs) != len(given) or any(value is None for value in given):
            self._check_names(inputs)
        sizes: dict[str, int] = {}
        pairs = zip(self.inputs, given, strict=True)
        return {s.name: _checked_array(s, value, sizes) for s, value in pairs}

    def _check_names(self, inputs: Mapping[str, Any]) -> None:
        names = [s.name for s in self.inputs]
        for name in inputs:
            if name not in names:
                raise ShapeError(f"no input is called '{name}' (inputs: {', '.join(names)})")
        missing = [n for n in names if n not in inputs]
        if missing:
            raise ShapeError(f"input '{missing[0]}' is missing (inputs: {', '.join(names)})")


def _checked_array(spec: InputSpec, value: Any, sizes: dict[str, int]) -> np.ndarray[Any, Any]:
    array = np.from_dlpack(value) if _is_foreign(value) else np.asarray(value)
    if array.dtype != spec.dtype:
        raise ShapeError(f"input '{spec.name}' expects {spec.dtype}, got {array.dtype}")
    # open dimensions are names, which no size equals
    if spec.dims is not None and spec.dims != array.shape:
        _check_dims(spec, array, sizes)
    flags = array.flags
    if flags.c_contiguous and flags.aligned:
        return array
    return np.require(array, requirements=["C", "A"])


def _check_dims(spec: InputSpec, array: np.ndarray[Any, Any], sizes: dict[str, int]) -> None:
    dims = spec.dims or ()
    if array.ndim != len(dims):
        raise ShapeError(
            f"input '{spec.name}' expects rank {len(dims)} {_dims(spec)}, got {list(array.shape)}"
        )
    for dim, size in zip(dims, array.shape, strict=True):
        expected = sizes.setdefault(dim, size) if isinstance(dim, str) else dim
        if expected != size:
            raise ShapeError(
                f"input '{spec.name}' expects {_dims(spec)}, got {list(array.shape)}"
                + (f" ({dim} is {expected} elsewhere)" if isinstance(dim, str) else "")
            )


def _is_foreign(value: Any) -> bool:
    return not isinstance(value, np.ndarray) and hasattr(value, "__dlpack__")


def _dims(spec: InputSpec) -> str:
    return f"[{', '.join(str(d) for d in spec.dims or ())}]"


def _apart(
    arrays: Mapping[str, np.ndarray[Any, Any]], out: Mapping[str, np.ndarray[Any, Any]]
) -> dict[str, np.ndarray[Any, Any]]:
    """The inputs, copied where an output is to be written over them: it may be written early."""
    return {
        name: a.copy() if any(np.may_share_memory(a, o) for o in out.values()) else a
        for name, a in arrays.items()
    }


def _check_outputs(program: Program, out: Mapping[str, np.ndarray[Any, Any]]) -> None:
    known = {a.name: a for a in program.outputs}
    for name, array in out.items():
        if name not in known:
            raise ShapeError(f"no output is called '{name}' (outputs: {', '.join(known)})")
        a = known[name]
        if array.shape != a.shape or array.dtype != a.dtype:
            raise ShapeError(
                f"output '{name}' is {a.dtype}{list(a.shape)}, "
                f"the given array {array.dtype}{list(array.shape)}"
            )
        if not array.flags.c_contiguous or not array.flags.writeable:
            raise ShapeError(f"output '{name}': the given array must be contiguous and writeable")
