"""The plan of a model that is run in steps, as plain data: which nodes are compiled together, which
run in Python, in what order. The driver turns a plan into something that runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import onnx

from aicc.host.kinds import Kind
from aicc.host.registry import HostOperator

from .registry import rule_for
from .source import node_name, normal_domain


@dataclass(frozen=True)
class Item:
    """A node with the opsets by which it is read, and the functions whose bodies it comes from."""

    node: onnx.NodeProto
    opsets: Mapping[str, int]
    calls: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The node's name, or one made of its output."""
        return node_name(self.node)

    @property
    def key(self) -> tuple[str, str]:
        """Domain and operator."""
        return normal_domain(self.node.domain), self.node.op_type

    @property
    def opset(self) -> int:
        """The version of the node's own domain."""
        return self.opsets.get(self.key[0], 1)


@dataclass(frozen=True)
class Region:
    """Numeric nodes that are compiled together, of one opset; initialisers are part of them."""

    items: Sequence[Item]
    inputs: Sequence[str]
    outputs: Sequence[str]
    initializers: Sequence[onnx.TensorProto]


@dataclass(frozen=True)
class HostNode:
    """A node that a host operator runs."""

    item: Item
    row: HostOperator
    attributes: Mapping[str, Any]
    gives: Sequence[Kind]


@dataclass(frozen=True)
class Control:
    """If, Loop or SequenceMap around at least one host step; `bodies` in the operator's order."""

    item: Item
    bodies: Sequence[Plan]
    rows: Sequence[onnx.ValueInfoProto] = ()  # what a Loop collects
    chunk: Region | None = None  # many iterations of a numeric Loop at once


@dataclass(frozen=True)
class Plan:
    """A graph in steps. `constants` are the initialisers that steps read at run time."""

    inputs: Sequence[str]
    outputs: Sequence[str]
    steps: Sequence[Region | HostNode | Control]
    constants: Mapping[str, Any]
    is_numeric: bool = False  # all it takes and gives are numbers

    @property
    def has_host_steps(self) -> bool:
        """False if the graph can be compiled as it is."""
        return any(not isinstance(step, Region) for step in self.steps)

    @property
    def may_dissolve(self) -> bool:
        """True if its host steps may turn out to be known when compiling: sequences inside."""
        return self.is_numeric and _all_import(self)


def _all_import(plan: Plan) -> bool:
    """True if every host node has an import rule, which takes it as far as it is static."""
    for step in plan.steps:
        if isinstance(step, HostNode):
            rule = rule_for(*step.item.key, step.item.opset)
            if rule is None or any(kind.holds_strings for kind in step.gives):
                return False
        elif isinstance(step, Control) and not all(_all_import(body) for body in step.bodies):
            return False
    return True
