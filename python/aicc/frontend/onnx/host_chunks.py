"""A Loop that runs in chunks, as a region of one node: see `operators/loop_chunks.py`."""

from __future__ import annotations

import onnx

from .host_kinds import Names
from .host_plan import Item, Region
from .registry import OWN_DOMAIN
from .source import names_read

OPERATOR = "LoopChunk"
BOUNDS = ("aicc.until", "aicc.first")


def chunk_of(item: Item, names: Names) -> Region:
    """What runs some iterations of a Loop.

    Inputs: the bounds, the carried values, what the body captures. Outputs: the next iteration,
    whether to go on, the carried values, the rows.
    """
    carried = [f"aicc.carried{i}" for i in range(len(item.node.input) - 2)]
    results = [f"aicc.result{i}" for i in range(len(_body_of(item.node).output) - 1)]
    outputs = ["aicc.next", "aicc.goes_on", *results]
    inputs = [*BOUNDS, *carried]
    node = onnx.helper.make_node(OPERATOR, inputs, outputs, item.name, domain=OWN_DOMAIN)
    node.attribute.append(next(a for a in item.node.attribute if a.name == "body"))
    captured = [name for name in dict.fromkeys(names_read(node)) if name not in inputs]
    held = {name: names.initializer(name) for name in captured}
    return Region(
        [Item(node, {**item.opsets, OWN_DOMAIN: 1}, item.calls)],
        inputs=[*inputs, *(name for name in captured if held[name] is None)],
        outputs=outputs,
        initializers=[tensor for tensor in held.values() if tensor is not None],
    )


def _body_of(node: onnx.NodeProto) -> onnx.GraphProto:
    return next(a.g for a in node.attribute if a.name == "body")
