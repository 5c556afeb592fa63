"""Plain form of a Winograd convolution: three transforms as contractions; and its kernel's plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.types import tensor
from aicc.dialects.graph.winograd import (
    Matrix,
    WinogradConv,
    input_transform,
    output_transform,
)
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.winograd.plan import WinogradPlan

from .linear_ops import contract
from .lowering import Builder, affine_map, dim, lowers


@lowers(WinogradConv)
def lower_winograd_conv(b: Builder, op: Any, x: Any, w: Any, bias: Any) -> Any:
    """y = A^T [U * (B^T x B)] A; the function that holds it gets the plan."""
    _attach_plan(op, x, w)
    v = _inputs(b, op, _padded(b, op, x))
    m = _products(b, v, w)
    y = _outputs(b, op, m)
    if bias is None:
        return y
    return b.elementwise([y, bias], op.y.type, b.arith.addf)


def _padded(b: Builder, op: Any, x: Any) -> Any:
    """The image with its pads, and zeros where the last tiles reach beyond."""
    _, height, width, _ = x.type.shape
    top, left, _, _ = op.pads
    rows, columns = _grid(op)
    reach = [count * op.tile + 2 for count in (rows, columns)]
    high = [0, reach[0] - top - height, reach[1] - left - width, 0]
    keep = [min(0, h) for h in high]
    if any(keep):
        sizes = [d + k for d, k in zip(x.type.shape, keep, strict=True)]
        x = b.slice(x, [0] * 4, sizes, [1] * 4)
    zero = b.scalar(0, x.type.element_type)
    return b.pad(x, [0, top, left, 0], [max(0, h) for h in high], zero)


def _inputs(b: Builder, op: Any, x: Any) -> Any:
    """V [n, n, N, rows, columns, I] = sum over (p, q) of B^T[i, p] B^T[j, q] x."""
    rows, columns = _grid(op)
    batch, _, _, channels = x.type.shape
    n = op.tile + 2
    matrix = _constant(b, input_transform(op.tile), x.type.element_type)
    i, j, image, row, column, channel, p, q = (dim(k) for k in range(8))
    maps = [
        affine_map(8, [i, p]),
        affine_map(8, [j, q]),
        affine_map(8, [image, row * op.tile + p, column * op.tile + q, channel]),
        affine_map(8, [i, j, image, row, column, channel]),
    ]
    type_ = tensor([n, n, batch, rows, columns, channels], x.type.element_type)
    return _transformed(b, matrix, x, maps, type_)


def _products(b: Builder, v: Any, w: Any) -> Any:
    """M [n^2, N rows columns, blocks, block] = V U."""
    n, _, batch, rows, columns, channels = v.type.shape
    tiles = batch * rows * columns
    p, t, o, c, k = (dim(i) for i in range(5))
    flat = b.reshape(v, [n * n, tiles, channels])
    maps = [affine_map(5, [p, t, k]), affine_map(5, [o, p, k, c]), affine_map(5, [p, t, o, c])]
    shape = [n * n, tiles, w.type.shape[0], w.type.shape[-1]]
    return contract(b, flat, w, maps, tensor(shape, v.type.element_type), reductions=1)


def _outputs(b: Builder, op: Any, m: Any) -> Any:
    """y [N, H, W, O] = sum over (p, q) of A^T[h mod m, p] A^T[w mod m, q] M."""
    rows, columns = _grid(op)
    type_ = op.y.type
    n, tile, block = op.tile + 2, op.tile, m.type.shape[-1]
    matrix = _constant(b, output_transform(tile), type_.element_type)
    image, h, w, o, p, q = (dim(k) for k in range(6))
    blocks = [_quotient(h, tile), _quotient(w, tile), _quotient(o, block), o % block]
    split = b.reshape(m, [n, n, type_.shape[0], rows, columns, *m.type.shape[2:]])
    maps = [
        affine_map(6, [h % tile, p]),
        affine_map(6, [w % tile, q]),
        affine_map(6, [p, q, image, *blocks]),
        affine_map(6, [image, h, w, o]),
    ]
    return _transformed(b, matrix, split, maps, type_)


def _quotient(expr: Any, divisor: int) -> Any:
    return ir.AffineExpr.get_floor_div(expr, divisor)


def _transformed(b: Builder, matrix: Any, x: Any, maps: list[Any], type_: Any) -> Any:
    """sum over the last two loops of matrix * matrix * x."""

    def body(u: Any, v: Any, d: Any, sum_: Any) -> Any:
        return b.sum_of(sum_, b.arith.mulf(b.arith.mulf(u, v), d))

    return b.generic([matrix, matrix, x], maps, b.filled(type_, 0), body, reductions=2)


def _constant(b: Builder, matrix: Matrix, element: Any) -> Any:
    """A matrix of a transform, at most 36 elements."""
    numbers = [ir.FloatAttr.get(element, x) for x in np.ravel(matrix).tolist()]
    type_ = tensor([len(matrix), len(matrix[0])], element)
    return b.arith.ConstantOp(type_, ir.DenseElementsAttr.get(numbers, type_)).result


def _grid(op: Any) -> tuple[int, int]:
    """Rows and columns of tiles."""
    _, height, width, _ = op.y.type.shape
    return -(-height // op.tile), -(-width // op.tile)


def _attach_plan(op: Any, x: Any, w: Any) -> None:
    """Describe the kernel on the function, where image and filter are arguments of it."""
    block = ir.InsertionPoint.current.block
    function = block.owner.operation
    arguments = list(block.arguments)
    if function.name != "func.func" or x not in arguments or w not in arguments:
        return
    module = function.parent
    plan = WinogradPlan.of(
        op,
        (arguments.index(x), arguments.index(w)),
        target.of_module(module),
        threads_of(module),
    )
    plan.attach(function)
