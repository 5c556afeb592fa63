"""Mel filter banks."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, UNARY, Where
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, div, mul, sub
from .casts import converted, element_of
from .indexing import take_range

MEL_SCALE, MEL_CORNER = 2595.0 / log(10), 700.0  # mel = 2595 log10(1 + f / 700)


@onnx_op("MelWeightMatrix", since=17)
def mel_weight_matrix(
    n: Node,
    bins: Any,
    length: Any,
    rate: Any,
    low: Any,
    high: Any,
    *,
    output_datatype: int = 1,
) -> Any:
    """Triangles over the spectrogram's bins, spaced evenly on the mel scale.

    Column i rises from edge i to edge i + 1 and falls to edge i + 2; edges are whole bins.
    """
    (count,) = n.integers(bins, "the number of bands")
    (size,) = n.integers(length, "the length of the transform")
    edges = _edges(n, count, size, rate, low, high)
    left, centre, right = (
        n.emit(Reshape, take_range(n, edges, 0, i, count), shape=[1, count]) for i in range(3)
    )
    bin_ = n.constant(np.arange(size // 2 + 1, dtype=np.float64)[:, None])
    rising, falling = _ramp(n, left, bin_, centre), _ramp(n, right, bin_, centre)
    is_point = n.emit(COMPARE["equal"], left, centre)
    at_centre = n.emit(COMPARE["equal"], bin_, centre)
    rising = n.emit(Where, is_point, converted(n, at_centre, edges.type.element_type), rising)
    inside = binary(n, "and", binary(n, "greater_equal", bin_, left), _at_most(n, bin_, centre))
    after = binary(n, "and", binary(n, "greater_equal", bin_, centre), _below(n, bin_, right))
    zero = n.like(0, edges)
    y = n.emit(Where, after, falling, n.emit(Where, inside, rising, zero))
    return converted(n, y, element_of(n, output_datatype))


def _ramp(n: Node, foot: Any, bin_: Any, centre: Any) -> Any:
    """(bin - foot) / (centre - foot), 1 at the centre; what stands over 0 is not used."""
    return div(n, sub(n, bin_, foot), sub(n, centre, foot))


def _at_most(n: Node, lhs: Any, rhs: Any) -> Any:
    return binary(n, "less_equal", lhs, rhs)


def _below(n: Node, lhs: Any, rhs: Any) -> Any:
    return binary(n, "less", lhs, rhs)


def _edges(n: Node, count: int, size: int, rate: Any, low: Any, high: Any) -> Any:
    """The bins, as f64 whole numbers, of count + 2 frequencies."""
    double = element_type_of("float64")
    rate, low, high = (
        n.emit(Reshape, converted(n, v, double), shape=[]) for v in (rate, low, high)
    )
    first, last = _mel(n, low), _mel(n, high)
    step = div(n, sub(n, last, first), float(count + 2))
    mel = add(n, mul(n, n.constant(np.arange(count + 2, dtype=np.float64)), step), first)
    ratio = n.emit(UNARY["exp"], div(n, mel, MEL_SCALE))
    hertz = mul(n, sub(n, ratio, 1.0), MEL_CORNER)
    return n.emit(UNARY["floor"], div(n, mul(n, hertz, float(size + 1)), rate))


def _mel(n: Node, hertz: Any) -> Any:
    ratio = add(n, div(n, hertz, MEL_CORNER), 1.0)
    return mul(n, n.emit(UNARY["log"], ratio), MEL_SCALE)
