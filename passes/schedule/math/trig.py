"""sin and cos of f32, with a range reduction that holds for every finite argument.

a = |x| is reduced to r = a - q pi/2, |r| <= pi/4, by multiplying the mantissa with the bits of
2/pi that matter for the exponent of a (the reduction of Payne and Hanek), in integers: 96 bits of
2/pi, chosen by the exponent with two rounds of selection and a funnel shift, give a/(pi/2) modulo
4 with 62 bits after the point. No float32 beyond pi/4 comes nearer than 2^-30 to a multiple of
pi/2 (checked on all of them), so r keeps more than its 24 bits. This has no branch, no table in
memory, and needs no libm for large arguments; |x| below pi/4 takes r = a.

Constants: minimax by Remez (mpmath, 140 bits) in z = r^2 on [0, (pi/4)^2], relative to the
result, coefficients rounded to f32 one by one. Measured: sin 4.0e-9, cos 1.2e-10. 2/pi to 198
bits by mpmath.
"""

from __future__ import annotations

import math
from typing import Any

from aicc.passes.schedule.math.emitter import INFINITY, Emitter

# (sin(r) - r) / r^3 and (cos(r) - 1 + z / 2) / z^2, in z = r^2.
_SIN = (-0.166666552, 0.00833218731, -0.000195179106)
_COS = (0.0416666456, -0.00138873095, 2.44323055e-05)

# 26 zero bits, then the bits of 2/pi: the window of 96 bits that starts at bit s is
# floor(2/pi * 2^(70 + s)) modulo 2^96.
_TWO_OVER_PI = (
    0x00000028, 0xBE60DB93, 0x91054A7F, 0x09D5F47D,
    0x4D377036, 0xD8A5664F, 0x10E4107F,
)  # fmt: skip

_LARGEST_UNREDUCED = 0.785398185
_EXPONENT_OF_ONE = 127


def emit_sin(e: Emitter, x: Any) -> Any:
    """sin(x). Error <= 1.75 ulp (measured 1.58) for all finite x; -0.0 stays, NaN at infinity."""
    a = e.absolute(x)
    quadrant, r = reduce_quadrant(e, a)
    result = _sin_or_cos(e, quadrant, r)
    flipped = e.integer("xori", e.bits(result), e.sign_bit(x))
    return _finite_only(e, x, e.from_bits(flipped))


def emit_cos(e: Emitter, x: Any) -> Any:
    """cos(x). Error <= 1.75 ulp (measured 1.57) for every finite x; infinities give NaN."""
    quadrant, r = reduce_quadrant(e, e.absolute(x))
    # cos(a) = sin(a + pi/2): one quadrant further.
    return _finite_only(e, x, _sin_or_cos(e, e.integer("addi", quadrant, e.i32(1)), r))


def _finite_only(e: Emitter, x: Any, result: Any) -> Any:
    """`result`, but NaN where x is infinite or NaN."""
    is_finite = e.compare("olt", e.absolute(x), e.f32(INFINITY))
    return e.select(is_finite, result, e.sub(x, x))


def _sin_or_cos(e: Emitter, quadrant: Any, r: Any) -> Any:
    """sin(r + quadrant pi/2): cos(r) in odd quadrants, the sign changed in the second half turn."""
    z = e.mul(r, r)
    sine = e.fma(e.mul(z, r), e.polynomial(z, _SIN), r)
    cosine = e.fma(e.mul(z, z), e.polynomial(z, _COS), e.fma(z, e.f32(-0.5), e.f32(1.0)))
    odd = e.integer("andi", quadrant, e.i32(1))
    value = e.select(e.compare_integers("eq", odd, e.i32(0)), sine, cosine)
    half_turn = e.integer("shli", quadrant, e.i32(30))
    sign = e.integer("andi", half_turn, e.i32(0x80000000))
    return e.from_bits(e.integer("xori", e.bits(value), sign))


def reduce_quadrant(e: Emitter, a: Any) -> tuple[Any, Any]:
    """(q as i32, r) with a = r + q pi/2 modulo 2 pi and |r| <= pi/4, for finite a >= 0."""
    turns = _quarter_turns(e, a)
    # Nearest multiple: the two bits before the point, rounded by the one after it.
    rounded = e.integer("addi", turns, e.constant("i64", 1 << 61), "i64")
    q = e.integer("shrui", rounded, e.constant("i64", 62), "i64")
    q = e.convert("trunci", "i32", q)
    # Read as signed, the fraction in the top bits is what is left, in [-1/2, 1/2) quarter turns.
    fraction = e.integer("shli", turns, e.constant("i64", 2), "i64")
    wide = e.convert("sitofp", "f64", fraction)
    wide = e.mul(wide, e.constant("f64", math.ldexp(math.pi / 2, -64)), "f64")
    is_small = e.compare("ole", a, e.f32(_LARGEST_UNREDUCED))
    r = e.select(is_small, a, e.convert("truncf", "f32", wide))
    return e.select(is_small, e.i32(0), q, "i32"), r


def _quarter_turns(e: Emitter, a: Any) -> Any:
    """a * 2/pi modulo 4, as i64 with 62 bits after the point; a in [1/2, inf)."""
    exponent = e.integer("shrui", e.bits(a), e.i32(23))
    below_one = e.compare_integers("slt", exponent, e.i32(_EXPONENT_OF_ONE))
    mantissa = e.integer("andi", e.bits(a), e.i32(0x7FFFFF))
    mantissa = e.integer("ori", mantissa, e.i32(1 << 23))
    # The window cannot start before bit 0: [1/2, 1) keeps the window of [1, 2) and half the factor.
    doubled = e.integer("addi", mantissa, mantissa)
    mantissa = e.select(below_one, mantissa, doubled, "i32")
    start = e.integer("subi", exponent, e.i32(_EXPONENT_OF_ONE))
    start = e.select(below_one, e.i32(0), start, "i32")
    high, middle, low = _window(e, start)
    # Of the highest product only the low half counts: a 32-bit multiplication gives it.
    high = e.convert("extui", "i64", e.integer("muli", mantissa, high))
    factor = e.convert("extui", "i64", mantissa)
    middle = e.integer("muli", factor, e.convert("extui", "i64", middle), "i64")
    low = e.integer("muli", factor, e.convert("extui", "i64", low), "i64")
    high = e.integer("shli", high, e.constant("i64", 32), "i64")
    low = e.integer("shrui", low, e.constant("i64", 32), "i64")
    return e.integer("addi", e.integer("addi", high, middle, "i64"), low, "i64")


def _window(e: Emitter, start: Any) -> list[Any]:
    """The three words of _TWO_OVER_PI from bit `start` (0..127) on."""
    words = [e.i32(word) for word in _TWO_OVER_PI]
    for bit, distance in ((64, 2), (32, 1)):
        is_set = e.compare_integers("ne", e.integer("andi", start, e.i32(bit)), e.i32(0))
        count = min(len(words) - distance, 3 + bit // 32)
        words = [e.select(is_set, words[i + distance], words[i], "i32") for i in range(count)]
    shift = e.integer("andi", start, e.i32(31))
    # A shift by 32 has no meaning when shift = 0: shift by 1 first, then by 31 - shift.
    complement = e.integer("xori", shift, e.i32(31))
    shifted = []
    for upper, lower in zip(words, words[1:], strict=False):
        spill = e.integer("shrui", e.integer("shrui", lower, e.i32(1)), complement)
        shifted.append(e.integer("ori", e.integer("shli", upper, shift), spill))
    return shifted
