"""Weights inside a model's file are read where they lie; the proto does not hold them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx_models import model

import aicc
from aicc.frontend.onnx import read_source
from aicc.runtime.residency import mapping_of

MIB = 1 << 20
RNG = np.random.default_rng(5)
WEIGHT = RNG.standard_normal((64, 48)).astype(np.float32)
PROGRAM = """
import sys
import aicc
exe = aicc.compile(sys.argv[1], threads=1, cache=False)
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")))
"""


def product(weight: np.ndarray = WEIGHT, rows: int | str = "rows") -> onnx.ModelProto:
    node = helper.make_node("MatMul", ["x", "w"], ["y"], "product")
    return model([node], {"x": [rows, weight.shape[0]]}, ["y"], {"w": weight})


def inputs(rows: int) -> np.ndarray:
    return RNG.standard_normal((rows, WEIGHT.shape[0])).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    onnx.save(product(), tmp_path / "m.onnx")
    return tmp_path / "m.onnx"


def check(exe: aicc.Executable, rows: int, weight: np.ndarray = WEIGHT) -> None:
    x = inputs(rows)
    np.testing.assert_allclose(exe(x), x @ weight, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("is_path", [True, False])
def test_the_proto_is_without_them(path: Path, is_path: bool) -> None:
    source = read_source(path if is_path else path.read_bytes())
    (tensor,) = source.model.graph.initializer
    assert source.model.ByteSize() < 1000
    array = source.array(tensor)
    np.testing.assert_array_equal(array, WEIGHT)
    assert not array.flags.writeable and (mapping_of(array) is not None) == is_path
    np.testing.assert_array_equal(numpy_helper.to_array(source.inside(tensor)), WEIGHT)
    check(aicc.compile(path if is_path else path.read_bytes(), threads=1), 3)


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_they_may_lie_anywhere(tmp_path: Path, shift: int) -> None:
    proto = product()
    proto.graph.name = "g" * (shift + 1)
    onnx.save(proto, tmp_path / "m.onnx")
    check(aicc.compile(tmp_path / "m.onnx", threads=1), 3)


@pytest.mark.parametrize("kind", ["float_data", "int4", "bfloat16", "bool"])
def test_every_form_is_read(kind: str) -> None:
    values = RNG.integers(0, 2, 20_000)
    if kind == "float_data":
        tensor = helper.make_tensor("w", TensorProto.FLOAT, [20_000], values.astype(float))
    else:
        number = getattr(TensorProto, kind.upper())
        tensor = helper.make_tensor("w", number, [20_000], values)
        raw = numpy_helper.from_array(numpy_helper.to_array(tensor), "w")
        tensor.CopyFrom(raw)
    cast = helper.make_node("Cast", ["w"], ["c"], to=TensorProto.FLOAT)
    nodes = [cast, helper.make_node("Add", ["x", "c"], ["y"])]
    proto = model(nodes, {"x": [20_000]}, ["y"], opset=21)
    proto.graph.initializer.append(tensor)
    y = aicc.compile(proto.SerializeToString(), threads=1)(np.ones(20_000, np.float32))
    np.testing.assert_array_equal(y, values + 1)


def test_the_file_may_go_away(path: Path) -> None:
    exe = aicc.compile(path, threads=1, cache=False)
    check(exe, 3)
    path.unlink()
    check(exe, 5)
    assert "graph.matmul" in exe.ir("graph")


def test_another_file_may_take_its_place(path: Path) -> None:
    old = aicc.compile(path, threads=1, cache=False)
    check(old, 3)
    onnx.save(product(2 * WEIGHT), path.with_name("new"))
    os.replace(path.with_name("new"), path)
    new = aicc.compile(path, threads=1, cache=False)
    for rows in (3, 5):
        check(new, rows, 2 * WEIGHT)
        check(old, rows)


def test_a_file_that_is_written_into_is_told(path: Path) -> None:
    exe = aicc.compile(path, threads=1, cache=False)
    check(exe, 3)
    data = path.read_bytes()
    path.write_bytes(data[:-500])
    check(exe, 3)
    with pytest.raises(aicc.InvalidModel, match="has changed since it was read"):
        exe(inputs(5))


def test_too_few_bytes_are_refused() -> None:
    proto = product()
    proto.graph.initializer[0].raw_data = proto.graph.initializer[0].raw_data[:-3]
    with pytest.raises(aicc.InvalidModel, match="tensor 'w' cannot be read"):
        aicc.compile(proto.SerializeToString(), shapes={"x": (3, 64)}, threads=1)


def test_memory_holds_them_once(tmp_path: Path) -> None:
    weight = RNG.standard_normal((2048, 8192)).astype(np.float32)
    sizes = []
    for name, held in (("large", weight), ("small", weight[:16, :16])):
        onnx.save(product(held, 64), tmp_path / name)
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        sizes.append(json.loads(done.stdout) * 1024)
    assert weight.nbytes == 64 * MIB
    assert sizes[0] - sizes[1] < 1.4 * weight.nbytes
