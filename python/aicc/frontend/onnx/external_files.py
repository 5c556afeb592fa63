"""Which other files a model's tensors lie in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import onnx


def external_files(model: onnx.ModelProto) -> list[str]:
    """Names as the model spells them, relative to its folder; each once."""
    bodies = [model.graph, *model.functions]
    names = {
        entry.value
        for body in bodies
        for tensor in _tensors(body)
        if tensor.data_location == onnx.TensorProto.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    }
    return sorted(names)


def _tensors(body: Any) -> Iterator[onnx.TensorProto]:
    """Initialisers and attributes of a graph or function, and of the graphs inside."""
    if isinstance(body, onnx.GraphProto):
        yield from body.initializer
        for sparse in body.sparse_initializer:
            yield from (sparse.values, sparse.indices)
    for node in body.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for graph in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                yield from _tensors(graph)
