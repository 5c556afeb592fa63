"""Reads the object code that runs: functions, their instructions, and their innermost loops."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import capstone

_FUNCTION, _UNDEFINED = 2, 0
_JUMP = re.compile(r"j[a-z]+")


@dataclass(frozen=True)
class Instruction:
    """`text` in Intel syntax; `is_evex`: encoded for AVX-512."""

    address: int
    mnemonic: str
    operands: str
    is_evex: bool

    @property
    def text(self) -> str:
        return f"{self.mnemonic} {self.operands}"

    @property
    def is_fma(self) -> bool:
        """A packed multiply-add of float32."""
        return re.fullmatch(r"vfn?m(add|sub)\d+ps", self.mnemonic) is not None


@dataclass
class Function:
    name: str
    instructions: list[Instruction]

    def loops(self) -> list[list[Instruction]]:
        """The bodies of backward jumps, without those that hold another one."""
        found = []
        for end, jump in enumerate(self.instructions):
            target = _target(jump)
            if target is not None and target <= jump.address:
                body = [i for i in self.instructions[: end + 1] if i.address >= target]
                found.append(body)
        return [body for body in found if not any(_is_inside(other, body) for other in found)]

    def spills(self, body: list[Instruction]) -> list[str]:
        """Vectors written to the stack, where a loop has no array."""
        has_frame = any(i.text == "mov rbp, rsp" for i in self.instructions)
        base = "(rsp|rbp)" if has_frame else "rsp"
        place = re.compile(rf"\[{base}( [+-] \w+)?\]")  # with an index, it is an array
        stores = [i for i in body if i.mnemonic.startswith("vmov")]
        return [i.text for i in stores if place.search(i.operands.split(",")[0])]

    def hot_loops(self) -> list[list[Instruction]]:
        """Innermost loops that multiply and add."""
        return [body for body in self.loops() if any(i.is_fma for i in body)]


def _target(instruction: Instruction) -> int | None:
    if _JUMP.fullmatch(instruction.mnemonic) and instruction.operands.startswith("0x"):
        return int(instruction.operands, 16)
    return None


def _is_inside(inner: list[Instruction], outer: list[Instruction]) -> bool:
    first, last = outer[0].address, outer[-1].address
    return inner is not outer and first <= inner[0].address and inner[-1].address < last


@dataclass
class ObjectCode:
    """An ELF object: its functions, and the names it expects others to define."""

    functions: dict[str, Function] = field(default_factory=dict)
    undefined: set[str] = field(default_factory=set)


def read(objects: Sequence[bytes]) -> ObjectCode:
    """What the relocatable objects of a model hold, together."""
    merged = ObjectCode()
    for code in objects:
        for name, section, start, size, kind in _symbols(code):
            if section == _UNDEFINED and name:
                merged.undefined.add(name)
            elif kind == _FUNCTION:
                place = _sections(code)[section]
                machine_code = code[place + start : place + start + size]
                merged.functions[name] = Function(name, list(_decoded(machine_code)))
    merged.undefined -= merged.functions.keys()
    return merged


def _decoded(machine_code: bytes) -> Iterator[Instruction]:
    """EVEX is what starts with 0x62, which has no other meaning in 64-bit code."""
    decoder = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    decoder.skipdata = True
    for i in decoder.disasm(machine_code, 0):
        yield Instruction(i.address, i.mnemonic, i.op_str, i.bytes[0] == 0x62)


def _section_headers(code: bytes) -> list[tuple[int, ...]]:
    (table,) = struct.unpack_from("<Q", code, 40)
    (count,) = struct.unpack_from("<H", code, 60)
    return [struct.unpack_from("<IIQQQQIIQQ", code, table + 64 * i) for i in range(count)]


def _sections(code: bytes) -> list[int]:
    """Where each section starts in the file."""
    return [header[4] for header in _section_headers(code)]


def _symbols(code: bytes) -> Iterator[tuple[str, int, int, int, int]]:
    """(name, section, offset in it, size, kind) of every symbol."""
    headers = _section_headers(code)
    symbol_table = 2
    for header in headers:
        if header[1] != symbol_table:
            continue
        names = headers[header[6]][4]
        for at in range(header[4], header[4] + header[5], 24):
            name, info, _, section, value, size = struct.unpack_from("<IBBHQQ", code, at)
            text = code[names + name : code.index(b"\0", names + name)].decode()
            yield text, section, value, size, info & 15
