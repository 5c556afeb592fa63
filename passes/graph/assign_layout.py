"""Decide which operators of an image run channels first (NCHW) and which channels last (NHWC).

Why: in NHWC a convolution's vectors run along the output channels, whatever its window and stride;
in NCHW they run along the image's columns, which are few, odd, or strided. What an operator gains
is weighed against the casts at the border of the region around it (`layout.cost`, `layout.choice`):
a small convolution between operators that cannot follow stays as it is.

    %y = "graph.conv"(%x, %w)  ->  %a = "graph.layout_cast"(%x) to NHWC
                                   %b = "graph.conv"(%a, %w) {layout = "NHWC"}
                                   %y = "graph.layout_cast"(%b) to NCHW   (dead if nobody reads it)

Only operators with a layout attribute change here; `propagate-layout` moves the casts to where
the decision wants them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from aicc import target
from aicc.passes.registry import emit_remark, register_pass
from aicc.target import Target

from .dataflow import graph_functions
from .layout.choice import choose
from .layout.cost import FORBIDDEN, conv_seconds
from .layout.regions import Regions
from .layout.rewrite import rewrite
from .layout.rules import WITH_LAYOUT, Move, is_change


@register_pass("assign-layout")
def run(module: Any, *, explain: bool = False) -> None:
    """Choose NCHW or NHWC by a cost model; `explain` emits a remark for every convolution."""
    machine = target.of_module(module)
    for function in graph_functions(module):
        regions = Regions(function)
        chosen = choose(regions, partial(_price, regions, machine))
        if explain:
            for op in (op for op in regions.ops if op.name == "graph.conv"):
                emit_remark(op, _explanation(regions, machine, op, op in chosen))
        rewrite(regions, {op: m for op, m in chosen.items() if op.name in WITH_LAYOUT})


def _explanation(regions: Regions, machine: Target, op: Any, is_changed: bool) -> str:
    now = op.opview.layout
    if not _can_change(regions, op):
        return f"stays {now}: its weights cannot be packed, or are already"
    verb = f"becomes {_other(now)}" if is_changed else f"stays {now}"
    first, last = (conv_seconds(op, layout, machine) * 1e6 for layout in ("NCHW", "NHWC"))
    return f"{verb}: by itself NCHW takes {first:.1f} us, NHWC {last:.1f} us"


def _price(regions: Regions, machine: Target, op: Any, move: Move) -> float:
    """Seconds of a convolution in the layout that `move` gives it; other ops do not care."""
    if op.name != "graph.conv":
        return 0.0
    if not _can_change(regions, op):
        return FORBIDDEN if is_change(move) else 0.0
    now = op.opview.layout
    return conv_seconds(op, _other(now) if is_change(move) else now, machine)


def _other(layout: str) -> str:
    return "NHWC" if layout == "NCHW" else "NCHW"


def _can_change(regions: Regions, op: Any) -> bool:
    """Convolutions whose weights can be packed: known when compiling, not packed yet.

    They are in f32, or have 8-bit operands.
    """
    conv = op.opview
    has_kernel = conv.to is not None or str(conv.y.type.element_type) == "f32"
    return has_kernel and conv.w in regions.static and conv.filter_layout == "OIHW"
