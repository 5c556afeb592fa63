"""Checks diagnostics against `expected-*` comments in the input, for --verify-diagnostics.

The directives are MLIR's: `// expected-error @below {{some of the message}}` with error, warning,
remark or note; the line is the comment's own or @above, @below, @+N, @-N, @unknown; `-re` reads
`{{..}}` inside the text as regular expressions. @above and @below skip lines with directives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aicc.passes.messages import Diagnostic, file_position

DIRECTIVE = re.compile(
    r"expected-(?P<severity>error|warning|remark|note)(?P<regex>-re)?[ \t]*"
    r"(?P<place>@(?:[+-]\d+|above|below|unknown))?[ \t]*\{\{(?P<text>.*)\}\}[ \t\r]*$"
)
LOOKS_LIKE_ONE = re.compile(r"//.*expected-(error|warning|remark|note)\b")
UNKNOWN_LINE = 0
# The bindings cannot turn off this note, which mlir-opt leaves out when it verifies diagnostics.
IGNORED_NOTE = "see current operation"


@dataclass(frozen=True)
class Expected:
    """One directive: a diagnostic of `severity` on `line` whose message matches `pattern`."""

    severity: str
    line: int
    text: str
    pattern: re.Pattern[str]
    written_at: int


def check_diagnostics(source: str, diagnostics: Sequence[Diagnostic], first_line: int) -> list[str]:
    """Complaints `line: message` about directives from `first_line` on; none if all is as expected.

    `source` is a whole piece of a split file, positions counted in the file.
    """
    expected, complaints = _directives(source, first_line)
    for diagnostic in _flat(diagnostics):
        line = _line_of(diagnostic)
        found = next((one for one in expected if _matches(one, diagnostic, line)), None)
        if found is not None:
            expected.remove(found)
        elif not _is_ignored(diagnostic):
            message = diagnostic.message.strip().split("\n")[0]
            complaints.append(f"{line}: error: unexpected {diagnostic.severity}: {message}")
    for one in expected:
        place = "unknown location" if one.line == UNKNOWN_LINE else f"line {one.line}"
        what = f'expected {one.severity} "{one.text}" on {place} was not produced'
        complaints.append(f"{one.written_at}: error: {what}")
    return complaints


def _directives(source: str, first_line: int) -> tuple[list[Expected], list[str]]:
    lines = source.split("\n")
    found: list[Expected] = []
    complaints: list[str] = []
    for number, line in enumerate(lines, 1):
        match = DIRECTIVE.search(line)
        if match is not None:
            target = _target_line(match["place"] or "", number, lines)
            pattern = _pattern(match["text"], bool(match["regex"]))
            if pattern is None:
                complaints.append(f"{number}: error: bad regular expression in {match['text']}")
            else:
                found.append(Expected(match["severity"], target, match["text"], pattern, number))
        elif number >= first_line and LOOKS_LIKE_ONE.search(line):
            complaints.append(f"{number}: error: cannot read this expected-* directive")
    return found, complaints


def _target_line(place: str, number: int, lines: Sequence[str]) -> int:
    if place == "@unknown":
        return UNKNOWN_LINE
    if place in ("@above", "@below"):
        step = -1 if place == "@above" else 1
        target = number + step
        while 0 < target <= len(lines) and DIRECTIVE.search(lines[target - 1]):
            target += step
        return target
    return number + int(place[1:] or 0)


def _pattern(text: str, is_regex: bool) -> re.Pattern[str] | None:
    """Literal text, in which `{{..}}` holds regular expressions if `is_regex`."""
    parts = re.split(r"\{\{(.*?)\}\}", text) if is_regex else [text]
    joined = "".join(
        f"(?:{part})" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    try:
        return re.compile(joined)
    except re.error:
        return None


def _matches(expected: Expected, diagnostic: Diagnostic, line: int) -> bool:
    same_place = expected.severity == diagnostic.severity and expected.line == line
    return same_place and expected.pattern.search(diagnostic.message) is not None


def _is_ignored(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity == "note" and diagnostic.message.startswith(IGNORED_NOTE)


def _line_of(diagnostic: Diagnostic) -> int:
    position = file_position(diagnostic.location)
    return position[1] if position else UNKNOWN_LINE


def _flat(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [one for diagnostic in diagnostics for one in (diagnostic, *_flat(diagnostic.notes))]
