"""Polynomial code for elementary functions of f32: operation name -> the emitter that replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.passes.schedule.math.erf import emit_erf
from aicc.passes.schedule.math.exp import emit_exp, emit_exp2, emit_expm1
from aicc.passes.schedule.math.log import emit_log, emit_log1p, emit_log2
from aicc.passes.schedule.math.pow import emit_powf
from aicc.passes.schedule.math.tanh import emit_tanh
from aicc.passes.schedule.math.trig import emit_cos, emit_sin

# Called as emitter(e, *operands), with f32 operands of the shape that the Emitter e was made for.
EMITTERS: dict[str, Callable[..., Any]] = {
    "math.cos": emit_cos,
    "math.erf": emit_erf,
    "math.exp": emit_exp,
    "math.exp2": emit_exp2,
    "math.expm1": emit_expm1,
    "math.log": emit_log,
    "math.log1p": emit_log1p,
    "math.log2": emit_log2,
    "math.powf": emit_powf,
    "math.sin": emit_sin,
    "math.tanh": emit_tanh,
}
