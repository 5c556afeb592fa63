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


def test_probabilities_of_more_classes_are_refused() -> None:
    platt = {"prob_a": [1.0] * 3, "prob_b": [0.0] * 3}
    with pytest.raises(aicc.UnsupportedOp, match="more than two classes"):
        aicc.compile(
            model(**attributes_of(3, "RBF"), classlabels_ints=[0, 1, 2], **platt), threads=1
        ).run({"x": X})
