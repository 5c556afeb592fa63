"""Gather elementwise ops, and at most one heavy op before them, into `graph.group`.

Why: a group becomes one kernel, so a value that only the group reads never goes through memory.

    %1 = conv(%x, %w)                %g = group() ({
    %2 = add(%1, %z)         ->        %1 = conv(%x, %w); %2 = add(%1, %z); %3 = relu(%2)
    %3 = relu(%2)                      yield %3 })

Ops are visited against program order, so the group of every user is known: an op joins the group of
its users if that is one and the same. A group stands where its last op stood; only that op's result
is read outside, hence no cycle can arise. A heavy op takes no elementwise producer: it would be
computed again for every window or row that reads it.

@prepare runs once: what counts there is how many kernels must be compiled. Data movement joins too,
whatever its shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import Group, Yield
from aicc.passes.registry import emit_remark, register_pass

from .dataflow import body_of, graph_functions, ops_of, users_of

LIGHT = {f"graph.{name}" for name in (*ELEMENTWISE, "where", "cast")}
HEAVY = {f"graph.{name}" for name in REDUCE} | {
    "graph.conv",
    "graph.conv_transpose",
    "graph.matmul",
    "graph.max_pool",
    "graph.average_pool",
    "graph.arg_max",
    "graph.arg_min",
    "graph.softmax",
    "graph.layer_norm",
    "graph.instance_norm",
    "graph.batch_norm",
}
MOVEMENT = {f"graph.{name}" for name in ("reshape", "transpose", "expand", "pad", "slice")}


@dataclass(eq=False)
class Members:
    """Ops of one group, last one first; `heavy` is the one that computes more than elementwise."""

    shape: list[int]
    ops: list[Any] = field(default_factory=list)
    heavy: Any = None


@register_pass("fuse")
def run(module: Any, *, max_ops: int = 64, explain: bool = False) -> None:
    """Build fusion groups; `explain` emits a remark for every op that could not join its users."""
    for function in graph_functions(module):
        movement = MOVEMENT if function.name.value == "prepare" else set()
        for members in _plan(body_of(function), movement, max_ops, explain):
            if len(members.ops) > 1:
                _build(list(reversed(members.ops)))


def _plan(block: Any, movement: set[str], max_ops: int, explain: bool) -> list[Members]:
    groups: list[Members] = []
    group_of: dict[Any, Members] = {}
    fusible = LIGHT | HEAVY | movement
    for op in reversed(ops_of(block)):
        if op.name not in fusible:
            continue
        users = users_of(op)
        members = _common_group(users, group_of)
        refusal = _refusal(op, users, members, max_ops)
        if not refusal and not movement:
            refusal = _shape_mismatch(op, members)
        if refusal:
            if explain:
                emit_remark(op, f"not fused into its users: {refusal}")
            members = Members(list(op.results[0].type.shape))
            groups.append(members)
        assert members is not None
        members.ops.append(op)
        group_of[op] = members
        if op.name in HEAVY:
            members.heavy = op
    return groups


def _common_group(users: list[Any], group_of: dict[Any, Members]) -> Members | None:
    """The group all users are in, None if there is no such group."""
    groups = [group_of.get(user) for user in users]
    return groups[0] if groups and all(g is groups[0] for g in groups) else None


def _refusal(op: Any, users: list[Any], members: Members | None, max_ops: int) -> str:
    """Why `op` cannot join `members`, the group of its users; empty if it can."""
    if members is None:
        opaque = sorted({u.name for u in users if u.name not in LIGHT})
        return f"read by {', '.join(opaque)}" if opaque else f"{len(users)} uses in several groups"
    if members.heavy is not None and members.heavy in users:
        return f"read by {members.heavy.name}"
    if op.name in HEAVY and members.heavy is not None:
        return f"the group has {members.heavy.name} already"
    if len(members.ops) >= max_ops:
        return f"the group has {max_ops} ops"
    return ""


def _shape_mismatch(op: Any, members: Any) -> str:
    shape = list(op.results[0].type.shape)
    return "" if shape == members.shape else f"its shape {shape} is not that of {members.shape}"


def _build(ops: list[Any]) -> None:
    """Move `ops`, in program order, into a group that takes the place of the last one."""
    last = ops[-1].results[0]
    location = ir.Location.fused([op.location for op in ops])
    group = Group(outputs=[last.type], loc=location, ip=ir.InsertionPoint(ops[-1])).operation
    block = group.regions[0].blocks.append()
    last.replace_all_uses_with(group.results[0])
    for op in ops:
        block.append(op)
    Yield(values=[last], loc=location, ip=ir.InsertionPoint(block))
