"""Lowering of data movement."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.movement import Concat, Expand, Pad, Reshape, Slice, Transpose
from aicc.dialects.graph.types import tensor

from .lowering import Builder, lowers, signless
from .structure_ops import transposed


@lowers(Reshape)
def lower_reshape(b: Builder, op: Any, x: Any) -> Any:
    """A view."""
    return b.reshape(x, op.shape)


@lowers(Transpose)
def lower_transpose(b: Builder, op: Any, x: Any) -> Any:
    """A copy in another order."""
    return transposed(b, x, op.permutation)


@lowers(Expand)
def lower_expand(b: Builder, op: Any, x: Any) -> Any:
    """A copy that reads unit dimensions again and again."""
    return b.elementwise([x], signless(op.operation.results[0].type), lambda v: v)


@lowers(Slice)
def lower_slice(b: Builder, op: Any, x: Any) -> Any:
    """extract_slice; a negative step reads through computed indices."""
    starts, sizes, steps = op.starts, op.sizes, op.steps
    if 0 in sizes:
        return b.empty(tensor(sizes, x.type.element_type))
    if all(s > 0 for s in steps):
        return b.slice(x, starts, sizes, steps)
    return b.indexed(
        tensor(sizes, x.type.element_type),
        lambda *i: b.tensor.extract(
            x, [_strided(b, *each) for each in zip(i, starts, steps, strict=True)]
        ),
    )


def _strided(b: Builder, index: Any, start: int, step: int) -> Any:
    return b.arith.addi(b.arith.muli(index, b.index(step)), b.index(start))


@lowers(Concat)
def lower_concat(b: Builder, op: Any, inputs: list[Any]) -> Any:
    """Each operand is inserted at its offset."""
    type_ = signless(op.operation.results[0].type)
    axis = op.axis % type_.rank
    result, offset = b.empty(type_), 0
    for x in inputs:
        starts = [0] * type_.rank
        starts[axis] = offset
        offset += x.type.shape[axis]
        if 0 in x.type.shape:
            continue
        result = b.tensor.InsertSliceOp(
            x, result, [], [], [], starts, list(x.type.shape), [1] * type_.rank
        ).result
    return result


@lowers(Pad)
def lower_pad(b: Builder, op: Any, x: Any, value: Any) -> Any:
    """Constant padding by tensor.pad (after cutting negative pads), other modes by indices."""
    low, high = op.low, op.high
    if op.mode == "constant":
        rank = x.type.rank
        starts = [max(0, -p) for p in low]
        sizes = [d + min(0, p) + min(0, q) for d, p, q in zip(x.type.shape, low, high, strict=True)]
        if any(p < 0 for p in [*low, *high]):
            x = b.slice(x, starts, sizes, [1] * rank)
        fill = b.tensor.extract(value, [])
        return b.pad(x, [max(0, p) for p in low], [max(0, p) for p in high], fill)
    shape = x.type.shape
    return b.indexed(
        signless(op.operation.results[0].type),
        lambda *i: b.tensor.extract(
            x, [_folded(b, op.mode, k, low[d], shape[d]) for d, k in enumerate(i)]
        ),
    )


def _folded(b: Builder, mode: str, index: Any, low: int, size: int) -> Any:
    """Source index of a padded position: clamped, mirrored or wrapped."""
    a = b.arith
    zero, last = b.index(0), b.index(size - 1)
    i = a.subi(index, b.index(low))
    if mode == "edge":
        return a.maxsi(zero, a.minsi(i, last))
    if mode == "wrap":
        r = a.remsi(i, b.index(size))
        return a.select(a.cmpi(a.CmpIPredicate.slt, r, zero), a.addi(r, b.index(size)), r)
    if size == 1:
        return zero
    # reflect with period 2 * (size - 1)
    period = b.index(2 * (size - 1))
    r = a.remsi(i, period)
    r = a.select(a.cmpi(a.CmpIPredicate.slt, r, zero), a.addi(r, period), r)
    return a.select(a.cmpi(a.CmpIPredicate.sgt, r, last), a.subi(period, r), r)
