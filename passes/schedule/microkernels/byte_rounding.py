"""Four vectors of floats, rounded to bytes in one.

What quantisation is lowered to bounds a number, rounds it by adding 1.5 * 2^23, and truncates 16
words to 16 bytes, which takes two instructions and a store for each vector. AVX-512 packs words to
half their size with saturation, which is the bound as well:

    %c = minnumf(maxnumf(%x, low), high)       %w:4 = vcvtps2dq(minnumf(%x, high))
    %b = trunci(bitcast(%c + 1.5 * 2^23)   ->  %h:2 = vpackssdw(%w:2), plus the zero point
                + zero - 0x4B400000)           %b = vpackuswb(%h:2), quarters in order by vpermd

The conversion rounds halves to even, as the addition does. What lies beyond its range, or is NaN,
becomes the least number: the upper bound stays, unless it is known that no number gets there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.dot_tile import module_target
from aicc.passes.schedule.microkernels.value_range import constant_of, is_within, range_of
from aicc.passes.schedule.microkernels.vector_body import VectorBody

FEATURE = "avx512bw"
LANES, VECTORS = 16, 4
ROUNDER, ROUNDER_BITS = 1.5 * 2.0**23, 0x4B400000
# The conversion takes numbers up to 2^31.
CONVERTED = 2.0**30
# Bounds of what is rounded, rounded themselves.
TOLERANCE = 0.25
_CONVERT = "llvm.x86.avx512.mask.cvtps2dq.512"
_WORDS = "llvm.x86.avx512.packssdw.512"
_BYTES = {True: "llvm.x86.avx512.packsswb.512", False: "llvm.x86.avx512.packuswb.512"}
_ADD = "llvm.sadd.sat.v32i16"
_CURRENT_ROUNDING = 4


@dataclass(frozen=True)
class Rounding:
    """A body that yields `rounded`, rounded to whole numbers, plus `zero`, as a byte.

    `tail` are the results from there to the byte. Of the bounds, saturation gives those that are
    `unneeded`, which become their first operand; of `capped`, a NaN stays a NaN.
    """

    rounded: Any
    zero: int
    is_signed: bool
    tail: tuple[Any, ...]
    unneeded: tuple[Any, ...]
    capped: tuple[Any, ...]


def rounding_of(generic: Any, lanes: int) -> Rounding | None:
    """How a generic ends in rounding to bytes; None if it does not, or the target cannot pack."""
    *_, terminator = generic.regions[0].blocks[0].operations
    if lanes != LANES or len(terminator.operands) != 1:
        return None
    found = _rounding_to(terminator.operands[0])
    return found if found is not None and module_target(generic).has(FEATURE) else None


def _rounding_to(value: Any) -> Rounding | None:
    """trunci(addi(bitcast(addf(x, rounder)), zero - bits)) of an x that fits a byte."""
    if str(value.type) != "i8":
        return None
    tail: list[Any] = []
    for name in ("arith.trunci", "arith.addi", "arith.bitcast", "arith.addf"):
        if not _is_made_by(value, name) or len(list(value.uses)) != 1:
            return None
        tail.append(value)
        value = value.owner.operation.operands[0]
    shift, rounder = (constant_of(tail[i].owner.operation.operands[1]) for i in (1, 3))
    if shift is None or rounder != ROUNDER:
        return None
    zero = int(shift) + ROUNDER_BITS
    low, high = (end + zero for end in range_of(value))
    is_signed = low < -TOLERANCE
    least, most = (-128, 127) if is_signed else (0, 255)
    if not least - TOLERANCE < low <= high < most + TOLERANCE:
        return None
    is_whole = low < least + TOLERANCE and high > most - TOLERANCE
    unneeded, capped = _bounds_of(value) if is_whole else ((), ())
    return Rounding(value, zero, is_signed, tuple(tail), unneeded, capped)


def _bounds_of(rounded: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Bounds of a number that saturation gives as well, and those that keep it convertible."""
    bounded, factor = _unscaled(rounded)
    if not _is_made_by(bounded, "arith.minnumf"):
        return (), ()
    inner = bounded.owner.operation.operands[0]
    if not _is_made_by(inner, "arith.maxnumf"):
        return (), ()
    if len(list(inner.uses)) != 1:
        return (), ()
    free = range_of(inner.owner.operation.operands[0])
    if is_within(free, CONVERTED / factor):
        return (inner, bounded), ()
    return (inner,), (bounded,)


def _unscaled(rounded: Any) -> tuple[Any, float]:
    """(x, factor) of x times a constant, in one or two parts."""
    if not any(_is_made_by(rounded, name) for name in ("arith.mulf", "math.fma")):
        return rounded, 1.0
    op = rounded.owner.operation
    factor = constant_of(op.operands[1])
    return (op.operands[0], abs(factor)) if factor else (rounded, 1.0)


def _is_made_by(value: Any, name: str) -> bool:
    return not isinstance(value.owner, ir.Block) and value.owner.operation.name == name


class ByteBody(VectorBody):
    """The body of a generic that rounds to bytes, up to the bytes of four vectors."""

    def __init__(self, generic: Any, lanes: int, use_fma: bool, rounding: Rounding) -> None:
        super().__init__(generic, lanes, use_fma)
        self.rounding = rounding
        self.yielded = [rounding.rounded]
        tail = [value.owner.operation for value in rounding.tail]
        self.operations = [op for op in self.operations if op not in tail]
        self.fused = {op: parts for op, parts in self.fused.items() if op not in tail}

    def packed(self, sets: Sequence[Sequence[Any]]) -> Any:
        """The bytes of up to four sets of arguments, one vector; beyond them anything."""
        numbers = [values[0] for values in self.emit_side_by_side(sets)]
        words = [_whole(number) for number in numbers]
        words += words[-1:] * (VECTORS - len(words))
        halves = [self._half(words[0], words[1]), self._half(words[2], words[3])]
        return _in_order(_called(_BYTES[self.rounding.is_signed], _bytes(), halves))

    def _half(self, first: Any, second: Any) -> Any:
        """Two vectors of words as one of 16 bits, the zero point added."""
        short = ir.IntegerType.get_signless(16)
        wide = ir.VectorType.get([2 * LANES], short)
        half = _called(_WORDS, wide, [first, second])
        if not self.rounding.zero:
            return half
        zero = ir.DenseElementsAttr.get_splat(wide, ir.IntegerAttr.get(short, self.rounding.zero))
        return _called(_ADD, wide, [half, dialect("arith").ConstantOp(wide, zero).result])

    def _emit_one(self, op: Any, values: dict[Any, Any]) -> list[Any]:
        result = op.results[0]
        if result in self.rounding.unneeded:
            return [values[op.operands[0]]]
        if result in self.rounding.capped:
            arith = dialect("arith")
            number, most = (values[operand] for operand in op.operands)
            is_less = arith.cmpf(arith.CmpFPredicate.OLT, most, number)
            return [arith.select(is_less, most, number)]
        return super()._emit_one(op, values)


def _whole(number: Any) -> Any:
    """A vector of floats, rounded, as 32-bit integers."""
    words = ir.VectorType.get([LANES], ir.IntegerType.get_signless(32))
    arith = dialect("arith")
    zero = ir.DenseElementsAttr.get_splat(words, ir.IntegerAttr.get(words.element_type, 0))
    none = arith.ConstantOp(words, zero).result
    operands = [number, none, _integer(16, -1), _integer(32, _CURRENT_ROUNDING)]
    return _called(_CONVERT, words, operands)


def _in_order(packed: Any) -> Any:
    """Packing works in quarters of a register: put those of each vector side by side."""
    vector = dialect("vector")
    words = vector.bitcast(ir.VectorType.get([LANES], ir.IntegerType.get_signless(32)), packed)
    places = [VECTORS * (i % VECTORS) + i // VECTORS for i in range(LANES)]
    return vector.bitcast(_bytes(), vector.shuffle(words, words, places))


def _bytes() -> Any:
    return ir.VectorType.get([LANES * VECTORS], ir.IntegerType.get_signless(8))


def _integer(width: int, value: int) -> Any:
    type_ = ir.IntegerType.get_signless(width)
    return dialect("arith").ConstantOp(type_, ir.IntegerAttr.get(type_, value)).result


def _called(intrinsic: str, result: Any, operands: Sequence[Any]) -> Any:
    return ir.Operation.create(
        "llvm.call_intrinsic",
        results=[result],
        operands=list(operands),
        attributes={
            "intrin": ir.StringAttr.get(intrinsic),
            "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(operands), 0]),
        },
    ).results[0]
