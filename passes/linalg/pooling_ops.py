"""Lowering of sliding-window maximum and mean, NCHW and NHWC, any number of spatial dimensions."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.linear import from_channels_first, to_channels_first
from aicc.dialects.graph.pooling import AveragePool, MaxPool
from aicc.dialects.graph.types import is_float, is_unsigned

from .elementwise_ops import Scope, convert
from .lowering import Builder, affine_map, dim, lowers, signless


def lowest(element: Any) -> float | int:
    """The value that never wins a maximum, of a graph element type."""
    if is_float(element):
        return float("-inf")
    return 0 if is_unsigned(element) else -(1 << (element.width - 1))


def highest(element: Any) -> float | int:
    """The value that never wins a minimum."""
    if is_float(element):
        return float("inf")
    return (1 << element.width) - 1 if is_unsigned(element) else (1 << (element.width - 1)) - 1


def spatial_list(values: list[int], layout: str, outer: int) -> list[int]:
    """One entry per dimension of an image from the spatial `values`; `outer` for N and C."""
    return from_channels_first([outer, outer, *values], layout)


class Window:
    """Padded input, loop maps and kernel shape of a pooling op."""

    def __init__(self, b: Builder, op: Any, x: Any, fill: Any) -> None:
        self.layout = op.layout
        size = to_channels_first(x.type.shape, self.layout)[2:]
        spatial = len(size)
        self.result = signless(op.operation.results[0].type)
        out = to_channels_first(self.result.shape, self.layout)[2:]
        begins = list(op.pads[:spatial])
        # what the last window reads; with ceil_mode that may be beyond the given end padding
        ends = [
            max(
                0,
                (out[i] - 1) * op.strides[i]
                + (op.kernel[i] - 1) * op.dilations[i]
                + 1
                - size[i]
                - begins[i],
            )
            for i in range(spatial)
        ]
        low = spatial_list(begins, self.layout, 0)
        self.padded = b.pad(x, low, spatial_list(ends, self.layout, 0), fill)
        rank = spatial + 2
        positions = range(1, 1 + spatial) if self.layout == "NHWC" else range(2, 2 + spatial)
        source = [dim(i) for i in range(rank)]
        for k, i in enumerate(positions):
            source[i] = dim(i) * op.strides[k] + dim(rank + k) * op.dilations[k]
        total = rank + spatial
        self.reductions = spatial
        self.source = affine_map(total, source)
        self.window = affine_map(total, [dim(rank + k) for k in range(spatial)])
        self.target = affine_map(total, [dim(i) for i in range(rank)])
        self.kernel = b.empty(ir.RankedTensorType.get(list(op.kernel), x.type.element_type))

    def reduce(self, b: Builder, x: Any, init: Any, body: Any) -> Any:
        """Fold the window's elements into `init` by body(element, accumulator)."""
        return b.generic(
            [x, self.kernel],
            [self.source, self.window, self.target],
            init,
            lambda v, _, acc: body(v, acc),
            reductions=self.reductions,
        )


@lowers(MaxPool)
def lower_max_pool(b: Builder, op: Any, x: Any) -> Any:
    """Maximum; padding holds the lowest value."""
    element = op.operation.operands[0].type.element_type
    fill = b.scalar(lowest(element), x.type.element_type)
    window = Window(b, op, x, fill)
    scope = Scope(b, element, {})
    init = b.filled(window.result, fill)
    return window.reduce(b, window.padded, init, lambda v, acc: scope.maximum(acc, v))


@lowers(AveragePool)
def lower_average_pool(b: Builder, op: Any, x: Any) -> Any:
    """Sum of the window over the number of its elements that count."""
    zero = b.scalar(0, x.type.element_type)
    window = Window(b, op, x, zero)
    init = b.filled(window.result, zero)
    total = window.reduce(b, window.padded, init, lambda v, acc: b.sum_of(acc, v))
    spatial = len(op.kernel)
    size = to_channels_first(x.type.shape, op.layout)[2:]
    first = 1 if op.layout == "NHWC" else 2

    def mean(v: Any) -> Any:
        count = b.index(1)
        for k in range(spatial):
            index = b.position(first + k)
            count = b.arith.muli(count, _counted(b, op, k, index, size[k], spatial))
        number = b.arith.index_cast(ir.IntegerType.get_signless(64), count)
        divisor = convert(b, number, ir.IntegerType.get_signless(64), v.type)
        return b.arith.divf(v, divisor)

    return b.elementwise([total], window.result, mean)


def _counted(b: Builder, op: Any, k: int, index: Any, size: int, spatial: int) -> Any:
    """How many taps of the window at `index` count along spatial dimension k."""
    a = b.arith
    begin, end = op.pads[k], op.pads[spatial + k]
    low, high = (-begin, size + end) if op.count_include_pad else (0, size)
    dilation = op.dilations[k]
    start = a.subi(a.muli(index, b.index(op.strides[k])), b.index(begin))
    if not op.count_include_pad and begin == 0 and end == 0 and not op.ceil_mode:
        return b.index(op.kernel[k])
    # taps t with low <= start + t * dilation < high
    first = a.maxsi(b.index(0), _ceil_div(b, a.subi(b.index(low), start), dilation))
    last = a.minsi(b.index(op.kernel[k]), _ceil_div(b, a.subi(b.index(high), start), dilation))
    return a.maxsi(b.index(0), a.subi(last, first))


def _ceil_div(b: Builder, value: Any, divisor: int) -> Any:
    return value if divisor == 1 else b.arith.ceildivsi(value, b.index(divisor))
