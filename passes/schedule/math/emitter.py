"""Builds the arithmetic of an approximation for one operand shape: scalar or vector.

An emitter is made for the type of the operand (`f32`, `vector<16xf32>`, `vector<[4]xf32>` ...);
every value it creates has that shape, only the element type differs. So each function is written
once and serves the explicit vector code and the scalar bodies that LLVM's loop vectoriser widens
later. Where an operand is a `Bundle`, so is the result.

Nothing here relies on contraction: a fused multiply-add is asked for by `fma`, and `mul` followed
by `add` stays two roundings. No operation carries fast-math flags, because the range reductions
and the treatment of infinities and NaN would not survive them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir

# Codes of arith's CmpFPredicate and CmpIPredicate. The ordered
# predicates (o..) are false on NaN, `une` is true.
_CMPF = {"oeq": 1, "ogt": 2, "oge": 3, "olt": 4, "ole": 5, "une": 13}
_CMPI = {"eq": 0, "ne": 1, "slt": 2}

INFINITY = float("inf")
NAN = float("nan")

Constants = dict[tuple[str, int | float], Any]

# vscalefps: a * 2^floor(b) in one instruction, rounded once, infinities and NaN included.
_SCALE, SCALE_FEATURE, _SCALE_LANES = "llvm.x86.avx512.mask.scalef.ps.512", "avx512f", 16
_ALL_LANES, _CURRENT_ROUNDING = -1, 4
# vrangeps: the smaller magnitude of two, with the sign of the first; a NaN gives the second.
_RANGE, RANGE_FEATURE, _LEAST_MAGNITUDE = "llvm.x86.avx512.mask.range.ps.512", "avx512dq", 2


class Bundle(tuple[Any, ...]):
    """Values that go through the same operations side by side.

    An approximation is one chain of dependent operations, and a processor looks only some hundred
    operations ahead: one chain after the other would leave it waiting.
    """


def element_type(kind: str) -> Any:
    """The scalar type called `kind`: f16, bf16, f32, f64 or iN."""
    if kind.startswith("i"):
        return ir.IntegerType.get_signless(int(kind[1:]))
    floats = {"f16": ir.F16Type, "bf16": ir.BF16Type, "f32": ir.F32Type, "f64": ir.F64Type}
    return floats[kind].get()


class Emitter:
    """Creates operations at one insertion point, all of the shape of `like`.

    `constants` is shared by the emitters of one block and type: each distinct constant is created
    once, at `constant_point` (the start of the block), however many functions are expanded there.
    `features` are the instruction sets that the code may use beyond plain arithmetic.
    """

    def __init__(
        self,
        point: Any,
        location: Any,
        like: Any,
        constant_point: Any,
        constants: Constants,
        features: Sequence[str] = (),
    ) -> None:
        self._features = features
        self._point = point
        self._location = location
        self._like = like
        self._constant_point = constant_point
        self._constants = constants
        self._types: dict[str, Any] = {}

    def type_of(self, kind: str) -> Any:
        """The type with this emitter's shape and elements of `kind`."""
        if kind not in self._types:
            scalar = element_type(kind)
            if isinstance(self._like, ir.VectorType):
                vector = self._like
                scalar = ir.VectorType.get(vector.shape, scalar, scalable=vector.scalable_dims)
            self._types[kind] = scalar
        return self._types[kind]

    def _op(
        self,
        name: str,
        kind: str,
        operands: Sequence[Any],
        attributes: dict[str, Any] | None = None,
    ) -> Any:
        bundles = [operand for operand in operands if isinstance(operand, Bundle)]
        if not bundles:
            return self._single(name, kind, operands, attributes)
        rows = [
            [operand[i] if isinstance(operand, Bundle) else operand for operand in operands]
            for i in range(len(bundles[0]))
        ]
        return Bundle(self._single(name, kind, row, attributes) for row in rows)

    def _single(
        self, name: str, kind: str, operands: Sequence[Any], attributes: dict[str, Any] | None
    ) -> Any:
        return ir.Operation.create(
            name,
            results=[self.type_of(kind)],
            operands=operands,
            attributes=attributes,
            loc=self._location,
            ip=self._point,
        ).result

    def constant(self, kind: str, value: int | float) -> Any:
        """`value` in every lane."""
        # 0.0 and -0.0 are one key; no emitter asks for -0.0.
        key = (kind, value)
        if key not in self._constants:
            scalar = element_type(kind)
            attribute = (
                ir.IntegerAttr.get(scalar, value)
                if kind.startswith("i")
                else ir.FloatAttr.get(scalar, value)
            )
            type_ = self.type_of(kind)
            if isinstance(type_, ir.VectorType):
                attribute = ir.DenseElementsAttr.get_splat(type_, attribute)
            self._constants[key] = ir.Operation.create(
                "arith.constant",
                results=[type_],
                attributes={"value": attribute},
                loc=self._location,
                ip=self._constant_point,
            ).result
        return self._constants[key]

    def f32(self, value: float) -> Any:
        """An f32 constant; `value` is rounded to the nearest f32."""
        return self.constant("f32", value)

    def i32(self, value: int) -> Any:
        """An i32 constant; bit patterns above 2^31 - 1 are taken modulo 2^32."""
        return self.constant("i32", value - (1 << 32) if value >= 1 << 31 else value)

    # Floating point.

    def add(self, a: Any, b: Any, kind: str = "f32") -> Any:
        return self._op("arith.addf", kind, [a, b])

    def sub(self, a: Any, b: Any, kind: str = "f32") -> Any:
        return self._op("arith.subf", kind, [a, b])

    def mul(self, a: Any, b: Any, kind: str = "f32") -> Any:
        return self._op("arith.mulf", kind, [a, b])

    def div(self, a: Any, b: Any) -> Any:
        return self._op("arith.divf", "f32", [a, b])

    def fma(self, a: Any, b: Any, c: Any, kind: str = "f32") -> Any:
        """a * b + c, rounded once."""
        return self._op("math.fma", kind, [a, b, c])

    def floor(self, a: Any) -> Any:
        return self._op("math.floor", "f32", [a])

    def compare(self, predicate: str, a: Any, b: Any) -> Any:
        """Float comparison; ordered predicates (o..) are false when a or b is NaN."""
        code = ir.IntegerAttr.get(element_type("i64"), _CMPF[predicate])
        return self._op("arith.cmpf", "i1", [a, b], {"predicate": code})

    def select(self, condition: Any, a: Any, b: Any, kind: str = "f32") -> Any:
        return self._op("arith.select", kind, [condition, a, b])

    def both(self, a: Any, b: Any) -> Any:
        return self.integer("andi", a, b, "i1")

    def at_most(self, x: Any, bound: float, kind: str = "f32") -> Any:
        """min(x, bound), NaN kept: one vminps, whose second operand wins on NaN."""
        limit = self.constant(kind, bound)
        return self.select(self.compare("olt", limit, x), limit, x, kind)

    def at_least(self, x: Any, bound: float, kind: str = "f32") -> Any:
        """max(x, bound), NaN kept."""
        limit = self.constant(kind, bound)
        return self.select(self.compare("ogt", limit, x), limit, x, kind)

    def can_scale(self) -> bool:
        """Whether `scaled` exists for this shape."""
        return SCALE_FEATURE in self._features and self._is_whole_register()

    def can_bound(self) -> bool:
        """Whether `bounded` exists for this shape."""
        return RANGE_FEATURE in self._features and self._is_whole_register()

    def _is_whole_register(self) -> bool:
        like = self._like
        is_vector = isinstance(like, ir.VectorType) and not any(like.scalable_dims)
        return is_vector and like.shape == [_SCALE_LANES]

    def scaled(self, a: Any, n: Any) -> Any:
        """a * 2^n for whole n, rounded once; only where `can_scale`."""
        mask, rounding = self._lanes_and_rounding()
        return self._intrinsic(_SCALE, [a, n, a, mask, rounding])

    def bounded(self, a: Any, magnitude: float) -> Any:
        """a within +-magnitude, `magnitude` for NaN: one operation; only where `can_bound`."""
        choice = self._scalar_constant("i32", _LEAST_MAGNITUDE)
        mask, rounding = self._lanes_and_rounding()
        return self._intrinsic(_RANGE, [a, self.f32(magnitude), choice, a, mask, rounding])

    def _lanes_and_rounding(self) -> tuple[Any, Any]:
        kinds = (("i16", _ALL_LANES), ("i32", _CURRENT_ROUNDING))
        mask, rounding = (self._scalar_constant(kind, value) for kind, value in kinds)
        return mask, rounding

    def _intrinsic(self, name: str, operands: Sequence[Any]) -> Any:
        attributes = {
            "intrin": ir.StringAttr.get(name),
            "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(operands), 0]),
        }
        return self._op("llvm.call_intrinsic", "f32", operands, attributes)

    def _scalar_constant(self, kind: str, value: int) -> Any:
        key = (f"scalar {kind}", value)
        if key not in self._constants:
            type_ = element_type(kind)
            self._constants[key] = ir.Operation.create(
                "arith.constant",
                results=[type_],
                attributes={"value": ir.IntegerAttr.get(type_, value)},
                loc=self._location,
                ip=self._constant_point,
            ).result
        return self._constants[key]

    def polynomial(self, x: Any, coefficients: Sequence[float], kind: str = "f32") -> Any:
        """Horner's rule; `coefficients` from the constant term up."""
        *rest, leading = coefficients
        value = self.constant(kind, leading)
        for coefficient in reversed(rest):
            value = self.fma(value, x, self.constant(kind, coefficient), kind)
        return value

    # Conversions.

    def bits(self, x: Any) -> Any:
        """The i32 with the bits of the f32 `x`."""
        return self._op("arith.bitcast", "i32", [x])

    def from_bits(self, x: Any) -> Any:
        """The f32 with the bits of the i32 `x`."""
        return self._op("arith.bitcast", "f32", [x])

    def convert(self, cast: str, kind: str, x: Any) -> Any:
        """arith's cast operation `cast` (extf, truncf, sitofp, extui ...) to elements of `kind`."""
        return self._op(f"arith.{cast}", kind, [x])

    # Integers: modulo 2^N.

    def integer(self, name: str, a: Any, b: Any, kind: str = "i32") -> Any:
        """arith's integer operation `name`: addi, subi, muli, andi, shli, shrsi ..."""
        return self._op(f"arith.{name}", kind, [a, b])

    def compare_integers(self, predicate: str, a: Any, b: Any) -> Any:
        code = ir.IntegerAttr.get(element_type("i64"), _CMPI[predicate])
        return self._op("arith.cmpi", "i1", [a, b], {"predicate": code})

    # Signs.

    def absolute(self, x: Any) -> Any:
        return self.from_bits(self.integer("andi", self.bits(x), self.i32(0x7FFFFFFF)))

    def negative(self, x: Any) -> Any:
        """-|x|."""
        return self.from_bits(self.integer("ori", self.bits(x), self.i32(0x80000000)))

    def sign_bit(self, x: Any) -> Any:
        """The sign bit of the f32 `x` in an i32 whose other bits are 0."""
        return self.integer("andi", self.bits(x), self.i32(0x80000000))

    def with_sign_of(self, magnitude: Any, x: Any) -> Any:
        """Sets the sign bit of `magnitude` where x has it; odd functions keep -0.0 this way."""
        return self.from_bits(self.integer("ori", self.bits(magnitude), self.sign_bit(x)))
