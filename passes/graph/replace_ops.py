"""Replace ops by others that have better kernels.

    %1 = conv_transpose(%0, %w) {strides = [2, 2]}
      ->  %a = conv(%0, %f)              four filters, one for each position of a 2 x 2 block
          %1 = blocks of %a, interleaved: one transpose between two views

Why: convolutions have packed filters, channels-last layouts and register tiles; so a few ops are
worth saying otherwise. Nothing here knows of kernels: the choice is by shapes alone.
"""

from __future__ import annotations

from typing import Any

from aicc.passes.registry import register_pass

from .patterns import PatternSet
from .replacements import (
    blocks,
    conv_transpose,
    dilated_conv,
    pools,
    reductions,
    short_rows,
)

PATTERNS = PatternSet("replace-ops")
PATTERNS.include(
    conv_transpose.PATTERNS,
    dilated_conv.PATTERNS,
    blocks.PATTERNS,
    reductions.PATTERNS,
    pools.PATTERNS,
    short_rows.PATTERNS,
)


@register_pass("replace-ops")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006
    """Say ops by others that run faster; `disable` names patterns to leave out."""
    PATTERNS.apply(module, disable)
