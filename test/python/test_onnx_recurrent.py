"""LSTM, GRU and RNN against onnx's reference evaluator, and properties it does not cover."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import aicc

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
STEPS, BATCH, INPUTS, HIDDEN = 5, 2, 6, 7


def layer(
    operator: str, given: dict[str, Any], steps: int = STEPS, **attributes: Any
) -> tuple[Any, dict[str, Any]]:
    """A model of one layer with random weights, and its feeds; `given` fills optional inputs."""
    random = np.random.default_rng(7)
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    width = GATES[operator] * HIDDEN

    def normal(*shape: int) -> Any:
        return (0.5 * random.standard_normal(shape)).astype(np.float32)

    feeds = {
        "X": normal(steps, BATCH, INPUTS),
        "W": normal(directions, width, INPUTS),
        "R": normal(directions, width, HIDDEN),
    } | given
    optional = ["B", "sequence_lens", "initial_h", "initial_c", "P"]
    names = ["X", "W", "R", *[n if n in feeds else "" for n in optional]]
    while not names[-1]:
        names.pop()
    outputs = ["Y", "Y_h", "Y_c"][: 3 if operator == "LSTM" else 2]
    node = helper.make_node(operator, names, outputs, hidden_size=HIDDEN, **attributes)
    infos = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for n, a in feeds.items()
    ]
    outs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs]
    graph = helper.make_graph([node], "g", infos, outs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)]), feeds


def optional_inputs(operator: str, directions: int, *names: str) -> dict[str, Any]:
    """Random values for some optional inputs."""
    random = np.random.default_rng(8)
    shapes = {
        "B": (directions, 2 * GATES[operator] * HIDDEN),
        "initial_h": (directions, BATCH, HIDDEN),
        "initial_c": (directions, BATCH, HIDDEN),
        "P": (directions, 3 * HIDDEN),
    }
    return {n: random.standard_normal(shapes[n]).astype(np.float32) for n in names}


def check(operator: str, given: dict[str, Any], **attributes: Any) -> None:
    """aicc and the reference agree."""
    model, feeds = layer(operator, given, **attributes)
    got = aicc.compile(model, threads=1).run(feeds)
    for name, want in zip(got, ReferenceEvaluator(model).run(None, feeds), strict=True):
        np.testing.assert_allclose(got[name], want, rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("operator", list(GATES))
def test_defaults(operator: str) -> None:
    check(operator, {})


@pytest.mark.parametrize("operator", list(GATES))
def test_one_step(operator: str) -> None:
    check(operator, {}, steps=1)


@pytest.mark.parametrize("operator", list(GATES))
def test_bias_and_initial_state(operator: str) -> None:
    check(operator, optional_inputs(operator, 1, "B", "initial_h"))


def test_lstm_with_initial_cell_and_peepholes() -> None:
    check("LSTM", optional_inputs("LSTM", 1, "B", "initial_h", "initial_c", "P"))


def test_gru_that_resets_after_the_product() -> None:
    check("GRU", optional_inputs("GRU", 1, "B"), linear_before_reset=1)


def run(operator: str, given: dict[str, Any], **attributes: Any) -> tuple[Any, Any]:
    model, feeds = layer(operator, given, **attributes)
    return aicc.compile(model, threads=1).run(feeds), feeds


@pytest.mark.parametrize("operator", list(GATES))
def test_reverse_is_forward_on_the_reversed_sequence(operator: str) -> None:
    got, feeds = run(operator, {}, direction="reverse")
    want, _ = run(operator, {"X": feeds["X"][::-1].copy()})
    np.testing.assert_allclose(got["Y"], want["Y"][::-1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(got["Y_h"], want["Y_h"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("operator", list(GATES))
def test_bidirectional_is_both_directions(operator: str) -> None:
    got, feeds = run(operator, optional_inputs(operator, 2, "B"), direction="bidirectional")
    for d, direction in enumerate(("forward", "reverse")):
        parts = {n: feeds[n][d : d + 1] for n in ("W", "R", "B")}
        want, _ = run(operator, {"X": feeds["X"], **parts}, direction=direction)
        np.testing.assert_allclose(got["Y"][:, d], want["Y"][:, 0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(got["Y_h"][d], want["Y_h"][0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("operator", list(GATES))
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_short_sequences_stop_early(operator: str, direction: str) -> None:
    lengths = np.array([3, STEPS], np.int32)
    got, feeds = run(operator, {"sequence_lens": lengths}, direction=direction)
    short = {"X": feeds["X"][:3].copy()}
    want, _ = run(operator, short, direction=direction)
    np.testing.assert_allclose(got["Y"][:3, :, 0], want["Y"][:, :, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(got["Y"][3:, :, 0], 0)
    np.testing.assert_allclose(got["Y_h"][:, 0], want["Y_h"][:, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("operator", list(GATES))
def test_batch_first_layout(operator: str) -> None:
    want, feeds = run(operator, {})
    got, _ = run(operator, {"X": feeds["X"].transpose(1, 0, 2).copy()}, layout=1)
    np.testing.assert_allclose(got["Y"].transpose(1, 2, 0, 3), want["Y"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(got["Y_h"].transpose(1, 0, 2), want["Y_h"], rtol=1e-5, atol=1e-6)


def test_other_activations_and_clip() -> None:
    got, feeds = run("RNN", {}, activations=["Relu"], clip=0.25)
    h = np.zeros((BATCH, HIDDEN), np.float32)
    for x in feeds["X"]:
        h = np.maximum(np.clip(x @ feeds["W"][0].T + h @ feeds["R"][0].T, -0.25, 0.25), 0)
    np.testing.assert_allclose(got["Y_h"][0], h, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("batch", [4, 8])
def test_one_feature_in_double_precision(batch: int) -> None:
    """The state has one column, and tanh of f64 is a call: no vectors of one lane around it."""
    random = np.random.default_rng(9)
    shapes = {"X": (3, batch, 4), "W": (1, 1, 4), "R": (1, 1, 1)}
    feeds = {name: random.standard_normal(shape) for name, shape in shapes.items()}
    held = [numpy_helper.from_array(feeds[name], name) for name in "WR"]
    x = helper.make_tensor_value_info("X", TensorProto.DOUBLE, shapes["X"])
    y = helper.make_tensor_value_info("Y", TensorProto.DOUBLE, None)
    node = helper.make_node("RNN", ["X", "W", "R"], ["Y"], hidden_size=1)
    graph = helper.make_graph([node], "g", [x], [y], held)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    (wanted,) = ReferenceEvaluator(made).run(None, {"X": feeds["X"]})
    found = aicc.compile(made, threads=1, cache=False)(feeds["X"])
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
