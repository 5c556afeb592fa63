"""What the writer of hand-written kernels needs for tiles at the border of an image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.writer import Index, Writer


class TileWriter(Writer):
    """Loops with computed bounds, conditions, and masks of conditions."""

    def __init__(self, block: Any, lanes: int) -> None:
        super().__init__(block, lanes)
        self.scf = dialect("scf")
        self.mask_type = ir.VectorType.get([lanes], ir.IntegerType.get_signless(1))

    def each(self, low: Index, high: Index, step: int, body: Callable[[Index], None]) -> None:
        """body(i) for i from low to below high; without a loop if that is once for sure."""
        if isinstance(low, int) and isinstance(high, int) and low < high <= low + step:
            body(low)
            return
        loop = self.scf.ForOp(self.index(low), self.index(high), self.index(step))
        with ir.InsertionPoint(loop.body):
            body(loop.induction_variable)
            self.scf.yield_([])

    def choose(
        self, condition: Any, then: Callable[[], None], otherwise: Callable[[], None]
    ) -> None:
        """if condition: then() else: otherwise(); `condition` may be known."""
        if isinstance(condition, bool):
            (then if condition else otherwise)()
            return
        op = self.scf.IfOp(condition, has_else=True)
        for block, body in ((op.then_block, then), (op.else_block, otherwise)):
            with ir.InsertionPoint(block):
                body()
                self.scf.yield_([])

    def times(self, lhs: Index, rhs: int) -> Index:
        """lhs * rhs of indices."""
        if isinstance(lhs, int):
            return lhs * rhs
        return lhs if rhs == 1 else self.arith.muli(lhs, self.index(rhs))

    def remainder(self, lhs: Index, rhs: int) -> Index:
        """lhs modulo rhs of indices."""
        if isinstance(lhs, int):
            return lhs % rhs
        return 0 if rhs == 1 else self.arith.remui(lhs, self.index(rhs))

    def rest(self, total: Index, first: Index, most: int) -> Index:
        """min(most, total - first)."""
        if isinstance(first, int) and isinstance(total, int):
            return min(most, total - first)
        left = self.arith.subi(self.index(total), self.index(first))
        return self.arith.minsi(left, self.index(most))

    def clamped(self, value: Index, low: int, high: int) -> Index:
        """The nearest index from low to high."""
        if isinstance(value, int):
            return min(max(value, low), high)
        return self.arith.minsi(self.arith.maxsi(value, self.index(low)), self.index(high))

    def is_between(self, value: Index, low: int, high: int) -> Any:
        """low <= value <= high, signed."""
        if isinstance(value, int):
            return low <= value <= high
        kind = self.arith.CmpIPredicate
        above = self.arith.cmpi(kind.sge, value, self.index(low))
        return self.both(above, self.arith.cmpi(kind.sle, value, self.index(high)))

    def both(self, lhs: Any, rhs: Any) -> Any:
        """The conjunction of conditions or masks; None and True hold always."""
        if lhs is None or lhs is True or rhs is False:
            return rhs
        if rhs is None or rhs is True or lhs is False:
            return lhs
        return self.arith.andi(lhs, rhs)

    def mask_of(self, condition: Any) -> Any:
        """All lanes or none."""
        if isinstance(condition, bool):
            bit = ir.IntegerAttr.get(ir.IntegerType.get_signless(1), int(condition))
            value = ir.DenseElementsAttr.get_splat(self.mask_type, bit)
            return self._once(("all", condition), self.mask_type, lambda: value)
        return self.vector.broadcast(self.mask_type, condition)

    def mask_below(self, count: Index) -> Any:
        """The first `count` lanes."""
        return self.vector.create_mask(self.mask_type, [self.index(count)])

    def read(self, memref: Any, at: list[Index], mask: Any = None) -> Any:
        """A vector from memory; zeros where the mask is off."""
        indices = [self.index(i) for i in at]
        if mask is None:
            return self.vector.load(self.type, memref, indices)
        return self.vector.maskedload(self.type, memref, indices, mask, self.splat(0.0))

    def prefetch(self, memref: Any, at: list[Index]) -> None:
        """Have a line of memory, which may lie beyond the memref, read into the L2 cache."""
        self.memref.prefetch(memref, [self.index(i) for i in at], False, 2, True)

    def write(self, value: Any, memref: Any, at: list[Index], mask: Any = None) -> None:
        """A vector to memory, where the mask is on."""
        indices = [self.index(i) for i in at]
        if mask is None:
            self.vector.store(value, memref, indices)
        else:
            self.vector.maskedstore(memref, indices, mask, value)
