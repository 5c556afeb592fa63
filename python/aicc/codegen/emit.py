"""From a unit's text to an ELF object: phases `loops` and `llvm`, then MLIR's ExecutionEngine."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from aicc._mlir import ir, submodule
from aicc.diagnostics import LoweringError
from aicc.passes.driver import Pipeline
from aicc.passes.pipelines import PHASES
from aicc.phases import phase_of, pipeline_to, verify
from aicc.runtime import library

LLVM_LEVEL = 2
_TRIVIAL = """module attributes {aicc.phase = "buffers"} {
  func.func private @copy(%a: memref<4xf32>, %b: memref<4xf32>) {
    linalg.copy ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
    return
  }
}"""


class Emitter:
    """Compiles unit after unit in the current Context; keeps the pass managers in between."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Pipeline] = {}

    def object_of(self, text: str) -> bytes:
        """The object of a unit at any phase."""
        return object_code(self.lowered(text))

    def lowered(self, text: str) -> Any:
        """The module of a unit at phase "llvm"."""
        module = ir.Module.parse(text)
        for phase in PHASES[PHASES.index(phase_of(module)) + 1 :]:
            self._pipeline(pipeline_to(phase, module)).run(module)
        verify(module, "llvm")
        return module

    def warm_up(self) -> None:
        """Compile a trivial unit: imports all passes, and sets up LLVM."""
        self.object_of(_TRIVIAL)

    def _pipeline(self, text: str) -> Pipeline:
        """Verified once, at the end: verifying after each pass takes two thirds of the time."""
        if text not in self._pipelines:
            self._pipelines[text] = Pipeline(text, verify_each=False)
        return self._pipelines[text]


def object_code(module: Any) -> bytes:
    """The ELF object of a module at phase `llvm`.

    The engine links what it compiles, and dumps nothing when a symbol is missing. The object is
    not run here, so that functions of other units get any address.
    """
    try:
        engine = submodule("execution_engine").ExecutionEngine(module, opt_level=LLVM_LEVEL)
    except RuntimeError as error:
        raise LoweringError(f"LLVM cannot compile the module: {error}") from error
    somewhere = ctypes.c_void_p(next(iter(library.symbols().values())))
    for name in {*library.symbols(), *_declared(module)}:
        engine.raw_register_runtime(name, somewhere)
    # a file in memory: nothing is left behind when the process is killed
    file = os.memfd_create("unit.o")
    try:
        engine.dump_to_object_file(f"/proc/self/fd/{file}")
        code = os.pread(file, os.fstat(file).st_size, 0)
    finally:
        os.close(file)
    if not code:
        raise LoweringError("generated code calls functions that nobody defines")
    return code


def _declared(module: Any) -> list[str]:
    """Functions that another unit defines, or the runtime."""
    operations = [view.operation for view in module.operation.regions[0].blocks[0].operations]
    return [
        op.attributes["sym_name"].value
        for op in operations
        if op.name == "llvm.func" and not op.regions[0].blocks
    ]
