"""Objects for a module: from the cache, or compiled unit by unit, in workers if there are some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc import fingerprint
from aicc.cache import UNITS, Cache, key_of
from aicc.codegen.emit import Emitter
from aicc.codegen.units import split, whole
from aicc.codegen.workers import Workers
from aicc.diagnostics import LoweringError
from aicc.phases import Lowering, phase_of


def objects_of(module: Any, cache: Cache, workers: Workers | None = None) -> list[bytes]:
    """The objects of a module at phase "buffers" or later, to be loaded together.

    The current Context must be the module's. The same module gives the same objects, whoever
    compiles them. Raises LoweringError.
    """
    units = split(module) if phase_of(module) == "buffers" else [whole(module)]
    try:
        return compiled([unit.text for unit in units], cache, workers)
    except LoweringError:
        # Units have no locations. The whole module has: it fails with the name of the node.
        Lowering().lower(module, "llvm")
        raise


def compiled(texts: Sequence[str], cache: Cache, workers: Workers | None) -> list[bytes]:
    """The objects of units, in their order."""
    keys = [unit_key(text) for text in texts] if cache.folder else [""] * len(texts)
    found = [cache.get(UNITS, key) for key in keys]
    missing = [i for i, data in enumerate(found) if data is None]
    emitter = Emitter()
    absent = [texts[i] for i in missing]
    made = (
        workers.compile(absent, emitter.object_of)
        if workers
        else [emitter.object_of(text) for text in absent]
    )
    for i, data in zip(missing, made, strict=True):
        found[i] = data
        cache.put(UNITS, keys[i], data)
    cache.trim()
    return [data for data in found if data is not None]


def unit_key(text: str) -> str:
    """What an object depends on: its unit, the compiler, the machine."""
    return key_of("unit", fingerprint.compiler(), fingerprint.machine(), text)
