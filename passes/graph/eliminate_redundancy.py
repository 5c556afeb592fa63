"""Remove ops that change nothing, and pairs and chains that come down to less.

    %1 = transpose(%0) [0, 2, 1]; %2 = reshape(%1); %3 = concat(%2); %4 = transpose(%3) [0, 2, 1]
      ->  %4 is %0

Why: exporters leave identities and detours, layout changes leave casts, and other passes rely on
finding producers directly. Each kind is a named pattern:

    redundancy.movement      reshapes, transposes, slices, broadcasts, layout casts, chains of them
    redundancy.ops           parameters that make an op do nothing: unit pools, axes of size 1, ...
    redundancy.joins         concatenations and slices of them; gathers and scatters that only copy
    redundancy.pads          padding that is cut again, repeated, or the next op's own
    redundancy.quantization  quantising what was dequantised alike

All but one (`softmax-of-one`) are exact: NaN, infinities and signed zeros come out the same.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .patterns import PatternSet
from .redundancy import joins, movement, ops, pads, quantization

PATTERNS = PatternSet("eliminate-redundancy")
PATTERNS.include(
    movement.PATTERNS,
    ops.PATTERNS,
    joins.PATTERNS,
    pads.PATTERNS,
    quantization.PATTERNS,
)


@register_pass("eliminate-redundancy")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006
    """Remove no-effect ops, compose data movement; `disable` names patterns to leave out."""
    PATTERNS.apply(module, disable)
