"""Every environment variable that aicc reads, in one table; docs/settings.md is generated from it.

A keyword argument of the same meaning wins over the variable.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from aicc.diagnostics import AiccError

DEBUG_LEVELS = (
    "errors only",
    "tracebacks of unexpected errors, and the warnings of passes",
    "the phases of a compilation with their times",
    "decisions: each kernel's schedule, the rewrites applied, and why others were not",
    "every pass with its time",
    "the IR after every pass that changed it",
)


@dataclass(frozen=True)
class Setting:
    """`default` in words; `argument` the keyword of the Python API and `flag` the tools' option."""

    name: str
    meaning: str
    default: str
    argument: str = ""
    flag: str = ""


SETTINGS = (
    Setting(
        "AICC_THREADS",
        "number of threads to compile for and run with",
        "the cores that affinity and cgroup quota allow",
        "threads=",
        "--threads",
    ),
    Setting(
        "AICC_DEBUG",
        "how much is told on stderr, 0 to 5 (below)",
        "0",
        "debug=",
    ),
    Setting(
        "AICC_DUMP",
        "folder for one numbered file of IR per phase, and for the IR before a failing pass",
        "none",
        "dump=",
    ),
    Setting(
        "AICC_CACHE",
        "folder of the disk cache; `off` for none",
        "the user's cache folder",
        "cache=",
    ),
    Setting("AICC_CACHE_SIZE", "size that the disk cache keeps below, e.g. `500M`", "2G"),
    Setting(
        "AICC_PROGRAMS_SIZE",
        "memory that programs may take which are kept for shapes that ran, in all of the process; "
        "the newest 8 of each executable stay anyway",
        "1G",
    ),
    Setting(
        "AICC_COMPILE_JOBS",
        "processes that compile kernels at the same time, this one included",
        "the cores that affinity and cgroup quota allow",
    ),
    Setting(
        "AICC_MLIR_PACKAGE",
        "Python package of the MLIR bindings, e.g. `mlir` for LLVM's own",
        "torch_mlir",
    ),
    Setting(
        "AICC_RT_LIBRARY",
        "file of the native runtime, for a source checkout",
        "the installed one",
    ),
)
_UNITS_OF_SIZE = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_NAMES = frozenset(setting.name for setting in SETTINGS)


def read(name: str) -> str:
    """The variable's text, empty if it is not set. `name` must be in the table."""
    assert name in _NAMES, name
    return os.environ.get(name, "")


def size(name: str, default: int) -> int:
    """Bytes of a variable such as "2G", "500M" or "1000000". Raises AiccError for another text."""
    text = read(name)
    if not text:
        return default
    factor = _UNITS_OF_SIZE.get(text[-1].upper(), 1)
    digits = text[:-1] if factor > 1 else text
    if not digits.isdecimal():
        raise AiccError(f"{name} must be a size such as 500M or 2G, got {text!r}")
    return int(digits) * factor


def debug_level(chosen: int | None = None) -> int:
    """The level chosen, else AICC_DEBUG as a number. Raises AiccError if it is none."""
    text = str(chosen) if chosen is not None else read("AICC_DEBUG") or "0"
    if not text.isdecimal() or int(text) >= len(DEBUG_LEVELS):
        raise AiccError(f"AICC_DEBUG must be 0 to {len(DEBUG_LEVELS) - 1}, got {text!r}")
    return int(text)
