"""The range of what the body of a generic computes, as far as it hangs on bytes and constants."""

from __future__ import annotations

import math
from typing import Any

from aicc._mlir import ir

Range = tuple[float, float]
ANY: Range = (-math.inf, math.inf)
# Rounding steps on the way may lead this much beyond, relative to the number.
SLACK = 1e-3
# Operations looked at for one value.
DEPTH = 24


def constant_of(value: Any) -> float | None:
    """The number that a scalar constant holds."""
    if isinstance(value.owner, ir.Block) or value.owner.operation.name != "arith.constant":
        return None
    attr = value.owner.operation.attributes["value"]
    if isinstance(attr, (ir.FloatAttr, ir.IntegerAttr)):
        return float(attr.value)
    return None


def range_of(value: Any, depth: int = DEPTH) -> Range:
    """Numbers that the value lies between, `ANY` if nothing is known; no NaN if both are finite."""
    number = constant_of(value)
    if number is not None:
        return number, number
    if isinstance(value.owner, ir.Block) or not depth:
        return ANY
    op = value.owner.operation
    if op.name in ("arith.extui", "arith.extsi"):
        return _of_integer(op.operands[0].type.width, op.name == "arith.extsi")
    operands = [range_of(operand, depth - 1) for operand in op.operands]
    found = _RULES[op.name](*operands) if op.name in _RULES else ANY
    return ANY if any(math.isnan(end) for end in found) else found


def is_within(found: Range, limit: float) -> bool:
    """Whether the range, and what rounding may add to it, keeps within +-limit."""
    return max(abs(found[0]), abs(found[1])) * (1 + SLACK) < limit


def _of_integer(width: int, is_signed: bool) -> Range:
    if is_signed:
        return -(2.0 ** (width - 1)), 2.0 ** (width - 1) - 1
    return 0.0, 2.0**width - 1


def _product(x: Range, y: Range) -> Range:
    ends = [a * b for a in x for b in y]
    return min(ends), max(ends)


def _sum(x: Range, y: Range) -> Range:
    return x[0] + y[0], x[1] + y[1]


def _difference(x: Range, y: Range) -> Range:
    return x[0] - y[1], x[1] - y[0]


def _larger(x: Range, y: Range) -> Range:
    return max(x[0], y[0]), max(x[1], y[1])


def _smaller(x: Range, y: Range) -> Range:
    return min(x[0], y[0]), min(x[1], y[1])


_RULES: dict[str, Any] = {
    "arith.mulf": _product,
    "arith.addf": _sum,
    "arith.addi": _sum,
    "arith.subf": _difference,
    "arith.subi": _difference,
    # of a NaN and a number, the number
    "arith.maxnumf": _larger,
    "arith.minnumf": _smaller,
    "arith.sitofp": lambda x: x,
    "math.fma": lambda x, y, z: _sum(_product(x, y), z),
}
