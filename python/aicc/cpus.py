"""Processors that can be named as a target: instructions, caches, multiply-add units.

Names are LLVM's (`-mcpu`), or a level of the x86-64 psABI. Sizes are those of a typical server or
desktop part of the family, one core's view; the cost model needs their order of magnitude. Sources:
Intel's and AMD's optimisation manuals, and the feature lists in LLVM's X86TargetParser.
"""

from __future__ import annotations

from dataclasses import dataclass

# /proc/cpuinfo flag -> LLVM feature, for all that code generation or dispatch may use.
LLVM_FEATURES = {
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
    "gfni": "gfni",
    "vaes": "vaes",
    "vpclmulqdq": "vpclmulqdq",
    "avx_vnni": "avxvnni",
    "avx512f": "avx512f",
    "avx512bw": "avx512bw",
    "avx512cd": "avx512cd",
    "avx512dq": "avx512dq",
    "avx512vl": "avx512vl",
    "avx512ifma": "avx512ifma",
    "avx512_vnni": "avx512vnni",
    "avx512_bf16": "avx512bf16",
    "avx512_fp16": "avx512fp16",
    "avx512vbmi": "avx512vbmi",
    "avx512_vbmi2": "avx512vbmi2",
    "avx512_bitalg": "avx512bitalg",
    "avx512_vpopcntdq": "avx512vpopcntdq",
    "amx_tile": "amx-tile",
    "amx_int8": "amx-int8",
    "amx_bf16": "amx-bf16",
}

_V3 = frozenset(("sse4_2", "popcnt", "avx", "avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "movbe"))
_V4 = _V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
_CASCADE_LAKE = _V4 | {"avx512_vnni"}
_ICE_LAKE = _CASCADE_LAKE | {
    "avx512ifma",
    "avx512vbmi",
    "avx512_vbmi2",
    "avx512_bitalg",
    "avx512_vpopcntdq",
    "gfni",
    "vaes",
    "vpclmulqdq",
}
_SAPPHIRE_RAPIDS = _ICE_LAKE | {
    "avx512_bf16",
    "avx512_fp16",
    "avx_vnni",
    "amx_tile",
    "amx_int8",
    "amx_bf16",
}
_ALDER_LAKE = _V3 | {"avx_vnni", "gfni", "vaes", "vpclmulqdq"}
_ZEN_4 = _ICE_LAKE | {"avx512_bf16"}


@dataclass(frozen=True)
class Cpu:
    """Flags as in /proc/cpuinfo, caches in KiB, the cores that share each, and the vector
    multiply-adds of full width that a core starts in a cycle."""

    flags: frozenset[str]
    l1: int
    l2: int
    l3: int
    l2_cores: int = 1
    l3_cores: int = 8
    fma_ports: int = 2


CPUS = {
    # the least that server parts of the level have had: Haswell, Skylake-SP
    "x86-64-v3": Cpu(_V3, 32, 256, 8192, l3_cores=4),
    "x86-64-v4": Cpu(_V4, 32, 1024, 8192),
    "haswell": Cpu(_V3, 32, 256, 8192, l3_cores=4),
    "broadwell": Cpu(_V3, 32, 256, 8192, l3_cores=4),
    "skylake": Cpu(_V3, 32, 256, 8192, l3_cores=4),
    "skylake-avx512": Cpu(_V4, 32, 1024, 25344, l3_cores=18),
    "cascadelake": Cpu(_CASCADE_LAKE, 32, 1024, 25344, l3_cores=18),
    "cooperlake": Cpu(_CASCADE_LAKE | {"avx512_bf16"}, 32, 1024, 33792, l3_cores=24),
    "icelake-client": Cpu(_ICE_LAKE, 48, 512, 8192, l3_cores=4, fma_ports=1),
    "icelake-server": Cpu(_ICE_LAKE, 48, 1280, 49152, l3_cores=32),
    "tigerlake": Cpu(_ICE_LAKE, 48, 1280, 12288, l3_cores=4, fma_ports=1),
    "rocketlake": Cpu(_ICE_LAKE, 48, 512, 16384, fma_ports=1),
    "alderlake": Cpu(_ALDER_LAKE, 48, 1280, 30720),
    "raptorlake": Cpu(_ALDER_LAKE, 48, 2048, 36864),
    "sapphirerapids": Cpu(_SAPPHIRE_RAPIDS, 48, 2048, 61440, l3_cores=32),
    "emeraldrapids": Cpu(_SAPPHIRE_RAPIDS, 48, 2048, 163840, l3_cores=32),
    "graniterapids": Cpu(_SAPPHIRE_RAPIDS, 48, 2048, 221184, l3_cores=48),
    # 128-bit units: a 256-bit multiply-add takes both
    "znver1": Cpu(_V3, 32, 512, 8192, l3_cores=4, fma_ports=1),
    "znver2": Cpu(_V3, 32, 512, 16384, l3_cores=4),
    "znver3": Cpu(_V3 | {"vaes", "vpclmulqdq"}, 32, 512, 32768),
    # 256-bit units: a 512-bit multiply-add takes both
    "znver4": Cpu(_ZEN_4, 32, 1024, 32768, fma_ports=1),
    "znver5": Cpu(_ZEN_4 | {"avx_vnni"}, 48, 1024, 32768),
}
