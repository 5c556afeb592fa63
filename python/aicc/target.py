"""What the generated code may assume about the machine: instructions, registers, caches, threads.

`host()` reads the machine itself (/proc/cpuinfo and sysfs); `by_name` also knows two fixed levels
of the x86-64 psABI, for code that must run elsewhere. A `Target` is plain data: the cost model
reads it, and its `features` go onto every `llvm.func` as `target_features`.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import platform
from pathlib import Path

from aicc import settings
from aicc.diagnostics import TargetError

# /proc/cpuinfo flag -> LLVM feature, for all that code generation or dispatch looks at.
_LLVM_FEATURES = {
    "sse4_2": "sse4.2",
    "popcnt": "popcnt",
    "avx": "avx",
    "avx2": "avx2",
    "fma": "fma",
    "f16c": "f16c",
    "bmi1": "bmi",
    "bmi2": "bmi2",
    "abm": "lzcnt",
    "movbe": "movbe",
    "avx_vnni": "avxvnni",
    "avx512f": "avx512f",
    "avx512bw": "avx512bw",
    "avx512cd": "avx512cd",
    "avx512dq": "avx512dq",
    "avx512vl": "avx512vl",
    "avx512_vnni": "avx512vnni",
    "avx512_bf16": "avx512bf16",
    "avx512_fp16": "avx512fp16",
    "avx512vbmi": "avx512vbmi",
    "amx_tile": "amx-tile",
    "amx_int8": "amx-int8",
    "amx_bf16": "amx-bf16",
}

_V3_FLAGS = ("sse4_2", "popcnt", "avx", "avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "movbe")
_V4_FLAGS = (*_V3_FLAGS, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")

# Cache sizes of a fixed level: the least that its server parts have had (Haswell, Skylake-SP).
_V3_CACHES = (32 * 1024, 256 * 1024, 8 * 1024 * 1024)
_V4_CACHES = (32 * 1024, 1024 * 1024, 8 * 1024 * 1024)


@dataclasses.dataclass(frozen=True)
class Target:
    """A machine to compile for. Sizes are in bytes, one core's view of each cache."""

    name: str
    flags: tuple[str, ...]  # as spelled in /proc/cpuinfo, only those code generation looks at
    l1_bytes: int
    l2_bytes: int
    l3_bytes: int
    threads: int

    def has(self, flag: str) -> bool:
        """Whether the CPU has `flag`, spelled as in /proc/cpuinfo, e.g. "avx512_vnni"."""
        return flag in self.flags

    @property
    def vector_bits(self) -> int:
        """Width of the widest vector register."""
        return 512 if {"avx512f", "avx512vl"} <= set(self.flags) else 256

    @property
    def vector_registers(self) -> int:
        """How many vector registers an instruction can name."""
        return 32 if self.vector_bits == 512 else 16

    @property
    def features(self) -> tuple[str, ...]:
        """LLVM feature strings, e.g. "+avx2"; AVX-512 is switched off by name where absent.

        LLVM starts from the features of the machine it compiles on, so that leaving a feature
        out does not disable it.
        """
        present = [f"+{name}" for flag, name in _LLVM_FEATURES.items() if flag in self.flags]
        absent = [f"-{name}" for flag, name in _LLVM_FEATURES.items() if flag not in self.flags]
        return tuple(present + absent)


def cpu_flags(cpuinfo: str) -> tuple[str, ...]:
    """The flags of the first CPU in the text of /proc/cpuinfo that code generation looks at."""
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "flags":
            present = set(value.split())
            return tuple(flag for flag in _LLVM_FEATURES if flag in present)
    return ()


def _cache_bytes(text: str) -> int:
    """sysfs sizes read "48K" or "2M"."""
    units = {"K": 1024, "M": 1024**2, "G": 1024**3}
    text = text.strip()
    return int(text[:-1]) * units[text[-1]] if text[-1:] in units else int(text)


def cache_sizes(folder: Path) -> tuple[int, int, int]:
    """(L1 data, L2, L3) from a sysfs cache folder; the sizes of x86-64-v3 where it says nothing."""
    sizes = dict(zip((1, 2, 3), _V3_CACHES, strict=True))
    for index in sorted(folder.glob("index*")):
        try:
            kind = (index / "type").read_text().strip()
            level = int((index / "level").read_text())
            size = _cache_bytes((index / "size").read_text())
        except (OSError, ValueError):
            continue
        if kind != "Instruction" and level in sizes and size > 0:
            sizes[level] = size
    return sizes[1], sizes[2], sizes[3]


def _quota_files(cgroup: str) -> list[tuple[Path, Path | None]]:
    """(quota, period) files of this process's groups up to the root; version 2 has one for both."""
    files: list[tuple[Path, Path | None]] = []
    for line in cgroup.splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = Path("/sys/fs/cgroup") / controllers
        folder = root / group.strip("/")
        for level in (folder, *folder.parents):
            if not level.is_relative_to(root):
                break
            v1 = (level / "cpu.cfs_quota_us", level / "cpu.cfs_period_us")
            files.append(v1 if controllers else (level / "cpu.max", None))
    return files


def quota_cores(quota_file: Path, period_file: Path | None) -> int | None:
    """Whole cores of a CPU quota, at least 1; None without one."""
    try:
        words = quota_file.read_text().split()
        words += period_file.read_text().split() if period_file else []
    except OSError:
        return None
    if len(words) != 2 or not all(word.isdecimal() for word in words) or int(words[1]) == 0:
        return None
    return max(1, int(words[0]) // int(words[1]))


def available_threads() -> int:
    """Cores this process may use: its affinity mask, cut down to its cgroup's CPU quota.

    The same rule as `aicc_rt_default_threads`, for code that must not load the runtime.
    """
    cores = len(os.sched_getaffinity(0))
    try:
        cgroup = Path("/proc/self/cgroup").read_text()
    except OSError:
        return cores
    limits = (quota_cores(*files) for files in _quota_files(cgroup))
    return min([cores, *(limit for limit in limits if limit is not None)])


def _chosen_threads() -> int:
    chosen = settings.read("AICC_THREADS")
    if not chosen:
        return available_threads()
    if not chosen.isdecimal() or int(chosen) < 1:
        raise TargetError(f"AICC_THREADS must be a positive number, got {chosen!r}")
    return int(chosen)


@functools.cache
def _host_description() -> tuple[tuple[str, ...], tuple[int, int, int]]:
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise TargetError(
            f"aicc runs on Linux x86-64, not on {platform.system()} {platform.machine()}"
        )
    flags = cpu_flags(Path("/proc/cpuinfo").read_text())
    check_flags(flags)
    return flags, cache_sizes(Path("/sys/devices/system/cpu/cpu0/cache"))


def check_flags(flags: tuple[str, ...]) -> None:
    """Raise TargetError unless a CPU with `flags` can run what aicc generates."""
    missing = [flag for flag in ("avx2", "fma", "f16c") if flag not in flags]
    if missing:
        raise TargetError(
            f"this CPU lacks {', '.join(missing)}, which all code generated by aicc needs\n"
            "next step: use a CPU of level x86-64-v3 (Intel Haswell, AMD Zen, or newer)"
        )


def host() -> Target:
    """The machine this process runs on. Raises TargetError when it has no AVX2."""
    flags, (l1, l2, l3) = _host_description()
    return Target("host", flags, l1, l2, l3, _chosen_threads())


def by_name(name: str) -> Target:
    """The target called "host", "x86-64-v3" or "x86-64-v4"; TargetError for any other name."""
    if name == "host":
        return host()
    levels = {"x86-64-v3": (_V3_FLAGS, _V3_CACHES), "x86-64-v4": (_V4_FLAGS, _V4_CACHES)}
    if name not in levels:
        known = ", ".join(["host", *levels])
        raise TargetError(f"unknown target {name!r}\nnext step: choose one of {known}")
    flags, (l1, l2, l3) = levels[name]
    return Target(name, flags, l1, l2, l3, _chosen_threads())
