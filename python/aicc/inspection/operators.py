"""The operators of a model: shapes, parameters, operations, bytes, arithmetic intensity.

Counted on imported IR, so that shapes are known; the ops of one ONNX node (the expansion of a
function, say) are counted together under the node's name. Formulas: `aicc.dialects.graph.work`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph.types import element_count
from aicc.dialects.graph.work import Work, bytes_of, flops_of
from aicc.passes.graph.dataflow import body_of, ops_of
from aicc.passes.messages import name_of
from aicc.passes.signature import argument_attrs, functions_of


@dataclass(frozen=True)
class Operator:
    """One ONNX node; `inputs` and `outputs` are type texts such as `1x3x224x224xf32`."""

    name: str
    op_type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: int
    work: Work


def operators_of(
    module: Any, op_types: Mapping[str, str], initializers: Container[str]
) -> list[Operator]:
    """The nodes of @main in order; `op_types`: node name -> ONNX operator."""
    main = next(f for f in functions_of(module) if f.name.value == "main")
    attrs = argument_attrs(main)
    weights = {
        v
        for v, entries in zip(body_of(main).arguments, attrs, strict=True)
        if "aicc.weight" in entries
    }
    nodes: dict[str, list[Any]] = {}
    for op in ops_of(body_of(main)):
        if op.name == "graph.constant":
            if name_of(op.location) in initializers:
                weights.update(op.results)
        elif op.name.startswith("graph."):
            nodes.setdefault(_node(name_of(op.location), op_types), []).append(op)
    return [_operator(name, ops, op_types, weights) for name, ops in nodes.items()]


def _node(name: str, op_types: Mapping[str, str]) -> str:
    """The node an op was made for: names inside an expanded function are `node/inner`."""
    while name not in op_types and "/" in name:
        name = name.rpartition("/")[0]
    return name


def _operator(
    name: str, ops: list[Any], op_types: Mapping[str, str], weights: set[Any]
) -> Operator:
    made = {r for op in ops for r in op.results}
    read = list(dict.fromkeys(v for op in ops for v in op.operands if v not in made))
    given = [v for op in ops for v in op.results if _is_read_outside(v, ops)]
    used = [v for v in read if v in weights]
    return Operator(
        name,
        op_types.get(name, ops[0].name),
        tuple(type_text(v.type) for v in read if v not in weights),
        tuple(type_text(v.type) for v in given or ops[-1].results),
        sum(element_count(v.type.shape) for v in used),
        Work(sum(flops_of(op) for op in ops), bytes_of([*read, *given])),
    )


def _is_read_outside(value: Any, ops: list[Any]) -> bool:
    return any(use.owner.operation not in ops for use in value.uses)


def type_text(type_: Any) -> str:
    """`1x3x224x224xf32`"""
    return "x".join([*(str(d) for d in type_.shape), str(type_.element_type)])


def totals(operators: Iterable[Operator]) -> dict[str, Any]:
    """Sums over a model. Parameters that several nodes share are counted at each."""
    rows = list(operators)
    work = sum((row.work for row in rows), Work(0, 0))
    return {
        "nodes": len(rows),
        "parameters": sum(row.parameters for row in rows),
        "flops": work.flops,
        "bytes": work.bytes,
        "intensity": work.intensity,
    }
