"""What sort of value stands behind a name of a graph, as far as a plan in steps needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import onnx

from aicc.diagnostics import InvalidModel
from aicc.dialects.graph.structure import numpy_dtype
from aicc.host.kinds import MAP, NUMBER, STRING, Kind, optional_of, sequence_of

from .attributes import node_attributes
from .host_plan import Item
from .source import Source

_TYPE_ATTRIBUTES = ("to", "dtype")  # that hold the number of an element type


@dataclass
class Names:
    """Kinds and tensors by name in one graph; `around` is the graph that holds it."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    initializers: dict[str, onnx.TensorProto] = field(default_factory=dict)
    around: Names | None = None

    def kind(self, name: str) -> Kind:
        """The kind of a value; InvalidModel if nothing gives it."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.kinds:
                return scope.kinds[name]
            scope = scope.around
        raise InvalidModel(f"a node reads '{name}', which nothing produces")

    def initializer(self, name: str) -> onnx.TensorProto | None:
        """The initialiser of that name which a node would read."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.initializers:
                return scope.initializers[name]
            if name in scope.kinds:
                return None
            scope = scope.around
        return None

    def add_initializer(self, tensor: onnx.TensorProto) -> None:
        """Make a tensor known."""
        self.initializers[tensor.name] = tensor
        is_text = tensor.data_type == onnx.TensorProto.STRING
        self.kinds[tensor.name] = STRING if is_text else NUMBER

    def operands(self, names: Sequence[str]) -> list[Kind | None]:
        """Kinds of a node's operands, None for those left out."""
        return [self.kind(name) if name else None for name in names]


def kind_of(type_: onnx.TypeProto) -> Kind:
    """The kind of a declared type."""
    which = type_.WhichOneof("value")
    if which == "sequence_type":
        return sequence_of(kind_of(type_.sequence_type.elem_type))
    if which == "optional_type":
        return optional_of(kind_of(type_.optional_type.elem_type))
    if which == "map_type":
        return MAP
    is_text = which == "tensor_type" and type_.tensor_type.elem_type == onnx.TensorProto.STRING
    return STRING if is_text else NUMBER


def host_attributes(item: Item, source: Source) -> dict[str, Any]:
    """Attributes as host operators take them: element types by name or numpy dtype, kinds."""
    attributes = node_attributes(item.node, source)
    for name in _TYPE_ATTRIBUTES:
        if isinstance(attributes.get(name), int):
            attributes[name] = element_type(attributes[name])
    if isinstance(attributes.get("type"), onnx.TypeProto):
        attributes["type"] = kind_of(attributes["type"])
    return attributes


def element_type(number: int) -> Any:
    """The numpy dtype of an ONNX type number; "STRING" for text."""
    if number == onnx.TensorProto.STRING:
        return "STRING"
    try:
        return numpy_dtype(onnx.helper.tensor_dtype_to_np_dtype(number).name)
    except KeyError as e:
        raise InvalidModel(f"there is no element type {number}") from e
