"""Loading a compiled model from a file, `.aicc`, without MLIR and without onnx.

Reading and checking the file is the native runtime's work alone (runtime/artifact_file.c), so that
it means the same to Python and C; artifact_writer.py describes it. What Python adds is the table as
data, of which it makes the same Executable that the compiler gives.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np

from aicc.diagnostics import ArtifactError, ShapeError

from . import library
from .artifact_table import StoredKey, StoredSpecialisation, Table, decode
from .executable import Executable, Specialisation
from .program import Program
from .signature import Origin

_ERROR_BYTES = 640


class LoadedModel:
    """An artefact that the native runtime holds, until the last array of its weights is gone."""

    def __init__(self, path: str) -> None:
        if "\0" in path:
            raise ArtifactError("cannot load an artefact: its path has a NUL character")
        runtime = library.load()
        handle, reason = ctypes.c_void_p(), ctypes.create_string_buffer(_ERROR_BYTES)
        if runtime.aicc_load(os.fsencode(path), ctypes.byref(handle), reason, _ERROR_BYTES) != 0:
            text = reason.value.decode(errors="replace")
            step = "compile the model again, and save it" if os.path.isfile(path) else "check it"
            raise ArtifactError(f"cannot load '{path}': {text}\nnext step: {step}")
        self.handle = handle.value
        # a call may still be running in another thread when the interpreter ends
        weakref.finalize(self, runtime.aicc_free, self.handle).atexit = False
        self.table = decode(ctypes.string_at(*self.section("table")))

    def section(self, name: str) -> tuple[int, int]:
        """Address and size of a section as it is mapped."""
        size = ctypes.c_size_t()
        function = getattr(library.load(), f"aicc_model_{name}")
        return function(self.handle, ctypes.byref(size)) or 0, size.value

    def weights(self) -> np.ndarray[Any, Any]:
        """The mapped section of weights, as bytes; it keeps the model."""
        address, size = self.section("weights")
        if not address:
            return np.empty(0, np.uint8)
        block: Any = (ctypes.c_uint8 * size).from_address(address)
        block.model = self
        array = np.frombuffer(block, np.uint8)
        array.flags.writeable = False
        return array

    def objects(self, specialisation: int) -> list[bytes]:
        """The relocatable objects of a specialisation."""
        start, _ = self.section("code")
        places = [self.table.objects[i] for i in self.table.specialisations[specialisation].objects]
        return [ctypes.string_at(start + offset, size) for offset, size in places]


class _LoadedCode:
    """The code of one specialisation, as Program knows it."""

    def __init__(self, model: LoadedModel, number: int) -> None:
        self.model = model
        self.number = number

    @property
    def objects(self) -> list[bytes]:
        return self.model.objects(self.number)

    def held(self) -> dict[int, int]:
        """Address -> bytes of what is mapped of the file, once for all its specialisations."""
        return dict(self.model.section(name) for name in ("weights", "code"))

    def address(self, name: str) -> int:
        address = library.load().aicc_model_entry(self.model.handle, self.number)
        if name != "main" or not address:
            raise ArtifactError(f"the artefact has no function '{name}'")
        return int(address)


def load(path: str | os.PathLike[str]) -> Executable:
    """The Executable that `Executable.save` wrote; needs neither MLIR nor the model's file.

    The file may be replaced or deleted while the executable lives, but not written into: its
    weights are mapped. Raises ArtifactError for a file that is damaged, of another version, or for
    a processor with other instructions. Load only what you would also execute.
    """
    model = LoadedModel(os.fspath(path))
    table = model.table
    held = [made.keys for made in table.specialisations]
    pairs = [pair for keys in held for pair in zip(table.inputs, keys, strict=True)]
    decided = {spec.name for spec, key in pairs if key.value is not None}

    def specialise(arrays: Mapping[str, np.ndarray[Any, Any]]) -> Specialisation:
        raise ShapeError(_refusal(os.fspath(path), table, arrays))

    origin = Origin(table.source_hash, table.target)
    executable = Executable(
        table.inputs, table.outputs, specialise, lambda: decided, origin, keeps_all=True
    )
    weights = model.weights()
    for number, made in enumerate(table.specialisations):
        key = tuple(
            (s.name, k.shape, k.value) for s, k in zip(table.inputs, made.keys, strict=True)
        )
        program = _program(_LoadedCode(model, number), made, weights, table.threads)
        executable.keep(key, Specialisation(program, _no_text))
    return executable


def _program(
    code: _LoadedCode, made: StoredSpecialisation, weights: np.ndarray[Any, Any], threads: int
) -> Program:
    arrays = {}
    for stored in made.arguments:
        a = stored.argument
        if a.kind == "weight":
            end = stored.offset + int(np.prod(a.shape, dtype=np.int64)) * a.dtype.itemsize
            arrays[a.name] = weights[stored.offset : end].view(a.dtype).reshape(a.shape)
    return Program(code, {"main": [s.argument for s in made.arguments]}, arrays, threads)


def _no_text(phase: str) -> str:
    raise ArtifactError(f"an artefact holds no IR of phase '{phase}'; compile the model for that")


def _value_note(key: StoredKey) -> str:
    return "" if key.value is None else " of one value"


def _refusal(path: str, table: Table, arrays: Mapping[str, np.ndarray[Any, Any]]) -> str:
    given = ", ".join(f"{name} {list(a.shape)}" for name, a in arrays.items())
    lines = [f"'{path}' holds no code for {given}"]
    for made in table.specialisations:
        keys = zip(table.inputs, made.keys, strict=True)
        shown = [f"{s.name} {list(k.shape)}{_value_note(k)}" for s, k in keys]
        lines.append(f"  it holds: {', '.join(shown)}")
    return "\n".join([*lines, "next step: compile the model, run it on such inputs, and save it"])
