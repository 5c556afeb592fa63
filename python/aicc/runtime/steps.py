"""The parts of a stepped program: compiled regions, host steps, and control flow between them.

A step reads values by name from the environment and adds its results. Values are numpy arrays,
object arrays of str, lists (sequences), None (an absent optional) and dicts (maps).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from aicc.diagnostics import ShapeError

from .executable import Executable


class Environment:
    """Values by name during one run; a body sees what is around it."""

    def __init__(self, values: Mapping[str, Any], around: Environment | None = None) -> None:
        self.values = dict(values)
        self.around = around

    def __getitem__(self, name: str) -> Any:
        scope: Environment | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.around
        raise KeyError(name)

    def given(self, names: Sequence[str]) -> list[Any]:
        """Values of operands; an absent one, whose name is "", is None."""
        return [self[name] if name else None for name in names]

    def add(self, names: Sequence[str], results: Any) -> None:
        """Results of a step under the names of its outputs."""
        found = results if isinstance(results, tuple) else (results,)
        self.values.update((n, v) for n, v in zip(names, found, strict=False) if n)


class Step(Protocol):
    """Anything that runs: `nodes` are the ONNX nodes it computes."""

    nodes: Sequence[str]

    def run(self, env: Environment) -> None: ...


class Part:
    """A region's compiled code, one executable per set of element types that arrives."""

    def __init__(self, compiled_for: Callable[[Mapping[str, np.dtype[Any]]], Executable]) -> None:
        self._compiled_for = compiled_for
        self.executables: dict[tuple[np.dtype[Any], ...], Executable] = {}

    def executable(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Executable:
        """The code for these types; shapes are its own matter."""
        dtypes = {name: array.dtype for name, array in arrays.items()}
        key = tuple(dtypes.values())
        if key not in self.executables:
            self.executables[key] = self._compiled_for(dtypes)
        return self.executables[key]


@dataclass
class CompiledStep:
    """A region of numeric nodes."""

    part: Part
    nodes: Sequence[str]
    inputs: Sequence[str]
    outputs: Sequence[str]

    def arrays(self, env: Environment) -> dict[str, np.ndarray[Any, Any]]:
        """What the region reads."""
        return {name: np.asarray(env[name]) for name in self.inputs}

    def run(self, env: Environment) -> None:
        """Add the region's outputs to `env`."""
        arrays = self.arrays(env)
        results = self.part.executable(arrays).run(arrays)
        env.add(self.outputs, tuple(results[name] for name in self.outputs))


@dataclass
class HostStep:
    """One node that runs in Python; `context` is handed to its function."""

    operator: str
    nodes: Sequence[str]
    function: Callable[..., Any]
    context: Any
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, Any]

    def run(self, env: Environment) -> None:
        """Add the node's outputs to `env`."""
        results = self.function(self.context, *env.given(self.inputs), **self.attributes)
        env.add(self.outputs, results)


@dataclass
class Steps:
    """A list of steps with the names it takes and gives: a graph, or the body of a node."""

    inputs: Sequence[str]
    outputs: Sequence[str]
    steps: Sequence[Step]
    constants: Mapping[str, Any] = field(default_factory=dict)

    def run(self, values: Sequence[Any], around: Environment | None = None) -> list[Any]:
        """The outputs for these inputs."""
        env = Environment(self.constants, around)
        env.add(self.inputs, tuple(values))
        for step in self.steps:
            step.run(env)
        return env.given(self.outputs)


@dataclass
class BranchStep:
    """If over values that compiled code does not take."""

    operator = "If"
    nodes: Sequence[str]
    condition: str
    branches: tuple[Steps, Steps]  # then, else
    outputs: Sequence[str]

    def run(self, env: Environment) -> None:
        """Run the branch that the condition chooses."""
        chosen = self.branches[0 if np.all(env[self.condition]) else 1]
        env.add(self.outputs, tuple(chosen.run([], env)))


@dataclass
class LoopStep:
    """Loop over values that compiled code does not take; `stack` puts what it collects together."""

    operator = "Loop"
    nodes: Sequence[str]
    inputs: Sequence[str]  # trip count, condition, carried values
    outputs: Sequence[str]
    body: Steps
    stack: Sequence[Callable[[list[Any]], Any]]  # one per collected output

    def run(self, env: Environment) -> None:
        """Run the body while its condition holds, at most as often as the trip count says."""
        trips, condition, *state = env.given(self.inputs)
        goes_on = condition is None or bool(np.all(condition))
        rows: list[list[Any]] = []
        while goes_on and (trips is None or len(rows) < int(np.asarray(trips).reshape(-1)[0])):
            given = [np.array(len(rows), np.int64), np.array(True), *state]
            goes, *results = self.body.run(given, env)
            state = results[: len(state)]
            rows.append(results[len(state) :])
            goes_on = bool(np.all(goes))
        columns = [[row[i] for row in rows] for i in range(len(self.stack))]
        collected = [stack(column) for stack, column in zip(self.stack, columns, strict=True)]
        env.add(self.outputs, (*state, *collected))


@dataclass
class MapStep:
    """SequenceMap: the body once per element; an operand that is no list is the same each time."""

    operator = "SequenceMap"
    nodes: Sequence[str]
    inputs: Sequence[str]
    outputs: Sequence[str]
    body: Steps

    def run(self, env: Environment) -> None:
        """Lists of the body's results."""
        operands = env.given(self.inputs)
        count = len(operands[0])
        others = [len(v) for v in operands if isinstance(v, list) and len(v) != count]
        if others:
            words = f"sequences of {count} and {others[0]} elements"
            raise ShapeError(f"node '{self.nodes[0]}' (SequenceMap): {words}")
        columns: list[list[Any]] = [[] for _ in self.outputs]
        for i in range(count):
            given = [v[i] if isinstance(v, list) else v for v in operands]
            for column, result in zip(columns, self.body.run(given, env), strict=True):
                column.append(result)
        env.add(self.outputs, tuple(columns))
