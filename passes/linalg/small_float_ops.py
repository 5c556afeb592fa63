"""Lowering of small-float conversions to integer arithmetic on the bits of f32."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.small_floats import FORMATS, BitCast, DecodeFloat, EncodeFloat, Format
from aicc.dialects.graph.types import tensor

from .lowering import Builder, lowers, signless

F32_MANTISSA, F32_BIAS = 23, 127


class Bits:
    """32-bit integer arithmetic with Python numbers as right operands."""

    def __init__(self, b: Builder) -> None:
        self.b, self.arith = b, b.arith
        self.i32, self.f32 = ir.IntegerType.get_signless(32), ir.F32Type.get()

    def op(self, name: str, x: Any, y: Any) -> Any:
        """arith.<name> of integers."""
        right = self.b.scalar(y, self.i32) if isinstance(y, int) else y
        return getattr(self.arith, name)(x, right)

    def compare(self, predicate: str, x: Any, y: int) -> Any:
        """arith.cmpi."""
        kind = getattr(self.arith.CmpIPredicate, predicate)
        return self.arith.cmpi(kind, x, self.b.scalar(y, self.i32))

    def select(self, condition: Any, x: Any, y: Any) -> Any:
        """condition ? x : y; a Python int is a constant."""
        first, second = (self.b.scalar(v, self.i32) if isinstance(v, int) else v for v in (x, y))
        return self.arith.select(condition, first, second)


@lowers(DecodeFloat)
def lower_decode_float(b: Builder, op: Any, x: Any) -> Any:
    """Exponent and mantissa move into place; subnormals are scaled integers."""
    format_ = FORMATS[str(op.operation.operands[0].type.element_type)]
    result = tensor(x.type.shape, ir.F32Type.get())
    return b.elementwise([x], result, lambda v: _decoded(Bits(b), v, format_))


def _decoded(s: Bits, v: Any, f: Format) -> Any:
    return _power_decoded(s, v, f) if f.is_power else _number_decoded(s, v, f)


def _power_decoded(s: Bits, v: Any, f: Format) -> Any:
    """The code is f32's exponent; the least power is subnormal there."""
    code = s.arith.extui(s.i32, v)
    is_least = s.compare("eq", code, 0)
    bits = s.select(is_least, 1 << (F32_MANTISSA - 1), s.op("shli", code, F32_MANTISSA))
    is_nan = s.compare("eq", code, f.nan)
    return s.arith.select(is_nan, s.b.scalar(float("nan"), s.f32), s.arith.bitcast(s.f32, bits))


def _number_decoded(s: Bits, v: Any, f: Format) -> Any:
    width = f.exponent + f.mantissa
    code = s.op("andi", s.arith.extui(s.i32, v), (1 << (width + 1)) - 1)
    magnitude = s.op("andi", code, (1 << width) - 1)
    moved = s.op("shli", magnitude, F32_MANTISSA - f.mantissa)
    normal = s.arith.bitcast(s.f32, s.op("addi", moved, (F32_BIAS - f.bias) << F32_MANTISSA))
    step = s.b.scalar(2.0 ** (1 - f.bias - f.mantissa), s.f32)
    small = s.arith.mulf(s.arith.uitofp(s.f32, magnitude), step)
    value = s.arith.select(s.compare("ult", magnitude, 1 << f.mantissa), small, normal)
    if f.infinity is not None:
        infinite = s.compare("eq", magnitude, f.infinity)
        value = s.arith.select(infinite, s.b.scalar(float("inf"), s.f32), value)
        is_nan = s.compare("ugt", magnitude, f.infinity)
    else:
        is_nan = s.compare("eq", code if f.is_unsigned_zero else magnitude, f.nan)
    negative = s.compare("ugt", code, (1 << width) - 1)
    value = s.arith.select(negative, s.arith.negf(value), value)
    return s.arith.select(is_nan, s.b.scalar(float("nan"), s.f32), value)


@lowers(EncodeFloat)
def lower_encode_float(b: Builder, op: Any, x: Any) -> Any:
    """Round the mantissa in place, or, below the least normal number, as a scaled integer."""
    format_ = FORMATS[str(op.to)]
    saturate = op.saturate or format_.overflow is None
    result = signless(op.operation.results[0].type)
    if format_.is_power:
        mode = op.round_mode
        return b.elementwise(
            [x], result, lambda v: _power_encoded(Bits(b), v, format_, saturate, mode)
        )
    return b.elementwise([x], result, lambda v: _encoded(Bits(b), v, format_, saturate))


def _power_encoded(s: Bits, v: Any, f: Format, saturate: bool, mode: str) -> Any:
    """f32's exponent, plus 1 if the mantissa says so; a sign is ignored."""
    half = 1 << (F32_MANTISSA - 1)
    magnitude = s.op("andi", s.arith.bitcast(s.i32, v), 0x7FFFFFFF)
    exponent = s.op("shrui", magnitude, F32_MANTISSA)
    fraction = s.op("andi", magnitude, (1 << F32_MANTISSA) - 1)
    # a subnormal number's mantissa counts from the least power, which stands at `half` there
    least = {"up": (1, half + 1), "nearest": (half, half + half // 2), "down": (1 << 24, 1 << 24)}
    normal, subnormal = least[mode]
    limit = s.select(s.compare("eq", exponent, 0), subnormal, normal)
    grows = s.arith.cmpi(s.arith.CmpIPredicate.uge, fraction, limit)
    code = s.op("addi", exponent, s.arith.extui(s.i32, grows))
    too_large = s.compare("ugt", code, f.largest)
    code = s.select(too_large, f.largest if saturate else f.nan, code)
    if not saturate:
        code = s.select(s.compare("ult", magnitude, half), f.nan, code)
    is_nan = s.arith.cmpf(s.arith.CmpFPredicate.UNO, v, v)
    return s.arith.trunci(ir.IntegerType.get_signless(8), s.select(is_nan, f.nan, code))


def _encoded(s: Bits, v: Any, f: Format, saturate: bool) -> Any:
    width = f.exponent + f.mantissa
    bits = s.arith.bitcast(s.i32, v)
    sign = s.op("shli", s.op("shrui", bits, 31), width)
    magnitude = s.op("andi", bits, 0x7FFFFFFF)
    size = s.arith.bitcast(s.f32, magnitude)
    least = s.b.scalar(2.0 ** (1 - f.bias), s.f32)
    is_small = s.arith.cmpf(s.arith.CmpFPredicate.OLT, size, least)
    code = s.arith.select(is_small, _rounded_small(s, size, f), _rounded_normal(s, magnitude, f))
    too_large = s.compare("sgt", code, f.largest)
    limit = f.largest if saturate else f.overflow
    if f.is_unsigned_zero:
        sign = s.select(s.compare("eq", code, 0), 0, sign)
        lost = s.op("ori", code, sign)
        lost = s.select(too_large, s.op("ori", sign, limit) if saturate else limit, lost)
    else:
        lost = s.op("ori", s.select(too_large, limit, code), sign)
    is_nan = s.arith.cmpf(s.arith.CmpFPredicate.UNO, v, v)
    lost = s.select(is_nan, f.nan, lost)
    return s.arith.trunci(ir.IntegerType.get_signless(8), lost)


def _rounded_normal(s: Bits, magnitude: Any, f: Format) -> Any:
    """Ties to even: add half a step less one, plus the last bit that stays."""
    drop = F32_MANTISSA - f.mantissa
    last = s.op("andi", s.op("shrui", magnitude, drop), 1)
    raised = s.op("addi", s.op("addi", magnitude, (1 << (drop - 1)) - 1), last)
    code = s.op("shrui", raised, drop)
    return s.op("subi", code, (F32_BIAS - f.bias) << f.mantissa)


def _rounded_small(s: Bits, size: Any, f: Format) -> Any:
    """A multiple of the least subnormal; values beyond are capped, their code is not used."""
    scaled = s.arith.mulf(size, s.b.scalar(2.0 ** (f.bias - 1 + f.mantissa), s.f32))
    capped = s.arith.minnumf(scaled, s.b.scalar(float(1 << f.mantissa), s.f32))
    return s.arith.fptosi(s.i32, s.b.math.roundeven(capped))


@lowers(BitCast)
def lower_bit_cast(b: Builder, op: Any, x: Any) -> Any:
    """arith.bitcast; a bool is a byte that holds 0 or 1."""
    result = signless(op.operation.results[0].type)
    source, target = x.type.element_type, result.element_type
    i1 = ir.IntegerType.get_signless(1)

    def body(v: Any) -> Any:
        if source == i1:
            return b.arith.extui(target, v)
        if target == i1:
            return b.arith.trunci(target, v)
        return b.arith.bitcast(target, v)

    return x if source == target else b.elementwise([x], result, body)
