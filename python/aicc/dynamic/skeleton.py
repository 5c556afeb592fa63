"""A function of the LLVM dialect without its constants: the part that shapes have in common.

Why: for two shapes of a model, a kernel is the same code with other numbers in it. The numbers are
taken out, one for each place that uses one, so that it does not matter which of them happen to be
equal; values are numbered anew. What is left, equal for both shapes, is compiled once.

    %3 = llvm.mlir.constant(37 : index) : i64         %v1 = llvm.icmp "slt" %v0, § : i64
    %5 = llvm.icmp "slt" %4, %3 : i64            ->   slots: 37 : i64
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass

from aicc.dynamic.descriptors import without_descriptors

SLOT, CALL = "§", "@kernel("
DATA = "data"
_CONSTANT = re.compile(r"\s*%(\w+) = llvm\.mlir\.constant\((.*)\) : (.*)")
_ADDRESS = re.compile(r"\s*%(\w+) = llvm\.mlir\.addressof @([\w.$-]+) : !llvm\.ptr$")
_RESULT = re.compile(r"\s*%(\w+) = (llvm\.[\w.]+)")
_VALUE = re.compile(r"%(\w+)")
_CALLED = re.compile(r"llvm\.call @([\w.$-]+)\(")
_START = re.compile(r"\s*%(\w+) = llvm\.getelementptr (?:inbounds\S* )?%(\w+)\[([0, ]+)\] : .*")
_PLACE = re.compile(
    r"\s*%(\w+) = llvm\.getelementptr (?:inbounds\S* )?%(arg\d+)\[(%?-?\w+)\] : \([^)]*\) -> .*"
)
_ELEMENT = re.compile(r"(.*llvm\.getelementptr .*?)\[([^\]]*)\] : \(([^)]*)\)( -> .*)")
# Without effect: what nobody reads can go.
_PURE = frozenset(
    f"llvm.{name}"
    for name in (
        "add bitcast extractvalue getelementptr icmp insertvalue mlir.addressof mlir.constant"
        " mlir.poison mlir.undef mlir.zero mul ptrtoint inttoptr select sext sub trunc zext"
    ).split()
)


@dataclass(frozen=True)
class Slot:
    """A constant in one place: as MLIR writes it, and its type; DATA for the address of a table.

    `varies`: it is a parameter in any case.
    """

    value: str
    type: str
    varies: bool = False


@dataclass(frozen=True)
class Skeleton:
    """`text` holds SLOT for every constant, and CALL for every kernel that is called."""

    text: str
    slots: tuple[Slot, ...]
    calls: tuple[str, ...]


def skeleton_of(text: str, tables: Mapping[str, str], kernels: Container[str]) -> Skeleton:
    """The skeleton of an llvm.func.

    `tables`: constant globals by name, as dense attributes; `kernels`: the names of functions that
    are called through a table.
    """
    lines = _without_dead(text.splitlines())
    early = _used_early(lines)
    lines = _without_dead(without_descriptors(lines, early))
    reader = _Reader(tables, kernels, early)
    kept = [line for found in map(reader.read, lines) for line in found]
    return Skeleton("\n".join(kept), tuple(reader.slots), tuple(reader.calls))


def _plain_elements(line: str) -> str:
    """Constant indices of an address become operands like others: `%p[4]` is `%p[4 : i64]`."""
    match = _ELEMENT.fullmatch(line) if "getelementptr" in line else None
    if match is None or "struct" in match[4]:
        return line
    head, indices, types, rest = match.groups()
    names = [name.strip() for name in indices.split(",")]
    own, *given = [type_.strip() for type_ in types.split(",")]
    all_types = [given.pop(0) if name.startswith("%") else "i64" for name in names]
    marked = [name if name.startswith("%") else f"{SLOT}{name};" for name in names]
    return f"{head}[{', '.join(marked)}] : ({', '.join([own, *all_types])}){rest}"


def _without_dead(lines: list[str]) -> list[str]:
    """Memory descriptors leave a trail of values that nothing reads."""
    names = [_VALUE.findall(line) for line in lines]
    uses = Counter(name for found in names for name in found)
    results = [_RESULT.match(line) for line in lines]
    for match in results:
        if match:
            uses[match[1]] -= 1
    alive = [True] * len(lines)
    is_done = False
    while not is_done:
        is_done = True
        for i in range(len(lines) - 1, -1, -1):
            match = results[i]
            if match and alive[i] and not uses[match[1]] and match[2] in _PURE:
                alive[i] = is_done = False
                uses.subtract(names[i][1:])
    return [line for line, is_alive in zip(lines, alive, strict=True) if is_alive]


def _used_early(lines: list[str]) -> set[str]:
    """Values that a line above their definition reads; blocks may stand in any order."""
    early: set[str] = set()
    seen: set[str] = set()
    for line in lines:
        match = _RESULT.match(line)
        names = _VALUE.findall(line)
        if match and match[1] in seen:
            early.add(match[1])
        seen.update(names)
    return early


class _Reader:
    """Takes the constants out, line by line, and numbers the other values.

    Addresses at a constant distance of an argument are made anew wherever they are used: two
    buffers that happen to begin at one place are no less two.
    """

    def __init__(self, tables: Mapping[str, str], kernels: Container[str], early: set[str]) -> None:
        self.slots: list[Slot] = []
        self.calls: list[str] = []
        self._tables, self._kernels, self._early = tables, kernels, early
        self._constants: dict[str, Slot] = {}
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._made = 0

    def read(self, line: str) -> list[str]:
        """What stands for the line: nothing for one that defines a constant."""
        result = _RESULT.match(line)
        if result:
            self._constants.pop(result[1], None)
            self._addresses.pop(result[1], None)
        if result and result[1] not in self._early and self._is_known(line, result[1]):
            return []
        if "llvm.call @" in line:
            line = _CALLED.sub(self._called, line)
        plain = _plain_elements(line)
        if not self._addresses:
            return [self._renamed(plain)]
        head, equals, rest = plain.partition(" = ") if result else ("", "", plain)
        lines: list[str] = []
        made: dict[str, str] = {}

        def placed(match: re.Match[str]) -> str:
            address = self._addresses.get(match[1])
            if address is None:
                return match[0]
            if match[1] not in made:
                self._made += 1
                made[match[1]] = f"made{self._made}"
                lines.append(self._renamed(f"%{made[match[1]]} = {address}"))
            return f"%{made[match[1]]}"

        rest = _VALUE.sub(placed, rest)
        return [*lines, self._renamed(head + equals + rest)]

    def _is_known(self, line: str, name: str) -> bool:
        """Whether a line defines a constant or an address, which is remembered."""
        match = _CONSTANT.fullmatch(line)
        if match:
            self._constants[name] = _slot(match[2], match[3])
            return True
        match = _ADDRESS.fullmatch(line)
        if match and match[2] in self._tables:
            self._constants[name] = Slot(self._tables[match[2]], DATA)
            return True
        if "getelementptr" not in line:
            return False
        match = _START.fullmatch(line)
        if match and self._is_table(match[2]):
            self._constants[name] = self._constants[match[2]]
            return True
        return self._is_place(line, name)

    def _is_place(self, line: str, name: str) -> bool:
        """Whether a line is an address at a constant distance of an argument."""
        match = _PLACE.fullmatch(line)
        if match is None or "struct" in line or "array" in line:
            return False
        index = match[3]
        if index.startswith("%") and index[1:] not in self._constants:
            return False
        self._addresses[name] = _plain_elements(line.partition(" = ")[2])
        return True

    def _is_table(self, name: str) -> bool:
        return name in self._constants and self._constants[name].type == DATA

    def _renamed(self, line: str) -> str:
        return re.sub(rf"%(\w+)|{SLOT}(-?\d+);", self._one, line)

    def _called(self, match: re.Match[str]) -> str:
        if match[1] not in self._kernels:
            return match[0]
        self.calls.append(match[1])
        return f"llvm.call {CALL}"

    def _one(self, match: re.Match[str]) -> str:
        name = match[1]
        slot = self._constants.get(name) if name else Slot(f"{match[2]} : i64", "i64")
        if slot:
            self.slots.append(slot)
            return SLOT
        return "%" + self._names.setdefault(name, f"v{len(self._names)}")


def _slot(value: str, type_: str) -> Slot:
    return Slot(value.removesuffix("index") + "i64" if value.endswith(": index") else value, type_)
