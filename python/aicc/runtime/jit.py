"""From an LLVM-dialect module to callable code, by MLIR's ExecutionEngine."""

from __future__ import annotations

import ctypes
import tempfile
from pathlib import Path
from typing import Any

from aicc._mlir import submodule
from aicc.diagnostics import LoweringError

from . import library


class Engine:
    """Machine code of one module; keeps it alive."""

    def __init__(self, module: Any, opt_level: int = 2) -> None:
        engine = submodule("execution_engine").ExecutionEngine
        self._engine = engine(module, opt_level=opt_level)
        for name, address in library.symbols().items():
            self._engine.raw_register_runtime(name, ctypes.c_void_p(address))

    def address(self, function: str) -> int:
        """Address of `void f(void **arguments)` for a public function."""
        address = self._engine.raw_lookup(function)
        if not address:
            raise LoweringError(
                f"generated code has no function '{function}', or calls unknown ones"
            )
        return int(address)

    def object_code(self) -> bytes:
        """The ELF object that runs."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "code.o"
            self._engine.dump_to_object_file(str(path))
            if not path.exists():
                raise LoweringError("generated code calls functions that the runtime lacks")
            return path.read_bytes()
