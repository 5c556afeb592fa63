"""ONNX graph -> `func.func @main` of `graph` ops.

Operators with a rule are imported by it; the others are expanded from their ONNX function
(model-local, or the body in the operator's schema). Every unsupported node of a model is found
before the import gives up, and all are reported at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import onnx

from aicc._mlir import dialect, ir
from aicc.diagnostics import AiccError, InvalidModel, NeedsSteps, ShapeError, UnsupportedOp
from aicc.dialects.graph import VerifyError
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, Constant

from .attributes import node_attributes
from .coverage import Refusal, how_served, report
from .functions import FunctionBody, find_function
from .node import Node
from .operators.sequences import Sequence as ValueSequence
from .registry import (
    attribute_names,
    float_defaults,
    operand_bounds,
    required_attributes,
    rule_for,
)
from .signature import TensorSpec
from .source import Source, initializers_of, names_read, node_name, normal_domain
from .stages import ASKED, Exports, Held, Stage, inputs_of, names_needed
from .unique_names import check_names
from .values import KnownValues, NeedsRun, NeedsValueInBody

POISON = object()


@dataclass
class Scope:
    """Names visible to the nodes of one graph or function body."""

    opsets: dict[str, int]
    prefix: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    initializers: dict[str, onnx.TensorProto | onnx.SparseTensorProto] = field(default_factory=dict)
    parent: Scope | None = None  # of a body inside a node: what it may read from around it


class Importer:
    """State of one import; `weights` is name -> array of the weight arguments."""

    def __init__(
        self,
        source: Source,
        inputs: Sequence[TensorSpec],
        fixed: Mapping[str, np.ndarray[Any, Any]],
        stage: Stage | None = None,
        fold_limit: int = MAX_INLINE_ELEMENTS,
    ) -> None:
        self.source = source
        self.fold_limit = fold_limit
        self.inputs = inputs
        self.stage = stage or Stage()
        self.may_ask = stage is not None
        self.next_stage: Stage | None = None
        self.asking = ""  # the node that asks
        self.fixed = fixed
        self.refusals: list[Refusal] = []
        self.open_functions: list[tuple[str, str]] = []  # being expanded
        self.values: Any = None

    @property
    def weights(self) -> dict[str, np.ndarray[Any, Any]]:
        """Arrays of the weight arguments, in their order."""
        weights: dict[str, np.ndarray[Any, Any]] = self.values.weights
        return weights

    def run(self) -> tuple[Any, list[str]]:
        """Build the function in a new module; returns (module, output names)."""
        func = dialect("func")
        graph = self.source.model.graph
        if not graph.output:
            raise InvalidModel("the graph has no outputs")
        check_names(graph)
        module = ir.Module.create()
        if self.fold_limit > MAX_INLINE_ELEMENTS:
            module.operation.attributes["aicc.dynamic"] = ir.UnitAttr.get()
        types = [s.type() for s in self.inputs]
        with ir.InsertionPoint(module.body), ir.Location.unknown():
            function = func.FuncOp("main", (types, []))
            block = function.add_entry_block()
        self.values = KnownValues(block, self.inputs, self.stage.answers if self.may_ask else None)
        self.values.fold_limit = self.fold_limit
        with ir.InsertionPoint(block), ir.Location.unknown():
            scope = self._main_scope(graph)
            names, results = self._import_graph(graph, scope)
            func.ReturnOp(results)
        self._finish(function, results, names)
        return module, names

    def _import_graph(self, graph: onnx.GraphProto, scope: Scope) -> tuple[list[str], list[Any]]:
        """Names and values of the module's results: the graph's, or those of a stage."""
        waiting = sorted_nodes(graph.node)[self.stage.done :]
        for number, node in enumerate(waiting):
            self.values.asked_before = self.values.asked
            try:
                self._import_nodes([node], scope)
            except NeedsRun as needs:
                self.asking = node_name(node)
                return self._cut(graph, scope, waiting[number:], needs.value)
            except NeedsSteps as needs:
                self._refuse_unknown(waiting[number:], scope)
                raise NeedsSteps(f"node '{node_name(node)}': {needs}", node_name(node)) from None
        if self.refusals:
            raise UnsupportedOp(report(self.refusals))
        results = [self._lookup(scope, o.name, "the graph") for o in graph.output]
        return [o.name for o in graph.output], results

    def _cut(
        self, graph: onnx.GraphProto, scope: Scope, rest: Sequence[onnx.NodeProto], asked: Any
    ) -> tuple[list[str], list[Any]]:
        """End here: give what is asked, and what the nodes that are left read."""
        self._refuse_unknown(rest, scope)
        exports = Exports(self.values.known_array, self._given())
        held = {
            name: exports.held(name, scope.values[name])
            for name in dict.fromkeys(names_needed(rest, graph))
            if name in scope.values
        }
        carried = set(inputs_of(tuple(held.values())))
        self.next_stage = Stage(
            len(self.source.model.graph.node) - len(rest),
            held,
            (*[e for e in self.stage.exports if e.name in carried], *exports.specs()),
            tuple(self.stage.answers[self.values.asked_before :]),
        )
        return [ASKED, *exports.names], [asked, *exports.values]

    def _refuse_unknown(self, rest: Sequence[onnx.NodeProto], scope: Scope) -> None:
        """Report what is refused so far, with the unknown operators of nodes to come."""
        self.open_functions.clear()
        for node in rest:
            self._refuse_if_unknown(node, scope)
        if self.refusals:
            raise UnsupportedOp(report(self.refusals))

    def _given(self) -> dict[str, Any]:
        """Inputs of this stage by name."""
        arguments = self.values.arguments
        return {s.name: arguments[s.name] for s in self.inputs}

    def _main_scope(self, graph: onnx.GraphProto) -> Scope:
        scope = Scope(self.source.opsets)
        scope.initializers = initializers_of(graph)
        for name, value in self.values.arguments.items():
            fixed = self.fixed.get(name)
            scope.values[name] = value if fixed is None else _compiled_in(name, fixed)
        inputs = dict(scope.values)
        for name, held in self.stage.scope.items():
            scope.values[name] = self._resumed(name, held, inputs)
        return scope

    def _resumed(self, name: str, held: Held, inputs: Mapping[str, Any]) -> Any:
        """A value of an earlier stage in this one."""
        if isinstance(held, str):
            return inputs[held]
        if isinstance(held, tuple):
            elements = (self._resumed(f"{name}[{i}]", h, inputs) for i, h in enumerate(held))
            return ValueSequence(tuple(elements))
        return self.values.constant(held, ir.Location.name(name), name)

    def _import_nodes(self, nodes: Sequence[onnx.NodeProto], scope: Scope) -> None:
        for node in sorted_nodes(nodes):
            inputs = [
                self._lookup(scope, n, node.name or node.op_type) if n else None for n in node.input
            ]
            if any(v is POISON for v in inputs):
                self._refuse_if_unknown(node, scope)
                results: Sequence[Any] = [POISON] * len(node.output)
            else:
                results = self._import_node(node, inputs, scope)
            for name, value in zip(node.output, results, strict=False):
                if name:
                    scope.values[name] = value

    def _import_node(self, node: onnx.NodeProto, inputs: list[Any], scope: Scope) -> Sequence[Any]:
        domain = normal_domain(node.domain)
        name = scope.prefix + node_name(node)
        opset = scope.opsets.get(domain, 1)
        try:
            body = self._local_function(node)
            rule = None if body else rule_for(domain, node.op_type, opset)
            if rule is not None:
                bodies = partial(self._import_body, scope, name)
                context = Node(self.values, node.op_type, name, opset, node.output, bodies)
                return self._apply(context, rule, node, inputs)
            body = body or find_function(node, domain, opset, inputs)
            if body is None:
                raise UnsupportedOp(_unknown(domain, node.op_type, opset))
            return self._expand(body, node, inputs, name)
        except NeedsSteps:
            raise
        except UnsupportedOp as e:
            self.refusals.append(Refusal(domain, node.op_type, name, str(e)))
            return [POISON] * len(node.output)

    def _refuse_if_unknown(self, node: onnx.NodeProto, scope: Scope) -> None:
        """A node behind a refused one cannot be imported, but an unknown operator is reported."""
        domain = normal_domain(node.domain)
        opset = scope.opsets.get(domain, 1)
        if self._local_function(node) or how_served(domain, node.op_type, opset) != "missing":
            return
        name = scope.prefix + node_name(node)
        reason = _unknown(domain, node.op_type, opset)
        self.refusals.append(Refusal(domain, node.op_type, name, reason))

    def _apply(
        self, context: Node, rule: Any, node: onnx.NodeProto, inputs: list[Any]
    ) -> Sequence[Any]:
        attributes = node_attributes(node, self.source)
        known = attribute_names(rule)
        unknown = sorted(set(attributes) - known) if known is not None else []
        if unknown:
            context.unsupported(f"attribute '{unknown[0]}'")
        missing = sorted(required_attributes(rule) - set(attributes))
        if missing:
            context.invalid(f"lacks the attribute '{missing[0]}'")
        fewest, most = operand_bounds(rule)
        while inputs and inputs[-1] is None:
            inputs.pop()
        if len(inputs) < fewest:
            context.invalid(f"has {len(inputs)} inputs, expected at least {fewest}")
        absent = [i for i, v in enumerate(inputs[:fewest]) if v is None]
        if absent:
            context.invalid(f"lacks input {absent[0]}")
        if most is not None and len(inputs) > most:
            context.unsupported(f"{len(inputs)} inputs")
        results = _call(rule, context, inputs, attributes)
        if len(results) < len([o for o in node.output if o]):
            context.unsupported(f"optional output {len(results)}")
        return results

    def _local_function(self, node: onnx.NodeProto) -> FunctionBody | None:
        for f in self.source.model.functions:
            if (f.domain, f.name, f.overload) == (node.domain, node.op_type, node.overload):
                return FunctionBody(f, {normal_domain(o.domain): o.version for o in f.opset_import})
        return None

    def _expand(
        self, body: FunctionBody, node: onnx.NodeProto, inputs: list[Any], name: str
    ) -> list[Any]:
        called = (body.proto.domain, body.proto.name)
        if called in self.open_functions:
            raise InvalidModel(f"node '{name}': the function {'.'.join(called)} calls itself")
        scope = Scope({**self.source.opsets, **body.opsets}, prefix=f"{name}/")
        padded = [*inputs, *[None] * (len(body.proto.input) - len(inputs))]
        scope.values = dict(zip(body.proto.input, padded, strict=False))
        self.open_functions.append(called)
        self._import_nodes(body.nodes_for(node), scope)
        self.open_functions.pop()
        return [scope.values.get(o, POISON) for o in body.proto.output]

    def _import_body(
        self, around: Scope, owner: str, body: onnx.GraphProto, inputs: Sequence[Any], words: str
    ) -> list[Any]:
        """Results of a graph that a node holds, imported in place; `words` name this copy.

        A body that fails leaves no traces: what it was for may do without.
        """
        refused, opened = len(self.refusals), len(self.open_functions)
        try:
            return self._body_results(around, owner, body, inputs, words)
        except (UnsupportedOp, NeedsValueInBody):
            if self.values.holder is not None:
                del self.refusals[refused:], self.open_functions[opened:]
            raise

    def _body_results(
        self, around: Scope, owner: str, body: onnx.GraphProto, inputs: Sequence[Any], words: str
    ) -> list[Any]:
        scope = Scope(around.opsets, prefix=f"{owner}/{words}/", parent=around)
        scope.initializers = initializers_of(body)
        scope.values = {i.name: v for i, v in zip(body.input, inputs, strict=False)}
        self._import_nodes(body.node, scope)
        results = [self._lookup(scope, o.name, f"the body of '{owner}'") for o in body.output]
        if any(r is POISON for r in results):
            raise UnsupportedOp("a body with operators that cannot be compiled")
        return results

    def _lookup(self, scope: Scope, name: str, user: str) -> Any:
        if name in scope.values:
            return scope.values[name]
        if name in scope.initializers:
            array = self.source.array(scope.initializers[name])
            scope.values[name] = self.values.constant(array, ir.Location.name(name), name)
            return scope.values[name]
        if scope.parent is not None:
            return self._lookup(scope.parent, name, user)
        raise InvalidModel(f"{user} reads '{name}', which nothing produces")

    def _finish(self, function: Any, results: list[Any], names: list[str]) -> None:
        arguments = list(self.values.block.arguments)
        types = ir.FunctionType.get([a.type for a in arguments], [r.type for r in results])
        function.attributes["function_type"] = ir.TypeAttr.get(types)
        attrs = [
            {"aicc.input": ir.StringAttr.get(s.name), **s.dim_name_attr()} for s in self.inputs
        ] + [{"aicc.weight": ir.StringAttr.get(n)} for n in self.weights]
        function.attributes["arg_attrs"] = ir.ArrayAttr.get([ir.DictAttr.get(a) for a in attrs])
        function.attributes["res_attrs"] = ir.ArrayAttr.get(
            [ir.DictAttr.get({"aicc.output": ir.StringAttr.get(n)}) for n in names]
        )


def _call(rule: Any, context: Node, inputs: list[Any], attributes: dict[str, Any]) -> list[Any]:
    """The rule's results. A rule is written for valid nodes: what it trips over is InvalidModel."""
    try:
        results = rule(context, *inputs, **{**float_defaults(rule), **attributes})
    except AiccError:
        raise
    except VerifyError as e:
        context.invalid(str(e))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as e:
        types = ", ".join("absent" if v is None else str(v.type) for v in inputs)
        context.invalid(f"operands ({types}) or attributes do not fit: {type(e).__name__}: {e}")
    return list(results) if isinstance(results, (tuple, list)) else [results]


def _compiled_in(name: str, array: np.ndarray[Any, Any]) -> Any:
    """An input whose values decide shapes, as a constant."""
    if array.size > MAX_INLINE_ELEMENTS:
        raise ShapeError(
            f"the values of input '{name}' cannot be compiled in: it has {array.size} elements\n"
            f"next step: give only what decides shapes ({MAX_INLINE_ELEMENTS} elements at most)"
        )
    return Constant.of(array)


def _unknown(domain: str, operator: str, opset: int) -> str:
    return f"operator {domain or 'ai.onnx'}.{operator} at opset {opset}"


def sorted_nodes(nodes: Sequence[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Nodes in an order in which producers come first, else as they are given.

    Raises InvalidModel for a cycle, and for a tensor that two nodes produce.
    """
    producer: dict[str, int] = {}
    for index, node in enumerate(nodes):
        for name in filter(None, node.output):
            if name in producer:
                other = nodes[producer[name]]
                raise InvalidModel(
                    f"two nodes produce '{name}': {node_name(other)} and {node_name(node)}"
                )
            producer[name] = index
    needs = [{producer[n] for n in names_read(node) if n in producer} for node in nodes]
    readers: dict[int, list[int]] = {}
    for index, needed in enumerate(needs):
        for other in needed:
            readers.setdefault(other, []).append(index)
    ready = [i for i, needed in enumerate(needs) if not needed]
    ordered = []
    while ready:
        index = heapq.heappop(ready)
        ordered.append(nodes[index])
        for reader in readers.get(index, ()):
            needs[reader].discard(index)
            if not needs[reader]:
                heapq.heappush(ready, reader)
    if len(ordered) < len(nodes):
        stuck = next(nodes[i] for i, needed in enumerate(needs) if needed)
        raise InvalidModel(f"node '{stuck.name}' ({stuck.op_type}) is part of a cycle")
    return ordered
