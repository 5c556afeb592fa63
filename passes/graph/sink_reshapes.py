"""Let elementwise ops follow what they read directly, the reshape in between after them.

    %1 = conv(%x)                    %1 = conv(%x)
    %2 = reshape(%1)           ->    %2 = relu(%1)
    %3 = relu(%2)                    %3 = reshape(%2)

Why: a reshape is a view and costs nothing, but a kernel ends where its result is seen in another
shape. `fuse` then finds the convolution and its activation side by side.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.structure import Constant
from aicc.passes.registry import register_pass

from .dataflow import definition, inline_array, is_read_once, source_if
from .fuse import HEAVY, LIGHT
from .linear.operands import is_single, reshaped
from .patterns import PatternSet

PATTERNS = PatternSet("sink-reshapes")


@register_pass("sink-reshapes")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006 (options are read only)
    """Swap reshapes with the elementwise ops that read them."""
    PATTERNS.apply(module, disable)


@PATTERNS.add("reshape-after", *sorted(LIGHT))
def _reshape_after(op: Any, match: Any) -> Any:
    """f(reshape(x)) -> reshape(f(x))."""
    shape = list(op.results[0].type.shape)
    views = [v for v in op.operands if _is_view_of_kernel(v) and list(v.type.shape) == shape]
    if not views:
        return None
    source = list(definition(views[0]).operands[0].type.shape)
    operands = []
    for value in op.operands:
        if is_single(value):
            operands.append(_with_rank(value, len(source)))
        elif list(value.type.shape) == shape:
            operands.append(_seen_as(value, source))
        else:
            return match.refuse("an operand is broadcast")
    inner = type(op.opview).build(*operands, **op.opview.attr_values())
    return reshaped(inner, shape)


def _with_rank(value: Any, rank: int) -> Any:
    """One element that broadcasts against a tensor of `rank`; a constant stays one."""
    if value.type.rank <= rank:
        return value
    array = inline_array(value)
    return reshaped(value, []) if array is None else Constant.of(array.reshape(()))


def _is_view_of_kernel(value: Any) -> bool:
    """True if the value is a reshape, for this reader alone, of what a kernel computes."""
    view = source_if(value, "graph.reshape")
    if view is None or not is_read_once(value) or not is_read_once(view.operands[0]):
        return False
    producer = definition(view.operands[0])
    return producer is not None and producer.name in LIGHT | HEAVY


def _seen_as(value: Any, shape: list[int]) -> Any:
    """`value` in another shape, past a reshape that gave it the one it has."""
    view = source_if(value, "graph.reshape")
    return reshaped(value if view is None else view.operands[0], shape)
