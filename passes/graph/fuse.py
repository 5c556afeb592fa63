"""Gather elementwise ops, and at most one heavy op before them, into `graph.group`.

Why: a group becomes one kernel, so a value that only the group reads never goes through memory.

    %1 = conv(%x, %w)                %g = group() ({
    %2 = add(%1, %z)         ->        %1 = conv(%x, %w); %2 = add(%1, %z); %3 = relu(%2)
    %3 = relu(%2)                      yield %3 })

Ops are visited against program order, so the group of every user is known: an op joins the group of
its users if that is one and the same: the region between the op and its post-dominator is fused as
a whole. An op of one step on a value that is in memory anyway joins several groups, a copy in each.
A group stands where its last op stood; only that op's result is read outside, hence no cycle can
arise. A heavy op takes no elementwise producer: it would be computed again for every window or row
that reads it.

Bytes are what groups hand on: what is rounded to them, in a residual branch, say, does not join the
heavy op of another branch, and what becomes floats again is computed by each of its readers.

A slice joins its readers, whatever they are: inside a kernel it is a view of what it cuts, not a
copy. (A slice without gaps is left alone: it becomes a view of its own, and kernels that read
slices at different places would no longer be equal.)

    %1 = slice(%x)                  %g = group() ({
    %2 = instance_norm(%y)    ->      %1 = slice(%x); %2 = instance_norm(%y); %3 = add(%2, %1)
    %3 = add(%2, %1)                  yield %3 })

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
from aicc.dialects.graph.types import element_count
from aicc.passes.registry import emit_remark, register_pass

from .dataflow import body_of, definition, graph_functions, is_read_once, ops_of, users_of

LIGHT = {f"graph.{name}" for name in (*ELEMENTWISE, "where", "cast", "lookup")}
HEAVY = {f"graph.{name}" for name in REDUCE} | {
    "graph.conv",
    "graph.conv_transpose",
    "graph.winograd_conv",
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
# What may be computed once per group that reads it.
CHEAP = {
    f"graph.{name}"
    for name in ("cast", "neg", "abs", "relu", "not", "add", "sub", "mul", "maximum", "minimum")
}
ROUND, WIDEN = "graph.quantize", "graph.dequantize"
# Ops that take nothing but slices along: they would compute other producers once per reader.
COPIES = {"graph.concat", "graph.pad"}
MOVEMENT = {f"graph.{name}" for name in ("reshape", "transpose", "expand", "pad", "slice")}


@dataclass(eq=False)
class Members:
    """Ops of one group, last one first; `heavy` is the one that is not elementwise."""

    shape: list[int]
    ops: list[Any] = field(default_factory=list)
    heavy: Any = None


@register_pass("fuse")
def run(module: Any, *, max_ops: int = 64, explain: bool = False) -> None:
    """Build fusion groups; `explain` emits a remark for every op that could not join its users."""
    for function in graph_functions(module):
        planner = _Planner(function.name.value == "prepare", max_ops, explain)
        for members in planner.plan(body_of(function)):
            if len(members.ops) > 1:
                _build(list(reversed(members.ops)))


class _Planner:
    """Groups of one function, found against program order."""

    def __init__(self, is_prepare: bool, max_ops: int, explain: bool) -> None:
        self.movement = MOVEMENT if is_prepare else set()
        self.copies = set() if is_prepare else COPIES
        self.max_ops = max_ops
        self.explain = explain
        self.groups: list[Members] = []
        # by the op's first result: the hash of an op itself changes with its operands
        self.group_of: dict[Any, Members] = {}

    def plan(self, block: Any) -> list[Members]:
        """All groups, those of one op included."""
        fusible = LIGHT | HEAVY | self.copies | self.movement
        for op in reversed(ops_of(block)):
            if op.name in fusible or _is_cut(op):
                self.place(op)
        return self.groups

    def place(self, op: Any) -> None:
        """Put `op` into the group of its users, a copy into each if there are several."""
        users = users_of(op)
        groups: list[Any] = list(dict.fromkeys(self.group(user) for user in users))
        if refusal := self.refusal(op, users, groups):
            if self.explain:
                emit_remark(op, f"not fused into its users: {refusal}")
            groups = [Members(list(op.results[0].type.shape))]
            self.groups.append(groups[0])
        for members in groups[1:]:
            self.join(self.copy_for(op, members), members)
        self.join(op, groups[0])

    def group(self, op: Any) -> Members | None:
        """The group of an op, if it has one."""
        return self.group_of.get(op.results[0]) if len(op.results) else None

    def join(self, op: Any, members: Any) -> None:
        """Make `op` one of `members`."""
        members.ops.append(op)
        self.group_of[op.results[0]] = members
        if op.name in HEAVY | self.copies:
            members.heavy = op

    def copy_for(self, op: Any, members: Any) -> Any:
        """A copy of `op` that the readers in `members` read instead."""
        with ir.InsertionPoint(op):
            twin = op.clone()
        reads = [(use.owner.operation, use.operand_number) for use in op.results[0].uses]
        for reader, number in reads:
            if self.group(reader) is members:
                reader.operands[number] = twin.results[0]
        return twin

    def refusal(self, op: Any, users: list[Any], groups: list[Any]) -> str:
        """Why `op` cannot join the groups of all its users; empty if it can."""
        is_copied = not self.movement and _is_cheap(op)
        if not groups or None in groups or (len(groups) > 1 and not is_copied):
            opaque = sorted({u.name for u in users if u.name not in LIGHT})
            return (
                f"read by {', '.join(opaque)}" if opaque else f"{len(users)} uses in several groups"
            )
        if op.name in self.copies:
            return "it moves data"
        reasons = [self.misfit(op, users, members) for members in groups]
        return next(filter(None, reasons), "")

    def misfit(self, op: Any, users: list[Any], members: Any) -> str:
        """Why `op` cannot be one of `members`."""
        if len(members.ops) >= self.max_ops:
            return f"the group has {self.max_ops} ops"
        if op.name == "graph.slice":
            # its kernel reads the image from an argument
            is_image = any(user.name == "graph.winograd_conv" for user in users)
            return "read by graph.winograd_conv" if is_image else ""
        if members.heavy is not None and members.heavy in users:
            return f"read by {members.heavy.name}"
        if op.name in HEAVY and members.heavy is not None:
            return f"the group has {members.heavy.name} already"
        if op.name == ROUND and members.heavy is not None:
            return (
                f"the group has {members.heavy.name}, and reads bytes rather than what they are of"
            )
        shape = list(op.results[0].type.shape)
        if self.movement or shape == members.shape:
            return ""
        return f"its shape {shape} is not that of {members.shape}"


def _is_cheap(op: Any) -> bool:
    """True if computing `op` from a value in memory costs less than reading its own result."""
    if op.name == WIDEN:
        # bytes that several groups read lie in memory
        return True
    large = [v for v in op.operands if element_count(v.type.shape) != 1]
    if op.name not in CHEAP or len(large) != 1:
        return False
    producer = definition(large[0])
    is_kept = producer is None or producer.name not in LIGHT | HEAVY
    return is_kept or not is_read_once(large[0])


def _is_cut(op: Any) -> bool:
    """True for slices with gaps between their elements, read forwards."""
    if op.name != "graph.slice" or any(step < 0 for step in op.opview.steps):
        return False
    whole, sizes = list(op.operands[0].type.shape), op.opview.sizes
    cut = [i for i, size in enumerate(sizes) if size != whole[i]]
    return bool(cut) and any(size != 1 for size in sizes[: cut[-1]]) or max(op.opview.steps) > 1


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
