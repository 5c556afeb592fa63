"""Shapes and data movement."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.movement import Concat, Reshape, Transpose
from aicc.dialects.graph.types import element_count

from ..node import Node
from ..registry import onnx_op


@onnx_op("Constant")
def constant(
    n: Node,
    *,
    value: Any = None,
    value_float: float | None = None,
    value_floats: list[float] | None = None,
    value_int: int | None = None,
    value_ints: list[int] | None = None,
    sparse_value: Any = None,
) -> Any:
    """The tensor that the one given attribute holds."""
    for given, dtype in (
        (value, None),
        (sparse_value, None),
        (value_float, np.float32),
        (value_floats, np.float32),
        (value_int, np.int64),
        (value_ints, np.int64),
    ):
        if given is not None:
            return n.constant(given, dtype)
    n.invalid("has no value")


@onnx_op("Shape")
def shape(n: Node, x: Any, *, start: int = 0, end: int | None = None) -> Any:
    """The dimensions [start, end) as an i64 vector: known when compiling."""
    return n.constant(np.array(list(x.type.shape)[start:end], np.int64))


@onnx_op("Size")
def size(n: Node, x: Any) -> Any:
    """The number of elements."""
    return n.constant(np.array(element_count(x.type.shape), np.int64))


@onnx_op("Reshape", since=5)
def reshape(n: Node, x: Any, shape: Any, *, allowzero: int = 0) -> Any:
    """0 keeps a dimension (unless allowzero), -1 takes what is left."""
    wanted = n.integers(shape, "the shape")
    source = list(x.type.shape)
    for i, d in enumerate(wanted):
        if d == 0 and not allowzero:
            if i >= len(source):
                n.invalid(f"shape {wanted} keeps dimension {i} of {x.type}")
            wanted[i] = source[i]
    if -1 in wanted:
        rest = element_count([d for d in wanted if d != -1])
        if rest == 0 or element_count(source) % rest:
            n.invalid(f"cannot give {x.type} the shape {wanted}")
        wanted[wanted.index(-1)] = element_count(source) // rest
    return n.emit(Reshape, x, shape=wanted)


@onnx_op("Flatten")
def flatten(n: Node, x: Any, *, axis: int = 1) -> Any:
    """A matrix: the dimensions before `axis`, and those from it on."""
    shape = list(x.type.shape)
    axis = axis + len(shape) if axis < 0 else axis
    return n.emit(Reshape, x, shape=[element_count(shape[:axis]), element_count(shape[axis:])])


def _squeeze(n: Node, x: Any, axes: list[int] | None) -> Any:
    shape = list(x.type.shape)
    chosen = {a % len(shape) for a in axes} if axes else {i for i, d in enumerate(shape) if d == 1}
    if any(shape[i] != 1 for i in chosen):
        n.invalid(f"squeezes dimensions {sorted(chosen)} of {x.type}")
    return n.emit(Reshape, x, shape=[d for i, d in enumerate(shape) if i not in chosen])


@onnx_op("Squeeze", since=13)
def squeeze(n: Node, x: Any, axes: Any = None) -> Any:
    """Drops unit dimensions."""
    return _squeeze(n, x, None if axes is None else n.integers(axes, "the axes"))


@onnx_op("Squeeze")
def squeeze_1(n: Node, x: Any, *, axes: list[int] | None = None) -> Any:
    """Squeeze with the axes as an attribute."""
    return _squeeze(n, x, axes)


def _unsqueeze(n: Node, x: Any, axes: list[int]) -> Any:
    rank = x.type.rank + len(axes)
    chosen = {a % rank for a in axes}
    if len(chosen) != len(axes):
        n.invalid(f"axes {axes} repeat")
    dims = iter(x.type.shape)
    return n.emit(Reshape, x, shape=[1 if i in chosen else next(dims) for i in range(rank)])


@onnx_op("Unsqueeze", since=13)
def unsqueeze(n: Node, x: Any, axes: Any) -> Any:
    """Inserts unit dimensions."""
    return _unsqueeze(n, x, n.integers(axes, "the axes"))


@onnx_op("Unsqueeze")
def unsqueeze_1(n: Node, x: Any, *, axes: list[int]) -> Any:
    """Unsqueeze with the axes as an attribute."""
    return _unsqueeze(n, x, axes)


@onnx_op("Transpose")
def transpose(n: Node, x: Any, *, perm: list[int] | None = None) -> Any:
    """Permutes the dimensions; reverses them by default."""
    return n.emit(Transpose, x, permutation=perm or list(range(x.type.rank))[::-1])


@onnx_op("Concat", since=4)
def concat(n: Node, *inputs: Any, axis: int) -> Any:
    """Operands one after the other."""
    return inputs[0] if len(inputs) == 1 else n.emit(Concat, list(inputs), axis=axis)
