"""A program in stages: the next one is compiled for a value that the one before has computed.

How many elements of a tensor are not zero is known when it has been counted; all shapes behind hang
on it. What is counted, and what comes after, is compiled code; between them the count is looked
at, and the code for it found, or made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn
from weakref import WeakValueDictionary

import numpy as np

from aicc.diagnostics import ArtifactError, NeedsSteps, ShapeError

from .kept import Kept
from .prepared import Prepared
from .profile import Profile
from .program import Program

Arrays = Mapping[str, np.ndarray[Any, Any]]
Answer = tuple[tuple[int, ...], bytes]
Values = tuple[bytes, ...]


class Stage:
    """How the code behind one answer is made, for each set of values that decide shapes."""

    def __init__(
        self,
        compiled_for: Callable[[Arrays], Program | StagedProgram],
        value_inputs: Callable[[], set[str]],
    ) -> None:
        self.compiled_for = compiled_for
        self._value_inputs = value_inputs

    def values(self, arrays: Arrays) -> Values:
        """What the code hangs on, as far as it is known; shapes are the same in every call."""
        return tuple(arrays[name].tobytes() for name in sorted(self._value_inputs()))


class _Rest(NamedTuple):
    """The code behind an answer; the stage is known for as long as there is any."""

    stage: Stage
    program: Program | StagedProgram


class StagedProgram:
    """`first` gives the value `asked`, and what the rest reads; `next_stage` compiles the rest.

    `asking` is the ONNX node whose shapes hang on the value.
    """

    def __init__(
        self,
        first: Program,
        asked: str,
        asking: str,
        next_stage: Callable[[np.ndarray[Any, Any]], Stage],
    ) -> None:
        self.first = first
        self.asked = asked
        self.asking = asking
        self._next_stage = next_stage
        # what runs instead if a later stage turns out not to be compiled as a whole
        self.otherwise: Callable[[NeedsSteps], Any] | None = None
        self._instead: Any = None
        self._stages: WeakValueDictionary[Answer, Stage] = WeakValueDictionary()
        self._rests: Kept[tuple[Answer, Values], _Rest] = Kept()
        self._lock = threading.Lock()

    @property
    def intervals(self) -> Any:
        """What a profile of the first stage measures."""
        return self.first.intervals

    @property
    def host_steps(self) -> Sequence[str]:
        """`operator node` of what no compiled kernel computes, as far as runs have shown."""
        return () if self._instead is None else self._instead.host_steps

    @property
    def compile_count(self) -> int:
        """How often code was made for the part that needed it most, of a model run in steps."""
        return 1 if self._instead is None else int(self._instead.compile_count)

    def share(self, prepared: Prepared) -> None:
        """Let go of what the first stage has prepared and another program had before."""
        self.first.share(prepared)

    def held(self) -> dict[int, int]:
        """Memory of the first stage: those behind it are kept for themselves."""
        return self.first.held()

    @property
    def main(self) -> NoReturn:
        """Refused: there is no entry point that could be saved."""
        raise ArtifactError(
            "the model cannot be saved: shapes in it hang on values that only a run computes"
        )

    @property
    def outputs(self) -> NoReturn:
        """Refused: the shapes of results are known once the first stage ran."""
        raise ShapeError("out= needs a model whose shapes hang on its inputs alone")

    def run(self, inputs: Arrays, out: Arrays | None = None) -> dict[str, np.ndarray[Any, Any]]:
        """Outputs by name."""
        if self._instead is None:
            try:
                arrays, rest = self._after_first(inputs)
                return rest.run(arrays)
            except NeedsSteps as needs:
                self._take_steps(needs)
        results: dict[str, np.ndarray[Any, Any]] = self._instead.run(inputs)
        return results

    def _take_steps(self, needs: NeedsSteps) -> None:
        if self.otherwise is None:
            raise needs
        self._instead = self.otherwise(needs)

    def profile(self, inputs: Arrays, runs: int) -> Profile:
        """Kernels of all stages, one stage behind the other."""
        if self._instead is not None:
            instead: Profile = self._instead.profile(inputs, runs)
            return instead
        arrays, rest = self._after_first(inputs)
        before, after = self.first.profile(inputs, runs), rest.profile(arrays, runs)
        return Profile(
            [*before.intervals, *after.intervals],
            np.concatenate([before.seconds, after.seconds], axis=1),
            before.total + after.total,
            [f"shape of '{self.asking}'", *after.host_steps],
        )

    def _after_first(self, inputs: Arrays) -> tuple[Arrays, Program | StagedProgram]:
        """What the rest reads, and its code."""
        given = self.first.run(inputs)
        answer = given.pop(self.asked)
        arrays = {**inputs, **given}
        key = (answer.shape, answer.tobytes())
        with self._lock:
            stage = self._stages.get(key)
            if stage is None:
                stage = self._stages[key] = self._next_stage(answer)
            rest = self._rests.get((key, stage.values(arrays)))
            if rest is None:
                rest = _Rest(stage, stage.compiled_for(arrays))
                # more inputs may have turned out to decide
                self._rests.put((key, stage.values(arrays)), rest, rest.program)
            return arrays, rest.program
