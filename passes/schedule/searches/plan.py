"""When the k best elements of rows are found by vector code, and with which sizes.

A bound comes first: of groups of elements that do not overlap, the k-th best of their best elements
is no better than the k-th best of the row. What the bound lets through, little more than k, is
ranked pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc import target as targets
from aicc._mlir import ir
from aicc.passes.schedule.kernel_plan import KernelPlan

# Pairs grow with the square of k.
MAX_K = 1024
# Shorter rows are searched as fast one element after the other.
MIN_LENGTH = 64
# Best elements found side by side, so that comparisons do not wait for one another.
CHAINS = 4
# What the bound lets through beyond 2 k before the row is searched otherwise.
SLACK = 64
# Compressed stores.
FEATURE = "avx512f"


@dataclass(frozen=True)
class TopKPlan(KernelPlan):
    """`groups`: vectors of groups' best elements (0: no bound); `largest`: which ones are best."""

    ATTRIBUTE = "aicc.top_k"

    k: int
    length: int
    largest: bool
    lanes: int
    groups: int

    @staticmethod
    def of(op: Any, target: str) -> TopKPlan | None:
        """The plan of `graph.top_k`; None where it is better searched element by element."""
        x, machine = op.x.type, targets.by_name(target or "host")
        length, lanes = x.shape[-1], machine.lanes()
        is_last = op.axis % x.rank == x.rank - 1
        fits = 0 < op.k <= MAX_K and length >= MIN_LENGTH and 0 not in x.shape
        if not (is_last and fits and machine.has(FEATURE)):
            return None
        if not isinstance(x.element_type, ir.F32Type):
            return None
        return TopKPlan(op.k, length, op.largest, lanes, groups_for(op.k, length, lanes))

    @property
    def room(self) -> int:
        """Elements that are ranked at most; with that many, the row is searched otherwise."""
        return 2 * self.k + SLACK if self.groups else self.length + 1


def groups_for(k: int, length: int, lanes: int) -> int:
    """Vectors of groups: twice as many groups as elements wanted leave few to rank.

    Groups of one element bound nothing: a row of less than two vectors per chain has none, unless
    the chains are joined in the end.
    """
    wanted = -(-2 * k // lanes)
    if wanted == 1:
        return 1 if length // lanes >= CHAINS else 0
    chains = -(-wanted // CHAINS) * CHAINS
    return chains if length // lanes >= 2 * chains else 0
