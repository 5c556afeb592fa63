"""exp, exp2 and expm1 of f32.

exp: x = n ln 2 + r with n integer and |r| <= ln 2 / 2, then exp(x) = 2^n exp(r), with exp(r) a
polynomial. Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits, from where it
goes to the exponent.

Constants: minimax by Remez (mpmath, 140 bits), coefficients rounded to f32 one by one and the
others fitted again. Measured relative errors of the rounded polynomials: exp 3.3e-9 on |r| <=
0.3468, exp2 5.3e-9 on |r| <= 0.5, (expm1(r) - r) / r^2 to 1.4e-8 of expm1. ln 2 is split in two
parts, the first with few enough bits that its product with any n is exact.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.schedule.math.emitter import Emitter

LOG2_E = 1.4426950408889634
LN2_HIGH = 0.693359375
LN2_LOW = -2.1219444005469057e-4

# 2^23 * 1.5: the sum with |x| < 2^22 has an ulp of 1, so it is rounded to an integer.
ROUNDER = 12582912.0

EXP = (1.0, 1.0, 0.49999994, 0.166665167, 0.0416681021, 0.00836916547, 0.00138383231)
EXP2 = (1.0, 0.693147242, 0.240226552, 0.0555027276, 0.00961706508, 0.0013417711, 0.000158250768)
_EXPM1 = (0.49999997, 0.16666539, 0.0416677482, 0.00836708769, 0.00138378842)

# Added to the rounder so that halving the low bits yields the biased exponent of 2^(n/2).
_TWO_BIASES = 254.0
# Here both biased exponents are 0, and so are both factors: -inf, by which masks hide scores, gives
# 0 * 0. Products that become denormal or vanish by rounding take a hundred times as long.
LEAST_EXPONENT = -254.0
# Above any |r| that rounding to an integer leaves.
_LARGEST_REST = 0.51


def emit_exp(e: Emitter, x: Any) -> Any:
    """exp(x). Error <= 1 ulp (measured 0.87), denormal results included."""
    is_bounded = _is_bounded_late(e)
    if not is_bounded:
        # Beyond these bounds the result is inf or 0 anyway; within them n fits in two exponents.
        x = e.at_least(e.at_most(x, 89.0), -176.0)
    shifted = e.fma(x, e.f32(LOG2_E), e.f32(ROUNDER + _TWO_BIASES))
    n = e.sub(shifted, e.f32(ROUNDER + _TWO_BIASES))
    r = e.fma(n, e.f32(-LN2_LOW), e.fma(n, e.f32(-LN2_HIGH), x))
    r = e.bounded(r, _LARGEST_REST) if is_bounded else r
    return scale_by_power_of_two(e, e.polynomial(r, EXP), shifted, n)


def emit_exp2(e: Emitter, x: Any) -> Any:
    """2^x. Error <= 1 ulp (measured 0.87), denormal results included."""
    is_bounded = _is_bounded_late(e)
    if not is_bounded:
        x = e.at_least(e.at_most(x, 129.0), LEAST_EXPONENT)
    shifted, n = shifted_integer(e, x)
    r = e.sub(x, n)
    r = e.bounded(r, _LARGEST_REST) if is_bounded else r
    return scale_by_power_of_two(e, exp2_fraction(e, r), shifted, n)


def _is_bounded_late(e: Emitter) -> bool:
    """Whether any n will do, because one operation bounds the rest r.

    vscalefps takes every n: an infinite or huge one gives 0 or infinity, at once, where an n just
    below the exponents of normal numbers costs forty times as much; NaN comes back through n. Only
    r, which is NaN or anything then, has to be kept from overflowing the polynomial.
    """
    return e.can_scale() and e.can_bound()


def shifted_integer(e: Emitter, x: Any) -> tuple[Any, Any]:
    """(n + ROUNDER + 254, n) for the integer n nearest to x, |x| < 2^20."""
    shifted = e.add(x, e.f32(ROUNDER + _TWO_BIASES))
    return shifted, e.sub(shifted, e.f32(ROUNDER + _TWO_BIASES))


def exp2_fraction(e: Emitter, r: Any) -> Any:
    """2^r for |r| <= 0.5001."""
    return e.polynomial(r, EXP2)


def scale_by_power_of_two(e: Emitter, value: Any, shifted: Any, n: Any) -> Any:
    """value * 2^n for -254 <= n <= 129, rounded once, where shifted = n + ROUNDER + 254.

    AVX-512 has an instruction for it, for any n. Elsewhere 2^n may be no normal number, so the
    product is taken in two halves: the first is exact, the second overflows or becomes denormal as
    the exact result would.
    """
    if e.can_scale():
        return e.scaled(value, n)
    low_bits = e.bits(shifted)
    half = e.integer("shrui", low_bits, e.i32(1))
    other = e.integer("subi", low_bits, half)
    for exponent in (half, other):
        value = e.mul(value, e.from_bits(e.integer("shli", exponent, e.i32(23))))
    return value


def reduced_expm1(e: Emitter, x: Any) -> tuple[Any, Any]:
    """(p, shifted) with exp(x) = 2^n (1 + p), p = expm1(r) and shifted = n + ROUNDER; |x| < 2^20.

    p is x itself, to the last bit, where x is tiny or denormal.
    """
    shifted = e.fma(x, e.f32(LOG2_E), e.f32(ROUNDER))
    n = e.sub(shifted, e.f32(ROUNDER))
    r = e.fma(n, e.f32(-LN2_LOW), e.fma(n, e.f32(-LN2_HIGH), x))
    return e.fma(e.mul(r, r), e.polynomial(r, _EXPM1), r), shifted


def bounded_expm1(e: Emitter, x: Any) -> Any:
    """expm1(x) for -87 <= x <= 87, where 2^n is a normal number. +0.0 for -0.0: mind the sign."""
    p, shifted = reduced_expm1(e, x)
    exponent = e.integer("addi", e.integer("shli", e.bits(shifted), e.i32(23)), e.i32(127 << 23))
    power = e.from_bits(exponent)
    return e.fma(p, power, e.sub(power, e.f32(1.0)))


def emit_expm1(e: Emitter, x: Any) -> Any:
    """exp(x) - 1. Error <= 1.75 ulp (measured 1.50); -0.0 stays, denormals are exact."""
    bounded = e.at_least(e.at_most(x, 89.0), -18.0)
    p, shifted = reduced_expm1(e, bounded)
    # 2^n overflows at n = 128 though the result may not: work with 2^(n-1) and double at the end.
    exponent = e.integer("addi", e.integer("shli", e.bits(shifted), e.i32(23)), e.i32(126 << 23))
    power = e.from_bits(exponent)
    half = e.fma(p, power, e.sub(power, e.f32(0.5)))
    # Halving would lose the last bit of a denormal: where n = 0, p is the answer.
    is_small = e.compare("oeq", shifted, e.f32(ROUNDER))
    return e.with_sign_of(e.select(is_small, p, e.add(half, half)), x)
