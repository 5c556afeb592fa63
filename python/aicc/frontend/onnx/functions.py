"""ONNX functions: bodies of model-local functions and of operators' schemas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import onnx

from aicc._mlir import ir
from aicc.dialects.graph.types import dtype_of

from .source import normal_domain


@dataclass(frozen=True)
class FunctionBody:
    """A function to expand in place of a node, and the opsets its own nodes are read by."""

    proto: onnx.FunctionProto
    opsets: dict[str, int]

    def nodes_for(self, call: onnx.NodeProto) -> list[onnx.NodeProto]:
        """The body's nodes with attribute references replaced by the call's (or default) values."""
        attributes = [*self.proto.attribute_proto, *call.attribute]
        given = {a.name: a for a in attributes}
        return [_bind(n, given) for n in self.proto.node]


def _bind(node: onnx.NodeProto, given: dict[str, onnx.AttributeProto]) -> onnx.NodeProto:
    if not any(a.ref_attr_name or a.type == onnx.AttributeProto.GRAPH for a in node.attribute):
        return node
    bound = onnx.NodeProto()
    bound.CopyFrom(node)
    del bound.attribute[:]
    for a in node.attribute:
        if a.type == onnx.AttributeProto.GRAPH and not a.ref_attr_name:
            bound.attribute.append(_bind_graph(a, given))
        elif not a.ref_attr_name:
            bound.attribute.append(a)
        elif a.ref_attr_name in given:
            value = onnx.AttributeProto()
            value.CopyFrom(given[a.ref_attr_name])
            value.name = a.name
            bound.attribute.append(value)
    return bound


def _bind_graph(
    attribute: onnx.AttributeProto, given: dict[str, onnx.AttributeProto]
) -> onnx.AttributeProto:
    """A graph that a node holds, with references in it replaced too."""
    bound = onnx.AttributeProto()
    bound.CopyFrom(attribute)
    del bound.g.node[:]
    bound.g.node.extend(_bind(n, given) for n in attribute.g.node)
    return bound


def find_function(
    node: onnx.NodeProto, domain: str, opset: int, inputs: Sequence[Any]
) -> FunctionBody | None:
    """The body that the operator's schema gives at `opset`, None if it gives none."""
    try:
        schema = onnx.defs.get_schema(node.op_type, opset, domain)
    except onnx.defs.SchemaError:
        return None
    data = _schema_function(schema, node, opset, inputs)
    if not data:
        return None
    proto = onnx.FunctionProto()
    proto.ParseFromString(data)
    opsets = {normal_domain(o.domain): o.version for o in proto.opset_import}
    _add_defaults(proto, schema)
    return FunctionBody(proto, opsets or {domain: opset})


def _schema_function(schema: Any, node: onnx.NodeProto, opset: int, inputs: Sequence[Any]) -> bytes:
    if schema.has_context_dependent_function:
        versions = [v for v in schema.context_dependent_function_opset_versions if v <= opset]
        types = [_type_proto(v) for v in inputs]
        if versions:
            return schema.get_context_dependent_function_with_opset_version(
                max(versions), node.SerializeToString(), types
            )
    if schema.has_function:
        versions = [v for v in schema.function_opset_versions if v <= opset]
        if versions:
            return schema.get_function_with_opset_version(max(versions))
    return b""


def _add_defaults(proto: onnx.FunctionProto, schema: Any) -> None:
    """Schema bodies refer to attributes whose default stands in the schema alone."""
    named = {a.name for a in proto.attribute_proto}
    for name, attribute in schema.attributes.items():
        if name not in named and attribute.default_value.type:
            proto.attribute_proto.append(attribute.default_value)


def _type_proto(value: Any) -> bytes:
    if value is None:
        return onnx.TypeProto().SerializeToString()
    type_ = ir.RankedTensorType(value.type)
    number = onnx.helper.np_dtype_to_tensor_dtype(_np(dtype_of(type_.element_type)))
    return onnx.helper.make_tensor_type_proto(number, list(type_.shape)).SerializeToString()


def _np(name: str) -> Any:
    from aicc.dialects.graph.structure import numpy_dtype

    return numpy_dtype(name)
