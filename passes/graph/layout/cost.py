"""Seconds of ops and casts by layout: what the choice of layouts weighs.

A deliberately simple model; only ratios matter, because every estimate is compared with others of
the same machine. Arithmetic runs at a fraction of the core's peak (two fused multiply-adds of full
vectors a cycle), memory at a fixed rate, and every kernel has a fixed price. The fractions are
rounded means over the layers of common image models, one thread, caches warm:

    NHWC: output channels rounded up to the block of packed weights     0.80
    NCHW, stride 1: output columns rounded up to vectors; with less
    than 4 output channels too few share what is loaded                 0.55
    NCHW, one pixel at a time: a matrix product, pixels rounded up
    to vectors; the channels of its pixels lie far apart                0.72
    NCHW, strided: the lanes gather their input                         0.15
    depthwise, NHWC: no reuse between channels, limited by loads        0.20
    depthwise, NCHW                                                     0.06
    grouped, NCHW                                                       0.45
    grouped, NHWC: the outputs of a group rounded up to vectors; groups
    of one or of many are computed in NCHW, with casts inside           0.65

Narrow operands are multiplied as many at a time as fit into 32 bits in NHWC, one by one in NCHW.

A convolution from 64 to 4 channels does four times the work in NHWC (16 lanes): it is better off
there all the same if a cast of the 64 channels would cost more.
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.linear import dot_group, to_channels_first
from aicc.dialects.graph.types import element_count
from aicc.passes.schedule.packing import packing_for, uneven_block
from aicc.target import Target

from ..convolution.grouped import is_packable
from ..convolution.pointwise import is_pointwise

CYCLES_PER_SECOND = 3.0e9
OPERATIONS_PER_LANE = 4.0
BYTES_PER_SECOND = 20.0e9
KERNEL = 1.5e-6
FORBIDDEN = float("inf")
# A view between two ops is no kernel of its own, but keeps them from becoming one.
VIEW = 1.0e-7
ELEMENTWISE_OPS = {f"graph.{name}" for name in (*ELEMENTWISE, "where", "cast")}
MOVEMENT_OPS = {
    f"graph.{name}" for name in ("reshape", "expand", "slice", "concat", "pad", "gather", "top_k")
}
SHARE = {
    ("NHWC", "plain"): 0.80,
    ("NCHW", "plain"): 0.55,
    ("NCHW", "product"): 0.72,
    ("NCHW", "strided"): 0.15,
    ("NHWC", "depthwise"): 0.20,
    ("NCHW", "depthwise"): 0.06,
    ("NCHW", "grouped"): 0.45,
    ("NHWC", "grouped"): 0.65,
}


def conv_seconds(op: Any, layout: str, machine: Target) -> float:
    """Time of a convolution, stated in any layout, if it runs in `layout`."""
    _, out, *size = to_channels_first(op.results[0].type.shape, op.opview.layout)
    kind, reuse, lanes = _kind(op, out), 1.0, machine.lanes()
    if layout == "NHWC" and kind == "grouped" and not _is_packable(op, out, lanes):
        inside = cast_seconds(op.operands[0].type) + cast_seconds(op.results[0].type)
        return conv_seconds(op, "NCHW", machine) + inside
    if layout == "NHWC":
        waste = _waste(out, _block(out, size, machine) if kind == "plain" else lanes)
        waste = _waste(out // op.opview.group, lanes) if kind == "grouped" else waste
    else:
        is_matrix = op.opview.to is None and is_pointwise(op)
        waste = _waste(prod(size) if is_matrix else size[-1], lanes)
        if kind == "plain":
            reuse = min(1.0, (out + 1) / 5)
            kind = "strided" if op.opview.strides[-1] > 1 else kind
            kind = "product" if is_matrix else kind
    if op.opview.to is not None:
        group = dot_group(op.operands[0].type.element_type)
        reuse *= group if layout == "NHWC" else 1 / group
    rate = CYCLES_PER_SECOND * OPERATIONS_PER_LANE * lanes * SHARE[layout, kind] * reuse
    return _operations(op) * waste / rate + KERNEL


def _kind(op: Any, out: int) -> str:
    if op.opview.group == 1:
        return "plain"
    return (
        "depthwise" if op.opview.group == out and op.operands[1].type.shape[1] == 1 else "grouped"
    )


def _is_packable(op: Any, out: int, lanes: int) -> bool:
    return op.opview.to is None and is_packable(op.opview.group, out, lanes)


def _operations(op: Any) -> int:
    """Multiplications and additions of an unpacked convolution."""
    return (
        2 * element_count(op.results[0].type.shape) * element_count(op.operands[1].type.shape[1:])
    )


def _waste(count: int, multiple: int) -> float:
    """How much larger `count` gets when it is rounded up."""
    return -(-count // multiple) * multiple / max(1, count)


def _block(out: int, size: list[int], machine: Target) -> int:
    """The multiple that output channels are rounded up to by packing the weights."""
    if uneven_block(out, machine.lanes()):
        return machine.lanes()
    window = (size[0], size[1]) if len(size) == 2 else None
    return packing_for(
        out, window=window, lanes=machine.lanes(), registers=machine.vector_registers
    )


def pass_seconds(type_: Any) -> float:
    """Time to read a tensor and write it again."""
    return 2 * element_count(type_.shape) * element_bytes(type_) / BYTES_PER_SECOND


def cast_seconds(type_: Any) -> float:
    """Time of a kernel that stores a tensor in another order."""
    return pass_seconds(type_) + KERNEL


def fusion_seconds(producer: Any, reader: Any, readers: int) -> float:
    """What is lost if `reader` cannot be computed in the kernel of the op that it reads."""
    fuses = producer is not None and reader.name in ELEMENTWISE_OPS and readers == 1
    if not fuses or producer.name in MOVEMENT_OPS:
        return 0.0
    return pass_seconds(producer.results[0].type) + KERNEL


def element_bytes(type_: Any) -> int:
    """Bytes of an element in memory."""
    return max(1, getattr(type_.element_type, "width", 32) // 8)
