"""The table of an artefact: everything about a compiled model but its code and weights.

Fields stand in the order in which they are written here; runtime/artifact_table.c reads them in
the same order and checks them. Numbers are little-endian: 32 bits, sizes 64; a list begins with its
length, a text with its length in bytes, and ends in a NUL.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from aicc.diagnostics import ArtifactError

from .program import Argument
from .signature import InputSpec

Item = TypeVar("Item")

# As in runtime/aicc.h, numbered from 1.
DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "bfloat16", "float32", "float64", "int4", "uint4", "int2", "uint2"),
    *("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float4_e2m1fn"),
    "float8_e8m0fnu",
)
KINDS = ("input", "weight", "output", "arena")


@dataclass(frozen=True)
class StoredKey:
    """What an input is in a specialisation: its shape, and its bytes if its value decides."""

    shape: tuple[int, ...]
    value: bytes | None


@dataclass(frozen=True)
class StoredArgument:
    """An argument of `main`: `index` counts inputs or outputs, `offset` is a weight's place."""

    argument: Argument
    index: int = 0
    offset: int = 0


@dataclass(frozen=True)
class StoredSpecialisation:
    """`objects` are positions in the table's list of objects; `keys` are in input order."""

    objects: list[int]
    keys: list[StoredKey]
    arguments: list[StoredArgument]


@dataclass(frozen=True)
class Table:
    """`features` are CPU flags as in /proc/cpuinfo; `objects` are (offset, size) in the code."""

    version: str
    source_hash: str
    target: str
    features: list[str]
    threads: int
    inputs: list[InputSpec]
    outputs: list[str]
    objects: list[tuple[int, int]]
    specialisations: list[StoredSpecialisation]


class Writer:
    """Appends values to `data`."""

    def __init__(self) -> None:
        self.data = bytearray()

    def u8(self, value: int) -> None:
        self.data += struct.pack("<B", value)

    def u32(self, value: int) -> None:
        self.data += struct.pack("<I", value)

    def i64(self, *values: int) -> None:
        self.data += struct.pack(f"<{len(values)}q", *values)

    def text(self, value: str) -> None:
        if "\0" in value:
            raise ArtifactError(f"the name {value!r} cannot be saved: it has a NUL character")
        encoded = value.encode()
        self.u32(len(encoded))
        self.data += encoded + b"\0"

    def items(self, values: Sequence[Item], write: Callable[[Item], None]) -> None:
        self.u32(len(values))
        for value in values:
            write(value)


class Reader:
    """Takes values from bytes that the native runtime has checked."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, size: int) -> bytes:
        self.place += size
        return self.data[self.place - size : self.place]

    def u8(self) -> int:
        return self.take(1)[0]

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def i64(self) -> int:
        return int.from_bytes(self.take(8), "little", signed=True)

    def text(self) -> str:
        return self.take(self.u32() + 1)[:-1].decode(errors="replace")

    def items(self, read: Callable[[], Item]) -> list[Item]:
        return [read() for _ in range(self.u32())]


def dtype_number(dtype: np.dtype[Any]) -> int:
    """Number of a dtype in artefacts and in C."""
    return DTYPES.index(dtype.name) + 1


def dtype_of(number: int) -> np.dtype[Any]:
    """The dtype of a number, those of ml_dtypes included."""
    name = DTYPES[number - 1]
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))


def encode(table: Table) -> bytes:
    """The table as bytes."""
    w = Writer()
    for text in (table.version, table.source_hash, table.target):
        w.text(text)
    w.items(table.features, w.text)
    w.u32(table.threads)
    w.items(table.inputs, lambda spec: _write_input(w, spec))
    w.items(table.outputs, w.text)
    w.items(table.objects, lambda place: w.i64(*place))
    w.items(table.specialisations, lambda made: _write_specialisation(w, made))
    return bytes(w.data)


def _write_input(w: Writer, spec: InputSpec) -> None:
    def write_dim(dim: int | str) -> None:
        w.i64(-1 if isinstance(dim, str) else dim)
        w.text(dim if isinstance(dim, str) else "")

    w.text(spec.name)
    w.u32(dtype_number(spec.dtype))
    w.u8(spec.dims is not None)
    if spec.dims is not None:
        w.items(spec.dims, write_dim)


def _write_specialisation(w: Writer, made: StoredSpecialisation) -> None:
    w.items(made.objects, w.u32)
    for key in made.keys:
        w.items(key.shape, w.i64)
        w.u8(key.value is not None)
        w.data += key.value or b""
    w.items(made.arguments, lambda stored: _write_argument(w, stored))


def _write_argument(w: Writer, stored: StoredArgument) -> None:
    a = stored.argument
    w.u8(KINDS.index(a.kind))
    w.u32(stored.index)
    w.u32(dtype_number(a.dtype))
    w.items(a.shape, w.i64)
    w.i64(stored.offset)
    w.text(a.name)


def decode(data: bytes) -> Table:
    """The table in `data`, which the native runtime has checked."""
    r = Reader(data)
    version, source_hash, target = r.text(), r.text(), r.text()
    features = r.items(r.text)
    threads = r.u32()
    inputs = r.items(lambda: _read_input(r))
    outputs = r.items(r.text)
    objects = r.items(lambda: (r.i64(), r.i64()))
    made = r.items(lambda: _read_specialisation(r, inputs))
    return Table(version, source_hash, target, features, threads, inputs, outputs, objects, made)


def _read_input(r: Reader) -> InputSpec:
    def read_dim() -> int | str:
        size, name = r.i64(), r.text()
        return name if size == -1 else size

    name, dtype = r.text(), dtype_of(r.u32())
    return InputSpec(name, dtype, tuple(r.items(read_dim)) if r.u8() else None)


def _read_key(r: Reader, spec: InputSpec) -> StoredKey:
    shape = tuple(r.items(r.i64))
    return StoredKey(shape, r.take(math.prod(shape) * spec.dtype.itemsize) if r.u8() else None)


def _read_argument(r: Reader) -> StoredArgument:
    kind, index, dtype = KINDS[r.u8()], r.u32(), dtype_of(r.u32())
    shape, offset = tuple(r.items(r.i64)), r.i64()
    return StoredArgument(Argument(kind, r.text(), dtype, shape), index, offset)


def _read_specialisation(r: Reader, inputs: Sequence[InputSpec]) -> StoredSpecialisation:
    objects = r.items(r.u32)
    keys = [_read_key(r, spec) for spec in inputs]
    return StoredSpecialisation(objects, keys, r.items(lambda: _read_argument(r)))
