"""Lowering of instance normalisation.

Channels first, an instance is a row of its own for each channel. Channels last, the operand is read
twice and written nowhere in between: row by row the sum and the squared distances from the row's
own mean, which together give those of the image (Chan, Golub and LeVeque, 1979), and then
`x * factor + offset` with one factor and offset for each channel.

    %s = sum of %x [N, H, C]; %q = sum of (%x - %s / W)^2 [N, H, C]
    %mean = sum of %s / count [N, C]
    %var = sum of (%q + (%s / W - %mean)^2 * W) / count [N, C]
    %factor = scale / sqrt(%var + epsilon); %offset = bias - %mean * %factor
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from aicc._mlir import dialect
from aicc.dialects.graph.reduction import InstanceNorm
from aicc.dialects.graph.types import tensor

from .lowering import Builder, affine_map, dim, lowers, signless
from .reduction_ops import narrow, normalize, scale_and_shift, widen

# Elements of a row that stay in the first-level cache between its walks.
LONGEST_ROW = 8192


@lowers(InstanceNorm)
def lower_instance_norm(b: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    """Over the spatial dimensions."""
    result = signless(op.operation.results[0].type)
    wide = widen(b, x)
    if op.layout == "NCHW":
        y = _rows(b, op, wide, widen(b, scale), widen(b, bias))
    else:
        y = _channels_last(b, op, wide, widen(b, scale), widen(b, bias))
    return narrow(b, b.reshape(y, list(result.shape)), result)


def _rows(b: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    """Short rows are kept near by the schedule of row kernels; long ones are plain loops."""
    batch, channels, *size = x.type.shape
    if prod(size) <= LONGEST_ROW:
        x = b.reshape(x, [batch, channels, prod(size)])
    rank = x.type.rank
    columns = [b.reshape(v, [1, channels, *[1] * (rank - 2)]) for v in (scale, bias)]
    return scale_and_shift(b, normalize(b, x, list(range(2, rank)), op.epsilon), *columns)


def _channels_last(b: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    batch, *size, channels = x.type.shape
    x = b.reshape(x, [batch, size[0], prod(size[1:]), channels])
    state, element = tensor([batch, channels], x.type.element_type), x.type.element_type
    count, width = (b.scalar(n, element) for n in (prod(size), prod(size[1:])))
    a, sums, squares = b.arith, *_row_statistics(b, x)

    def mean_of(total: Any) -> Any:
        return a.divf(total, count)

    mean = kept_in_memory(b, b.elementwise([_over_rows(b, [sums], lambda s: s)], state, mean_of))

    def apart(q: Any, s: Any, m: Any) -> Any:
        difference = a.subf(a.divf(s, width), m)
        return a.addf(q, a.mulf(a.mulf(difference, difference), width))

    total = _over_rows(b, [squares, sums, mean], apart)

    def factor_of(v: Any, s: Any) -> Any:
        variance = a.addf(a.divf(v, count), b.scalar(op.epsilon, v.type))
        return a.divf(s, b.math.sqrt(variance))

    factor = kept_in_memory(b, b.elementwise([total, scale], state, factor_of))
    offset = kept_in_memory(
        b,
        b.elementwise([bias, mean, factor], state, lambda c, m, f: a.subf(c, a.mulf(m, f))),
    )
    whole, channel = _maps([0, 1, 2, 3], [0, 3], rank=4)
    return b.generic(
        [x, factor, offset],
        [whole, channel, channel, whole],
        b.empty(x.type),
        lambda v, f, c, _: a.addf(a.mulf(v, f), c),
    )


def _maps(*dims: list[int], rank: int) -> list[Any]:
    return [affine_map(rank, [dim(i) for i in row]) for row in dims]


def _row_statistics(b: Builder, x: Any) -> tuple[Any, Any]:
    """[N, H, C] each: the sums of image rows, and the squared distances from the rows' means."""
    batch, height, width, channels = x.type.shape
    rows = tensor([batch, height, channels], x.type.element_type)
    whole, row = _maps([0, 1, 2, 3], [0, 1, 3], rank=4)
    inverse = b.scalar(1.0 / width, x.type.element_type)
    zeros = [b.filled(rows, 0) for _ in range(2)]

    def square(v: Any, s: Any, acc: Any) -> Any:
        difference = b.arith.subf(v, b.arith.mulf(s, inverse))
        return b.sum_of(acc, b.arith.mulf(difference, difference))

    sums = b.generic([x], [whole, row], zeros[0], lambda v, acc: b.sum_of(acc, v), reductions=[2])
    squares = b.generic([x, sums], [whole, row, row], zeros[1], square, reductions=[2])
    return sums, squares


def _over_rows(b: Builder, inputs: list[Any], body: Callable[..., Any]) -> Any:
    """[N, C]: `body` of what is [N, H, C] or [N, C], added up."""
    batch, _, channels = inputs[0].type.shape
    row, channel = _maps([0, 1, 2], [0, 2], rank=3)
    maps = [row if v.type.rank == 3 else channel for v in inputs]
    total = b.filled(tensor([batch, channels], inputs[0].type.element_type), 0)
    return b.generic(
        inputs, [*maps, channel], total, lambda *v: b.sum_of(v[-1], body(*v[:-1])), reductions=[1]
    )


def kept_in_memory(b: Builder, value: Any) -> Any:
    """The value in memory: as a part of what reads it, it would be computed for every pixel."""
    place = dialect("bufferization").AllocTensorOp(value.type, []).result
    made = dialect("bufferization").MaterializeInDestinationOp(value.type, value, place)
    return made.result
