"""Conversions between f32 and the floats of 8 and 4 bits, which are stored as bytes.

No arithmetic is done in these types: models cast them, or quantise to them.
"""

from dataclasses import dataclass
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    boolean,
    choice,
    element_type,
    ir,
)
from .types import tensor


@dataclass(frozen=True)
class Format:
    """Bits of a small float: sign, exponent, mantissa; magnitudes without the sign bit.

    `overflow` is what too large a value becomes where it does not saturate; formats with
    `is_unsigned_zero` have no -0 and use its code as NaN; a code of one with `is_power` is the
    exponent of a power of two, without a sign.
    """

    exponent: int
    mantissa: int
    bias: int
    largest: int
    nan: int
    overflow: int | None
    infinity: int | None = None
    is_unsigned_zero: bool = False
    is_power: bool = False


# From the OCP 8-bit and microscaling formats, and ONNX's "Float stored in 8 bits".
FORMATS = {
    "f8E4M3FN": Format(4, 3, 7, largest=0x7E, nan=0x7F, overflow=0x7F),
    "f8E5M2": Format(5, 2, 15, largest=0x7B, nan=0x7E, overflow=0x7C, infinity=0x7C),
    "f8E4M3FNUZ": Format(4, 3, 8, 0x7F, nan=0x80, overflow=0x80, is_unsigned_zero=True),
    "f8E5M2FNUZ": Format(5, 2, 16, 0x7F, nan=0x80, overflow=0x80, is_unsigned_zero=True),
    "f8E8M0FNU": Format(8, 0, 127, 0xFE, nan=0xFF, overflow=0xFF, is_power=True),
    # has no NaN: one becomes -0
    "f4E2M1FN": Format(2, 1, 1, largest=0x7, nan=0x8, overflow=None),
}


def is_small_float(element: Any) -> bool:
    """True for the element types of this module."""
    return str(element) in FORMATS


class DecodeFloat(GraphOp, name="decode_float", traits=[Pure]):
    """f32 values of small floats."""

    x: Operand[Tensor]
    y: Result[Tensor]

    @staticmethod
    def infer(x: Any) -> Any:
        if not is_small_float(x.element_type):
            raise VerifyError(f"expects one of {', '.join(FORMATS)}, got {x}")
        return tensor(x.shape, ir.F32Type.get())


class EncodeFloat(GraphOp, name="encode_float", traits=[Pure]):
    """f32 values rounded to small floats, ties to even; too large ones saturate or are lost.

    `round_mode` is for powers of two alone: the next one up or down, or the nearest, ties up.
    """

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {
        "to": element_type(),
        "saturate": boolean(True),
        "round_mode": choice("up", "down", "nearest", default="up"),
    }

    @staticmethod
    def infer(x: Any, *, to: Any, saturate: bool, round_mode: str) -> Any:
        if str(x.element_type) != "f32" or not is_small_float(to):
            raise VerifyError(f"expects f32 to one of {', '.join(FORMATS)}, got {x} to {to}")
        return tensor(x.shape, to)


def stored_bits(element: Any) -> int:
    """Bits that an element takes in memory; bool and the 4-bit float take a byte."""
    return max(8, element.width)


class BitCast(GraphOp, name="bitcast", traits=[Pure]):
    """The same bits read as elements of another type of the same size."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"to": element_type()}

    @staticmethod
    def infer(x: Any, *, to: Any) -> Any:
        if stored_bits(x.element_type) != stored_bits(to):
            raise VerifyError(f"reads elements of {x.element_type} as {to}, of another size")
        return tensor(x.shape, to)
