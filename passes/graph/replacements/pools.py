"""Windows made of smaller windows, and means whose divisor is known before the run.

%1 = max_pool(%0) 5 x 5; %2 = max_pool(%0) 9 x 9  ->  %2 = max_pool(%1) 5 x 5
%1 = max_pool(%0) 13 x 13  ->  %a = max_pool(%0) 13 x 1; %1 = max_pool(%a) 1 x 13
%1 = average_pool(%0) of what is inside  ->  %a = average_pool(%0) with zeros; %1 = mul(%a, factors)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.linear import to_channels_first
from aicc.dialects.graph.movement import Concat, Expand
from aicc.dialects.graph.pooling import AveragePool, MaxPool
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.types import element_count

from ..dataflow import ops_of
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")
# A window of fewer elements is cheaper than a second pass over the image.
LEAST_SPLIT = 49


@PATTERNS.add("maximum-of-smaller-windows", "graph.max_pool")
def _maximum_of_smaller_windows(op: Any, match: Match) -> Any:
    """Around every pixel: the maxima of small windows side by side are those of a large one."""
    if not _is_centred(op):
        return None
    smaller = [other for other in _before(op) if _is_inside(other, op)]
    if not smaller:
        return None
    inner = max(smaller, key=lambda other: element_count(other.opview.kernel))
    rest = [k - i + 1 for k, i in zip(op.opview.kernel, inner.opview.kernel, strict=True)]
    attrs = op.opview.attr_values() | {"kernel": rest, "pads": [k // 2 for k in rest] * 2}
    return MaxPool.build(inner.results[0], **attrs)


def _before(op: Any) -> list[Any]:
    """Other pools of the same operand that stand before `op`."""
    readers = {use.owner.operation for use in op.operands[0].uses}
    pools = [r for r in readers if r.name == op.name and r.block == op.block and r != op]
    if not pools:
        return []
    order = {other: i for i, other in enumerate(ops_of(op.block))}
    return sorted((p for p in pools if order[p] < order[op]), key=lambda p: order[p])


def _is_centred(op: Any) -> bool:
    """True for windows of odd size around each pixel of the image."""
    view = op.opview
    half = [k // 2 for k in view.kernel]
    moves = [*view.strides, *view.dilations]
    return (
        set(moves) == {1} and list(view.pads) == half * 2 and all(k % 2 == 1 for k in view.kernel)
    )


def _is_inside(inner: Any, outer: Any) -> bool:
    """True if the windows of `inner` are smaller ones around the same pixels."""
    pairs = list(zip(inner.opview.kernel, outer.opview.kernel, strict=True))
    is_smaller = all(i <= k for i, k in pairs) and any(1 < i < k for i, k in pairs)
    return is_smaller and inner.opview.layout == outer.opview.layout and _is_centred(inner)


@PATTERNS.add("maximum-by-dimension", "graph.max_pool")
def _maximum_by_dimension(op: Any, match: Match) -> Any:
    """A large window: the maxima of its columns, then the maximum of these."""
    view, value = op.opview, op.operands[0]
    rank = len(view.kernel)
    wide = [i for i in range(rank) if view.kernel[i] > 1]
    if len(wide) < 2 or element_count(view.kernel) < LEAST_SPLIT:
        return None
    for i in range(rank):
        only = [k == i for k in range(rank)]
        value = MaxPool.build(
            value,
            **view.attr_values()
            | {
                "kernel": _chosen(view.kernel, only, 1),
                "strides": _chosen(view.strides, only, 1),
                "dilations": _chosen(view.dilations, only, 1),
                "pads": _chosen(view.pads, only * 2, 0),
            },
        )
    return value


def _chosen(values: Sequence[int], chosen: Sequence[bool], other: int) -> list[int]:
    return [v if is_chosen else other for v, is_chosen in zip(values, chosen, strict=True)]


@PATTERNS.add("mean-with-known-divisor", "graph.average_pool", rounding="reassociating")
def _mean_with_known_divisor(op: Any, match: Match) -> Any:
    """The mean with zeros around, times how many elements it has over how many are inside."""
    view, x = op.opview, op.operands[0]
    if view.count_include_pad or str(x.type.element_type) != "f32":
        return None
    rank, channels_first = len(view.kernel), to_channels_first(x.type.shape, view.layout)
    out = to_channels_first(op.results[0].type.shape, view.layout)[2:]
    counts = [_inside(op, i, channels_first[2 + i], out[i]) for i in range(rank)]
    if all((count == view.kernel[i]).all() for i, count in enumerate(counts)):
        return None
    if view.ceil_mode or any((count == 0).any() for count in counts):
        return match.refuse("a window may lie outside, or beyond the padding")
    first = 2 if view.layout == "NCHW" else 1
    factors = []
    for i, count in enumerate(counts):
        shape = [1] * (rank + 2)
        shape[first + i] = out[i]
        factor = (view.kernel[i] / count).astype(np.float32)
        factors.append(reshaped(_vector(factor), shape))
    mean = AveragePool.build(x, **view.attr_values() | {"count_include_pad": True})
    multiply = ELEMENTWISE["mul"].build
    return multiply(mean, reduce(multiply, factors))


def _inside(op: Any, i: int, size: int, out: int) -> np.ndarray[Any, Any]:
    """How many elements of each window along spatial dimension `i` are no padding."""
    view = op.opview
    starts = np.arange(out)[:, None] * view.strides[i] - view.pads[i]
    places = starts + np.arange(view.kernel[i]) * view.dilations[i]
    return np.sum((places >= 0) & (places < size), axis=1)


def _vector(values: np.ndarray[Any, Any]) -> Any:
    """A vector whose middle is one number repeated: only its ends are constants."""
    middle = values[len(values) // 2]
    different = np.flatnonzero(values != middle)
    low = int(np.count_nonzero(different < len(values) // 2))
    high = len(different) - low
    if len(values) < 8:
        return Constant.of(values)
    parts = [Constant.of(values[:low])] if low else []
    one = Constant.of(values[low : low + 1])
    parts.append(Expand.build(one, shape=[len(values) - low - high]))
    parts += [Constant.of(values[len(values) - high :])] if high else []
    return Concat.build(parts, axis=0) if len(parts) > 1 else parts[0]
