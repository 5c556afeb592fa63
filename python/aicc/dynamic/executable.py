"""What `aicc.compile(model, dynamic=True)` returns."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NoReturn

from aicc.diagnostics import UnsupportedOption
from aicc.runtime.executable import Executable


class DynamicExecutable(Executable):
    """An executable that is planned for every set of shapes, on code that all of them share."""

    def __init__(self, *arguments: Any, compile_count: Callable[[], int]) -> None:
        super().__init__(*arguments)
        self._compile_count = compile_count

    @property
    def compile_count(self) -> int:
        """How often machine code was made: once, when the model is first run, for all shapes.

        More says that a later shape had a structure of its own, such as a loop that went away.
        """
        return max([self._compile_count(), *self._counts_of_steps()])

    def save(self, path: str | os.PathLike[str]) -> NoReturn:
        """Refused: a new shape is planned by the compiler, which an artefact does not hold."""
        raise UnsupportedOption(
            "a dynamic build cannot be saved: new shapes need the compiler to plan them\n"
            "next step: compile without dynamic, run it on each set of shapes, and save that"
        )
