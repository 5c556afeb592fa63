"""Programs for many sets of shapes stay as long as memory allows, and share what is equal."""

from __future__ import annotations

import gc

import numpy as np
import onnx
import pytest
from onnx_models import dense, model

import aicc
from aicc.runtime.kept import ALWAYS_KEPT, PROGRAM_BYTES, Kept
from aicc.runtime.prepared import Prepared


class Held:
    """A program that holds blocks of these names and sizes."""

    def __init__(self, **blocks: int) -> None:
        self.blocks = {hash(name): size for name, size in blocks.items()}

    def share(self, prepared: Prepared) -> None:
        pass

    def held(self) -> dict[int, int]:
        return self.blocks


@pytest.fixture(autouse=True)
def _alone() -> None:
    gc.collect()  # executables of other tests count too


def limit_to(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setenv("AICC_PROGRAMS_SIZE", str(size))


def test_many_small_programs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Kept[int, int] = Kept()
    for i in range(200):
        kept.put(i, i, Held(**{f"code{i}": 1000}))
    assert kept.values() == list(range(200))


def test_what_was_not_used_for_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Kept[int, int] = Kept()
    for i in range(ALWAYS_KEPT + 2):
        kept.put(i, i, Held(**{f"code{i}": 1 << 20}))
    assert kept.get(0) == 0
    limit_to(monkeypatch, (ALWAYS_KEPT + 1) * ((1 << 20) + PROGRAM_BYTES))
    kept.put(100, 100, Held(code100=1 << 20))
    assert kept.get(1) is None and kept.get(2) is None
    assert kept.get(0) == 0 and kept.get(100) == 100


def test_the_newest_stay_however_large(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_to(monkeypatch, 0)
    kept: Kept[int, int] = Kept()
    for i in range(3 * ALWAYS_KEPT):
        kept.put(i, i, Held(**{f"code{i}": 1 << 30}))
    assert kept.values() == list(range(2 * ALWAYS_KEPT, 3 * ALWAYS_KEPT))


def test_what_all_hold_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_to(monkeypatch, 100 * PROGRAM_BYTES)
    kept: Kept[int, int] = Kept()
    for i in range(20):
        kept.put(i, i, Held(weights=1 << 40))
    assert len(kept) == 20 and kept.own_bytes() == 20 * PROGRAM_BYTES


def test_all_executables_share_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    old: Kept[int, int] = Kept()
    new: Kept[int, int] = Kept()
    for i in range(ALWAYS_KEPT + 4):
        old.put(i, i, Held(**{f"old{i}": 1 << 20}))
    limit_to(monkeypatch, (ALWAYS_KEPT + 4) * ((1 << 20) + PROGRAM_BYTES))
    for i in range(2):
        new.put(i, i, Held(**{f"new{i}": 1 << 20}))
    assert len(new) == 2 and len(old) < ALWAYS_KEPT + 4


def test_a_loaded_artefact_keeps_all_that_it_holds(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    exe = aicc.compile(dense(), threads=1)
    sizes = range(1, ALWAYS_KEPT + 4)
    for batch in sizes:
        exe.run({"x": np.ones((batch, 16), np.float32)})
    exe.save(f"{tmp_path}/model.aicc")
    limit_to(monkeypatch, 0)
    loaded = aicc.load(f"{tmp_path}/model.aicc")
    for batch in sizes:
        x = np.ones((batch, 16), np.float32)
        np.testing.assert_array_equal(loaded(x), exe(x))


def test_equal_packed_weights_are_there_once() -> None:
    weight = onnx.numpy_helper.from_array(np.ones((64, 64), np.float32), "w")
    proto = model([onnx.helper.make_node("MatMul", ["x", "w"], ["y"])], {"x": ["n", 64]}, ["y"])
    proto.graph.initializer.append(weight)
    exe = aicc.compile(proto, threads=1)
    for rows in (64, 65, 66):
        exe.run({"x": np.ones((rows, 64), np.float32)})
    arrays = {
        id(program.main.fixed[a.name])
        for _, program in exe.programs()
        for a in program.main.arguments
        if a.kind == "prepared"
    }
    assert len(exe.programs()) == 3 and len(arrays) <= 1


def test_a_wrong_size_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_PROGRAMS_SIZE", "much")
    with pytest.raises(aicc.AiccError, match="AICC_PROGRAMS_SIZE"):
        aicc.compile(dense(3), threads=1)
