"""Move a known factor from the result of linear ops into their weights, or out of an operand.

`times(value, factor, match)` builds value * factor without a multiplication in the run; `unscaled`
is the other direction: the factor that an operand carries, and the operand without it. Between the
factor and the weights may stand what a factor passes through: known offsets, reshapes and
transposes (one factor for all elements), and, if the factor is positive, relu and maxima.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of

from ..dataflow import definition, inline_array, is_read_once
from .operands import (
    Refused,
    broadcasts_into,
    channel_axis,
    channel_vector,
    filter_is_known,
    is_single,
    known_operand,
    mul,
    padded_shape,
    rebuilt,
    reshaped,
    scaled_outputs,
)

MAX_DEPTH = 6
LINEAR = ("graph.conv", "graph.conv_transpose", "graph.matmul")


def times(value: Any, factor: Any, match: Any, depth: int = 0) -> Any:
    """value * factor, the factor taken into weights; None if no linear op makes the value."""
    op = definition(value)
    rule = RULES.get(op.name) if op is not None else None
    if rule is None or depth > MAX_DEPTH or not broadcasts_into(factor, value.type.shape):
        return None
    if not is_read_once(value):
        if op.name in LINEAR:
            raise Refused("the unscaled value is read elsewhere")
        return None
    return rule(op, factor, match, depth + 1)


def _conv(op: Any, factor: Any, match: Any, depth: int) -> Any:
    filter_is_known(op, match.static)
    vector = channel_vector(factor, op.results[0], channel_axis(op))
    if vector is None:
        raise Refused("the factor varies along other dimensions than channels")
    x, w, bias = op.opview.operand_groups()
    offset = None if bias is None else mul(bias, vector)
    return rebuilt(op, x, scaled_outputs(op, w, vector), offset)


def _matmul(op: Any, factor: Any, match: Any, depth: int) -> Any:
    """Into the side that is known; one factor for all elements also through an unknown side."""
    lhs, rhs = op.operands
    if op.opview.rhs_layout != "KN":
        raise Refused("its weights are packed already")
    shape = padded_shape(factor, op.results[0].type.rank)
    if rhs in match.static and shape[-2] == 1 and broadcasts_into(factor, rhs.type.shape):
        return rebuilt(op, lhs, mul(rhs, factor))
    if lhs in match.static and shape[-1] == 1 and broadcasts_into(factor, lhs.type.shape):
        return rebuilt(op, mul(lhs, factor), rhs)
    if not is_single(factor):
        raise Refused("the factor does not broadcast into known weights")
    factor = reshaped(factor, [])
    if (scaled := times(lhs, factor, match, depth)) is not None:
        return rebuilt(op, scaled, rhs)
    if (scaled := times(rhs, factor, match, depth)) is not None:
        return rebuilt(op, lhs, scaled)
    return None


def _offset(op: Any, factor: Any, match: Any, depth: int) -> Any:
    """(y + b) * s -> y * s + b * s for a known b."""
    found = known_operand(op, match.static)
    if found is None or not _stays_narrow(found[1], factor, op.results[0]):
        return None
    y, b, position = found
    if (scaled := times(y, factor, match, depth)) is None:
        return None
    operands = [mul(b, factor), scaled] if position == 0 else [scaled, mul(b, factor)]
    return rebuilt(op, *operands)


def _stays_narrow(b: Any, factor: Any, result: Any) -> bool:
    """True if b * factor is no larger than the larger of both: no weight grows to an image."""
    rank = result.type.rank
    shapes = [padded_shape(v, rank) for v in (b, factor)]
    product = [max(pair) for pair in zip(*shapes, strict=True)]
    return product in shapes


def _moved(op: Any, factor: Any, match: Any, depth: int) -> Any:
    if not is_single(factor):
        return None
    scaled = times(op.operands[0], reshaped(factor, []), match, depth)
    return None if scaled is None else rebuilt(op, scaled)


def _homogeneous(op: Any, factor: Any, match: Any, depth: int) -> Any:
    """f(x) * s = f(x * s) for s > 0, elementwise or for the windows of a channel."""
    if not _passes(op, factor):
        return None
    scaled = times(op.operands[0], factor, match, depth)
    return None if scaled is None else rebuilt(op, scaled)


def _passes(op: Any, factor: Any) -> bool:
    """True if `op`, an activation or pool, of x * factor is that of x, times the factor."""
    x = op.operands[0]
    is_last = "layout" in op.opview.attrs and op.opview.layout == "NHWC"
    is_along_channels = channel_vector(factor, x, x.type.rank - 1 if is_last else 1) is not None
    return is_along_channels and (op.name not in POSITIVE or _is_positive(factor))


def _is_positive(factor: Any) -> bool:
    """True if the values are known here, finite and above zero."""
    array = inline_array(factor)
    return array is not None and bool(np.all((array > 0) & np.isfinite(array)))


POSITIVE = ("graph.relu", "graph.leaky_relu", "graph.max_pool")
HOMOGENEOUS = (*POSITIVE, "graph.average_pool")
RULES: dict[str, Callable[[Any, Any, Any, int], Any]] = {
    "graph.conv": _conv,
    "graph.conv_transpose": _conv,
    "graph.matmul": _matmul,
    "graph.add": _offset,
    "graph.sub": _offset,
    "graph.reshape": _moved,
    "graph.transpose": _moved,
    **dict.fromkeys(HOMOGENEOUS, _homogeneous),
}


def factor_of(op: Any, match: Any) -> tuple[Any, Any] | None:
    """(x, s) of x * s, x / s and -x for a known s that does not widen x."""
    if op.name == "graph.neg":
        return op.operands[0], _number(-1, op.results[0])
    found = known_operand(op, match.static)
    if found is None or found[0].type != op.results[0].type:
        return None
    x, s, position = found
    if op.name == "graph.mul":
        return x, s
    inverse = _reciprocal(s) if position == 1 else None
    return None if inverse is None else (x, inverse)


def unscaled(value: Any, match: Any) -> tuple[Any, Any] | None:
    """(x, s) with value = x * s for a known s; what stands between is built anew on x."""
    op = definition(value)
    if op is None or op.name not in (*SCALINGS, *HOMOGENEOUS):
        return None
    if op.name in SCALINGS:
        return factor_of(op, match)
    if not is_read_once(value) or (inner := unscaled(op.operands[0], match)) is None:
        return None
    x, s = inner
    return (rebuilt(op, x), s) if _passes(op, s) else None


SCALINGS = ("graph.mul", "graph.div", "graph.neg")


def _reciprocal(value: Any) -> Any:
    """1 / value; None for a known zero, whose quotients differ from a sum of infinite products."""
    array = inline_array(value)
    if array is None:
        return UNARY["reciprocal"].build(value)
    return Constant.of(1 / array) if np.all(array != 0) else None


def _number(number: float, like: Any) -> Any:
    """A constant without dimensions, of the element type of `like`."""
    dtype = numpy_dtype(dtype_of(like.type.element_type))
    return Constant.of(np.array(number, dtype))
