"""Drop what no result depends on: unread ops, weights, branches never taken, loops never run.

    main(%x, %w {aicc.weight = "loss.w"})          main(%x)
      %0 = mul(%x, %w)                        ->     %1 = exp(%x)
      %1 = if(true) {exp(%x)} else {neg(%x)}         return %1
      return %1

Why: training leaves losses and statistics behind that inference does not return, and folding
decides conditions. An unread weight needs no memory and no loading. Loops and branches are dropped
with what is in them; of a loop that runs just once the body stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_count
from aicc.passes.registry import register_pass
from aicc.passes.signature import drop_unread_arguments
from aicc.passes.statistics import count_applied

from .dataflow import body_of, graph_functions, inline_array, is_pure, is_used, ops_of, replace

NAME = "eliminate-dead-code"
CONTROL_FLOW = ("graph.if", "graph.loop", "graph.scan")


@register_pass(NAME)
def run(module: Any) -> bool:
    """Drop unread ops and weights and decided control flow; True if there was any."""
    changed = False
    for function in graph_functions(module):
        block = body_of(function)
        while _decide(block):
            changed = True
        changed |= _erase_unread(block)
        changed |= _drop_unread_weights(function)
    return changed


def _decide(block: Any) -> bool:
    """Replace control flow whose course is known; True if there was any."""
    changed = False
    for op in ops_of(block):
        if op.name in CONTROL_FLOW and (done := _decided(op)):
            count_applied(NAME, done)
            changed = True
        else:
            changed |= any([_decide(inner) for inner in _blocks_in(op)])
    return changed


def _decided(op: Any) -> str:
    """Replace the op if its course is known: what was found, "" if nothing."""
    if op.name == "graph.if":
        condition = _number(op.operands[0])
        if condition is None:
            return ""
        _inline(op, op.regions[0 if condition else 1], [])
        return "known-branch"
    if op.name == "graph.loop":
        return _decide_loop(op)
    return ""


def _decide_loop(op: Any) -> str:
    count, condition = (_number(v) for v in op.operands[:2])
    if (count is not None and count <= 0) or condition == 0:
        return "loop-never-run" if _skip_loop(op) else ""
    if count == 1 and condition:
        _inline_once(op)
        return "loop-run-once"
    return ""


def _skip_loop(op: Any) -> bool:
    """The results are what is carried in, and stacks of nothing."""
    carried = list(op.operands)[2:]
    stacks = [r.type for r in list(op.results)[len(carried) :]]
    if any(element_count(t.shape) for t in stacks):
        return False
    with ir.InsertionPoint(op), op.location:
        empty = [_zeros(t) for t in stacks]
    replace(op, [*carried, *empty])
    return True


def _zeros(type_: Any) -> Any:
    return Constant.of(np.zeros(type_.shape, numpy_dtype(dtype_of(type_.element_type))))


def _inline_once(op: Any) -> None:
    """The body in place of a loop: the iteration is 0, stacks have one layer."""
    arguments = op.regions[0].blocks[0].arguments
    with ir.InsertionPoint(op), op.location:
        iteration = _zeros(arguments[0].type)
    _inline(op, op.regions[0], [iteration, *list(op.operands)[1:]])


def _inline(op: Any, region: Any, arguments: list[Any]) -> None:
    """Move the ops of a region before `op` and give its results what the region yields."""
    block = region.blocks[0]
    for argument, value in zip(block.arguments, arguments, strict=True):
        argument.replace_all_uses_with(value)
    *inner, terminator = ops_of(block)
    for one in inner:
        one.move_before(op)
    # a loop's body yields its condition first
    yielded = list(terminator.operands)[len(terminator.operands) - len(op.results) :]
    with ir.InsertionPoint(op), op.location:
        values = [_shaped(v, r) for v, r in zip(yielded, op.results, strict=True)]
    replace(op, values)


def _shaped(value: Any, result: Any) -> Any:
    return value if value.type == result.type else Reshape.build(value, shape=result.type.shape)


def _number(value: Any) -> Any:
    """The only element of an inline constant, None for other values."""
    array = inline_array(value)
    return None if array is None or array.size != 1 else array.flat[0]


def _erase_unread(block: Any) -> bool:
    """Erase ops without effects that nothing reads, also inside regions."""
    changed = False
    for op in reversed(ops_of(block)):
        if _is_removable(op) and not is_used(op):
            count_applied(NAME, "unread-op")
            op.erase()
            changed = True
        else:
            changed |= any([_erase_unread(inner) for inner in _blocks_in(op)])
    return changed


def _is_removable(op: Any) -> bool:
    """Pure ops but terminators, and control flow around such ops alone."""
    if op.name in CONTROL_FLOW:
        inner = [one for block in _blocks_in(op) for one in ops_of(block)[:-1]]
        return all(_is_removable(one) for one in inner)
    return is_pure(op) and len(op.results) > 0


def _blocks_in(op: Any) -> Iterator[Any]:
    for region in op.regions:
        yield from region.blocks


def _drop_unread_weights(function: Any) -> bool:
    """Remove weight arguments without uses; True if there were any.

    What @prepare makes is left to `hoist-weight-math`, which drops both ends.
    """
    count = drop_unread_arguments(function, ["aicc.weight"])
    if count:
        count_applied(NAME, "unread-weight", count)
    return count > 0
