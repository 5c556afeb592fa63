"""Prints diagnostics as mlir-opt does: `file:line:column: severity: message`, line and caret."""

from __future__ import annotations

from typing import IO

from aicc.passes.messages import Diagnostic, file_position, name_of

# The name MLIR gives to text parsed from memory.
MEMORY = "-"


class DiagnosticPrinter:
    """Writes diagnostics about the input `name`, whose text is `source`, to `stream`."""

    def __init__(self, name: str, source: str | bytes, stream: IO[str]) -> None:
        self._name = "<stdin>" if name == "-" else name
        self._lines = source.split("\n") if isinstance(source, str) else []
        self._input_names = (MEMORY, name)
        self._stream = stream

    def __call__(self, diagnostic: Diagnostic) -> None:
        """Print one diagnostic, then its notes."""
        line = f"{self._where(diagnostic)}: {diagnostic.severity}: {diagnostic.message}\n"
        self._stream.write(line + self._excerpt(diagnostic))
        for note in diagnostic.notes:
            self(note)

    def _where(self, diagnostic: Diagnostic) -> str:
        position = file_position(diagnostic.location)
        name = name_of(diagnostic.location)
        if position is None:
            return f'"{name}"' if name else "<unknown>:0"
        file, line, column = position
        shown = self._name if file in self._input_names else file
        prefix = f'"{name}" at ' if name else ""
        return f"{prefix}{shown}:{line}:{column}"

    def _excerpt(self, diagnostic: Diagnostic) -> str:
        """The source line with a caret, if the place is in the input."""
        position = file_position(diagnostic.location)
        if position is None or position[0] not in self._input_names:
            return ""
        _, line, column = position
        if not 0 < line <= len(self._lines):
            return ""
        text = self._lines[line - 1]
        # Tabs stay tabs, so that the caret stands below its character.
        indent = "".join("\t" if char == "\t" else " " for char in text[: column - 1])
        return f"{text}\n{indent}^\n"
