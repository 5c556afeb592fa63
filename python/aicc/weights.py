"""Weights files: name -> array, in safetensors.

safetensors has no 4-bit integers: they are stored one per byte, and the file's metadata says so
(`{"<name>": "int4"}`). Names are those of the `aicc.weight` arguments of `@main`.

The library that defines the format checks what is read. The arrays themselves are mapped, and
written one after another: it would gather all of them in memory first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aicc.diagnostics import InvalidModel

PACKED = {"int4": np.int8, "uint4": np.uint8}
_DTYPES = {
    "BOOL": "bool",
    "U8": "uint8",
    "I8": "int8",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "U16": "uint16",
    "I16": "int16",
    "F16": "float16",
    "BF16": "bfloat16",
    "U32": "uint32",
    "I32": "int32",
    "F32": "float32",
    "C64": "complex64",
    "U64": "uint64",
    "I64": "int64",
    "F64": "float64",
}
_CODES = {name: code for code, name in _DTYPES.items()}
_METADATA = "__metadata__"
_LENGTH_BYTES = 8


def save_weights(path: str | os.PathLike[str], weights: Mapping[str, Any]) -> None:
    """Write `weights` to a safetensors file. Raises InvalidModel if that is not possible."""
    metadata = {name: a.dtype.name for name, a in weights.items() if a.dtype.name in PACKED}
    # the largest elements first: all begin on multiples of their size
    order = sorted(weights, key=lambda name: (-_stored_dtype(weights[name]).itemsize, name))
    try:
        header = _header({name: weights[name] for name in order}, metadata)
        with open(path, "wb") as file:
            file.write(len(header).to_bytes(_LENGTH_BYTES, "little") + header)
            for name in order:
                array = np.ascontiguousarray(weights[name], _stored_dtype(weights[name]))
                file.write(array.reshape(-1).view(np.uint8).data)
    except (OSError, KeyError) as error:
        raise InvalidModel(f"cannot write the weights to '{path}': {error}") from error


def _header(weights: Mapping[str, Any], metadata: Mapping[str, str]) -> bytes:
    rows: dict[str, Any] = {_METADATA: metadata} if metadata else {}
    end = 0
    for name, array in weights.items():
        dtype = _stored_dtype(array)
        start, end = end, end + array.size * dtype.itemsize
        rows[name] = {
            "dtype": _CODES[dtype.name],
            "shape": list(array.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()
    return text + b" " * (-len(text) % 8)


def _stored_dtype(array: Any) -> np.dtype[Any]:
    return np.dtype(PACKED.get(array.dtype.name, array.dtype))


def load_weights(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Map a safetensors file. Raises InvalidModel if it is absent, damaged, or of another kind."""
    from safetensors import SafetensorError, safe_open

    if not Path(path).is_file():
        raise InvalidModel(f"cannot read the weights '{path}': no such file")
    try:
        with safe_open(os.fspath(path), framework="np") as file:
            metadata = file.metadata() or {}
        arrays = _mapped(path)
    except (OSError, SafetensorError, TypeError, KeyError, ValueError) as error:
        raise InvalidModel(f"'{path}' is not a safetensors file: {error}") from error
    for name, dtype in metadata.items():
        if name in arrays and dtype in PACKED:
            arrays[name] = arrays[name].astype(_dtype(dtype))
    return arrays


def _mapped(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The arrays of a file whose header is known to be sound."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        rows = json.loads(file.read(size))
    arrays = {}
    for name, row in rows.items():
        if name == _METADATA:
            continue
        dtype, shape = _dtype(_DTYPES[row["dtype"]]), tuple(row["shape"])
        start, end = row["data_offsets"]
        offset = _LENGTH_BYTES + size + start
        is_empty = start == end
        arrays[name] = (
            np.zeros(shape, dtype) if is_empty else np.memmap(path, dtype, "r", offset, shape)
        )
    return arrays


def _dtype(name: str) -> np.dtype[Any]:
    import ml_dtypes

    return np.dtype(getattr(ml_dtypes, name, name))
