"""Classical models (ai.onnx.ml) against onnx.reference: trees, labels, scaling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from onnx import ValueInfoProto, helper
from onnx.reference import ReferenceEvaluator

import aicc
from aicc.diagnostics import InvalidModel

DOMAIN = "ai.onnx.ml"


def model_of(
    operator: str, arrays: Sequence[Any], outputs: int, opset: int, attributes: Any
) -> Any:
    """One node whose operands are all inputs."""
    names = [f"x{i}" for i in range(len(arrays))]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(operator, names, results, "node", domain=DOMAIN, **attributes)
    kind = helper.np_dtype_to_tensor_dtype
    inputs = [
        helper.make_tensor_value_info(name, kind(a.dtype), a.shape)
        for name, a in zip(names, arrays, strict=True)
    ]
    graph = helper.make_graph([node], "graph", inputs, [ValueInfoProto(name=r) for r in results])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(DOMAIN, opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def run(model: Any, arrays: Sequence[Any]) -> list[Any]:
    feeds = {f"x{i}": a for i, a in enumerate(arrays)}
    return list(aicc.compile(model, threads=1).run(feeds).values())


def check(
    operator: str, *arrays: Any, outputs: int = 1, opset: int = 3, **attributes: Any
) -> list[Any]:
    model = model_of(operator, arrays, outputs, opset, attributes)
    feeds = {f"x{i}": a for i, a in enumerate(arrays)}
    actual, expected = run(model, arrays), ReferenceEvaluator(model).run(None, feeds)
    for a, e in zip(actual, expected, strict=True):
        assert a.shape == np.asarray(e).shape
        np.testing.assert_allclose(a, e, rtol=1e-4, atol=1e-5)
    return actual


RANDOM = np.random.default_rng(3)
ROWS = RANDOM.standard_normal((9, 4)).astype(np.float32)


def forest(count: int, depth: int, votes: str, targets: int) -> dict[str, Any]:
    """Complete trees with random thresholds; every leaf votes for every target."""
    nodes: dict[str, list[Any]] = {
        f"nodes_{name}": []
        for name in (
            *("treeids", "nodeids", "featureids", "values", "modes"),
            *("truenodeids", "falsenodeids", "missing_value_tracks_true"),
        )
    }
    voted: dict[str, list[Any]] = {
        f"{votes}_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")
    }
    modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
    for tree in range(count):
        for node in range(2 ** (depth + 1) - 1):
            is_leaf = node >= 2**depth - 1
            row = [tree, node, int(RANDOM.integers(0, 4)), float(RANDOM.standard_normal())]
            row += ["LEAF" if is_leaf else modes[(tree + node) % 6]]
            row += [0, 0] if is_leaf else [2 * node + 1, 2 * node + 2]
            for values, value in zip(nodes.values(), [*row, node % 2], strict=True):
                values.append(value)
            for target in range(targets if is_leaf else 0):
                vote = [tree, node, target, float(RANDOM.standard_normal())]
                for values, value in zip(voted.values(), vote, strict=True):
                    values.append(value)
    return nodes | voted


@pytest.mark.parametrize("how", ["SUM", "AVERAGE", "MIN", "MAX"])
def test_regressor(how: str) -> None:
    attributes = forest(5, 3, "target", 2)
    check("TreeEnsembleRegressor", ROWS, n_targets=2, aggregate_function=how, **attributes)
    biased = attributes | {"base_values": [0.5, -2.0]}
    check("TreeEnsembleRegressor", ROWS, n_targets=2, aggregate_function=how, **biased)


@pytest.mark.parametrize("post", ["NONE", "SOFTMAX", "LOGISTIC"])
def test_classifier(post: str) -> None:
    attributes = forest(4, 3, "class", 3)
    labels = {"classlabels_int64s": [7, 3, 9], "post_transform": post}
    check("TreeEnsembleClassifier", ROWS, outputs=2, **labels, **attributes)


def test_missing_values_follow_their_side() -> None:
    rows = ROWS.copy()
    rows[:, 1::2] = np.nan
    attributes = forest(6, 3, "target", 1)
    model = model_of("TreeEnsembleRegressor", [rows], 1, 3, {"n_targets": 1, **attributes})
    (got,) = run(model, [rows])
    want = [sum(walked(attributes, tree, row) for tree in range(6)) for row in rows]
    np.testing.assert_allclose(got[:, 0], want, rtol=1e-5, atol=1e-6)


def walked(trees: dict[str, Any], tree: int, row: Any) -> float:
    """The vote that one tree gives a row."""
    start = trees["nodes_treeids"].index(tree)
    node = 0
    while trees["nodes_modes"][start + node] != "LEAF":
        at = start + node
        value, limit = row[trees["nodes_featureids"][at]], np.float32(trees["nodes_values"][at])
        outcomes = {
            "BRANCH_LEQ": value <= limit,
            "BRANCH_LT": value < limit,
            "BRANCH_GTE": value >= limit,
            "BRANCH_GT": value > limit,
            "BRANCH_EQ": value == limit,
            "BRANCH_NEQ": value != limit,
        }
        goes = outcomes[trees["nodes_modes"][at]]
        goes |= bool(np.isnan(value) and trees["nodes_missing_value_tracks_true"][at])
        node = trees["nodes_truenodeids" if goes else "nodes_falsenodeids"][at]
    keys = zip(trees["target_treeids"], trees["target_nodeids"], strict=True)
    return float(trees["target_weights"][list(keys).index((tree, node))])


def test_broken_trees_are_refused() -> None:
    attributes = forest(1, 2, "target", 1)
    attributes["nodes_truenodeids"][1] = 0
    model = model_of("TreeEnsembleRegressor", [ROWS], 1, 3, {"n_targets": 1, **attributes})
    with pytest.raises(InvalidModel, match="cycle"):
        run(model, [ROWS])
    attributes = forest(1, 2, "target", 1)
    attributes["nodes_featureids"][0] = 4
    model = model_of("TreeEnsembleRegressor", [ROWS], 1, 3, {"n_targets": 1, **attributes})
    with pytest.raises(InvalidModel, match="feature 4"):
        run(model, [ROWS])


def test_labels() -> None:
    x = np.array([[3, 1, 4], [1, 5, 9]], np.int64)
    check("LabelEncoder", x, opset=2, keys_int64s=[1, 9, 3], values_floats=[0.5, 1.5, 2.5])
    numbers = {"values_int64s": [10, 20, 30], "default_int64": -7}
    check("LabelEncoder", x, opset=2, keys_int64s=[4, 5, 9], **numbers)
    reals = np.array([0.5, 2.0, -1.0], np.float32)
    check("LabelEncoder", reals, opset=2, keys_floats=[2.0, 7.0, 0.5], **numbers)
    many = RANDOM.permutation(500).astype(np.int64)
    keys, values = many[:300], many[::-1][:300].copy()
    check("LabelEncoder", many, opset=2, keys_int64s=list(keys), values_int64s=list(values))


def test_the_last_of_equal_keys_counts() -> None:
    attributes = {"keys_int64s": [1, 2, 1], "values_int64s": [10, 20, 30]}
    x = np.array([1, 2, 3])
    (got,) = run(model_of("LabelEncoder", [x], 1, 4, attributes), [x])
    np.testing.assert_array_equal(got, [30, 20, -1])


def test_nan_is_a_key() -> None:
    x = np.array([0.5, np.nan, 2.0], np.float32)
    for keys, want in (([np.nan, 0.5], [20, 10, -1]), ([np.nan], [-1, 10, -1])):
        attributes = {"keys_floats": keys, "values_int64s": [10, 20][: len(keys)]}
        (got,) = run(model_of("LabelEncoder", [x], 1, 4, attributes), [x])
        np.testing.assert_array_equal(got, want)


def test_scaling() -> None:
    check("Binarizer", ROWS, threshold=0.2)
    check("Scaler", ROWS, offset=[0.1, 0.2, 0.3, 0.4], scale=[2.0])
    for norm in ("MAX", "L1", "L2"):
        check("Normalizer", np.abs(ROWS), norm=norm)
    holes = np.where(ROWS > 0.5, np.nan, ROWS).astype(np.float32)
    imputed = {"imputed_value_floats": [1.0, 2.0, 3.0, 4.0]}
    check("Imputer", holes, replaced_value_float=np.nan, **imputed)
    whole = RANDOM.integers(0, 4, (9, 4))
    check("Imputer", whole, imputed_value_int64s=[7], replaced_value_int64=2)
    check("FeatureVectorizer", ROWS, ROWS[:, :2].copy(), inputdimensions=[4, 2])
    check("OneHotEncoder", whole, cats_int64s=[0, 1, 3])
    check("ArrayFeatureExtractor", ROWS, np.array([[2, 0, 2]]))
    check("ArrayFeatureExtractor", ROWS[0], np.array([3, 1]))


def test_linear_models() -> None:
    weights = [float(v) for v in RANDOM.standard_normal(12)]
    check("LinearRegressor", ROWS, coefficients=weights, intercepts=[0.1, 0.2, 0.3], targets=3)
    labels = {"classlabels_ints": [4, 8, 6], "outputs": 2}
    for post in ("NONE", "SOFTMAX", "LOGISTIC"):
        attributes = {"intercepts": [0.1, -0.2, 0.3], "post_transform": post}
        check("LinearClassifier", ROWS, coefficients=weights, **attributes, **labels)


@pytest.mark.parametrize("kernel", ["LINEAR", "POLY", "RBF", "SIGMOID"])
def test_support_vector_regression(kernel: str) -> None:
    vectors = [float(v) for v in RANDOM.standard_normal(5 * 4)]
    attributes = {"coefficients": vectors[:5], "support_vectors": vectors, "n_supports": 5}
    parameters = {"kernel_type": kernel, "kernel_params": [0.5, 1.0, 3.0], "rho": [0.25]}
    check("SVMRegressor", ROWS, **attributes, **parameters)


def test_linear_support_vector_regression() -> None:
    check("SVMRegressor", ROWS, coefficients=[0.5, 1.0, -1.0, 2.0], rho=[0.25], n_supports=0)
