"""The plain form of a kernel that is written anew from a plan, after bufferisation.

The last reduction of the function and all that computes for it is the core, which the written
kernel replaces; elementwise operations on its result join the kernel, others stay behind it.
"""

from __future__ import annotations

from typing import Any

from .pointwise_steps import PASSIVE, steps_behind, users_of
from .views import is_alloc, root_of, values_used


class PlainForm:
    """A kernel function taken apart.

    `reduction`: the last reducing op. `source`: the memory it writes. `core`: all that computes
    for it. `steps`: what follows, elementwise; None where something else does. `following`: the op
    before which the written kernel has to stand.
    """

    def __init__(self, function: Any) -> None:
        self.block = function.operation.regions[0].blocks[0]
        ops = [op.operation for op in self.block.operations]
        end = max(i for i, op in enumerate(ops) if _reduces(op))
        self.reduction = ops[end]
        self.source = self.reduction.operands[len(self.reduction.operands) - 1]
        self.core = self._core(ops[: end + 1])
        rest = [op for op in ops if op not in self.core]
        self.steps = steps_behind(self.source, rest[:-1])
        is_joined = self.steps is not None
        self.following = rest[-1] if is_joined else next(op for op in rest if self._is_read(op))

    def _is_read(self, op: Any) -> bool:
        return self.source in list(op.operands)

    def _core(self, ops: list[Any]) -> list[Any]:
        """The ops that compute the result, the last of `ops`: all that touch its temporaries, and
        what the result's memory held before."""
        core = [op for op in users_of(self.source) if op in ops]
        for op in core:
            for value in dict.fromkeys(values_used(op)):
                memory = root_of(value)
                if is_alloc(memory) and memory != root_of(self.source):
                    core += [user for user in users_of(memory) if user not in core]
        return core

    def drop(self) -> None:
        """Erase what the written kernel replaces."""
        for op in [*self.core, *(step.op for step in self.steps or [])]:
            op.erase()
        for op in reversed([op.operation for op in self.block.operations]):
            if op.name in PASSIVE and not any(list(r.uses) for r in op.results):
                op.erase()


def _reduces(op: Any) -> bool:
    kinds = op.attributes["iterator_types"] if op.name == "linalg.generic" else []
    return any("reduction" in str(kind) for kind in kinds)
