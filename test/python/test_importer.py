"""The ONNX importer: what it refuses, in which words, and what odd models it takes."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, external_data_helper, helper, numpy_helper
from onnx_models import dense, dense_reference, info, model

import aicc
from aicc.frontend.onnx import read_source
from aicc.frontend.onnx.coverage import coverage

NODE = helper.make_node


def run(proto: onnx.ModelProto | str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
    return aicc.compile(proto, threads=1).run(inputs)


def refusal(proto: onnx.ModelProto | bytes | str, error: type[Exception], **options: object) -> str:
    with pytest.raises(error) as caught:
        aicc.import_onnx(proto, **options)
    message = str(caught.value)
    first_line = message.splitlines()[0].replace(str(proto), "")
    assert len(first_line) <= 120
    return message


def test_all_unsupported_nodes_are_reported_at_once() -> None:
    nodes = [
        NODE("Strange", ["x"], ["a"], name="s1"),
        NODE("Relu", ["a"], ["b"], name="after"),
        NODE("Strange", ["b"], ["c"], name="s2"),
        NODE("Odd", ["x"], ["d"], name="o1", domain="my.domain"),
        NODE("Add", ["c", "d"], ["y"]),
    ]
    proto = model(nodes, {"x": [2]}, ["y"])
    proto.opset_import.append(helper.make_opsetid("my.domain", 1))
    message = refusal(proto, aicc.UnsupportedOp)
    assert message.startswith("3 nodes cannot be compiled")
    assert "ai.onnx.Strange x2" in message and "'s1', 's2'" in message
    assert "my.domain.Odd x1" in message and "'o1'" in message
    assert "after" not in message


def test_nodes_may_stand_in_any_order() -> None:
    proto = dense(2)
    nodes = list(proto.graph.node)[::-1]
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)
    x = np.ones((2, 16), np.float32)
    np.testing.assert_allclose(run(proto, x=x)["y"], dense_reference(proto, x), rtol=1e-5)


def test_a_cycle_is_named() -> None:
    nodes = [
        NODE("Add", ["x", "b"], ["a"], name="one"),
        NODE("Relu", ["a"], ["b"], name="two"),
    ]
    message = refusal(model(nodes, {"x": [2]}, ["b"]), aicc.InvalidModel)
    assert "cycle" in message and "'one'" in message


def test_a_missing_input_is_named() -> None:
    message = refusal(model([NODE("Relu", ["z"], ["y"])], {"x": [2]}, ["y"]), aicc.InvalidModel)
    assert "'z'" in message and "nothing produces" in message


def test_a_missing_output_is_named() -> None:
    message = refusal(model([NODE("Relu", ["x"], ["y"])], {"x": [2]}, ["q"]), aicc.InvalidModel)
    assert "'q'" in message


def test_an_initialiser_that_is_an_input_too_is_a_weight() -> None:
    proto = dense(2)
    proto.graph.input.append(info("w", [16, 8]))
    exe = aicc.compile(proto, threads=1)
    assert [spec.name for spec in exe.inputs] == ["x"]


def test_shapes_are_inferred_where_the_model_names_none() -> None:
    proto = dense(2)
    assert not proto.graph.value_info
    text = aicc.import_onnx(proto).module
    with text.context:
        assert "tensor<2x8xf32>" in aicc.lower(text, "import").operation.get_asm()


def test_external_data_inside_the_folder_is_mapped(tmp_path: Path) -> None:
    proto = dense(2)
    x = np.ones((2, 16), np.float32)
    expected = dense_reference(proto, x)
    path = tmp_path / "m.onnx"
    onnx.save(proto, path, save_as_external_data=True, location="m.data", size_threshold=0)
    assert (tmp_path / "m.data").exists()
    np.testing.assert_allclose(run(str(path), x=x)["y"], expected, rtol=1e-5)


@pytest.mark.parametrize("location", ["../secret.bin", "/etc/passwd", "link.bin", "", "."])
def test_external_data_outside_the_folder_is_refused(tmp_path: Path, location: str) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(4096))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    proto = dense(2)
    tensor = proto.graph.initializer[0]
    external_data_helper.set_external_data(tensor, location)
    tensor.ClearField("raw_data")
    (folder / "m.onnx").write_bytes(proto.SerializeToString())
    message = refusal(str(folder / "m.onnx"), aicc.InvalidModel)
    assert "'w'" in message and "inside the model's folder" in message


def test_external_data_that_is_too_short_is_refused(tmp_path: Path) -> None:
    onnx.save(
        dense(2), tmp_path / "m.onnx", save_as_external_data=True, location="d", size_threshold=0
    )
    (tmp_path / "d").write_bytes(b"short")
    message = refusal(str(tmp_path / "m.onnx"), aicc.InvalidModel)
    assert "holds 5 bytes" in message


def test_external_data_needs_a_path() -> None:
    proto = dense(2)
    external_data_helper.set_external_data(proto.graph.initializer[0], "d")
    assert "by its path" in refusal(proto, aicc.InvalidModel)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    data = dense(2).SerializeToString()
    path = tmp_path / "m.onnx"
    path.write_bytes(data[: int(len(data) * keep)])
    assert "m.onnx" in refusal(str(path), aicc.InvalidModel)


@pytest.mark.parametrize("data", [b"", b"not a model", bytes(100)])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    assert "not an ONNX model" in refusal(data, aicc.InvalidModel)


@pytest.mark.parametrize("name", ['a"b', "a\nb", "%0 }", "é/ü", "[red]x[/red]", "../../x", "a b"])
def test_hostile_names_survive(name: str, tmp_path: Path) -> None:
    weights = {name + "w": np.ones((100, 1), np.float32)}
    nodes = [NODE("Mul", [name, name + "w"], [name + "y"], name=name)]
    proto = model(nodes, {name: [100, 1]}, [name + "y"], weights)
    x = np.full((100, 1), 3, np.float32)
    result = run(proto, **{name: x})
    np.testing.assert_array_equal(result[name + "y"], x)
    imported = aicc.import_onnx(proto)
    aicc.save_weights(tmp_path / "w.safetensors", imported.weights)
    assert list(aicc.load_weights(tmp_path / "w.safetensors")) == [name + "w"]


def test_open_dimensions_are_fixed_by_name() -> None:
    assert "open dimensions [batch, 16]" in refusal(dense(), aicc.ShapeError)
    by_dim = aicc.import_onnx(dense(), dims={"batch": 3})
    by_shape = aicc.import_onnx(dense(), shapes={"x": (3, 16)})
    texts = [str(aicc.lower(one.module, "graph").operation) for one in (by_dim, by_shape)]
    assert texts[0] == texts[1] and "3x16" in texts[0]
    assert "rank 2" in refusal(dense(), aicc.ShapeError, shapes={"x": (3,)})
    assert "no dimension is called 'b'" in refusal(dense(), aicc.ShapeError, dims={"b": 3})


def test_values_that_decide_shapes_are_asked_for() -> None:
    proto = model([NODE("Reshape", ["x", "s"], ["y"])], {"x": [6]}, ["y"])
    proto.graph.input.append(info("s", [2], TensorProto.INT64))
    assert "the values of 's' decide shapes" in refusal(proto, aicc.ShapeError)
    aicc.import_onnx(proto, values={"s": np.array([2, 3])})


def test_local_functions_are_expanded() -> None:
    body = [
        NODE("Relu", ["v"], ["r"]),
        NODE("Neg", ["r"], ["out"]),
    ]
    opsets = [helper.make_opsetid("", 17)]
    function = helper.make_function("local", "NegRelu", ["v"], ["out"], body, opsets)
    proto = model([NODE("NegRelu", ["x"], ["y"], domain="local")], {"x": [3]}, ["y"])
    proto.functions.append(function)
    proto.opset_import.append(helper.make_opsetid("local", 1))
    x = np.array([-1, 0, 2], np.float32)
    np.testing.assert_array_equal(run(proto, x=x)["y"], [0, 0, -2])


def test_wrong_types_are_invalid_not_a_crash() -> None:
    proto = model([NODE("Add", ["x", "w"], ["y"])], {"x": [2]}, ["y"], {"w": np.ones(2, np.int64)})
    assert refusal(proto, aicc.InvalidModel)


def test_an_initialiser_with_too_few_bytes_is_invalid() -> None:
    proto = dense(2)
    tensor = numpy_helper.from_array(np.ones(4, np.float32), "w")
    tensor.dims[:] = [16, 8]
    proto.graph.initializer[0].CopyFrom(tensor)
    assert "'w'" in refusal(proto, aicc.InvalidModel)


def test_coverage_tells_how_each_operator_is_served() -> None:
    inner = NODE("Strange", ["x"], ["t"], name="inner")
    then = helper.make_graph([inner], "t", [], [info("t", None)])
    nodes = [
        NODE("Relu", ["x"], ["r"]),
        NODE("Relu", ["r"], ["r2"]),
        NODE("CenterCropPad", ["r2", "shape"], ["c"], name="cropped"),
        NODE("Local", ["c"], ["l"], domain="own"),
        NODE("If", ["flag"], ["y"], then_branch=then, else_branch=then),
    ]
    proto = model(nodes, {"x": [4]}, ["y"], opset=18)
    opsets = [helper.make_opsetid("", 18)]
    body = [NODE("Neg", ["v"], ["out"])]
    proto.functions.append(helper.make_function("own", "Local", ["v"], ["out"], body, opsets))
    proto.opset_import.append(helper.make_opsetid("own", 1))
    found = {use.operator: use for use in coverage(read_source(proto)).uses}
    assert (found["Relu"].how, len(found["Relu"].nodes)) == ("rule", 2)
    assert found["CenterCropPad"].how in ("rule", "function")
    assert found["Local"].how == "function"
    assert found["Neg"].how == "rule"
    assert (found["Strange"].how, found["Strange"].nodes) == ("missing", ("inner", "inner"))
    assert coverage(read_source(proto)).text().splitlines()[1].split()[:2] == [
        "missing",
        "ai.onnx.If" if found["If"].how == "missing" else "ai.onnx.Strange",
    ]


def test_large_values_cannot_be_compiled_in() -> None:
    values = {"x": np.zeros((8, 16), np.float32)}
    with pytest.raises(aicc.ShapeError, match="'x' cannot be compiled in: it has 128 elements"):
        aicc.import_onnx(dense(8), values=values)
