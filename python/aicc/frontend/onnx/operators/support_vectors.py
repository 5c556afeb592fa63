"""Support vector machines (ai.onnx.ml)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Reshape
from aicc.dialects.graph.reduction import ArgMax
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, clamp, mul, sub
from .casts import converted
from .features import DOMAIN
from .linear_models import linear_scores, rows_of
from .pairwise_coupling import coupled
from .reductions import reduced
from .scores import transformed

Array = np.ndarray[Any, Any]


@onnx_op("SVMRegressor", domain=DOMAIN)
def svm_regressor(
    n: Node,
    x: Any,
    *,
    coefficients: list[float],
    kernel_params: list[float] | None = None,
    kernel_type: str = "LINEAR",
    n_supports: int = 0,
    one_class: int = 0,
    post_transform: str = "NONE",
    rho: list[float],
    support_vectors: list[float] | None = None,
) -> Any:
    """The weighted sum of kernels with the support vectors; or a linear function."""
    x = rows_of(n, x)
    if n_supports:
        vectors = np.array(support_vectors, np.float32).reshape(n_supports, x.type.shape[1])
        parameters = [*(kernel_params or []), 0.0, 0.0, 0.0][:3]
        kernels = _kernels(n, x, vectors, kernel_type, parameters)
        weights = n.constant(np.array(coefficients, np.float32).reshape(n_supports, 1))
        y = n.emit(Matmul, kernels, weights)
    else:
        y = linear_scores(n, x, coefficients, None)
    y = transformed(n, add(n, y, rho[0]), post_transform)
    if not one_class:
        return y
    return n.emit(Where, binary(n, "greater", y, 0), n.like(1, y), n.like(-1, y))


def _kernels(n: Node, x: Any, vectors: Array, kind: str, parameters: list[float]) -> Any:
    """Rows of x against support vectors; parameters are gamma, the offset and the degree."""
    gamma, offset, degree = parameters
    if kind == "RBF":
        return _gaussians(n, x, vectors, gamma)
    products = n.emit(Matmul, x, n.constant(vectors.T.copy()))
    if kind == "LINEAR":
        return products
    inner = add(n, mul(n, products, gamma), offset)
    if kind == "POLY":
        return binary(n, "pow", inner, degree)
    if kind == "SIGMOID":
        return n.emit(UNARY["tanh"], inner)
    n.invalid(f"kernel_type '{kind}'")


def _gaussians(n: Node, x: Any, vectors: Array, gamma: float) -> Any:
    """exp(-gamma |x - v|^2), from the differences: they do not cancel."""
    rows, width = x.type.shape
    column = n.emit(Reshape, x, shape=[rows, 1, width])
    difference = sub(n, column, n.constant(vectors[None]))
    distance = reduced(n, "sum", mul(n, difference, difference), [2], keepdims=False)
    return n.emit(UNARY["exp"], mul(n, distance, -gamma))


@onnx_op("SVMClassifier", domain=DOMAIN)
def svm_classifier(
    n: Node,
    x: Any,
    *,
    classlabels_ints: list[int] | None = None,
    classlabels_strings: list[str] | None = None,
    coefficients: list[float],
    kernel_params: list[float] | None = None,
    kernel_type: str = "LINEAR",
    post_transform: str = "NONE",
    prob_a: list[float] | None = None,
    prob_b: list[float] | None = None,
    rho: list[float],
    support_vectors: list[float] | None = None,
    vectors_per_class: list[int] | None = None,
) -> Any:
    """The label with most votes of pairs of classes, and the pairs' scores or probabilities."""
    if not classlabels_ints:
        n.unsupported("labels that are strings")
    x = rows_of(n, x)
    if not vectors_per_class:
        return _linear_classes(n, x, coefficients, classlabels_ints, rho, post_transform)
    count = sum(vectors_per_class)
    vectors = np.array(support_vectors, np.float32).reshape(count, x.type.shape[1])
    parameters = [*(kernel_params or []), 0.0, 0.0, 0.0][:3]
    kernels = _kernels(n, x, vectors, kernel_type, parameters)
    weights = _pair_weights(np.array(coefficients, np.float32), vectors_per_class)
    scores = add(n, n.emit(Matmul, kernels, n.constant(weights)), n.constant(rho, "float32"))
    is_positive = min(coefficients) >= 0 and not prob_a
    labels = _elected(n, scores, classlabels_ints, is_positive)
    if prob_a:
        offsets = prob_b or [0.0] * len(prob_a)
        scores = _probabilities(n, scores, prob_a, offsets, len(vectors_per_class))
    elif len(classlabels_ints) == 2 and post_transform != "PROBIT":
        scores = n.emit(Concat, [n.emit(UNARY["neg"], scores), scores], axis=1)
    return labels, transformed(n, scores, post_transform)


def _pair_weights(coefficients: Array, sizes: list[int]) -> Array:
    """f32 [vectors, pairs of classes]: each pair weighs the vectors of its two classes."""
    count = sum(sizes)
    rows = coefficients.reshape(-1, count)
    starts = np.cumsum([0, *sizes])
    pairs = list(combinations(range(len(sizes)), 2))
    weights = np.zeros((count, len(pairs)), np.float32)
    for column, (i, j) in enumerate(pairs):
        first, second = (slice(starts[c], starts[c + 1]) for c in (i, j))
        weights[first, column] = rows[j - 1, first]
        weights[second, column] = rows[i, second]
    return weights


def _elected(n: Node, scores: Any, labels: list[int], is_positive: bool) -> Any:
    """i64 [rows]: each pair's score votes for its first class if it is above 0."""
    pairs = list(combinations(range(len(labels)), 2))
    first, second = (np.zeros((len(pairs), len(labels)), np.float32) for _ in range(2))
    for row, (i, j) in enumerate(pairs):
        first[row, i] = second[row, j] = 1
    wins = converted(n, binary(n, "greater", scores, 0), element_type_of("float32"))
    difference = n.emit(Matmul, wins, n.constant(first - second))
    votes = add(n, difference, n.constant(second.sum(axis=0)))
    if is_positive and len(labels) == 2:
        # with no weight below 0 the standard's runtimes take the second class for any vote
        return n.constant(np.full(scores.type.shape[0], labels[1], np.int64))
    best = n.emit(ArgMax, votes, axis=1, keepdims=False)
    return n.emit(Gather, n.constant(labels, "int64"), best, axis=0)


def _probabilities(
    n: Node, scores: Any, slopes: list[float], offsets: list[float], classes: int
) -> Any:
    """Platt's sigmoid of each pair's score; for more than two classes, coupled."""
    slope, offset = (n.constant(np.array(v, np.float32)[None]) for v in (slopes, offsets))
    inner = add(n, mul(n, scores, slope), offset)
    share = n.emit(UNARY["sigmoid"], n.emit(UNARY["neg"], inner))
    limited = clamp(n, share, 1e-7, 1 - 1e-7)
    if classes > 2:
        return coupled(n, limited, classes)
    return n.emit(Concat, [limited, sub(n, 1.0, limited)], axis=1)


def _linear_classes(
    n: Node, x: Any, coefficients: list[float], labels: list[int], rho: list[float], post: str
) -> tuple[Any, Any]:
    """One linear function per class, all with the same offset."""
    count = len(labels)
    matrix = np.array(coefficients, np.float32).reshape(count, -1)
    scores = add(n, linear_scores(n, x, list(matrix.reshape(-1)), None), rho[0])
    best = n.emit(ArgMax, scores, axis=1, keepdims=False)
    chosen = n.emit(Gather, n.constant(labels, "int64"), best, axis=0)
    return chosen, transformed(n, scores, post)
