"""Operators that make tensors: constants of a shape, ranges, masks, one-hot codes."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import onnx

from aicc.dialects.graph.elementwise import BINARY, COMPARE, Cast, Where
from aicc.dialects.graph.movement import Expand, Reshape
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_type_of

from ..node import Node
from ..registry import onnx_op
from .indexing import take_range

# shape arithmetic goes on with small integer tensors, so their values must stay known
MOST_KNOWN_ELEMENTS = 4096


@onnx_op("ConstantOfShape", since=9)
def constant_of_shape(n: Node, shape: Any, *, value: Any = None) -> Any:
    """One value everywhere."""
    scalar = np.zeros((), np.float32) if value is None else np.asarray(value).reshape(())
    wanted = n.integers(shape, "the shape")
    if prod(wanted) <= MOST_KNOWN_ELEMENTS and scalar.dtype.kind in "iub":
        return n.constant(np.full(wanted, scalar))
    return n.emit(Expand, n.constant(scalar), shape=wanted)


@onnx_op("Range", since=11)
def range_11(n: Node, start: Any, limit: Any, delta: Any, *, stash_type: int = 1) -> Any:
    """start, start + delta, .. up to, but without, the limit."""
    first, end, step = (
        n.array(v, "the length of the range").reshape(()) for v in (start, limit, delta)
    )
    if step == 0:
        n.invalid("the step is 0")
    dtype = first.dtype
    if dtype.name in ("float16", "bfloat16") and stash_type == 1:
        first, end, step = (v.astype(np.float32) for v in (first, end, step))
    count = max(int(np.ceil((end.astype(np.float64) - first) / step)), 0)
    return n.constant((first + np.arange(count).astype(first.dtype) * step).astype(dtype))


@onnx_op("EyeLike", since=9)
def eye_like(n: Node, x: Any, *, dtype: int | None = None, k: int = 0) -> Any:
    """Ones on a diagonal."""
    if x.type.rank != 2:
        n.invalid(f"expects a matrix, got {x.type}")
    name = dtype_of(x.type.element_type)
    if dtype is not None:
        name = onnx.helper.tensor_dtype_to_np_dtype(dtype).name
    return n.constant(np.eye(x.type.shape[0], x.type.shape[1], k=k).astype(numpy_dtype(name)))


@onnx_op("Trilu", since=14)
def trilu(n: Node, x: Any, k: Any = None, *, upper: int = 1) -> Any:
    """The matrix on one side of a diagonal, zeros on the other."""
    (diagonal,) = [0] if k is None else n.integers(k, "the diagonal")
    rows, columns = x.type.shape[-2:]
    distance = np.arange(columns)[None, :] - np.arange(rows)[:, None]
    mask = distance >= diagonal if upper else distance <= diagonal
    return n.emit(Where, n.constant(mask), x, n.like(0, x))


@onnx_op("OneHot", since=9)
def one_hot(n: Node, indices: Any, depth: Any, values: Any, *, axis: int = -1) -> Any:
    """values[1] where a new dimension's position is the index, values[0] elsewhere."""
    (count,) = n.integers(depth, "the depth")
    rank = indices.type.rank
    if not -rank - 1 <= axis <= rank:
        n.invalid(f"axis {axis} is outside a result of rank {rank + 1}")
    axis %= rank + 1
    if str(indices.type.element_type) not in ("i32", "i64"):
        # floats truncate; the depth may exceed what a narrow type can count to
        indices = n.emit(Cast, indices, to=element_type_of("int64"))
    shape = list(indices.type.shape)
    indices = n.emit(Reshape, indices, shape=[*shape[:axis], 1, *shape[axis:]])
    hot = _is_index(n, indices, count, [1] * axis + [count] + [1] * (rank - axis))
    off, on = (n.emit(Reshape, take_range(n, values, 0, i, 1), shape=[]) for i in (0, 1))
    return n.emit(Where, hot, on, off)


def _is_index(n: Node, indices: Any, count: int, shape: list[int]) -> Any:
    """True where the index, counted from the front or from the end, is the position."""
    dtype = numpy_dtype(dtype_of(indices.type.element_type))
    positions = np.arange(count).reshape(shape)
    equal = COMPARE["equal"]
    hot = n.emit(equal, indices, n.constant(positions.astype(dtype)))
    from_end = n.constant((positions - count).astype(dtype))
    return n.emit(BINARY["or"], hot, n.emit(equal, indices, from_end))
