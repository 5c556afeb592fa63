"""Non-maximum suppression of boxes that are known when compiling."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..node import Node
from ..registry import onnx_op

Array = np.ndarray[Any, Any]


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
    corners = _corners(n.array(boxes, words).astype(np.float64), bool(center_point_box))
    values = n.array(scores, words)
    most = _scalar(n, max_output_boxes_per_class, 0)
    overlap = _scalar(n, iou_threshold, 0.0)
    least = _scalar(n, score_threshold, -np.inf)
    rows = [
        (batch, kind, box)
        for batch in range(values.shape[0])
        for kind in range(values.shape[1])
        for box in _selected(corners[batch], values[batch, kind], int(most), overlap, least)
    ]
    return n.constant(np.array(rows, np.int64).reshape(-1, 3))


def _scalar(n: Node, value: Any, default: float) -> float:
    if value is None:
        return default
    array = n.array(value, "the number of boxes that remain").reshape(-1)
    return float(array[0]) if array.size else default


def _corners(boxes: Array, centred: bool) -> Array:
    """[.., 4] as (low y, low x, high y, high x)."""
    if centred:
        x, y, width, height = np.moveaxis(boxes, -1, 0)
        return np.stack([y - height / 2, x - width / 2, y + height / 2, x + width / 2], -1)
    first, second = boxes[..., :2], boxes[..., 2:]
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], -1)


def _selected(boxes: Array, scores: Array, most: int, overlap: float, least: float) -> list[int]:
    """Boxes by falling score (the lower index first among equals), as long as they differ."""
    chosen: list[int] = []
    for box in np.argsort(-scores, kind="stable"):
        if len(chosen) >= most:
            break
        if scores[box] > least and np.all(_overlap(boxes[box], boxes[chosen]) <= overlap):
            chosen.append(int(box))
    return chosen


def _overlap(box: Array, others: Array) -> Array:
    """Intersection over union of one box with each of the others; 0 for empty ones."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    common = np.prod(np.maximum(sides, 0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(others[:, 2:] - others[:, :2], axis=1) - common
    return np.where(common > 0, common / np.where(union > 0, union, 1), 0.0)
