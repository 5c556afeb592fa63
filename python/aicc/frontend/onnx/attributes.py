"""ONNX attributes as Python objects."""

from __future__ import annotations

from typing import Any

import onnx

from aicc.diagnostics import InvalidModel

from .source import Source


def node_attributes(node: onnx.NodeProto, source: Source) -> dict[str, Any]:
    """name -> int, float, str, list of them, numpy array (tensors) or proto (graphs, types)."""
    return {a.name: _value(a, source) for a in node.attribute if not a.ref_attr_name}


def _value(attribute: onnx.AttributeProto, source: Source) -> Any:
    kind = onnx.AttributeProto
    match attribute.type:
        case kind.FLOAT:
            return attribute.f
        case kind.INT:
            return attribute.i
        case kind.STRING:
            return _text(attribute.s, attribute.name)
        case kind.TENSOR:
            return source.array(attribute.t)
        case kind.FLOATS:
            return list(attribute.floats)
        case kind.INTS:
            return list(attribute.ints)
        case kind.STRINGS:
            return [_text(s, attribute.name) for s in attribute.strings]
        case kind.GRAPH:
            return attribute.g
        case kind.SPARSE_TENSOR:
            return attribute.sparse_tensor
        case kind.TYPE_PROTO:
            return attribute.tp
        case _:
            raise InvalidModel(f"attribute '{attribute.name}' has the unknown type {attribute.type}")


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as e:
        raise InvalidModel(f"attribute '{name}' is not UTF-8 text") from e
