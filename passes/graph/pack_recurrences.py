"""Bring the recurrence weights of recurrent layers into the order in which their tiles read them.

Why: a tile takes all gates of some units. In the rows of a large R' these lie far apart, so that
every read meets another page; in panels of as many units, a step reads the weights as one stream.

    %y, %h = gru(%gates, %r, %h0)   ->   %p = transpose(reshape %r)     [H/u, H, gates, u]
                                         %y, %h = gru(%gates, %p, %h0)

`hoist-weight-math` moves the packing to @prepare.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.dialects.graph.movement import Reshape, Transpose
from aicc.dialects.graph.recurrent import Gru, Lstm, Rnn
from aicc.passes.registry import register_pass
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.recurrence_split import Recurrence, panel_units
from aicc.passes.signature import functions_of
from aicc.passes.static_values import StaticValues
from aicc.target import Target

LAYERS = {layer.OPERATION_NAME for layer in (Gru, Lstm, Rnn)}


@register_pass("pack-recurrences")
def run(module: Any) -> None:
    """Pack constant recurrence weights in f32; idempotent."""
    machine, threads = target.of_module(module), threads_of(module)
    for function in functions_of(module):
        static = StaticValues(function)
        for view in list(function.operation.regions[0].blocks[0].operations):
            op = view.operation
            if op.name in LAYERS and op.operands[1] in static:
                with ir.InsertionPoint(op), op.location:
                    _pack(op, machine, threads)


def _pack(op: Any, machine: Target, threads: int) -> None:
    gates, r = list(op.operands)[:2]
    if r.type.rank != 2 or str(r.type.element_type) != "f32":
        return
    (hidden, width), (steps, batch, _) = r.type.shape, gates.type.shape
    # a single step is no loop, and gets the schedule of a matrix product
    if steps <= 1 or 0 in (hidden, batch):
        return
    layer = Recurrence(steps, batch, width // hidden, hidden)
    is_cut = op.name == Gru.OPERATION_NAME and not op.opview.linear_before_reset
    units = panel_units(layer, layer.gates - is_cut, machine, threads)
    if units:
        split = Reshape.build(r, shape=[hidden, layer.gates, hidden // units, units])
        op.operands[1] = Transpose.build(split, permutation=[2, 0, 1, 3])
