"""Merge ops that compute the same value, whole repeated parts of the graph included.

    %1 = add(%a, %b); %2 = exp(%1)               %1 = add(%a, %b)
    %3 = add(%b, %a); %4 = exp(%3)          ->   %2 = exp(%1)
    %5 = mul(%2, %4)                             %5 = mul(%2, %2)

Why: exporters repeat themselves, and other passes leave copies behind. Unlike upstream's `cse` it
knows that a + b is b + a and that a < b is b > a. Ops with effects or regions are never merged;
ops inside regions are, also with equal ones before the region.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass
from aicc.passes.statistics import count_applied

from .dataflow import body_of, graph_functions, is_pure, is_used, ops_of, replace
from .values.expressions import COMMUTATIVE, MIRRORED

NAME = "eliminate-common-subexpressions"
Key = tuple[Any, ...]


@register_pass(NAME)
def run(module: Any) -> bool:
    """Merge pure ops of equal name, operands and attributes; True if there were any."""
    merged = [_Merger().merge(body_of(function), {}) for function in graph_functions(module)]
    return any(merged)


class _Merger:
    """The values of one function, numbered as they are met: the order of operands to compare."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def merge(self, block: Any, outside: dict[Key, Any]) -> bool:
        """Merge the ops of a block with each other and with those of the blocks around it."""
        known, merged = dict(outside), False
        for op in ops_of(block):
            for region in op.regions:
                for inner in region.blocks:
                    merged |= self.merge(inner, known)
            if not _is_mergeable(op):
                continue
            first = known.setdefault(self._key(op), op)
            if first is not op:
                replace(op, first.results)
                count_applied(NAME, op_name(first))
                merged = True
        return merged

    def _key(self, op: Any) -> Key:
        name = op.name
        operands = [self._numbers.setdefault(v, len(self._numbers)) for v in op.operands]
        if name in COMMUTATIVE:
            operands.sort()
        elif name in MIRRORED and operands[0] > operands[1]:
            name, operands = MIRRORED[name], operands[::-1]
        attributes = frozenset((entry.name, entry.attr) for entry in _entries(op))
        return name, tuple(operands), attributes, tuple(r.type for r in op.results)


def op_name(op: Any) -> str:
    """The name of a graph op without the dialect's."""
    return str(op.name).removeprefix("graph.")


def _entries(op: Any) -> list[Any]:
    attributes = op.attributes
    return [attributes[i] for i in range(len(attributes))]


def _is_mergeable(op: Any) -> bool:
    return is_pure(op) and len(op.results) > 0 and not len(op.regions) and is_used(op)
