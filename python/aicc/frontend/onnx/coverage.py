"""What a model needs and what of it aicc lacks, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import onnx

from aicc.host.registry import host_operator

from .registry import rule_for
from .source import Source, node_name, normal_domain


@dataclass(frozen=True)
class Refusal:
    """One node that cannot be imported, and why."""

    domain: str
    operator: str
    node: str
    reason: str


def report(refusals: Sequence[Refusal]) -> str:
    """All refusals, grouped by operator and reason: count, first node names, what is at fault."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for r in refusals:
        groups.setdefault((r.domain or "ai.onnx", r.operator, r.reason), []).append(r.node)
    count = "1 node" if len(refusals) == 1 else f"{len(refusals)} nodes"
    lines = [f"{count} cannot be compiled:"]
    for (domain, operator, reason), nodes in sorted(groups.items()):
        shown = ", ".join(f"'{n}'" for n in nodes[:5]) + (", ..." if len(nodes) > 5 else "")
        lines.append(f"  {domain}.{operator} x{len(nodes)}: {reason} (nodes {shown})")
    lines.append("`aicc import` writes the whole coverage report of a model.")
    return "\n".join(lines)


@dataclass(frozen=True)
class OperatorUse:
    """One operator of a model.

    how: "rule", "function" (its ONNX function body), "host" (it runs in Python) or "missing".
    """

    domain: str
    operator: str
    opset: int
    how: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """Every operator of a model, subgraphs and local functions included."""

    uses: tuple[OperatorUse, ...]

    @property
    def missing(self) -> list[OperatorUse]:
        """Operators with neither a rule nor a function body."""
        return [use for use in self.uses if use.how == "missing"]

    def summary(self) -> str:
        """One line: how many nodes and operators, and how each is served."""
        nodes = sum(len(use.nodes) for use in self.uses)
        by = Counter(use.how for use in self.uses)
        return (
            f"{nodes} nodes, {len(self.uses)} operators: {by['rule']} with a rule, "
            f"{by['function']} by function body, "
            + (f"{by['host']} in Python, " if by["host"] else "")
            + f"{by['missing']} missing"
        )

    def text(self) -> str:
        """A table in plain text, missing operators first."""
        lines = [self.summary()]
        for use in sorted(self.uses, key=lambda u: (u.how != "missing", u.domain, u.operator)):
            name = f"{use.domain or 'ai.onnx'}.{use.operator}"
            shown = ", ".join(use.nodes[:3]) + (", ..." if len(use.nodes) > 3 else "")
            lines.append(f"  {use.how:<9}{name:<40} x{len(use.nodes):<5} {shown}")
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """The same for JSON."""
        return {"summary": self.summary(), "operators": [asdict(use) for use in self.uses]}


def coverage(source: Source) -> Coverage:
    """What `source` needs and how each operator is served, without importing it."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for node, opsets in all_nodes(source):
        domain = normal_domain(node.domain)
        key = (domain, node.op_type, opsets.get(domain, 1))
        name = node_name(node)
        found.setdefault(key, []).append(name)
    local = {(f.domain, f.name) for f in source.model.functions}
    uses = [
        OperatorUse(*key, "function" if key[:2] in local else how_served(*key), tuple(nodes))
        for key, nodes in sorted(found.items())
    ]
    return Coverage(tuple(uses))


def how_served(domain: str, operator: str, opset: int) -> str:
    """How an operator of the standard is served: "rule", "host", "function" or "missing"."""
    if rule_for(domain, operator, opset) is not None:
        return "rule"
    if host_operator(domain, operator) is not None:
        return "host"
    try:
        schema = onnx.defs.get_schema(operator, opset, domain)
    except onnx.defs.SchemaError:
        return "missing"
    # which body a context-dependent function has is known only with the input types
    if schema.has_function:
        return "function" if _is_body_covered(schema, opset) else "missing"
    return "function" if schema.has_context_dependent_function else "missing"


def _is_body_covered(schema: Any, opset: int) -> bool:
    versions = [v for v in schema.function_opset_versions if v <= opset]
    if not versions:
        return False
    body = onnx.FunctionProto()
    body.ParseFromString(schema.get_function_with_opset_version(max(versions)))
    inner = {(normal_domain(n.domain), n.op_type) for n in body.node}
    return all(how_served(domain, name, opset) != "missing" for domain, name in inner)


def all_nodes(source: Source) -> Iterator[tuple[onnx.NodeProto, dict[str, int]]]:
    yield from _nested(source.model.graph.node, source.opsets)
    for function in source.model.functions:
        opsets = {normal_domain(o.domain): o.version for o in function.opset_import}
        yield from _nested(function.node, opsets)


def _nested(
    nodes: Iterable[onnx.NodeProto], opsets: dict[str, int]
) -> Iterator[tuple[onnx.NodeProto, dict[str, int]]]:
    """The nodes of one graph and of its subgraphs, without recursion."""
    pending = list(nodes)[::-1]
    while pending:
        node = pending.pop()
        yield node, opsets
        for attribute in node.attribute:
            for graph in (attribute.g, *attribute.graphs):
                pending.extend(list(graph.node)[::-1])
