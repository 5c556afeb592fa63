"""The disk cache: what is kept, what is found again, and all that can go wrong with files."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_models import convolutions, picture
from onnx import TensorProto, helper
from onnx_models import dense, info

import aicc
from aicc import cache as disk
from aicc import fingerprint
from aicc.cache import MODELS, UNITS, Cache, key_of, open_cache
from aicc.frontend.onnx.external_files import external_files
from aicc.frontend.onnx.registry import _RULES, has_foreign_rules

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    saved = tmp_path / "model.onnx"
    onnx.save(convolutions(), saved)
    return saved


def run_python(code: str, **environment: Any) -> subprocess.Popen[str]:
    texts = {name: str(value) for name, value in environment.items()}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **texts},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return output


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def compile_counting(*arguments: Any, **options: Any) -> tuple[Any, list[str]]:
    """An executable, and the phases that were gone through for it."""
    phases: list[str] = []
    return aicc.compile(*arguments, progress=phases.append, **options), phases


def test_results_from_the_cache_are_the_same_bits(path: Path, folder: Path) -> None:
    fresh = aicc.compile(path, cache=False)(picture())
    first, phases = compile_counting(path, cache=folder)
    assert phases[-1] == "code"
    again, phases = compile_counting(path, cache=folder)
    assert phases == []
    assert fresh.tobytes() == first(picture()).tobytes() == again(picture()).tobytes()
    units = aicc.compile(convolutions(seed=3), cache=folder)(picture())
    assert units.tobytes() == aicc.compile(convolutions(seed=3), cache=False)(picture()).tobytes()


def test_a_hit_imports_neither_mlir_nor_onnx(path: Path, folder: Path) -> None:
    expected = aicc.compile(path, cache=folder)(picture())
    code = f"""
        import sys
        import numpy as np
        import aicc
        from aicc import fingerprint
        fingerprint.compiler = lambda: {fingerprint.compiler()!r}  # sources may change meanwhile
        exe = aicc.compile({str(path)!r})
        exe(np.zeros((1, 3, 12, 12), np.float32))
        heavy = {{"torch_mlir", "mlir", "onnx"}} & set(sys.modules)
        assert not heavy, heavy
        assert "func.func @main" in exe.ir("import")
    """
    output_of(run_python(code, AICC_CACHE=folder))
    assert expected.shape == (1, 20, 12, 12)


def test_eight_processes_and_one_empty_cache(path: Path, folder: Path) -> None:
    code = f"""
        import sys
        sys.path.insert(0, {str(HERE)!r})
        import aicc
        from compile_models import picture
        exe = aicc.compile({str(path)!r}, threads=1)
        print(exe(picture()).tobytes().hex())
    """
    processes = [run_python(code, AICC_CACHE=folder, AICC_COMPILE_JOBS=1) for _ in range(8)]
    outputs = {output_of(process).strip() for process in processes}
    expected = aicc.compile(path, threads=1, cache=False)(picture()).tobytes().hex()
    assert outputs == {expected}
    assert not [name for name in names(folder) if name.startswith(".") or "lock" in name]
    kept = Cache(folder)
    assert all(kept.get(UNITS, name) for name in names(folder / UNITS))


@pytest.mark.parametrize("damage", ["flipped", "short", "empty"])
def test_damaged_entries_are_made_again(path: Path, folder: Path, damage: str) -> None:
    expected = aicc.compile(path, cache=folder)(picture()).tobytes()
    for entry in [*(folder / UNITS).iterdir(), *(folder / MODELS).iterdir()]:
        data = bytearray(entry.read_bytes())
        data[len(data) // 2] ^= 255
        kept = {"flipped": data, "short": data[: len(data) // 2], "empty": b""}
        entry.write_bytes(kept[damage])
    again, phases = compile_counting(path, cache=folder)
    assert phases[-1] == "code"
    assert again(picture()).tobytes() == expected
    last, phases = compile_counting(path, cache=folder)
    assert phases == []
    assert last(picture()).tobytes() == expected


def test_units_are_shared_between_models(folder: Path) -> None:
    aicc.compile(convolutions(), cache=folder)
    before = set(names(folder / UNITS))
    aicc.compile(convolutions(seed=1), cache=folder)
    assert len(set(names(folder / UNITS)) - before) <= 1  # @main at the most


def test_other_options_are_other_entries(path: Path, folder: Path) -> None:
    aicc.compile(path, cache=folder, threads=1)
    for options in (
        {"threads": 2},
        {"threads": 1, "strict_fp": True},
        {"threads": 1, "opt_level": 1},
    ):
        _, phases = compile_counting(path, cache=folder, **options)
        assert phases[-1] == "code"
    _, phases = compile_counting(path, cache=folder, threads=1)
    assert phases == []


def test_a_changed_model_is_compiled(path: Path, folder: Path) -> None:
    first = aicc.compile(path, cache=folder)(picture())
    onnx.save(convolutions(seed=5), path)
    assert not np.array_equal(aicc.compile(path, cache=folder)(picture()), first)


def test_bytes_and_protos_are_models_too(path: Path, folder: Path) -> None:
    aicc.compile(path, cache=folder)
    for same in (path.read_bytes(), onnx.load(path), str(path)):
        _, phases = compile_counting(same, cache=folder)
        assert phases == []


def test_each_specialisation_is_an_entry(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "open.onnx"
    onnx.save(dense("batch"), path)
    first = aicc.compile(path, cache=folder)
    results = {size: first(np.ones((size, 16), np.float32)) for size in (1, 2, 5)}
    again, phases = compile_counting(path, cache=folder)
    assert again.inputs == first.inputs
    for size in (5, 2, 1):
        assert np.array_equal(again(np.ones((size, 16), np.float32)), results[size])
    assert phases == []
    again(np.ones((3, 16), np.float32))
    assert phases[-1] == "code"


def test_values_that_decide_are_part_of_the_key(tmp_path: Path, folder: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("Reshape", ["x", "shape"], ["y"])],
        "g",
        [info("x", [2, 6]), info("shape", [2], TensorProto.INT64)],
        [info("y", None)],
    )
    path = tmp_path / "reshape.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)
    x = np.arange(12, dtype=np.float32).reshape(2, 6)
    for _ in range(2):
        exe, phases = compile_counting(path, cache=folder)
        for shape in ([3, 4], [12, 1]):
            assert exe.run({"x": x, "shape": np.array(shape)})["y"].shape == tuple(shape)
    assert phases == []


def test_external_data_counts_as_the_model(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "external.onnx"

    def save(seed: int) -> onnx.ModelProto:
        proto = convolutions(seed)
        onnx.save(proto, path, save_as_external_data=True, location="data.bin", size_threshold=0)
        return proto

    save(0)
    assert external_files(onnx.load(path, load_external_data=False)) == ["data.bin"]
    first = aicc.compile(path, cache=folder)(picture())
    _, phases = compile_counting(path, cache=folder)
    assert phases == []
    data = (tmp_path / "data.bin").read_bytes()
    (tmp_path / "data.bin").write_bytes(data[:-4] + np.float32(3).tobytes())
    changed, phases = compile_counting(path, cache=folder)
    assert phases[-1] == "code"
    assert not np.array_equal(changed(picture()), first)


def test_a_model_that_changes_after_a_hit_is_refused(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "open.onnx"
    onnx.save(dense("batch"), path)
    aicc.compile(path, cache=folder)(np.ones((1, 16), np.float32))
    exe = aicc.compile(path, cache=folder)
    onnx.save(convolutions(), path)
    with pytest.raises(aicc.InvalidModel, match="changed"):
        exe(np.ones((2, 16), np.float32))


def test_off(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_CACHE", str(folder))
    for choice in (False, "off"):
        aicc.compile(path, cache=choice)
    monkeypatch.setenv("AICC_CACHE", "off")
    aicc.compile(path)
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_is_a_warning(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        exe = aicc.compile(path, cache=tmp_path / "file" / "cache")
    assert exe(picture()).shape == (1, 20, 12, 12)
    assert [r.message for r in caplog.records if "nothing is kept" in r.message]


def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, data: bytes) -> None:
        path.write_bytes(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "_write", full)
    kept = Cache(folder)
    with caplog.at_level(logging.WARNING):
        kept.put(UNITS, "key", b"contents")
        kept.put(UNITS, "other", b"contents")
    assert names(folder) == []
    assert len([r for r in caplog.records if "No space left" in r.message]) == 1


def test_a_folder_that_everybody_may_write_into_is_left_alone(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    with caplog.at_level(logging.WARNING):
        assert open_cache(folder).folder is None
    assert "everybody may write" in caplog.text


def test_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    kept = Cache(folder, limit=10_000)
    for i in range(12):
        kept.put(UNITS, f"key{i:02}", bytes(1000))
        os.utime(folder / UNITS / f"key{i:02}", (i, i))
    assert kept.get(UNITS, "key00")  # used just now
    kept.trim()
    assert "key00" in names(folder / UNITS)
    assert "key11" in names(folder / UNITS)
    assert "key01" not in names(folder / UNITS)
    assert sum(kept.stats().bytes.values()) <= 10_000


def test_leftovers_of_killed_processes_are_removed(folder: Path) -> None:
    kept = Cache(folder, limit=1000)
    kept.put(UNITS, "key", b"contents")
    for name, age in ((".new-old", 7200), (".new-fresh", 0)):
        leftover = folder / UNITS / name
        leftover.write_text("")
        os.utime(leftover, (time.time() - age, time.time() - age))
    kept.trim()
    assert names(folder / UNITS) == [".new-fresh", "key"]


def test_a_model_as_large_as_the_cache_is_not_kept(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AICC_CACHE_SIZE", "20K")
    aicc.compile(path, cache=folder)
    entries = [path for path in (folder / MODELS).iterdir() if path.stat().st_size > 10_000]
    assert entries == []


@pytest.mark.parametrize(
    ("text", "size"), [("", 2 << 30), ("100", 100), ("5k", 5120), ("3M", 3 << 20), ("1G", 1 << 30)]
)
def test_sizes(text: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_CACHE_SIZE", text)
    assert open_cache(False).limit == size


@pytest.mark.parametrize("text", ["M", "-1", "1.5G", "much"])
def test_wrong_sizes(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_CACHE_SIZE", text)
    with pytest.raises(aicc.AiccError, match="AICC_CACHE_SIZE"):
        open_cache(False)


def test_keys_keep_their_parts_apart() -> None:
    assert key_of("ab", "c") != key_of("a", "bc")
    assert len({fingerprint.compiler(), fingerprint.machine()}) == 2


def test_rules_of_the_users_own_keep_whole_models_out(path: Path, folder: Path) -> None:
    assert not has_foreign_rules()

    @aicc.onnx_op("Nothing", domain="test.cache")
    def nothing(node: Any, x: Any) -> Any:
        return x

    try:
        aicc.compile(path, cache=folder)
        assert names(folder / UNITS)
        assert not (folder / MODELS).exists()
    finally:
        del _RULES["test.cache", "Nothing"]


def test_commands(path: Path, folder: Path) -> None:
    def aicc_cache(command: str) -> str:
        code = f"from aicc.tools.aicc import run; raise SystemExit(run(['cache', '{command}']))"
        return output_of(run_python(code, AICC_CACHE=folder, AICC_CACHE_SIZE="64M"))

    assert aicc_cache("path").strip() == str(folder)
    assert "0.0 MiB of 64.0 MiB" in aicc_cache("stats")
    aicc.compile(path, cache=folder)
    count = len(names(folder / UNITS))
    assert f"{count} entries" in aicc_cache("stats")
    assert aicc_cache("clear").startswith("removed ")
    assert names(folder) == ["trimmed"]


def test_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AICC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert open_cache().folder == tmp_path / "aicc"


def test_entries_are_json_and_artefacts(path: Path, folder: Path) -> None:
    aicc.compile(path, cache=folder)
    kept = Cache(folder)
    found = [kept.get(MODELS, name) for name in names(folder / MODELS)]
    texts = [json.loads(data) for data in found if data is not None]
    assert [["x", "float32", [1, 3, 12, 12]]] in [row[0] for row in texts if row]
