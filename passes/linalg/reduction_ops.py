"""Lowering of reductions, softmax and normalisations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.reduction import (
    REDUCE,
    BatchNorm,
    LayerNorm,
    Softmax,
)
from aicc.dialects.graph.types import normalize_axes, tensor

from .elementwise_ops import Scope, convert
from .lowering import Builder, affine_map, dim, lowers, signless
from .pooling_ops import highest, lowest


def reduce(b: Builder, x: Any, axes: list[int], start: Any, body: Callable[[Any, Any], Any]) -> Any:
    """Fold `axes` of x into scalars by body(element, accumulator); their dimensions are dropped.

    The loops run in memory order: where the last dimension is kept, vectors run along it.
    """
    rank = x.type.rank
    kept = [i for i in range(rank) if i not in axes]
    target = affine_map(rank, [dim(i) for i in kept])
    flat = tensor([x.type.shape[i] for i in kept], start.type)
    maps = [ir.AffineMap.get_identity(rank), target]
    return b.generic([x], maps, b.filled(flat, start), body, reductions=axes)


def spread(
    b: Builder, x: Any, reduced: Any, axes: list[int], body: Callable[[Any, Any], Any]
) -> Any:
    """body(x[i], reduced[i without `axes`]) for every element of x."""
    rank = x.type.rank
    identity = ir.AffineMap.get_identity(rank)
    kept = affine_map(rank, [dim(i) for i in range(rank) if i not in axes])
    maps = [identity, kept, identity]
    return b.generic([x, reduced], maps, b.empty(x.type), lambda v, r, _: body(v, r))


def reduce_kind(b: Builder, kind: str, x: Any, element: Any, axes: list[int]) -> Any:
    """Reduction of `axes`, which are dropped, by sum, mean, max, min or prod.

    `element` is the graph element type of x.
    """
    scope = Scope(b, element, {})
    low = x.type.element_type
    if kind in ("max", "min"):
        start = b.scalar(lowest(element) if kind == "max" else highest(element), low)
        fold = scope.maximum if kind == "max" else scope.minimum
        return reduce(b, x, axes, start, lambda v, acc: fold(acc, v))
    if kind == "prod":
        return reduce(b, x, axes, b.scalar(1, low), lambda v, acc: scope.mul(acc, v))
    total = reduce(b, x, axes, b.scalar(0, low), lambda v, acc: b.sum_of(acc, v))
    if kind == "sum":
        return total
    count = 1
    for a in axes:
        count *= x.type.shape[a]
    return b.elementwise([total], total.type, lambda v: scope.div(v, b.scalar(count, v.type)))


def _lower_reduce(b: Builder, op: Any, x: Any) -> Any:
    axes = normalize_axes(op.axes, x.type.rank)
    result = signless(op.operation.results[0].type)
    kind = op.OPERATION_NAME.removeprefix("graph.reduce_")
    element = op.operation.operands[0].type.element_type
    if not axes:
        return x
    if str(element) in ("f16", "bf16"):
        wide = widen(b, x)
        y = reduce_kind(b, kind, wide, ir.F32Type.get(), axes)
        narrow = tensor(y.type.shape, element)
        y = b.elementwise([y], narrow, lambda v: convert(b, v, ir.F32Type.get(), element))
    else:
        y = reduce_kind(b, kind, x, element, axes)
    return b.reshape(y, list(result.shape))


lowers(*REDUCE.values())(_lower_reduce)


def widen(b: Builder, x: Any) -> Any:
    """f16 and bf16 as f32; anything else as it is."""
    element = x.type.element_type
    if str(element) not in ("f16", "bf16"):
        return x
    wide = ir.F32Type.get()
    return b.elementwise([x], tensor(x.type.shape, wide), lambda v: convert(b, v, element, wide))


def narrow(b: Builder, x: Any, result: Any) -> Any:
    """Back to the element type of `result`."""
    source, target = x.type.element_type, result.element_type
    if source == target:
        return x
    return b.elementwise([x], result, lambda v: convert(b, v, source, target))


def rounded(b: Builder, x: Any, element: Any) -> Any:
    """f32 values to the precision of f16 or bf16; any other `element` leaves them as they are."""
    if x.type.element_type == element:
        return x
    wide = x.type.element_type
    return b.elementwise(
        [x], x.type, lambda v: convert(b, convert(b, v, wide, element), element, wide)
    )


@lowers(Softmax)
def lower_softmax(b: Builder, op: Any, x: Any) -> Any:
    """Maximum, exponentials, their sum, quotient; 16-bit floats are rounded at every step.

    f32 is multiplied by the inverse of the sum: divisions cost more than the exponentials.
    """
    result = signless(op.operation.results[0].type)
    half = result.element_type
    x = widen(b, x)
    axis = [op.axis % x.type.rank]
    element = x.type.element_type
    highest_of = _largest(b, x, axis)
    shifted = rounded(b, spread(b, x, highest_of, axis, b.arith.subf), half)
    exps = rounded(b, b.elementwise([shifted], x.type, b.math.exp), half)
    total = rounded(b, reduce_kind(b, "sum", exps, element, axis), half)
    if op.log:
        logs = b.elementwise([total], total.type, b.math.log)
        y = spread(b, shifted, logs, axis, b.arith.subf)
    elif b.strict_fp or half != element:
        y = spread(b, exps, total, axis, b.arith.divf)
    else:
        one = b.scalar(1, element)
        inverse = b.elementwise([total], total.type, lambda t: b.arith.divf(one, t))
        y = spread(b, exps, inverse, axis, b.arith.mulf)
    return narrow(b, y, result)


def _largest(b: Builder, x: Any, axis: list[int]) -> Any:
    """The maximum, or anything where there is a NaN: the exponentials show it anyway.

    A comparison and a selection are one instruction; a maximum that keeps NaN takes three.
    """
    element, greater = x.type.element_type, b.arith.CmpFPredicate.OGT
    if b.strict_fp or not isinstance(element, ir.F32Type):
        return reduce_kind(b, "max", x, element, axis)

    def larger(value: Any, held: Any) -> Any:
        return b.arith.select(b.arith.cmpf(greater, value, held), value, held)

    return reduce(b, x, axis, b.scalar(lowest(element), element), larger)


def normalize(b: Builder, x: Any, axes: list[int], epsilon: float, center: bool = True) -> Any:
    """(x - mean) / sqrt(variance + epsilon) over `axes`; without `center` the mean counts as 0."""
    element = x.type.element_type
    centred = x
    if center:
        mean = reduce_kind(b, "mean", x, element, axes)
        centred = spread(b, x, mean, axes, b.arith.subf)
    squares = b.elementwise([centred], x.type, lambda v: b.arith.mulf(v, v))
    variance = reduce_kind(b, "mean", squares, element, axes)

    def inverse(v: Any) -> Any:
        root = b.math.sqrt(b.arith.addf(v, b.scalar(epsilon, v.type)))
        return b.arith.divf(b.scalar(1, v.type), root)

    scale = b.elementwise([variance], variance.type, inverse)
    return spread(b, centred, scale, axes, b.arith.mulf)


def scale_and_shift(b: Builder, y: Any, scale: Any, bias: Any) -> Any:
    """y * scale + bias; both broadcast, bias may be None."""
    y = b.elementwise([y, widen(b, scale)], y.type, b.arith.mulf)
    return y if bias is None else b.elementwise([y, widen(b, bias)], y.type, b.arith.addf)


@lowers(LayerNorm)
def lower_layer_norm(b: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    """Over the dimensions from `axis` on."""
    result = signless(op.operation.results[0].type)
    x = widen(b, x)
    axes = list(range(op.axis % x.type.rank, x.type.rank))
    y = normalize(b, x, axes, op.epsilon, op.center)
    return narrow(b, scale_and_shift(b, y, scale, bias), result)


def _per_channel(b: Builder, value: Any, layout: str, rank: int) -> Any:
    channel = 1 if layout == "NCHW" else rank - 1
    size = value.type.shape[0]
    return b.reshape(value, [size if i == channel else 1 for i in range(rank)])


@lowers(BatchNorm)
def lower_batch_norm(
    b: Builder, op: Any, x: Any, scale: Any, bias: Any, mean: Any, variance: Any
) -> Any:
    """x * factor + offset with factor = scale / sqrt(variance + epsilon)."""
    result = signless(op.operation.results[0].type)
    x = widen(b, x)
    scale, bias, mean, variance = (widen(b, v) for v in (scale, bias, mean, variance))

    def factor_of(s: Any, v: Any) -> Any:
        return b.arith.divf(s, b.math.sqrt(b.arith.addf(v, b.scalar(op.epsilon, v.type))))

    def offset_of(c: Any, m: Any, f: Any) -> Any:
        return b.arith.subf(c, b.arith.mulf(m, f))

    factor = b.elementwise([scale, variance], scale.type, factor_of)
    offset = b.elementwise([bias, mean, factor], scale.type, offset_of)
    wide = [_per_channel(b, v, op.layout, x.type.rank) for v in (factor, offset)]
    return narrow(b, scale_and_shift(b, x, *wide), result)
