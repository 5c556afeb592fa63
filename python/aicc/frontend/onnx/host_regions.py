"""Cuts a model that has strings, sequences, optionals or images into regions and host steps.

Nodes on numbers are gathered into as few regions as their order allows, each of which is compiled
like a model of its own. A node with a host operator runs alone, between them. If, Loop and
SequenceMap stay whole unless something inside them, or what they carry, is no matter of compiled
code, or a run has to find out their course step by step. Nodes that work on strings by their order
and place alone become numeric: `string_rewrites`.

    Y = StringNormalizer(X)                   host
    T = TfIdfVectorizer<pool_strings>(Y)      host: N = LabelEncoder(Y)
    Z = Relu(T)                               region: T = TfIdfVectorizer<pool_int64s>(N), Z
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import onnx

from aicc.diagnostics import InvalidModel, UnsupportedOp
from aicc.host.kinds import NUMBER, Kind, inside, sequence_of
from aicc.host.registry import always, host_operator, host_operators, when_stepped

from .attributes import node_attributes
from .coverage import Refusal, all_nodes, how_served, report
from .functions import FunctionBody
from .host_chunks import chunk_of
from .host_kinds import Names, host_attributes, kind_of
from .host_order import ordered_steps
from .host_plan import Control, HostNode, Item, Plan
from .inlining import inlined
from .registry import rule_for
from .source import Source, normal_domain
from .string_rewrites import numbered, rewritten

_CONTROL = ("If", "Loop", "Scan", "SequenceMap")
_NUMBERS_OF_CONSTANT = ("value", "value_int", "value_ints", "value_float", "value_floats")
_CONSTANT = (*_NUMBERS_OF_CONSTANT, "value_string", "value_strings")


def may_need_host_steps(source: Source) -> bool:
    """A quick look: False for the models, nearly all, whose plan would be one region."""
    if any(kind_of(v.type) != NUMBER for v in source.model.graph.input):
        return True
    only_host = {key for key, row in host_operators().items() if row.needs is always}
    for node, _ in all_nodes(source):
        if (normal_domain(node.domain), node.op_type) in only_host:
            return True
        if any(_is_text(attribute) for attribute in node.attribute):
            return True
    return any(t.data_type == onnx.TensorProto.STRING for t in source.model.graph.initializer)


def _is_text(attribute: onnx.AttributeProto) -> bool:
    text = onnx.TensorProto.STRING
    return (
        (attribute.name == "to" and text in (attribute.i, _number_of(attribute.s)))
        or attribute.t.data_type == text
        or attribute.name in ("value_string", "value_strings")
        or (attribute.name.endswith("_strings") and len(attribute.strings) > 0)
    )


def _number_of(name: bytes) -> int:
    """Cast named its type, before opset 6."""
    return onnx.TensorProto.STRING if name == b"STRING" else -1


def plan_of(source: Source, stepped: Collection[str] = ()) -> Plan:
    """The steps of a model. Raises UnsupportedOp with all nodes that nothing can run.

    `stepped` are nodes, by name, that run step by step although all in them is numeric: control
    flow, and searches; a function's name stands for all of them in it.
    """
    planner = _Planner(source, stepped)
    graph = source.model.graph
    kinds = {v.name: kind_of(v.type) for v in graph.input}
    plan, results = planner.plan(graph, kinds, None, source.opsets)
    if planner.refusals:
        raise UnsupportedOp(report(planner.refusals))
    return replace(plan, is_numeric=_all_numbers([*kinds.values(), *results]))


class _Planner:
    """State of one planning: what was refused."""

    def __init__(self, source: Source, stepped: Collection[str]) -> None:
        self.source = source
        self.stepped = set(stepped)
        self.refusals: list[Refusal] = []

    def plan(
        self,
        graph: onnx.GraphProto,
        inputs: Mapping[str, Kind],
        around: Names | None,
        opsets: Mapping[str, int],
    ) -> tuple[Plan, list[Kind]]:
        """The plan of a graph, and the kinds of its outputs."""
        names = Names(around=around)
        for tensor in graph.initializer:
            names.add_initializer(tensor)
        names.kinds.update(inputs)
        steps = self._classified(graph, names, opsets)
        outputs = [o.name for o in graph.output]
        given = [v.name for v in graph.input if v.name not in names.initializers]
        plan = ordered_steps(steps, names, given, outputs, self.source)
        return plan, [names.kind(name) for name in outputs]

    def _classified(
        self, graph: onnx.GraphProto, names: Names, opsets: Mapping[str, int]
    ) -> list[Item | HostNode | Control]:
        """Every node as what it is: an Item is a numeric node."""
        from .importer import sorted_nodes

        waiting = deque(Item(node, opsets) for node in sorted_nodes(graph.node))
        steps: list[Item | HostNode | Control] = []
        while waiting:
            item = waiting.popleft()
            if self._is_constant(item, names):
                continue
            try:
                found = self._one(item, names)
            except UnsupportedOp as e:
                self.refusals.append(Refusal(*item.key, item.name, str(e)))
                found = item
                names.kinds.update((name, NUMBER) for name in item.node.output if name)
            if isinstance(found, list):
                waiting.extendleft(reversed(found))
            else:
                steps.append(found)
        return steps

    def _is_constant(self, item: Item, names: Names) -> bool:
        """Make a constant an initialiser: each region that reads it holds it."""
        if item.key != ("", "Constant"):
            return False
        attributes = node_attributes(item.node, self.source)
        value = next((attributes[a] for a in _CONSTANT if a in attributes), None)
        if value is None:
            return False
        tensor = onnx.TensorProto()
        tensor.CopyFrom(_tensor_of(item.node.attribute[0], value))
        tensor.name = item.node.output[0]
        names.add_initializer(tensor)
        return True

    def _one(self, item: Item, names: Names) -> list[Item] | Item | HostNode | Control:
        """A node as a step, or the nodes to take in its place."""
        body = _local_function(self.source, item)
        operands = names.operands(item.node.input)
        if body is not None and item.name in self.stepped:
            items = inlined(item, body)
            self.stepped.update(inner.name for inner in items)
            return items
        if body is not None and (self._touches_host(body) or not _all_numbers(operands)):
            return inlined(item, body)
        attributes = host_attributes(item, self.source)
        replaced = rewritten(item.node, attributes)
        if replaced is not None:
            return [Item(node, item.opsets, item.calls) for node in replaced]
        if item.key[0] == "" and item.node.op_type in _CONTROL:
            return self._control(item, operands, names)
        row = host_operator(*item.key)
        is_stepped = row is not None and row.needs is when_stepped and item.name in self.stepped
        if row is not None and (is_stepped or row.needs(operands, attributes)):
            gives = row.gives(operands, attributes)
            _add(names, item, gives)
            return HostNode(item, row, attributes, gives)
        if not _all_numbers(operands):
            return self._on_ranks(item, operands)
        self._check_known(item, body)
        _add(names, item, [NUMBER] * len(item.node.output))
        return item

    def _check_known(self, item: Item, body: FunctionBody | None) -> None:
        if body is None and how_served(*item.key, item.opset) == "missing":
            domain = item.key[0] or "ai.onnx"
            raise UnsupportedOp(f"operator {domain}.{item.node.op_type} at opset {item.opset}")

    def _on_ranks(self, item: Item, operands: Sequence[Kind | None]) -> list[Item]:
        strange = [k for k in operands if k is not None and k.name not in ("number", "string")]
        if strange:
            raise UnsupportedOp(f"an operand that is a {strange[0].describe()}")
        texts = [k is not None and not k.is_number for k in operands]
        known = rule_for(*item.key, item.opset) is not None
        replaced = numbered(item.node, item.opset, texts) if known else None
        if replaced is None:
            raise UnsupportedOp("operands that are strings")
        return [Item(node, item.opsets, item.calls) for node in replaced]

    def _touches_host(self, body: FunctionBody) -> bool:
        """True if a function has nodes that no region could hold."""
        graph = onnx.GraphProto(node=body.proto.node)
        model = onnx.ModelProto(graph=graph, functions=self.source.model.functions)
        return may_need_host_steps(Source(model, None))

    def _control(self, item: Item, operands: Sequence[Kind | None], names: Names) -> Item | Control:
        """A node with bodies: planned inside, then taken apart only if it must be."""
        graphs = _bodies(item.node)
        given = [_body_kinds(item.node.op_type, graph, operands) for graph in graphs]
        plans, kinds = [], []
        for graph, inputs in zip(graphs, given, strict=True):
            plan, results = self.plan(graph, inputs, names, item.opsets)
            plans.append(plan)
            kinds.append(results)
        results = _control_results(item, operands, kinds)
        _add(names, item, results)
        is_plain = _all_numbers(operands) and _all_numbers(results)
        is_stepped = item.name in self.stepped or any(plan.has_host_steps for plan in plans)
        if is_plain and not is_stepped:
            return item
        if item.node.op_type == "Scan":
            raise UnsupportedOp("a scan over what only runs in steps")
        rows: Sequence[onnx.ValueInfoProto] = ()
        if item.node.op_type == "Loop":
            rows = list(graphs[0].output)[len(item.node.input) - 1 :]
        is_whole = is_plain and not any(plan.has_host_steps for plan in plans)
        chunk = chunk_of(item, names) if is_whole and rows else None
        return Control(item, plans, rows, chunk)


def _tensor_of(attribute: onnx.AttributeProto, value: Any) -> onnx.TensorProto:
    """The tensor of a Constant."""
    if attribute.name == "value":
        return attribute.t
    kinds = {"i": onnx.TensorProto.INT64, "f": onnx.TensorProto.FLOAT, "s": onnx.TensorProto.STRING}
    kind = kinds[attribute.name.removeprefix("value_")[0]]
    items = value if isinstance(value, list) else [value]
    shape = [len(items)] if isinstance(value, list) else []
    return onnx.helper.make_tensor(attribute.name, kind, shape, items)


def _all_numbers(kinds: Sequence[Kind | None]) -> bool:
    return all(kind is None or kind.is_number for kind in kinds)


def _add(names: Names, item: Item, kinds: Sequence[Kind]) -> None:
    names.kinds.update((n, k) for n, k in zip(item.node.output, kinds, strict=False) if n)


def _local_function(source: Source, item: Item) -> FunctionBody | None:
    for f in source.model.functions:
        if (f.domain, f.name) == (item.node.domain, item.node.op_type):
            return FunctionBody(f, {normal_domain(o.domain): o.version for o in f.opset_import})
    return None


def _bodies(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    graphs = {a.name: a.g for a in node.attribute if a.type == onnx.AttributeProto.GRAPH}
    wanted = ("then_branch", "else_branch") if node.op_type == "If" else ("body",)
    if any(name not in graphs for name in wanted):
        raise InvalidModel(f"node '{node.name}' ({node.op_type}) lacks its body")
    return [graphs[name] for name in wanted]


def _body_kinds(
    operator: str, graph: onnx.GraphProto, operands: Sequence[Kind | None]
) -> dict[str, Kind]:
    """Kinds of a body's inputs."""
    kinds = [kind or NUMBER for kind in operands]
    if operator == "If":
        kinds = []
    elif operator == "Loop":
        kinds = [NUMBER, NUMBER, *kinds[2:]]
    elif operator == "SequenceMap":
        kinds = [inside(kind) for kind in kinds]
    return {v.name: kind for v, kind in zip(graph.input, kinds, strict=False)}


def _control_results(
    item: Item, operands: Sequence[Kind | None], kinds: Sequence[Sequence[Kind]]
) -> list[Kind]:
    """Kinds of the node's outputs, from those of its bodies'."""
    operator = item.node.op_type
    if operator == "If":
        # of two kinds that can be one value, the optional is the wider
        pairs = zip(*kinds, strict=True)
        return [t if t.name == "optional" else e for t, e in pairs]
    if operator == "Loop":
        return list(kinds[0][1:])
    if operator == "SequenceMap":
        return [sequence_of(kind) for kind in kinds[0]]
    return list(kinds[0])
