"""What watches a pipeline run: printers of IR, timing, and the reproducer written on failure.

An observer is called around every pass, with the whole module. A pipeline with observers runs one
pass at a time, so each of them sees, and names, exactly one.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from aicc.passes.steps import Step

Callback = Callable[[str, Any], None]


class Observer:
    """Base of observers; a pass may not be changed from here, only watched."""

    def before(self, step: Step, module: Any) -> None:
        """Called before each pass."""

    def after(self, step: Step, module: Any) -> None:
        """Called after each pass that succeeded, the verifier included."""

    def failed(self, step: Step, module: Any) -> str:
        """Called after a pass that failed; the result is added to the error's message."""
        return ""


class Callbacks(Observer):
    """Calls `before(pass name, module)` and `after(pass name, module)`."""

    def __init__(self, before: Callback | None, after: Callback | None) -> None:
        self._before = before
        self._after = after

    def before(self, step: Step, module: Any) -> None:
        if self._before is not None:
            self._before(step.name, module)

    def after(self, step: Step, module: Any) -> None:
        if self._after is not None:
            self._after(step.name, module)


@dataclass
class Printer(Observer):
    """Prints the module around passes, in the format of mlir-opt.

    `before_passes` and `after_passes` are pass names, or None for all; `only_changes` prints after
    passes that changed the text.
    """

    stream: IO[str]
    before_passes: Collection[str] | None = ()
    after_passes: Collection[str] | None = ()
    only_changes: bool = False
    generic: bool = False
    debug_info: bool = False
    _last: str = ""

    def before(self, step: Step, module: Any) -> None:
        if self.only_changes:
            self._last = self._text(module)
        if self.before_passes is None or step.name in self.before_passes:
            self._print(f"Before {step.name}", self._text(module))

    def after(self, step: Step, module: Any) -> None:
        wanted = self.after_passes is None or step.name in self.after_passes
        if not (wanted or self.only_changes):
            return
        text = self._text(module)
        if wanted or text != self._last:
            self._print(f"After {step.name}", text)

    def failed(self, step: Step, module: Any) -> str:
        if self.only_changes or self.after_passes is None or step.name in self.after_passes:
            self._print(f"After {step.name} Failed", self._text(module))
        return ""

    def _text(self, module: Any) -> str:
        return str(
            module.get_asm(print_generic_op_form=self.generic, enable_debug_info=self.debug_info)
        )

    def _print(self, what: str, text: str) -> None:
        self.stream.write(f"// -----// IR Dump {what} //----- //\n{text}\n")
        self.stream.flush()


class Timer(Observer):
    """Wall time per pass, in seconds; `add` takes other rows, such as parsing."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float]] = []
        self._start = 0.0

    def before(self, step: Step, module: Any) -> None:
        self._start = time.perf_counter()

    def after(self, step: Step, module: Any) -> None:
        self.add(step.name, time.perf_counter() - self._start)

    def add(self, name: str, seconds: float) -> None:
        """Add a row to the report."""
        self.rows.append((name, seconds))

    def report(self) -> str:
        """The table mlir-opt prints for --mlir-timing."""
        total = sum(seconds for _, seconds in self.rows)
        rule = "===" + "-" * 73 + "===\n"
        lines = [
            f"{rule}{'... Execution time report ...':^79}\n{rule}",
            f"  Total Execution Time: {total:.4f} seconds\n\n",
            "  ----Wall Time----  ----Name----\n",
        ]
        for name, seconds in [*self.rows, ("Total", total)]:
            lines.append(f"  {seconds:8.4f} ({seconds / (total or 1):6.1%})  {name}\n")
        return "".join(lines)


class Reproducer(Observer):
    """Keeps a clone of the module before each pass and writes it when the pass fails.

    `path` is a file if it ends in .mlir, else a folder that gets `failed-before-<pass>.mlir`.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._clone: Any = None

    def before(self, step: Step, module: Any) -> None:
        self._clone = module.clone()

    def after(self, step: Step, module: Any) -> None:
        self._clone = None

    def failed(self, step: Step, module: Any) -> str:
        text = self._clone.get_asm(enable_debug_info=True)
        self._clone = None
        try:
            path = self._write(step, text)
        except OSError as error:
            return f"  the IR before the pass could not be written: {error}"
        return f"  IR before the pass: {path}\n  repeat with: {_command(path, step)}"

    def _write(self, step: Step, text: str) -> Path:
        """Write to a file of its own: several processes may share the folder."""
        if self._path.suffix == ".mlir":
            self._path.write_text(_with_command(self._path, step, text))
            return self._path
        self._path.mkdir(parents=True, exist_ok=True)
        count = 1
        while True:
            number = "" if count == 1 else f"-{count}"
            path = self._path / f"failed-before-{step.name}{number}.mlir"
            try:
                with path.open("x") as file:
                    file.write(_with_command(path, step, text))
                return path
            except FileExistsError:
                count += 1


def _with_command(path: Path, step: Step, text: str) -> str:
    return f"// {_command(path, step)}\n{text}"


def _command(path: Path, step: Step) -> str:
    pipeline = step.text.replace("\n", " ")
    return f"aicc-opt {shlex.quote(str(path))} --pass-pipeline={shlex.quote(pipeline)}"
