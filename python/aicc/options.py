"""What a user decides about a compilation, checked once, as plain data.

The compiler writes the options into module attributes, where passes read them; a cache key holds
them as they are. An option that is not built yet raises; it is never ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from aicc import target as targets
from aicc.diagnostics import AiccError, UnsupportedOption

OPT_LEVELS = (0, 1, 2, 3)
PRECISIONS = ("f32", "bf16")
WINOGRAD = ("auto", "off", "2", "4")


@dataclass(frozen=True)
class Options:
    """`threads` to run with; `target`: a CPU that `aicc.target` knows; `opt_level` 0 (every op as
    it is) to 3; `strict_fp`: no contraction, no reassociation of sums; `unsafe_fp`: also rewrites
    that may lose NaN or precision; `disabled_patterns`: rewrites never to apply, by name;
    `winograd`: "auto", "off", or the tiles "2", "4" to always use; `profile`: note times;
    `dynamic`: code that all shapes share."""

    threads: int
    target: str = "host"
    precision: str = "f32"
    opt_level: int = 3
    strict_fp: bool = False
    unsafe_fp: bool = False
    disabled_patterns: tuple[str, ...] = ()
    winograd: str = "auto"
    profile: bool = False
    dynamic: bool = False

    def __post_init__(self) -> None:
        """Raises UnsupportedOption for what is not built, AiccError for what contradicts itself,
        TargetError for an unknown target."""
        targets.by_name(self.target)
        _require("precision", self.precision, PRECISIONS)
        _require("opt_level", self.opt_level, OPT_LEVELS)
        if self.threads < 1:
            raise UnsupportedOption(f"threads must be at least 1, got {self.threads}")
        _require("winograd", self.winograd, WINOGRAD)
        if self.strict_fp and self.winograd in ("2", "4"):
            raise AiccError("strict_fp and Winograd's convolutions exclude each other")
        if self.strict_fp and self.precision != "f32":
            raise AiccError("strict_fp and a precision below f32 exclude each other")
        if self.strict_fp and self.unsafe_fp:
            raise AiccError("strict_fp and unsafe_fp exclude each other")

    def as_text(self) -> str:
        """One line that tells two sets of options apart, for cache keys."""
        return " ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))


def _require(name: str, value: object, built: tuple[object, ...]) -> None:
    if value not in built or isinstance(value, bool):
        known = ", ".join(repr(one) for one in built)
        raise UnsupportedOption(f"{name}={value!r} is not built; there is {known}")
