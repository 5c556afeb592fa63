"""Linear models and support vector regression (ai.onnx.ml)."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import UNARY, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Reshape
from aicc.dialects.graph.reduction import ArgMax

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, mul, sub
from .features import DOMAIN, single
from .reductions import reduced
from .scores import transformed

Array = np.ndarray[Any, Any]


def _rows(n: Node, x: Any) -> Any:
    """x as f32 rows; a vector is one."""
    x = single(n, x)
    return n.emit(Reshape, x, shape=[1, x.type.shape[0]]) if x.type.rank == 1 else x


def _scores(n: Node, x: Any, coefficients: list[float], intercepts: list[float] | None) -> Any:
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
    return transformed(n, _scores(n, _rows(n, x), coefficients, intercepts), post_transform)


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
    scores = _scores(n, _rows(n, x), coefficients, intercepts)
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
    x = _rows(n, x)
    if n_supports:
        vectors = np.array(support_vectors, np.float32).reshape(n_supports, x.type.shape[1])
        parameters = [*(kernel_params or []), 0.0, 0.0, 0.0][:3]
        kernels = _kernels(n, x, vectors, kernel_type, parameters)
        weights = n.constant(np.array(coefficients, np.float32).reshape(n_supports, 1))
        y = n.emit(Matmul, kernels, weights)
    else:
        y = _scores(n, x, coefficients, None)
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
