"""Elements that are chosen by their values: how many they are is known once they are counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, UNARY, Where
from aicc.dialects.graph.indexing import Gather, ScatterElements
from aicc.dialects.graph.movement import Concat, Reshape, Slice
from aicc.dialects.graph.reduction import REDUCE, CumSum
from aicc.dialects.graph.types import element_count, element_type_of, is_bool

from ..node import Node
from ..registry import onnx_op
from .arithmetic import binary, sub
from .casts import converted


@onnx_op("Compress", since=9)
def compress(n: Node, x: Any, condition: Any, *, axis: int | None = None) -> Any:
    """The elements (or slices along `axis`) at which a condition holds."""
    if axis is None:
        x, axis = n.emit(Reshape, x, shape=[element_count(x.type.shape)]), 0
    size = min(condition.type.shape[0], x.type.shape[axis])
    chosen = n.emit(Slice, condition, starts=[0], sizes=[size], steps=[1])
    return n.emit(Gather, x, _places(n, chosen, "the number of kept elements"), axis=axis)


@onnx_op("NonZero", since=9)
def non_zero(n: Node, x: Any) -> Any:
    """i64 [rank, count]: the positions of the elements that are not zero."""
    shape = list(x.type.shape) or [1]
    flat = n.emit(Reshape, x, shape=[element_count(shape)])
    is_zero = None if is_bool(x.type.element_type) else n.emit(COMPARE["equal"], flat, n.like(0, x))
    mask = flat if is_zero is None else n.emit(UNARY["not"], is_zero)
    places = _places(n, mask, "the number of non-zero elements")
    rows, inner = [], 1
    for size in reversed(shape):
        at = places if inner == 1 else binary(n, "div", places, inner)
        at = at if inner * size == element_count(shape) else binary(n, "mod", at, size)
        rows.append(n.emit(Reshape, at, shape=[1, *places.type.shape]))
        inner *= size
    return rows[0] if len(rows) == 1 else n.emit(Concat, rows[::-1], axis=0)


def _places(n: Node, mask: Any, words: str) -> Any:
    """i64 [count]: where a flat mask is true. Each place is written where it comes in the count."""
    size = mask.type.shape[0]
    known = n.values.known_array(mask)
    if known is not None or not size:
        return n.constant(np.flatnonzero(np.zeros(0) if known is None else known), np.int64)
    ones = converted(n, mask, element_type_of("int64"))
    total = n.emit(REDUCE["reduce_sum"], ones, axes=[0], keepdims=False)
    count = int(n.computed(total, words))
    # all that are not chosen go to one more element, which is cut off
    rank = n.emit(Where, mask, sub(n, n.emit(CumSum, ones, axis=0), 1), n.constant(count, "int64"))
    start = n.constant(np.zeros(count + 1, np.int64))
    places = n.constant(np.arange(size))
    written = n.emit(ScatterElements, start, rank, places, axis=0, reduction="none")
    return n.emit(Slice, written, starts=[0], sizes=[count], steps=[1])
