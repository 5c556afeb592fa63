"""Padding of sliding windows, shared by convolution and pooling."""

from __future__ import annotations

from collections.abc import Sequence

from ..node import Node


def resolve_pads(
    n: Node,
    auto_pad: str,
    pads: Sequence[int] | None,
    size: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
) -> list[int]:
    """All begin pads, then all end pads, as ONNX's `auto_pad` says."""
    spatial = len(size)
    if auto_pad in ("NOTSET", ""):
        return list(pads) if pads else [0] * (2 * spatial)
    if auto_pad == "VALID":
        return [0] * (2 * spatial)
    if auto_pad not in ("SAME_UPPER", "SAME_LOWER"):
        n.invalid(f"auto_pad '{auto_pad}'")
    begins, ends = [], []
    for d, k, s, a in zip(size, kernel, strides, dilations, strict=True):
        total = max(0, (-(-d // s) - 1) * s + (k - 1) * a + 1 - d)
        small, large = total // 2, total - total // 2
        begins.append(small if auto_pad == "SAME_UPPER" else large)
        ends.append(large if auto_pad == "SAME_UPPER" else small)
    return begins + ends
