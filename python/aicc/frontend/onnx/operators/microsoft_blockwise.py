"""Weights of few bits, quantised in blocks (com.microsoft), made floats where they are used.

What depends on weights alone runs once, when a model is compiled. Meanings after ONNX Runtime's
docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Expand, Reshape, Transpose
from aicc.dialects.graph.types import dtype_of, element_count, element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, mul, sub
from .casts import converted
from .indexing import take_range

DOMAIN = "com.microsoft"
PACKED_BITS = (2, 4, 8)


def unpacked(n: Node, x: Any, bits: int) -> Any:
    """The last dimension's bytes as 8 / bits values each, the lowest bits first; uint8."""
    if bits == 8:
        return x
    count = 8 // bits
    column = n.emit(Reshape, x, shape=[*x.type.shape, 1])
    shifts = n.constant(np.arange(0, 8, bits, dtype=np.uint8))
    y = n.emit(BINARY["shift_right"], column, shifts)
    y = n.emit(BINARY["bitwise_and"], y, n.like((1 << bits) - 1, y))
    *outer, size = x.type.shape
    return n.emit(Reshape, y, shape=[*outer, size * count])


def _check_bits(n: Node, bits: int) -> None:
    if bits not in PACKED_BITS:
        n.unsupported(f"values of {bits} bits")


@onnx_op("MatMulNBits", domain=DOMAIN)
def matmul_n_bits(
    n: Node,
    a: Any,
    b: Any,
    scales: Any,
    zeros: Any = None,
    group_index: Any = None,
    bias: Any = None,
    *,
    K: int,  # noqa: N803 (ONNX Runtime's name)
    N: int,  # noqa: N803
    bits: int = 4,
    block_size: int,
    accuracy_level: int = 0,
    weight_prepacked: int = 0,
) -> Any:
    """a times the transpose of b [N, blocks, bytes], whose blocks have a scale and a zero point."""
    _check_bits(n, bits)
    if weight_prepacked:
        n.unsupported("weights in ONNX Runtime's own order")
    blocks = -(-K // block_size)
    element = a.type.element_type
    values = n.emit(Reshape, b, shape=[N, blocks, element_count(b.type.shape) // N // blocks])
    values = unpacked(n, values, bits)
    values = n.emit(Reshape, values, shape=[N, blocks * block_size])
    values = take_range(n, values, 1, 0, K)
    scales = converted(n, n.emit(Reshape, scales, shape=[N, blocks]), element)
    zeros = _zero_points(n, zeros, N, blocks, bits, element)
    if group_index is None:
        scales, zeros = (_per_element(n, v, block_size, K) for v in (scales, zeros))
    else:
        group_index = take_range(n, group_index, 0, 0, K)
        scales, zeros = (n.emit(Gather, v, group_index, axis=1) for v in (scales, zeros))
    rows = mul(n, sub(n, converted(n, values, element), zeros), scales)
    y = _times(n, a, n.emit(Transpose, rows, permutation=[1, 0]))
    return y if bias is None else add(n, y, bias)


def _times(n: Node, a: Any, w: Any) -> Any:
    """Rows of a, over all its leading dimensions, times the matrix w."""
    *outer, depth = a.type.shape
    flat = n.emit(Reshape, a, shape=[element_count(outer), depth])
    return n.emit(Reshape, n.emit(Matmul, flat, w), shape=[*outer, w.type.shape[1]])


def _zero_points(n: Node, zeros: Any, rows: int, blocks: int, bits: int, element: Any) -> Any:
    """Zero points [rows, blocks]: packed like the values, or floats, or the middle."""
    if zeros is None:
        middle = n.constant(float(1 << (bits - 1)), dtype_of(element))
        return n.emit(Expand, middle, shape=[rows, blocks])
    if is_float(zeros.type.element_type):
        return converted(n, n.emit(Reshape, zeros, shape=[rows, blocks]), element)
    packed = n.emit(Reshape, zeros, shape=[rows, -(-blocks * bits // 8)])
    return converted(n, take_range(n, unpacked(n, packed, bits), 1, 0, blocks), element)


def _per_element(n: Node, v: Any, block_size: int, count: int) -> Any:
    """[rows, blocks] repeated to [rows, count]."""
    rows, blocks = v.type.shape
    column = n.emit(Reshape, v, shape=[rows, blocks, 1])
    wide = n.emit(Expand, column, shape=[rows, blocks, block_size])
    flat = n.emit(Reshape, wide, shape=[rows, blocks * block_size])
    return take_range(n, flat, 1, 0, count)


@onnx_op("GatherBlockQuantized", domain=DOMAIN)
def gather_block_quantized(
    n: Node,
    data: Any,
    indices: Any,
    scales: Any,
    zeros: Any = None,
    *,
    bits: int = 4,
    block_size: int = 128,
    gather_axis: int = 0,
    quantize_axis: int = 1,
) -> Any:
    """Slices of a tensor with a scale per block along `quantize_axis`, as floats."""
    rank = data.type.rank
    gather_axis, quantize_axis = gather_axis % rank, quantize_axis % rank
    is_bytes = dtype_of(data.type.element_type) == "uint8"
    if gather_axis == quantize_axis:
        n.invalid(f"gathers along axis {gather_axis}, along which blocks lie")
    if is_bytes:
        _check_bits(n, bits)
        if quantize_axis != rank - 1:
            n.unsupported(f"bytes that are packed along axis {rank - 1}, quantised along another")
    chosen = [
        None if v is None else n.emit(Gather, v, indices, axis=gather_axis)
        for v in (data, scales, zeros)
    ]
    # the axis after the index dimensions have taken the gathered one's place
    axis = quantize_axis + (indices.type.rank - 1 if quantize_axis > gather_axis else 0)
    return _dequantized(n, chosen, axis, block_size, bits if is_bytes else 0)


def _dequantized(n: Node, chosen: list[Any], axis: int, block_size: int, bits: int) -> Any:
    """Floats of values, scales and zero points; bits 0: whole elements, not packed bytes."""
    values, scales, zeros = chosen
    element = scales.type.element_type
    if bits:
        values = unpacked(n, values, bits)
    y = converted(n, converted(n, values, element_type_of("int32")), element)
    if zeros is not None:
        zeros = unpacked(n, zeros, bits) if bits else zeros
        zeros = take_range(n, zeros, axis, 0, scales.type.shape[axis])
        zero = converted(n, converted(n, zeros, element_type_of("int32")), element)
        y = sub(n, y, _along(n, zero, axis, block_size, y.type.shape[axis]))
    elif bits:
        y = binary(n, "sub", y, float(1 << (bits - 1)))
    return mul(n, y, _along(n, scales, axis, block_size, y.type.shape[axis]))


def _along(n: Node, v: Any, axis: int, block_size: int, count: int) -> Any:
    """Each element along `axis` repeated, up to `count` in all."""
    shape = list(v.type.shape)
    split = [*shape[: axis + 1], 1, *shape[axis + 1 :]]
    wide = [*shape[: axis + 1], block_size, *shape[axis + 1 :]]
    y = n.emit(Expand, n.emit(Reshape, v, shape=split), shape=wide)
    joined = [*shape[:axis], shape[axis] * block_size, *shape[axis + 1 :]]
    return take_range(n, n.emit(Reshape, y, shape=joined), axis, 0, count)
