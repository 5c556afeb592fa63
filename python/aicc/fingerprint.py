"""What an object depends on besides the text it is made from: aicc, the bindings, the machine.

Needs neither MLIR nor anything else that takes time to import: 10 ms in all.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from aicc.diagnostics import TargetError

# The folders of aicc that decide what is compiled; the tools only call them.
_PACKAGES = ("aicc", "aicc.dialects", "aicc.passes")
_MAPPED = {"dialects", "passes", "tools"}  # folders of their own in a source checkout
# A CPU is what these lines of /proc/cpuinfo say; LLVM looks at the model, we at the flags.
_CPU_LINES = ("vendor_id", "cpu family", "model", "stepping", "flags")


@functools.cache
def compiler() -> str:
    """Hash of aicc's own sources and of the bindings in use."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for name, path in sorted(_sources(package)):
            digest.update(f"{package}/{name}\n".encode())
            digest.update(path.read_bytes())
    for line in _bindings():
        digest.update(line.encode())
    return digest.hexdigest()


def _sources(package: str) -> Iterator[tuple[str, Path]]:
    spec = importlib.util.find_spec(package)
    for root in (spec and spec.submodule_search_locations) or ():
        for folder, inner, files in os.walk(root, followlinks=True):
            left_out = _MAPPED if package == "aicc" and folder == root else set()
            inner[:] = [name for name in inner if name not in left_out | {"__pycache__"}]
            for name in files:
                if name.endswith(".py"):
                    path = Path(folder, name)
                    yield path.relative_to(root).as_posix(), path


def _bindings() -> Iterator[str]:
    """Name, size and time of the bindings' libraries: what counts if somebody built their own."""
    package = os.environ.get("AICC_MLIR_PACKAGE", "torch_mlir")
    spec = importlib.util.find_spec(package)
    for root in (spec and spec.submodule_search_locations) or ():
        libraries = sorted(Path(root, "_mlir_libs").glob("*.so*"))
        if not libraries:
            raise TargetError(f"the package '{package}' has no MLIR in it")
        for path in libraries:
            state = path.stat()
            yield f"{package}/{path.name} {state.st_size} {state.st_mtime_ns}\n"


@functools.cache
def machine() -> str:
    """The CPU, as far as generated code depends on it: its model, features and caches."""
    from aicc import target

    try:
        first = Path("/proc/cpuinfo").read_text().partition("\n\n")[0]
    except OSError:
        first = ""
    lines = [line for line in first.splitlines() if line.partition(":")[0].strip() in _CPU_LINES]
    host = target.host()
    sizes = f"{host.l1_bytes} {host.l2_bytes} {host.l3_bytes}"
    return hashlib.sha256("\n".join([*lines, sizes]).encode()).hexdigest()
