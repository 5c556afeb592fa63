"""A convolution of every b-th pixel, phase by phase, as one dilated convolution.

    %1 = transpose(reshape(%0 [1, C, 2 * H, 2 * W]))      the phases side by side: [4, C, H, W]
    %2 = conv(reshape(%1), %w)                       ->   conv(%0, %w) {dilations = [2, 2]}
    %3 = transpose(reshape(%2))                           the phases in each other again

Exporters of frameworks without dilated convolutions write space-to-batch, convolution,
batch-to-space. Which pixels meet is read off the arrangements, whatever ops make them.
"""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.linear import Conv

from ..dataflow import definition, is_read_once
from ..movement.arrangement import Arrangement, Factor
from ..movement.rearrangement import reshaped
from ..patterns import Match, PatternSet

PATTERNS = PatternSet("replace-ops")
ORDERS = ("graph.transpose", "graph.reshape")


def _arranged(value: Any, *, only: bool) -> tuple[Any, Arrangement] | None:
    """What `value` is a reordering of, and how; `only` if nothing else may read what is between."""
    chain: list[Any] = []
    while (op := definition(value)) is not None and op.name in ORDERS:
        if chain and only and not is_read_once(value):
            break
        chain.append(op)
        value = op.operands[0]
    arrangement = Arrangement(value.type.shape)
    if not arrangement.follow_chain(chain):
        return None
    return (value, arrangement) if chain and 0 not in arrangement.shape else None


@PATTERNS.add("phases-as-dilation", "graph.transpose", rounding="reassociating")
def _phases_as_dilation(op: Any, match: Match) -> Any:
    """Space-to-batch, convolution, batch-to-space."""
    after = _arranged(op.results[0], only=True)
    conv = definition(after[0]) if after else None
    if after is None or conv is None or conv.name != "graph.conv":
        return None
    view = conv.opview
    before = _arranged(conv.operands[0], only=False)
    if before is None or view.layout != "NCHW" or not is_read_once(conv.results[0]):
        return None
    blocks = _blocks(before[1])
    if blocks is None or not _is_undone(before[1], after[1]):
        return None
    if any(s != 1 for s in view.strides):
        return match.refuse("strides between the phases")
    attrs = view.attr_values()
    attrs["dilations"] = [d * b for d, b in zip(view.dilations, blocks, strict=True)]
    attrs["pads"] = [p * b for p, b in zip(view.pads, [*blocks, *blocks], strict=True)]
    _, *others = view.operand_groups()
    return reshaped(Conv.build(before[0], *others, **attrs), op.results[0].type.shape)


def _blocks(before: Arrangement) -> list[int] | None:
    """The size of a block in each spatial dimension; None if the phases are not samples."""
    if len(before.dims) != len(before.source) or before.dims[1] != before.source[1]:
        return None
    sizes = []
    for factors, kept in zip(before.source[2:], before.dims[2:], strict=True):
        if factors[: len(kept)] != kept:
            return None
        sizes.append(_size(factors[len(kept) :]))
    return sizes if any(b > 1 for b in sizes) else None


def _size(factors: list[Factor]) -> int:
    size = 1
    for factor in factors:
        size *= factor.size
    return size


def _is_undone(before: Arrangement, after: Arrangement) -> bool:
    """True if `after` puts every phase back where `before` took it from."""
    phases, samples = before.dims[0], after.source[0]
    if [f.size for f in phases] != [f.size for f in samples]:
        return False
    twin = dict(zip(phases, samples, strict=True))
    expected = [twin.get(f) for f in before.source[0]] + after.source[1]
    for own, factors, kept in zip(
        after.source[2:], before.source[2:], before.dims[2:], strict=True
    ):
        expected += own + [twin.get(f) for f in factors[len(kept) :]]
    return [f for factors in after.dims for f in factors] == expected
