"""`precision = "bf16"`: products and convolutions of bf16 operands, summed up in f32.

Why: hardware multiplies bf16 several times as fast as f32, and reads half the memory. The mantissa
has 8 bits instead of 24, so results differ in the third decimal: only on request, never silently.

    %1 = relu(%0)                    %1 = cast(relu(%0)) bf16
    %2 = conv(%1, %w, %b)      ->    %2 = conv(%1, cast(%w) bf16, %b) {to = f32}
    %3 = add(%2, %1)                 %3 = add(%2, cast(%1) f32)

An activation that some product reads is stored in bf16 for all its readers, so that it is rounded
once, where it is made. Everything else is computed in f32. Left alone: operands that are not
constant on one side, odd depths of products, grouped convolutions; and machines without such
instructions. An odd number of channels gets one of zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.elementwise import Cast
from aicc.dialects.graph.linear import Conv, Matmul, dot_group
from aicc.dialects.graph.movement import Pad
from aicc.dialects.graph.structure import Constant
from aicc.dialects.graph.types import element_type_of
from aicc.passes.registry import register_pass
from aicc.passes.static_values import StaticValues

from .dataflow import body_of, definition, graph_functions, ops_of

ATTRIBUTE = "aicc.precision"
FEATURES = ("amx_bf16", "avx512_bf16")


@register_pass("narrow-precision")
def run(module: Any) -> None:
    """Narrow operands if the module's `aicc.precision` is "bf16" and the target multiplies it."""
    attributes = module.operation.attributes
    machine = target.of_module(module)
    wanted = ATTRIBUTE in attributes and attributes[ATTRIBUTE].value == "bf16"
    if wanted and any(machine.has(feature) for feature in FEATURES):
        for function in graph_functions(module):
            _narrow(function)


def _narrow(function: Any) -> None:
    static = StaticValues(function)
    for op in ops_of(body_of(function)):
        if op.name in (Conv.OPERATION_NAME, Matmul.OPERATION_NAME) and not _refusal(op, static):
            with ir.InsertionPoint(op), op.location:
                weights = Cast.build(op.operands[1], to=element_type_of("bfloat16"))
                _replace(op, _in_groups(op, _rounded(op.operands[0])), _in_groups(op, weights))


def _refusal(op: Any, static: StaticValues) -> str:
    """Why the operands stay in f32; empty if they do not."""
    x, w = op.operands[0], op.operands[1]
    if str(x.type.element_type) != "f32" or w not in static or x in static:
        return "no product of an activation in f32 and a constant"
    if op.name == Matmul.OPERATION_NAME:
        is_plain = op.opview.rhs_layout == "KN" and w.type.rank == 2
        depth = w.type.shape[0] if is_plain else 0
        return "" if depth and depth % _group() == 0 else "its depth is no multiple of a group"
    conv = op.opview
    is_plain = conv.group == 1 and conv.filter_layout == "OIHW" and conv.layout == "NCHW"
    return "" if is_plain and w.type.shape[1] else "a convolution of groups"


def _in_groups(op: Any, value: Any) -> Any:
    """Zeros for the channels of a convolution that are missing to whole groups."""
    extra = -value.type.shape[1] % _group() if op.name == Conv.OPERATION_NAME else 0
    if not extra:
        return value
    zero = Cast.build(Constant.of(np.zeros((), np.float32)), to=_bf16())
    high = [extra if axis == 1 else 0 for axis in range(value.type.rank)]
    return Pad.build(value, zero, low=[0] * value.type.rank, high=high)


def _group() -> int:
    return dot_group(_bf16())


def _rounded(x: Any) -> Any:
    """x in bf16, made right behind x; all readers of x read what was rounded."""
    for use in x.uses:
        reader = use.owner.operation
        if reader.name == Cast.OPERATION_NAME and reader.results[0].type.element_type == _bf16():
            return reader.results[0]
    reads = [(use.owner.operation, use.operand_number) for use in x.uses]
    source = definition(x)
    place = ir.InsertionPoint.after(source) if source else _begin(x)
    with place:
        narrow = Cast.build(x, to=_bf16())
        wide = Cast.build(narrow, to=element_type_of("float32"))
    for reader, number in reads:
        if reader.name != "func.return":
            reader.operands[number] = wide
    return narrow


def _begin(argument: Any) -> Any:
    return ir.InsertionPoint.at_block_begin(argument.owner)


def _bf16() -> Any:
    return element_type_of("bfloat16")


def _replace(op: Any, x: Any, w: Any) -> None:
    """The same op on narrow operands; behind `_rounded`, op reads x widened again."""
    changes = {"to": element_type_of("float32")}
    if op.name == Matmul.OPERATION_NAME:
        y = Matmul.build(x, w, **(op.opview.attr_values() | changes))
    else:
        _, _, bias = op.opview.operand_groups()
        y = Conv.build(x, w, bias, **(op.opview.attr_values() | changes))
    op.results[0].replace_all_uses_with(y)
    op.erase()
