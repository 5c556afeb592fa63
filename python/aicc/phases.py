"""Phases: which one a module has reached, and the way on to the next.

A module says itself how far it is (`aicc.phase`) and at what level it is optimised
(`aicc.opt_level`), so that every dump can be taken up again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aicc import settings
from aicc._mlir import ir
from aicc.diagnostics import LoweringError
from aicc.passes.driver import Pipeline
from aicc.passes.pipelines import PHASES
from aicc.passes.registry import find_pipeline
from aicc.passes.trace import Trace

Progress = Callable[[str], None]


def phase_of(module: Any) -> str:
    """The phase a module's IR has reached."""
    attributes = module.operation.attributes
    if "aicc.phase" not in attributes:
        return "import"
    phase = attributes["aicc.phase"].value
    if phase not in PHASES:
        raise LoweringError(f"the module says phase '{phase}' (phases: {', '.join(PHASES)})")
    return str(phase)


def is_before(module: Any, phase: str) -> bool:
    """True if the module has not reached `phase` yet."""
    return PHASES.index(phase_of(module)) < PHASES.index(phase)


def pipeline_to(phase: str, module: Any) -> str:
    """The pipeline that takes a module to `phase`, at the module's own optimisation level."""
    name = f"to-{phase}"
    pipeline = find_pipeline(name)
    known = pipeline.options if pipeline else ()
    options = [f"opt-level={opt_level_of(module)}"] if "opt-level" in known else []
    if "dynamic" in known and "aicc.dynamic" in module.operation.attributes:
        options.append("dynamic=true")
    return f"{name}{{{' '.join(options)}}}" if options else name


def opt_level_of(module: Any) -> int:
    """The level a module is compiled at; 3 where it does not say."""
    attributes = module.operation.attributes
    return int(attributes["aicc.opt_level"].value) if "aicc.opt_level" in attributes else 3


class Lowering:
    """Takes a module from phase to phase; dumps each one, and tells what happens, if asked to.

    `dump` defaults to AICC_DUMP, `debug` (0 to 5, `aicc.settings`) to AICC_DEBUG.
    """

    def __init__(
        self,
        dump: str | Path | None = None,
        progress: Progress | None = None,
        debug: int | None = None,
    ) -> None:
        self.dump: str | Path | None = dump or settings.read("AICC_DUMP")
        self.progress = progress or (lambda phase: None)
        self.trace = Trace(settings.debug_level(debug))

    def lower(self, module: Any, to: str) -> None:
        """Run the pipelines of the phases after the module's own, up to `to`."""
        if to not in PHASES:
            raise LoweringError(f"no phase is called '{to}' (phases: {', '.join(PHASES)})")
        self._write(module, phase_of(module))
        for phase in PHASES[PHASES.index(phase_of(module)) + 1 : PHASES.index(to) + 1]:
            self.progress(phase)
            with self.trace.phase(phase):
                Pipeline(
                    pipeline_to(phase, module),
                    verify_each=self._is_watched,
                    observers=self.trace.observers(),
                ).run(module)
            if not self._is_watched:
                verify(module, phase)
            self._write(module, phase)

    @property
    def _is_watched(self) -> bool:
        """Whether the IR is verified after every pass, which takes a third of the time."""
        return bool(self.dump) or self.trace.level > 0

    def _write(self, module: Any, phase: str) -> None:
        if not self.dump:
            return
        folder = Path(self.dump)
        folder.mkdir(parents=True, exist_ok=True)
        text = module.operation.get_asm(enable_debug_info=True)
        (folder / f"{PHASES.index(phase):02d}-{phase}.mlir").write_text(text)


def verify(module: Any, phase: str) -> None:
    """Raise LoweringError if the module, which is at `phase`, is not valid."""
    try:
        module.operation.verify()
    except ir.MLIRError as error:
        raise LoweringError(
            f"phase '{phase}' left invalid IR: {error}\nnext step: AICC_DEBUG=1 names the pass"
        ) from error
