"""What a pass says: errors, warnings and remarks tied to a place in the IR.

The bindings let Python emit errors only, and lose those emitted by a pass that does not fail. Here
a pass reports through `emit_error`, `emit_warning` and `emit_remark`, which go to the running
`Pipeline`: a pass that reported an error fails when it returns, so it may report all of them first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.diagnostics import LoweringError

NOTE_LINES = 8


@dataclass(frozen=True)
class Diagnostic:
    """A copy of an MLIR diagnostic, which itself lives only as long as its handler's call."""

    severity: str
    location: Any
    message: str
    notes: tuple[Diagnostic, ...] = ()


class PassFailure(Exception):
    """Raised by a pass to fail with a message; `op` is the operation it is about."""

    def __init__(self, message: str = "", op: Any = None) -> None:
        super().__init__(message)
        self.op = op


class PassError(LoweringError):
    """A pipeline stopped; `diagnostics` holds the errors, `pass_name` the pass that failed."""

    def __init__(
        self, message: str, pass_name: str = "", diagnostics: Sequence[Diagnostic] = ()
    ) -> None:
        super().__init__(message)
        self.pass_name = pass_name
        self.diagnostics = tuple(diagnostics)


Sink = Callable[[Diagnostic], None]
_sink: ContextVar[Sink | None] = ContextVar("aicc_pass_messages", default=None)


def emit_error(op: Any, message: str, notes: Sequence[str] = ()) -> None:
    """Report an error on `op`; the running pass fails once it returns."""
    _emit("error", op, message, notes)


def emit_warning(op: Any, message: str, notes: Sequence[str] = ()) -> None:
    """Report a warning on `op`; the pass goes on."""
    _emit("warning", op, message, notes)


def emit_remark(op: Any, message: str, notes: Sequence[str] = ()) -> None:
    """Report a remark on `op`, e.g. why a rewrite was refused."""
    _emit("remark", op, message, notes)


def sink_to(sink: Sink) -> Any:
    """Send what passes emit to `sink`; returns the token for `sink_back`."""
    return _sink.set(sink)


def sink_back(token: Any) -> None:
    """Undo `sink_to`."""
    _sink.reset(token)


def _emit(severity: str, op: Any, message: str, notes: Sequence[str]) -> None:
    operation = op.operation
    text = f"'{operation.name}' op {message}"
    sink = _sink.get()
    if sink is not None:
        sink(diagnostic_at(operation.location, text, notes, severity))
    elif severity == "error":
        operation.location.emit_error(text)


def diagnostic_at(
    location: Any, message: str, notes: Sequence[str] = (), severity: str = "error"
) -> Diagnostic:
    """A diagnostic whose notes stand at its own location."""
    copies = tuple(Diagnostic("note", location, note) for note in notes)
    return Diagnostic(severity, location, message, copies)


def diagnostic_from(mlir: Any) -> Diagnostic:
    """Copy a diagnostic of the bindings (the handler's kind or the one in an MLIRError)."""
    notes = tuple(diagnostic_from(note) for note in mlir.notes)
    # Locations in exceptions come as the base class; the detour gives the class of their kind.
    location = ir.Location.from_attr(mlir.location.attr, mlir.location.context)
    return Diagnostic(mlir.severity.name.lower(), location, mlir.message, notes)


def file_position(location: Any) -> tuple[str, int, int] | None:
    """(file, line, column) of the first file location inside `location`, if there is one."""
    return next(
        ((leaf.filename, leaf.start_line, leaf.start_col) for leaf in _leaves(location)), None
    )


def name_of(location: Any) -> str:
    """The outermost name inside `location`: the ONNX node of an imported op; else empty."""
    if isinstance(location, ir.NameLoc):
        return str(location.name_str)
    return next((name for part in _parts(location) if (name := name_of(part))), "")


def names_of(location: Any) -> list[str]:
    """Every name inside `location`, outermost first, each once: the nodes of a fused op."""
    own = [str(location.name_str)] if isinstance(location, ir.NameLoc) else []
    inner = [] if own else [name for part in _parts(location) for name in names_of(part)]
    return list(dict.fromkeys([*own, *inner]))


def in_words(diagnostic: Diagnostic) -> str:
    """The diagnostic as indented lines for an exception's message."""
    lines = [diagnostic.message.strip()]
    name, position = name_of(diagnostic.location), file_position(diagnostic.location)
    if name:
        lines.append(f'node "{name}"')
    if position:
        lines.append("at {}:{}:{}".format(*position))
    lines += [f"note: {_shortened(note.message)}" for note in diagnostic.notes]
    return "\n  ".join(line.replace("\n", "\n    ") for line in lines)


def _shortened(text: str) -> str:
    """The first lines of a note: MLIR quotes whole functions."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(lines if len(lines) <= NOTE_LINES else [*lines[: NOTE_LINES - 1], "..."])


def _leaves(location: Any) -> Any:
    if isinstance(location, ir.FileLineColLoc):
        yield location
    for part in _parts(location):
        yield from _leaves(part)


def _parts(location: Any) -> list[Any]:
    if isinstance(location, ir.NameLoc):
        return [location.child_loc]
    if isinstance(location, ir.FusedLoc):
        return list(location.locations)
    if isinstance(location, ir.CallSiteLoc):
        return [location.callee, location.caller]
    return []
