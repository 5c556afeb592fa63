"""Compute a convolution by the algorithm that needs the least time: directly, or Winograd's.

Why: for windows of 3x3, Winograd's minimal filtering does the work of nine multiplications with
four (tiles of 2x2 outputs) or two and a quarter (4x4), which outweighs its transforms wherever
image and channels are large enough (`passes/schedule/winograd/cost.py`). Windows of volumes are
sums of as many 3x3 windows as they have layers, which may have a stride and a dilation of their
own. The filter is transformed by ordinary ops on the weights, which `hoist-weight-math` moves to
@prepare.

    %y = conv(%x, %w) {layout = "NHWC"}  ->  %u = G %w G^T, in panels
                                             %y = winograd_conv(%x, %u) {tile = 4}

The module's attribute `aicc.winograd` ("auto" where it is absent, "off", "2", "4") or the pass's
option decides; results differ in rounding, so strict floating point turns it off.

A 1x1 convolution that stays channels-first is a matrix product of its filter and the image as it is
(`convolution/pointwise.py`), in any case.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.linear import Conv
from aicc.dialects.graph.winograd import KERNEL, WinogradConv
from aicc.passes.registry import emit_remark, register_pass
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.winograd.blocks import filter_block
from aicc.passes.schedule.winograd.cost import Layer, best_tile
from aicc.passes.schedule.winograd.depth import depth_of
from aicc.passes.static_values import StaticValues
from aicc.target import Target

from .convolution.pointwise import as_product, is_product
from .convolution.winograd_filter import transformed_filter
from .dataflow import body_of, graph_functions, ops_of

ATTRIBUTE = "aicc.winograd"


@register_pass("choose-convolution")
def run(module: Any, *, winograd: str = "", explain: bool = False) -> None:
    """Replace convolutions; `winograd` is auto, off, 2 or 4 (default: the module's).

    `explain` emits a remark for every convolution that stays as it is.
    """
    policy = winograd or _policy(module)
    machine, threads = target.of_module(module), threads_of(module)
    for function in graph_functions(module):
        static = StaticValues(function)
        for op in ops_of(body_of(function)):
            if op.name != Conv.OPERATION_NAME:
                continue
            tile, reason = 0, _refusal(op, static) if policy != "off" else "Winograd's is off"
            if not reason:
                tile = int(policy) if policy != "auto" else best_tile(_layer(op), machine, threads)
            with ir.InsertionPoint(op), op.location:
                if tile:
                    _replace(op, tile, machine)
                elif is_product(op) and op.opview.w in static:
                    as_product(op)
                elif explain:
                    emit_remark(op, f"stays direct: {reason or 'it is faster'}")


def _policy(module: Any) -> str:
    attributes = module.operation.attributes
    if "aicc.strict_fp" in attributes:
        return "off"
    return attributes[ATTRIBUTE].value if ATTRIBUTE in attributes else "auto"


def _refusal(op: Any, static: StaticValues) -> str:
    """Why a convolution cannot be computed by Winograd's algorithm; empty if it can."""
    conv = op.opview
    if conv.layout != "NHWC" or conv.filter_layout != "OIHW":
        return "it is not channels-last, or packed already"
    window = list(conv.w.type.shape[2:])
    if len(window) > 3 or window[-2:] != [KERNEL, KERNEL] or conv.group != 1:
        return "its window is not 3x3 on all channels"
    if list(conv.strides)[-2:] != [1, 1] or list(conv.dilations)[-2:] != [1, 1]:
        return "it has a stride or a dilation"
    if str(conv.x.type.element_type) != "f32" or 0 in (*conv.x.type.shape, *conv.y.type.shape):
        return "it is not f32, or empty"
    if min(conv.pads) < 0:
        return "its pads cut the image"
    return "" if conv.w in static else "its filter is computed at run time"


def _layer(op: Any) -> Layer:
    x, y = op.operands[0].type.shape, op.results[0].type.shape
    batch, *_, height, width, out_channels = y
    depth = depth_of(x, y, list(op.opview.pads), _depth(op.opview))
    return Layer(batch, height, width, out_channels, x[-1], depth)


def _depth(conv: Any) -> list[int]:
    """Taps, stride and dilation along the depth of a volume; of an image, one each."""
    if conv.w.type.rank == 4:
        return [1, 1, 1]
    return [conv.w.type.shape[2], conv.strides[0], conv.dilations[0]]


def _replace(op: Any, tile: int, machine: Target) -> None:
    x, w, bias = op.opview.operand_groups()
    out = w.type.shape[0]
    block = filter_block(out, machine.lanes(), machine.vector_registers)
    u = transformed_filter(w, tile, block)
    pads = list(op.opview.pads)
    depth = _depth(op.opview)
    y = WinogradConv.build(x, u, bias, pads=pads, tile=tile, out_channels=out, depth=depth)
    op.results[0].replace_all_uses_with(y)
    op.erase()
