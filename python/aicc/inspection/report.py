"""Everything `aicc inspect` knows of a model, as plain data.

The model is imported and taken from phase to phase; after each, the text of every function is kept,
after "kernels" the calls, after "schedule" what was decided, after "buffers" the memory plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aicc import __version__
from aicc.frontend.onnx import Imported, Source
from aicc.frontend.onnx.source import node_name
from aicc.lowering import lower, memory_plan
from aicc.passes.pipelines import PHASES
from aicc.runtime.profile import Profile

from .kernels import Call, kernel_calls
from .operators import Operator, operators_of, totals


@dataclass
class Report:
    """`texts`: phase -> function -> IR; `plan`: function -> memory plan."""

    model: str
    inputs: dict[str, str]
    outputs: list[str]
    operators: list[Operator]
    calls: list[Call]
    plan: dict[str, Any]
    texts: dict[str, dict[str, str]]
    times: list[float]

    def as_json(self) -> dict[str, Any]:
        """All but the IR."""
        return {
            "aicc": __version__,
            "model": self.model,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "totals": {**totals(self.operators), **self._compiled()},
            "operators": [_operator_json(row) for row in self.operators],
            "kernels": [asdict(call) for call in self.calls],
            "times": self.times,
        }

    def _compiled(self) -> dict[str, int]:
        arena = self.plan.get("main", {}).get("bytes", 0)
        distinct = {call.kernel for call in self.calls}
        return {"calls": len(self.calls), "kernels": len(distinct), "arena_bytes": arena}


def operator_types(source: Source) -> dict[str, str]:
    """Node name -> ONNX operator, with the domain where it is not the standard's."""
    return {
        node_name(n): f"{n.domain}.{n.op_type}" if n.domain else n.op_type
        for n in source.model.graph.node
    }


def operators_table(source: Source, imported: Imported) -> list[Operator]:
    """The operators of an imported model."""
    module = imported.module
    names = {t.name for t in source.model.graph.initializer}
    with module.context:
        return operators_of(module.operation, operator_types(source), names)


def inspect(
    name: str,
    source: Source,
    imported: Imported,
    inputs: Mapping[str, str],
    profile: Profile | None = None,
) -> Report:
    """Lower `imported`, whose module is consumed, through all phases."""
    module = imported.module
    operators = operators_table(source, imported)
    calls: list[Call] = []
    plan: dict[str, Any] = {}
    texts = {}
    for phase in PHASES:
        lower(module, phase)
        with module.context:
            texts[phase] = _function_texts(module)
            if phase == "schedule":
                calls = kernel_calls(module.operation)
        if phase == "buffers":
            plan = memory_plan(module)
    outputs = [o.name for o in source.model.graph.output]
    times = [row.seconds for row in profile.rows] if profile else []
    return Report(name, dict(inputs), outputs, operators, calls, plan, texts, times)


def _function_texts(module: Any) -> dict[str, str]:
    """Function name -> its text, without locations."""
    operation = module.operation
    found = {}
    for view in operation.regions[0].blocks[0].operations:
        op = view.operation
        name = op.attributes["sym_name"].value if "sym_name" in op.attributes else op.name
        found[name] = op.get_asm(
            enable_debug_info=False, assume_verified=True, use_local_scope=True
        )
    return found


def _operator_json(row: Operator) -> dict[str, Any]:
    entries = asdict(row)
    entries["flops"], entries["bytes"] = row.work.flops, row.work.bytes
    entries["intensity"] = row.work.intensity
    del entries["work"]
    return entries
