"""Reading IR for the tools: files and stdin, text and bytecode, split files, and parse errors.

MLIR's own parser is trusted with everything but deep nesting, which overflows its stack and kills
the process: such text is refused before.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aicc._mlir import ir
from aicc.diagnostics import InvalidModel
from aicc.ir_checks import refuse_deep_nesting
from aicc.passes.messages import Diagnostic, PassError, diagnostic_from

BYTECODE_MAGIC = b"ML\xefR"
SPLIT_MARKER = re.compile(r"^[ \t]*// -----.*$", re.MULTILINE)
QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*')
# Ops of dialects defined in Python have no custom form; `#graph.x` and `!graph.x` are no ops.
GRAPH_OP = re.compile(r"(?<![\w#!.$@%])graph\.\w+")


@dataclass(frozen=True)
class Chunk:
    """A piece of the input, text or bytecode; `path` is set if it is the whole of a file.

    The text starts with as many empty lines as the file has before it, so that positions in
    diagnostics are positions in the file.
    """

    data: str | bytes
    path: Path | None
    first_line: int


def read_input(name: str) -> str | bytes:
    """The text or bytecode in the file `name`, `-` for stdin."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidModel(f"cannot read '{name}': {reason}") from error
    if data.startswith(BYTECODE_MAGIC):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 text, nor MLIR bytecode (byte {error.start})"
        raise InvalidModel(f"cannot read '{name}': {reason}") from error


def chunks_of(data: str | bytes, name: str, split: bool) -> list[Chunk]:
    """The pieces to process one by one: the whole, or what stands between `// -----` lines."""
    if isinstance(data, bytes) or not split:
        return [Chunk(data, Path(name) if Path(name).is_file() else None, 1)]
    chunks, start = [], 0
    ends = [match.span() for match in SPLIT_MARKER.finditer(data)]
    for end, following in [*ends, (len(data), len(data))]:
        lines = data.count("\n", 0, start)
        chunks.append(Chunk("\n" * lines + data[start:end], None, lines + 1))
        start = following
    return chunks


def parse_chunk(chunk: Chunk, context: Any) -> Any:
    """The Module in `chunk`, verified; raises PassError with the parser's diagnostics."""
    if isinstance(chunk.data, str):
        refuse_deep_nesting(chunk.data)
    try:
        if chunk.path is not None:
            return ir.Module.parseFile(str(chunk.path), context)
        return ir.Module.parse(chunk.data, context)
    except ir.MLIRError as error:
        diagnostics = [diagnostic_from(one) for one in error.error_diagnostics]
        if not diagnostics:
            diagnostics = [_unexplained(chunk, context)]
        raise PassError("the input is not valid IR", "", diagnostics) from error
    except RuntimeError as error:
        raise InvalidModel(f"the input is damaged: {error}") from error


def _unexplained(chunk: Chunk, context: Any) -> Diagnostic:
    """The reason for a failure without diagnostics: mostly a custom form of a graph op."""
    text = chunk.data if isinstance(chunk.data, str) else ""
    # Blank out strings and comments, keeping every position.
    plain = QUOTED.sub(lambda match: " " * len(match.group()), text)
    match = GRAPH_OP.search(plain)
    if match is None:
        unknown = ir.Location.unknown(context)
        return Diagnostic("error", unknown, "the input cannot be parsed; MLIR gives no reason")
    line = plain.count("\n", 0, match.start()) + 1
    column = match.start() - plain.rfind("\n", 0, match.start())
    location = ir.Location.file(str(chunk.path or "-"), line, column, context)
    name = match.group()
    note = f'write "{name}"(%operands) {{attributes}} : (operand types) -> (result types)'
    message = f"op '{name}' has no custom form, only the generic one"
    return Diagnostic("error", location, message, (Diagnostic("note", location, note),))
