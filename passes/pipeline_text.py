"""The textual form of pipelines: `builtin.module(canonicalize,func.func(cse,my-pass{n=3}))`.

The syntax is upstream's. It is parsed here, since upstream's parser knows no Python passes: names
of Python passes and named pipelines are resolved later (`driver.py`), all else is left to upstream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from aicc.diagnostics import LoweringError

NAME = re.compile(r"[A-Za-z_][\w.\-]*")
MAX_NESTING = 50
ROOT = "builtin.module"


class PipelineError(LoweringError, ValueError):
    """The text of a pipeline is wrong; the message points at the column."""


@dataclass(frozen=True)
class Node:
    """One element: a pass or pipeline with options, or (children is not None) a nest."""

    name: str
    options: str | None
    children: tuple[Node, ...] | None
    source: str
    offset: int

    @property
    def text(self) -> str:
        """The element as upstream would print it."""
        if self.children is not None:
            return f"{self.name}({','.join(child.text for child in self.children)})"
        return self.name if self.options is None else f"{self.name}{{{self.options}}}"

    def fail(self, message: str) -> NoReturn:
        """Raise a PipelineError that points at this element."""
        fail_at(self.source, self.offset, message)


def fail_at(source: str, offset: int, message: str) -> NoReturn:
    """Raise a PipelineError that shows the surroundings of `offset` with a caret."""
    start = max(0, offset - 60)
    shown = re.sub(r"\s", " ", source[start : offset + 40])
    caret = " " * (offset - start) + "^"
    raise PipelineError(f"pass pipeline: {message} (column {offset + 1})\n  {shown}\n  {caret}")


def parse_pipeline(source: str) -> tuple[Node, ...]:
    """The elements below the root; `a,b` stands for `builtin.module(a,b)`."""
    reader = _Reader(source)
    nodes = reader.elements(depth=0)
    if reader.offset != len(source):
        fail_at(source, reader.offset, "unexpected text")
    if len(nodes) == 1 and nodes[0].name == ROOT and nodes[0].children is not None:
        return nodes[0].children
    return nodes


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.offset = 0

    def elements(self, depth: int) -> tuple[Node, ...]:
        if depth > MAX_NESTING:
            fail_at(self.source, self.offset, f"nested more than {MAX_NESTING} deep")
        if self._peek() in ("", ")"):
            return ()
        nodes = [self._element(depth)]
        while self._peek() == ",":
            self.offset += 1
            nodes.append(self._element(depth))
        return tuple(nodes)

    def _element(self, depth: int) -> Node:
        self._peek()
        match = NAME.match(self.source, self.offset)
        if match is None:
            fail_at(self.source, self.offset, "expected the name of a pass")
        start, self.offset = self.offset, match.end()
        options, children = None, None
        if self._peek() == "{":
            options = self._braces()
        elif self._peek() == "(":
            children = self._nest(depth)
        return Node(match.group(), options, children, self.source, start)

    def _nest(self, depth: int) -> tuple[Node, ...]:
        opened = self.offset
        self.offset += 1
        children = self.elements(depth + 1)
        if self._peek() == "":
            fail_at(self.source, opened, "'(' is never closed")
        if self._peek() != ")":
            fail_at(self.source, self.offset, "expected ',' or ')'")
        self.offset += 1
        return children

    def _braces(self) -> str:
        """The text between balanced braces; a quoted string may hold single ones."""
        opened, depth = self.offset, 0
        for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[{}]', self.source[opened:]):
            depth += {"{": 1, "}": -1}.get(match.group(), 0)
            if depth == 0:
                self.offset = opened + match.end()
                return self.source[opened + 1 : self.offset - 1]
        fail_at(self.source, opened, "'{' is never closed")

    def _peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while self.offset < len(self.source) and self.source[self.offset].isspace():
            self.offset += 1
        return self.source[self.offset : self.offset + 1]
