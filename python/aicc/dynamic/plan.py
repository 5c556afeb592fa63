"""A plan: what one shape of a model runs, as skeletons and numbers; code comes from families."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dynamic.families import Families, Loaded, PlanCode, Table, Unit
from aicc.dynamic.family import word_of
from aicc.dynamic.skeleton import DATA, Slot
from aicc.dynamic.units import Source
from aicc.runtime.alignment import aligned_empty
from aicc.runtime.profile import Interval
from aicc.runtime.program import Argument, Program
from aicc.runtime.roofline import MachineSpeed


@dataclass(frozen=True)
class Plan:
    """One shape: entry points and kernels by name, weights, and what a profile measures."""

    sources: Mapping[str, Source]
    entries: Mapping[str, list[Argument]]
    weights: Mapping[str, Any]
    intervals: Sequence[Interval]
    threads: int
    is_strict: bool


class Tables:
    """The tables of a plan's functions: what their parameters are for this shape."""

    def __init__(self, units: Mapping[str, Unit], families: Families) -> None:
        self.loaded = {name: _found(families, unit) for name, unit in units.items()}
        self._units = units
        self._tables: dict[str, Table] = {}
        self._data: dict[str, np.ndarray[Any, Any]] = {}

    def table(self, name: str) -> Table:
        """The words that the function `name` reads; kernels that it calls come last."""
        if name not in self._tables:
            unit, loaded = self._units[name], self.loaded[name]
            slots = loaded.family.bind(unit.skeleton.slots) or []
            words = [self._word(slot) for slot in slots]
            for called in unit.skeleton.calls:
                words += [self.loaded[called].address, self.table(called).ctypes.data]
            self._tables[name] = np.array(words or [0], np.int64)
        return self._tables[name]

    def _word(self, slot: Slot) -> int:
        if slot.type != DATA:
            return word_of(slot)
        if slot.value not in self._data:
            values = np.array(ir.DenseElementsAttr(ir.Attribute.parse(slot.value)))
            held = aligned_empty(values.shape, values.dtype)
            held[...] = values
            self._data[slot.value] = held
        return int(self._data[slot.value].ctypes.data)


def _found(families: Families, unit: Unit) -> Loaded:
    loaded = families.find(unit)
    assert loaded is not None  # learnt before
    return loaded


def program_of(
    plan: Plan,
    units: Mapping[str, Unit],
    families: Families,
    speed: Callable[[], MachineSpeed] | None = None,
) -> Program:
    """A program that runs the plan on code that `families` have."""
    tables = Tables(units, families)
    entries, weights = {}, dict(plan.weights)
    for name, arguments in plan.entries.items():
        table = tables.table(name)
        given = Argument("weight", f"table of {name}", table.dtype, table.shape)
        entries[name] = [*arguments, given]
        weights[given.name] = table
    kernels = [loaded for name, loaded in tables.loaded.items() if name not in plan.entries]
    code = PlanCode({name: tables.loaded[name] for name in plan.entries}, kernels, tables)
    return Program(code, entries, weights, plan.threads, plan.intervals, plan.is_strict, speed)
