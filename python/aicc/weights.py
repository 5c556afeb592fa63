"""Weights files: name -> array, in safetensors.

safetensors has no 4-bit integers: they are stored one per byte, and the file's metadata says so
(`{"<name>": "int4"}`). Names are those of the `aicc.weight` arguments of `@main`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aicc.diagnostics import InvalidModel

PACKED = {"int4": np.int8, "uint4": np.uint8}


def save_weights(path: str | os.PathLike[str], weights: Mapping[str, Any]) -> None:
    """Write `weights` to a safetensors file. Raises InvalidModel if that is not possible."""
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    metadata = {name: a.dtype.name for name, a in weights.items() if a.dtype.name in PACKED}
    # safetensors writes the memory of an array as it lies, strides ignored
    arrays = {name: np.require(_storable(a), requirements=["C"]) for name, a in weights.items()}
    try:
        save_file(arrays, os.fspath(path), metadata=metadata or None)
    except (OSError, SafetensorError) as error:
        raise InvalidModel(f"cannot write the weights to '{path}': {error}") from error


def load_weights(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a safetensors file. Raises InvalidModel if it is absent, damaged, or of another kind."""
    import ml_dtypes
    from safetensors import SafetensorError, safe_open

    if not Path(path).is_file():
        raise InvalidModel(f"cannot read the weights '{path}': no such file")
    try:
        with safe_open(os.fspath(path), framework="np") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError, TypeError, KeyError) as error:
        raise InvalidModel(f"'{path}' is not a safetensors file: {error}") from error
    for name, dtype in metadata.items():
        if name in arrays and dtype in PACKED:
            arrays[name] = arrays[name].astype(getattr(ml_dtypes, dtype))
    return arrays


def _storable(array: Any) -> Any:
    packed = PACKED.get(array.dtype.name)
    return array if packed is None else array.astype(packed)
