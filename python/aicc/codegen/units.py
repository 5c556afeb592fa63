"""Splits a module at phase "buffers" into units, which are compiled, cached and linked one by one.

Why: passes and LLVM cost more than linearly in a large module, units can be compiled side by side,
and a kernel that another model has too comes from the cache. A kernel is self-contained by now: a
private function on memrefs, and the constants it names.

    func @main { call @conv_1; call @conv_2 }    ->  [@main, decl @conv_1, decl @conv_2]
    func private @conv_1 { .. }                      [@conv_1, its globals]
    func private @conv_2 { .. }                      [@conv_2, its globals]

A unit is text, which holds all that its object depends on and nothing else: no locations, and
globals are renamed in the order of their use. The same kernel is the same text in any model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.passes.signature import is_kernel

# An object costs 15-20 ms whatever is in it (LLVM's set-up, our passes): kernels whose text is
# below TINY bytes share units of about SHARED kernels, and a module below WHOLE stays in one piece.
TINY = 3000
SHARED = 8
WHOLE = 6000
_NAME = re.compile(r'@("[^"]*"|[\w.$-]+)')
# What the module says that no later phase reads.
_LEFT_OUT = ("aicc.disabled_patterns", "aicc.entry_points", "aicc.intervals", "aicc.profile")


@dataclass(frozen=True)
class Unit:
    """The text of a module of its own, and the functions it defines."""

    functions: tuple[str, ...]
    text: str


def split(module: Any) -> list[Unit]:
    """The units of a module at phase "buffers"; the first one holds its public functions."""
    operations = module.operation.regions[0].blocks[0].operations
    if any("sym_name" not in view.operation.attributes for view in operations):
        return [whole(module)]  # written by hand; nothing can tell what belongs together
    symbols = _Symbols(module)
    public = [name for name, op in symbols.functions.items() if not is_kernel(op)]
    kernels = {name: symbols.printed(op) for name, op in symbols.functions.items() if is_kernel(op)}
    if sum(map(len, kernels.values())) < WHOLE:
        return [symbols.unit([*public, *kernels])]
    groups = [public, *([name] for name, text in kernels.items() if len(text) >= TINY)]
    groups += shared_groups({name: text for name, text in kernels.items() if len(text) < TINY})
    return [symbols.unit(group) for group in groups]


def separate(module: Any) -> list[Unit]:
    """Each function of a module at phase "buffers" as a unit of its own."""
    symbols = _Symbols(module)
    return [symbols.unit([name]) for name in symbols.functions]


def whole(module: Any) -> Unit:
    """The module as one unit, whatever its phase."""
    return Unit((), str(module.operation.get_asm(assume_verified=True)))


def shared_groups(kernels: dict[str, str]) -> Iterator[list[str]]:
    """Small kernels together. Contents decide where groups end: a changed kernel changes one."""
    group: list[str] = []
    for name, text in sorted(kernels.items()):
        group.append(name)
        if hashlib.sha256(text.encode()).digest()[0] % SHARED == 0:
            yield group
            group = []
    if group:
        yield group


class _Symbols:
    """A module's symbols, by name: functions with a body, and what can be copied into any unit."""

    def __init__(self, module: Any) -> None:
        self.functions: dict[str, Any] = {}
        self._globals: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        # a global is printed as part of its whole module, whose functions take long to number
        few = ir.Module.create()
        with ir.InsertionPoint(few.body):
            for view in module.operation.regions[0].blocks[0].operations:
                op = view.operation
                if op.name == "func.func" and op.regions[0].blocks:
                    self.functions[view.name.value] = view
                else:
                    op.clone()
        for view in few.body.operations:
            op = view.operation
            self._globals[op.attributes["sym_name"].value] = _text(op)
        attributes = module.operation.attributes
        kept = {name: attributes[name] for name in attributes if name not in _LEFT_OUT}
        self._header = f"module attributes {ir.DictAttr.get(kept)} {{\n"

    def printed(self, function: Any) -> str:
        """The text of a function, printed once."""
        name = function.name.value
        if name not in self._texts:
            self._texts[name] = _text(function.operation)
        return self._texts[name]

    def unit(self, names: list[str]) -> Unit:
        """The unit that defines the functions `names`."""
        body = "\n".join(self.printed(self.functions[name]) for name in names)
        used = list(dict.fromkeys(name.strip('"') for name in _NAME.findall(body)))
        declared = [self._declaration(n) for n in used if n in self.functions and n not in names]
        new_names = {n: f"global_{i}" for i, n in enumerate(n for n in used if self._is_data(n))}
        copied = [self._globals[name] for name in used if name in self._globals]
        text = "\n".join([*copied, *declared, body])

        def renamed(match: re.Match[str]) -> str:
            return "@" + new_names.get(match[1].strip('"'), match[1])

        return Unit(tuple(names), f"{self._header}{_NAME.sub(renamed, text)}\n}}\n")

    def _is_data(self, name: str) -> bool:
        return self._globals.get(name, "").startswith("memref.global")

    def _declaration(self, name: str) -> str:
        return f'func.func private @"{name}"{self.functions[name].type}'


def _text(op: Any) -> str:
    """An op's text; without the local scope, each function would number the whole module anew."""
    return str(op.get_asm(assume_verified=True, use_local_scope=True))
