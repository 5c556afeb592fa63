"""Elementwise operations on the outputs of a tile while they are in registers.

The operations stand in the kernel as bufferised `linalg.generic`s over [N, H, W, C], or those of
volumes over [N, D, H, W, C], in order. Each is emitted on vectors of channels: what an earlier one
wrote is at hand, the rest is loaded, and what goes to an argument of the kernel is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.vector_body import VectorBody
from aicc.passes.schedule.microkernels.writer import Index

from .writer import TileWriter


@dataclass(frozen=True)
class Step:
    """One operation: operands with the loop that runs along each of their dimensions (-1: none),
    and the memory it writes. Without a body it is a copy."""

    op: Any
    operands: tuple[tuple[Any, tuple[int, ...]], ...]
    target: Any
    is_stored: bool
    has_body: bool


class Epilogue:
    """The steps behind the memory `source`, where the plain form has the convolution's result."""

    def __init__(
        self, w: TileWriter, source: Any, steps: Sequence[Step], size: tuple[int, int], fuse: bool
    ) -> None:
        self.w, self.source, self.size = w, source, size
        self.channel = source.type.rank - 1
        self.steps = steps
        self.bodies = [VectorBody(s.op, w.lanes, fuse) if s.has_body else None for s in steps]
        for body in filter(None, self.bodies):
            body.prepare()
        self.shared: dict[Any, Any] = {}

    def begin(self, channel: Index, live: Any) -> None:
        """Load what all pixels share of these channels: a bias, factors."""
        self.shared = {}
        for step in self.steps:
            for memref, loops in step.operands:
                if self._is_shared(memref, loops):
                    at = [0] * (len(loops) - 1)
                    self.shared[memref, loops] = self.w.read(memref, [*at, channel], live)

    def finish(self, value: Any, at: list[Index], mask: Any, is_border: bool) -> None:
        """Run the steps on a vector of one pixel and store the results."""
        known = {self.source: value}
        if not self.steps:
            self.w.write(value, self.source, at, mask)
        for step, body in zip(self.steps, self.bodies, strict=True):
            inputs = [self._operand(*o, known, at, mask, is_border) for o in step.operands]
            result = body.emit([*inputs, self.w.splat(0.0)])[0] if body else inputs[0]
            known[step.target] = result
            if step.is_stored:
                self.w.write(result, step.target, at, mask)

    def _operand(
        self,
        memref: Any,
        loops: tuple[int, ...],
        known: dict[Any, Any],
        at: list[Index],
        mask: Any,
        is_border: bool,
    ) -> Any:
        if memref in known:
            return known[memref]
        if (memref, loops) in self.shared:
            return self.shared[memref, loops]
        if not isinstance(memref.type, ir.MemRefType):
            return self.w.spread(memref)
        if loops[-1:] == (self.channel,):
            return self.w.read(memref, self._indices(loops, at), mask)
        # one element for all channels: a pixel outside must not be touched
        inside = self._clamped(at) if is_border else at
        return self.w.spread(self.w.scalar(memref, self._indices(loops, inside)))

    def _indices(self, loops: tuple[int, ...], at: list[Index]) -> list[Index]:
        return [0 if loop < 0 else at[loop] for loop in loops]

    def _clamped(self, at: list[Index]) -> list[Index]:
        *outer, row, column, channel = at
        height, width = self.size
        row, column = self.w.clamped(row, 0, height - 1), self.w.clamped(column, 0, width - 1)
        return [*outer, row, column, channel]

    def _is_shared(self, memref: Any, loops: tuple[int, ...]) -> bool:
        """Whether an operand has one row of channels for all pixels."""
        return loops[-1:] == (self.channel,) and all(size == 1 for size in memref.type.shape[:-1])
