"""Patterns of `fuse-linear` that make one convolution of branches whose results are added up.

    conv(%x, %u) + conv1x1(%x, %v) + %x * %s  ->  conv(%x, %u + %v in its centre + diagonal of %s)

Why: networks that train several branches per layer (RepVGG, MobileOne) are exported with all of
them, though every branch is a filter on the same image. A smaller filter is the part of a larger
one that reads the same pixels; a factor per channel is a filter of one tap. None needs work beyond
the largest filter's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.dialects.graph.linear import Conv
from aicc.dialects.graph.movement import Expand, Pad, Slice
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of

from ..dataflow import definition, is_read_once, source_if, users_of
from ..patterns import PatternSet
from .operands import (
    Refused,
    add,
    channel_axis,
    channel_vector,
    explained,
    filter_is_known,
    is_float_value,
    known_operand,
    reshaped,
)

BRANCHES = PatternSet("fuse-linear")


@dataclass(frozen=True)
class _Window:
    """A filter over its image: sizes, distance of its taps and the padding before it."""

    sizes: tuple[int, ...]
    dilations: tuple[int, ...]
    before: tuple[int, ...]

    def place_of(self, other: _Window) -> tuple[int, ...] | None:
        """The taps of this window that read what the other window reads, by the first of them."""
        found = []
        for i, size in enumerate(other.sizes):
            step = self.dilations[i]
            start, rest = divmod(self.before[i] - other.before[i], step)
            is_alike = size == 1 or other.dilations[i] == step
            if rest or not is_alike or not 0 <= start <= self.sizes[i] - size:
                return None
            found.append(start)
        return tuple(found)


@BRANCHES.add("merge-branches", "graph.add", rounding="reassociating")
@explained
def _merge_branches(op: Any, match: Any) -> Any:
    """conv(x, v) + conv(x, w) + x * s -> conv(x, v + w + s)."""
    if not is_float_value(op.results[0]) or _is_part_of_a_sum(op):
        return None
    terms = list(_terms(op))
    convs = sorted(filter(None, map(_conv, terms)), key=_taps, reverse=True)
    for largest in convs:
        joined = [term for term in terms if _joins(term, largest, match)]
        if len(joined) > 1:
            if any(user.name == "graph.round" for user in users_of(op)):
                raise Refused("a quantiser rounds the result: one ulp could become a step")
            merged = _merged(largest, joined, match)
            for term in terms:
                merged = merged if term in joined else add(merged, term)
            return merged
    return None


def _is_part_of_a_sum(op: Any) -> bool:
    """True if all of the op is a term of another sum, where it will be looked at."""
    readers = users_of(op)
    is_term = len(readers) == 1 and readers[0].name == "graph.add"
    return is_term and readers[0].results[0].type == op.results[0].type


def _terms(op: Any) -> Iterator[Any]:
    """What a sum of sums of results of one shape adds up, in order."""
    for value in op.operands:
        inner = source_if(value, "graph.add")
        if inner is not None and value.type == op.results[0].type and is_read_once(value):
            yield from _terms(inner)
        else:
            yield value


def _conv(term: Any) -> Any:
    return source_if(term, "graph.conv") if is_read_once(term) else None


def _taps(conv: Any) -> int:
    return int(np.prod(_window(conv).sizes))


def _window(conv: Any) -> _Window:
    view, rank = conv.opview, conv.operands[0].type.rank
    sizes = tuple(conv.operands[1].type.shape[2:])
    return _Window(sizes, tuple(view.dilations), tuple(view.pads[: rank - 2]))


def _joins(term: Any, conv: Any, match: Any) -> bool:
    """Whether the filter of `conv` can take in a term of the sum; its own result can."""
    filter_is_known(conv, match.static)
    if term == conv.results[0]:
        return True
    if _factor(term, conv, match) is not None:
        return True
    other = _conv(term)
    if other is None or other.operands[0] != conv.operands[0] or term.type != conv.results[0].type:
        return False
    filter_is_known(other, match.static)
    one, two = (c.opview.attr_values() for c in (conv, other))
    is_alike = all(one[name] == two[name] for name in one if name not in ("pads", "dilations"))
    return is_alike and _window(conv).place_of(_window(other)) is not None


def _factor(term: Any, conv: Any, match: Any) -> Any:
    """s as [C], where the term is x * s and conv keeps the place and number of x's elements."""
    x = conv.operands[0]
    scaling = source_if(term, "graph.mul")
    found = known_operand(scaling, match.static) if scaling is not None else None
    if found is None or found[0] != x or not x.type == term.type == conv.results[0].type:
        return None
    if set(conv.opview.strides) != {1} or _window(conv).place_of(_pixel(conv)) is None:
        return None
    vector = channel_vector(found[1], x, channel_axis(conv))
    if vector is None:
        return None
    return Expand.build(vector, shape=[x.type.shape[channel_axis(conv)]])


def _pixel(conv: Any) -> _Window:
    """The window of a value by itself."""
    spatial = conv.operands[0].type.rank - 2
    return _Window((1,) * spatial, (1,) * spatial, (0,) * spatial)


def _merged(conv: Any, joined: Sequence[Any], match: Any) -> Any:
    """`conv` with the filters and biases of all terms that join it."""
    x, w, bias = conv.opview.operand_groups()
    for term in joined:
        if term == conv.results[0]:
            continue
        vector = _factor(term, conv, match)
        if vector is not None:
            w = add(w, _spread(_diagonal(vector, conv), _pixel(conv), conv))
            continue
        other = definition(term)
        _, other_w, other_bias = other.opview.operand_groups()
        w = add(w, _spread(other_w, _window(other), conv))
        if other_bias is not None:
            bias = other_bias if bias is None else add(bias, other_bias)
    return Conv.build(x, w, bias, loc=conv.location, **conv.opview.attr_values())


def _spread(w: Any, window: _Window, conv: Any) -> Any:
    """A smaller filter as one of the size of `conv`'s, zeros around it."""
    whole = _window(conv)
    place = whole.place_of(window)
    assert place is not None
    behind = [a - b - c for a, b, c in zip(whole.sizes, window.sizes, place, strict=True)]
    return _padded(w, [0, 0, *place], [0, 0, *behind])


def _padded(value: Any, low: list[int], high: list[int]) -> Any:
    if not any([*low, *high]):
        return value
    zero = Constant.of(np.zeros((), numpy_dtype(dtype_of(value.type.element_type))))
    return Pad.build(value, zero, low=low, high=high)


def _diagonal(vector: Any, conv: Any) -> Any:
    """The filter [C, C/g, 1..] of one tap that multiplies every channel by its own factor.

    Rows of n + 1, the factor and n zeros, one after the other: cut to n * n elements, they are the
    rows of an n x n matrix, each with its factor one place further.
    """
    groups, channels = conv.opview.group, vector.type.shape[0]
    n = channels // groups
    rows = _padded(reshaped(vector, [groups, n, 1]), [0, 0, 0], [0, 0, n])
    flat = reshaped(rows, [groups, n * (n + 1)])
    cut = Slice.build(flat, starts=[0, 0], sizes=[groups, n * n], steps=[1, 1])
    return reshaped(cut, [channels, n, *[1] * (conv.operands[0].type.rank - 2)])
