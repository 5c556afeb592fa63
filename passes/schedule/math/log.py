"""log, log2 and log1p of f32.

x = 2^k m with sqrt(1/2) <= m < sqrt(2), so that f = m - 1 has no cancellation against k near x =
1, and log(1 + f) is a polynomial in f. Denormals are scaled by 2^23 first.

Constants: minimax by Remez (mpmath, 140 bits) on [sqrt(1/2) - 1, sqrt(2) - 1], relative to the
result, and coefficients rounded to f32 one by one. Measured: natural logarithm 5.9e-9, base 2
1.3e-8.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.schedule.math.emitter import INFINITY, NAN, Emitter
from aicc.passes.schedule.math.exp import LN2_HIGH, LN2_LOW

_SQRT_HALF_BITS = 0x3F3504F3
_SMALLEST_NORMAL = 2.0**-126

# (log(1 + f) - f + f^2 / 2) / f^3
_LOG = (
    0.333333313, -0.250008225, 0.200012609, -0.166233256, 0.142009333, -0.131596908, 0.127673537,
    -0.0764308497,
)  # fmt: skip

# (log2(1 + f) - f log2(e)) / f^2
_LOG2 = (
    -0.721347332, 0.480898261, -0.360698789, 0.28856644, -0.239549547, 0.204463661, -0.191415668,
    0.187987804, -0.112198129,
)  # fmt: skip

# log2(e) as a sum of two f32.
_LOG2_E_HIGH = 1.44269502
_LOG2_E_LOW = 1.92596303e-8


def split(e: Emitter, x: Any) -> tuple[Any, Any]:
    """(k, m) as f32 with x = 2^k m and sqrt(1/2) <= m < sqrt(2), for 0 < x < inf."""
    is_denormal = e.compare("olt", x, e.f32(_SMALLEST_NORMAL))
    bits = e.bits(e.select(is_denormal, e.mul(x, e.f32(2.0**23)), x))
    k, m = split_bits(e, bits)
    k = e.convert("sitofp", "f32", k)
    return e.select(is_denormal, e.sub(k, e.f32(23.0)), k), m


def split_bits(e: Emitter, bits: Any) -> tuple[Any, Any]:
    """(k, m) of the positive normal number with these bits, k as i32."""
    k = e.integer("shrsi", e.integer("subi", bits, e.i32(_SQRT_HALF_BITS)), e.i32(23))
    m = e.from_bits(e.integer("subi", bits, e.integer("shli", k, e.i32(23))))
    return k, m


def _log_tail(e: Emitter, f: Any, k: Any) -> Any:
    """log(1 + f) - f + k LN2_LOW: what is to be added to f + k LN2_HIGH."""
    f2 = e.mul(f, f)
    low = e.fma(e.mul(f2, f), e.polynomial(f, _LOG), e.mul(k, e.f32(LN2_LOW)))
    return e.fma(f2, e.f32(-0.5), low)


def _natural(e: Emitter, f: Any, k: Any) -> Any:
    """log(1 + f) + k ln 2."""
    return e.fma(k, e.f32(LN2_HIGH), e.add(f, _log_tail(e, f, k)))


def _at_the_edges(e: Emitter, x: Any, pole: float, result: Any) -> Any:
    """`result` inside (pole, inf); inf at inf, NaN below the pole and at NaN, -inf at the pole."""
    result = e.select(e.compare("olt", x, e.f32(INFINITY)), result, x)
    result = e.select(e.compare("olt", x, e.f32(pole)), e.f32(NAN), result)
    return e.select(e.compare("oeq", x, e.f32(pole)), e.f32(-INFINITY), result)


def emit_log(e: Emitter, x: Any) -> Any:
    """log(x). Error <= 1 ulp (measured 0.85); -inf at 0 and -0.0, NaN below."""
    k, m = split(e, x)
    return _at_the_edges(e, x, 0.0, _natural(e, e.sub(m, e.f32(1.0)), k))


def emit_log2(e: Emitter, x: Any) -> Any:
    """log2(x). Error <= 1.25 ulp (measured 1.05); exact on powers of two."""
    k, m = split(e, x)
    f = e.sub(m, e.f32(1.0))
    tail = e.fma(f, e.f32(_LOG2_E_LOW), e.mul(e.mul(f, f), e.polynomial(f, _LOG2)))
    return _at_the_edges(e, x, 0.0, e.add(k, e.fma(f, e.f32(_LOG2_E_HIGH), tail)))


def emit_log1p(e: Emitter, x: Any) -> Any:
    """log(1 + x). Error <= 1.5 ulp (measured 1.41); -0.0 stays, -inf at -1, NaN below.

    k and m come from u = fl(1 + x), but f from x itself: f = 2^-k x + (2^-k - 1) has one rounding.
    From 2^24 on u is x, and f = m - 1; this also avoids 2^-k where it is denormal.
    """
    k, m = split_bits(e, e.bits(e.add(x, e.f32(1.0))))
    power = e.from_bits(e.integer("subi", e.i32(127 << 23), e.integer("shli", k, e.i32(23))))
    f = e.fma(x, power, e.sub(power, e.f32(1.0)))
    f = e.select(e.compare("olt", x, e.f32(2.0**24)), f, e.sub(m, e.f32(1.0)))
    result = e.with_sign_of(_natural(e, f, e.convert("sitofp", "f32", k)), x)
    return _at_the_edges(e, x, -1.0, result)
