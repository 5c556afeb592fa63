"""Runs pipelines that mix Python passes with upstream's C++ passes.

Python passes are called directly; runs of C++ passes go through one PassManager each. The IR is
verified after every pass, and each failure is a LoweringError that names the pass, the node and the
reason. With observers (`observers.py`) every pass runs, and is named, on its own.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from aicc import settings
from aicc._mlir import ir, passmanager
from aicc.diagnostics import AiccError
from aicc.passes.collector import Collector
from aicc.passes.messages import (
    Diagnostic,
    PassError,
    PassFailure,
    diagnostic_at,
    diagnostic_from,
    in_words,
    name_of,
)
from aicc.passes.observers import Callback, Callbacks, Observer, Reproducer
from aicc.passes.pipeline_text import ROOT, Node
from aicc.passes.steps import Step, joined_text, steps_of, unknown_pass


class Pipeline:
    """A list of passes, ready to run on modules.

    `passes` is a textual pipeline or a list: `Pipeline(["canonicalize", "func.func(cse)"])`.
    `before` and `after` are called with (pass name, module operation) around every pass.
    `reproducer` (default: the environment's AICC_DUMP) is the file or folder that gets the IR
    before a failing pass. `on_diagnostic` receives warnings and remarks, which are logged else.
    An instance serves one thread. Raises PipelineError for a wrong text.
    """

    def __init__(
        self,
        passes: str | Sequence[str],
        *,
        verify_each: bool = True,
        before: Callback | None = None,
        after: Callback | None = None,
        reproducer: str | Path | None = None,
        observers: Sequence[Observer] = (),
        on_diagnostic: Callable[[Diagnostic], None] | None = None,
    ) -> None:
        self.steps = steps_of(passes if isinstance(passes, str) else ",".join(passes))
        self._verify_each = verify_each
        self._observers = list(observers)
        if before or after:
            self._observers.append(Callbacks(before, after))
        if reproducer := reproducer or settings.read("AICC_DUMP"):
            self._observers.append(Reproducer(reproducer))
        self._report = on_diagnostic or _log
        self._managers: dict[str, Any] = {}
        self._context: Any = None

    def __str__(self) -> str:
        return joined_text(self.steps)

    def check(self, context: Any) -> None:
        """Raise PipelineError if a C++ pass or its options are unknown."""
        for group in self._groups():
            self._manager(group, context)

    def run(self, module: Any) -> None:
        """Run on a Module or its operation, in place; raises LoweringError if a pass fails."""
        root = module.operation
        self.check(root.context)
        # New ops that are given no location get the module's, which names the model.
        with root.context, root.location, Collector(root.context) as collector:
            for group in self._groups():
                self._run_group(group, root, collector)

    def _groups(self) -> Iterator[list[Step]]:
        """Steps run together: one by one if observed, else C++ passes in maximal runs."""
        for is_python, group in groupby(self.steps, key=lambda step: step.info is not None):
            steps = list(group)
            if is_python or self._observers:
                yield from ([step] for step in steps)
            else:
                yield steps

    def _run_group(self, group: list[Step], root: Any, collector: Collector) -> None:
        for observer in self._observers:
            observer.before(group[0], root)
        try:
            if group[0].info is None:
                self._run_upstream(group, root, collector)
            else:
                self._run_python(group[0], root, collector)
        except Exception as error:
            self._add_observations(error, group[0], root)
            raise
        finally:
            collector.flush(self._report)
        for observer in self._observers:
            observer.after(group[0], root)

    def _run_upstream(self, group: list[Step], root: Any, collector: Collector) -> None:
        try:
            self._manager(group, root.context).run(root)
        except ir.MLIRError as error:
            _fail(group, "failed", [*collector.errors(), *_diagnostics_in(error)], error)

    def _run_python(self, step: Step, root: Any, collector: Collector) -> None:
        assert step.info is not None
        target = root
        try:
            for target in targets_of(step, root):
                step.info.run(target, **step.options)
        except PassFailure as error:
            _fail([step], "failed", _failure(error, target, collector), error)
        except ir.MLIRError as error:
            _fail([step], "failed", [*collector.errors(), *_diagnostics_in(error)], error)
        except AiccError:
            raise
        except Exception as error:
            _fail([step], f"raised {_raised(error)}", collector.errors(), error)
        if collector.failed:
            _fail([step], "failed", collector.errors(), None)
        if self._verify_each:
            _verify(step, root)

    def _manager(self, group: list[Step], context: Any) -> Any:
        """The PassManager of a group of C++ passes, kept: canonicalize takes 0.5 ms to set up."""
        if group[0].info is not None:
            return None
        if context is not self._context:
            self._context, self._managers = context, {}
        text = joined_text(group)
        if text not in self._managers:
            self._managers[text] = _parse(group, text, context)
            self._managers[text].enable_verifier(self._verify_each)
        return self._managers[text]

    def _add_observations(self, error: Exception, step: Step, root: Any) -> None:
        lines = [line for one in self._observers if (line := one.failed(step, root))]
        if lines and isinstance(error, PassError):
            error.args = ("\n".join([str(error), *lines]),)


def targets_of(step: Step, root: Any) -> list[Any]:
    """The operations a Python pass runs on; functions without a body are left out."""
    assert step.info is not None
    path = step.path
    if step.info.anchor != ROOT and (not path or path[-1] == ROOT):
        path = (*path, step.info.anchor)
    targets = [root]
    for name in path:
        targets = [inner for op in targets for inner in _children(op, name)]
    found = [op for op in targets if op.name == step.info.anchor]
    return [op for op in found if op.name == ROOT or len(op.regions[0].blocks)]


def _children(op: Any, name: str) -> list[Any]:
    blocks = [block for region in op.regions for block in region.blocks]
    inner = [view.operation for block in blocks for view in block.operations]
    return [child for child in inner if name in (child.name, "any")]


def _parse(group: list[Step], text: str, context: Any) -> Any:
    try:
        return passmanager.PassManager.parse(text, context)
    except ValueError:
        for step in group:
            _parse_one(step, context)
        raise


def _parse_one(step: Step, context: Any) -> None:
    try:
        passmanager.PassManager.parse(step.text, context)
    except ValueError as error:
        step.node.fail(_reason(step.node, str(error)))


def _reason(node: Node, text: str) -> str:
    """Upstream's complaint about one pass, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if "does not refer to a registered pass" in first:
        return unknown_pass(node)
    if anchor := re.search(r"restricted to '([\w.]+)'", first):
        return f"pass '{node.name}' runs on '{anchor[1]}': write {anchor[1]}({node.text})"
    return f"pass '{node.name}': {first.removeprefix('<Pass-Options-Parser>: ') or 'bad options'}"


def _verify(step: Step, root: Any) -> None:
    try:
        root.verify()
    except ir.MLIRError as error:
        _fail([step], "left invalid IR", _diagnostics_in(error), error)


def _diagnostics_in(error: Any) -> list[Diagnostic]:
    return [diagnostic_from(one) for one in error.error_diagnostics]


def _failure(error: PassFailure, target: Any, collector: Collector) -> list[Diagnostic]:
    """The errors emitted so far and the exception's own, placed on its op or on the target."""
    errors = collector.errors()
    if str(error):
        op = target if error.op is None else error.op.operation
        errors.append(diagnostic_at(op.location, f"'{op.name}' op {error}"))
    return errors


def _raised(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"{type(error).__name__} at {place}: {error}"


def _fail(
    group: list[Step], how: str, errors: Sequence[Diagnostic], cause: Exception | None
) -> NoReturn:
    names = [step.name for step in group]
    who = f"pass '{names[0]}'" if len(names) == 1 else f"one of the passes {', '.join(names)}"
    node = name_of(errors[0].location) if errors else ""
    where = f' on node "{node}"' if node else ""
    lines = [f"{who} {how}{where}", *(in_words(error) for error in errors)]
    if len(names) > 1:
        lines.append("set AICC_DUMP to a folder to find which one and keep its input")
    name = names[0] if len(names) == 1 else ""
    raise PassError("\n  ".join(lines), name, errors) from cause


def _log(diagnostic: Diagnostic) -> None:
    import logging

    level = logging.WARNING if diagnostic.severity == "warning" else logging.DEBUG
    logging.getLogger("aicc").log(level, in_words(diagnostic))
