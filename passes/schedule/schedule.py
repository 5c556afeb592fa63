"""The decision record of one kernel: what `aicc.schedule` says, as a frozen dataclass.

`decide-schedules` writes it, `apply-schedules` obeys it, a tuning record or a hand may replace it.
All tile sizes are per dimension of the kernel's result; 0 means "the whole dimension".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

ATTRIBUTE = "aicc.schedule"

# Kernel classes; "loops" leaves the kernel to the plain loop lowering.
MATMUL, CONVOLUTION, DEPTHWISE, ROWS, LOOPS = "matmul", "conv", "depthwise", "rows", "loops"


@dataclass(frozen=True)
class Schedule:
    """Class, outer (cache and parallel) tiles, register tiles, loop order and vector width.

    `unroll`: steps of the innermost reduction per loop iteration. `prefetch`: the operands of later
    tiles that a register tile asks for ("panel", "rows").
    """

    kind: str
    outer: tuple[int, ...] = ()
    register: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    parallel: bool = False
    lanes: int = 16
    reason: str = ""
    unroll: int = 1
    prefetch: tuple[str, ...] = ()

    def to_attr(self) -> Any:
        """The DictionaryAttr form; needs a current context."""
        i64 = ir.IntegerType.get_signless(64)
        entries = {"class": ir.StringAttr.get(self.kind)}
        if self.kind == LOOPS:
            return ir.DictAttr.get(entries | {"reason": ir.StringAttr.get(self.reason)})
        entries |= {
            "lanes": ir.IntegerAttr.get(i64, self.lanes),
            "order": ir.DenseI64ArrayAttr.get(list(self.order)),
            "outer": ir.DenseI64ArrayAttr.get(list(self.outer)),
            "parallel": ir.BoolAttr.get(self.parallel),
            "register": ir.DenseI64ArrayAttr.get(list(self.register)),
        }
        if self.unroll > 1:
            entries["unroll"] = ir.IntegerAttr.get(i64, self.unroll)
        if self.prefetch:
            names = [ir.StringAttr.get(name) for name in self.prefetch]
            entries["prefetch"] = ir.ArrayAttr.get(names)
        return ir.DictAttr.get(entries)

    @staticmethod
    def from_attr(attr: Any) -> Schedule:
        """Read the attribute back; missing entries take their defaults."""
        entries = {named.name: named.attr for named in ir.DictAttr(attr)}
        kind = ir.StringAttr(entries["class"]).value
        if kind == LOOPS:
            reason = ir.StringAttr(entries["reason"]).value if "reason" in entries else ""
            return Schedule(LOOPS, reason=reason)
        return Schedule(
            kind,
            outer=_sizes(entries, "outer"),
            register=_sizes(entries, "register"),
            order=_sizes(entries, "order"),
            parallel=bool("parallel" in entries and ir.BoolAttr(entries["parallel"]).value),
            lanes=ir.IntegerAttr(entries["lanes"]).value if "lanes" in entries else 16,
            unroll=ir.IntegerAttr(entries["unroll"]).value if "unroll" in entries else 1,
            prefetch=tuple(name.value for name in entries.get("prefetch", ())),
        )


def _sizes(entries: dict[str, Any], name: str) -> tuple[int, ...]:
    return tuple(ir.DenseI64ArrayAttr(entries[name])) if name in entries else ()
