"""Sampling between the elements of a tensor."""

from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    boolean,
    choice,
    floating,
    integer,
    integers,
)
from .types import is_float, is_integer, normalize_axis, tensor


class Interpolate(GraphOp, name="interpolate", traits=[Pure]):
    """Along `axis`, element o is the sum over t of weights[o, t] * x[positions[o, t]].

    Separable resizing is one of these for each axis; positions lie inside x.
    """

    x: Operand[Tensor]
    positions: Operand[Tensor]
    weights: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer()}

    @staticmethod
    def infer(x: Any, positions: Any, weights: Any, *, axis: int) -> Any:
        axis = normalize_axis(axis, x.rank)
        if not is_float(x.element_type) or weights.element_type != x.element_type:
            raise VerifyError(f"expects floats of one type, got {x} and weights {weights}")
        if positions.rank != 2 or not is_integer(positions.element_type):
            raise VerifyError(f"expects a matrix of positions, got {positions}")
        if list(positions.shape) != list(weights.shape) or 0 in positions.shape:
            raise VerifyError(f"expects one weight per position, got {positions} and {weights}")
        shape = list(x.shape)
        shape[axis] = positions.shape[0]
        return tensor(shape, x.element_type)


class GridSample(GraphOp, name="grid_sample", traits=[Pure]):
    """x (NCHW, any number of spatial dimensions) at the positions that `grid` names.

    The last dimension of the grid holds one coordinate in [-1, 1] per spatial dimension, the
    innermost one first.
    """

    x: Operand[Tensor]
    grid: Operand[Tensor]
    y: Result[Tensor]
    attrs = {
        "mode": choice("nearest", "linear", "cubic", default="linear"),
        "padding": choice("zeros", "border", "reflection", default="zeros"),
        "align_corners": boolean(False),
    }

    @staticmethod
    def infer(x: Any, grid: Any, *, mode: str, padding: str, align_corners: bool) -> Any:
        spatial = x.rank - 2
        if spatial < 1 or grid.rank != x.rank or grid.shape[grid.rank - 1] != spatial:
            raise VerifyError(f"cannot sample {x} at the positions {grid}")
        if not is_float(grid.element_type) or grid.shape[0] != x.shape[0]:
            raise VerifyError(f"expects a grid of floats for each sample of {x}, got {grid}")
        if mode != "nearest" and not is_float(x.element_type):
            raise VerifyError(f"cannot interpolate {x}")
        return tensor([*x.shape[:2], *grid.shape[1:-1]], x.element_type)


class RoiAlign(GraphOp, name="roi_align", traits=[Pure]):
    """Each region of x (NCHW), given by corners x1, y1, x2, y2, as `size` averaged bins.

    A bin samples `sampling_ratio` positions per dimension (0: one per element it covers), moved
    by `offset` elements; `max` takes the largest weighted neighbour in place of the mean.
    """

    x: Operand[Tensor]
    rois: Operand[Tensor]
    batches: Operand[Tensor]
    y: Result[Tensor]
    attrs = {
        "size": integers(),
        "mode": choice("avg", "max", default="avg"),
        "sampling_ratio": integer(0),
        "scale": floating(1.0),
        "offset": floating(0.0),
    }

    @staticmethod
    def infer(x: Any, rois: Any, batches: Any, *, size: list[int], **_: Any) -> Any:
        if x.rank != 4 or not is_float(x.element_type) or len(size) != 2:
            raise VerifyError(f"expects an NCHW operand of floats and two sizes, got {x}, {size}")
        if rois.rank != 2 or rois.shape[1] != 4 or rois.element_type != x.element_type:
            raise VerifyError(f"expects four corners per region, got {rois}")
        if not is_integer(batches.element_type) or list(batches.shape) != [rois.shape[0]]:
            raise VerifyError(f"expects a batch index per region, got {batches}")
        return tensor([rois.shape[0], x.shape[1], *size], x.element_type)
