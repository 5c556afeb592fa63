"""Models of unusual form run right, or are refused in words that help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import odd_nodes  # noqa: F401 - fills the table
import onnx
import pytest
from odd_models import MAKERS, PRODUCT, Odd, X, relu_of_product
from onnx import TensorProto, external_data_helper, helper, numpy_helper
from onnx_models import info

import aicc


def run(made: Odd) -> dict[str, Any]:
    """aicc's results, for the shapes that the inputs have."""
    shapes = {name: array.shape for name, array in made.feeds.items()}
    return aicc.compile(made.model, shapes=shapes, threads=1, cache=False).run(made.feeds)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_runs_right(make: Callable[[], Odd]) -> None:
    made = make()
    results = run(made)
    for name, expected in made.expected.items():
        got, expected = np.asarray(results[name]), np.asarray(expected)
        assert (got.dtype, got.shape) == (expected.dtype, expected.shape), name
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("version", [3, 4, 7, 9, 12, 99])
def test_any_version_of_the_format(version: int) -> None:
    proto = relu_of_product()
    proto.ir_version = version
    if version == 3:  # before version 4, weights had to be inputs too
        proto.graph.input.append(info("w", [4, 5]))
    np.testing.assert_allclose(run(Odd(proto, {"x": X}, {}))["y"], PRODUCT, rtol=1e-5)


@pytest.mark.parametrize("opset", [7, 11, 13, 22, 26])
def test_any_opset(opset: int) -> None:
    proto = relu_of_product()
    proto.opset_import[0].version = opset
    np.testing.assert_allclose(run(Odd(proto, {"x": X}, {}))["y"], PRODUCT, rtol=1e-5)


def test_an_opset_of_the_future_is_read_as_the_newest_with_a_warning() -> None:
    proto = relu_of_product()
    proto.opset_import[0].version = 1000
    with pytest.warns(UserWarning, match="opset 1000"):
        results = run(Odd(proto, {"x": X}, {}))
    np.testing.assert_allclose(results["y"], PRODUCT, rtol=1e-5)


def _output_twice(proto: onnx.ModelProto) -> None:
    proto.graph.output.append(proto.graph.output[0])


def _input_twice(proto: onnx.ModelProto) -> None:
    proto.graph.input.append(proto.graph.input[0])


def _node_makes_an_input(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].output[0] = proto.graph.node[1].input[0] = "x"


def _node_makes_a_weight(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].output[0] = proto.graph.node[1].input[0] = "w"


def _no_operator(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].op_type = ""


def _unknown_attribute(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].attribute.append(helper.make_attribute("own", 1))


def _attribute_of_wrong_type(proto: onnx.ModelProto) -> None:
    proto.graph.node[1].op_type = "LeakyRelu"
    proto.graph.node[1].attribute.append(helper.make_attribute("alpha", "much"))


def _no_outputs(proto: onnx.ModelProto) -> None:
    del proto.graph.output[:]


def _sparse_places_outside(proto: onnx.ModelProto) -> None:
    del proto.graph.initializer[:]
    values = helper.make_tensor("w", TensorProto.FLOAT, [1], [3.0])
    places = helper.make_tensor("places", TensorProto.INT64, [1], [20])
    proto.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [4, 5]))


def _sequence_input(proto: onnx.ModelProto) -> None:
    del proto.graph.input[:]
    proto.graph.input.append(helper.make_tensor_sequence_value_info("x", TensorProto.FLOAT, [3, 4]))


def _other_rank(proto: onnx.ModelProto) -> None:
    proto.graph.input[0].CopyFrom(info("x", [3, 4, 1]))


REFUSED = [
    (_output_twice, "'y'"),
    (_input_twice, "'x'"),
    (_node_makes_an_input, "'x'"),
    (_node_makes_a_weight, "'w'"),
    (_no_operator, "mm"),
    (_unknown_attribute, "own"),
    (_attribute_of_wrong_type, "relu"),
    (_no_outputs, "outputs"),
    (_sparse_places_outside, "'w'"),
    (_sequence_input, "sequence"),
    (_other_rank, "'x'"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=lambda v: getattr(v, "__name__", ""))
def test_is_refused_in_words(change: Callable[[onnx.ModelProto], None], words: str) -> None:
    proto = relu_of_product()
    change(proto)
    with pytest.raises(aicc.AiccError, match=words):
        run(Odd(proto, {"x": X}, {}))


def _saved(folder: Path, **entries: Any) -> Path:
    """`relu_of_product` with its weight outside, as `entries` say."""
    proto = relu_of_product()
    tensor = proto.graph.initializer[0]
    data = numpy_helper.to_array(tensor).tobytes()
    location = entries.pop("location", "weights/w.bin")
    file = folder / location
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(entries.get("offset", 0)) + data)
    external_data_helper.set_external_data(tensor, location, **entries)
    tensor.ClearField("raw_data")
    path = folder / "m.onnx"
    path.write_bytes(proto.SerializeToString())
    return path


@pytest.mark.parametrize("offset", [0, 3, 4096])
def test_weights_in_a_folder_below(tmp_path: Path, offset: int) -> None:
    exe = aicc.compile(_saved(tmp_path, offset=offset, length=80), threads=1, cache=False)
    np.testing.assert_allclose(exe.run({"x": X})["y"], PRODUCT, rtol=1e-5)


def test_a_model_that_is_reached_by_a_link(tmp_path: Path) -> None:
    path = _saved(tmp_path / "real")
    (tmp_path / "link").symlink_to(path.parent, target_is_directory=True)
    exe = aicc.compile(tmp_path / "link" / "m.onnx", threads=1, cache=False)
    np.testing.assert_allclose(exe.run({"x": X})["y"], PRODUCT, rtol=1e-5)


def test_weights_behind_a_folder_that_leads_outside(tmp_path: Path) -> None:
    path = _saved(tmp_path / "model")
    outside = tmp_path / "outside"
    (tmp_path / "model" / "weights").rename(outside)
    (tmp_path / "model" / "weights").symlink_to(outside, target_is_directory=True)
    with pytest.raises(aicc.InvalidModel, match="inside the model's folder"):
        aicc.compile(path, threads=1, cache=False)


@pytest.mark.parametrize("entry", [{"offset": 4}, {"length": 4}, {"checksum": "0"}])
def test_entries_that_do_not_fit_the_file(tmp_path: Path, entry: dict[str, Any]) -> None:
    path = _saved(tmp_path)
    proto = onnx.load(path, load_external_data=False)
    for key, value in entry.items():
        proto.graph.initializer[0].external_data.add(key=key, value=str(value))
    path.write_bytes(proto.SerializeToString())
    if "checksum" in entry:  # told by some exporters, and not needed
        aicc.compile(path, threads=1, cache=False)
        return
    with pytest.raises(aicc.InvalidModel, match="'w'"):
        aicc.compile(path, threads=1, cache=False)


@pytest.mark.parametrize("offset", ["-4", "many", "9" * 30])
def test_offsets_that_are_none(tmp_path: Path, offset: str) -> None:
    path = _saved(tmp_path)
    proto = onnx.load(path, load_external_data=False)
    proto.graph.initializer[0].external_data.add(key="offset", value=offset)
    path.write_bytes(proto.SerializeToString())
    with pytest.raises(aicc.InvalidModel, match="'w'"):
        aicc.compile(path, threads=1, cache=False)
