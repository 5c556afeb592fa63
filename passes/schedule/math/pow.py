"""powf of f32: |x|^y = 2^(y log2 |x|), with log2 and the product in f64.

The product needs about 33 correct bits, since an absolute error in it is a relative one in the
result. f64 gives them at half as many lanes; sums of two f32 would take more operations than
that. What is left after rounding to an integer is small enough for the f32 polynomial of exp2.

Constants: log2(1 + f) / f, minimax by Remez (mpmath, 140 bits) on [sqrt(1/2) - 1, sqrt(2) - 1],
relative: 4.2e-13, coefficients in f64.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.schedule.math.emitter import INFINITY, NAN, Emitter
from aicc.passes.schedule.math.exp import (
    LEAST_EXPONENT,
    exp2_fraction,
    scale_by_power_of_two,
    shifted_integer,
)
from aicc.passes.schedule.math.log import split

_LOG2_OVER_F = (
    1.4426950408893544,
    -0.7213475204249724,
    0.48089834658550135,
    -0.360673765899266,
    0.28853907067971163,
    -0.24044872731456038,
    0.20609526658022215,
    -0.18035040311230663,
    0.1604252322246846,
    -0.144126186845313,
    0.12914412438589404,
    -0.119625608169499,
    0.1261234493401829,
    -0.12352050750692338,
    0.06318171742787584,
)

# Saturates every power but those of 1, and keeps y log2 |x| away from inf * 0.
_LARGEST_EXPONENT = 1.0e30


def emit_powf(e: Emitter, x: Any, y: Any) -> Any:
    """x^y, special cases as IEEE 754 pow. Error <= 1 ulp (measured 0.92), denormals included."""
    magnitude = _exp2_of_f64(e, _product(e, e.absolute(x), y))
    is_whole = e.compare("oeq", e.floor(y), y)
    half = e.mul(y, e.f32(0.5))
    is_odd = e.both(is_whole, e.compare("une", e.floor(half), half))
    result = e.select(is_odd, e.with_sign_of(magnitude, x), magnitude)
    return _special_cases(e, x, y, is_whole, result)


def _product(e: Emitter, a: Any, y: Any) -> Any:
    """y log2(a) as f64, a >= 0; log2(0) = -inf, log2(inf) = inf; NaN where y = 0 meets them."""
    k, m = split(e, a)
    k = e.select(e.compare("olt", a, e.f32(INFINITY)), k, a)
    k = e.select(e.compare("oeq", a, e.f32(0.0)), e.f32(-INFINITY), k)
    f = e.convert("extf", "f64", e.sub(m, e.f32(1.0)))
    logarithm = e.polynomial(f, _LOG2_OVER_F, "f64")
    logarithm = e.fma(f, logarithm, e.convert("extf", "f64", k), "f64")
    y = e.at_least(e.at_most(y, _LARGEST_EXPONENT), -_LARGEST_EXPONENT)
    return e.mul(e.convert("extf", "f64", y), logarithm, "f64")


def _exp2_of_f64(e: Emitter, x: Any) -> Any:
    """2^x as f32, for x in f64."""
    x = e.at_least(e.at_most(x, 129.0, "f64"), LEAST_EXPONENT, "f64")
    shifted, n = shifted_integer(e, e.convert("truncf", "f32", x))
    fraction = e.sub(x, e.convert("extf", "f64", n), "f64")
    value = exp2_fraction(e, e.convert("truncf", "f32", fraction))
    return scale_by_power_of_two(e, value, shifted, n)


def _special_cases(e: Emitter, x: Any, y: Any, is_whole: Any, result: Any) -> Any:
    """1 for y = 0 and for x = 1, NaN included; NaN for a fractional power of a negative number."""
    is_negative = e.both(e.compare("olt", x, e.f32(0.0)), e.compare("ogt", x, e.f32(-INFINITY)))
    result = e.select(is_negative, e.select(is_whole, result, e.f32(NAN)), result)
    result = e.select(e.compare("oeq", x, e.f32(1.0)), e.f32(1.0), result)
    return e.select(e.compare("oeq", y, e.f32(0.0)), e.f32(1.0), result)
