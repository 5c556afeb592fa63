"""What a run promises: floating-point policy, memory, threads, the same bits every time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import tracemalloc
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import dense, model

import aicc

RANDOM = np.random.default_rng(0)


def multiply_add() -> onnx.ModelProto:
    """y = a * b + c, where a fused multiply-add rounds once and the model twice."""
    nodes = [
        helper.make_node("Mul", ["a", "b"], ["p"], name="mul"),
        helper.make_node("Add", ["p", "c"], ["y"], name="add"),
    ]
    shape = [1000]
    return model(nodes, {"a": shape, "b": shape, "c": shape}, ["y"])


def long_sum() -> onnx.ModelProto:
    nodes = [helper.make_node("ReduceSum", ["x"], ["y"], name="sum", keepdims=0)]
    return model(nodes, {"x": [10007]}, ["y"])


def test_strict_fp_rounds_as_the_model_says() -> None:
    feeds = {n: RANDOM.standard_normal(1000).astype(np.float32) for n in "abc"}
    strict = aicc.compile(multiply_add(), threads=1, strict_fp=True).run(feeds)["y"]
    np.testing.assert_array_equal(strict, feeds["a"] * feeds["b"] + feeds["c"])


def test_strict_fp_adds_in_order() -> None:
    x = RANDOM.standard_normal(10007).astype(np.float32)
    strict = aicc.compile(long_sum(), threads=1, strict_fp=True)(x)
    expected = np.float32(0)
    for value in x:
        expected += value
    assert strict == expected
    loose = aicc.compile(long_sum(), threads=1)(x)
    assert abs(float(loose) - float(x.astype(np.float64).sum())) < 1e-3


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_special_values_come_through(special: float, strict: bool) -> None:
    x = np.ones((2, 16), np.float32)
    x[0, 3] = special
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], name="m"),
        helper.make_node("Mul", ["m", "m"], ["y"], name="y"),
    ]
    proto = model(nodes, {"x": [2, 16]}, ["y"], {"w": np.ones((16, 24), np.float32)})
    y = aicc.compile(proto, threads=1, strict_fp=strict)(x)
    expected = np.float32(special) * np.float32(special)
    np.testing.assert_array_equal(y[0], np.full(24, expected))
    np.testing.assert_array_equal(y[1], np.full(24, 256, np.float32))


def allocated(run: Any) -> int:
    """Most bytes that Python and numpy had allocated at once inside one call."""
    run()
    tracemalloc.start()
    kept = run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return peak


def test_a_run_allocates_its_outputs_only() -> None:
    nodes = [
        helper.make_node("Exp", ["x"], ["e"], name="e"),
        helper.make_node("MatMul", ["e", "w"], ["m"], name="m"),
        helper.make_node("Softmax", ["m"], ["y"], name="s"),
    ]
    weights = {"w": np.ones((256, 256), np.float32)}
    exe = aicc.compile(model(nodes, {"x": [512, 256]}, ["y"], weights), threads=1)
    x = np.zeros((512, 256), np.float32)
    size = x.nbytes
    assert size <= allocated(lambda: exe.run({"x": x})) < size + 20_000
    out = {"y": np.empty((512, 256), np.float32)}
    assert allocated(lambda: exe.run({"x": x}, out=out)) < 20_000


def test_an_output_may_be_written_over_an_input() -> None:
    nodes = [
        helper.make_node("Softmax", ["x"], ["s"], name="s"),
        helper.make_node("MatMul", ["s", "x"], ["y"], name="m"),
    ]
    exe = aicc.compile(model(nodes, {"x": [32, 32]}, ["y"]), threads=1)
    x = RANDOM.standard_normal((32, 32)).astype(np.float32)
    expected = exe(x)
    np.testing.assert_array_equal(exe.run({"x": x}, out={"y": x})["y"], expected)
    assert np.array_equal(x, expected)


def test_results_outlive_the_executable() -> None:
    exe = aicc.compile(dense(2), threads=1)
    x = np.ones((2, 16), np.float32)
    first = exe(x)
    copy = first.copy()
    exe(2 * x)
    del exe
    np.testing.assert_array_equal(first, copy)
    first[:] = 0  # it is the caller's to write


@pytest.mark.parametrize("threads", [1, 2])
def test_concurrent_runs_do_not_disturb_each_other(threads: int) -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], name="m"),
        helper.make_node("Relu", ["m"], ["r"], name="r"),
        helper.make_node("MatMul", ["r", "w"], ["y"], name="y"),
    ]
    weights = {"w": RANDOM.standard_normal((96, 96)).astype(np.float32)}
    exe = aicc.compile(model(nodes, {"x": [64, 96]}, ["y"], weights), threads=threads)
    feeds = [RANDOM.standard_normal((64, 96)).astype(np.float32) for _ in range(8)]
    expected = [exe(x) for x in feeds]
    wrong: list[int] = []

    def work(i: int) -> None:
        for _ in range(50):
            if not np.array_equal(exe(feeds[i]), expected[i]):
                wrong.append(i)

    workers = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


SAME = """
import hashlib, sys
import numpy as np
sys.path.insert(0, {folder!r})
from onnx_models import dense
import aicc
exe = aicc.compile(dense(4), threads=1, cache=False)
x = np.linspace(-1, 1, 64, dtype=np.float32).reshape(4, 16)
program = exe.programs()[0][1]
print(hashlib.sha256(exe(x).tobytes() + b"".join(program.objects())).hexdigest())
"""


def test_results_and_code_do_not_depend_on_the_hash_seed() -> None:
    import os
    from pathlib import Path

    script = SAME.format(folder=str(Path(__file__).parent))
    prints = set()
    for seed in ("0", "1", "12345"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        prints.add(done.stdout)
    assert len(prints) == 1
    assert len(prints.pop().strip()) == hashlib.sha256().digest_size * 2
