"""What `aicc --version` tells: aicc, the bindings, LLVM, and the CPU."""

from __future__ import annotations

import ctypes
import importlib.metadata
from pathlib import Path

from aicc import __version__, target
from aicc._mlir import PACKAGE, submodule

DISTRIBUTIONS = {"torch_mlir": "torch-mlir"}


def bindings_version() -> str:
    """Distribution and version of the MLIR bindings in use."""
    name = DISTRIBUTIONS.get(PACKAGE, PACKAGE)
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name} (not installed by pip)"


def llvm_version() -> str:
    """LLVM's version, asked of the library behind the bindings."""
    folder = Path(str(submodule("_mlir_libs").__file__)).parent
    for path in sorted(folder.glob("lib*CAPI*.so*")):
        function = getattr(ctypes.CDLL(str(path)), "LLVMGetVersion", None)
        if function is not None:
            parts = [ctypes.c_uint() for _ in range(3)]
            function(*(ctypes.byref(part) for part in parts))
            return ".".join(str(part.value) for part in parts)
    return "unknown"


def describe() -> str:
    """Everything a bug report needs, one line each."""
    host = target.host()
    return "\n".join(
        [
            f"aicc {__version__}",
            f"bindings: {bindings_version()} (package {PACKAGE})",
            f"LLVM: {llvm_version()}",
            f"CPU: {host.threads} threads, {host.vector_bits}-bit vectors, "
            f"L1/L2/L3 {host.l1_bytes >> 10}/{host.l2_bytes >> 10}/{host.l3_bytes >> 10} KiB",
            f"CPU features: {' '.join(host.flags)}",
        ]
    )
