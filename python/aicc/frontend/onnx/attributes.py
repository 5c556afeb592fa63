"""ONNX attributes as Python objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx

from aicc.diagnostics import InvalidModel

from .source import Source


def node_attributes(node: onnx.NodeProto, source: Source) -> dict[str, Any]:
    """name -> int, float, str, list of them, numpy array (tensors) or proto (graphs, types)."""
    return {a.name: _value(a, source) for a in node.attribute if not a.ref_attr_name}


def _value(attribute: onnx.AttributeProto, source: Source) -> Any:
    kind = onnx.AttributeProto
    readers: dict[int, Callable[[], Any]] = {
        kind.FLOAT: lambda: attribute.f,
        kind.INT: lambda: attribute.i,
        kind.STRING: lambda: _text(attribute.s, attribute.name),
        kind.TENSOR: lambda: source.array(attribute.t),
        kind.FLOATS: lambda: list(attribute.floats),
        kind.INTS: lambda: list(attribute.ints),
        kind.STRINGS: lambda: [_text(s, attribute.name) for s in attribute.strings],
        kind.GRAPH: lambda: attribute.g,
        kind.SPARSE_TENSOR: lambda: source.array(attribute.sparse_tensor),
        kind.TYPE_PROTO: lambda: attribute.tp,
    }
    if attribute.type not in readers:
        raise InvalidModel(f"attribute '{attribute.name}' is of unknown type {attribute.type}")
    return readers[attribute.type]()


def as_attribute(number: float) -> float:
    """The number as a FLOAT attribute holds it, which has 32 bits whatever type the node is of."""
    return float(np.float32(number))


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as e:
        raise InvalidModel(f"attribute '{name}' is not UTF-8 text") from e
