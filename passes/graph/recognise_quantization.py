"""Products and convolutions of dequantised operands become sums of 8-bit products in i32.

Why: a dot-product instruction does four times the work of a float one, and the operands are a
quarter of the size. What QDQ models say in floats, and QLinear models in i32, is the same sum:

    %x = mul(cast(sub(cast(%q) i32, 3)) f32, 0.1)     %a = conv(%q, %r, -3 * sum(%r)) {to = i32,
    %w = mul(cast(%r) f32, %s)                    ->                                  padding = 3}
    %y = conv(%x, %w, %b)                             %y = cast(%a) f32 * (0.1 * %s) + %b

    sum (q - z) r = sum q r - z sum r, where the padding, 0 in floats, is z in q; where matrices of
    weights have a zero point, the sums of rows of q come in as well.

What rounds such a sum to the next 8-bit operand multiplies by the reciprocal of its scale: the
sum, of floats or times a factor, is rounded anyway, and a division takes as long as the rest of
an epilogue.

The sums are exact, so that results differ from the float form by rounding only. The instruction
multiplies unsigned by signed bytes, four at a time: signed inputs and unsigned weights are shifted
by 128, and zeros fill the depth up to a multiple of four. A zero point that is computed at run time
(dynamic quantisation) is a factor of what is added to the sums. Left alone: weights that are not
constant or have several zero points, filters whose zero point is not 0 (128 of unsigned ones),
grouped convolutions; and machines without the instruction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc import target
from aicc.dialects.graph.elementwise import BINARY, Cast
from aicc.dialects.graph.linear import Conv, Matmul
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.types import element_type_of
from aicc.passes.registry import register_pass

from .algebra.constants import is_normal
from .dataflow import definition, inline_array
from .patterns import Match, PatternSet
from .quantization.operands import (
    Bytes,
    bytes_of,
    correction_for,
    correction_of_rows,
    in_groups,
    padded,
    signed_weights,
    unsigned_input,
)
from .values.expressions import becomes_integer

PATTERNS = PatternSet("recognise-quantization")
# vpdpbusd, as /proc/cpuinfo spells what has it
DOT_PRODUCTS = "avx512_vnni"
# What may stand between the sums and the rounding to the next operand, and how many of them.
LINEAR = tuple(f"graph.{name}" for name in ("add", "cast", "maximum", "minimum", "mul", "relu"))
STEPS = 8


@register_pass("recognise-quantization")
def run(module: Any, *, disable: list[str] | None = None) -> None:
    """Put 8-bit operands in place of dequantised ones, where the target multiplies them faster."""
    if target.of_module(module).has(DOT_PRODUCTS):
        PATTERNS.apply(module, disable or [])


def _operands(op: Any, axes: tuple[int, int], match: Match) -> tuple[Bytes, Bytes] | None:
    """Input and weights, as the instruction takes them; `axes` are those of the depth."""
    x, w = (bytes_of(value) for value in list(op.operands)[:2])
    if x is None or w is None or (x.scale is None) != (w.scale is None):
        return None
    if w.q not in match.static:
        match.refuse("the weights are computed at run time")
        return None
    if x.scale is not None and any(size != 1 for size in x.scale.type.shape):
        match.refuse("the input has several scales")
        return None
    weights = signed_weights(w)
    if weights is None:
        match.refuse("the weights' zero point is computed at run time")
        return None
    return in_groups(unsigned_input(x), axes[0]), in_groups(weights, axes[1])


def _scaled(sums: Any, x: Bytes, w: Bytes, scale: Any) -> Any:
    """The sums times both scales, in floats."""
    if x.scale is None:
        return sums
    factor = BINARY["mul"].build(Reshape.build(x.scale, shape=[]), scale)
    return BINARY["mul"].build(Cast.build(sums, to=element_type_of("float32")), factor)


@PATTERNS.add("quantized-matmul", "graph.matmul", rounding="reassociating", exact_on_integers=True)
def _matmul(op: Any, match: Match) -> Any:
    """matmul of dequantised operands -> i32 sums of 8-bit products, times the scales."""
    matmul = op.opview
    if matmul.to is not None or matmul.rhs.type.rank != 2 or not _is_wide(op):
        return None
    found = _operands(op, (-1, 0), match)
    if found is None:
        return None
    x, w = found
    if w.scale is not None and list(w.scale.type.shape)[:-1].count(1) < w.scale.type.rank - 1:
        match.refuse("the weights have scales along the depth")
        return None
    sums = Matmul.build(x.q, w.q, to=element_type_of("int32"))
    for correction in (
        correction_for(x, w, [0]),
        correction_of_rows(x, w, matmul.rhs.type.shape[0]),
    ):
        if correction is not None:
            sums = BINARY["add"].build(sums, correction)
    return _scaled(sums, x, w, w.scale)


@PATTERNS.add("quantized-conv", "graph.conv", rounding="reassociating", exact_on_integers=True)
def _conv(op: Any, match: Match) -> Any:
    """conv of dequantised operands -> i32 sums of 8-bit products, times the scales, plus bias."""
    conv = op.opview
    if conv.to is not None or conv.group != 1 or conv.layout != "NCHW" or not _is_wide(op):
        return None
    found = _operands(op, (1, 1), match)
    if found is None:
        return None
    x, w = found
    if w.zero:
        return match.refuse("the weights do not lie around zero")
    channels = [1, conv.w.type.shape[0], *[1] * len(conv.strides)]
    scale = w.scale
    if scale is not None and any(size != 1 for size in scale.type.shape):
        if scale.type.rank != len(channels) or scale.type.shape[0] != channels[1]:
            match.refuse("the filter has scales along other axes than its outputs")
            return None
        scale = Reshape.build(scale, shape=channels)
    elif scale is not None:
        scale = Reshape.build(scale, shape=[])
    _, _, bias = conv.operand_groups()
    correction = correction_for(x, w, list(range(1, conv.w.type.rank)))
    changes = {"to": element_type_of("int32"), "padding": x.zero}
    if x.point is not None:
        if any(conv.pads):
            x = padded(x, list(conv.pads))
        changes |= {"padding": 0, "pads": [0] * len(conv.pads)}
    sums = Conv.build(x.q, w.q, correction, **(conv.attr_values() | changes))
    y = _scaled(sums, x, w, scale)
    return y if bias is None else BINARY["add"].build(y, Reshape.build(bias, shape=channels))


def _is_wide(op: Any) -> bool:
    return str(op.results[0].type.element_type) in ("f32", "i32")


@PATTERNS.add("requantize-sums", "graph.div", rounding="reassociating")
def _requantize(op: Any, match: Match) -> Any:
    """A sum of products, scaled and offset, divided by a scale -> times its reciprocal."""
    x, scale = op.operands[0], inline_array(op.operands[1])
    if scale is None or scale.dtype != np.float32 or not becomes_integer(op):
        return None
    if not _holds_sums(x, STEPS):
        return match.refuse("no sum of products is rounded here")
    with np.errstate(all="ignore"):
        inverse = np.float32(1) / scale
    if not (is_normal(scale) and is_normal(inverse)):
        return match.refuse("the reciprocal of the scale leaves the number range")
    return BINARY["mul"].build(x, Constant.of(inverse))


def _holds_sums(value: Any, steps: int) -> bool:
    """True if factors, offsets and bounds lead from products, summed up, to the value."""
    op = definition(value)
    if op is None or not steps:
        return False
    if op.name in (Conv.OPERATION_NAME, Matmul.OPERATION_NAME):
        return True
    return op.name in LINEAR and any(_holds_sums(x, steps - 1) for x in op.operands)
