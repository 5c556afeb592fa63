"""Target descriptions: the host's, the two named levels, and the refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicc import target
from aicc.diagnostics import TargetError


def test_host_describes_this_machine() -> None:
    host = target.host()
    assert host == target.by_name("host")
    assert host.has("avx2") and "+avx2" in host.features
    assert host.vector_bits in (256, 512)
    assert 0 < host.l1_bytes < host.l2_bytes
    assert host.threads >= 1


def test_level_3_switches_avx512_off() -> None:
    level = target.by_name("x86-64-v3")
    assert {"+avx2", "+fma", "-avx512f", "-avx512vl", "-amx-tile"} <= set(level.features)
    assert (level.vector_bits, level.vector_registers) == (256, 16)


def test_level_4_has_avx512_without_extras() -> None:
    level = target.by_name("x86-64-v4")
    assert {"+avx512f", "+avx512vl", "-avx512vnni"} <= set(level.features)
    assert (level.vector_bits, level.vector_registers) == (512, 32)


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(TargetError, match="host, x86-64-v3, x86-64-v4"):
        target.by_name("z80")


def test_cpu_without_avx2_is_refused() -> None:
    flags = target.cpu_flags("processor\t: 0\nflags\t\t: fpu sse4_2 avx f16c\n")
    with pytest.raises(TargetError, match="lacks avx2, fma"):
        target.check_flags(flags)


def test_thread_variable_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_THREADS", "5")
    assert target.host().threads == 5
    monkeypatch.setenv("AICC_THREADS", "lots")
    with pytest.raises(TargetError, match="AICC_THREADS"):
        target.host()


def write_cache(folder: Path, index: int, level: int, kind: str, size: str) -> None:
    entry = folder / f"index{index}"
    entry.mkdir()
    for name, text in (("level", str(level)), ("type", kind), ("size", size)):
        (entry / name).write_text(text + "\n")


def test_cache_sizes_skip_instructions_and_nonsense(tmp_path: Path) -> None:
    write_cache(tmp_path, 0, 1, "Data", "48K")
    write_cache(tmp_path, 1, 1, "Instruction", "64K")
    write_cache(tmp_path, 2, 2, "Unified", "2M")
    write_cache(tmp_path, 3, 3, "Unified", "unknown")
    l1, l2, l3 = target.cache_sizes(tmp_path)
    assert (l1, l2) == (48 * 1024, 2 * 1024**2)
    assert l3 > l2


def test_quota_is_rounded_down_to_whole_cores(tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    for text, cores in (("250000 100000", 2), ("50000 100000", 1), ("max 100000", None)):
        quota.write_text(text + "\n")
        assert target.quota_cores(quota, None) == cores
