"""Names of a graph that must be unique, without which no name says what is meant."""

from __future__ import annotations

from collections.abc import Iterable

import onnx

from aicc.diagnostics import InvalidModel

from .source import initializers_of, node_name


def check_names(graph: onnx.GraphProto) -> None:
    """Raises InvalidModel for two inputs or two outputs of a name, and for a node that writes one.

    Two weights of one name are taken as the standard's checker takes them: the later one counts.
    """
    _refuse_twice("inputs", (value.name for value in graph.input))
    _refuse_twice("outputs", (value.name for value in graph.output))
    taken = {value.name for value in graph.input} | set(initializers_of(graph))
    for node in graph.node:
        for name in node.output:
            if name and name in taken:
                raise InvalidModel(
                    f"node '{node_name(node)}' produces '{name}', which is an input or a weight"
                )


def _refuse_twice(kind: str, names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise InvalidModel(f"two {kind} are called '{name}'")
        seen.add(name)
