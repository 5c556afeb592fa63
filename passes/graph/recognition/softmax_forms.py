"""Softmax and log-softmax written out: patterns of `recognise-normalization`.

    %1 = sub(%x, reduce_max(%x))
    %2 = exp(%1)                     ->  %3 = softmax(%x)
    %3 = div(%2, reduce_sum(%2))

Written with its maximum and one division, the op is lowered to the very same operations where
floating point is strict, else to a product with the inverse of the sum. Without the maximum the
exponentials may overflow; the op then gives the quotient that was meant.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.reduction import Softmax

from ..dataflow import definition, source_if, users_of
from ..patterns import Match, PatternSet
from .polynomials import scalar_of
from .reduction_forms import reduction_of

PATTERNS = PatternSet("recognise-normalization")


def _shifted(value: Any, axis: int) -> Any:
    """x if `value` is x - max(x) along `axis`, else None."""
    op = source_if(value, "graph.sub")
    if op is None:
        return None
    x, shift = op.operands
    found = reduction_of(shift, "max")
    return x if found and found[0] == x and found[1] == [axis] else None


def _total(value: Any) -> tuple[Any, Any, int] | None:
    """(z, exp(z), axis) if `value` is the sum of exp(z) along one axis."""
    found = reduction_of(value, "sum")
    exp = source_if(found[0], "graph.exp") if found else None
    if found is None or exp is None or len(found[1]) != 1:
        return None
    return exp.operands[0], exp.results[0], found[1][0]


def _numerator_and_sum(op: Any) -> tuple[Any, Any] | None:
    """(x, s) of x / s, x * reciprocal(s), x * (1 / s)."""
    if op.name == "graph.div":
        return op.operands[0], op.operands[1]
    for x, other in (op.operands, reversed(op.operands)):
        inverse = definition(other)
        if inverse is not None and inverse.name == "graph.reciprocal":
            return x, inverse.operands[0]
        if inverse is not None and inverse.name == "graph.div":
            if scalar_of(inverse.operands[0]) == 1.0:
                return x, inverse.operands[1]
    return None


@PATTERNS.add("softmax", "graph.div")
def _softmax(op: Any, match: Match) -> Any:
    """exp(x - max(x)) / sum(exp(x - max(x))) -> softmax(x)."""
    found = _total(op.operands[1])
    if found is None or op.operands[0] != found[1]:
        return None
    z, exp, axis = found
    x = _shifted(z, axis)
    if x is not None and len(users_of(exp.owner)) > 2:
        return match.refuse("the exponentials are read elsewhere")
    return None if x is None else Softmax.build(x, axis=axis)


@PATTERNS.add("softmax-unshifted", "graph.div", "graph.mul", rounding="reassociating")
def _softmax_unshifted(op: Any, match: Match) -> Any:
    """exp(x) / sum(exp(x)) -> softmax(x)."""
    parts = _numerator_and_sum(op)
    found = _total(parts[1]) if parts else None
    if parts is None or found is None or parts[0] != found[1]:
        return None
    z, exp, axis = found
    if len(users_of(exp.owner)) > 2:
        return match.refuse("the exponentials are read elsewhere")
    x = _shifted(z, axis)
    return Softmax.build(z if x is None else x, axis=axis)


@PATTERNS.add("log-softmax", "graph.sub")
def _log_softmax(op: Any, match: Match) -> Any:
    """(x - max(x)) - log(sum(exp(x - max(x)))) -> log_softmax(x)."""
    log = source_if(op.operands[1], "graph.log")
    found = _total(log.operands[0]) if log else None
    if found is None or found[0] != op.operands[0]:
        return None
    x = _shifted(found[0], found[2])
    return None if x is None else Softmax.build(x, axis=found[2], log=True)


@PATTERNS.add("log-softmax-unshifted", "graph.sub", rounding="reassociating")
def _log_softmax_unshifted(op: Any, match: Match) -> Any:
    """x - log(sum(exp(x))), or x - (max(x) + log(sum(exp(x - max(x))))) -> log_softmax(x)."""
    x, norm = op.operands
    parts = [norm]
    if addition := source_if(norm, "graph.add"):
        parts = list(addition.operands)
    for log in parts:
        logarithm = source_if(log, "graph.log")
        found = _total(logarithm.operands[0]) if logarithm else None
        if found is None:
            continue
        z, _, axis = found
        rest = [v for v in parts if v != log]
        maximum = reduction_of(rest[0], "max") if rest else None
        is_plain = not rest and z == x
        is_shifted = bool(maximum) and maximum == (x, [axis]) and _shifted(z, axis) == x
        if is_plain or is_shifted:
            return Softmax.build(x, axis=axis, log=True)
    return None


@PATTERNS.add("log-of-softmax", "graph.log", rounding="reassociating")
def _log_of_softmax(op: Any, match: Match) -> Any:
    """log(softmax(x)) -> log_softmax(x)."""
    inner = source_if(op.operands[0], "graph.softmax")
    if inner is None or inner.opview.log:
        return None
    if len(users_of(inner)) > 1:
        return match.refuse("the softmax is read elsewhere")
    return Softmax.build(inner.operands[0], axis=inner.opview.axis, log=True)
