"""Lowering of rounding to scaled integers and back, and of tables of bytes.

    %y = quantize(%x) {scale = 0.3, zero = 5, to = ui8}
 -> %c = minnum(maxnum(%x, -1.5), 75.0)            // what rounds to 0 .. 255
    %q = fma(%c, 3.33333325, %c * 9.93e-8)         // rounds as %c / 0.3 does
    %y = trunc(bitcast(%q + 12582912.0) + 5 - 0x4B400000)

Added to 1.5 * 2^23, a float of at most 2^22 leaves its nearest integer, halves to even, in the low
bits.
"""

from __future__ import annotations

import struct
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.structure import array_of, dense_attr
from aicc.dialects.graph.tables import ENTRIES, Lookup
from aicc.dialects.graph.types import is_unsigned, tensor

from .elementwise_ops import Scope, scalar
from .exact_quotients import reciprocal_parts
from .lowering import Builder, lowers, signless

ROUNDER = 1.5 * 2.0**23
ROUNDER_BITS = struct.unpack("<i", struct.pack("<f", ROUNDER))[0]
# Whole numbers of more bits do not fit beside the rounder.
MOST_BITS = 16


def _limits(element: Any) -> tuple[int, int]:
    if is_unsigned(element):
        return 0, (1 << element.width) - 1
    return -(1 << (element.width - 1)), (1 << (element.width - 1)) - 1


@scalar("quantize")
def _quantize(s: Scope, x: Any) -> Any:
    """Limits first: they keep the sum with the rounder exact, and turn NaN into one of them."""
    target, zero = s.attrs["to"], s.attrs["zero"]
    if target.width > MOST_BITS:
        return _wide_quantize(s, x)
    word = s.arith.bitcast(ir.IntegerType.get_signless(32), _rounded(s, x))
    whole = s.arith.addi(word, s.const(zero - ROUNDER_BITS, word))
    return s.arith.trunci(signless_integer(target), whole)


@scalar("snap")
def _snap(s: Scope, x: Any) -> Any:
    """What is widened again needs no integer in between."""
    if s.attrs["to"].width > MOST_BITS:
        whole = _wide_quantize(s, x)
        wide = s.arith.subi(whole, s.const(s.attrs["zero"], whole))
        return s.arith.mulf(s.arith.sitofp(x.type, wide), s.const(s.attrs["step"], x))
    whole = s.arith.subf(_rounded(s, x), s.const(ROUNDER, x))
    return s.arith.mulf(whole, s.const(s.attrs["step"], x))


def _rounded(s: Scope, x: Any) -> Any:
    """The quotient within the limits of the target, rounded, plus the rounder."""
    scale = s.attrs["scale"]
    low, high = (limit - s.attrs["zero"] for limit in _limits(s.attrs["to"]))
    bounded = s.arith.maxnumf(x, s.const(low * scale, x))
    bounded = s.arith.minnumf(bounded, s.const(high * scale, x))
    return s.arith.addf(_quotient(s, bounded, low, high), s.const(ROUNDER, x))


def _quotient(s: Scope, x: Any, low: int, high: int) -> Any:
    """What rounds as x / scale does."""
    scale = s.attrs["scale"]
    parts = reciprocal_parts(scale, low, high)
    if not parts:
        return s.arith.divf(x, s.const(scale, x))
    first = s.const(parts[0], x)
    if len(parts) == 1:
        return x if parts[0] == 1 else s.arith.mulf(x, first)
    return s.math.fma(x, first, s.arith.mulf(x, s.const(parts[1], x)))


def _wide_quantize(s: Scope, x: Any) -> Any:
    """In f64, which holds the limits of i32."""
    target, double = s.attrs["to"], ir.F64Type.get()
    quotient = s.arith.divf(x, s.const(s.attrs["scale"], x))
    whole = s.arith.extf(double, s.math.roundeven(quotient))
    whole = s.arith.addf(whole, s.const(s.attrs["zero"], whole))
    low, high = _limits(target)
    whole = s.arith.minnumf(s.arith.maxnumf(whole, s.const(low, whole)), s.const(high, whole))
    wide = s.arith.fptosi(ir.IntegerType.get_signless(64), whole)
    return wide if target.width == 64 else s.arith.trunci(signless_integer(target), wide)


def signless_integer(element: Any) -> Any:
    """The integer type of the same width without a sign."""
    return ir.IntegerType.get_signless(element.width)


@scalar("dequantize")
def _dequantize(s: Scope, x: Any) -> Any:
    """The zero point is taken off the integer, as ONNX has it."""
    scale, zero = s.attrs["scale"], s.attrs["zero"]
    wide = ir.IntegerType.get_signless(64 if x.type.width > MOST_BITS else 32)
    if x.type.width < wide.width:
        x = (s.arith.extui if s.is_unsigned else s.arith.extsi)(wide, x)
    if zero:
        x = s.arith.subi(x, s.const(zero, x))
    y = s.arith.sitofp(ir.F32Type.get(), x)
    return y if scale == 1 else s.arith.mulf(y, s.const(scale, y))


@lowers(Lookup)
def lower_lookup(b: Builder, op: Any, x: Any) -> Any:
    """A read of the table at an index that the body computes."""
    type_ = signless(op.operation.results[0].type)
    entries = tensor([ENTRIES], type_.element_type)
    values = dense_attr(array_of(op.table).view("int8"), entries)
    table = b.arith.ConstantOp(entries, values).result

    def entry(value: Any) -> Any:
        return b.tensor.extract(table, [b.arith.index_castui(ir.IndexType.get(), value)])

    return b.elementwise([x], type_, entry)
