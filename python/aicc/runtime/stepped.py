"""A model that is run in steps: compiled parts, and Python between them.

Strings, sequences, optionals and images are no matter of compiled code. A model that has such
operators is cut; its numeric regions are executables like any other, the rest are host steps.
The methods are those of Executable.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from aicc.diagnostics import ArtifactError, ShapeError

from .chunked import ChunkedLoopStep
from .prepared import Prepared
from .profile import Interval, Profile
from .program import Program
from .signature import Key, Origin
from .steps import BranchStep, CompiledStep, Environment, LoopStep, MapStep, Step, Steps
from .value_specs import ValueSpec, checked


class SteppedExecutable:
    """A compiled model with host steps. `exe.run({name: value})`, or `exe(*values)`.

    A value is an array (object or str arrays for strings), a list for a sequence, None or a value
    for an optional, a dict for a map.
    """

    def __init__(self, inputs: Sequence[ValueSpec], steps: Steps, origin: Origin) -> None:
        self.inputs = list(inputs)
        self.output_names = list(steps.outputs)
        self.origin = origin
        self.steps = steps

    @property
    def host_steps(self) -> list[str]:
        """`operator node` of every step that no compiled kernel computes, bodies included."""
        return [_words(step) for step in _all_steps(self.steps) if _is_host(step)]

    @property
    def compile_count(self) -> int:
        """How often code was made for the part that needed it most, 0 before the first run."""
        parts = [step.part for step in _all_steps(self.steps) if isinstance(step, CompiledStep)]
        made = [one.compile_count for part in parts for one in list(part.executables.values())]
        return max(made, default=0)

    def run(
        self, inputs: Mapping[str, Any], *, out: Mapping[str, np.ndarray[Any, Any]] | None = None
    ) -> dict[str, Any]:
        """Outputs by name; those given in `out`, which are tensors, are written there.

        Raises ShapeError for a wrong name, type, rank or shape.
        """
        results = self.steps.run(self._checked(inputs))
        found = dict(zip(self.output_names, results, strict=True))
        for name, array in (out or {}).items():
            found[name] = _written(name, found, array)
        return found

    def __call__(self, *values: Any) -> Any:
        """Run on values in input order; one value, or a tuple for several outputs."""
        if len(values) != len(self.inputs):
            raise ShapeError(f"expected {len(self.inputs)} values, got {len(values)}")
        results = self.run({s.name: v for s, v in zip(self.inputs, values, strict=True)})
        return next(iter(results.values())) if len(results) == 1 else tuple(results.values())

    def profile(self, inputs: Mapping[str, Any], *, runs: int = 20) -> Profile:
        """Where the time of a run goes: the kernels of compiled parts, and host steps as wholes."""
        env = Environment(self.steps.constants)
        env.add(self.steps.inputs, tuple(self._checked(inputs)))
        intervals: list[Interval] = []
        columns: list[np.ndarray[Any, Any]] = []
        for step in self.steps.steps:
            if isinstance(step, CompiledStep):
                arrays = step.arrays(env)
                part = step.part.executable(arrays).profile(arrays, runs=runs)
                intervals.extend(part.intervals)
                columns.append(part.seconds)
            else:
                intervals.append(Interval("python", "host", (_words(step),)))
                columns.append(_timed(step, env, runs))
            step.run(env)
        seconds = np.concatenate([np.zeros((runs, 0)), *columns], axis=1)
        return Profile(intervals, seconds, seconds.sum(axis=1), self.host_steps)

    def ir(self, phase: str) -> str:
        """The IR of every part that is compiled so far, one behind the other."""
        texts = []
        for step in _all_steps(self.steps):
            if isinstance(step, CompiledStep):
                for executable in list(step.part.executables.values()):
                    texts.append(f"// {', '.join(step.nodes)}\n{executable.ir(phase)}")
        if not texts:
            raise ShapeError("no part is compiled yet: parts are compiled on the first run")
        return "\n".join(texts)

    def programs(self) -> list[tuple[Key, Program]]:
        """None: the parts of a stepped model are no model on their own."""
        return []

    def save(self, path: str | os.PathLike[str]) -> NoReturn:
        """Refused: an artefact holds compiled code only."""
        raise ArtifactError(
            f"'{path}' cannot be written: the model has steps that run in Python\n"
            f"steps: {', '.join(self.host_steps)}"
        )

    def _checked(self, inputs: Mapping[str, Any]) -> list[Any]:
        names = [s.name for s in self.inputs]
        for name in inputs:
            if name not in names:
                raise ShapeError(f"no input is called '{name}' (inputs: {', '.join(names)})")
        sizes: dict[str, int] = {}
        values = []
        for spec in self.inputs:
            if spec.name not in inputs and spec.kind != "optional":
                raise ShapeError(f"input '{spec.name}' is missing (inputs: {', '.join(names)})")
            values.append(checked(spec, inputs.get(spec.name), sizes))
        return values


class SteppedProgram:
    """Stands where an Executable has a Program, for shapes that only run in steps."""

    intervals = (Interval("python", "host", ()),)  # a profile needs no marks in the code

    def __init__(self, executable: SteppedExecutable) -> None:
        self.executable = executable

    @property
    def host_steps(self) -> list[str]:
        """`operator node` of what no compiled kernel computes."""
        return self.executable.host_steps

    @property
    def compile_count(self) -> int:
        """How often code was made for the part that needed it most."""
        return self.executable.compile_count

    def share(self, prepared: Prepared) -> None:
        """Nothing: compiled parts are executables, which keep their own programs."""

    def held(self) -> dict[int, int]:
        """Nothing, for the same reason."""
        return {}

    @property
    def main(self) -> NoReturn:
        """Refused: there is no entry point that could be saved."""
        self.executable.save("the artefact")

    @property
    def outputs(self) -> NoReturn:
        """Refused: what the steps give is known once they ran."""
        raise ShapeError("out= needs a model without host steps")

    def run(self, inputs: Mapping[str, Any], out: Mapping[str, Any] | None = None) -> Any:
        """Outputs by name."""
        return self.executable.run(inputs)

    def profile(self, inputs: Mapping[str, Any], runs: int) -> Profile:
        """Where the time of a run goes."""
        return self.executable.profile(inputs, runs=runs)


def _written(name: str, found: Mapping[str, Any], array: np.ndarray[Any, Any]) -> Any:
    if name not in found:
        raise ShapeError(f"no output is called '{name}' (outputs: {', '.join(found)})")
    result = found[name]
    if not isinstance(result, np.ndarray):
        raise ShapeError(f"output '{name}' is no tensor: it cannot be written into an array")
    if array.shape != result.shape or array.dtype != result.dtype:
        raise ShapeError(
            f"output '{name}' is {result.dtype}{list(result.shape)}, "
            f"the given array {array.dtype}{list(array.shape)}"
        )
    array[...] = result
    return array


def _timed(step: Step, env: Environment, runs: int) -> np.ndarray[Any, Any]:
    """Seconds [runs, 1] of a host step, after a run that is not counted."""
    step.run(env)
    seconds = np.zeros((runs, 1))
    for i in range(runs):
        start = time.perf_counter()
        step.run(env)
        seconds[i] = time.perf_counter() - start
    return seconds


def _is_host(step: Step) -> bool:
    return not isinstance(step, CompiledStep)


def _words(step: Step) -> str:
    return f"{getattr(step, 'operator', '')} '{', '.join(step.nodes)}'"


def _all_steps(steps: Steps) -> Iterator[Step]:
    """Every step, those in bodies behind the step that has them."""
    for step in steps.steps:
        yield step
        if isinstance(step, BranchStep):
            for branch in step.branches:
                yield from _all_steps(branch)
        elif isinstance(step, (LoopStep, MapStep)):
            yield from _all_steps(step.body)
        elif isinstance(step, ChunkedLoopStep):
            yield step.chunk
            yield from _all_steps(step.single.body)
