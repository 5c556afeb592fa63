"""What the suite ran: which operators, in which version, on which element types.

`operators.txt` holds one line per operator and version: domain, operator, version, how many tests
that passed contain it, and the element types it saw in tests of a single node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx

RECORD = Path(__file__).with_name("operators.txt")
Key = tuple[str, str, int]  # domain, operator, version


@dataclass(frozen=True)
class Use:
    """One operator in one test."""

    key: Key
    types: tuple[str, ...] = ()


def uses_of(model: onnx.ModelProto | None) -> tuple[Use, ...]:
    """The operators of a model, each once; types only if the model is one node."""
    if model is None:
        return ()
    opsets = {o.domain or "ai.onnx": o.version for o in model.opset_import}
    nodes = list(_nodes(model.graph.node))
    keys = {_key(node, opsets) for node in nodes}
    types = tuple(sorted(set(_types(model.graph)))) if len(nodes) == 1 else ()
    return tuple(Use(key, types) for key in sorted(keys))


def _nodes(nodes: Iterable[onnx.NodeProto]) -> Iterator[onnx.NodeProto]:
    for node in nodes:
        yield node
        for attribute in node.attribute:
            yield from _nodes(attribute.g.node)


def _key(node: onnx.NodeProto, opsets: dict[str, int]) -> Key:
    domain = node.domain or "ai.onnx"
    opset = opsets.get(domain, 1)
    try:
        schema = onnx.defs.get_schema(node.op_type, opset, domain.removesuffix("ai.onnx"))
        return domain, node.op_type, schema.since_version
    except onnx.defs.SchemaError:
        return domain, node.op_type, opset


def _types(graph: onnx.GraphProto) -> Iterator[str]:
    for value in (*graph.input, *graph.output):
        element = _element(value.type)
        if element:
            yield onnx.TensorProto.DataType.Name(element).lower()


def _element(type_: Any) -> int:
    for kind in ("sequence_type", "optional_type"):
        if type_.HasField(kind):
            return _element(getattr(type_, kind).elem_type)
    return int(type_.tensor_type.elem_type)


def lines_of(tests: Iterable[Iterable[Use]]) -> list[str]:
    """The record of tests that passed."""
    counts: dict[Key, int] = {}
    types: dict[Key, set[str]] = {}
    for uses in tests:
        for use in uses:
            counts[use.key] = counts.get(use.key, 0) + 1
            types.setdefault(use.key, set()).update(use.types)
    return [
        " ".join([*map(str, key), str(counts[key]), ",".join(sorted(types[key]))]).rstrip()
        for key in sorted(counts)
    ]


def read_record(text: str) -> dict[Key, tuple[int, set[str]]]:
    """(domain, operator, version) -> number of tests, element types."""
    found = {}
    for line in text.splitlines():
        domain, operator, version, count, *types = line.split()
        names = set(types[0].split(",")) if types else set()
        found[domain, operator, int(version)] = int(count), names
    return found
