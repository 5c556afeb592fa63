"""What aicc-opt prints about rewrite patterns: which there are, and what they did."""

from __future__ import annotations

from itertools import groupby

from aicc.passes.graph.patterns import Pattern, listed_patterns
from aicc.passes.statistics import Statistics

RULE = f"===-{'-' * 73}-==="


def pattern_list() -> str:
    """Every pattern of the imported pass modules: name, rounding class, first line of its doc."""
    lines = [
        "Patterns by pass, in the order in which they are tried, and their rounding class",
        "(exact, reassociating, unsafe; * exact on integers in any case):",
    ]
    for pass_name, entries in groupby(listed_patterns(), key=lambda entry: entry[0]):
        lines += [f"{pass_name}:", *(_described(pattern) for _, pattern in entries)]
    return "\n".join(lines) + "\n"


def _described(pattern: Pattern) -> str:
    rounding = pattern.rounding + ("*" if pattern.exact_on_integers else "")
    return f"  {pattern.name:<32} {rounding:<14} {pattern.doc}"


def statistics_report(statistics: Statistics) -> str:
    """How often each pattern applied and why it was refused, in the manner of mlir-opt."""
    title = "... Pass statistics report ..."
    lines = [RULE, f"{title:^81}".rstrip(), RULE]
    for pass_name, rows in groupby(statistics.rows(), key=lambda row: row[0]):
        lines.append(pass_name)
        for _, pattern, count, reasons in rows:
            refused = f" (refused: {reasons})" if reasons else ""
            lines.append(f"  (S) {count:>6} {pattern}{refused}")
    return "\n".join(lines) + "\n"
