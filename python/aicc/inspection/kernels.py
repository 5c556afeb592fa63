"""The kernels of a lowered model and how they feed each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aicc._mlir import ir
from aicc.passes.graph.dataflow import body_of, ops_of
from aicc.passes.messages import names_of
from aicc.passes.signature import argument_attrs, functions_of, is_kernel

from .operators import type_text


@dataclass
class Call:
    """One call of a kernel in @main; `reads` are indices of calls, -1 for an input of the model."""

    kernel: str
    kind: str
    nodes: list[str]
    result: str
    flops: int
    bytes: int
    schedule: str
    ops: list[str]
    reads: list[int] = field(default_factory=list)


def kernel_calls(module: Any) -> list[Call]:
    """The calls of @main in a module at phase "kernels" or "schedule", in order."""
    kernels = {f.name.value: f for f in functions_of(module) if is_kernel(f)}
    main = next(f for f in functions_of(module) if f.name.value == "main")
    producer = _inputs(main)
    calls: list[Call] = []
    for op in ops_of(body_of(main)):
        sources = [producer[v] for v in op.operands if v in producer]
        if op.name == "func.call":
            calls.append(_call(op, kernels))
            calls[-1].reads = sorted(set(sources))
            producer.update((r, len(calls) - 1) for r in op.results)
        elif sources and op.name != "func.return":
            producer.update((r, sources[0]) for r in op.results)
    return calls


def _inputs(main: Any) -> dict[Any, int]:
    """The model's own inputs; weights and out arguments are no sources."""
    pairs = zip(body_of(main).arguments, argument_attrs(main), strict=True)
    return {value: -1 for value, entries in pairs if "aicc.input" in entries}


def _call(op: Any, kernels: dict[str, Any]) -> Call:
    name = ir.FlatSymbolRefAttr(op.attributes["callee"]).value
    kernel = kernels[name]
    attributes = kernel.operation.attributes
    work = ir.DictAttr(attributes["aicc.work"]) if "aicc.work" in attributes else {}
    inner = list(_inner_ops(kernel.operation))
    return Call(
        name,
        attributes["aicc.kernel"].value,
        names_of(op.location),
        type_text(op.results[0].type) if len(op.results) else "",
        work["flops"].value if "flops" in work else 0,
        work["bytes"].value if "bytes" in work else 0,
        "; ".join(
            str(o.attributes["aicc.schedule"]) for o in inner if "aicc.schedule" in o.attributes
        ),
        [o.name for o in inner if o.name.startswith("linalg.") and o.name != "linalg.yield"],
    )


def _inner_ops(op: Any) -> Any:
    for region in op.regions:
        for block in region.blocks:
            for view in block.operations:
                yield view.operation
                yield from _inner_ops(view.operation)
