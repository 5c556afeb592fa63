"""Operators that search their data run in Python, between what is compiled around them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx_models import model

import aicc

NODE = helper.make_node
LIMITS = {"most": np.array([20]), "overlap": np.float32([0.4]), "least": np.float32([0.3])}


def boxes_and_scores(count: int, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    middle, size = random.random((2, count, 2)) * 60, random.random((2, count, 2)) * 20
    boxes = np.concatenate([middle - size, middle + size], -1).astype(np.float32)
    return {"b": boxes, "s": random.random((2, 3, count)).astype(np.float32)}


def plain_suppression(boxes: Any, scores: Any) -> np.ndarray:
    """The definition: box after box."""
    rows = []
    for batch, kind in np.ndindex(scores.shape[:2]):
        chosen: list[int] = []
        for box in np.argsort(-scores[batch, kind], kind="stable"):
            if scores[batch, kind, box] <= LIMITS["least"] or len(chosen) == LIMITS["most"]:
                break
            near = [o for o in chosen if ratio(boxes[batch, box], boxes[batch, o]) > 0.4]
            if not near:
                chosen.append(int(box))
        rows += [(batch, kind, box) for box in chosen]
    return np.array(rows, np.int64).reshape(-1, 3)


def ratio(a: Any, b: Any) -> float:
    y, x = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    common = max(y, 0) * max(x, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return float(common / (sum(areas) - common)) if common else 0.0


def detector() -> Any:
    """Boxes are scaled before, gathered and scaled behind the suppression."""
    nodes = [
        NODE("Mul", ["b", "one"], ["scaled"]),
        NODE("NonMaxSuppression", ["scaled", "s", *LIMITS], ["kept"]),
        NODE("Gather", ["kept", "two"], ["place"], axis=1),
        NODE("Squeeze", ["place", "first"], ["flat"]),
        NODE("Gather", ["b", "flat"], ["found"], axis=1),
        NODE("Neg", ["found"], ["y"]),
    ]
    weights = LIMITS | {"one": np.float32(1), "two": np.array([2]), "first": np.array([1])}
    return model(nodes, {"b": ["n", "k", 4], "s": ["n", "c", "m"]}, ["kept", "y"], weights)


@pytest.mark.parametrize("count", [1, 40, 300])
def test_boxes_of_a_detector(count: int) -> None:
    exe = aicc.compile(detector(), threads=1, cache=False)
    for seed in (0, 1):
        feeds = boxes_and_scores(count, seed)
        results = exe.run(feeds)
        kept = plain_suppression(feeds["b"], feeds["s"])
        np.testing.assert_array_equal(results["kept"], kept)
        np.testing.assert_array_equal(results["y"], -feeds["b"][:, kept[:, 2]])


def test_corners_in_any_order_and_centres() -> None:
    feeds = boxes_and_scores(50, 2)
    kept = plain_suppression(feeds["b"], feeds["s"])
    turned = feeds["b"][..., [2, 1, 0, 3]]
    centre = (feeds["b"][..., :2] + feeds["b"][..., 2:]) / 2
    size = feeds["b"][..., 2:] - feeds["b"][..., :2]
    centred = np.concatenate([centre[..., ::-1], size[..., ::-1]], -1)
    for boxes, is_centred in ((turned, 0), (centred, 1)):
        node = NODE("NonMaxSuppression", ["b", "s", *LIMITS], ["y"], center_point_box=is_centred)
        exe = aicc.compile(model([node], {"b": [2, 50, 4], "s": [2, 3, 50]}, ["y"], LIMITS))
        np.testing.assert_array_equal(exe.run({"b": boxes, "s": feeds["s"]})["y"], kept)


def test_boxes_that_do_not_fit_the_scores() -> None:
    exe = aicc.compile(detector(), threads=1, cache=False)
    feeds = boxes_and_scores(8, 0)
    with pytest.raises(aicc.AiccError, match="NonMaxSuppression"):
        exe.run({"b": feeds["b"][:, :5], "s": feeds["s"][:, :, :6]})


@pytest.mark.parametrize("is_sorted", [0, 1])
def test_distinct_elements(is_sorted: int) -> None:
    names = ["y", "first", "number", "count"]
    nodes = [NODE("Abs", ["x"], ["a"]), NODE("Unique", ["a"], names, sorted=is_sorted)]
    exe = aicc.compile(model(nodes, {"x": ["n", 40]}, names), threads=1, cache=False)
    for seed in (0, 1):
        x = np.random.default_rng(seed).integers(-9, 9, (30, 40)).astype(np.float32)
        results = exe.run({"x": x})
        values, flat = results["y"], np.abs(x).reshape(-1)
        np.testing.assert_array_equal(values[results["number"]], flat)
        np.testing.assert_array_equal(flat[results["first"]], values)
        np.testing.assert_array_equal(results["count"], [(flat == v).sum() for v in values])
        assert is_sorted == (list(values) == sorted(values)) or not is_sorted
        np.testing.assert_array_equal(results["first"], [np.argmax(flat == v) for v in values])
    assert exe.host_steps == ["Unique 'Unique_y'"]
