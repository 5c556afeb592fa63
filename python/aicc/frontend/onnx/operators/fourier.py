"""Discrete Fourier transforms: by passes, or as products with a matrix of cosines and sines.

Numbers whose count has small factors go by passes; a product is as quick for a few real ones, and
takes any count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Expand, Reshape, Transpose
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_count

from ..node import Node
from ..registry import onnx_op
from .arithmetic import mul
from .fast_fourier import factors_of, transformed
from .indexing import take_range

Array = np.ndarray[Any, Any]
# so many real numbers are transformed more quickly by passes than by a product
LEAST_REAL = 64


def _forward(rows: int, parts: int, length: int, bins: int, sign: int) -> Array:
    """[rows, parts, bins, 2]: (re, im) of sample times exp(sign 2 pi i k n / length)."""
    n = np.arange(min(rows, length))
    angle = sign * 2 * np.pi * ((n[:, None] * np.arange(bins)) % length) / length
    matrix = np.zeros((rows, parts, bins, 2))
    matrix[: len(n), 0, :, 0] = np.cos(angle)
    matrix[: len(n), 0, :, 1] = np.sin(angle)
    if parts == 2:
        matrix[: len(n), 1, :, 0] = -np.sin(angle)
        matrix[: len(n), 1, :, 1] = np.cos(angle)
    return matrix


def _real_inverse(rows: int, parts: int, length: int) -> Array:
    """[rows, parts, length, 1]: real samples from the bins of one side."""
    k = np.arange(min(rows, length // 2 + 1))
    angle = 2 * np.pi * ((k[:, None] * np.arange(length)) % length) / length
    weight = np.where((k == 0) | (2 * k == length), 1, 2)[:, None] / length
    matrix = np.zeros((rows, parts, length, 1))
    matrix[: len(k), 0, :, 0] = weight * np.cos(angle)
    if parts == 2:
        matrix[: len(k), 1, :, 0] = -weight * np.sin(angle)
    return matrix


def _transform(
    n: Node, x: Any, axis: int, length: int | None, inverse: bool, onesided: bool
) -> Any:
    rank = x.type.rank
    if not -rank <= axis < rank - 1:
        n.invalid(f"transforms along axis {axis} of {x.type}")
    axis %= rank
    order = [*[i for i in range(rank) if i not in (axis, rank - 1)], axis, rank - 1]
    x = n.emit(Transpose, x, permutation=order)
    *outer, rows, parts = x.type.shape
    factors = factors_of(rows) if length in (None, rows) and not (inverse and onesided) else None
    if factors and (parts == 2 or rows >= LEAST_REAL):
        y = _by_passes(n, x, factors, 1 if inverse else -1)
        y = take_range(n, y, rank - 2, 0, rows // 2 + 1) if onesided else y
        return n.emit(Transpose, y, permutation=[order.index(i) for i in range(rank)])
    if inverse and onesided:
        size = length or 2 * (rows - 1)
        matrix = _real_inverse(rows, parts, size)
    else:
        size = length or rows
        bins = size // 2 + 1 if onesided else size
        matrix = _forward(rows, parts, size, bins, 1 if inverse else -1)
        matrix /= size if inverse else 1
    bins, width = matrix.shape[2:]
    dtype = numpy_dtype(dtype_of(x.type.element_type))
    weights = n.constant(matrix.reshape(rows * parts, bins * width).astype(dtype))
    flat = n.emit(Reshape, x, shape=[element_count(outer), rows * parts])
    y = n.emit(Reshape, n.emit(Matmul, flat, weights), shape=[*outer, bins, width])
    return n.emit(Transpose, y, permutation=[order.index(i) for i in range(rank)])


def _by_passes(n: Node, x: Any, factors: list[int], sign: int) -> Any:
    """Transform of numbers [.., samples, parts] to complex ones; the inverse one is scaled."""
    *shape, parts = x.type.shape
    size, axis = shape[-1], len(shape)
    given = [n.emit(Reshape, take_range(n, x, axis, i, 1), shape=shape) for i in range(parts)]
    if parts == 1:
        given.append(n.emit(Expand, n.like(0, x), shape=shape))
    y = transformed(n, (given[0], given[1]), factors, sign)
    columns = []
    for part in y:
        part = mul(n, part, 1 / size) if sign > 0 else part
        columns.append(n.emit(Reshape, part, shape=[*shape, 1]))
    return n.emit(Concat, columns, axis=axis)


def _length(n: Node, value: Any) -> int | None:
    return None if value is None else n.integers(value, "the transform's length")[0]


@onnx_op("DFT", since=20)
def dft(
    n: Node, x: Any, length: Any = None, axis: Any = None, *, inverse: int = 0, onesided: int = 0
) -> Any:
    """Transform along `axis`; the last dimension holds real and imaginary parts."""
    along = -2 if axis is None else n.integers(axis, "the axis")[0]
    return _transform(n, x, along, _length(n, length), bool(inverse), bool(onesided))


@onnx_op("DFT")
def dft_17(
    n: Node, x: Any, length: Any = None, *, axis: int = 1, inverse: int = 0, onesided: int = 0
) -> Any:
    """DFT with the axis as an attribute."""
    return _transform(n, x, axis, _length(n, length), bool(inverse), bool(onesided))


@onnx_op("STFT")
def stft(
    n: Node, signal: Any, step: Any, window: Any = None, length: Any = None, *, onesided: int = 1
) -> Any:
    """Transforms of overlapping frames of [batch, samples, parts]."""
    hop = n.integers(step, "the frame step")[0]
    size = window.type.shape[0] if length is None else n.integers(length, "the frame length")[0]
    if signal.type.rank == 2:
        signal = n.emit(Reshape, signal, shape=[*signal.type.shape, 1])
    frames = (signal.type.shape[1] - size) // hop + 1
    positions = hop * np.arange(frames)[:, None] + np.arange(size)
    x = n.emit(Gather, signal, n.constant(positions.astype(np.int64)), axis=1)
    if window is not None:
        x = n.emit(BINARY["mul"], x, n.emit(Reshape, window, shape=[size, 1]))
    return _transform(n, x, 2, None, inverse=False, onesided=bool(onesided))
