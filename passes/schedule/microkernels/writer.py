"""Short names for the loops, index arithmetic and vectors that hand-written kernels are made of.

An index is a Python int while it is known; loops of one iteration disappear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc._mlir import dialect, ir

Index = Any
Body = Callable[[Index, list[Any]], list[Any]]


class Writer:
    """Writes at the current insertion point; constants go to the start of `block`."""

    def __init__(self, block: Any, lanes: int) -> None:
        self.block = block
        self.lanes = lanes
        self.arith = dialect("arith")
        self.memref = dialect("memref")
        self.vector = dialect("vector")
        self.f32 = ir.F32Type.get()
        self.i32 = ir.IntegerType.get_signless(32)
        self.type = ir.VectorType.get([lanes], self.f32)
        self._constants: dict[Any, Any] = {}

    def _once(self, key: Any, type_: Any, attr: Callable[[], Any]) -> Any:
        if key not in self._constants:
            with ir.InsertionPoint.at_block_begin(self.block):
                self._constants[key] = self.arith.ConstantOp(type_, attr()).result
        return self._constants[key]

    def index(self, value: Index) -> Any:
        """An index as an SSA value."""
        if not isinstance(value, int):
            return value
        type_ = ir.IndexType.get()
        return self._once(value, type_, lambda: ir.IntegerAttr.get(type_, value))

    def add(self, lhs: Index, rhs: Index) -> Index:
        """lhs + rhs of indices."""
        if isinstance(lhs, int) and isinstance(rhs, int):
            return lhs + rhs
        if lhs == 0 or rhs == 0:
            return rhs if lhs == 0 else lhs
        return self.arith.addi(self.index(lhs), self.index(rhs))

    def quotient(self, lhs: Index, rhs: int) -> Index:
        """lhs / rhs of indices, rounded down."""
        if isinstance(lhs, int):
            return lhs // rhs
        return lhs if rhs == 1 else self.arith.divui(lhs, self.index(rhs))

    def loop(
        self, low: int, high: Index, step: int, carried: Sequence[Any], body: Body
    ) -> list[Any]:
        """scf.for over whole steps; written out where it is known to be at most one iteration.

        A `high` that is not known must be a whole number of steps away.
        """
        values = list(carried)
        if isinstance(high, int):
            if high - low < 2 * step:
                return body(low, values) if high - low >= step else values
            high = low + (high - low) // step * step
        scf = dialect("scf")
        op = scf.ForOp(self.index(low), self.index(high), self.index(step), values)
        with ir.InsertionPoint(op.body):
            scf.yield_(body(op.induction_variable, list(op.inner_iter_args)))
        return list(op.results)

    def either(
        self,
        condition: Any,
        types: Sequence[Any],
        then: Callable[[], list[Any]],
        otherwise: Callable[[], list[Any]],
    ) -> list[Any]:
        """scf.if with results of `types`; just one of the two where the condition is a bool."""
        if isinstance(condition, bool):
            return then() if condition else otherwise()
        scf = dialect("scf")
        op = scf.IfOp(condition, list(types), has_else=True)
        for block, body in ((op.then_block, then), (op.else_block, otherwise)):
            with ir.InsertionPoint(block):
                scf.yield_(body())
        return list(op.results)

    def buffer(self, *shape: int) -> Any:
        """A stack buffer of f32 at the current insertion point, aligned to cache lines."""
        type_ = ir.MemRefType.get(list(shape), self.f32)
        align = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 64)
        return self.memref.AllocaOp(type_, [], [], alignment=align).result

    def number(self, value: float) -> Any:
        """A scalar constant."""
        return self._once(("scalar", value), self.f32, lambda: ir.FloatAttr.get(self.f32, value))

    def splat(self, value: float) -> Any:
        """A vector constant with the same number in every lane."""
        attr = ir.FloatAttr.get(self.f32, value)
        return self._once(
            ("splat", value), self.type, lambda: ir.DenseElementsAttr.get_splat(self.type, attr)
        )

    def lanes_below(self, active: int, inside: float, beyond: float) -> Any:
        """A vector constant: `inside` in the first lanes, `beyond` in the rest."""
        numbers = [inside if i < active else beyond for i in range(self.lanes)]
        attrs = [ir.FloatAttr.get(self.f32, number) for number in numbers]
        return self._once(
            (active, inside, beyond),
            self.type,
            lambda: ir.DenseElementsAttr.get(attrs, self.type),
        )

    def lane_numbers(self) -> Any:
        """0, 1, 2 .. as integers."""
        type_ = ir.VectorType.get([self.lanes], self.i32)
        numbers = [ir.IntegerAttr.get(self.i32, lane) for lane in range(self.lanes)]
        return self._once("lane numbers", type_, lambda: ir.DenseElementsAttr.get(numbers, type_))

    def mask(self, active: int) -> Any:
        """A mask of the first lanes."""
        type_ = ir.VectorType.get([self.lanes], ir.IntegerType.get_signless(1))
        bits = [ir.BoolAttr.get(i < active) for i in range(self.lanes)]
        return self._once(("mask", active), type_, lambda: ir.DenseElementsAttr.get(bits, type_))

    def load(self, memref: Any, at: Sequence[Index], active: int = 0, rest: float = 0.0) -> Any:
        """A vector from memory; lanes from `active` on (0: none of them) hold `rest`."""
        indices = [self.index(i) for i in at]
        if active in (0, self.lanes):
            return self.vector.load(self.type, memref, indices)
        return self.vector.maskedload(
            self.type, memref, indices, self.mask(active), self.splat(rest)
        )

    def store(self, value: Any, memref: Any, at: Sequence[Index], active: int = 0) -> None:
        """A vector to memory; only its first `active` lanes unless that is 0."""
        indices = [self.index(i) for i in at]
        if active in (0, self.lanes):
            self.vector.store(value, memref, indices)
        else:
            self.vector.maskedstore(memref, indices, self.mask(active), value)

    def scalar(self, memref: Any, at: Sequence[Index]) -> Any:
        """One element of memory."""
        return self.memref.load(memref, [self.index(i) for i in at])

    def put(self, value: Any, memref: Any, at: Sequence[Index]) -> None:
        """One element to memory."""
        self.memref.store(value, memref, [self.index(i) for i in at])

    def spread(self, scalar: Any) -> Any:
        """A scalar in every lane."""
        return self.vector.broadcast(self.type, scalar)

    def first(self, value: Any) -> Any:
        """The first lane."""
        return self.vector.extract(value, [], [0])

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        """a * b + c, rounded once."""
        return self.vector.fma(a, b, c)

    def larger(self, a: Any, b: Any) -> Any:
        """a > b ? a : b, one instruction; a NaN in `a` gives b."""
        is_larger = self.arith.cmpf(self.arith.CmpFPredicate.OGT, a, b)
        return self.arith.select(is_larger, a, b)

    def compared(self, a: Any, b: Any, predicate: str) -> Any:
        """The comparison of floats that arith calls `predicate`."""
        return self.arith.cmpf(getattr(self.arith.CmpFPredicate, predicate), a, b)

    def truth(self) -> Any:
        """The condition that always holds."""
        bit = ir.IntegerType.get_signless(1)
        return self._once("true", bit, lambda: ir.IntegerAttr.get(bit, 1))

    def negated(self, condition: Any) -> Any:
        """not condition."""
        return self.arith.xori(condition, self.truth())

    def any_lane(self, mask: Any) -> Any:
        """Whether a lane of a mask is set."""
        bit = ir.IntegerType.get_signless(1)
        return self.vector.reduction(bit, self.vector.CombiningKind.OR, mask)

    def bits(self, value: Any) -> Any:
        """The bit patterns of a vector, as integers."""
        return self.vector.bitcast(ir.VectorType.get([self.lanes], self.i32), value)

    def from_bits(self, value: Any) -> Any:
        """The floats of bit patterns."""
        return self.vector.bitcast(self.type, value)

    def shifted_left(self, value: Any, count: int) -> Any:
        """Integers shifted by a constant."""
        attr = ir.IntegerAttr.get(self.i32, count)
        by = self._once(
            ("i32", count), value.type, lambda: ir.DenseElementsAttr.get_splat(value.type, attr)
        )
        return self.arith.shli(value, by)

    def reduced(self, value: Any, combine: Callable[[Any, Any], Any]) -> Any:
        """All lanes combined as a tree: the upper half onto the lower, until one is left."""
        width = self.lanes
        while width > 1:
            width //= 2
            lower, upper = list(range(width)), list(range(width, 2 * width))
            value = combine(
                self.vector.shuffle(value, value, lower), self.vector.shuffle(value, value, upper)
            )
        return self.first(value)
