"""Replace elementary functions by polynomials, so that they run at the speed of the vector unit.

LLVM would call libm once per lane, two to thirty times slower, and a call in a loop body stops
its vectoriser. The code put in place is branch-free arithmetic (`arith`, `math.fma`,
`math.floor`), right on all floats: infinities, NaN, denormals, signed zeros, huge angles. The
error bounds stand at the emitters in `aicc.passes.schedule.math`. Equal functions that follow each
other, as in unrolled code, are expanded side by side.

Rewritten: exp, exp2, expm1, tanh, erf, log, log2, log1p, powf, sin, cos on scalars and vectors of
f32, wherever they stand; f16 and bf16 are computed in f32. Left: f64 (libm is the accurate
choice), tensors (they become loops first), and what is native anyway: sqrt, rsqrt, floor, ceil,
absf, roundeven, fma. Fast-math flags of the replaced operation are dropped: they may only be
used, never have to be.

Before:  %y = math.exp2 %x : vector<16xf32>
After:   %s = arith.addf %clamped, %rounder : vector<16xf32>    // rounds to an integer n
         ...                                                    // r = x - n, p = polynomial(r)
         %y = arith.mulf %p1, %half_power : vector<16xf32>      // p 2^n, in two halves
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.math import APPROXIMATIONS
from aicc.passes.schedule.math.emitter import (
    INFINITY,
    RANGE_FEATURE,
    SCALE_FEATURE,
    Bundle,
    Constants,
    Emitter,
)
from aicc.target import of_module

# Chains side by side: more of them would not leave registers for the constants.
MAX_RUN = 8


class _Expander:
    """Shares the constants of consecutive expansions in a block; erases at the end.

    Erasing late keeps the start of a block, where its constants go, a valid insertion point.
    """

    def __init__(self, features: Sequence[str]) -> None:
        self._features = features
        self._block: Any = None
        self._start: Any = None
        self._constants: dict[Any, Constants] = {}
        self._replaced: list[Any] = []

    def expand(self, ops: list[Any]) -> None:
        """Put polynomials in place of equal operations that follow each other."""
        op = ops[-1]
        if self._block is None or op.block != self._block:
            self._block = op.block
            self._start = ir.InsertionPoint.at_block_begin(self._block)
            self._constants = {}
        result = op.results[0]
        constants = self._constants.setdefault(result.type, {})
        point = ir.InsertionPoint(op)
        like, start = result.type, self._start
        emitter = Emitter(point, op.location, like, start, constants, self._features)
        values = _expansion(emitter, ops)
        for replaced, value in zip(ops, values, strict=True):
            replaced.results[0].replace_all_uses_with(value)
        self._replaced += ops

    def finish(self) -> None:
        for op in self._replaced:
            op.erase()


def _expansion(emitter: Emitter, ops: list[Any]) -> Sequence[Any]:
    """The values that replace `ops`: computed in f32, rounded once more for f16 and bf16."""
    kind = str(_element_type(ops[0].results[0].type))
    emit = APPROXIMATIONS[ops[0].name].emit
    operands = [Bundle(op.operands[i] for op in ops) for i in range(len(ops[0].operands))]
    if kind == "f32":
        return Bundle(emit(emitter, *operands))
    wide = [emitter.convert("extf", "f32", operand) for operand in operands]
    return Bundle(emitter.convert("truncf", kind, emit(emitter, *wide)))


def _runs(found: list[tuple[int, Any]]) -> list[list[Any]]:
    """Equal operations that follow each other in a block and do not depend on each other."""
    runs: list[list[Any]] = []
    before = -2
    for place, op in found:
        if place == before + 1 and _continues(runs[-1], op):
            runs[-1].append(op)
        else:
            runs.append([op])
        before = place
    return runs


def _continues(run: list[Any], op: Any) -> bool:
    last = run[-1]
    is_equal = op.name == last.name and op.results[0].type == last.results[0].type
    if not is_equal or op.block != last.block or len(run) == MAX_RUN:
        return False
    results = [before.results[0] for before in run]
    return not any(operand in results for operand in op.operands)


def _element_type(type_: Any) -> Any:
    return type_.element_type if isinstance(type_, ir.VectorType) else type_


def _is_expandable(op: Any, max_ulp: float) -> bool:
    approximation = APPROXIMATIONS.get(op.name)
    if approximation is None or approximation.max_ulp > max_ulp:
        return False
    element = _element_type(op.results[0].type)
    return isinstance(element, ir.F32Type | ir.F16Type | ir.BF16Type)


def _features_of(module: Any) -> Sequence[str]:
    """The instruction sets to use; a module that names no target gets plain arithmetic."""
    if "aicc.target" not in module.operation.attributes:
        return ()
    target = of_module(module)
    return [feature for feature in (SCALE_FEATURE, RANGE_FEATURE) if target.has(feature)]


@register_pass("expand-math")
def run(module: Any, *, strict: bool = False) -> None:
    """Replace elementary functions of f32, f16 and bf16 by branch-free polynomials.

    `strict` leaves functions with an error bound above 1 ulp to libm.
    """
    max_ulp = 1.0 if strict else INFINITY
    found: list[tuple[int, Any]] = []
    places = itertools.count()

    def collect(op: Any) -> Any:
        place = next(places)
        if _is_expandable(op, max_ulp):
            found.append((place, op))
        return ir.WalkResult.ADVANCE

    module.operation.walk(collect)
    expander = _Expander(_features_of(module))
    with module.context:
        for run_of_ops in _runs(found):
            expander.expand(run_of_ops)
    expander.finish()
