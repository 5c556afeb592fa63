"""Pooling of regions of interest."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.regions import RegionMaxPool

from ..node import Node
from ..registry import onnx_op


@onnx_op("MaxRoiPool")
def max_roi_pool(
    n: Node, x: Any, regions: Any, *, pooled_shape: list[int], spatial_scale: float = 1.0
) -> Any:
    """Maxima of the bins of every region."""
    return n.emit(RegionMaxPool, x, regions, size=pooled_shape, scale=spatial_scale)
