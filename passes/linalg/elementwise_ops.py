"""Scalar meaning of the elementwise graph ops, and their lowering to one linalg.generic each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import ELEMENTWISE, Cast, Where
from aicc.dialects.graph.types import is_bool, is_float, is_unsigned

from .lowering import Builder, lowers, signless

Scalar = Any
# name -> f(scope, *scalars); the scope knows the graph type of the operands and the attributes.
SCALAR: dict[str, Callable[..., Scalar]] = {}


class Scope:
    """What a scalar rule may ask: the builder, signedness and attributes of its op."""

    def __init__(self, b: Builder, element: Any, attrs: dict[str, Any]) -> None:
        self.b = b
        self.arith = b.arith
        self.math = b.math
        self.is_float = is_float(element)
        self.is_unsigned = is_unsigned(element)
        self.attrs = attrs

    def const(self, value: float, like: Scalar) -> Scalar:
        """A constant of the type of `like`."""
        return self.b.scalar(value, like.type)

    def pick(self, on_float: str, on_signed: str, on_unsigned: str, *args: Scalar) -> Scalar:
        """The arith op of the operand's kind."""
        name = on_float if self.is_float else on_unsigned if self.is_unsigned else on_signed
        return getattr(self.arith, name)(*args)

    def compare(self, predicate: str, lhs: Scalar, rhs: Scalar) -> Scalar:
        """eq, ne, lt, le, gt, ge; ordered on floats, except that NaN != NaN."""
        if self.is_float:
            kind = {"eq": "OEQ", "ne": "UNE", "lt": "OLT", "le": "OLE", "gt": "OGT", "ge": "OGE"}
            return self.arith.cmpf(getattr(self.arith.CmpFPredicate, kind[predicate]), lhs, rhs)
        sign = "" if predicate in ("eq", "ne") else "u" if self.is_unsigned else "s"
        return self.arith.cmpi(getattr(self.arith.CmpIPredicate, (sign + predicate)), lhs, rhs)

    def select(self, condition: Scalar, x: Scalar, y: Scalar) -> Scalar:
        """condition ? x : y."""
        return self.arith.select(condition, x, y)

    def add(self, x: Scalar, y: Scalar) -> Scalar:
        """x + y."""
        return self.pick("addf", "addi", "addi", x, y)

    def sub(self, x: Scalar, y: Scalar) -> Scalar:
        """x - y."""
        return self.pick("subf", "subi", "subi", x, y)

    def mul(self, x: Scalar, y: Scalar) -> Scalar:
        """x * y."""
        return self.pick("mulf", "muli", "muli", x, y)

    def div(self, x: Scalar, y: Scalar) -> Scalar:
        """x / y; integers truncate."""
        return self.pick("divf", "divsi", "divui", x, y)

    def maximum(self, x: Scalar, y: Scalar) -> Scalar:
        """Maximum; NaN propagates."""
        return self.pick("maximumf", "maxsi", "maxui", x, y)

    def minimum(self, x: Scalar, y: Scalar) -> Scalar:
        """Minimum; NaN propagates."""
        return self.pick("minimumf", "minsi", "minui", x, y)


def scalar(name: str) -> Callable[[Callable[..., Scalar]], Callable[..., Scalar]]:
    """Register the scalar rule of elementwise op `name`."""

    def register(function: Callable[..., Scalar]) -> Callable[..., Scalar]:
        SCALAR[name] = function
        return function

    return register


for _name in ("add", "sub", "mul", "maximum", "minimum"):
    SCALAR[_name] = lambda s, x, y, _name=_name: getattr(s, _name)(x, y)
for _name, _predicate in (
    ("equal", "eq"),
    ("less", "lt"),
    ("less_equal", "le"),
    ("greater", "gt"),
    ("greater_equal", "ge"),
):
    SCALAR[_name] = lambda s, x, y, _p=_predicate: s.compare(_p, x, y)
for _name in ("exp", "log", "sqrt", "rsqrt", "floor", "ceil", "sin", "cos", "tanh", "erf"):
    SCALAR[_name] = lambda s, x, _name=_name: getattr(s.math, _name)(x)
for _name in ("tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh"):
    SCALAR[_name] = lambda s, x, _name=_name: getattr(s.math, _name)(x)
for _name, _op in (("and", "andi"), ("or", "ori"), ("xor", "xori")):
    SCALAR[_name] = lambda s, x, y, _op=_op: getattr(s.arith, _op)(x, y)
    SCALAR[f"bitwise_{_name}"] = SCALAR[_name]


@scalar("abs")
def _abs(s: Scope, x: Scalar) -> Scalar:
    if s.is_float:
        return s.math.absf(x)
    return x if s.is_unsigned else s.math.absi(x)


@scalar("neg")
def _neg(s: Scope, x: Scalar) -> Scalar:
    return s.arith.negf(x) if s.is_float else s.sub(s.const(0, x), x)


@scalar("sign")
def _sign(s: Scope, x: Scalar) -> Scalar:
    zero, one = s.const(0, x), s.const(1, x)
    positive = s.select(s.compare("gt", x, zero), one, s.add(x, zero) if s.is_float else zero)
    if s.is_unsigned:
        return positive
    return s.select(s.compare("lt", x, zero), s.const(-1, x), positive)


@scalar("reciprocal")
def _reciprocal(s: Scope, x: Scalar) -> Scalar:
    return s.div(s.const(1, x), x)


@scalar("round")
def _round(s: Scope, x: Scalar) -> Scalar:
    return s.math.roundeven(x)


@scalar("relu")
def _relu(s: Scope, x: Scalar) -> Scalar:
    return s.maximum(x, s.const(0, x))


@scalar("sigmoid")
def _sigmoid(s: Scope, x: Scalar) -> Scalar:
    one = s.const(1, x)
    return s.div(one, s.add(one, s.math.exp(s.arith.negf(x))))


@scalar("hard_sigmoid")
def _hard_sigmoid(s: Scope, x: Scalar) -> Scalar:
    y = s.add(s.mul(x, s.const(s.attrs["alpha"], x)), s.const(s.attrs["beta"], x))
    return s.minimum(s.maximum(y, s.const(0, x)), s.const(1, x))


@scalar("hard_swish")
def _hard_swish(s: Scope, x: Scalar) -> Scalar:
    y = s.add(s.mul(x, s.const(1 / 6, x)), s.const(0.5, x))
    return s.mul(x, s.minimum(s.maximum(y, s.const(0, x)), s.const(1, x)))


@scalar("leaky_relu")
def _leaky_relu(s: Scope, x: Scalar) -> Scalar:
    return s.select(s.compare("lt", x, s.const(0, x)), s.mul(x, s.const(s.attrs["alpha"], x)), x)


@scalar("elu")
def _elu(s: Scope, x: Scalar) -> Scalar:
    negative = s.mul(s.const(s.attrs["alpha"], x), s.math.expm1(x))
    return s.select(s.compare("lt", x, s.const(0, x)), negative, x)


@scalar("gelu")
def _gelu(s: Scope, x: Scalar) -> Scalar:
    half, one = s.const(0.5, x), s.const(1, x)
    if s.attrs["approximate"] == "tanh":
        cube = s.mul(s.mul(x, x), x)
        inner = s.add(x, s.mul(cube, s.const(0.044715, x)))
        phi = s.math.tanh(s.mul(inner, s.const(math.sqrt(2 / math.pi), x)))
    else:
        phi = s.math.erf(s.mul(x, s.const(math.sqrt(0.5), x)))
    return s.mul(s.mul(x, half), s.add(one, phi))


@scalar("softplus")
def _softplus(s: Scope, x: Scalar) -> Scalar:
    """log(1 + e^x) = max(x, 0) + log1p(e^-|x|), which cannot overflow."""
    small = s.math.log1p(s.math.exp(s.arith.negf(s.math.absf(x))))
    return s.add(s.maximum(x, s.const(0, x)), small)


@scalar("mish")
def _mish(s: Scope, x: Scalar) -> Scalar:
    """x tanh(log(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2): one exponential instead of two.

    The quotient is 1 to the last bit long before x reaches the bound that keeps n finite.
    """
    bound = 5.2 if str(x.type) == "f16" else 20.0
    power = s.math.exp(s.minimum(x, s.const(bound, x)))
    two = s.const(2, x)
    n = s.mul(power, s.add(power, two))
    return s.mul(x, s.div(n, s.add(n, two)))


@scalar("not")
def _not(s: Scope, x: Scalar) -> Scalar:
    return s.arith.xori(x, s.const(1, x))


@scalar("bitwise_not")
def _bitwise_not(s: Scope, x: Scalar) -> Scalar:
    return s.arith.xori(x, s.const(-1, x))


@scalar("is_nan")
def _is_nan(s: Scope, x: Scalar) -> Scalar:
    return s.compare("ne", x, x)


@scalar("is_inf")
def _is_inf(s: Scope, x: Scalar) -> Scalar:
    return s.compare("eq", s.math.absf(x), s.const(math.inf, x))


def _divisor(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """y, or 1 for the integer divisors that make a processor trap: 0, and -1 under the least.

    Dividing by 1 is what two's complement gives for the latter: the quotient wraps to x itself.
    """
    if s.is_float:
        return y
    traps = s.compare("eq", y, s.const(0, y))
    if not s.is_unsigned:
        least = s.compare("eq", x, s.const(-(1 << (x.type.width - 1)), x))
        overflows = s.arith.andi(least, s.compare("eq", y, s.const(-1, y)))
        traps = s.arith.ori(traps, overflows)
    return s.select(traps, s.const(1, y), y)


@scalar("div")
def _div(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """Integers truncate; x / 0 is undefined in ONNX, and 0 here as in numpy."""
    quotient = s.div(x, _divisor(s, x, y))
    if s.is_float:
        return quotient
    return s.select(s.compare("eq", y, s.const(0, y)), s.const(0, x), quotient)


@scalar("fmod")
def _fmod(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    return s.pick("remf", "remsi", "remui", x, _divisor(s, x, y))


@scalar("mod")
def _mod(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """The remainder takes the sign of the divisor."""
    remainder = _fmod(s, x, y)
    if s.is_unsigned:
        return remainder
    zero = s.const(0, x)
    wrong = s.arith.xori(s.compare("lt", remainder, zero), s.compare("lt", y, zero))
    adjust = s.arith.andi(wrong, s.compare("ne", remainder, zero))
    return s.select(adjust, s.add(remainder, y), remainder)


@scalar("pow")
def _pow(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    if s.is_float:
        return s.math.powf(x, y)
    return _integer_pow(s, x, y)


def _integer_pow(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """Square and multiply over the exponent's low bits; a higher bit leaves only 0, 1 or -1.

    A negative exponent gives the truncated reciprocal.
    """
    result, base = s.const(1, x), x
    for bit in range(min(x.type.width, 7) - 1):
        is_set = s.compare("ne", s.arith.andi(y, s.const(1 << bit, y)), s.const(0, y))
        result = s.select(is_set, s.mul(result, base), result)
        base = s.mul(base, base)
    if s.is_unsigned:
        return result
    unit = s.compare("le", s.math.absi(x), s.const(1, x))
    negative = s.compare("lt", y, s.const(0, y))
    return s.select(
        s.arith.andi(negative, s.arith.xori(unit, s.const(1, unit))), s.const(0, x), result
    )


@scalar("shift_left")
def _shift_left(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """A shift by the width or more (or by less than 0) gives 0."""
    return s.select(_is_inside(s, y), s.arith.shli(x, y), s.const(0, x))


def _is_inside(s: Scope, y: Scalar) -> Scalar:
    """0 <= y < width."""
    return s.arith.cmpi(s.arith.CmpIPredicate.ult, y, s.const(y.type.width, y))


@scalar("shift_right")
def _shift_right(s: Scope, x: Scalar, y: Scalar) -> Scalar:
    """Too large a shift leaves copies of the sign."""
    if s.is_unsigned:
        return s.select(_is_inside(s, y), s.arith.shrui(x, y), s.const(0, x))
    return s.arith.shrsi(x, s.select(_is_inside(s, y), y, s.const(x.type.width - 1, x)))


def scalar_rule(name: str) -> Callable[..., Scalar]:
    """The scalar rule of an elementwise op, by its name without the prefix."""
    return SCALAR[name]


def _lower(b: Builder, op: Any, *operands: Any) -> Any:
    name = op.OPERATION_NAME.removeprefix("graph.")
    scope = Scope(b, op.operation.operands[0].type.element_type, op.attr_values())
    type_ = signless(op.operation.results[0].type)
    return b.elementwise(operands, type_, lambda *xs: SCALAR[name](scope, *xs))


lowers(*ELEMENTWISE.values())(_lower)


@lowers(Where)
def lower_where(b: Builder, op: Any, condition: Any, x: Any, other: Any) -> Any:
    """select."""
    type_ = signless(op.operation.results[0].type)
    return b.elementwise([condition, x, other], type_, b.arith.select)


@lowers(Cast)
def lower_cast(b: Builder, op: Any, x: Any) -> Any:
    """Scalar conversion."""
    source = op.operation.operands[0].type.element_type
    target = op.operation.results[0].type.element_type
    type_ = signless(op.operation.results[0].type)
    return b.elementwise([x], type_, lambda v: convert(b, v, source, target))


def convert(b: Builder, v: Scalar, source: Any, target: Any) -> Scalar:
    """Conversion of a scalar between graph element types."""
    if source == target:
        return v
    if is_bool(target):
        scope = Scope(b, source, {})
        return scope.compare("ne", v, scope.const(0, v))
    signless_target = (
        ir.IntegerType.get_signless(target.width) if isinstance(target, ir.IntegerType) else target
    )
    if is_float(source):
        return _from_float(b, v, target, signless_target)
    if is_float(target):
        return (b.arith.uitofp if is_unsigned(source) else b.arith.sitofp)(target, v)
    if target.width > source.width:
        return (b.arith.extui if is_unsigned(source) else b.arith.extsi)(signless_target, v)
    return b.arith.trunci(signless_target, v) if target.width < source.width else v


def _from_float(b: Builder, v: Scalar, target: Any, signless_target: Any) -> Scalar:
    if not is_float(target):
        # through i64, so that out-of-range values wrap as C compilers' conversions do
        if target.width < 64:
            wide = b.arith.fptosi(ir.IntegerType.get_signless(64), v)
            return b.arith.trunci(signless_target, wide)
        return (b.arith.fptoui if is_unsigned(target) else b.arith.fptosi)(signless_target, v)
    width = {"f64": 64, "f32": 32, "f16": 16, "bf16": 16}
    before, after = width[str(v.type)], width[str(target)]
    if before == after:
        return b.arith.truncf(target, b.arith.extf(ir.F32Type.get(), v))
    return b.arith.extf(target, v) if after > before else b.arith.truncf(target, v)
