"""Ops whose parameters make them do nothing, or nothing but repeat one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.movement import Expand, Reshape, Slice
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import broadcast_shapes, dtype_of

from ..dataflow import inline_array, source_if
from ..patterns import Match, PatternSet
from .movement import same_type

PATTERNS = PatternSet("eliminate-redundancy")
POOLS = ("graph.max_pool", "graph.average_pool")


@PATTERNS.add("no-pad", "graph.pad")
def _no_pad(op: Any, match: Match) -> Any:
    """A pad of nothing."""
    return None if any([*op.opview.low, *op.opview.high]) else op.operands[0]


@PATTERNS.add("reduction-of-ones", *(f"graph.{name}" for name in REDUCE))
def _reduction_of_ones(op: Any, match: Match) -> Any:
    """Sum, mean, maximum, minimum and product of one element are the element."""
    x = op.operands[0]
    if any(x.type.shape[axis] != 1 for axis in op.opview.axes):
        return None
    return Reshape.build(x, shape=op.results[0].type.shape)


@PATTERNS.add("running-fold-of-ones", "graph.cumsum", "graph.cumprod")
def _running_fold_of_ones(op: Any, match: Match) -> Any:
    """A running sum or product along a dimension of size 1."""
    x = op.operands[0]
    return x if x.type.shape[op.opview.axis] == 1 and not op.opview.exclusive else None


@PATTERNS.add("position-among-one", "graph.arg_max", "graph.arg_min")
def _position_among_one(op: Any, match: Match) -> Any:
    """The extreme of one element stands at 0."""
    result = op.results[0].type
    if op.operands[0].type.shape[op.opview.axis] != 1:
        return None
    return _filled(result, 0)


def _filled(type_: Any, number: int) -> Any:
    """One number everywhere."""
    value = Constant.of(np.array(number, numpy_dtype(dtype_of(type_.element_type))))
    return Expand.build(value, shape=type_.shape)


@PATTERNS.add("softmax-of-one", "graph.softmax", rounding="unsafe")
def _softmax_of_one(op: Any, match: Match) -> Any:
    """Along a dimension of size 1 it is 1, its logarithm 0 - but NaN for NaN and infinities."""
    result = op.results[0].type
    if result.shape[op.opview.axis] != 1:
        return None
    return _filled(result, 0 if op.opview.log else 1)


@PATTERNS.add("unit-pool", *POOLS)
def _unit_pool(op: Any, match: Match) -> Any:
    """A window of one element takes it; strides make that a slice."""
    pool, x = op.opview, op.operands[0]
    if any(k != 1 for k in pool.kernel) or any(pool.pads):
        return None
    sizes, steps = list(op.results[0].type.shape), list(pool.strides)
    steps = [1, 1, *steps] if pool.layout == "NCHW" else [1, *steps, 1]
    if all(size == d for size, d in zip(sizes, x.type.shape, strict=True)):
        return x
    return Slice.build(x, starts=[0] * len(sizes), sizes=sizes, steps=steps)


@PATTERNS.add("identity-interpolation", "graph.interpolate")
def _identity_interpolation(op: Any, match: Match) -> Any:
    """Every position is sampled once, where it stands, with weight 1."""
    positions, weights = inline_array(op.operands[1]), inline_array(op.operands[2])
    if positions is None or weights is None or same_type(op) is None:
        return None
    in_place = np.array_equal(positions, np.arange(len(positions))[:, None])
    return op.operands[0] if in_place and bool(np.all(weights == 1)) else None


@PATTERNS.add("reversal-of-ones", "graph.reverse_sequence")
def _reversal_of_ones(op: Any, match: Match) -> Any:
    """Sequences of at most one element are their own reversal."""
    lengths = inline_array(op.operands[1])
    short = lengths is not None and bool(np.all((lengths >= 0) & (lengths <= 1)))
    return op.operands[0] if short or op.operands[0].type.shape[op.opview.time_axis] == 1 else None


@PATTERNS.add("expand-before-matmul", "graph.matmul")
def _expand_before_matmul(op: Any, match: Match) -> Any:
    """A matrix product broadcasts its batch dimensions itself."""
    operands = list(op.operands)
    if op.opview.rhs_layout != "KN":
        return None
    for i, value in enumerate(operands):
        expand = source_if(value, "graph.expand")
        if expand is None or expand.operands[0].type.rank < 2:
            continue
        x, other = expand.operands[0], operands[1 - i]
        if x.type.shape[-2:] != value.type.shape[-2:]:
            continue
        batch = broadcast_shapes(x.type.shape[:-2], other.type.shape[:-2])
        if batch == list(op.results[0].type.shape[:-2]):
            operands[i] = x
            return type(op.opview).build(*operands, **op.opview.attr_values())
    return None
