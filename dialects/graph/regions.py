"""Pooling of regions of interest."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, floating, integers
from .types import is_float, tensor


class RegionMaxPool(GraphOp, name="region_max_pool", traits=[Pure]):
    """Each region of x (NCHW), a row (sample, x1, y1, x2, y2), as `size` bins' maxima.

    Corners are scaled, rounded to whole elements and belong to the region. A bin without an element
    of x is 0.
    """

    x: Operand[Tensor]
    rois: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"size": integers(), "scale": floating(1.0)}

    @staticmethod
    def infer(x: Any, rois: Any, *, size: list[int], scale: float) -> Any:
        if x.rank != 4 or not is_float(x.element_type) or len(size) != 2:
            raise VerifyError(f"expects an NCHW operand of floats and two sizes, got {x}, {size}")
        if rois.rank != 2 or rois.shape[1] != 5 or rois.element_type != x.element_type:
            raise VerifyError(f"expects a sample and four corners per region, got {rois}")
        return tensor([rois.shape[0], x.shape[1], *size], x.element_type)
