"""Lowering of the sampling of deformable convolution.

graph.deform_columns(%x, %offset) -> linalg.generic over [N, C, taps, spatial...] { position from
%offset; taps' indices and weights; weighted sum }
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.deformable import DeformColumns
from aicc.dialects.graph.types import element_count

from .elementwise_ops import convert
from .lowering import Builder, lowers, signless
from .sampling_ops import Coordinates, Tap, to_float, weighted


@lowers(DeformColumns)
def lower_deform_columns(b: Builder, op: Any, x: Any, offset: Any, mask: Any) -> Any:
    """One weighted sum per element."""
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape or 0 in x.type.shape:
        return b.filled(type_, 0)
    c = Coordinates(b, offset.type.element_type)
    spatial, taps = x.type.rank - 2, element_count(op.kernel)
    per_group = x.type.shape[1] // op.groups
    a = b.arith

    def body(sample: Any, channel: Any, tap: Any, *place: Any) -> Any:
        group = a.divui(channel, b.index(per_group))
        row = a.addi(a.muli(group, b.index(taps)), tap)
        sides = []
        for d in range(spatial):
            moved = a.addi(a.muli(row, b.index(spatial)), b.index(d))
            shift = c.load(offset, [sample, moved, *place])
            position = _position(c, op, place[d], _kernel_index(b, op, tap, d), d)
            sides.append(_sides(c, c.s.add(position, shift), x.type.shape[2 + d]))
        value = weighted(c, x, [sample, channel], sides, type_.element_type)
        if mask is None:
            return value
        scale = b.tensor.extract(mask, [sample, row, *place])
        return a.mulf(value, convert(b, scale, mask.type.element_type, type_.element_type))

    return b.indexed(type_, body)


def _kernel_index(b: Builder, op: Any, tap: Any, d: int) -> Any:
    """The tap's place in dimension d of the window."""
    inner = element_count(op.kernel[d + 1 :])
    return b.arith.remui(b.arith.divui(tap, b.index(inner)), b.index(op.kernel[d]))


def _position(c: Coordinates, op: Any, place: Any, kernel_index: Any, d: int) -> Any:
    """Where an unmoved tap of the window reads, as a coordinate."""
    a, b = c.b.arith, c.b
    start = a.muli(place, b.index(op.strides[d]))
    step = a.muli(kernel_index, b.index(op.dilations[d]))
    return to_float(c, a.subi(a.addi(start, step), b.index(op.pads[d])))


def _sides(c: Coordinates, v: Any, size: int) -> list[Tap]:
    """The two elements around a coordinate."""
    s, one = c.s, c.const(1)
    low = s.math.floor(v)
    high, fraction = s.add(low, one), s.sub(v, low)
    return [
        Tap(c.to_index(p, size), weight, c.is_inside(p, 0, size - 1))
        for p, weight in ((low, s.sub(one, fraction)), (high, fraction))
    ]
