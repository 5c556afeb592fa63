"""Reading an ONNX model: the proto, its weights (memory-mapped where they are external).

Weights never pass through protobuf twice: a path is read without external data, and an external
tensor becomes a read-only `numpy.memmap` of its file at its offset.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from aicc.diagnostics import InvalidModel

PROTOBUF_LIMIT = (1 << 31) - 1  # bytes of one message
ModelLike: TypeAlias = str | os.PathLike[str] | bytes | Any  # Any: onnx.ModelProto


@dataclass
class Source:
    """A model proto and where it came from."""

    model: onnx.ModelProto
    folder: Path | None
    opsets: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.opsets = {normal_domain(o.domain): o.version for o in self.model.opset_import}
        # Opset 1 is what the standard says of a model that names none.
        self.opsets.setdefault("", 1)

    def array(self, tensor: onnx.TensorProto) -> np.ndarray[Any, Any]:
        """Elements of an initialiser; InvalidModel if its data is missing or too short."""
        try:
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                return self._external(tensor)
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
        if offset < 0 or offset + need > path.stat().st_size:
            raise InvalidModel(
                f"tensor '{tensor.name}': '{path.name}' holds {path.stat().st_size} bytes, "
                f"{offset + need} are needed"
            )
        if not need:
            return np.zeros(shape, dtype)
        return np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=shape)


def _bits(dtype: np.dtype[Any]) -> int:
    return 4 if dtype.name in ("int4", "uint4") else dtype.itemsize * 8


def normal_domain(domain: str) -> str:
    """The default domain has two spellings."""
    return "" if domain == "ai.onnx" else domain


def node_name(node: onnx.NodeProto) -> str:
    """The node's own name, else its operator and first output: the location of its ops."""
    return node.name or f"{node.op_type}_{next(iter(node.output), '')}"


def names_read(node: onnx.NodeProto) -> Iterator[str]:
    """Tensors a node reads, those captured by its subgraphs included."""
    yield from (name for name in node.input if name)
    for attribute in node.attribute:
        for graph in [attribute.g, *attribute.graphs]:
            made = {v.name for v in graph.input} | {t.name for t in graph.initializer}
            made |= {name for inner in graph.node for name in inner.output}
            inner_names = [name for inner in graph.node for name in names_read(inner)]
            outer = [*inner_names, *(o.name for o in graph.output)]
            yield from (name for name in outer if name not in made)


def read_source(model: ModelLike) -> Source:
    """Read a path, bytes or ModelProto. Raises InvalidModel with what is wrong."""
    if isinstance(model, Source):
        return model
    if isinstance(model, onnx.ModelProto):
        return Source(model, None)
    if isinstance(model, bytes):
        return Source(_parse(model, "the given bytes"), None)
    path = Path(model)
    try:
        _check_size(path.stat().st_size, f"'{path}'")
        data = path.read_bytes()
    except OSError as e:
        raise InvalidModel(f"cannot read '{path}': {e.strerror}") from e
    return Source(_parse(data, f"'{path}'"), path.parent)


def _check_size(size: int, words: str) -> None:
    if size > PROTOBUF_LIMIT:
        raise InvalidModel(
            f"{words} has {size} bytes, more than the {PROTOBUF_LIMIT} that protobuf can read\n"
            "next step: export the model with its weights in a file beside it (external data)"
        )


def _parse(data: bytes, words: str) -> onnx.ModelProto:
    _check_size(len(data), words)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError as e:
        raise InvalidModel(f"{words} is not an ONNX model: {e}") from e
    if not model.HasField("graph"):
        raise InvalidModel(f"{words} is not an ONNX model: it holds no graph")
    return model
