"""The machine code of a dynamic build: families by skeleton, compiled when one is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from aicc.cache import Cache
from aicc.codegen.objects import compiled
from aicc.codegen.workers import Workers, jobs
from aicc.diagnostics import LoweringError
from aicc.dynamic.family import Family, family_of
from aicc.dynamic.skeleton import Skeleton
from aicc.runtime.code import Code

SYMBOL = "code"
# A worker takes 0.2 s of a core to start: as long as it takes to compile some ten kernels.
UNITS_PER_WORKER = 16


@dataclass(frozen=True)
class Unit:
    """A function of a plan: its skeleton, and the module it needs around it."""

    skeleton: Skeleton
    header: str
    declarations: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Units of equal keys may share code."""
        return self.header, self.declarations, self.skeleton.text


@dataclass
class Loaded:
    """A family's code in memory."""

    family: Family
    code: Code

    @property
    def address(self) -> int:
        """Of the function as kernels are called."""
        address = self.code.symbol(SYMBOL)
        if address is None:
            raise LoweringError("the code of a family does not define it")
        return address


@dataclass
class Families:
    """All families of one model. `compile_count`: how often code had to be made."""

    compile_count: int = 0
    _known: dict[tuple[str, str, str], list[Loaded]] = field(default_factory=dict)

    def find(self, unit: Unit) -> Loaded | None:
        """The code that a unit can run on."""
        for loaded in self._known.get(unit.key, ()):
            if loaded.family.bind(unit.skeleton.slots) is not None:
                return loaded
        return None

    def learn(self, units: Sequence[Unit], cache: Cache) -> None:
        """Compile what these units lack; what differs between those of equal keys varies."""
        keys = {unit.key for unit in units if self.find(unit) is None}
        if not keys:
            return
        missing: dict[tuple[str, str, str], list[Skeleton]] = {}
        for unit in units:
            if unit.key in keys:
                missing.setdefault(unit.key, []).append(unit.skeleton)
        made = {key: self._family(key, samples) for key, samples in missing.items()}
        texts = [_module(key, family) for key, family in made.items()]
        self.compile_count += 1
        count = min(jobs() - 1, len(texts) // UNITS_PER_WORKER)
        if count > 0:
            with Workers(count) as workers:
                objects = compiled(texts, cache, workers)
        else:
            objects = compiled(texts, cache, None)
        for (key, family), data in zip(made.items(), objects, strict=True):
            self._known.setdefault(key, []).insert(0, Loaded(family, Code([data])))

    def _family(self, key: tuple[str, str, str], samples: Sequence[Skeleton]) -> Family:
        """Wide enough for the samples, and for what the families before it were made for."""
        before = [loaded.family.skeleton for loaded in self._known.get(key, ())]
        return family_of(list(dict.fromkeys([*samples, *before])))


def _module(key: tuple[str, str, str], family: Family) -> str:
    header, declarations, _ = key
    return f"{header}{declarations}\n{family.text()}\n}}\n"


class PlanCode:
    """The code of one plan as `Program` takes it: entry points by name."""

    def __init__(
        self, entries: Mapping[str, Loaded], kernels: Sequence[Loaded], tables: object
    ) -> None:
        self._entries = dict(entries)
        # kept in memory as long as the plan is
        self._kernels = list(kernels)
        self._tables = tables

    @property
    def objects(self) -> list[bytes]:
        """The objects of all functions, each once."""
        every = [*self._entries.values(), *self._kernels]
        return list({id(one.code): one.code.objects[0] for one in every}.values())

    def held(self) -> dict[int, int]:
        """Address -> bytes of the objects, which are mapped a second time as code."""
        return {id(one): 2 * len(one) for one in self.objects}

    def address(self, name: str) -> int:
        """Of `void f(void **arguments)` for a public function."""
        return self._entries[name].code.address(SYMBOL)


Table = np.ndarray[tuple[int], np.dtype[np.int64]]
