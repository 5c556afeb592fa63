"""Input arrays of a run: read from .npy and .npz files, or generated."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aicc.diagnostics import InvalidModel, ShapeError

if TYPE_CHECKING:
    from aicc.runtime.signature import InputSpec

UNREADABLE = (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile)


def read_inputs(arguments: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Arrays from `NAME=FILE.npy` and `FILE.npz` arguments.

    An .npz of other names than `names` is taken in their order if it has as many arrays.
    """
    arrays: dict[str, Any] = {}
    for argument in arguments:
        name, equals, path = argument.partition("=")
        if not equals or (argument.endswith(".npz") and Path(argument).is_file()):
            arrays |= _named(dict(_load(argument)), argument, names)
        elif path.endswith(".npz"):
            raise InvalidModel(f"'{argument}': an .npz file holds names itself: --input {path}")
        else:
            arrays[name] = _load(path)
    return arrays


def _named(found: dict[str, Any], path: str, names: Sequence[str]) -> dict[str, Any]:
    if not names or set(found) <= set(names):
        return found
    if len(found) == len(names):
        return dict(zip(names, found.values(), strict=True))
    raise ShapeError(
        f"'{path}' holds {', '.join(sorted(found)) or 'nothing'}; "
        f"the inputs are {', '.join(names) or 'none'}"
    )


def _load(path: str) -> Any:
    try:
        loaded = np.load(path, allow_pickle=False)
        if not hasattr(loaded, "files"):
            return loaded
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except (*UNREADABLE, MemoryError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidModel(f"cannot read the array file '{path}': {reason}") from error


def feeds_of(model: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs of an ONNX model (path or source): those given on the command line, else random."""
    from aicc.dialects.graph.structure import numpy_dtype
    from aicc.frontend.onnx import fix_dims, input_specs, read_source

    specs = input_specs(read_source(model).model.graph)
    feeds = read_inputs(arguments["inputs"], [s.name for s in specs])
    shapes = {**dict(arguments["shapes"]), **{name: a.shape for name, a in feeds.items()}}
    for spec in fix_dims(specs, shapes, dict(arguments["dims"])):
        if spec.name not in feeds:
            dtype = numpy_dtype(spec.dtype)
            feeds[spec.name] = generate(spec.name, dtype, spec.dims, arguments["seed"])
    return feeds


def completed(specs: Sequence[InputSpec], arrays: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """`arrays`, and random ones for the other inputs: a dimension has one size wherever it is."""
    sizes: dict[int | str, int] = {}
    for spec in specs:
        if spec.name in arrays and spec.dims is not None:
            sizes.update(zip(spec.dims, arrays[spec.name].shape, strict=False))
    made = dict(arrays)
    for spec in specs:
        if spec.name not in made:
            dims = None if spec.dims is None else [_size(d, sizes) for d in spec.dims]
            made[spec.name] = generate(spec.name, spec.dtype, dims, seed)
    return made


def _size(dim: int | str, sizes: Mapping[int | str, int]) -> int | str:
    return sizes.get(dim, dim) if isinstance(dim, str) else dim


def generate(
    name: str, dtype: np.dtype[Any], dims: Sequence[int | str] | None, seed: int
) -> np.ndarray[Any, Any]:
    """A reproducible array: normal floats, integers 0 to 9 (strings: as text), random booleans."""
    if dims is None or any(isinstance(d, str) for d in dims):
        shown = "any rank" if dims is None else f"[{', '.join(map(str, dims))}]"
        raise ShapeError(
            f"input '{name}' has open dimensions {shown}\n"
            f"next step: --shape {name}=SIZES, --dim NAME=SIZE, or --input {name}=FILE.npy"
        )
    shape = [int(d) for d in dims]
    random = np.random.default_rng([seed, *name.encode()])
    if dtype.kind == "b":
        return random.integers(0, 2, shape).astype(dtype)
    if dtype.kind in "iu":
        return random.integers(0, 10, shape).astype(dtype)
    if dtype.kind == "O":
        return random.integers(0, 10, shape).astype(str).astype(object)
    return random.standard_normal(shape).astype(dtype)


def save_outputs(path: str, values: Mapping[str, Any]) -> None:
    """Write an .npz file (numpy knows no bfloat16 or int4: those become float32 and int8).

    Strings are written as numpy's text, a sequence as one array per element.
    """
    # not np.savez: an output may be called "file", which is a parameter of that
    wide = {"bfloat16": np.float32, "int4": np.int8, "uint4": np.uint8}
    arrays = dict(arrays_in(values))
    plain = {n: a.astype(wide.get(a.dtype.name, a.dtype)) for n, a in arrays.items()}
    try:
        with zipfile.ZipFile(path, "w") as archive:
            for name, array in plain.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    except OSError as error:
        raise InvalidModel(f"cannot write '{path}': {error.strerror}") from error


def arrays_in(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every array of the outputs, with a name of its own: those of sequences and maps, too."""
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            yield from arrays_in({f"{name}.{i}": part for i, part in enumerate(value)})
        elif isinstance(value, Mapping):
            yield from arrays_in({f"{name}.{key}": part for key, part in value.items()})
        elif value is not None:
            array = np.asarray(value)
            yield name, array.astype(str) if array.dtype.kind == "O" else array
