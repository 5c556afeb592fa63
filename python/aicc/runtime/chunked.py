"""A Loop whose results grow: compiled code runs many iterations at once, until there are no more.

Each call collects rows in buffers of a fixed size and says how many there are; between calls only
the state is handed on. What cannot be compiled in this way runs one iteration after the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.diagnostics import UnsupportedOp

from .steps import CompiledStep, Environment, LoopStep

ENDLESS = np.iinfo(np.int64).max


class ChunkedLoopStep:
    """A numeric Loop; `chunk` takes the bounds and the carried values first, then what it reads.

    `single` is the same loop, step by step.
    """

    operator = "Loop"

    def __init__(self, chunk: CompiledStep, single: LoopStep) -> None:
        self.nodes = single.nodes
        self.chunk = chunk
        self.single = single
        self.is_compiled = True

    def run(self, env: Environment) -> None:
        """Run the loop; whether it can run in chunks is known once the first one is compiled."""
        if self.is_compiled:
            try:
                env.add(self.single.outputs, tuple(self._results(env)))
                return
            except UnsupportedOp:
                self.is_compiled = False
        self.single.run(env)

    def _results(self, env: Environment) -> list[Any]:
        """Final values of what is carried, and all rows."""
        trips, condition, *state = env.given(self.single.inputs)
        goes_on = condition is None or bool(np.all(condition))
        until = ENDLESS if trips is None else int(np.asarray(trips).reshape(-1)[0])
        read = {name: np.asarray(env[name]) for name in self.chunk.inputs[2 + len(state) :]}
        columns: list[list[Any]] = [[] for _ in self.chunk.outputs[2 + len(state) :]]
        first = 0
        # once even if there are no iterations: the rows' shape is known then
        while True:
            values = [np.array(until if goes_on else first), np.array(first), *state]
            names = self.chunk.inputs[: len(values)]
            arrays = dict(zip(names, map(np.asarray, values), strict=True)) | read
            results = self.chunk.part.executable(arrays).run(arrays)
            after, going, *others = (results[name] for name in self.chunk.outputs)
            state = others[: len(state)]
            count = int(after) - first
            for column, rows in zip(columns, others[len(state) :], strict=True):
                column.append(rows[:count])
            first, goes_on = int(after), bool(going)
            if not goes_on or first >= until or not count:
                return [*state, *(np.concatenate(column) for column in columns)]
