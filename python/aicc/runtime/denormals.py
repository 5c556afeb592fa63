"""Denormal numbers among prepared weights become zero.

Why: channels that training has killed leave factors far below 1e-38 in a model. Arithmetic on
denormals takes the processor a hundred times longer, and what such a channel adds to a result is
below any rounding of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Elements looked at in one go: what is computed in between stays in the cache.
_BLOCK = 1 << 16
_SIGN, _FRACTION = np.uint32(0x80000000), np.uint32(0x007FFFFF)


def flush_denormals(array: np.ndarray[Any, Any]) -> None:
    """Zeros, of the same sign, for the denormals of a contiguous float32 array; others stay."""
    if array.dtype != np.float32:
        return
    bits = array.reshape(-1).view(np.uint32)
    for start in range(0, bits.size, _BLOCK):
        block = bits[start : start + _BLOCK]
        # one less, so that zero is the largest
        rank = (block & ~_SIGN) - np.uint32(1)
        if rank.size and rank.min() < _FRACTION:
            block[rank < _FRACTION] &= _SIGN
