"""What a machine can do at most, and how near to it a kernel comes.

The roofline: a kernel of F operations on B bytes takes at least F / peak rate, and at least
B / bandwidth; the larger one binds it. Bytes that fit into the second-level caches together are
held against the bandwidth of these, others against that of memory.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

COMPUTE, MEMORY = "compute", "memory"


@dataclass(frozen=True)
class MachineSpeed:
    """Of `threads` cores together: float32 operations a second, and bytes a second read from memory
    and from the second-level caches, which hold `cache_bytes`."""

    threads: int
    flops: float
    memory_bytes: float
    cached_bytes: float
    cache_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def least_seconds(self, flops: int, size: int) -> tuple[float, str]:
        """(the least time of a kernel on this machine, what binds it)."""
        bandwidth = self.cached_bytes if size <= self.cache_bytes else self.memory_bytes
        computing, moving = flops / self.flops, size / bandwidth
        return (computing, COMPUTE) if computing >= moving else (moving, MEMORY)
