"""Rounding to bytes and back as single ops, moved to where they cost least.

    %1 = cast(clip(add(round(div(%x, 0.1)), 3.0))) u8      %1 = quantize(%x) {scale = 0.1, ..}
    %2 = mul(cast(sub(cast(%1) i32, 3)) f32, 0.1)      ->  %2 = max_pool(%1)
    %3 = max_pool(%2)                                      %3 = dequantize(%2) {scale = 0.1, ..}

Why: models that were quantised round after every op and say so in a dozen ops of floats. Rounding
needs no division if it is known to be one, bytes are a quarter of what floats are to move, and
between the same scales nothing has to be computed at all.

    quantization.steps    one op for the formulas of both directions
    quantization.moves    bytes are moved instead of floats
    quantization.sums     sums of two tensors are rounded without a quotient

The integers are those of ONNX's formulas bit for bit, save for NaN, whose integer no standard
defines, and for sums that are rounded: what these are multiplied by goes into the factors before,
which `strict_fp` forbids.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .patterns import PatternSet
from .quantization import moves, steps, sums

PATTERNS = PatternSet("fold-quantization")
PATTERNS.include(steps.PATTERNS, moves.PATTERNS, sums.PATTERNS)


@register_pass("fold-quantization")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006
    """Merge what rounds to bytes and back, and move bytes; `disable` names patterns."""
    PATTERNS.apply(module, disable)
