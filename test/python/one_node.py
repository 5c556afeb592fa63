"""Models of one node, whose operands are all inputs, and aicc's results of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onnx import ModelProto, ValueInfoProto, helper

import aicc

MICROSOFT = "com.microsoft"
Arrays = Sequence[Any]


def node_model(
    operator: str,
    arrays: Arrays,
    outputs: Sequence[bool] = (True,),
    domain: str = MICROSOFT,
    **attributes: Any,
) -> ModelProto:
    """An array None is an absent operand, an output False an absent result."""
    kind = helper.np_dtype_to_tensor_dtype
    names = ["" if a is None else f"x{i}" for i, a in enumerate(arrays)]
    results = [f"y{i}" if wanted else "" for i, wanted in enumerate(outputs)]
    node = helper.make_node(operator, names, results, "node", domain=domain, **attributes)
    inputs = [
        helper.make_tensor_value_info(name, kind(a.dtype), a.shape)
        for name, a in zip(names, arrays, strict=True)
        if name
    ]
    outs = [ValueInfoProto(name=r) for r in results if r]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    graph = helper.make_graph([node], "graph", inputs, outs)
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def feeds_of(arrays: Arrays) -> dict[str, Any]:
    """Input name -> array."""
    return {f"x{i}": a for i, a in enumerate(arrays) if a is not None}


def run_node(
    operator: str, arrays: Arrays, outputs: Sequence[bool] = (True,), **attributes: Any
) -> list[Any]:
    """aicc's results, in the order of the outputs."""
    model = node_model(operator, arrays, outputs, **attributes)
    return list(aicc.compile(model, threads=1).run(feeds_of(arrays)).values())
