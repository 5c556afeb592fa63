"""Reading an ONNX model: the proto, its weights (memory-mapped where they are external).

Weights do not pass through protobuf: an external tensor becomes a read-only `numpy.memmap` of its
file at its offset, and large ones inside the model are read where they lie (held_data.py).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from aicc.diagnostics import InvalidModel

from .held_data import HeldData, without_weights

PROTOBUF_LIMIT = (1 << 31) - 1  # bytes of one message
ModelLike: TypeAlias = str | os.PathLike[str] | bytes | Any  # Any: onnx.ModelProto


@dataclass
class Source:
    """A model proto and where it came from; `held` has the bytes that the proto leaves out."""

    model: onnx.ModelProto
    folder: Path | None
    opsets: dict[str, int] = field(default_factory=dict)
    held: HeldData | None = None

    def __post_init__(self) -> None:
        self.opsets = {normal_domain(o.domain): o.version for o in self.model.opset_import}
        # Opset 1 is what the standard says of a model that names none.
        self.opsets.setdefault("", 1)

    def with_model(self, model: onnx.ModelProto) -> Source:
        """Another model on the same data."""
        return replace(self, model=model)

    def inside(self, tensor: onnx.TensorProto) -> onnx.TensorProto:
        """The tensor with its elements, unless they lie in another file."""
        array = self._held(tensor)
        return tensor if array is None else numpy_helper.from_array(array, tensor.name)

    def _held(self, tensor: onnx.TensorProto) -> np.ndarray[Any, Any] | None:
        return None if self.held is None else self.held.array(tensor)

    def array(self, tensor: onnx.TensorProto | onnx.SparseTensorProto) -> np.ndarray[Any, Any]:
        """Elements of an initialiser; InvalidModel if its data is missing or too short."""
        if isinstance(tensor, onnx.SparseTensorProto):
            return dense_array(self, tensor)
        try:
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                held = self._held(tensor)
                return self._external(tensor) if held is None else held
            return numpy_helper.to_array(tensor)
        except (ValueError, TypeError, KeyError, OSError) as e:
            raise InvalidModel(f"tensor '{tensor.name}' cannot be read: {e}") from e

    def _external(self, tensor: onnx.TensorProto) -> np.ndarray[Any, Any]:
        if self.folder is None:
            raise InvalidModel(
                f"tensor '{tensor.name}' lies in another file: give the model by its path"
            )
        info = {e.key: e.value for e in tensor.external_data}
        root = self.folder.resolve()
        path = (root / info.get("location", "")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise InvalidModel(
                f"tensor '{tensor.name}': external file '{info.get('location')}' is not a file "
                "inside the model's folder"
            )
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
        shape = tuple(tensor.dims)
        offset = int(info.get("offset", 0))
        need = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        if dtype.itemsize * 8 != _bits(dtype):
            raise InvalidModel(f"tensor '{tensor.name}': packed external data of type {dtype}")
        length = int(info.get("length", need))
        if length < need:
            raise InvalidModel(f"tensor '{tensor.name}' has {length} bytes, {need} are needed")
        if offset < 0 or offset + need > path.stat().st_size:
            raise InvalidModel(
                f"tensor '{tensor.name}': '{path.name}' holds {path.stat().st_size} bytes, "
                f"{offset + need} are needed"
            )
        if not need:
            return np.zeros(shape, dtype)
        return np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=shape)


def dense_array(source: Source, sparse: onnx.SparseTensorProto) -> np.ndarray[Any, Any]:
    """All elements of a sparse tensor. Its indices count elements, or name one by its place."""
    values, indices = source.array(sparse.values), source.array(sparse.indices)
    if any(size < 0 for size in sparse.dims):
        raise InvalidModel(f"tensor '{sparse.values.name}' has the shape {list(sparse.dims)}")
    array = np.zeros(tuple(sparse.dims), values.dtype)
    try:
        places = np.unravel_index(indices, array.shape) if indices.ndim == 1 else tuple(indices.T)
        array[places] = values
    except (IndexError, TypeError, ValueError) as e:
        raise InvalidModel(f"tensor '{sparse.values.name}': indices do not fit: {e}") from e
    return array


def _bits(dtype: np.dtype[Any]) -> int:
    return 4 if dtype.name in ("int4", "uint4") else dtype.itemsize * 8


def normal_domain(domain: str) -> str:
    """The default domain has two spellings."""
    return "" if domain == "ai.onnx" else domain


def initializers_of(
    graph: onnx.GraphProto,
) -> dict[str, onnx.TensorProto | onnx.SparseTensorProto]:
    """The weights of a graph by name."""
    dense = {tensor.name: tensor for tensor in graph.initializer}
    return dense | {sparse.values.name: sparse for sparse in graph.sparse_initializer}


def node_name(node: onnx.NodeProto) -> str:
    """The node's own name, else its operator and first output: the location of its ops."""
    return node.name or f"{node.op_type}_{next(iter(node.output), '')}"


def names_read(node: onnx.NodeProto) -> Iterator[str]:
    """Tensors a node reads, those captured by its subgraphs included."""
    yield from (name for name in node.input if name)
    for attribute in node.attribute:
        for graph in [attribute.g, *attribute.graphs]:
            made = {v.name for v in graph.input} | set(initializers_of(graph))
            made |= {name for inner in graph.node for name in inner.output}
            inner_names = [name for inner in graph.node for name in names_read(inner)]
            outer = [*inner_names, *(o.name for o in graph.output)]
            yield from (name for name in outer if name not in made)


def read_source(model: ModelLike) -> Source:
    """Read a path, bytes or ModelProto. Raises InvalidModel with what is wrong.

    Warns of an opset that is newer than what is known of the standard: it is read as the newest.
    """
    if isinstance(model, Source):
        return model
    source = _read(model)
    known, opset = onnx.defs.onnx_opset_version(), source.opsets[""]
    if opset > known:
        words = f"the model is of opset {opset}, its operators are read as those of opset {known}"
        warnings.warn(words, stacklevel=2)
    return source


def _read(model: ModelLike) -> Source:
    if isinstance(model, onnx.ModelProto):
        return Source(model, None)
    if isinstance(model, bytes):
        return _parse(HeldData(model), "the given bytes", None)
    path = Path(model)
    try:
        _check_size(path.stat().st_size, f"'{path}'")
        held = HeldData.of_file(path) if path.stat().st_size else HeldData(path.read_bytes())
    except OSError as e:
        raise InvalidModel(f"cannot read '{path}': {e.strerror}") from e
    return _parse(held, f"'{path}'", path.parent)


def _check_size(size: int, words: str) -> None:
    if size > PROTOBUF_LIMIT:
        raise InvalidModel(
            f"{words} has {size} bytes, more than the {PROTOBUF_LIMIT} that protobuf can read\n"
            "next step: export the model with its weights in a file beside it (external data)"
        )


def _parse(held: HeldData, words: str, folder: Path | None) -> Source:
    _check_size(len(held.data), words)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(without_weights(held.data))
    except DecodeError as e:
        raise InvalidModel(f"{words} is not an ONNX model: {e}") from e
    if not model.HasField("graph"):
        raise InvalidModel(f"{words} is not an ONNX model: it holds no graph")
    return Source(model, folder, held=held)
