"""The order of steps: numeric nodes in as few regions as possible, host steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import onnx

from .host_kinds import Names
from .host_plan import Control, HostNode, Item, Plan, Region
from .source import Source, names_read

Found = Item | HostNode | Control


def ordered_steps(
    steps: Sequence[Found],
    names: Names,
    inputs: Sequence[str],
    outputs: Sequence[str],
    source: Source,
) -> Plan:
    """A plan of `steps`, which stand in an order in which producers come first.

    All host steps that can run do, then all numeric nodes that can, and so on.
    """
    made_by = {name: i for i, step in enumerate(steps) for name in _item(step).node.output if name}
    needs = [{made_by[n] for n in _reads(step) if n in made_by} for step in steps]
    groups = _groups(steps, needs)
    last_reads = [{name for i in group for name in _reads(steps[i])} for group in groups]
    made: list[Region | HostNode | Control] = []
    for g, group in enumerate(groups):
        first = steps[group[0]]
        if not isinstance(first, Item):
            made.append(first)
            continue
        later = set(outputs).union(*last_reads[g + 1 :])
        items = [step for i in group if isinstance(step := steps[i], Item)]
        region = _region(items, later, names)
        if region.outputs:
            made.append(region)
    return Plan(list(inputs), list(outputs), made, _constants(made, outputs, names, source))


def _item(step: Found) -> Item:
    return step if isinstance(step, Item) else step.item


def _reads(step: Found) -> set[str]:
    return set(names_read(_item(step).node))


def _groups(steps: Sequence[Found], needs: Sequence[set[int]]) -> list[list[int]]:
    """Indices of steps: a host step alone, numeric nodes of equal opsets together."""
    groups: list[list[int]] = []
    done: set[int] = set()
    waiting = list(range(len(steps)))
    while waiting:
        for i in waiting:
            if not isinstance(steps[i], Item) and needs[i] <= done:
                groups.append([i])
                done.add(i)
        waiting = [i for i in waiting if i not in done]
        group: list[int] = []
        for i in waiting:
            if needs[i] <= done and _fits(steps[i], steps, group):
                group.append(i)
                done.add(i)
        if group:
            groups.append(group)
        waiting = [i for i in waiting if i not in done]
    return groups


def _fits(step: Found, steps: Sequence[Found], group: Sequence[int]) -> bool:
    if not isinstance(step, Item):
        return False
    return not group or _item(steps[group[0]]).opsets == step.opsets


def _region(items: Sequence[Item], later: set[str], names: Names) -> Region:
    made = {name for item in items for name in item.node.output if name}
    read = [name for item in items for name in names_read(item.node)]
    free = [name for name in dict.fromkeys(read) if name not in made]
    held = {name: names.initializer(name) for name in free}
    return Region(
        items,
        inputs=[name for name in free if held[name] is None],
        outputs=[n for item in items for n in item.node.output if n and n in later],
        initializers=[tensor for tensor in held.values() if tensor is not None],
    )


def _constants(
    steps: Iterable[Region | HostNode | Control],
    outputs: Sequence[str],
    names: Names,
    source: Source,
) -> dict[str, Any]:
    """Initialisers that are read while running: by host steps, and as results."""
    read = set(outputs)
    for step in steps:
        read |= set(step.inputs) if isinstance(step, Region) else _reads(step)
    found: dict[str, onnx.TensorProto] = {}
    for name in sorted(read):
        tensor = names.initializer(name)
        if tensor is not None:
            found[name] = tensor
    return {name: source.array(tensor) for name, tensor in found.items()}
