"""Non-maximum suppression, and what is distinct: compiled if known, else a step of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.host.selections import distinct, remaining_boxes

from ..node import Node
from ..registry import onnx_op


@onnx_op("NonMaxSuppression", since=10)
def non_max_suppression(
    n: Node,
    boxes: Any,
    scores: Any,
    max_output_boxes_per_class: Any = None,
    iou_threshold: Any = None,
    score_threshold: Any = None,
    *,
    center_point_box: int = 0,
) -> Any:
    """Rows (batch, class, box): best boxes first, those that overlap a better one left out."""
    words = "the number of boxes that remain"
    given = (max_output_boxes_per_class, iou_threshold, score_threshold)
    limits = tuple(None if v is None else n.array_or_step(v, words) for v in given)
    corners, values = (n.array_or_step(v, words) for v in (boxes, scores))
    return n.constant(remaining_boxes(corners, values, limits, bool(center_point_box)))


@onnx_op("Unique", since=11)
def unique(n: Node, x: Any, *, axis: int | None = None, sorted: int = 1) -> list[Any]:
    """Distinct elements, or slices along `axis`."""
    array = n.array_or_step(x, "the number of distinct elements")
    values, *places = distinct(array, axis, bool(sorted))
    return [n.constant(values), *(n.constant(a, np.int64) for a in places)]
