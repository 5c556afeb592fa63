"""Bring constant weights into the order in which the micro-kernels read them.

Why: a register tile of a matrix product reads `block` columns of the weights for each k; packed,
these reads are one stream. The packing is ordinary graph ops on the weights (pad, reshape,
transpose): `hoist-weight-math` moves it to @prepare.

    matmul  [K, N]          ->  [ceil(N/b), K, b]              {rhs_layout = "packed", columns = N}
    conv    [O, I, kh, kw]  ->  [ceil(O/b), kh, kw, I, b]      {filter_layout = "packed"}
    depthwise [O, 1, kh, kw] -> [kh, kw, O]                    {filter_layout = "depthwise"}
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.linear import Conv, Matmul
from aicc.dialects.graph.movement import Pad, Reshape, Transpose
from aicc.dialects.graph.structure import Constant
from aicc.passes.registry import register_pass
from aicc.passes.schedule.packing import packing_for
from aicc.passes.signature import functions_of
from aicc.passes.static_values import StaticValues


@register_pass("pack-weights")
def run(module: Any) -> None:
    """Pack the weights of matrix products and channels-last convolutions."""
    attributes = module.operation.attributes
    name = attributes["aicc.target"].value if "aicc.target" in attributes else "host"
    lanes = target.by_name(name).vector_bits // 32
    for function in functions_of(module):
        static = StaticValues(function)
        for view in list(function.operation.regions[0].blocks[0].operations):
            op = view.operation
            with ir.InsertionPoint(op), op.location:
                if op.name == Conv.OPERATION_NAME and op.operands[1] in static:
                    _pack_conv(op, lanes)
                elif op.name == Matmul.OPERATION_NAME and op.operands[1] in static:
                    _pack_matmul(op, lanes)


def _pack_conv(op: Any, lanes: int) -> None:
    conv = op.opview
    if conv.layout != "NHWC" or conv.filter_layout != "OIHW":
        return
    x, w, bias = conv.operand_groups()
    out, depth, *kernel = w.type.shape
    spatial = len(kernel)
    if conv.group == 1:
        window = tuple(op.results[0].type.shape[1:3]) if spatial == 2 else None
        block = packing_for(out, window=window, lanes=lanes)
        packed = _blocked(_padded(w, 0, block), 0, block)
        order = [0, *range(3, 3 + spatial), 2, 1]
        changes = {"filter_layout": "packed", "out_channels": out}
        filters = Transpose.build(packed, permutation=order)
    elif conv.group == out and depth == 1 and x.type.shape[-1] == out:
        flat = Reshape.build(w, shape=[out, *kernel])
        filters = Transpose.build(flat, permutation=[*range(1, 1 + spatial), 0])
        changes = {"filter_layout": "depthwise"}
    else:
        return
    y = Conv.build(x, filters, bias, **(conv.attr_values() | changes))
    op.results[0].replace_all_uses_with(y)
    op.erase()


def _pack_matmul(op: Any, lanes: int) -> None:
    matmul = op.opview
    lhs, rhs = op.operands
    is_f32 = str(rhs.type.element_type) == "f32"
    if matmul.rhs_layout != "KN" or rhs.type.rank != 2 or not is_f32:
        return
    columns = rhs.type.shape[1]
    rows = 1
    for d in lhs.type.shape[:-1]:
        rows *= d
    if columns < lanes or rows == 0:
        return
    block = packing_for(columns, rows=rows, lanes=lanes)
    packed = Transpose.build(_blocked(_padded(rhs, 1, block), 1, block), permutation=[1, 0, 2])
    y = Matmul.build(lhs, packed, rhs_layout="packed", columns=columns)
    op.results[0].replace_all_uses_with(y)
    op.erase()


def _padded(w: Any, axis: int, block: int) -> Any:
    """Zeros appended along `axis` up to a multiple of `block`."""
    extra = -w.type.shape[axis] % block
    if not extra:
        return w
    zero = Constant.of(np.zeros((), np.float32))
    high = [extra if i == axis else 0 for i in range(w.type.rank)]
    return Pad.build(w, zero, low=[0] * w.type.rank, high=high)


def _blocked(w: Any, axis: int, block: int) -> Any:
    """Dimension `axis` of size d as [d / block, block]."""
    shape = list(w.type.shape)
    shape[axis : axis + 1] = [shape[axis] // block, block]
    return Reshape.build(w, shape=shape)
