"""Take apart the memory descriptors of the LLVM dialect: what goes in comes out again.

Every memref becomes a struct of pointers, offset, sizes and strides, written field by field, of
which next to nothing is read. Without them a function is a third as long, and its text says no more
of shapes than the code does.

    %4 = llvm.insertvalue %arg0, %3[1]
    %9 = llvm.extractvalue %8[1]         ->   uses of %9 are uses of %arg0
"""

from __future__ import annotations

import re
from collections.abc import Container

_RESULT = re.compile(r"\s*%(\w+) = llvm\.([\w.]+)")
_EMPTY = re.compile(r"\s*%(\w+) = llvm\.mlir\.(?:poison|undef) : !llvm\.struct<.*")
_INSERT = re.compile(r"\s*%(\w+) = llvm\.insertvalue %(\w+), %(\w+)\[([\d, ]+)\] : .*")
_EXTRACT = re.compile(r"\s*%(\w+) = llvm\.extractvalue %(\w+)\[([\d, ]+)\] : .*")
_VALUE = re.compile(r"%(\w+)")
Fields = dict[str, str]


def without_descriptors(lines: list[str], early: Container[str]) -> list[str]:
    """The lines with fields in the place of what reads them; dead descriptors are left in.

    `early`: values that are read above their definition, which are left alone.
    """
    structs: dict[str, Fields] = {}
    same: dict[str, str] = {}
    kept = []
    for line in lines:
        result = _RESULT.match(line)
        name = result[1] if result else ""
        structs.pop(name, None)
        same.pop(name, None)
        match = _EXTRACT.fullmatch(line) if result and result[2] == "extractvalue" else None
        if match and name not in early and match[3] in structs.get(match[2], ()):
            same[name] = structs[match[2]][match[3]]
            continue
        if result and name not in early:
            _remember(line, name, structs, same)
        kept.append(_VALUE.sub(lambda m: "%" + same.get(m[1], m[1]), line) if same else line)
    return kept


def _remember(line: str, name: str, structs: dict[str, Fields], same: dict[str, str]) -> None:
    """Note the fields of a descriptor that a line makes."""
    if _EMPTY.fullmatch(line):
        structs[name] = {}
        return
    match = _INSERT.fullmatch(line)
    if match and match[3] in structs:
        structs[name] = {**structs[match[3]], match[4]: same.get(match[2], match[2])}
