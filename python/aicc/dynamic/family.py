"""A family: one skeleton, and which of its constants are parameters; one piece of machine code.

Parameters come from a table of 8-byte words that every call is given: constants that were seen to
differ between shapes. Those that were equal in all shapes seen share a word. All others stay in the
code, so that LLVM sees unit strides and the sizes of tiles. Whether a plan is of a family is
checked constant by constant; a family never runs with numbers that are not its own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from aicc.dynamic.skeleton import CALL, DATA, SLOT, Skeleton, Slot

WORD = 8
# Constants that were equal for so many different sizes are taken for one.
EVIDENCE = 3
# What may be loaded from a table. Truth values and vectors stay in the code.
_INTEGERS = {f"i{bits}": bits for bits in (8, 16, 32, 64)}
_FLOATS = {"f16": "<e", "f32": "<f", "f64": "<d"}
_VECTOR = re.compile(r"vector<(\d+)x(\w+)>")
_SPLAT = re.compile(r"dense<([^\[\]\"]+)> : vector<.*>")
_MASK = re.compile(r"dense<\[((?:true|false)(?:, (?:true|false))*)\]> : vector<.*>")
_USUAL = ("0 : i64", "1 : i64", "-1 : i64")
_CALLED = re.compile(rf"(.*)llvm\.call {re.escape(CALL)}(.*)\) : \((.*)\) -> (.*)")


@dataclass(frozen=True)
class Family:
    """For each slot: the number of its parameter, or -1; and the constants that are fixed."""

    skeleton: Skeleton
    parameters: tuple[int, ...]

    @property
    def words(self) -> int:
        """Parameters; the words of the kernels that are called come behind them."""
        return max(self.parameters, default=-1) + 1

    def bind(self, slots: Sequence[Slot]) -> list[Slot] | None:
        """What each parameter is for these constants; None if they are of another family."""
        found: list[Slot | None] = [None] * self.words
        for own, given, parameter in zip(self.skeleton.slots, slots, self.parameters, strict=True):
            if parameter < 0:
                if own != given:
                    return None
            elif found[parameter] is None:
                found[parameter] = given
            elif found[parameter] != given:
                return None
        return [slot for slot in found if slot is not None]

    def text(self) -> str:
        """The unit to compile: a module in the LLVM dialect that defines `@code`."""
        fixed: dict[Slot, str] = {}
        names = []
        for slot, parameter in zip(self.skeleton.slots, self.parameters, strict=True):
            fixed_name = "" if parameter >= 0 else fixed.setdefault(slot, f"%f{len(fixed)}")
            names.append(fixed_name or f"%p{parameter}")
        lines = iter(self.skeleton.text.split("\n"))
        made = [_with_table(next(lines)), *self._loads(), *_constants(fixed)]
        slots = iter(names)
        words = self.words
        for line in lines:
            line = re.sub(SLOT, lambda _: next(slots), line)
            match = _CALLED.fullmatch(line) if CALL in line else None
            if match:
                made += _called(match, words)
                words += 2
            else:
                made.append(line)
        return "\n".join(made)

    def _loads(self) -> list[str]:
        kinds: dict[int, Slot] = {}
        for slot, parameter in zip(self.skeleton.slots, self.parameters, strict=True):
            kinds.setdefault(parameter, slot)
        return [line for p in range(self.words) for line in _parameter(p, kinds[p])]


def family_of(samples: Sequence[Skeleton]) -> Family:
    """The family of skeletons of equal text: what differs between them is a parameter.

    One sample alone tells nothing: all its sizes are parameters then. So are all numbers of
    functions that call kernels, which are places in the arena: where buffers lie follows no rule,
    and costs nothing.
    """
    calls = bool(samples[0].calls)
    numbers: dict[object, int] = {}
    parameters = []
    for i, column in enumerate(zip(*(s.slots for s in samples), strict=True)):
        is_free = _is_free(column, calls)
        key: object = i if calls or len(set(column)) < EVIDENCE else column
        parameters.append(numbers.setdefault(key, len(numbers)) if is_free else -1)
    return Family(samples[0], tuple(parameters))


def _is_free(column: Sequence[Slot], calls: bool) -> bool:
    """Whether a constant is a parameter; `column`: what it is in each sample."""
    first = column[0]
    if first.type == DATA or first.varies:
        return True
    if calls:
        return all(map(is_word, column))
    if len(column) == 1:
        return first.type == "i64" and first.value not in _USUAL
    return any(slot != first for slot in column) and all(map(is_word, column))


def is_word(slot: Slot) -> bool:
    """True for constants that a table can hold: numbers, their splats, and masks."""
    return slot.type == DATA or _scalar(slot) is not None


def word_of(slot: Slot) -> int:
    """A constant as the 8 bytes, little endian, that a load of its type reads."""
    type_, number = _scalar(slot) or ("", "")
    if type_ in _INTEGERS:
        return int(number)
    if number.startswith("0x"):
        return _signed(int(number, 16))
    if type_ == "bf16":  # the upper half of the same number in f32
        return int(struct.unpack("<I", struct.pack("<f", float(number)))[0]) >> 16
    data = struct.pack(_FLOATS[type_], float(number))
    return int.from_bytes(data.ljust(WORD, b"\0"), "little", signed=True)


def _scalar(slot: Slot) -> tuple[str, str] | None:
    """What the table holds for a constant: a type, and a number of it as text."""
    vector = _VECTOR.fullmatch(slot.type)
    type_ = vector[2] if vector else slot.type
    if vector and type_ == "i1" and int(vector[1]) in _INTEGERS.values():
        return f"i{vector[1]}", str(_mask_bits(slot.value, int(vector[1])))
    if type_ not in _INTEGERS and type_ not in _FLOATS and type_ != "bf16":
        return None
    if vector is None:
        return type_, slot.value.split(" : ")[0]
    splat = _SPLAT.fullmatch(slot.value)
    return (type_, splat[1]) if splat else None


def _mask_bits(value: str, lanes: int) -> int:
    """A vector of truth values as LLVM keeps it in memory, the first lane in the lowest bit."""
    splat, mask = _SPLAT.fullmatch(value), _MASK.fullmatch(value)
    words = mask[1].split(", ") if mask else [splat[1] if splat else "false"] * lanes
    bits = sum((word == "true") << i for i, word in enumerate(words))
    return bits - (1 << lanes) if bits >> (lanes - 1) else bits


def _signed(bits: int) -> int:
    return bits - (1 << 64) if bits >> 63 else bits


def _with_table(header: str) -> str:
    before, brace, attributes = header.rpartition(") attributes {")
    if not brace:
        before, brace, attributes = header.rpartition(") {")
    comma = "" if before.endswith("(") else ", "
    return f"{before}{comma}%table: !llvm.ptr {{llvm.noalias, llvm.readonly}}{brace}{attributes}"


def _constants(fixed: dict[Slot, str]) -> list[str]:
    return [
        f"{name} = llvm.mlir.constant({slot.value}) : {slot.type}" for slot, name in fixed.items()
    ]


def _load(name: str, word: int, type_: str, kind: str = "") -> list[str]:
    address = f"%a{word}"
    return [
        f"{address} = llvm.getelementptr %table[{word}] : (!llvm.ptr) -> !llvm.ptr, i64",
        f"{name} = llvm.load {address} {kind}: !llvm.ptr -> {type_}",
    ]


def _parameter(number: int, slot: Slot) -> list[str]:
    """A parameter from its word: a number, a mask, or a number in all lanes."""
    name, scalar = f"%p{number}", _scalar(slot)
    vector = _VECTOR.fullmatch(slot.type)
    if scalar is None or vector is None or vector[2] == "i1":
        type_ = "!llvm.ptr" if slot.type == DATA else slot.type
        return _load(name, number, type_, "invariant ")
    type_, lanes = slot.type, ", ".join("0" for _ in range(int(vector[1])))
    return [
        *_load(f"%s{number}", number, scalar[0], "invariant "),
        f"%u{number} = llvm.mlir.poison : {type_}",
        f"%z{number} = llvm.mlir.constant(0 : i64) : i64",
        f"%i{number} = llvm.insertelement %s{number}, %u{number}[%z{number} : i64] : {type_}",
        f"{name} = llvm.shufflevector %i{number}, %u{number} [{lanes}] : {type_}",
    ]


def _called(match: re.Match[str], word: int) -> list[str]:
    """A call through the table: the address of the code, then that of its own table."""
    before, operands, types, result = match.groups()
    code, table = f"%c{word}", f"%t{word}"
    operands = f"{operands}, {table}" if operands else table
    types = f"{types}, !llvm.ptr" if types else "!llvm.ptr"
    return [
        *_load(code, word, "!llvm.ptr"),
        *_load(table, word + 1, "!llvm.ptr"),
        f"{before}llvm.call {code}({operands}) : !llvm.ptr, ({types}) -> {result}",
    ]
