"""What a model needs and what of it aicc lacks, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import onnx


@dataclass(frozen=True)
class Refusal:
    """One node that cannot be imported, and why."""

    domain: str
    operator: str
    node: str
    reason: str


def report(refusals: Sequence[Refusal]) -> str:
    """All refusals, grouped by operator and reason: count, first node names, what is at fault."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for r in refusals:
        groups.setdefault((r.domain or "ai.onnx", r.operator, r.reason), []).append(r.node)
    lines = [f"{len(refusals)} nodes cannot be compiled:"]
    for (domain, operator, reason), nodes in sorted(groups.items()):
        shown = ", ".join(f"'{n}'" for n in nodes[:5]) + (", ..." if len(nodes) > 5 else "")
        lines.append(f"  {domain}.{operator} x{len(nodes)}: {reason} (nodes {shown})")
    lines.append("`aicc import` writes the whole coverage report of a model.")
    return "\n".join(lines)


def operator_counts(model: onnx.ModelProto) -> dict[str, int]:
    """Operator name (with its domain unless it is the default) -> number of nodes."""
    counts = Counter(
        n.op_type if n.domain in ("", "ai.onnx") else f"{n.domain}.{n.op_type}"
        for n in model.graph.node
    )
    return dict(sorted(counts.items()))
