"""Values read as polynomials of others: how the many spellings of one formula are compared.

Exporters write x * 0.5 * (1 + erf(x / sqrt(2))), 0.5 * (x + x * erf(..)), x * (erf(..) + 1) / 2;
as polynomials of x and the erf they are all {x: 0.5, x erf: 0.5}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..dataflow import definition, inline_array, source_if

# Exponents of the atoms -> coefficient; negative exponents come from divisions.
Exponents = tuple[int, ...]
Polynomial = dict[Exponents, float]
ARITHMETIC = ("graph.add", "graph.sub", "graph.mul", "graph.div", "graph.neg", "graph.pow")
# How far a constant may be off: exporters round to the element type, some write six digits.
TOLERANCE = {"f64": 2e-6, "f32": 2e-6, "f16": 1e-3, "bf16": 8e-3}
MAX_DEPTH = 8
MAX_DEGREE = 4


def unexpanded(value: Any) -> Any:
    """The value before it was repeated along dimensions, which most ops do by themselves."""
    op = source_if(value, "graph.expand")
    return value if op is None else op.operands[0]


def scalar_of(value: Any) -> float | None:
    """The number that every element of an inline constant is; None for anything else."""
    array = inline_array(unexpanded(value))
    if array is None or array.size == 0 or array.dtype.kind == "b":
        return None
    first = array.reshape(-1)[0]
    return float(first) if bool(np.all(array == first)) else None


def is_near(actual: float | None, expected: float, element: Any) -> bool:
    """Whether two constants of an element type are meant to be the same."""
    if actual is None:
        return False
    return abs(actual - expected) <= TOLERANCE.get(str(element), 0.0) * abs(expected)


def polynomial_of(value: Any, atoms: Mapping[Any, Exponents], depth: int = 0) -> Polynomial | None:
    """`value` as a polynomial of `atoms`, whose exponents are given; None if it is not one."""
    if value in atoms:
        return {atoms[value]: 1.0}
    variables = len(next(iter(atoms.values())))
    if (number := scalar_of(value)) is not None:
        return {(0,) * variables: number} if number else {}
    op = definition(value)
    if op is None or op.name not in ARITHMETIC or depth > MAX_DEPTH:
        return None
    parts = [polynomial_of(v, atoms, depth + 1) for v in op.operands]
    known = [part for part in parts if part is not None]
    return _COMBINE[op.name](*known) if len(known) == len(parts) else None


def single_atom(value: Any, atom: Any) -> Polynomial | None:
    """`value` as a polynomial of one other value, exponents (n,)."""
    return polynomial_of(value, {atom: (1,)})


def is_polynomial(value: Any, atoms: Sequence[Any], expected: Polynomial) -> bool:
    """Whether `value` is `expected`, atom i having exponent 1 in place i, up to rounding."""
    places = range(len(atoms))
    units = {atom: tuple(int(i == j) for j in places) for i, atom in enumerate(atoms)}
    found = polynomial_of(value, units)
    return found is not None and same_polynomial(found, expected, value.type.element_type)


def same_polynomial(actual: Polynomial, expected: Polynomial, element: Any) -> bool:
    """Whether two polynomials have the same terms, up to the rounding of constants."""
    if actual.keys() != expected.keys():
        return False
    return all(is_near(actual[term], expected[term], element) for term in expected)


def product(lhs: Polynomial, rhs: Polynomial) -> Polynomial | None:
    """lhs * rhs; None beyond the degree that any formula here has."""
    result: Polynomial = {}
    for a, x in lhs.items():
        for b, y in rhs.items():
            term = tuple(i + j for i, j in zip(a, b, strict=True))
            result[term] = result.get(term, 0.0) + x * y
    if any(abs(exponent) > MAX_DEGREE for term in result for exponent in term):
        return None
    return {term: factor for term, factor in result.items() if factor}


def arithmetic_sources(value: Any, depth: int = 5) -> Iterator[Any]:
    """The values that `value` is computed from by +, -, *, / and powers, itself first."""
    level, seen = [value], set()
    for _ in range(depth + 1):
        following = []
        for v in level:
            if v in seen or scalar_of(v) is not None:
                continue
            seen.add(v)
            yield v
            op = definition(v)
            if op is not None and op.name in ARITHMETIC:
                following += list(op.operands)
        level = following


def functions_below(op: Any, name: str) -> Iterator[Any]:
    """The ops `name` that the result of `op` is computed from by arithmetic."""
    for value in arithmetic_sources(op.results[0]):
        if found := source_if(value, name):
            yield found


def _add(lhs: Polynomial, rhs: Polynomial) -> Polynomial:
    result = {term: lhs.get(term, 0.0) + rhs.get(term, 0.0) for term in {**lhs, **rhs}}
    return {term: factor for term, factor in result.items() if factor}


def _negative(x: Polynomial) -> Polynomial:
    return {term: -factor for term, factor in x.items()}


def _quotient(lhs: Polynomial, rhs: Polynomial) -> Polynomial | None:
    """lhs / rhs where rhs is one term."""
    if len(rhs) != 1:
        return None
    ((term, factor),) = rhs.items()
    return product(lhs, {tuple(-i for i in term): 1 / factor})


def _power(base: Polynomial, exponent: Polynomial) -> Polynomial | None:
    """base ** exponent for the exponents 2, 3 and 4."""
    (number,) = exponent.values() if len(exponent) == 1 else (0.0,)
    if any(any(term) for term in exponent) or number not in (2.0, 3.0, 4.0):
        return None
    result: Polynomial | None = base
    for _ in range(int(number) - 1):
        result = product(result, base) if result is not None else None
    return result


_COMBINE: dict[str, Any] = {
    "graph.add": _add,
    "graph.sub": lambda lhs, rhs: _add(lhs, _negative(rhs)),
    "graph.mul": product,
    "graph.div": _quotient,
    "graph.neg": _negative,
    "graph.pow": _power,
}
