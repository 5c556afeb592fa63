"""The table of Python passes and named pipelines.

A pass is one module `passes/<phase>/<name>.py` with one function under `@register_pass("<name>")`:

    @register_pass("fold-constants")
    def run(op: ir.Operation, *, max_elements: int = 64) -> None:
        \"\"\"Evaluate ops whose operands are all inline constants.\"\"\"

Its typed keyword arguments are its options (`options.py`). File stem and name agree, so one pass is
found and imported without importing the others; `load_all` imports every one, for listings.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aicc.diagnostics import LoweringError
from aicc.passes.messages import PassFailure, emit_error, emit_remark, emit_warning
from aicc.passes.options import Option, options_of

__all__ = [
    "PHASES",
    "PassInfo",
    "PassFailure",
    "PipelineInfo",
    "emit_error",
    "emit_remark",
    "emit_warning",
    "find_pass",
    "find_pipeline",
    "known_names",
    "load_all",
    "register_pass",
    "register_pipeline",
]

PHASES = ("graph", "linalg", "schedule", "buffers", "loops", "llvm")
ANCHORS = ("builtin.module", "func.func")
KINDS = ("analysis", "transform", "utility")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class PassInfo:
    """A registered Python pass; with anchor `func.func` it is called once per function body."""

    name: str
    run: Callable[..., Any]
    anchor: str
    kind: str
    doc: str
    options: dict[str, Option]


@dataclass(frozen=True)
class PipelineInfo:
    """A named pipeline: `build(**options)` gives its passes as one text or a list of texts."""

    name: str
    build: Callable[..., Any]
    doc: str
    options: dict[str, Option]


_passes: dict[str, PassInfo] = {}
_pipelines: dict[str, PipelineInfo] = {}


def register_pass(
    name: str, *, anchor: str = "builtin.module", kind: str = "transform"
) -> Callable[[Function], Function]:
    """Register `run(op, *, option: type = default)` as the pass `name`.

    Raises ValueError for a bad or taken name and TypeError for options without type or default.
    """
    _require(anchor in ANCHORS, f"pass '{name}': anchor must be one of {', '.join(ANCHORS)}")
    _require(kind in KINDS, f"pass '{name}': kind must be one of {', '.join(KINDS)}")

    def decorate(function: Function) -> Function:
        _require_free(name, function)
        options = options_of(function)
        _passes[name] = PassInfo(name, function, anchor, kind, _doc_of(function), options)
        return function

    return decorate


def register_pipeline(name: str) -> Callable[[Function], Function]:
    """Register `build(*, option: type = default) -> list[str] | str` as the named pipeline `name`.

    Its elements are pipeline texts: pass names with options, nests, other named pipelines.
    """

    def decorate(function: Function) -> Function:
        _require_free(name, function)
        options = options_of(function, skip=0)
        _pipelines[name] = PipelineInfo(name, function, _doc_of(function), options)
        return function

    return decorate


def find_pass(name: str) -> PassInfo | None:
    """The Python pass `name`, imported if need be; None if there is none of that name."""
    if name not in _passes and name in (modules := pass_modules()):
        _import(modules[name])
    return _passes.get(name)


def find_pipeline(name: str) -> PipelineInfo | None:
    """The named pipeline `name`; None if there is none of that name."""
    if name not in _pipelines:
        _import_pipelines()
    return _pipelines.get(name)


def load_all() -> tuple[list[PassInfo], list[PipelineInfo]]:
    """Import every pass module; all passes and named pipelines, sorted by name."""
    for module in pass_modules().values():
        _import(module)
    _import_pipelines()
    ordered = sorted(_passes.values(), key=lambda one: one.name)
    return ordered, sorted(_pipelines.values(), key=lambda one: one.name)


def known_names() -> list[str]:
    """Names to suggest for a mistyped one, without importing any pass."""
    return sorted({*_passes, *_pipelines, *pass_modules()})


@functools.cache
def pass_modules() -> dict[str, str]:
    """Pass name -> module, read from the file names of the phase folders (5 ms, so only once)."""
    root = Path(__file__).parent
    return {
        path.stem.replace("_", "-"): f"{__package__}.{phase}.{path.stem}"
        for phase in PHASES
        for path in sorted((root / phase).glob("[a-z]*.py"))
    }


def _import(module: str) -> None:
    try:
        importlib.import_module(module)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise LoweringError(f"cannot import the pass module {module}\n  {reason}") from error


def _import_pipelines() -> None:
    if (Path(__file__).parent / "pipelines.py").exists():
        _import(f"{__package__}.pipelines")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _require_free(name: str, function: Callable[..., Any]) -> None:
    """Refuse a bad or taken name; a notebook may define its own pass again."""
    _require(bool(NAME.fullmatch(name)), f"'{name}' is no pass name: use small-words-and-dashes")
    taken = _passes.get(name) or _pipelines.get(name)
    if taken is None:
        return
    owner = taken.run if isinstance(taken, PassInfo) else taken.build
    again = (owner.__module__, owner.__qualname__) == (function.__module__, function.__qualname__)
    where = f"{owner.__module__}.{owner.__qualname__}"
    _require(again, f"the pass or pipeline '{name}' is already registered by {where}")


def _doc_of(function: Callable[..., Any]) -> str:
    """First line of the function's docstring, else of its module's."""
    module_doc = function.__globals__.get("__doc__")
    text = (function.__doc__ or module_doc or "").strip()
    return str(text.split("\n", 1)[0])
