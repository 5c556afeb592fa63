"""The filter of a Winograd convolution from the filter of a convolution, as ops on weights.

    w [O, I, 3, 3]  ->  U = G w G^T in panels [ceil(O/block), n^2, I, block], zeros beyond O

The taps of a volume's filter [O, I, taps, 3, 3] are as many filters, one after the other along I.

Computed in f64 and rounded once. Rows and columns are transformed one after the other, each by a
matrix product with G whose columns are the elements of many filters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import Cast
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Pad, Reshape, Transpose
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.winograd import KERNEL, filter_transform, positions


def transformed_filter(w: Any, tile: int, block: int) -> Any:
    """Ops at the insertion point that make the panels of a filter [O, I, (taps,) 3, 3]."""
    if w.type.rank == 5:
        w = Transpose.build(w, permutation=[0, 2, 1, 3, 4])
        out, taps, channels, *_ = w.type.shape
        w = Reshape.build(w, shape=[out, taps * channels, KERNEL, KERNEL])
    out, depth, *_ = w.type.shape
    blocks, n = -(-out // block), tile + KERNEL - 1
    if extra := blocks * block - out:
        zero = Constant.of(np.zeros((), np.float32))
        w = Pad.build(w, zero, low=[0] * 4, high=[extra, 0, 0, 0])
    w = Reshape.build(w, shape=[blocks, block, depth, KERNEL, KERNEL])
    w = Transpose.build(w, permutation=[0, 3, 4, 2, 1])
    w = Cast.build(w, to=ir.F64Type.get())
    g = Constant.of(np.array(filter_transform(tile)))
    rows = Matmul.build(g, Reshape.build(w, shape=[blocks, KERNEL, KERNEL * depth * block]))
    columns = Matmul.build(g, Reshape.build(rows, shape=[blocks * n, KERNEL, depth * block]))
    u = Cast.build(columns, to=ir.F32Type.get())
    return Reshape.build(u, shape=[blocks, positions(tile), depth, block])
