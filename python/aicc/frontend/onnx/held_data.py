"""Weights inside a model's file, read where they lie.

Why: protobuf copies what it parses, and a model that may be compiled for another shape is kept.
With all weights in it, a process would hold them twice: as the model has them, and as the code
wants them.

What: before the model is parsed, the bytes of large initialisers are cut out of the message. What
stands there instead says where they are, in the way of external data, which nobody but `Source`
reads. Messages that are not understood are left alone.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto

from aicc.diagnostics import InvalidModel

LEAST_BYTES = 4096
_OFFSET, _LENGTH = "held offset", "held length"
# Field numbers of onnx.proto.
_GRAPH, _INITIALIZER, _DATA_TYPE, _RAW_DATA, _DATA_LOCATION = 7, 5, 2, 9, 14
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
# A tensor with more fields lists its elements one by one.
_MAX_FIELDS = 64
_WHOLE_BYTES = {
    *(TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16),
    *(TensorProto.INT8, TensorProto.INT16, TensorProto.INT32, TensorProto.INT64),
    *(TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32, TensorProto.UINT64),
    TensorProto.BOOL,
}
Buffer = bytes | memoryview
Field = tuple[int, int, int, int]  # number; begin of the field, begin and end of its value


class _Mapping(mmap.mmap):
    """`file_state` tells of which file it is, and when that was written: who copies asks for it."""

    file_state: tuple[int, ...] = ()


class HeldData:
    """The serialised model: bytes, or a mapping of its file."""

    def __init__(self, data: bytes | mmap.mmap, path: Path | None = None, file: Any = None) -> None:
        self.data = data
        self._path = path
        self._file = file  # open, so that the file may be replaced or removed
        self._state = self._stat()

    @classmethod
    def of_file(cls, path: Path) -> HeldData:
        """Map a file. Raises OSError, and ValueError for an empty one."""
        file = open(path, "rb")
        mapping = _Mapping(file.fileno(), 0, access=mmap.ACCESS_READ)
        held = cls(mapping, path, file)
        mapping.file_state = held._state
        return held

    def array(self, tensor: TensorProto) -> np.ndarray[Any, Any] | None:
        """The elements of a tensor that was cut out; None for any other.

        Raises ValueError if they do not fit its shape, InvalidModel if the file was written into.
        """
        info = {e.key: e.value for e in tensor.external_data}
        if _OFFSET not in info:
            return None
        if self._stat() != self._state:
            raise InvalidModel(
                f"'{self._path}' has changed since it was read\nnext step: compile it again"
            )
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
        count, rest = divmod(int(info[_LENGTH]), dtype.itemsize)
        if rest:
            raise ValueError(f"{info[_LENGTH]} bytes are no elements of type {dtype}")
        array = np.frombuffer(self.data, dtype, count, int(info[_OFFSET]))
        return array.reshape(tuple(tensor.dims))

    def _stat(self) -> tuple[int, ...]:
        if self._file is None:
            return ()
        state = os.fstat(self._file.fileno())
        return (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size)


def without_weights(data: bytes | mmap.mmap) -> bytes:
    """The message of a model without the bytes of its large initialisers."""
    view = memoryview(data)
    try:
        return b"".join(_model(view))
    except (ValueError, IndexError):
        return bytes(view)  # the parser says what is wrong with it


def _model(data: memoryview) -> Iterator[Buffer]:
    for number, start, begin, end in _fields(data, 0, len(data)):
        if number == _GRAPH:
            yield from _message(number, list(_graph(data, begin, end)))
        else:
            yield data[start:end]


def _graph(data: memoryview, begin: int, end: int) -> Iterator[Buffer]:
    for number, start, inner, stop in _fields(data, begin, end):
        if number == _INITIALIZER and (cut := _tensor(data, inner, stop)):
            yield from _message(number, cut)
        else:
            yield data[start:stop]


def _tensor(data: memoryview, begin: int, end: int) -> list[Buffer]:
    """The parts of a tensor whose elements are cut out; none if they are to stay."""
    if end - begin < LEAST_BYTES:
        return []
    kept: list[Buffer] = []
    place: tuple[int, int] | None = None
    for number, start, inner, stop in _fields(data, begin, end):
        if number == _RAW_DATA and place is None:
            place = (inner, stop)
            continue
        is_odd = number in (_RAW_DATA, _DATA_LOCATION) or len(kept) > _MAX_FIELDS
        if is_odd or (number == _DATA_TYPE and _varint(data, inner)[0] not in _WHOLE_BYTES):
            return []
        kept.append(data[start:stop])
    if place is None or place[1] - place[0] < LEAST_BYTES:
        return []
    note = TensorProto(data_location=TensorProto.EXTERNAL)
    note.external_data.add(key=_OFFSET, value=str(place[0]))
    note.external_data.add(key=_LENGTH, value=str(place[1] - place[0]))
    return [*kept, note.SerializeToString()]


def _message(number: int, parts: list[Buffer]) -> list[Buffer]:
    """A field that holds the message of these parts."""
    return [_encoded(number << 3 | _BYTES), _encoded(sum(map(len, parts))), *parts]


def _fields(data: memoryview, position: int, end: int) -> Iterator[Field]:
    """The fields of a message. Raises ValueError or IndexError where it is none."""
    while position < end:
        start = position
        key, position = _varint(data, position)
        kind = key & 7
        begin = position
        if kind == _VARINT:
            _, position = _varint(data, position)
        elif kind == _BYTES:
            size, begin = _varint(data, position)
            position = begin + size
        elif kind in (_EIGHT, _FOUR):
            position += 8 if kind == _EIGHT else 4
        else:
            raise ValueError(f"a field of kind {kind}")
        if position > end:
            raise ValueError("a field ends behind its message")
        yield key >> 3, start, begin, position


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    """The number at a position, and the position behind it."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")


def _encoded(value: int) -> bytes:
    digits = bytearray()
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])
