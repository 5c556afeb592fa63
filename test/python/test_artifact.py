"""Compiled models in files: what is kept, what loading needs, and what it refuses."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import artifact_files
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx_models import dense, dense_reference, info, model

import aicc
from aicc import target
from aicc.runtime import artifact_writer, library

NODE = helper.make_node
FUZZ_COUNT = int(os.environ.get("AICC_FUZZ", "400"))


def rows(batch: int = 2, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal((batch, 16)).astype(np.float32)


@pytest.fixture(scope="module")
def exe() -> aicc.Executable:
    """Compiled for batches of 2 and 5."""
    made = aicc.compile(dense(), threads=1)
    for batch in (2, 5):
        made(rows(batch))
    return made


@pytest.fixture(scope="module")
def saved(exe: aicc.Executable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("artifact") / "dense.aicc"
    exe.save(path)
    return path


def test_results_are_the_same_bits(exe: aicc.Executable, saved: Path) -> None:
    loaded = aicc.load(saved)
    assert loaded.inputs == exe.inputs
    assert loaded.output_names == exe.output_names
    for batch in (2, 5):
        assert loaded(rows(batch)).tobytes() == exe(rows(batch)).tobytes()


def test_other_shapes_are_refused_with_those_there_are(saved: Path) -> None:
    loaded = aicc.load(saved)
    with pytest.raises(aicc.ShapeError) as refusal:
        loaded(rows(3))
    text = str(refusal.value)
    assert "holds no code for x [3, 16]" in text
    assert "it holds: x [2, 16]" in text and "it holds: x [5, 16]" in text
    with pytest.raises(aicc.ShapeError, match=r"expects \[batch, 16\], got \[2, 3\]"):
        loaded(np.ones((2, 3), np.float32))


def test_deciding_values_are_kept(tmp_path: Path) -> None:
    proto = model([NODE("Reshape", ["x", "s"], ["y"])], {"x": [6]}, ["y"])
    proto.graph.input.append(info("s", [2], TensorProto.INT64))
    exe = aicc.compile(proto, threads=1)
    x = np.arange(6, dtype=np.float32)
    shapes = [np.array(s, np.int64) for s in ([2, 3], [3, 2])]
    for shape in shapes:
        exe(x, shape)
    exe.save(tmp_path / "m.aicc")
    loaded = aicc.load(tmp_path / "m.aicc")
    for shape in shapes:
        np.testing.assert_array_equal(loaded(x, shape), x.reshape(shape))
    with pytest.raises(aicc.ShapeError, match=r"s \[2\] of one value"):
        loaded(x, np.array([6, 1], np.int64))


def test_element_types_ranks_and_several_outputs(tmp_path: Path) -> None:
    nodes = [
        NODE("Cast", ["x"], ["h"], to=TensorProto.FLOAT16),
        NODE("Cast", ["x"], ["i"], to=TensorProto.INT32),
        NODE("Cast", ["x"], ["b"], to=TensorProto.BFLOAT16),
        NODE("Greater", ["x", "s"], ["g"]),
    ]
    proto = model(nodes, {"x": [3, 0, 2], "s": []}, ["h", "i", "b", "g"])
    for given in (proto, model(nodes, {"x": [3, 4], "s": []}, ["h", "i", "b", "g"])):
        exe = aicc.compile(given, threads=1)
        exe.save(tmp_path / "m.aicc")
        shape = [d for d in exe.inputs[0].dims or ()]
        inputs = {"x": np.full(shape, 1.5, np.float32), "s": np.float32(1)}
        results = aicc.load(tmp_path / "m.aicc").run(inputs)
        for name, expected in exe.run(inputs).items():
            assert results[name].dtype == expected.dtype
            np.testing.assert_array_equal(results[name], expected)


def test_the_model_file_is_not_needed(tmp_path: Path) -> None:
    onnx.save(dense(2), tmp_path / "m.onnx")
    exe = aicc.compile(tmp_path / "m.onnx", threads=1)
    (tmp_path / "m.onnx").unlink()
    exe.save(tmp_path / "m.aicc")
    loaded = aicc.load(tmp_path / "m.aicc")
    (tmp_path / "m.aicc").unlink()
    np.testing.assert_allclose(loaded(rows()), dense_reference(dense(2), rows()), atol=1e-5)


def test_saving_again_gives_the_same_file(saved: Path, tmp_path: Path) -> None:
    aicc.load(saved).save(tmp_path / "again.aicc")
    assert (tmp_path / "again.aicc").read_bytes() == saved.read_bytes()


def test_nothing_compiled_is_nothing_to_save(tmp_path: Path) -> None:
    with pytest.raises(aicc.ShapeError, match="run it first"):
        aicc.compile(dense(), threads=1).save(tmp_path / "m.aicc")


def test_failed_writes_leave_no_file(exe: aicc.Executable, tmp_path: Path) -> None:
    with pytest.raises(aicc.ArtifactError, match="cannot write '.*': No such file"):
        exe.save(tmp_path / "none" / "m.aicc")
    (tmp_path / "folder").mkdir()
    with pytest.raises(aicc.ArtifactError, match="cannot write"):
        exe.save(tmp_path / "folder")
    assert os.listdir(tmp_path) == ["folder"]


def test_several_threads_share_a_loaded_model(saved: Path) -> None:
    loaded = aicc.load(saved)
    expected = {seed: loaded(rows(5, seed)).tobytes() for seed in range(4)}
    wrong: list[int] = []

    def work(seed: int) -> None:
        wrong.extend(seed for _ in range(50) if loaded(rows(5, seed)).tobytes() != expected[seed])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_loaded_model_has_no_ir(saved: Path) -> None:
    with pytest.raises(aicc.ArtifactError, match="holds no IR"):
        aicc.load(saved).ir("kernels")


LOAD = """
import sys, time
import numpy as np
start = time.process_time()
import aicc
exe = aicc.load(sys.argv[1])
seconds = time.process_time() - start
result = exe(np.ones((1, 4096), np.float32))
np.testing.assert_allclose(result, np.load(sys.argv[2]), rtol=1e-3)
assert not [m for m in sys.modules if "mlir" in m or m.split(".")[0] == "onnx"]
print(seconds)
"""


def test_loading_is_quick_and_imports_no_compiler(tmp_path: Path) -> None:
    """64 MB of weights; processor time, since the machine may do other things besides."""
    w = np.random.default_rng(0).standard_normal((4096, 4096)).astype(np.float32)
    proto = model([NODE("MatMul", ["x", "w"], ["y"])], {"x": [1, 4096]}, ["y"], {"w": w})
    aicc.compile(proto, threads=1).save(tmp_path / "m.aicc")
    np.save(tmp_path / "y.npy", np.ones((1, 4096), np.float32) @ w)
    arguments = [str(tmp_path / "m.aicc"), str(tmp_path / "y.npy")]
    seconds = [float(output_of("-c", LOAD, *arguments)) for _ in range(3)]
    assert min(seconds) < 0.05


def output_of(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal_of(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(aicc.ArtifactError) as refusal:
        aicc.load(path)
    return str(refusal.value)


def test_other_versions_are_named(saved: Path, tmp_path: Path) -> None:
    data, path = saved.read_bytes(), tmp_path / "m.aicc"
    text = refusal_of(path, artifact_files.with_number(data, 8, 99))
    assert "it has format 99, this aicc reads format 1" in text
    assert "compile the model again" in text
    text = refusal_of(path, artifact_files.with_number(data, 12, 77))
    assert f"interface 77 of the runtime, this one has {library.INTERFACE_VERSION}" in text


def test_other_processors_are_named(
    exe: aicc.Executable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = target.Target("other", ("avx2", "avx999_quantum"), 1, 1, 1, 1)
    monkeypatch.setattr(artifact_writer.target, "by_name", lambda name: other)
    exe.save(tmp_path / "m.aicc")
    with pytest.raises(aicc.ArtifactError, match="processor with avx999_quantum, which this one"):
        aicc.load(tmp_path / "m.aicc")


@pytest.mark.parametrize(
    "part, reason",
    [
        ("header", "its header is damaged"),
        ("table", "its table is damaged"),
        ("code", "its code is damaged"),
        ("weights", "its weights are damaged"),
    ],
)
def test_damaged_parts_are_named(saved: Path, tmp_path: Path, part: str, reason: str) -> None:
    data = bytearray(saved.read_bytes())
    start = 12 if part == "header" else artifact_files.section(data, part).start
    data[start + 5] ^= 1
    assert reason in refusal_of(tmp_path / "m.aicc", bytes(data))


def test_truncated_and_foreign_files_are_refused(saved: Path, tmp_path: Path) -> None:
    data, path = saved.read_bytes(), tmp_path / "m.aicc"
    assert f"{len(data) - 1} bytes instead of {len(data)}" in refusal_of(path, data[:-1])
    assert f"{len(data) + 1} bytes instead of" in refusal_of(path, data + b"\0")
    assert "not an artefact of aicc" in refusal_of(path, b"")
    assert "not an artefact of aicc" in refusal_of(path, b"\x7fELF" * 1000)
    assert "not an artefact of aicc" in refusal_of(path, dense().SerializeToString())


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (("none", "No such file"), ("", "regular file"), ("pipe", "regular file")):
        with pytest.raises(aicc.ArtifactError, match=reason):
            aicc.load(tmp_path / name)
    with pytest.raises(aicc.ArtifactError, match="NUL"):
        aicc.load(str(tmp_path / "a\0b"))


def test_checksums_are_the_standard_ones() -> None:
    """CRC-32C of 32 zeros is 0x8a9136aa (RFC 3720, B.4); four quarters have one each."""
    for size in (0, 1, 55, 56, 63, 64, 119, 120, 1000):
        data = bytes(range(256)) * 4
        assert artifact_writer.sha256(data[:size]) == hashlib.sha256(data[:size]).digest()
    sums = (ctypes.c_uint32 * 4)()
    library.load().aicc_rt_crc32c(bytes(128), 128, sums)
    assert list(sums) == [0x8A9136AA] * 4


def test_altered_files_do_no_harm(saved: Path) -> None:
    """In a process of its own, which a crash would end. AICC_FUZZ sets the number of files."""
    script = Path(__file__).with_name("artifact_files.py")
    output = output_of(str(script), str(saved), str(FUZZ_COUNT))
    assert output.startswith(f"{FUZZ_COUNT} altered artefacts")
