"""Which values depend on weights and constants alone: they may be computed once, in @prepare."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.signature import argument_attrs


class StaticValues:
    """Answers `value in static` for the values of one function, memoised."""

    def __init__(self, function: Any) -> None:
        block = function.operation.regions[0].blocks[0]
        attrs = argument_attrs(function)
        self._known: dict[Any, bool] = {
            argument: "aicc.weight" in entries or "aicc.prepared" in entries
            for argument, entries in zip(block.arguments, attrs, strict=True)
        }

    def __contains__(self, value: Any) -> bool:
        pending = [value]
        while pending:
            v = pending[-1]
            if v in self._known:
                pending.pop()
                continue
            owner = v.owner
            if isinstance(owner, ir.Block):
                self._known[v] = False
                continue
            unknown = [o for o in owner.operands if o not in self._known]
            if unknown:
                pending.extend(unknown)
                continue
            # a group reads values that are not its operands
            movable = owner.name.startswith("graph.") and not len(owner.regions)
            self._known[v] = movable and all(self._known[o] for o in owner.operands)
        return self._known[value]
