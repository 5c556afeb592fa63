"""Bring constant weights into the order in which the micro-kernels read them.

Why: a register tile of a matrix product reads `block` columns of the weights for each k; packed,
these reads are one stream. The packing is ordinary graph ops on the weights (pad, reshape,
transpose): `hoist-weight-math` moves it to @prepare.

    matmul  [K, N]          ->  [ceil(N/b), K, b]              {rhs_layout = "packed", columns = N}
    conv    [O, I, kh, kw]  ->  [ceil(O/b), kh, kw, I, b]      {filter_layout = "packed"}
    depthwise [O, 1, kh, kw] -> [kh, kw, O]                    {filter_layout = "depthwise"}
    grouped [O, I/g, kh, kw] -> [g, kh, kw, I/g, O/g]          {filter_layout = "packed"}

Of narrow operands with wider sums, the g elements of the reduction that take 32 bits stay side by
side: the layout is "dot", [ceil(N/b), K/g, b, g] and [ceil(O/b), kh, kw, I/g, b, g].

The few columns of a small product that fill no vectors are one block, which is not padded.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.linear import Conv, Matmul, dot_group
from aicc.dialects.graph.movement import Pad, Reshape, Transpose
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.matrix_shape import matrix_block
from aicc.passes.schedule.packing import packing_for, uneven_block
from aicc.passes.signature import functions_of
from aicc.passes.static_values import StaticValues
from aicc.target import Target

from .convolution.grouped import is_packable, packed_groups


@register_pass("pack-weights")
def run(module: Any) -> None:
    """Pack the weights of matrix products and channels-last convolutions."""
    machine = target.of_module(module)
    for function in functions_of(module):
        static = StaticValues(function)
        for view in list(function.operation.regions[0].blocks[0].operations):
            op = view.operation
            with ir.InsertionPoint(op), op.location:
                if op.name == Conv.OPERATION_NAME and op.operands[1] in static:
                    _pack_conv(op, machine)
                elif op.name == Matmul.OPERATION_NAME and op.operands[1] in static:
                    _pack_matmul(op, machine)


def _pack_conv(op: Any, machine: Target) -> None:
    conv = op.opview
    if conv.layout != "NHWC" or conv.filter_layout != "OIHW":
        return
    x, w, bias = conv.operand_groups()
    out, depth, *kernel = w.type.shape
    spatial = len(kernel)
    if conv.group == 1:
        window = tuple(op.results[0].type.shape[1:3]) if spatial == 2 else None
        block = packing_for(
            out, window=window, lanes=machine.lanes(), registers=machine.vector_registers
        )
        if conv.to is None:
            block = uneven_block(out, machine.lanes()) or block
        else:
            image = _image_of(conv) if spatial == 2 else []
            size = depth * prod(kernel) * w.type.element_type.width // 8
            block = matrix_block(_element_of(w), out, size, image, machine) or block
        packed = _blocked(_padded(w, 0, block), 0, block)
        order, layout = [0, *range(3, 3 + spatial), 2, 1], "packed"
        if conv.to is not None:
            packed, layout = _blocked(packed, 2, dot_group(w.type.element_type)), "dot"
            order = [0, *range(4, 4 + spatial), 2, 1, 3]
        changes = {"filter_layout": layout, "out_channels": out}
        filters = Transpose.build(packed, permutation=order)
    elif conv.group == out and depth == 1 and x.type.shape[-1] == out:
        flat = Reshape.build(w, shape=[out, *kernel])
        filters = Transpose.build(flat, permutation=[*range(1, 1 + spatial), 0])
        changes = {"filter_layout": "depthwise"}
    elif is_packable(conv.group, out, machine.lanes()) and conv.to is None:
        filters = packed_groups(w, conv.group)
        changes = {"filter_layout": "packed", "out_channels": out}
    else:
        return
    y = Conv.build(x, filters, bias, **(conv.attr_values() | changes))
    op.results[0].replace_all_uses_with(y)
    op.erase()


def _pack_matmul(op: Any, machine: Target) -> None:
    matmul = op.opview
    lhs, rhs = op.operands
    is_dot = matmul.to is not None
    is_packable = is_dot or str(rhs.type.element_type) == "f32"
    if matmul.rhs_layout != "KN" or rhs.type.rank != 2 or not is_packable:
        return
    columns = rhs.type.shape[1]
    rows = 1
    for d in lhs.type.shape[:-1]:
        rows *= d
    if columns < machine.lanes() or rows == 0:
        return
    block = packing_for(
        columns,
        rows=rows,
        lanes=machine.lanes(),
        registers=machine.vector_registers,
        row_bytes=0 if is_dot else 4 * rhs.type.shape[0],
    )
    if not is_dot:
        block = uneven_block(columns, machine.lanes()) or block
    else:
        block = matrix_block(_element_of(rhs), columns, 0, [], machine) or block
    packed, order = _blocked(_padded(rhs, 1, block), 1, block), [1, 0, 2]
    if is_dot:
        packed, order = _blocked(packed, 0, dot_group(rhs.type.element_type)), [2, 0, 3, 1]
    changes = {"rhs_layout": "dot" if is_dot else "packed", "columns": columns}
    packed = Transpose.build(packed, permutation=order)
    y = Matmul.build(lhs, packed, **(matmul.attr_values() | changes))
    op.results[0].replace_all_uses_with(y)
    op.erase()


def _image_of(conv: Any) -> list[tuple[int, int]]:
    """(extent, distance in pixels of the padded input) of the rows and columns of the result."""
    _, height, width, _ = conv.operation.results[0].type.shape
    padded = conv.x.type.shape[2] + conv.pads[1] + conv.pads[3]
    return [(height, conv.strides[0] * padded), (width, conv.strides[1])]


def _element_of(w: Any) -> str:
    return str(w.type.element_type)


def _padded(w: Any, axis: int, block: int) -> Any:
    """Zeros appended along `axis` up to a multiple of `block`."""
    extra = -w.type.shape[axis] % block
    if not extra:
        return w
    zero = Constant.of(np.zeros((), numpy_dtype(dtype_of(w.type.element_type))))
    high = [extra if i == axis else 0 for i in range(w.type.rank)]
    return Pad.build(w, zero, low=[0] * w.type.rank, high=high)


def _blocked(w: Any, axis: int, block: int) -> Any:
    """Dimension `axis` of size d as [d / block, block]."""
    shape = list(w.type.shape)
    shape[axis : axis + 1] = [shape[axis] // block, block]
    return Reshape.build(w, shape=shape)
