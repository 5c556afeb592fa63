"""tanh of f32: tanh(a) = t / (t + 2) with t = expm1(2 a), for a = |x|, then the sign of x.

One formula for the whole range: expm1 keeps the relative accuracy near 0, so no second polynomial
and no selection are needed. The division dominates the time, but a rational approximation has one
too.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.schedule.math.emitter import Emitter
from aicc.passes.schedule.math.exp import bounded_expm1

# tanh rounds to 1 from 9.011 on; t + 2 rounds to t there, so the quotient is exactly 1.
_SATURATED = 9.25


def emit_tanh(e: Emitter, x: Any) -> Any:
    """tanh(x). Error <= 2.75 ulp (measured 2.46); -0.0 stays, denormals are exact."""
    a = e.at_most(e.absolute(x), _SATURATED)
    t = bounded_expm1(e, e.add(a, a))
    return e.with_sign_of(e.div(t, e.add(t, e.f32(2.0))), x)
