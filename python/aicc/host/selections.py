"""Operators whose results are as large as their data makes them, and take a search to count."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kinds import NUMBER
from .registry import Step, giving, host_op, when_stepped

Array = np.ndarray[Any, Any]
BLOCK = 128  # boxes that are compared with each other at once


@host_op("NonMaxSuppression", gives=giving(NUMBER), needs=when_stepped)
def non_max_suppression(
    step: Step,
    boxes: Array,
    scores: Array,
    most: Array | None = None,
    overlap: Array | None = None,
    least: Array | None = None,
    *,
    center_point_box: int = 0,
) -> Array:
    """Rows (batch, class, box)."""
    if boxes.ndim != 3 or boxes.shape[2] != 4 or scores.ndim != 3:
        step.unfit(f"boxes {list(boxes.shape)}, scores {list(scores.shape)}")
    if boxes.shape[:2] != (scores.shape[0], scores.shape[2]):
        step.unfit(f"boxes {list(boxes.shape)}, scores {list(scores.shape)}")
    return remaining_boxes(boxes, scores, (most, overlap, least), bool(center_point_box))


def remaining_boxes(
    boxes: Array, scores: Array, limits: tuple[Array | None, ...], is_centred: bool
) -> Array:
    """i64 [boxes that remain, 3]: batch, class, box; best first, none overlapping a better one.

    `limits`: how many remain of a class, the overlap that is allowed, the score to be exceeded.
    """
    most, overlap, least = (
        default if limit is None or not limit.size else limit.reshape(-1)[0]
        for limit, default in zip(limits, (0, np.float32(0), -np.inf), strict=True)
    )
    corners = _corners(boxes, is_centred)
    rows = [np.zeros((0, 3), np.int64)]
    for batch, kind in np.ndindex(scores.shape[:2]):
        found = _best(corners[batch], scores[batch, kind], int(most), overlap, least)
        rows.append(np.stack(np.broadcast_arrays(batch, kind, found), axis=-1))
    return np.concatenate(rows).astype(np.int64)


def _corners(boxes: Array, is_centred: bool) -> Array:
    """[.., 4] as (low y, low x, high y, high x), which either corner may come first to name."""
    if is_centred:
        x, y, width, height = np.moveaxis(boxes, -1, 0)
        return np.stack([y - height / 2, x - width / 2, y + height / 2, x + width / 2], -1)
    first, second = boxes[..., :2], boxes[..., 2:]
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], -1)


def _best(boxes: Array, scores: Array, most: int, overlap: Any, least: Any) -> Array:
    """Boxes by falling score (the lower index first among equals), as long as they differ.

    Block by block: each is compared with what was chosen before, then within itself.
    """
    good = np.flatnonzero(scores > least)
    waiting = good[np.argsort(-scores[good], kind="stable")]
    chosen = np.zeros(0, np.int64)
    for start in range(0, len(waiting), BLOCK):
        if len(chosen) >= most:
            break
        block = waiting[start : start + BLOCK]
        block = block[(_overlaps(boxes[block], boxes[chosen]) <= overlap).all(axis=1)]
        is_far = _overlaps(boxes[block], boxes[block]) <= overlap
        stays = np.ones(len(block), bool)
        for i in range(len(block)):
            if stays[i]:
                stays[i + 1 :] &= is_far[i, i + 1 :]
        chosen = np.concatenate([chosen, block[stays]])
    return chosen[:most]


def _overlaps(boxes: Array, others: Array) -> Array:
    """[boxes, others]: intersection over union; 0 for empty ones."""
    one = boxes[:, None]
    height, width = (
        np.minimum(one[..., i + 2], others[:, i + 2]) - np.maximum(one[..., i], others[:, i])
        for i in (0, 1)
    )
    common = np.maximum(height, 0) * np.maximum(width, 0)
    union = _areas(boxes)[:, None] + _areas(others) - common
    return np.where(common > 0, common / np.where(union > 0, union, 1), 0)


def _areas(boxes: Array) -> Array:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


@host_op("Unique", gives=giving(*[NUMBER] * 4), needs=when_stepped)
def unique(step: Step, x: Array, *, axis: int | None = None, sorted: int = 1) -> tuple[Array, ...]:
    """Distinct elements, where each is first, which of them each element is, how many there are."""
    return distinct(x, axis, bool(sorted))


def distinct(array: Array, axis: int | None, is_sorted: bool) -> tuple[Array, ...]:
    """Distinct elements or slices; and i64: first places, numbers of all elements, counts."""
    values, first, inverse, counts = np.unique(
        array, return_index=True, return_inverse=True, return_counts=True, axis=axis
    )
    inverse = inverse.reshape(-1)
    if not is_sorted:
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        values = np.take(values, order, axis=axis or 0)
        first, inverse, counts = first[order], rank[inverse], counts[order]
    return (values.astype(array.dtype), *(a.astype(np.int64) for a in (first, inverse, counts)))
