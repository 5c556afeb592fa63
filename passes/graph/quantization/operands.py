"""Operands of 8-bit products: the bytes behind floats, and what their zero points add to sums.

    sum (x - zx) (w - zw)  =  sum x w - zx sum w - zw (sum x - depth zx)

The dot-product instruction takes unsigned inputs, signed weights, and four bytes at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, UNARY, Cast
from aicc.dialects.graph.movement import Pad, Reshape, Transpose
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.tables import BYTES
from aicc.dialects.graph.types import element_count, element_type_of, is_unsigned

from ..dataflow import inline_array, source_if, uncast

SHIFT = 128
GROUP = 4  # bytes that the instruction multiplies and adds up in a lane
WIDE = ("i32", "i64", "f32")


@dataclass(frozen=True)
class Bytes:
    """(q - zero - point) * scale; the scale is None for integers.

    `point` is what of the zero point is computed at run time, one i32, or None.
    """

    q: Any
    zero: int
    scale: Any
    point: Any = None


def bytes_of(value: Any) -> Bytes | None:
    """The 8-bit tensor behind a dequantised or widened value, its zero point and scale."""
    turned = source_if(value, "graph.transpose")
    if turned is not None and value.type.rank == 2:
        inner = bytes_of(turned.operands[0])
        return inner and _turned(inner, list(turned.opview.permutation))
    whole, scale = value, None
    if product := source_if(value, "graph.mul"):
        whole, scale = product.operands
    whole = uncast(whole, WIDE)
    zero, point = 0, None
    if shifted := source_if(whole, "graph.sub"):
        number = inline_array(shifted.operands[1])
        if number is None and _is_point(shifted.operands[1]):
            point = Reshape.build(shifted.operands[1], shape=[])
        elif number is None or number.size == 0 or np.any(number != number.flat[0]):
            return None
        else:
            zero = int(number.flat[0])
        whole = uncast(shifted.operands[0], WIDE)
    if str(whole.type.element_type) not in BYTES:
        return None
    return Bytes(whole, zero, scale, point)


def _turned(inner: Bytes, permutation: list[int]) -> Bytes:
    """The bytes, and scales along one of their dimensions, in another order."""
    scale = inner.scale
    if scale is not None and scale.type.rank == len(permutation):
        scale = Transpose.build(scale, permutation=permutation)
    return replace(inner, q=Transpose.build(inner.q, permutation=permutation), scale=scale)


def _is_point(value: Any) -> bool:
    """True for one i32 that is widened from a byte: it can be padding as a byte again."""
    return (
        element_count(value.type.shape) == 1
        and str(value.type.element_type) == "i32"
        and str(uncast(value, WIDE).type.element_type) in BYTES
    )


def unsigned_input(x: Bytes) -> Bytes:
    """The input as unsigned bytes."""
    if is_unsigned(x.q.type.element_type):
        return x
    return replace(x, q=_shifted(x.q, SHIFT, "uint8"), zero=x.zero + SHIFT)


def signed_weights(w: Bytes) -> Bytes | None:
    """Weights as signed bytes, None if their zero point is computed at run time."""
    if w.point is not None:
        return None
    if not is_unsigned(w.q.type.element_type):
        return w
    return replace(w, q=_shifted(w.q, -SHIFT, "int8"), zero=w.zero - SHIFT)


def _shifted(q: Any, places: int, dtype: str) -> Any:
    """q + places, of another 8-bit type."""
    wide = Cast.build(q, to=element_type_of("int32"))
    moved = BINARY["add"].build(wide, Constant.of(np.int32(places)))
    return Cast.build(moved, to=element_type_of(dtype))


def in_groups(value: Bytes, axis: int) -> Bytes:
    """Zeros appended along the depth up to a multiple of four: products with 0 add nothing."""
    extra = -value.q.type.shape[axis] % GROUP
    if not extra:
        return value
    rank = value.q.type.rank
    dtype = "uint8" if is_unsigned(value.q.type.element_type) else "int8"
    zero = Constant.of(np.zeros((), dtype))
    high = [extra if i == axis % rank else 0 for i in range(rank)]
    return replace(value, q=Pad.build(value.q, zero, low=[0] * rank, high=high))


def correction_for(x: Bytes, w: Bytes, axes: list[int]) -> Any:
    """-zero * sum(w) over all axes but that of the results, i32; None for no zero point."""
    if not x.zero and x.point is None:
        return None
    wide = Cast.build(w.q, to=element_type_of("int32"))
    total = REDUCE["reduce_sum"].build(wide, axes=axes, keepdims=False)
    if x.point is None:
        return BINARY["mul"].build(total, Constant.of(np.int32(-x.zero)))
    return BINARY["mul"].build(UNARY["neg"].build(total), _whole_point(x))


def correction_of_rows(x: Bytes, w: Bytes, depth: int) -> Any:
    """-zero of w * (sum(x) - depth * zero of x) for each row of x, i32; None for no zero point."""
    if not w.zero:
        return None
    wide = Cast.build(x.q, to=element_type_of("int32"))
    total = REDUCE["reduce_sum"].build(wide, axes=[x.q.type.rank - 1], keepdims=True)
    both = BINARY["mul"].build(_whole_point(x), Constant.of(np.int32(depth * w.zero)))
    return BINARY["sub"].build(both, BINARY["mul"].build(total, Constant.of(np.int32(w.zero))))


def _whole_point(x: Bytes) -> Any:
    """The zero point as one i32."""
    constant = Constant.of(np.int32(x.zero))
    return constant if x.point is None else BINARY["add"].build(x.point, constant)


def padded(x: Bytes, pads: list[int]) -> Bytes:
    """The input with its zero point, known at run time only, around the image."""
    spatial = len(pads) // 2
    low, high = [0, 0, *pads[:spatial]], [0, 0, *pads[spatial:]]
    zero = Cast.build(_whole_point(x), to=element_type_of("uint8"))
    return replace(x, q=Pad.build(x.q, zero, low=low, high=high))
