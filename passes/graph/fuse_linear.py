"""Take known factors and offsets around linear ops into their weights; merge chains of linear ops.

    %0 = mul(%x, %s)                       %w1 = %w * %s (inputs) * %t (outputs)
    %1 = conv(%0, %w, %b) {pads = 0}  ->   %y = conv(%x, %w1, %b * %t + %c)
    %2 = mul(%1, %t)
    %y = add(%2, %c)

Why: what depends on weights alone is computed once, in @prepare; the run is left with the linear
op. Norms come here as a factor and an offset (`fold-batch-norm`), scaled attention scores as one
factor. What the run must compute anyway (residual sums, offsets of an image's size) stays beside
the linear op: `fuse` makes it part of its kernel.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, Constant
from aicc.dialects.graph.types import is_float
from aicc.passes.registry import register_pass

from .dataflow import definition, inline_array, is_read_once, source_if, users_of
from .linear.branches import BRANCHES
from .linear.chains import CHAINS
from .linear.operands import (
    Refused,
    add,
    channel_axis,
    channel_vector,
    explained,
    filter_is_known,
    is_float_value,
    is_single,
    known_operand,
    mul,
    per_input,
    rebuilt,
    reshaped,
)
from .linear.scaling import factor_of, times, unscaled
from .patterns import PatternSet

CONVS = ("graph.conv", "graph.conv_transpose")
PATTERNS = PatternSet("fuse-linear")


@register_pass("fuse-linear")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006 (options are read only)
    """Fold known factors and offsets into weights, and merge linear ops that follow each other."""
    PATTERNS.apply(module, disable)


@PATTERNS.add("scale-result", "graph.mul", "graph.div", "graph.neg", rounding="reassociating")
@explained
def _scale_result(op: Any, match: Any) -> Any:
    """linear(x, w) * s -> linear(x, w * s), also through offsets, relu, pools, reshapes."""
    found = factor_of(op, match) if is_float_value(op.results[0]) else None
    if found is None or (scaled := times(*found, match)) is None:
        return None
    if any(user.name == "graph.round" for user in users_of(op)):
        raise Refused("a quantiser rounds the result: one ulp could become a step")
    return scaled


@PATTERNS.add("scale-operand", *CONVS, "graph.matmul", rounding="reassociating")
@explained
def _scale_operand(op: Any, match: Any) -> Any:
    """linear(x * s, w) -> linear(x, w * s)."""
    x, w = op.operands[0], op.operands[1]
    found = unscaled(x, match) if is_float_value(x) and x not in match.static else None
    if found is None:
        return None
    _is_read_by_known_linears_only(x, match)
    inner, factor = found
    if _is_quantised(inner):
        raise Refused("a dequantised value: one ulp could become a step at the next quantiser")
    vector = channel_vector(factor, x, _contracted_axis(op))
    if vector is None:
        raise Refused("the factor varies along other dimensions than channels")
    if op.name == "graph.matmul":
        return rebuilt(op, inner, mul(w, reshaped(vector, [vector.type.shape[0], 1])))
    return rebuilt(op, inner, per_input(op, w, vector), op.opview.operand_groups()[2])


def _is_quantised(value: Any) -> bool:
    """True for integers that were floats, made floats again (less a zero point)."""
    op = definition(value)
    while op is not None and op.name in ("graph.cast", "graph.sub"):
        target = op.results[0].type.element_type
        if op.name == "graph.cast" and is_float_value(op.operands[0]) and not is_float(target):
            return True
        op = definition(op.operands[0])
    return False


@PATTERNS.add("offset-operand", *CONVS, "graph.matmul", rounding="reassociating")
@explained
def _offset_operand(op: Any, match: Any) -> Any:
    """linear(x + c, w) -> linear(x, w) + (c through w)."""
    x = op.operands[0]
    inner = definition(x)
    if inner is None or inner.name not in ("graph.add", "graph.sub") or not is_float_value(x):
        return None
    found = known_operand(inner, match.static)
    if found is None or found[0].type != x.type or (inner.name == "graph.sub" and found[2] == 0):
        return None
    _is_read_by_known_linears_only(x, match)
    vector = channel_vector(found[1], x, _contracted_axis(op))
    if vector is None:
        raise Refused("the offset varies along other dimensions than channels")
    if inner.name == "graph.sub":
        vector = UNARY["neg"].build(vector)
    rule = _matmul_of_offset if op.name == "graph.matmul" else _conv_of_offset
    return rule(op, found[0], vector, match)


def _conv_of_offset(op: Any, x: Any, vector: Any, match: Any) -> Any:
    if op.name == "graph.conv_transpose":
        raise Refused("a transposed convolution does not add up the same taps at every position")
    if any(op.opview.pads):
        raise Refused("the zeros beyond the border have no offset")
    _, w, bias = op.opview.operand_groups()
    axes = list(range(1, w.type.rank))
    offset = REDUCE["reduce_sum"].build(per_input(op, w, vector), axes=axes, keepdims=False)
    return rebuilt(op, x, w, offset if bias is None else add(bias, offset))


def _matmul_of_offset(op: Any, x: Any, vector: Any, match: Any) -> Any:
    """The offset behind the product: it meets another one there, or covers no more elements."""
    w = op.operands[1]
    if w.type.rank != 2:
        raise Refused("the weights are a batch of matrices")
    rows, columns = w.type.shape
    users = users_of(op)
    meets = (
        len(users) == 1 and users[0].name == "graph.add" and known_operand(users[0], match.static)
    )
    if columns > rows and not meets:
        raise Refused("the offset would be added to more elements")
    if is_single(vector):
        sums = REDUCE["reduce_sum"].build(w, axes=[0], keepdims=False)
        offset = mul(sums, vector)
    else:
        offset = reshaped(Matmul.build(reshaped(vector, [1, rows]), w), [columns])
    return add(rebuilt(op, x, w), offset)


def _is_offset_next(op: Any, match: Any) -> bool:
    users = users_of(op)
    is_sum = len(users) == 1 and users[0].name == "graph.add"
    return is_sum and known_operand(users[0], match.static) is not None


def _contracted_axis(op: Any) -> int:
    """The dimension of the first operand that the op sums over, besides windows."""
    return op.operands[0].type.rank - 1 if op.name == "graph.matmul" else channel_axis(op)


def _is_read_by_known_linears_only(x: Any, match: Any) -> None:
    """Refused unless every reader can do without x as it is: else it is computed all the same."""
    for user in users_of(definition(x)):
        if user.name in CONVS and user.operands[0] == x:
            filter_is_known(user, match.static)
        elif user.name != "graph.matmul" or user.operands[0] != x:
            raise Refused("the changed operand is read elsewhere")
        elif user.operands[1] not in match.static or user.opview.rhs_layout != "KN":
            raise Refused("its weights are computed in the run")


@PATTERNS.add("conv-bias", "graph.add", "graph.sub")
@explained
def _conv_bias(op: Any, match: Any) -> Any:
    """conv(x, w) + c -> conv(x, w, c)."""
    return _biased(op, match, has_bias=False)


@PATTERNS.add("conv-bias-sum", "graph.add", "graph.sub", rounding="reassociating")
@explained
def _conv_bias_sum(op: Any, match: Any) -> Any:
    """conv(x, w, b) + c -> conv(x, w, b + c)."""
    return _biased(op, match, has_bias=True)


def _biased(op: Any, match: Any, has_bias: bool) -> Any:
    found = known_operand(op, match.static)
    conv = definition(found[0]) if found is not None else None
    if found is None or conv is None or conv.name not in CONVS or not is_float_value(found[1]):
        return None
    x, w, bias = conv.opview.operand_groups()
    y, c, position = found
    if (bias is not None) != has_bias or (op.name == "graph.sub" and position == 0):
        return None
    _is_read_here_only(y)
    if y.type != op.results[0].type:
        raise Refused("the offset makes the result larger")
    if has_bias and bias not in match.static:
        raise Refused("its bias is computed in the run")
    vector = channel_vector(c, y, channel_axis(conv))
    if vector is None:
        raise Refused("the offset varies along other dimensions than channels")
    if op.name == "graph.sub":
        vector = UNARY["neg"].build(vector)
    return rebuilt(conv, x, w, add(bias, vector) if has_bias else _for_all(vector, conv))


def _for_all(vector: Any, conv: Any) -> Any:
    """A bias of one element per channel from [C] or [1]."""
    channels = conv.results[0].type.shape[channel_axis(conv)]
    if vector.type.shape[0] == channels:
        return vector
    array = inline_array(vector if source_if(vector, "graph.reshape") is None else _viewed(vector))
    if array is None or channels > MAX_INLINE_ELEMENTS:
        raise Refused("one offset for all channels costs nothing beside the convolution")
    return Constant.of(np.full(channels, array.reshape(()), array.dtype))


def _viewed(value: Any) -> Any:
    return definition(value).operands[0]


def _is_read_here_only(value: Any) -> None:
    if not is_read_once(value):
        raise Refused("the result without the offset is read elsewhere")


@PATTERNS.add("negated-conv", "graph.sub", rounding="reassociating")
@explained
def _negated_conv(op: Any, match: Any) -> Any:
    """c - conv(x, w) -> conv(x, -w) + c."""
    found = known_operand(op, match.static)
    if found is None or found[2] != 0 or found[0].type != op.results[0].type:
        return None
    conv = definition(found[0])
    if conv is None or conv.name not in CONVS or not is_float_value(found[0]):
        return None
    _is_read_here_only(found[0])
    filter_is_known(conv, match.static)
    x, w, bias = conv.opview.operand_groups()
    negate = UNARY["neg"].build
    negated = rebuilt(conv, x, negate(w), None if bias is None else negate(bias))
    return add(negated, found[1])


@PATTERNS.add("offset-sum", "graph.add", rounding="reassociating")
@explained
def _offset_sum(op: Any, match: Any) -> Any:
    """(matmul(x, w) + b) + c -> matmul(x, w) + (b + c)."""
    found = known_operand(op, match.static)
    inner = source_if(found[0], "graph.add") if found is not None else None
    first = known_operand(inner, match.static) if inner is not None else None
    if found is None or first is None or source_if(first[0], "graph.matmul") is None:
        return None
    _is_read_here_only(found[0])
    both = add(first[1], found[1])
    if both.type not in (first[1].type, found[1].type):
        raise Refused("the sum of the offsets is larger than each of them")
    return add(first[0], both)


PATTERNS.include(CHAINS, BRANCHES)
