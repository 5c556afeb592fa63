"""Compute on fewer elements: take the part first, reduce first, repeat last.

    %1 = exp(%0); %2 = slice(%1)                   ->  %1 = slice(%0); %2 = exp(%1)
    %1 = mul(%0, 0.5); %2 = reduce_sum(%1)         ->  %1 = reduce_sum(%0); %2 = mul(%1, 0.5)
    %1 = expand(%0); %2 = exp(%1)                  ->  %1 = exp(%0); %2 = expand(%1)
    %1 = transpose(conv(..)); %2 = relu(%1)        ->  %1 = relu(conv(..)); %2 = transpose(%1)
    %1 = transpose(%0); %2 = conv 1x1 (%1)         ->  %1 = conv 1x1 (%0); %2 = transpose(%1)
    conv(%0, %w) whose outer taps read padding     ->  %1 = slice(%w); conv(%0, %1)

Why: exporters write ops in the order of the source text. What only some elements are needed of is
computed for these alone, and elementwise ops come to stand next to the op they can fuse with.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .patterns import PatternSet
from .work import convolutions, elementwise, reductions, slices, taps

PATTERNS = PatternSet("reduce-work")
PATTERNS.include(slices.PATTERNS, reductions.PATTERNS, elementwise.PATTERNS)
PATTERNS.include(convolutions.PATTERNS, taps.PATTERNS)


@register_pass("reduce-work")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006
    """Move slices and reductions up, repetitions down; `disable` names patterns to leave out."""
    PATTERNS.apply(module, disable)
