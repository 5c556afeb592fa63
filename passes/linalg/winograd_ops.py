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
    m = _products(b, op, v, w)
    y = _outputs(b, op, m)
    if bias is None:
        return y
    return b.elementwise([y, bias], op.y.type, b.arith.addf)


def _padded(b: Builder, op: Any, x: Any) -> Any:
    """The image with its pads, and zeros where the last tiles reach beyond."""
    rank, spatial = x.type.rank, x.type.rank - 2
    low = [0, *op.pads[:spatial], 0]
    reach = [count * op.tile + 2 for count in _grid(op)]
    sizes = [size + pad for size, pad in zip(x.type.shape, low, strict=True)]
    high = [0, *op.pads[spatial:-2], *(r - s for r, s in zip(reach, sizes[-3:-1], strict=True)), 0]
    keep = [min(0, h) for h in high]
    if any(keep):
        sizes = [d + k for d, k in zip(x.type.shape, keep, strict=True)]
        x = b.slice(x, [0] * rank, sizes, [1] * rank)
    zero = b.scalar(0, x.type.element_type)
    return b.pad(x, low, [max(0, h) for h in high], zero)


def _inputs(b: Builder, op: Any, x: Any) -> Any:
    """V [n, n, N, (D,) rows, columns, I] = sum over (p, q) of B^T[i, p] B^T[j, q] x."""
    *outer, _, _, channels = x.type.shape
    n, total = op.tile + 2, len(outer) + 7
    matrix = _constant(b, input_transform(op.tile), x.type.element_type)
    i, j, *images, row, column, channel, p, q = (dim(k) for k in range(total))
    maps = [
        affine_map(total, [i, p]),
        affine_map(total, [j, q]),
        affine_map(total, [*images, row * op.tile + p, column * op.tile + q, channel]),
        affine_map(total, [i, j, *images, row, column, channel]),
    ]
    type_ = tensor([n, n, *outer, *_grid(op), channels], x.type.element_type)
    return _transformed(b, matrix, x, maps, type_)


def _products(b: Builder, op: Any, v: Any, w: Any) -> Any:
    """M [n^2, N rows columns, blocks, block] = V U."""
    if v.type.rank == 7:
        return _products_along_depth(b, op, v, w)
    n, _, batch, rows, columns, channels = v.type.shape
    tiles = batch * rows * columns
    p, t, o, c, k = (dim(i) for i in range(5))
    flat = b.reshape(v, [n * n, tiles, channels])
    maps = [affine_map(5, [p, t, k]), affine_map(5, [o, p, k, c]), affine_map(5, [p, t, o, c])]
    shape = [n * n, tiles, w.type.shape[0], w.type.shape[-1]]
    return contract(b, flat, w, maps, tensor(shape, v.type.element_type), reductions=1)


def _products_along_depth(b: Builder, op: Any, v: Any, w: Any) -> Any:
    """M [n^2, N, OD, rows columns, blocks, block] = sum over the taps of V U."""
    n, _, batch, size, rows, columns, channels = v.type.shape
    taps, stride, dilation = op.depth
    blocks, _, _, block = w.type.shape
    p, image, d, t, o, c, tap, k = (dim(i) for i in range(8))
    flat = b.reshape(v, [n * n, batch, size, rows * columns, channels])
    filters = b.reshape(w, [blocks, n * n, taps, channels, block])
    maps = [
        affine_map(8, [p, image, d * stride + tap * dilation, t, k]),
        affine_map(8, [o, p, tap, k, c]),
        affine_map(8, [p, image, d, t, o, c]),
    ]
    shape = [n * n, batch, op.y.type.shape[1], rows * columns, blocks, block]
    type_ = tensor(shape, v.type.element_type)
    return contract(b, flat, filters, maps, type_, reductions=2)


def _outputs(b: Builder, op: Any, m: Any) -> Any:
    """y [N, (D,) H, W, O] = sum over (p, q) of A^T[h mod m, p] A^T[w mod m, q] M."""
    type_ = op.y.type
    n, tile, block = op.tile + 2, op.tile, m.type.shape[-1]
    matrix = _constant(b, output_transform(tile), type_.element_type)
    total = type_.rank + 2
    *images, h, w, o, p, q = (dim(k) for k in range(total))
    blocks = [_quotient(h, tile), _quotient(w, tile), _quotient(o, block), o % block]
    split = b.reshape(m, [n, n, *type_.shape[:-3], *_grid(op), *m.type.shape[-2:]])
    maps = [
        affine_map(total, [h % tile, p]),
        affine_map(total, [w % tile, q]),
        affine_map(total, [p, q, *images, *blocks]),
        affine_map(total, [*images, h, w, o]),
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
    *_, height, width, _ = op.y.type.shape
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
