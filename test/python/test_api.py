"""The Python API: compile, run, the errors of a run, and what is promised of results."""

import gc
import threading
from pathlib import Path

import numpy as np
import pytest
from compile_models import convolutions
from onnx import TensorProto, helper
from onnx_models import dense, dense_reference, info, model

import aicc
from aicc._mlir import ir

NODE = helper.make_node


@pytest.fixture(scope="module")
def exe() -> "aicc.Executable":
    return aicc.compile(dense(2), threads=1)


def rows(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((2, 16)).astype(np.float32)


def test_run_and_call_agree_with_numpy(exe: "aicc.Executable") -> None:
    x = rows()
    expected = dense_reference(dense(2), x)
    np.testing.assert_allclose(exe.run({"x": x})["y"], expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(exe(x), exe.run({"x": x})["y"])


def test_inputs_are_not_written_and_results_are_the_callers(exe: "aicc.Executable") -> None:
    x = rows()
    kept = x.copy()
    first = exe(x)
    copy = first.copy()
    second = exe(rows(1))
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, copy)
    np.testing.assert_array_equal(x, kept)


def test_strided_and_foreign_inputs(exe: "aicc.Executable") -> None:
    x = rows()
    strided = np.repeat(x, 2, axis=1)[:, ::2]
    assert not strided.flags.c_contiguous
    np.testing.assert_array_equal(exe(strided), exe(x))

    class Foreign:
        __array_interface__ = x.__array_interface__

    class Exchanged:
        def __dlpack__(self, **options: object) -> object:
            return x.__dlpack__(**options)

        def __dlpack_device__(self) -> tuple[int, int]:
            return x.__dlpack_device__()

    np.testing.assert_array_equal(exe(Foreign()), exe(x))
    np.testing.assert_array_equal(exe(Exchanged()), exe(x))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "input 'x' is missing"),
        ({"z": rows()}, "no input is called 'z'"),
        ({"x": rows().astype(np.float64)}, "expects float32, got float64"),
        ({"x": rows()[0]}, r"expects rank 2 \[2, 16\], got \[16\]"),
        ({"x": rows()[:1]}, r"expects \[2, 16\], got \[1, 16\]"),
    ],
)
def test_wrong_inputs_are_shape_errors(exe: "aicc.Executable", inputs: dict, words: str) -> None:
    with pytest.raises(aicc.ShapeError, match=words):
        exe.run(inputs)


def test_wrong_number_of_arrays(exe: "aicc.Executable") -> None:
    with pytest.raises(aicc.ShapeError, match="expected 1 arrays, got 2"):
        exe(rows(), rows())


def test_out_is_written_in_place(exe: "aicc.Executable") -> None:
    y = np.full((2, 8), np.nan, np.float32)
    result = exe.run({"x": rows()}, out={"y": y})
    assert result["y"] is y
    np.testing.assert_array_equal(y, exe(rows()))


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ({"q": np.zeros((2, 8), np.float32)}, "no output is called 'q'"),
        ({"y": np.zeros((2, 9), np.float32)}, "given array float32"),
        ({"y": np.zeros((2, 8))}, "given array float64"),
        ({"y": np.zeros((8, 2), np.float32).T}, "must be contiguous"),
        ({"y": np.broadcast_to(np.float32(0), (2, 8))}, "must be contiguous and writeable"),
    ],
)
def test_wrong_out_arrays(exe: "aicc.Executable", out: dict, words: str) -> None:
    with pytest.raises(aicc.ShapeError, match=words):
        exe.run({"x": rows()}, out=out)


def test_threads_may_share_an_executable(exe: "aicc.Executable") -> None:
    inputs = [rows(seed) for seed in range(8)]
    expected = [exe(x) for x in inputs]
    failures: list[int] = []

    def work(index: int) -> None:
        for _ in range(50):
            if not np.array_equal(exe(inputs[index]), expected[index]):
                failures.append(index)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_several_outputs_keep_their_order_and_names() -> None:
    nodes = [NODE("Neg", ["x"], ["n"]), NODE("Relu", ["x"], ["r"])]
    exe = aicc.compile(model(nodes, {"x": [3]}, ["r", "n"]), threads=1)
    x = np.array([-1, 0, 2], np.float32)
    assert list(exe.run({"x": x})) == ["r", "n"]
    relu, neg = exe(x)
    np.testing.assert_array_equal(relu, [0, 0, 2])
    np.testing.assert_array_equal(neg, -x)


def test_open_dimensions_are_specialised_on_use() -> None:
    proto = dense()
    exe = aicc.compile(proto, threads=1)
    for batch in (1, 5, 1):
        x = np.ones((batch, 16), np.float32)
        np.testing.assert_allclose(exe(x), dense_reference(proto, x), rtol=1e-5)


def test_equal_dimension_names_must_agree() -> None:
    proto = model([NODE("Add", ["a", "b"], ["y"])], {"a": ["n"], "b": ["n"]}, ["y"])
    exe = aicc.compile(proto, threads=1)
    with pytest.raises(aicc.ShapeError, match="n is 2 elsewhere"):
        exe(np.ones(2, np.float32), np.ones(3, np.float32))


def test_shapes_that_values_decide() -> None:
    proto = model([NODE("Reshape", ["x", "s"], ["y"])], {"x": [6]}, ["y"])
    proto.graph.input.append(info("s", [2], TensorProto.INT64))
    exe = aicc.compile(proto, threads=1)
    x = np.arange(6, dtype=np.float32)
    for shape in ([2, 3], [3, 2], [6, 1], [2, -1]):
        wanted = np.array(shape, np.int64)
        np.testing.assert_array_equal(exe.run({"x": x, "s": wanted})["y"], x.reshape(shape))


def test_repeated_runs_and_compiles_are_bit_identical() -> None:
    x = rows()
    results = [aicc.compile(dense(2), threads=2)(x) for _ in range(2)]
    assert results[0].tobytes() == results[1].tobytes()
    exe = aicc.compile(dense(2), threads=2)
    assert {exe(x).tobytes() for _ in range(20)} == {results[0].tobytes()}


def test_ir_of_every_phase(exe: "aicc.Executable") -> None:
    assert '"graph.matmul"' in exe.ir("import")
    assert "linalg." in exe.ir("kernels")
    assert "llvm.func" in exe.ir("llvm")
    with pytest.raises(aicc.LoweringError, match="no phase is called 'soup'"):
        exe.ir("soup")


def test_ir_of_open_models_needs_a_run() -> None:
    with pytest.raises(aicc.ShapeError, match="run it first"):
        aicc.compile(dense(), threads=1).ir("kernels")


def test_lower_and_resume(tmp_path: Path) -> None:
    x = rows()
    imported = aicc.import_onnx(dense(2), threads=1)
    aicc.save_weights(tmp_path / "w.safetensors", imported.weights)
    module = aicc.lower(imported.module, to="schedule", dump=tmp_path / "dump")
    assert 'aicc.phase = "schedule"' in str(module.operation)
    names = sorted(path.name for path in (tmp_path / "dump").iterdir())
    assert names == ["00-import.mlir", "01-graph.mlir", "02-kernels.mlir", "03-schedule.mlir"]
    weights = aicc.load_weights(tmp_path / "w.safetensors")
    for name in names:
        exe = aicc.resume(tmp_path / "dump" / name, weights=weights)
        np.testing.assert_array_equal(exe(x), aicc.compile(dense(2), threads=1)(x))
    with pytest.raises(aicc.LoweringError, match="starts at phase 'schedule'"):
        exe.ir("graph")
    with pytest.raises(aicc.ShapeError, match=r"weight 'w' is float32\[1\]"):
        aicc.resume(tmp_path / "dump" / names[0], weights={"w": np.ones(1, np.float32)})


def test_a_module_can_be_run_and_stays_as_it_is() -> None:
    imported = aicc.import_onnx(dense(2), threads=1)
    before = str(imported.module.operation)
    exe = aicc.resume(imported.module, weights=imported.weights)
    np.testing.assert_array_equal(exe(rows()), aicc.compile(dense(2), threads=1)(rows()))
    assert str(imported.module.operation) == before


MAIN = "func.func @main(%x: {type} {{{attrs}}}) {{ return }}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no public function @main"),
        (MAIN.format(type="tensor<4xf32>", attrs=""), "argument 0 of @main has none of aicc.input"),
        (MAIN.format(type="tensor<?xf32>", attrs='aicc.input = "x"'), "of static shapes"),
        (MAIN.format(type="i32", attrs='aicc.input = "x"'), "of static shapes"),
        ("module attributes {aicc.threads = 1.0 : f32} {}", "aicc.threads must be an integer"),
        (
            'module attributes {aicc.phase = "llvm", aicc.entry_points = 3 : i64} {}',
            "'aicc.entry_points' is damaged",
        ),
    ],
)
def test_text_that_is_no_dump_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "m.mlir"
    path.write_text(text)
    with pytest.raises(aicc.InvalidModel, match=words):
        aicc.resume(path)


def test_weights_files_keep_every_type(tmp_path: Path) -> None:
    import ml_dtypes

    names = ("float32", "float16", "bfloat16", "int4", "uint4", "int8", "bool", "uint64")
    kinds = [getattr(ml_dtypes, name, name) for name in names]
    weights = {str(k): np.ones((3, 2)).astype(k) for k in kinds}
    weights["strided"] = np.arange(6.0).reshape(2, 3).T
    aicc.save_weights(tmp_path / "w.safetensors", weights)
    loaded = aicc.load_weights(tmp_path / "w.safetensors")
    assert set(loaded) == set(weights)
    for name, array in weights.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)


def test_options_that_are_not_built_are_refused() -> None:
    for option in ({"precision": "f8"}, {"opt_level": 4}):
        with pytest.raises((NotImplementedError, aicc.AiccError), match=next(iter(option))):
            aicc.compile(dense(2), **option)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_every_level_computes_the_same(level: int) -> None:
    proto = dense(2)
    x = np.linspace(-1, 1, 32, dtype=np.float32).reshape(2, 16)
    exe = aicc.compile(proto, threads=1, opt_level=level)
    np.testing.assert_allclose(exe(x), dense_reference(proto, x), rtol=1e-5, atol=1e-6)


def test_strict_and_unsafe_exclude_each_other() -> None:
    with pytest.raises(aicc.AiccError, match="exclude each other"):
        aicc.compile(dense(2), strict_fp=True, unsafe_fp=True)


def test_every_public_name_exists() -> None:
    for name in aicc.__all__:
        assert getattr(aicc, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        aicc.nonsense  # noqa: B018


def test_compiling_leaves_no_context_behind() -> None:
    """What outlives a compilation would keep all of a model's IR, 3 MB and more each time."""
    gc.collect()
    before = ir.Context._get_live_count()
    for seed in range(3):
        aicc.compile(convolutions(seed), cache=False)
    gc.collect()
    assert ir.Context._get_live_count() <= before
