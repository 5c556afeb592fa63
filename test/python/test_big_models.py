"""Compiling holds weights once and a little more, running holds them once; whatever their size.

`AICC_BIG_MODEL_GB=3` tries models of 3 GB too: some minutes, twice as much memory and disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from big_models import ROWS, BigModel, blocks, blocks_product, dense, dense_product
from onnx import TensorProto

import aicc
from aicc.weights import load_weights, save_weights

MIB = 1 << 20
SMALL = 256 * MIB
SLACK = 64 * MIB  # what is read between two rounds of giving back, on a busy machine
GIGABYTES = float(os.environ.get("AICC_BIG_MODEL_GB", "0"))
sizes = pytest.mark.parametrize("size", [SMALL, *([int(GIGABYTES * 1e9)] if GIGABYTES else [])])

# Peak memory of a command, children included, and of the memory that is left in the end.
MEASURE = """
import json, resource, sys

def sizes():
    words = [line.split() for line in open("/proc/self/status")]
    found = {w[0].rstrip(":"): int(w[1]) * 1024 for w in words if w[0] in ("VmHWM:", "VmRSS:")}
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # the largest one
    return {"peak": found["VmHWM"] + children, "left": found["VmRSS"]}

def run(path, x, y, load):
    import numpy as np
    import aicc

    exe = aicc.load(path) if load else aicc.compile(path, threads=1, cache=False)
    np.save(y, exe(np.load(x)))

def command(*arguments):
    from aicc.tools.aicc import run

    assert run(arguments) == 0

globals()[sys.argv[1]](*json.loads(sys.argv[2]))
print(json.dumps(sizes()))
"""


def measured(function: str, *arguments: Any) -> dict[str, int]:
    """Bytes that a process needed."""
    text = json.dumps([str(a) if isinstance(a, Path) else a for a in arguments])
    command = [sys.executable, "-c", MEASURE, function, text]
    environment = {**os.environ, "AICC_CACHE": "off"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1200, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def check_memory(model: BigModel, tiny: BigModel, x: Path, expected: Any) -> None:
    """Against the same model with small weights, which costs what MLIR and Python cost."""
    folder = model.path.parent
    artifact, y = folder / "m.aicc", folder / "y.npy"

    def check_result() -> None:
        error = np.abs(np.load(y) - expected).max() / np.abs(expected).max()
        assert error < 1e-3
        y.unlink()

    small = measured("run", tiny.path, folder / "tiny.npy", y, False)
    at_once = measured("run", model.path, x, y, False)
    check_result()
    assert at_once["peak"] - small["peak"] < 1.3 * model.bytes + SLACK
    assert at_once["left"] - small["left"] < 1.05 * model.bytes + SLACK

    arguments = ("--threads", "1", "-o", str(artifact))
    small = measured("command", "compile", str(tiny.path), *arguments)
    compiled = measured("command", "compile", str(model.path), *arguments)
    assert compiled["peak"] - small["peak"] < 1.3 * model.bytes + SLACK

    loaded = measured("run", artifact, x, y, True)
    check_result()
    assert loaded["peak"] < artifact.stat().st_size + SLACK


@sizes
def test_products(size: int, tmp_path: Path) -> None:
    width = 8192 if size > SMALL else 2048
    model = dense(tmp_path / "dense.onnx", size, width, max(12, size // (4 * width * width)))
    x = np.random.default_rng(1).standard_normal((ROWS, width), np.float32)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "tiny.npy", x[:, :64])
    tiny = dense(tmp_path / "tiny.onnx", 1, 64)
    check_memory(model, tiny, tmp_path / "x.npy", dense_product(model, x))


@sizes
def test_blocks_of_many_tensors(size: int, tmp_path: Path) -> None:
    model = blocks(tmp_path / "blocks.onnx", size, 2048 if size > SMALL else 768)
    x = np.array([3, 0, 4000, 77])
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "tiny.npy", x % 100)
    tiny = blocks(tmp_path / "tiny.onnx", 1, 64)
    check_memory(model, tiny, tmp_path / "x.npy", blocks_product(model, x))


@pytest.mark.parametrize("rows", [90, *([9000] if GIGABYTES else [])])
def test_one_tensor(rows: int, tmp_path: Path) -> None:
    """The larger one has 2.4e9 bytes: offsets in it need more than 31 bits."""
    width = 1 << 16
    model = BigModel(tmp_path / "tall.onnx")
    model.add_weight("w", (rows, width), 0.01)
    y = model.add("MatMul", "x", "w")
    model.save(TensorProto.FLOAT, (ROWS, rows), y, [ROWS, width])
    x = np.random.default_rng(2).standard_normal((ROWS, rows), np.float32)
    exe = aicc.compile(model.path, threads=1, cache=False)
    np.testing.assert_allclose(exe(x), x @ model.weight("w"), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("count", [70, *([70_000] if GIGABYTES else [])])
def test_rows_of_one_tensor(count: int, tmp_path: Path) -> None:
    """The larger one has more than 2**31 elements."""
    rows = np.array([0, count // 2, count - 5, count - 1])
    width = 1 << 15
    with open(tmp_path / "numbers", "wb") as file:
        file.truncate(count * width)
        for row in map(int, rows):
            file.seek(row * width)
            file.write(np.full(width, row % 251, np.uint8).tobytes())
    table = TensorProto(name="table", data_type=TensorProto.UINT8, dims=(count, width))
    table.data_location = TensorProto.EXTERNAL
    table.external_data.add(key="location", value="numbers")
    model = BigModel(tmp_path / "table.onnx")
    model.tensors.append(table)
    y = model.add("Cast", model.add("Gather", "table", "x"), to=TensorProto.FLOAT)
    model.save(TensorProto.INT64, (ROWS,), y, [ROWS, width])
    exe = aicc.compile(model.path, threads=1, cache=False)
    np.testing.assert_array_equal(exe(rows)[:, -1], rows % 251)


def test_the_data_may_be_cut_off_after_compiling(tmp_path: Path) -> None:
    model = blocks(tmp_path / "m.onnx", 1, 64)
    expected = blocks_product(model, np.array([1, 2, 3, 4]))
    exe = aicc.compile(model.path, threads=1, cache=False)
    os.truncate(model.data, 0)
    np.testing.assert_allclose(exe(np.array([1, 2, 3, 4])), expected, rtol=1e-3, atol=1e-3)


def test_more_than_protobuf_can_read(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    with open(path, "wb") as file:
        file.truncate(1 << 31)
    with pytest.raises(aicc.InvalidModel, match="external data"):
        aicc.compile(path, threads=1, cache=False)


def test_data_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    model = blocks(tmp_path / "m.onnx", 1, 64)
    os.truncate(model.data, model.bytes - 4)
    with pytest.raises(aicc.InvalidModel, match="are needed"):
        aicc.compile(model.path, threads=1, cache=False)


@pytest.mark.parametrize("location", ["../m.data", "/etc/hostname", "link", "", "."])
def test_data_outside_the_folder_is_refused(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    model = dense(folder / "m.onnx", 1, 64)
    os.rename(model.data, tmp_path / "m.data")
    (folder / "link").symlink_to(tmp_path / "m.data")
    proto = onnx.load(model.path, load_external_data=False)
    for tensor in proto.graph.initializer:
        next(e for e in tensor.external_data if e.key == "location").value = location
    model.path.write_bytes(proto.SerializeToString())
    with pytest.raises(aicc.InvalidModel, match="inside the model's folder"):
        aicc.compile(model.path, threads=1, cache=False)


def test_weights_files_are_mapped(tmp_path: Path) -> None:
    import ml_dtypes

    rng = np.random.default_rng(3)
    weights = {
        "odd": rng.integers(0, 9, 3, np.int8),
        "é\n\"'": rng.standard_normal((5, 7), np.float32),
        "turned": rng.standard_normal((4, 6)).T,
        "none": np.zeros((0, 3), np.float16),
        "scalar": np.array(2.5, ml_dtypes.bfloat16),
        "nibbles": np.array([[-8, 7]], ml_dtypes.int4),
        "bits": np.array([True, False]),
    }
    save_weights(tmp_path / "w.safetensors", weights)
    found = load_weights(tmp_path / "w.safetensors")
    assert set(found) == set(weights)
    for name, array in weights.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array)
    assert isinstance(found["turned"], np.memmap)
