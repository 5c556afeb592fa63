"""What the generated code may assume about the machine: instructions, registers, caches, threads.

`host()` is the machine itself; `by_name` also knows the processors of `cpus.py`, for code that
shall run elsewhere. A `Target` is plain data: the cost model and every emitter read vector width
and registers from it, and its features go onto every function of a module not for the host.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

from aicc import settings
from aicc.cpus import CPUS, LLVM_FEATURES
from aicc.diagnostics import TargetError
from aicc.host_cpu import available_threads, host_cpu

HOST = "host"


@dataclasses.dataclass(frozen=True)
class Target:
    """A machine to compile for. Sizes are in bytes, one core's view of each cache."""

    name: str
    flags: tuple[str, ...]  # as spelled in /proc/cpuinfo, only those code generation looks at
    l1_bytes: int
    l2_bytes: int
    l3_bytes: int
    threads: int
    l2_cores: int = 1
    l3_cores: int = 1
    fma_ports: int = 2

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

    def lanes(self, element_bits: int = 32) -> int:
        """Elements of so many bits in a vector register, 1 at least."""
        return max(1, self.vector_bits // max(1, element_bits))

    @property
    def features(self) -> tuple[str, ...]:
        """LLVM feature strings, e.g. "+avx2"; what is absent is switched off by name.

        LLVM starts from the features of the machine it compiles on, so that leaving a feature
        out does not disable it.
        """
        present = [f"+{name}" for flag, name in LLVM_FEATURES.items() if flag in self.flags]
        absent = [f"-{name}" for flag, name in LLVM_FEATURES.items() if flag not in self.flags]
        return tuple(present + absent)


def _chosen_threads() -> int:
    chosen = settings.read("AICC_THREADS")
    if not chosen:
        return available_threads()
    if not chosen.isdecimal() or int(chosen) < 1:
        raise TargetError(f"AICC_THREADS must be a positive number, got {chosen!r}")
    return int(chosen)


def host() -> Target:
    """The machine this process runs on. Raises TargetError when it has no AVX2."""
    cpu = host_cpu()
    first, second, third = cpu.caches
    return Target(
        HOST,
        cpu.flags,
        first.size,
        second.size,
        third.size,
        _chosen_threads(),
        second.cores,
        third.cores,
    )


def names() -> list[str]:
    """Everything `by_name` knows."""
    return [HOST, *CPUS]


def by_name(name: str) -> Target:
    """The target called "host", "x86-64-v3", "znver4" ...; TargetError for an unknown name."""
    return host() if name == HOST else _named(name, _chosen_threads())


@functools.cache
def _named(name: str, threads: int) -> Target:
    if name not in CPUS:
        below = name.startswith("x86-64")
        reason = "; generated code needs AVX2 and FMA, x86-64-v3 at least" if below else ""
        raise TargetError(
            f"unknown target {name!r}{reason}\nnext step: choose one of {', '.join(names())}"
        )
    cpu = CPUS[name]
    return Target(
        name,
        tuple(flag for flag in LLVM_FEATURES if flag in cpu.flags),
        cpu.l1 * 1024,
        cpu.l2 * 1024,
        cpu.l3 * 1024,
        threads,
        cpu.l2_cores,
        cpu.l3_cores,
        cpu.fma_ports,
    )


def of_module(module: Any) -> Target:
    """The target that a module's `aicc.target` names, the host if none."""
    attributes = module.operation.attributes
    return by_name(attributes["aicc.target"].value if "aicc.target" in attributes else HOST)


def check_runs_here(name: str) -> None:
    """Raise TargetError if this machine lacks instructions of a target.

    Compiling for it stops at object code then: weights are prepared by the compiled code itself.
    """
    wanted, here = by_name(name), host()
    missing = [flag for flag in wanted.flags if not here.has(flag)]
    if missing:
        raise TargetError(
            f"code for {name} does not run on this CPU, which lacks {', '.join(missing)}\n"
            "next step: compile there, or write what needs no run: aicc compile --emit obj"
        )
