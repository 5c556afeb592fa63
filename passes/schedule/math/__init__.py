"""Polynomial code for elementary functions of f32: operation name -> what replaces it.

The error bounds were measured against f64 libm on every 31st of all f32 bit patterns (erf: every
127th; powf: each such x with a y drawn at random); an ulp is the spacing of f32 at the exact
result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aicc.passes.schedule.math.erf import emit_erf
from aicc.passes.schedule.math.exp import emit_exp, emit_exp2, emit_expm1
from aicc.passes.schedule.math.log import emit_log, emit_log1p, emit_log2
from aicc.passes.schedule.math.pow import emit_powf
from aicc.passes.schedule.math.tanh import emit_tanh
from aicc.passes.schedule.math.trig import emit_cos, emit_sin


@dataclass(frozen=True)
class Approximation:
    """`emit(e, *operands)` takes f32 operands of the shape the Emitter `e` was made for."""

    emit: Callable[..., Any]
    max_ulp: float


APPROXIMATIONS = {
    "math.cos": Approximation(emit_cos, max_ulp=1.75),
    "math.erf": Approximation(emit_erf, max_ulp=1.75),
    "math.exp": Approximation(emit_exp, max_ulp=1.0),
    "math.exp2": Approximation(emit_exp2, max_ulp=1.0),
    "math.expm1": Approximation(emit_expm1, max_ulp=1.75),
    "math.log": Approximation(emit_log, max_ulp=1.0),
    "math.log1p": Approximation(emit_log1p, max_ulp=1.5),
    "math.log2": Approximation(emit_log2, max_ulp=1.25),
    "math.powf": Approximation(emit_powf, max_ulp=1.0),
    "math.sin": Approximation(emit_sin, max_ulp=1.75),
    "math.tanh": Approximation(emit_tanh, max_ulp=2.75),
}
