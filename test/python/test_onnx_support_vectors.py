"""SVMClassifier against ONNX Runtime's results of the same model, or the reference evaluator's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper
from onnx.reference import ReferenceEvaluator

import aicc

SIZES = [2, 3, 2, 4]
LABELS = [5, 3, 9, 1]


def model(**attributes: Any) -> ModelProto:
    kind = TensorProto.STRING if "classlabels_strings" in attributes else TensorProto.INT64
    node = helper.make_node("SVMClassifier", ["x"], ["y", "z"], domain="ai.onnx.ml", **attributes)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [
            helper.make_tensor_value_info("y", kind, None),
            helper.make_tensor_value_info("z", TensorProto.FLOAT, None),
        ],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def attributes_of(classes: int, kernel: str) -> dict[str, Any]:
    random = np.random.default_rng(classes)
    sizes = SIZES[:classes]

    def floats(count: int) -> list[float]:
        return [float(v) for v in random.standard_normal(count).astype(np.float32)]

    return {
        "coefficients": floats(sum(sizes) * (classes - 1)),
        "kernel_type": kernel,
        "kernel_params": [0.3, 0.1, 2.0],
        "rho": floats(classes * (classes - 1) // 2),
        "support_vectors": floats(sum(sizes) * 4),
        "vectors_per_class": sizes,
    }


X = np.random.default_rng(0).standard_normal((7, 4)).astype(np.float32)


@pytest.mark.parametrize("kernel", ["RBF", "LINEAR", "POLY", "SIGMOID"])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_pairs_vote(classes: int, kernel: str) -> None:
    proto = model(**attributes_of(classes, kernel), classlabels_ints=LABELS[:classes])
    labels, scores = aicc.compile(proto, threads=1).run({"x": X}).values()
    wanted, expected = ReferenceEvaluator(proto).run(None, {"x": X})
    np.testing.assert_array_equal(labels, wanted)
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-4)


def test_probabilities_of_two_classes() -> None:
    platt = {"prob_a": [-1.2], "prob_b": [0.2]}
    proto = model(**attributes_of(2, "RBF"), classlabels_ints=[0, 1], **platt)
    scores = aicc.compile(proto, threads=1).run({"x": X})["z"]
    expected = ReferenceEvaluator(proto).run(None, {"x": X})[1]
    # the reference stops its iteration 0.0025 short
    np.testing.assert_allclose(scores, expected, atol=3e-3)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-6)


def test_labels_that_are_strings() -> None:
    attributes = attributes_of(3, "RBF")
    numbers = aicc.compile(model(**attributes, classlabels_ints=[0, 1, 2]), threads=1)
    exe = aicc.compile(model(**attributes, classlabels_strings=["a", "b", "c"]), threads=1)
    assert [step.split()[0] for step in exe.host_steps] == ["LabelEncoder"]
    want = np.array(["a", "b", "c"], object)[numbers.run({"x": X})["y"]]
    np.testing.assert_array_equal(exe.run({"x": X})["y"], want)


def test_one_linear_function_per_class() -> None:
    matrix = [1.0, 0.5, -1.0, 0.0, 0.0, 2.0, 1.0, -0.5]
    proto = model(coefficients=matrix, rho=[0.25], classlabels_ints=[4, 7])
    labels, scores = aicc.compile(proto, threads=1).run({"x": X}).values()
    want = X @ np.array(matrix, np.float32).reshape(2, 4).T + 0.25
    np.testing.assert_allclose(scores, want, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(labels, np.array([4, 7])[want.argmax(axis=1)])


def coupled(shares: np.ndarray) -> np.ndarray:
    """float64 [classes] of r [classes, classes], row by row as libsvm computes it."""
    count = len(shares)
    off = ~np.eye(count, dtype=bool)
    q = -shares * shares.T * off + np.diag((shares**2 * off).sum(axis=0))
    p = np.full(count, 1 / count)
    for _ in range(100):
        product = q @ p
        square = p @ product
        if np.abs(product - square).max() < 0.005 / count:
            break
        for t in range(count):
            change = (square - product[t]) / q[t, t]
            square = square + change * (change * q[t, t] + 2 * product[t])
            p[t] += change
            square, product = square / (1 + change) ** 2, (product + change * q[t]) / (1 + change)
            p /= 1 + change
    return p


def probabilities(proto: ModelProto, platt: dict[str, list[float]], x: np.ndarray) -> np.ndarray:
    """From the scores of pairs; the reference evaluator's own coupling differs from libsvm's."""
    pairs = ModelProto()
    pairs.CopyFrom(proto)
    kept = [a for a in proto.graph.node[0].attribute if not a.name.startswith("prob")]
    del pairs.graph.node[0].attribute[:]
    pairs.graph.node[0].attribute.extend(kept)
    scores = ReferenceEvaluator(pairs).run(None, {"x": x})[1].astype(float)
    rows = []
    for row in scores:
        value = 1 / (1 + np.exp(np.clip(row * platt["prob_a"] + platt["prob_b"], -700, 700)))
        value = np.clip(value, 1e-7, 1 - 1e-7)
        classes = round((1 + np.sqrt(1 + 8 * len(row))) / 2)
        shares = np.zeros((classes, classes))
        shares[np.triu_indices(classes, 1)] = value
        shares.T[np.triu_indices(classes, 1)] = 1 - value
        rows.append(coupled(shares))
    return np.array(rows)


@pytest.mark.parametrize("classes", [3, 4])
def test_probabilities_of_pairs_are_coupled(classes: int) -> None:
    """Row by row: each has its own number of iterations."""
    pairs = classes * (classes - 1) // 2
    platt = {"prob_a": [-1.3 + 0.2 * i for i in range(pairs)], "prob_b": [0.1] * pairs}
    proto = model(**attributes_of(classes, "RBF"), **platt, classlabels_ints=LABELS[:classes])
    exe = aicc.compile(proto, threads=1)
    for x in (X, X[:1], 3 * X):
        labels, scores = exe.run({"x": x}).values()
        np.testing.assert_array_equal(labels, ReferenceEvaluator(proto).run(None, {"x": x})[0])
        np.testing.assert_allclose(scores, probabilities(proto, platt, x), rtol=1e-4, atol=1e-5)


def test_certain_pairs_have_certain_classes() -> None:
    """Scores far out: every share is cut off at 1e-7."""
    platt = {"prob_a": [-1e4] * 3, "prob_b": [0.0] * 3}
    proto = model(**attributes_of(3, "LINEAR"), **platt, classlabels_ints=[0, 1, 2])
    scores = aicc.compile(proto, threads=1).run({"x": X})["z"]
    np.testing.assert_allclose(scores, probabilities(proto, platt, X), rtol=1e-3, atol=1e-4)
