"""Linear models (ai.onnx.ml)."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Reshape
from aicc.dialects.graph.reduction import ArgMax

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, sub
from .features import DOMAIN, single
from .scores import transformed


def rows_of(n: Node, x: Any) -> Any:
    """x as f32 rows; a vector is one."""
    x = single(n, x)
    return n.emit(Reshape, x, shape=[1, x.type.shape[0]]) if x.type.rank == 1 else x


def linear_scores(
    n: Node, x: Any, coefficients: list[float], intercepts: list[float] | None
) -> Any:
    """x times each row of coefficients, plus its intercept."""
    width = x.type.shape[1]
    if len(coefficients) % width:
        n.invalid(f"has {len(coefficients)} coefficients for {width} features")
    matrix = np.array(coefficients, np.float32).reshape(-1, width)
    y = n.emit(Matmul, x, n.constant(matrix.T.copy()))
    return add(n, y, n.constant(intercepts, "float32")) if intercepts else y


@onnx_op("LinearRegressor", domain=DOMAIN)
def linear_regressor(
    n: Node,
    x: Any,
    *,
    coefficients: list[float],
    intercepts: list[float] | None = None,
    post_transform: str = "NONE",
    targets: int = 1,
) -> Any:
    """One linear function of the features per target."""
    return transformed(n, linear_scores(n, rows_of(n, x), coefficients, intercepts), post_transform)


@onnx_op("LinearClassifier", domain=DOMAIN)
def linear_classifier(
    n: Node,
    x: Any,
    *,
    coefficients: list[float],
    intercepts: list[float] | None = None,
    classlabels_ints: list[int] | None = None,
    classlabels_strings: list[str] | None = None,
    multi_class: int = 0,
    post_transform: str = "NONE",
) -> Any:
    """The label of the largest score, and the scores; one score tells two classes by its sign."""
    if not classlabels_ints:
        n.unsupported("labels that are strings")
    scores = linear_scores(n, rows_of(n, x), coefficients, intercepts)
    if scores.type.shape[1] == 1:
        return _two_classes(n, scores, classlabels_ints, post_transform)
    best = n.emit(ArgMax, scores, axis=1, keepdims=False)
    labels = n.emit(Gather, n.constant(classlabels_ints, "int64"), best, axis=0)
    return labels, transformed(n, scores, post_transform)


def _two_classes(n: Node, score: Any, labels: list[int], post: str) -> tuple[Any, Any]:
    if len(labels) != 2:
        n.unsupported(f"one score for {len(labels)} classes")
    first, second = (n.constant(label, "int64") for label in labels)
    chosen = n.emit(Where, binary(n, "greater", score, 0), second, first)
    if post == "LOGISTIC":
        score, post = transformed(n, score, post), "NONE"
    both = n.emit(Concat, [sub(n, 1.0, score), score], axis=1)
    return n.emit(Reshape, chosen, shape=[score.type.shape[0]]), transformed(n, both, post)
