"""Target descriptions: the host's, the named levels and processors, and the refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

import aicc
from aicc import host_cpu, target
from aicc.cpus import CPUS, LLVM_FEATURES
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
    with pytest.raises(TargetError, match="host, x86-64-v3, x86-64-v4, .*znver4"):
        target.by_name("z80")
    with pytest.raises(TargetError, match="x86-64-v3 at least"):
        target.by_name("x86-64-v2")
    with pytest.raises(TargetError, match="unknown target 'z80'"):
        aicc.compile("model.onnx", target="z80")


@pytest.mark.parametrize("name", CPUS)
def test_named_processors_are_plausible(name: str) -> None:
    cpu = target.by_name(name)
    assert set(cpu.flags) == CPUS[name].flags <= set(LLVM_FEATURES)
    assert cpu.has("avx2") and cpu.has("fma") and cpu.has("f16c")
    assert cpu.has("avx512f") == cpu.has("avx512vl") == (cpu.vector_bits == 512)
    assert cpu.lanes() == cpu.vector_bits // 32 and cpu.lanes(8) == cpu.vector_bits // 8
    assert cpu.l1_bytes < cpu.l2_bytes < cpu.l3_bytes and cpu.fma_ports in (1, 2)


def test_a_processor_with_other_instructions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    older = host_cpu.HostCpu(target.by_name("haswell").flags, host_cpu.host_cpu().caches)
    monkeypatch.setattr(target, "host_cpu", lambda: older)
    target.check_runs_here("x86-64-v3")
    with pytest.raises(TargetError, match="which lacks avx512f"):
        target.check_runs_here("x86-64-v4")


def test_cpu_without_avx2_is_refused() -> None:
    flags = host_cpu.cpu_flags("processor\t: 0\nflags\t\t: fpu sse4_2 avx f16c\n")
    with pytest.raises(TargetError, match="lacks avx2, fma"):
        host_cpu.check_flags(flags)


def test_thread_variable_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_THREADS", "5")
    assert target.host().threads == 5
    monkeypatch.setenv("AICC_THREADS", "lots")
    with pytest.raises(TargetError, match="AICC_THREADS"):
        target.host()


def write_cache(
    folder: Path, index: int, level: int, kind: str, size: str, cpus: str = "0"
) -> None:
    entry = folder / f"index{index}"
    entry.mkdir()
    files = (("level", str(level)), ("type", kind), ("size", size), ("shared_cpu_list", cpus))
    for name, text in files:
        (entry / name).write_text(text + "\n")


def test_cache_sizes_skip_instructions_and_nonsense(tmp_path: Path) -> None:
    write_cache(tmp_path, 0, 1, "Data", "48K")
    write_cache(tmp_path, 1, 1, "Instruction", "64K")
    write_cache(tmp_path, 2, 2, "Unified", "2M", "0-1,8")
    write_cache(tmp_path, 3, 3, "Unified", "unknown")
    l1, l2, l3 = host_cpu.cache_levels(tmp_path)
    assert (l1.size, l2.size) == (48 * 1024, 2 * 1024**2)
    assert (l1.cores, l2.cores) == (1, 3)
    assert l3.size > l2.size


def test_quota_is_rounded_down_to_whole_cores(tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    for text, cores in (("250000 100000", 2), ("50000 100000", 1), ("max 100000", None)):
        quota.write_text(text + "\n")
        assert host_cpu.quota_cores(quota, None) == cores


def test_a_matrix_unit_that_the_kernel_refuses_is_not_there() -> None:
    flags = ("avx2", "avx512_vnni", "amx_tile", "amx_int8")
    assert host_cpu.permitted_flags(flags, True) == flags
    assert host_cpu.permitted_flags(flags, False) == ("avx2", "avx512_vnni")
