"""Executables of several thread counts in one process: right results, no hang, no idle work."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model

import aicc

SIZE = 192
X = np.linspace(-1, 1, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE)
# Far above what the runs below take on a loaded machine; a hang would take forever.
SECONDS = 60.0


def chain(factor: float) -> onnx.ModelProto:
    """Two products, large enough to be shared among threads, with a function between them."""
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], name="first"),
        helper.make_node("Tanh", ["m"], ["t"], name="tanh"),
        helper.make_node("MatMul", ["t", "w"], ["y"], name="second"),
    ]
    return model(nodes, {"x": [SIZE, SIZE]}, ["y"], {"w": (factor * X).astype(np.float32)})


def at_once(works: list[Callable[[], None]]) -> None:
    """Run all in threads of their own; an error or a hang of one fails the test."""
    errors: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    workers = [threading.Thread(target=guarded, args=(w,), daemon=True) for w in works]
    for worker in workers:
        worker.start()
    end = time.monotonic() + SECONDS
    for worker in workers:
        worker.join(max(end - time.monotonic(), 0))
        assert not worker.is_alive(), "a run hangs"
    assert not errors, errors


def runs(exe: aicc.Executable, count: int) -> Callable[[], None]:
    """`count` runs that all give what the first one gave."""
    expected = exe(X)

    def work() -> None:
        for _ in range(count):
            np.testing.assert_array_equal(exe(X), expected)

    return work


def test_two_executables_run_at_the_same_time() -> None:
    at_once([runs(aicc.compile(chain(factor), threads=2), 200) for factor in (0.5, 2.0)])


def test_thread_counts_may_alternate() -> None:
    executables = [aicc.compile(chain(1.0), threads=count) for count in (1, 2, 4)]
    expected = [exe(X) for exe in executables]
    np.testing.assert_allclose(expected[1], expected[0], rtol=1e-5, atol=1e-4)

    def alternate() -> None:
        for i in range(1000):
            np.testing.assert_array_equal(executables[i % 3](X), expected[i % 3])

    at_once([alternate])


def test_workers_rest_between_runs() -> None:
    exe = aicc.compile(chain(1.0), threads=2)
    for _ in range(10):
        exe(X)
    # the workers give up after a tenth of a millisecond, on a loaded machine a little later
    time.sleep(0.1)
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(0.5)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < 0.1


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_runs_go_on_after_a_fork() -> None:
    exe = aicc.compile(chain(1.0), threads=2)
    again = runs(exe, 20)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            again()
            status = 0
        finally:
            os._exit(status)
    at_once([again])
    at_once([lambda: os.waitpid(child, 0)[1] == 0 or pytest.fail("the child's results differ")])
