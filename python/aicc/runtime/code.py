"""Machine code from relocatable objects, linked and mapped by the native runtime.

Objects see each other's global functions and those the runtime offers; nothing else in the process
is looked at. The mapping lives as long as the `Code`, and is never writable and executable at once.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Sequence

from aicc.diagnostics import ArtifactError, LoweringError

from . import library

Buffer = bytes | bytearray | memoryview
ERROR_BYTES = 512


class _Object(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class Code:
    """Linked objects, ready to be called. Raises ArtifactError for objects that do not load."""

    def __init__(self, objects: Sequence[Buffer]) -> None:
        self.objects = [bytes(o) for o in objects]
        rows = [_Object(o, len(o)) for o in self.objects]
        table = (_Object * len(rows))(*rows)
        reason = ctypes.create_string_buffer(ERROR_BYTES)
        runtime = library.load()
        self._handle = runtime.aicc_code_load(table, len(rows), reason, ERROR_BYTES)
        if not self._handle:
            text = reason.value.decode(errors="replace")
            raise ArtifactError(f"the object code cannot be loaded: {text}")
        # a call may still be running in another thread when the interpreter ends
        weakref.finalize(self, runtime.aicc_code_free, self._handle).atexit = False

    def held(self) -> dict[int, int]:
        """Address -> bytes of the objects, which are mapped a second time as code."""
        return {id(one): 2 * len(one) for one in self.objects}

    def symbol(self, name: str) -> int | None:
        """Address of a global function or variable; None if the objects define none so called."""
        address = library.load().aicc_code_symbol(self._handle, name.encode())
        return int(address) if address else None

    def address(self, name: str) -> int:
        """Address of `void f(void **arguments)` for a public function.

        MLIR's execution engine writes such a function for each one, and names it `_mlir_<name>`.
        """
        address = self.symbol(f"_mlir_{name}")
        if address is None:
            raise LoweringError(f"generated code has no function '{name}'")
        return address
