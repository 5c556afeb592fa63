"""Padding that is cut again, repeated, or that the next op does itself.

%1 = pad(%0, 0.0) [0, 0, 1, 1]; %2 = conv(%1) {pads = [0, 0, 0, 0]}  ->  %2 = conv(%0) {pads = 1..}
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.linear import to_channels_first
from aicc.dialects.graph.movement import Pad, Slice
from aicc.dialects.graph.types import is_float

from ..dataflow import inline_array, source_if, users_of
from ..patterns import Match, PatternSet
from .quantization import integer_limits

PATTERNS = PatternSet("eliminate-redundancy")
WINDOWS = ("graph.conv", "graph.max_pool", "graph.average_pool")


def _constant_pad(value: Any) -> Any:
    """The op that pads `value` with one number and cuts nothing, else None."""
    op = source_if(value, "graph.pad")
    if op is None or op.opview.mode != "constant":
        return None
    return op if min([*op.opview.low, *op.opview.high], default=0) >= 0 else None


@PATTERNS.add("pad-of-pad", "graph.pad")
def _pad_of_pad(op: Any, match: Match) -> Any:
    """Two pads with one number, or two that repeat the edge, are one."""
    inner, mode = source_if(op.operands[0], "graph.pad"), op.opview.mode
    if inner is None or inner.opview.mode != mode or mode not in ("constant", "edge"):
        return None
    pads = [*op.opview.low, *op.opview.high, *inner.opview.low, *inner.opview.high]
    if min(pads, default=0) < 0:
        return match.refuse("a pad cuts")
    if mode == "constant" and not _same_number(op.operands[1], inner.operands[1]):
        return match.refuse("the numbers differ")
    low = [a + b for a, b in zip(op.opview.low, inner.opview.low, strict=True)]
    high = [a + b for a, b in zip(op.opview.high, inner.opview.high, strict=True)]
    return Pad.build(inner.operands[0], op.operands[1], low=low, high=high, mode=mode)


def _same_number(a: Any, b: Any) -> bool:
    if a == b:
        return True
    one, other = inline_array(a), inline_array(b)
    return one is not None and other is not None and one.tobytes() == other.tobytes()


@PATTERNS.add("cutting-pad", "graph.pad")
def _cutting_pad(op: Any, match: Match) -> Any:
    """A pad that only cuts is a slice."""
    low, high = op.opview.low, op.opview.high
    if op.opview.mode != "constant" or max([*low, *high], default=0) > 0 or not any([*low, *high]):
        return None
    sizes = list(op.results[0].type.shape)
    return Slice.build(
        op.operands[0], starts=_starts(sizes, low), sizes=sizes, steps=[1] * len(low)
    )


def _starts(sizes: list[int], low: list[int]) -> list[int]:
    return [-p if size else 0 for size, p in zip(sizes, low, strict=True)]


@PATTERNS.add("slice-of-pad", "graph.slice")
def _slice_of_pad(op: Any, match: Match) -> Any:
    """A slice that leaves the padding out reads what was padded."""
    pad = _constant_pad(op.operands[0])
    if pad is None or 0 in op.opview.sizes:
        return None
    x, starts = pad.operands[0], []
    rows = zip(op.opview.starts, op.opview.sizes, op.opview.steps, strict=True)
    for (start, size, step), low, extent in zip(rows, pad.opview.low, x.type.shape, strict=True):
        first, last = start - low, start - low + (size - 1) * step
        if min(first, last) < 0 or max(first, last) >= extent:
            return match.refuse("the slice reads padding")
        starts.append(first)
    return Slice.build(x, starts=starts, sizes=op.opview.sizes, steps=op.opview.steps)


@PATTERNS.add("pad-into-window", *WINDOWS)
def _pad_into_window(op: Any, match: Match) -> Any:
    """A convolution or pool pads its operand itself, if the number is the one it pads with."""
    pad = _constant_pad(op.operands[0])
    if pad is None:
        return None
    layout = op.opview.layout
    low, high = (to_channels_first(p, layout) for p in (pad.opview.low, pad.opview.high))
    if any([*low[:2], *high[:2]]):
        return match.refuse("pads samples or channels")
    if any(user.name not in WINDOWS for user in users_of(pad)):
        return match.refuse("the padded value is read elsewhere")
    changes = _window_changes(op, pad, low[2:], high[2:])
    if changes is None:
        return match.refuse("the number is not what the op pads with")
    operands = [pad.operands[0], *op.opview.operand_groups()[1:]]
    return type(op.opview).build(*operands, **(op.opview.attr_values() | changes))


def _window_changes(op: Any, pad: Any, low: list[int], high: list[int]) -> dict[str, Any] | None:
    """The attributes that make `op` pad as `pad` does, None if it cannot."""
    view, number = op.opview, inline_array(pad.operands[1])
    if number is None or (op.name != "graph.conv" and view.ceil_mode):
        return None
    pads = [a + b for a, b in zip(view.pads, [*low, *high], strict=True)]
    if op.name == "graph.max_pool":
        fits = _never_wins(view, pad, number, low, high)
        return {"pads": pads} if fits else None
    if number != 0 or np.signbit(number):
        return None
    if op.name == "graph.conv":
        return {"pads": pads}
    counts_all = view.count_include_pad or not any(view.pads)
    return {"pads": pads, "count_include_pad": True} if counts_all else None


def _never_wins(view: Any, pad: Any, number: Any, low: list[int], high: list[int]) -> bool:
    """True if a maximum never takes the padding's number, or takes it where it is right."""
    element = pad.results[0].type.element_type
    lowest = -np.inf if is_float(element) else integer_limits(element)[0]
    if number == lowest:
        return True
    # no element is below 0, and every window has one
    reaches = all(max(a, b) < k for a, b, k in zip(low, high, view.kernel, strict=True))
    plain = all(d == 1 for d in view.dilations) and not any(view.pads)
    is_zero = number == 0 and not (is_float(element) and np.signbit(number))
    return bool(is_zero and reaches and plain and source_if(pad.operands[0], "graph.relu"))
