"""The one door to the MLIR Python bindings.

Everything in aicc says `from aicc._mlir import ir`. The carrier is PyPI's `torch-mlir` (package
`torch_mlir`: all of upstream MLIR; torch itself is not needed). A user who built LLVM's own `mlir`
package selects it by `AICC_MLIR_PACKAGE=mlir`.

Dialect modules take 130-190 ms to import together, so they are loaded on first use:
`from aicc._mlir import dialect; linalg = dialect("linalg")`.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

PACKAGE = os.environ.get("AICC_MLIR_PACKAGE", "torch_mlir")

if TYPE_CHECKING:
    ir: Any
    passmanager: Any
else:
    ir = importlib.import_module(f"{PACKAGE}.ir")
    passmanager = importlib.import_module(f"{PACKAGE}.passmanager")


def submodule(name: str) -> Any:
    """Import `<bindings>.<name>`, e.g. `submodule("execution_engine")`."""
    return importlib.import_module(f"{PACKAGE}.{name}")


@functools.cache  # asked for every op that is built
def dialect(name: str) -> Any:
    """Import the Python module of an upstream dialect, e.g. `dialect("linalg")`."""
    return submodule(f"dialects.{name}")


def context() -> Any:
    """A new Context with multithreading off: Python verifiers would deadlock on the GIL."""
    ctx = ir.Context()
    ctx.enable_multithreading(False)
    return ctx


def provide_dialect(name: str, module: ModuleType) -> None:
    """Answer the bindings' search for `<bindings>.dialects.<name>` with `module`.

    They import that module at every lookup of an op class until it is found; for a dialect defined
    elsewhere each lookup would search the whole path (50 microseconds).
    """
    sys.modules.setdefault(f"{PACKAGE}.dialects.{name}", module)
