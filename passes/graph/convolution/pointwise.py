"""A 1x1 convolution of images with channels first is a matrix product as it stands.

    y[o, p] = sum over c of w[o, c] * x[c, p]        p: the pixels, one after the other in memory

Nothing is moved: images are seen as matrices, and the pixels run along the lanes.
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Reshape


def is_pointwise(op: Any) -> bool:
    """Whether a convolution, in either layout, sees one pixel at a time, all channels of it."""
    conv = op.opview
    has_one_tap = conv.filter_layout == "OIHW" and set(conv.w.type.shape[2:]) == {1}
    return has_one_tap and conv.group == 1 and set(conv.strides) == {1} and not any(conv.pads)


def is_product(op: Any) -> bool:
    """Whether `as_product` is for a convolution: with channels first, in one float type."""
    conv = op.opview
    return is_pointwise(op) and conv.layout == "NCHW" and conv.to is None


def as_product(op: Any) -> None:
    """Replace a convolution at the insertion point."""
    x, w, bias = op.opview.operand_groups()
    batch, out, *size = op.results[0].type.shape
    channels = w.type.shape[1]
    pixels = Reshape.build(x, shape=[batch, channels, prod(size)])
    y = Matmul.build(Reshape.build(w, shape=[out, channels]), pixels)
    if bias is not None:
        y = ELEMENTWISE["add"].build(y, Reshape.build(bias, shape=[out, 1]))
    op.results[0].replace_all_uses_with(Reshape.build(y, shape=[batch, out, *size]))
    op.erase()
