"""Rewrites of graph ops as named patterns, applied until none changes anything.

    PATTERNS = PatternSet("simplify-algebra")

    @PATTERNS.add("double-negation", "graph.neg")
    def _double_negation(op, match):
        \"\"\"-(-x) -> x.\"\"\"
        inner = source_if(op.operands[0], "graph.neg")
        return inner and inner.operands[0]

    @register_pass("simplify-algebra")
    def run(module, *, disable: list[str] = []):
        PATTERNS.apply(module, disable)

A pattern gets an op and returns the value that replaces its result (a list for several results),
or None. It builds new ops where it stands (before the op) and erases nothing: ops that nobody reads
are dropped after each round. What it found and could not rewrite it says by
`return match.refuse("the product is read elsewhere")`; `passes/statistics.py` counts both.

Floating point: an "exact" pattern keeps every result bit for bit (payloads of NaNs aside); a
"reassociating" one changes rounding only and is off under `aicc.strict_fp`; an "unsafe" one may
lose NaN, infinities or much precision and is on under `aicc.unsafe_fp` alone. "Rounding only" is
meant for the formula: near the ends of the number range an intermediate result may overflow or
underflow where it did not (or no longer), and a zero may change its sign. A name listed in the
module attribute `aicc.disabled_patterns`, or in a pass's option `disable`, is never tried.

`listed_patterns` gives the patterns of all pass modules imported so far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

from aicc._mlir import ir
from aicc.dialects.graph.types import is_float
from aicc.passes.registry import PassFailure, emit_warning
from aicc.passes.static_values import StaticValues
from aicc.passes.statistics import count_applied, count_refused

from .dataflow import body_of, erase_dead, graph_functions, is_used, ops_of

Rounding = Literal["exact", "reassociating", "unsafe"]
Rewrite = TypeVar("Rewrite", bound=Callable[[Any, "Match"], Any])
MAX_ROUNDS = 20
_sets: list[PatternSet] = []


@dataclass(frozen=True)
class Pattern:
    """One rewrite; `ops` are the names of the ops it may start at.

    `exact_on_integers`: where neither operands nor results are floats, the class does not matter.
    """

    name: str
    ops: tuple[str, ...]
    rounding: Rounding
    rewrite: Callable[[Any, Match], Any]
    exact_on_integers: bool = False

    @property
    def doc(self) -> str:
        """First line of the rewrite's docstring."""
        return (self.rewrite.__doc__ or "").strip().split("\n", 1)[0]


class Match:
    """What a pattern may ask besides its op; one per function and round."""

    def __init__(self, pass_name: str, function: Any) -> None:
        self._pass_name = pass_name
        self.function = function
        self.pattern = ""
        self.allowed = allowed_rounding(function.operation.parent)

    @cached_property
    def static(self) -> StaticValues:
        """`value in match.static`: it depends on weights and constants alone."""
        return StaticValues(self.function)

    def refuse(self, reason: str) -> None:
        """The pattern's shape is there, but the rewrite would be wrong or no gain."""
        count_refused(self._pass_name, self.pattern, reason)


class PatternSet:
    """The patterns of one pass, in the order in which they are tried."""

    def __init__(self, pass_name: str) -> None:
        self.pass_name = pass_name
        self.patterns: list[Pattern] = []
        _sets.append(self)

    def add(
        self,
        name: str,
        *ops: str,
        rounding: Rounding = "exact",
        exact_on_integers: bool = False,
    ) -> Callable[[Rewrite], Rewrite]:
        """Register `rewrite(op, match)` as pattern `name` for ops of these names."""

        def decorate(rewrite: Rewrite) -> Rewrite:
            self._append(Pattern(name, ops, rounding, rewrite, exact_on_integers))
            return rewrite

        return decorate

    def include(self, *families: PatternSet) -> None:
        """Append the patterns of other sets: a pass may spread its patterns over modules."""
        for family in families:
            for pattern in family.patterns:
                self._append(pattern)

    def _append(self, pattern: Pattern) -> None:
        if any(p.name == pattern.name for p in self.patterns):
            raise ValueError(f"pattern '{pattern.name}' is in '{self.pass_name}' already")
        self.patterns.append(pattern)

    def apply(
        self, module: Any, disable: Sequence[str] = (), *, max_rounds: int = MAX_ROUNDS
    ) -> bool:
        """Rewrite the graph functions of `module` until nothing changes; True if anything did."""
        by_op = self._by_op(module, disable)
        changed = False
        for function in graph_functions(module):
            rounds = [True]
            while rounds[-1] and len(rounds) <= max_rounds:
                rounds.append(self._round(function, by_op))
            if rounds[-1]:
                emit_warning(function, f"{self.pass_name} stopped after {max_rounds} rounds")
            changed |= any(rounds[1:])
        return changed

    def _by_op(self, module: Any, disable: Sequence[str]) -> dict[str, list[Pattern]]:
        """The patterns that may run, by the name of the op they start at."""
        known = {p.name for p in self.patterns}
        if unknown := sorted(set(disable) - known):
            raise PassFailure(f"no pattern '{unknown[0]}' (known: {', '.join(sorted(known))})")
        off = {*disable, *disabled_patterns(module)}
        allowed = allowed_rounding(module)
        table: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            runs = pattern.rounding in allowed or pattern.exact_on_integers
            if pattern.name not in off and runs:
                for op in pattern.ops:
                    table.setdefault(op, []).append(pattern)
        return table

    def _round(self, function: Any, by_op: dict[str, list[Pattern]]) -> bool:
        """Try every op once, in program order."""
        block, match, changed = body_of(function), Match(self.pass_name, function), False
        for op in ops_of(block):
            if op.name in by_op and is_used(op):
                changed |= self._rewrite(op, by_op[op.name], match)
        # whether or not a pattern applied: what others left unread is not worth matching
        erase_dead(block)
        return changed

    def _rewrite(self, op: Any, patterns: Sequence[Pattern], match: Match) -> bool:
        # entered once per op, since that costs as much as trying several patterns
        with ir.InsertionPoint(op), op.location:
            found = self._first(op, patterns, match)
        if found is None:
            return False
        values = found if isinstance(found, list) else [found]
        for result, value in zip(op.results, values, strict=True):
            result.replace_all_uses_with(value)
        count_applied(self.pass_name, match.pattern)
        return True

    def _first(self, op: Any, patterns: Sequence[Pattern], match: Match) -> Any:
        """What the first pattern that applies puts in the op's place, else None."""
        for pattern in patterns:
            if pattern.rounding not in match.allowed and _has_floats(op):
                continue
            match.pattern = pattern.name
            if (found := pattern.rewrite(op, match)) is not None:
                return found
        return None


def listed_patterns() -> list[tuple[str, Pattern]]:
    """(pass, pattern) of all pass modules imported so far, by pass and then as they are tried."""
    found: dict[tuple[str, str], Pattern] = {}
    # the latest first: it holds the families it includes, in its order, and what it redefines
    for one in reversed(_sets):
        for pattern in one.patterns:
            found.setdefault((one.pass_name, pattern.name), pattern)
    passes = sorted({pass_name for pass_name, _ in found})
    return [(name, p) for name in passes for (owner, _), p in found.items() if owner == name]


def _has_floats(op: Any) -> bool:
    values = [*op.operands, *op.results]
    return any(is_float(value.type.element_type) for value in values)


def disabled_patterns(module: Any) -> list[str]:
    """The names in the module's attribute `aicc.disabled_patterns`."""
    attributes = module.operation.attributes
    if "aicc.disabled_patterns" not in attributes:
        return []
    return [name.value for name in ir.ArrayAttr(attributes["aicc.disabled_patterns"])]


def allowed_rounding(module: Any) -> tuple[Rounding, ...]:
    """The classes of patterns that the module's floating-point policy allows."""
    attributes = module.operation.attributes
    if "aicc.strict_fp" in attributes:
        return ("exact",)
    unsafe = "aicc.unsafe_fp" in attributes
    return ("exact", "reassociating", "unsafe") if unsafe else ("exact", "reassociating")
