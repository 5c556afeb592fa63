"""A call of a model-local function as the function's nodes, under names of their own."""

from __future__ import annotations

from collections.abc import Mapping

import onnx

from aicc.diagnostics import InvalidModel

from .functions import FunctionBody
from .host_plan import Item


def inlined(item: Item, body: FunctionBody) -> list[Item]:
    """The body's nodes with the call's operands, results and attributes put in."""
    call = item.node
    called = (call.domain, call.op_type)
    if called in item.calls:
        raise InvalidModel(f"node '{item.name}': the function {'.'.join(called)} calls itself")
    names = {formal: actual for formal, actual in zip(body.proto.input, call.input, strict=False)}
    names |= {formal: "" for formal in body.proto.input if formal not in names}
    results = dict(zip(body.proto.output, call.output, strict=False))
    prefix = f"{item.name}/"
    opsets = {**item.opsets, **body.opsets}
    # a result that is an operand needs a node to carry it over
    passed = [
        onnx.helper.make_node("Identity", [names[formal]], [actual], f"{prefix}{formal}")
        for formal, actual in results.items()
        if formal in names and actual
    ]
    names |= {f: a for f, a in results.items() if a and f not in names}
    nodes = [_renamed(node, names, prefix) for node in body.nodes_for(call)]
    return [Item(node, opsets, (*item.calls, called)) for node in (*nodes, *passed)]


def _renamed(node: onnx.NodeProto, names: Mapping[str, str], prefix: str) -> onnx.NodeProto:
    def new(name: str) -> str:
        return names.get(name, f"{prefix}{name}") if name else ""

    renamed = onnx.NodeProto()
    renamed.CopyFrom(node)
    renamed.name = f"{prefix}{node.name or node.op_type}"
    renamed.input[:] = [new(name) for name in node.input]
    renamed.output[:] = [new(name) for name in node.output]
    for attribute in renamed.attribute:
        for graph in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
            _rename_graph(graph, names, prefix)
    return renamed


def _rename_graph(graph: onnx.GraphProto, names: Mapping[str, str], prefix: str) -> None:
    """Everything of a body gets a new name: its own values as well as those from around it."""
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.name = names.get(value.name, f"{prefix}{value.name}")
    renamed = [_renamed(node, names, prefix) for node in graph.node]
    del graph.node[:]
    graph.node.extend(renamed)
