"""Lowering of sampling at positions that are data: grids and regions of interest.

graph.grid_sample(%x, %grid) -> linalg.generic over the result's elements:
  { coordinates from %grid; per dimension the taps' indices and weights; weighted sum }
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.resize import GridSample, RoiAlign

from .elementwise_ops import Scope, convert
from .indexing_ops import clamped, safe_index
from .lowering import Builder, lowers, signless

CUBIC_A = -0.75


@dataclass(frozen=True)
class Tap:
    """One source position of a dimension: where, how much, and (zero padding) whether inside."""

    index: Any
    weight: Any
    inside: Any


class Coordinates:
    """Arithmetic on f32 or f64 source coordinates."""

    def __init__(self, b: Builder, element: Any) -> None:
        self.b = b
        self.element = element if str(element) == "f64" else ir.F32Type.get()
        self.s = Scope(b, self.element, {})

    def const(self, value: float) -> Any:
        """A coordinate."""
        return self.b.scalar(value, self.element)

    def load(self, tensor: Any, at: Sequence[Any]) -> Any:
        """A stored coordinate."""
        value = self.b.tensor.extract(tensor, list(at))
        return convert(self.b, value, tensor.type.element_type, self.element)

    def clamp(self, v: Any, low: float, high: float) -> Any:
        """Into [low, high]; NaN becomes one of them."""
        a = self.b.arith
        return a.maxnumf(a.minnumf(v, self.const(high)), self.const(low))

    def to_index(self, v: Any, size: int) -> Any:
        """A whole number as an index of `size` elements."""
        whole = self.b.arith.fptosi(
            ir.IntegerType.get_signless(64), self.clamp(v, 0, max(size - 1, 0))
        )
        return self.b.arith.index_cast(ir.IndexType.get(), whole)

    def is_inside(self, v: Any, low: float, high: float) -> Any:
        """low <= v <= high; false for NaN."""
        s = self.s
        above = s.compare("ge", v, self.const(low))
        return self.b.arith.andi(above, s.compare("le", v, self.const(high)))

    def reflect(self, v: Any, low: float, high: float) -> Any:
        """Mirrored at both borders as often as it takes."""
        s, span = self.s, high - low
        if span <= 0:
            return self.const(low)
        distance = s.math.absf(s.sub(v, self.const(low)))
        times = s.math.floor(s.div(distance, self.const(span)))
        rest = s.sub(distance, s.mul(times, self.const(span)))
        odd = s.sub(times, s.mul(self.const(2), s.math.floor(s.mul(times, self.const(0.5)))))
        forth = s.add(self.const(low), rest)
        back = s.sub(self.const(high), rest)
        mirrored = s.select(s.compare("eq", odd, self.const(0)), forth, back)
        return s.select(self.is_inside(v, low, high), v, mirrored)


@lowers(GridSample)
def lower_grid_sample(b: Builder, op: Any, x: Any, grid: Any) -> Any:
    """One weighted sum per element."""
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape or 0 in x.type.shape:
        return b.filled(type_, 0)
    c = Coordinates(b, grid.type.element_type)
    spatial = type_.rank - 2

    def body(*at: Any) -> Any:
        row = [at[0], *at[2:]]
        taps = []
        for d in range(spatial):
            v = c.load(grid, [*row, b.index(spatial - 1 - d)])
            taps.append(_axis_taps(c, op, v, x.type.shape[2 + d]))
        return weighted(c, x, list(at[:2]), taps, type_.element_type)

    return b.indexed(type_, body)


def _axis_taps(c: Coordinates, op: Any, normal: Any, size: int) -> list[Tap]:
    """Taps of one dimension for a coordinate in [-1, 1]."""
    s, corners = c.s, op.align_corners
    low, high = (0.0, size - 1.0) if corners else (-0.5, size - 0.5)
    v = s.mul(s.add(normal, c.const(1)), c.const((high - low) / 2))
    v = v if corners else s.sub(v, c.const(0.5))
    if op.mode == "nearest":
        v = s.math.roundeven(v)
    if op.padding == "border":
        v = c.clamp(v, 0, size - 1)
    elif op.padding == "reflection":
        v = c.reflect(v, low, high)
    if op.mode == "nearest":
        return [_tap(c, op.padding, v, None, (low, high), size)]
    start = s.math.floor(v)
    fraction = s.sub(v, start)
    offsets, weights = _kernel(c, op.mode, fraction)
    return [
        _tap(c, op.padding, s.add(start, c.const(o)), w, (low, high), size)
        for o, w in zip(offsets, weights, strict=True)
    ]


def _tap(
    c: Coordinates, padding: str, v: Any, weight: Any, borders: tuple[float, float], size: int
) -> Tap:
    if padding == "zeros":
        return Tap(c.to_index(v, size), weight, c.is_inside(v, 0, size - 1))
    v = c.reflect(v, *borders) if padding == "reflection" else v
    return Tap(c.to_index(v, size), weight, None)


def _kernel(c: Coordinates, mode: str, t: Any) -> tuple[list[int], list[Any]]:
    """Offsets and weights of the taps at a fraction t beyond a whole coordinate."""
    s, one = c.s, c.const(1)
    if mode == "linear":
        return [0, 1], [s.sub(one, t), t]
    u = s.sub(one, t)
    far = [s.add(t, one), s.add(u, one)]
    return [-1, 0, 1, 2], [_far(c, far[0]), _near(c, t), _near(c, u), _far(c, far[1])]


def _near(c: Coordinates, d: Any) -> Any:
    """Keys' cubic kernel at a distance of at most 1."""
    s, a = c.s, CUBIC_A
    inner = s.sub(s.mul(c.const(a + 2), d), c.const(a + 3))
    return s.add(s.mul(s.mul(inner, d), d), c.const(1))


def _far(c: Coordinates, d: Any) -> Any:
    """Keys' cubic kernel at a distance from 1 to 2."""
    s, a = c.s, CUBIC_A
    inner = s.add(s.mul(s.sub(s.mul(c.const(a), d), c.const(5 * a)), d), c.const(8 * a))
    return s.sub(s.mul(inner, d), c.const(4 * a))


def weighted(c: Coordinates, x: Any, at: list[Any], taps: list[list[Tap]], element: Any) -> Any:
    """Sum over all combinations of taps, innermost dimension first."""
    if taps[0][0].weight is None:
        return _read(c, x, at, [dimension[0] for dimension in taps])

    def nest(chosen: list[Tap]) -> Any:
        if len(chosen) == len(taps):
            value = _read(c, x, at, chosen)
            return convert(c.b, value, element, c.element)
        total = None
        for tap in taps[len(chosen)]:
            term = c.s.mul(nest([*chosen, tap]), tap.weight)
            total = term if total is None else c.b.sum_of(total, term)
        return total

    return convert(c.b, nest([]), c.element, element)


def _read(c: Coordinates, x: Any, at: list[Any], taps: list[Tap]) -> Any:
    value = c.b.tensor.extract(x, [*at, *[t.index for t in taps]])
    for tap in taps:
        if tap.inside is not None:
            zero = c.b.scalar(0, value.type)
            value = c.b.arith.select(tap.inside, value, zero)
    return value


@lowers(RoiAlign)
def lower_roi_align(b: Builder, op: Any, x: Any, rois: Any, batches: Any) -> Any:
    """Each bin loops over its samples; how many there are may depend on the region's size."""
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape or 0 in x.type.shape:
        return b.filled(type_, 0)
    c = Coordinates(b, rois.type.element_type)
    stored = op.operation.operands[2].type.element_type

    def body(region: Any, channel: Any, *place: Any) -> Any:
        batch = b.tensor.extract(batches, [region])
        at = [safe_index(b, batch, stored, x.type.shape[0]), channel]
        spans = [_Span.of(c, op, rois, region, place[d], d) for d in range(2)]
        total = _sampled(c, op, x, at, spans)
        if op.mode == "avg":
            samples = b.arith.maxsi(b.arith.muli(spans[0].count, spans[1].count), b.index(1))
            total = c.s.div(total, to_float(c, samples))
        return convert(b, total, c.element, type_.element_type)

    return b.indexed(type_, body)


def to_float(c: Coordinates, index: Any) -> Any:
    whole = c.b.arith.index_cast(ir.IntegerType.get_signless(64), index)
    return c.b.arith.sitofp(c.element, whole)


@dataclass(frozen=True)
class _Span:
    """The part of one dimension that a bin covers: start, sample distance, number of samples."""

    start: Any
    step: Any
    count: Any

    @staticmethod
    def of(c: Coordinates, op: Any, rois: Any, region: Any, place: Any, d: int) -> _Span:
        """Dimension d (0: rows) of a bin; corners are stored x first."""
        s, b = c.s, c.b
        ends = [
            s.sub(
                s.mul(c.load(rois, [region, b.index(1 - d + side)]), c.const(op.scale)),
                c.const(op.offset),
            )
            for side in (0, 2)
        ]
        length = s.sub(ends[1], ends[0])
        if not op.offset:
            # a region is at least one element long
            length = s.maximum(length, c.const(1))
        size = s.div(length, c.const(op.size[d]))
        count = b.index(op.sampling_ratio)
        if op.sampling_ratio <= 0:
            wanted = c.clamp(s.math.ceil(size), 0, 2**31)
            whole = b.arith.fptosi(ir.IntegerType.get_signless(64), wanted)
            count = b.arith.index_cast(ir.IndexType.get(), whole)
        start = s.add(ends[0], s.mul(to_float(c, place), size))
        return _Span(start, s.div(size, to_float(c, count)), count)


def _sampled(c: Coordinates, op: Any, x: Any, at: list[Any], spans: list[_Span]) -> Any:
    """Sum, or maximum, over the samples of a bin; 0 if it has none."""
    b, scf = c.b, dialect("scf")
    start = c.const(0)
    rows = scf.ForOp(b.index(0), spans[0].count, b.index(1), [start])
    with ir.InsertionPoint(rows.body):
        columns = scf.ForOp(b.index(0), spans[1].count, b.index(1), [rows.inner_iter_args[0]])
        with ir.InsertionPoint(columns.body):
            i, j = rows.induction_variable, columns.induction_variable
            value = _sample(c, op, x, at, [_position(c, spans[0], i), _position(c, spans[1], j)])
            acc = columns.inner_iter_args[0]
            if op.mode == "avg":
                acc = c.s.add(acc, value)
            else:
                place = b.arith.addi(i, j)
                is_first = b.arith.cmpi(b.arith.CmpIPredicate.eq, place, b.index(0))
                acc = c.s.select(is_first, value, c.s.maximum(acc, value))
            scf.YieldOp([acc])
        scf.YieldOp([columns.results[0]])
    return rows.results[0]


def _position(c: Coordinates, span: _Span, index: Any) -> Any:
    middle = c.s.add(to_float(c, index), c.const(0.5))
    return c.s.add(span.start, c.s.mul(middle, span.step))


def _sample(c: Coordinates, op: Any, x: Any, at: list[Any], where: list[Any]) -> Any:
    """Bilinear sample; `max` keeps the largest of the four weighted neighbours."""
    b, s = c.b, c.s
    inside, taps = None, []
    for v, size in zip(where, x.type.shape[2:], strict=True):
        fits = c.is_inside(v, -1, size)
        inside = fits if inside is None else b.arith.andi(inside, fits)
        v = c.clamp(v, 0, size - 1)
        low = c.to_index(s.math.floor(v), size)
        fraction = s.sub(v, s.math.floor(v))
        high = clamped(b, b.arith.addi(low, b.index(1)), size)
        taps.append([(low, s.sub(c.const(1), fraction)), (high, fraction)])
    terms = []
    for row, row_weight in taps[0]:
        for column, column_weight in taps[1]:
            value = b.tensor.extract(x, [*at, row, column])
            value = convert(b, value, x.type.element_type, c.element)
            terms.append(s.mul(value, s.mul(row_weight, column_weight)))
    total = terms[0]
    for term in terms[1:]:
        total = s.add(total, term) if op.mode == "avg" else s.maximum(total, term)
    return s.select(inside, total, c.const(0))
