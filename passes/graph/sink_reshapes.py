"""Let elementwise ops follow what they read directly, the reshape in between after them.

    %1 = conv(%x)                    %1 = conv(%x)
    %2 = reshape(%1)           ->    %2 = relu(%1)
    %3 = relu(%2)                    %3 = reshape(%2)

Why: a reshape is a view and costs nothing, but a kernel ends where its result is seen in another
shape. `fuse` then finds the convolution and its activation side by side.

Where operands come from several kernels in different shapes, only one of them can be met in its
own. A heavy one is preferred, and the op never leaves one for another that is no heavier: it would
come back for it in the next round.
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
    whole = [v for v in op.operands if list(v.type.shape) == shape]
    view = max(whole, key=_weight_behind_view, default=None)
    if view is None or not _weight_behind_view(view):
        return None
    if _weight_behind_view(view) <= max(map(_weight, whole)):
        return match.refuse("it follows another kernel already")
    source = list(definition(view).operands[0].type.shape)
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


def _weight_behind_view(value: Any) -> int:
    """The weight of what is seen through a reshape that is for this reader alone."""
    view = source_if(value, "graph.reshape")
    return 0 if view is None or not is_read_once(value) else _weight(view.operands[0])


def _weight(value: Any) -> int:
    """How much is gained by being in one kernel with the op that computes `value`, 0 for none."""
    producer = definition(value)
    if producer is None or not is_read_once(value):
        return 0
    return 2 if producer.name in HEAVY else int(producer.name in LIGHT)


def _seen_as(value: Any, shape: list[int]) -> Any:
    """`value` in another shape, past a reshape that gave it the one it has."""
    view = source_if(value, "graph.reshape")
    return reshaped(value if view is None else view.operands[0], shape)
