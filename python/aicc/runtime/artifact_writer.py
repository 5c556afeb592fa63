"""Writing a compiled model to one file, `.aicc`, which the native runtime reads.

All little-endian: a header of 256 bytes, the table (artifact_table.py), the relocatable objects,
and from the next page on the weights, prepared, each on a cache line, to be mapped as they are.
Table and code carry SHA-256, the weights four CRC-32C, one per quarter: the processor's CRC
instruction is as fast as memory. The native runtime computes both sums, here as when it loads the
file. They tell damage, not origin: a compiled model is a program.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import hashlib
import mmap
import os
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from aicc import __version__, target
from aicc.diagnostics import ArtifactError, ShapeError

from . import library
from .artifact_table import StoredArgument, StoredKey, StoredSpecialisation, Table, encode
from .program import Argument, Program
from .residency import READING_SECONDS, giving_back
from .signature import Key, Signature

MAGIC = b"\x89AICC\r\n\x1a"
FORMAT = 1
HEADER_BYTES = 256
LINE_BYTES = 64
PAGE_BYTES = 4096


def save(
    model: Signature, programs: Sequence[tuple[Key, Program]], path: str | os.PathLike[str]
) -> None:
    """Write `programs`, all that is compiled of a model so far, in place of the file `path`.

    Raises ShapeError if that is nothing, ArtifactError if the file cannot be written.
    """
    if not programs:
        raise ShapeError("nothing is compiled yet: the model has open dimensions; run it first")
    contents = _Contents()
    made = [contents.add(model, key, program) for key, program in programs]
    table = Table(
        version=__version__,
        source_hash=model.origin.source_hash,
        target=model.origin.target,
        features=list(target.by_name(model.origin.target).flags),
        threads=max(program.threads for _, program in programs),
        inputs=model.inputs,
        outputs=model.outputs,
        objects=contents.places,
        specialisations=made,
    )
    with _replacing(Path(path)) as file:
        _write(file, encode(table), bytes(contents.code), contents)


class _Contents:
    """Objects and weights of all specialisations, each kept once."""

    def __init__(self) -> None:
        self.code = bytearray()
        self.places: list[tuple[int, int]] = []
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.weights_bytes = 0
        self._objects: dict[bytes, int] = {}
        self._offsets: dict[bytes, int] = {}

    def add(self, model: Signature, key: Key, program: Program) -> StoredSpecialisation:
        names = {
            "input": [spec.name for spec in model.inputs],
            "output": model.outputs,
        }
        arguments = [self._argument(a, program, names) for a in program.main.arguments]
        objects = [self._object(code) for code in program.objects()]
        return StoredSpecialisation(objects, [StoredKey(s, v) for _, s, v in key], arguments)

    def _argument(
        self, a: Argument, program: Program, names: Mapping[str, list[str]]
    ) -> StoredArgument:
        if a.kind in names:
            return StoredArgument(a, index=names[a.kind].index(a.name))
        if a.kind == "arena":
            return StoredArgument(a)
        if a.kind not in ("weight", "prepared"):
            raise ArtifactError("code that was compiled for a profile cannot be saved")
        offset = self._weight(program.main.fixed[a.name])
        return StoredArgument(dataclasses.replace(a, kind="weight"), offset=offset)

    def _object(self, code: bytes) -> int:
        if code not in self._objects:
            self._objects[code] = len(self.places)
            self.code += bytes(-len(self.code) % LINE_BYTES)
            self.places.append((len(self.code), len(code)))
            self.code += code
        return self._objects[code]

    def _weight(self, array: np.ndarray[Any, Any]) -> int:
        digest = hashlib.blake2b(_bytes_of(array)).digest()
        if digest not in self._offsets:
            self._offsets[digest] = self.weights_bytes
            self.arrays.append(array)
            self.weights_bytes += _padded(array.nbytes, LINE_BYTES)
        return self._offsets[digest]


def _bytes_of(array: np.ndarray[Any, Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _padded(size: int, unit: int) -> int:
    return size + -size % unit


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when all is written, and vanishes otherwise."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(temporary, "x+b") as file:
            yield file
        os.replace(temporary, path)
    except OSError as error:
        raise ArtifactError(f"cannot write '{path}': {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: BinaryIO, table: bytes, code: bytes, contents: _Contents) -> None:
    code_start = _padded(HEADER_BYTES + len(table), LINE_BYTES)
    weights_start = _padded(code_start + len(code), PAGE_BYTES)
    size = weights_start + contents.weights_bytes
    file.write(bytes(HEADER_BYTES))
    file.write(table)
    file.seek(code_start)
    file.write(code)
    place = weights_start
    for array in contents.arrays:
        file.seek(place)
        file.write(_bytes_of(array))
        place += _padded(array.nbytes, LINE_BYTES)
    file.truncate(size)
    file.flush()
    places = (HEADER_BYTES, len(table), code_start, len(code), weights_start, size - weights_start)
    header = MAGIC + struct.pack("<IIQ6Q", FORMAT, library.INTERFACE_VERSION, size, *places)
    header += sha256(table) + sha256(code) + _weights_sums(file, weights_start, size)
    header += bytes(HEADER_BYTES - 32 - len(header))
    file.seek(0)
    file.write(header + sha256(header))


def sha256(data: bytes) -> bytes:
    """SHA-256, computed by the native runtime."""
    digest = ctypes.create_string_buffer(32)
    library.load().aicc_rt_sha256(data, len(data), digest)
    return digest.raw


def _weights_sums(file: BinaryIO, start: int, end: int) -> bytes:
    """CRC-32C of each quarter of the weights, as they stand in the file."""
    sums = (ctypes.c_uint32 * 4)()
    if end > start:
        with mmap.mmap(file.fileno(), end, access=mmap.ACCESS_READ) as mapped:
            view = np.frombuffer(mapped, np.uint8)
            with giving_back([view], READING_SECONDS):
                library.load().aicc_rt_crc32c(view.ctypes.data + start, end - start, sums)
            del view  # the mapping cannot be closed while it is looked at
    else:
        library.load().aicc_rt_crc32c(None, 0, sums)
    return bytes(sums)
