"""Gathers diagnostics while a pipeline runs, so that a failure can tell all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.passes.messages import Diagnostic, diagnostic_from, sink_back, sink_to


class Collector:
    """Hears what passes report: through MLIR itself, and by `emit_error` and kin."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._pending: list[Diagnostic] = []
        self.failed = False

    def __enter__(self) -> Collector:
        self._handler = self._context.attach_diagnostic_handler(self._from_mlir)
        self._token = sink_to(self._from_pass)
        return self

    def __exit__(self, *exception: object) -> None:
        sink_back(self._token)
        self._handler.detach()
        # the bindings' object keeps its callback, which is ours, and no garbage collector sees it
        del self._handler, self._context

    def errors(self) -> list[Diagnostic]:
        """Take the errors gathered so far."""
        errors = [one for one in self._pending if one.severity == "error"]
        self._pending = [one for one in self._pending if one.severity != "error"]
        return errors

    def flush(self, report: Callable[[Diagnostic], None]) -> None:
        """Pass on what did not stop the pipeline."""
        pending, self._pending, self.failed = self._pending, [], False
        for diagnostic in pending:
            report(diagnostic)

    def _from_mlir(self, mlir: Any) -> bool:
        self._pending.append(diagnostic_from(mlir))
        return True

    def _from_pass(self, diagnostic: Diagnostic) -> None:
        self._pending.append(diagnostic)
        self.failed = self.failed or diagnostic.severity == "error"
