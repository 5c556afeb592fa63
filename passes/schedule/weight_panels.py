"""Recurrence weights that lie in panels [H/u, H, gates, u]: the part that a tile of u units reads.

In a kernel's plain form the panels are put back into rows first, which is what the product is
stated on. A tile reads its panel instead; rows that nobody reads any more go.

    %rows = linalg.generic %r ..               %p = tensor.extract_slice %r[%u / 32, 0, 0, 0]
    %w = materialize_in_destination %rows  ->                              [1, 128, 4, 32]
    %t = extract_slice %w[.., %u]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.strips import DYNAMIC, Span

_ROWS = (
    "tensor.extract_slice",
    "bufferization.materialize_in_destination",
    "linalg.generic",
    "bufferization.alloc_tensor",
    "tensor.empty",
)


@dataclass(frozen=True)
class Panels:
    """The gates from `first_gate` on of packed weights."""

    source: Any
    first_gate: int
    gates: int

    @property
    def units(self) -> int:
        """Units of a panel."""
        return int(self.source.type.shape[3])

    def part(self, units: Span) -> Any:
        """The panel of these units, [H, gates, u]."""
        start, count = units
        if isinstance(start, int):
            dynamic, number = [], start // count
        else:
            width = ir.IntegerAttr.get(start.type, count)
            size = dialect("arith").ConstantOp(start.type, width).result
            dynamic, number = [dialect("arith").divui(start, size)], DYNAMIC
        hidden = self.source.type.shape[1]
        type_ = ir.RankedTensorType.get([hidden, self.gates, count], self.source.type.element_type)
        offsets, sizes = [number, 0, self.first_gate, 0], [1, hidden, self.gates, count]
        return (
            dialect("tensor")
            .ExtractSliceOp(type_, self.source, dynamic, [], [], offsets, sizes, [1] * 4)
            .result
        )


def panels_of(weights: Any) -> Panels | None:
    """The panels behind [H, gates, H]; None where the weights lie in rows."""
    if weights.type.rank != 3:
        return None
    first, gates, owner = 0, weights.type.shape[1], _owner(weights)
    if owner is not None and owner.name == "tensor.extract_slice":
        first = list(owner.attributes["static_offsets"])[1]
        owner = _owner(owner.operands[0])
    if owner is None or owner.name != "bufferization.materialize_in_destination":
        return None
    rows = _owner(owner.operands[0])
    if rows is None or rows.name != "linalg.generic" or rows.operands[0].type.rank != 4:
        return None
    return Panels(rows.operands[0], first, gates)


def drop_unread(weights: Any) -> None:
    """Erase what makes the rows, as far as nobody reads it."""
    op = _owner(weights)
    if op is None or op.name not in _ROWS or list(op.results[0].uses):
        return
    operands = list(op.operands)
    op.erase()
    for operand in operands:
        drop_unread(operand)


def _owner(value: Any) -> Any | None:
    return None if isinstance(value.owner, ir.Block) else value.owner.operation
