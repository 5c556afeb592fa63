"""Programs of a dynamic build: a plan for every shape, on code that all shapes share.

The first shape decides little: a few others are planned beside it, and what differs between
them becomes a parameter of the code. A shape that comes later is planned, and runs on the code that
is there. Where it does not fit (an operator that goes away at some size, a value that nobody saw
change) the functions concerned are compiled again, and counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from aicc.benchmarking.machine_speed import machine_speed
from aicc.cache import Cache
from aicc.diagnostics import AiccError
from aicc.dynamic.families import Families
from aicc.dynamic.plan import Plan, program_of
from aicc.dynamic.samples import Sizes, alone, corners, free_symbols, multiples, together
from aicc.dynamic.units import Units
from aicc.runtime.prepared import Prepared
from aicc.runtime.program import Program

SAMPLES = 2  # other shapes planned beside the one given
PlanFor = Callable[[Sizes], Plan | None]


class Builder:
    """What the shapes of one model share: code, and arrays made of weights."""

    def __init__(self) -> None:
        self.families = Families()
        self.units = Units()
        self._prepared = Prepared()
        self._behind: Builder | None = None

    @property
    def behind(self) -> Builder:
        """The builder of the stage behind a value that decides shapes."""
        if self._behind is None:
            self._behind = Builder()
        return self._behind

    @property
    def compile_count(self) -> int:
        """How often machine code had to be made; one that comes in stages is one."""
        again = max(0, self._behind.compile_count - 1) if self._behind else 0
        return self.families.compile_count + again

    def program(self, plan: Plan, sizes: Sizes, plan_for: PlanFor, cache: Cache) -> Program:
        """The program of `plan`; `plan_for` plans other shapes, or raises an AiccError."""
        units = {} if not self.families.compile_count else self.units.resolved(plan.sources)
        if not units or any(self.families.find(unit) is None for unit in units.values()):
            self._compile(plan, sizes, plan_for, cache)
            units = self.units.resolved(plan.sources)
        speed = partial(machine_speed, plan.threads, cache)
        program = program_of(plan, units, self.families, speed)
        program.share(self._prepared)
        return program

    def _compile(self, plan: Plan, sizes: Sizes, plan_for: PlanFor, cache: Cache) -> None:
        """All corners when nothing is known yet, else the one that is new."""
        is_first = not self.families.compile_count
        bases: list[Plan] = []
        others: list[Plan] = []
        for corner in corners(sizes) if is_first else [dict(sizes)]:
            base = plan if corner == sizes else _planned(plan_for, corner)
            if base is not None:
                beside = _beside(plan_for, corner, SAMPLES)
                self.units.compare([p.sources for p in (base, *beside)])
                bases.append(base)
                others += beside
        units = [self.units.resolved(plan.sources).values() for plan in (*bases, *others)]
        self.families.learn(list(itertools.chain.from_iterable(units)), cache)


def _beside(plan_for: PlanFor, sizes: Sizes, count: int) -> list[Plan]:
    """Up to `count` plans of other shapes with the same symbols of size one.

    Where no shape is valid that changes all symbols freely, multiples of the sizes and changes
    of single symbols tell what hangs on what.
    """
    if not free_symbols(sizes):
        return []
    found = list(itertools.islice(_valid(plan_for, together(sizes)), count))
    if found:
        return found
    found = list(itertools.islice(_valid(plan_for, multiples(sizes)), count))
    changes: list[dict[str, int]] = [{} for _ in range(count)]
    for name, others in alone(sizes).items():
        tried = ((p, s) for s in others if (p := _planned(plan_for, {**sizes, name: s})))
        for change, (plan, size) in zip(changes, tried, strict=False):
            change[name] = size
            found.append(plan)
    joint = [{**sizes, **change} for change in changes if len(change) > 1]
    return found + list(_valid(plan_for, joint))


def _valid(plan_for: PlanFor, shapes: Iterable[Sizes]) -> Iterator[Plan]:
    return (plan for one in shapes if (plan := _planned(plan_for, one)) is not None)


def _planned(plan_for: PlanFor, sizes: Sizes) -> Plan | None:
    try:
        return plan_for(sizes)
    except AiccError:
        return None  # not a shape of this model
