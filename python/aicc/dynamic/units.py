"""From a module at phase "buffers" to the skeletons of its functions."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aicc._mlir import ir
from aicc.codegen.emit import Emitter
from aicc.codegen.units import separate
from aicc.dynamic.chunk_code import ChunkCode, loop_of, lowered, operands_of
from aicc.dynamic.chunks import MARK, Chunks
from aicc.dynamic.constant_data import data_of
from aicc.dynamic.families import SYMBOL, Unit
from aicc.dynamic.skeleton import skeleton_of
from aicc.passes.signature import functions_of

MAX_REMEMBERED = 4096


@dataclass(frozen=True)
class Source:
    """A function of a plan before its code is chosen: its own text, or a loop over chunks."""

    name: str
    text: str
    names: frozenset[str]  # of all functions beside it
    chunk: str = ""  # the key of its chunk
    rows: int = 0
    order: tuple[int, ...] = ()
    arguments: int = 0


class Units:
    """Lowers functions to the LLVM dialect, and remembers those it has seen."""

    def __init__(self) -> None:
        self.chunks = Chunks()
        self._seen: dict[str, Unit] = {}
        self._codes: dict[str, ChunkCode | None] = {}

    def sources(self, module: Any) -> dict[str, Source]:
        """The functions of a module at phase "buffers", by name."""
        functions = {f.name.value: f for f in functions_of(module.operation)}
        names = frozenset(functions)
        found = {}
        emitter = Emitter()
        for unit in separate(module):
            (name,) = unit.functions
            source = Source(name, unit.text, names)
            found[name] = self._by_rows(source, functions[name], emitter)
        return found

    def _by_rows(self, source: Source, function: Any, emitter: Emitter) -> Source:
        attributes = function.operation.attributes
        if MARK not in attributes:
            return source
        key, rows = attributes[MARK].value.split()
        chunk = self.chunks.by_key[key]
        if key not in self._codes:
            self._codes[key] = lowered(chunk, emitter)
        code = self._codes[key]
        order = code and operands_of(function, chunk, code, int(rows))
        if not order:
            return source
        return replace(
            source,
            chunk=key,
            rows=int(rows),
            order=tuple(order),
            arguments=len(function.type.inputs),
        )

    def compare(self, plans: Sequence[Mapping[str, Source]]) -> None:
        """Learn which chunks hang on no size: those that plans for different sizes all have."""
        if len(plans) > 1:
            keys = [{source.chunk for source in sources.values()} for sources in plans]
            self.chunks.shared |= set.intersection(*keys)

    def resolved(self, sources: Mapping[str, Source]) -> dict[str, Unit]:
        """The units of a plan, as far as it is known by now which chunks are shared."""
        emitter = Emitter()
        return {name: self._unit(source, emitter) for name, source in sources.items()}

    def _unit(self, source: Source, emitter: Emitter) -> Unit:
        code = self._codes.get(source.chunk)
        if code and source.chunk in self.chunks.shared:
            chunk = self.chunks.by_key[source.chunk]
            loop = loop_of(chunk, code, source.order, source.arguments, source.rows, "no_inline")
            return Unit(loop, _header(ir.Module.parse(chunk.texts[0][1])), code.functions)
        if source.text not in self._seen:
            if len(self._seen) >= MAX_REMEMBERED:
                self._seen.clear()
            module = emitter.lowered(source.text)
            self._seen[source.text] = _unit(module, source.name, source.names)
        return self._seen[source.text]


def _unit(module: Any, name: str, names: Container[str]) -> Unit:
    tables: dict[str, str] = {}
    others: list[str] = []
    own: Any = None
    for view in module.operation.regions[0].blocks[0].operations:
        op = view.operation
        symbol = op.attributes["sym_name"].value
        if symbol == name:
            own = op
        elif op.name == "llvm.mlir.global" and (data := data_of(op)):
            tables[symbol] = data
        elif symbol not in names:
            others.append(_text(op))
    _strip(own)
    skeleton = skeleton_of(_text(own), tables, names)
    return Unit(skeleton, _header(module), "\n".join(sorted(others)))


def _header(module: Any) -> str:
    attributes = module.operation.attributes
    kept = {"aicc.phase": ir.StringAttr.get("llvm")}
    if "aicc.target" in attributes:
        kept["aicc.target"] = attributes["aicc.target"]
    return f"module attributes {ir.DictAttr.get(kept)} {{\n"


def _strip(function: Any) -> None:
    """Only what LLVM reads: the rest tells of shapes."""
    attributes = function.attributes
    for name in [n for n in attributes if n.startswith("aicc.") or n == "sym_visibility"]:
        del attributes[name]
    attributes["sym_name"] = ir.StringAttr.get(SYMBOL)
    if "arg_attrs" in attributes:
        rows = [
            ir.DictAttr.get({a.name: a.attr for a in ir.DictAttr(row) if _is_for_llvm(a.name)})
            for row in attributes["arg_attrs"]
        ]
        attributes["arg_attrs"] = ir.ArrayAttr.get(rows)


def _is_for_llvm(name: str) -> bool:
    return name.startswith("llvm.")


def _text(op: Any) -> str:
    return str(op.get_asm(assume_verified=True, use_local_scope=True))
