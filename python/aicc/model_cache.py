"""Whole models in the cache: what `aicc.compile` made of a file, found again without compiling.

Two kinds of entries. A signature (JSON): the model's inputs and outputs, and which inputs decide
shapes by their values. An artefact (.aicc) per specialisation: one set of shapes, and of deciding
values. Keys hold everything that the result depends on: the contents of the model and of its
external data, the options, aicc and its bindings, the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from aicc import fingerprint
from aicc.cache import MODELS, Cache, key_of
from aicc.diagnostics import ArtifactError
from aicc.options import Options
from aicc.runtime.executable import Executable
from aicc.runtime.program import Program
from aicc.runtime.signature import InputSpec, Key

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Signature:
    """A model from outside; `value_inputs` as far as they are known."""

    inputs: list[InputSpec]
    outputs: list[str]
    value_inputs: list[str]


class ModelCache:
    """The entries of one model with one set of options. `model_hash` is "" if it has no file."""

    def __init__(self, cache: Cache, model: Any, options: Options, fixed: Any) -> None:
        self._cache = cache
        self._options = f"{options.as_text()} {_canonical(fixed)}"
        self._path = Path(model) if isinstance(model, (str, os.PathLike)) else None
        self._state = self._stat()
        self.model_hash = _hash_of(model)
        self._files: list[str] | None = None
        if cache.folder and self.model_hash:
            known = cache.get(MODELS, self._files_key())
            self._files = None if known is None else json.loads(known)

    def signature(self) -> Signature | None:
        """What is known of the model; None if it was never compiled so."""
        key = self._key("signature")
        stored = self._cache.get(MODELS, key) if key else None
        return None if stored is None else _decoded(stored)

    def keep_signature(self, signature: Signature, files: Iterable[str]) -> None:
        """`files`: the model's external data, relative to its folder."""
        if self._cache.folder is None or not self.model_hash:
            return
        if self._files is None:
            self._files = sorted(set(files))
            self._cache.put(MODELS, self._files_key(), json.dumps(self._files).encode())
        if (key := self._key("signature")) and self.is_unchanged():
            self._cache.put(MODELS, key, _encoded(signature))

    def load(self, specialisation: Key) -> Program | None:
        """The program for a set of shapes and deciding values."""
        key = self._key(_text_of(specialisation))
        path = self._cache.find(MODELS, key) if key else None
        if path is None:
            return None
        from aicc.runtime.artifact import load

        try:
            programs = load(path).programs()
        except ArtifactError:
            self._cache.remove(MODELS, key)
            return None
        return programs[0][1] if programs else None

    def keep(self, specialisation: Key, executable: Executable) -> None:
        """Keep an executable that holds one specialisation."""
        key = self._key(_text_of(specialisation))
        size = sum(_weights_bytes(program) for _, program in executable.programs())
        # one model shall not drive out all others
        if key and size <= self._cache.limit // 2 and self.is_unchanged():
            # an element type that artefacts have no number for
            with contextlib.suppress(ValueError):
                self._cache.write(MODELS, key, lambda path: executable.save(path))
            self._cache.trim()

    def is_unchanged(self) -> bool:
        """False if the model's file changed since it was hashed."""
        return self._stat() == self._state

    def _stat(self) -> Any:
        try:
            state = self._path.stat() if self._path else None
        except OSError:
            return None
        return state and (state.st_size, state.st_mtime_ns, state.st_ino)

    def _files_key(self) -> str:
        return key_of("files", self.model_hash)

    def _key(self, what: str) -> str:
        """Empty if there is no telling what the model consists of."""
        if self._cache.folder is None or not self.model_hash or self._files is None:
            return ""
        hashes = [_hash_of((self._path or Path()).parent / name) for name in self._files]
        if not all(hashes):
            return ""
        made_by = (fingerprint.compiler(), fingerprint.machine())
        return key_of("model", self.model_hash, *hashes, self._options, *made_by, what)


def _weights_bytes(program: Program) -> int:
    return sum(array.nbytes for array in program.main.fixed.values())


def _hash_of(model: Any) -> str:
    """XXH3 of a file, of bytes, or of a proto's serialisation; "" for what cannot be read."""
    if isinstance(model, (str, os.PathLike)):
        return _hash_of_file(model)
    if isinstance(model, bytes):
        return str(xxhash.xxh3_128_hexdigest(model))
    serialise: Callable[[], bytes] | None = getattr(model, "SerializeToString", None)
    return str(xxhash.xxh3_128_hexdigest(serialise())) if serialise else ""


def _hash_of_file(path: str | os.PathLike[str]) -> str:
    digest = xxhash.xxh3_128()
    buffer = memoryview(bytearray(_CHUNK))
    try:
        with open(path, "rb", buffering=0) as file:
            while count := file.readinto(buffer):
                digest.update(buffer[:count])
    except OSError:
        return ""
    return str(digest.hexdigest())


def _canonical(fixed: Any) -> str:
    """Shapes and dimensions, whatever order and number types they were given in."""
    return json.dumps(fixed, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return [int(d) for d in value] if isinstance(value, Iterable) else int(value)


def _text_of(specialisation: Key) -> str:
    rows = [
        [name, list(shape), None if value is None else xxhash.xxh3_128_hexdigest(value)]
        for name, shape, value in specialisation
    ]
    return json.dumps(rows)


def _encoded(signature: Signature) -> bytes:
    inputs = [[s.name, s.dtype.name, s.dims] for s in signature.inputs]
    rows = [inputs, signature.outputs, sorted(signature.value_inputs)]
    return json.dumps(rows).encode()


def _decoded(stored: bytes) -> Signature:
    inputs, outputs, value_inputs = json.loads(stored)
    specs = [
        InputSpec(name, _dtype(dtype), None if dims is None else tuple(dims))
        for name, dtype, dims in inputs
    ]
    return Signature(specs, outputs, value_inputs)


def _dtype(name: str) -> np.dtype[Any]:
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))
