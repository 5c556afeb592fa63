"""Finding and loading the native runtime: what a user is told when it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicc.diagnostics import TargetError
from aicc.runtime import library


@pytest.fixture(autouse=True)
def fresh_library() -> None:
    library.load.cache_clear()


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AICC_RT_LIBRARY", str(tmp_path / "none.so"))
    with pytest.raises(TargetError, match=r"none\.so is missing: AICC_RT_LIBRARY names no file"):
        library.load()


def test_damaged_library_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bad.so").write_bytes(b"not a library")
    monkeypatch.setenv("AICC_RT_LIBRARY", str(tmp_path / "bad.so"))
    with pytest.raises(TargetError, match="cannot be loaded"):
        library.load()


def test_symbols_have_addresses() -> None:
    table = library.symbols()
    assert {"__kmpc_fork_call", "__kmpc_barrier", "memrefCopy"} <= table.keys()
    assert all(address > 0 for address in table.values())


@pytest.mark.parametrize("count", [0, -1])
def test_thread_count_must_be_positive(count: int) -> None:
    with pytest.raises(TargetError, match="threads must be at least 1"):
        library.set_threads(count)


@pytest.mark.parametrize("text", ["0", "-2", "many"])
def test_thread_variable_must_be_a_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AICC_THREADS", text)
    with pytest.raises(TargetError, match="AICC_THREADS must be a positive number"):
        library.default_threads()


def test_thread_variable_sets_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_THREADS", "3")
    assert library.default_threads() == 3
