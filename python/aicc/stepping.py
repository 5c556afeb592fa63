"""From the plan of a model that needs host steps to an executable made of parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import onnx

from aicc.dialects.graph.structure import numpy_dtype
from aicc.frontend.onnx import Source, fix_dims
from aicc.frontend.onnx.host_kinds import element_type
from aicc.frontend.onnx.host_plan import Control, HostNode, Plan, Region
from aicc.frontend.onnx.parts import model_of, operator_model
from aicc.frontend.onnx.signature import TEXT, TensorSpec, tensor_spec
from aicc.host import registry as host
from aicc.host.sequences import stacked_rows
from aicc.runtime.chunked import ChunkedLoopStep
from aicc.runtime.executable import Executable
from aicc.runtime.signature import Origin
from aicc.runtime.stepped import SteppedExecutable
from aicc.runtime.steps import (
    BranchStep,
    CompiledStep,
    HostStep,
    LoopStep,
    MapStep,
    Part,
    Step,
    Steps,
)
from aicc.runtime.value_specs import ValueSpec

OPERATOR_OPSET = 13  # of the operators that host steps hand to compiled code

CompilePart = Callable[[Any], Executable]


def stepped_executable(
    source: Source, plan: Plan, fixed: tuple[Any, Any], compile_part: CompilePart, origin: Origin
) -> SteppedExecutable:
    """`compile_part` makes an executable of an ONNX model; parts are compiled when they first run.

    `fixed`: shapes by input name and sizes by dimension name, as for `aicc.compile`.
    """
    steps = _Assembler(source, compile_part).steps(plan)
    return SteppedExecutable(_input_specs(source.model.graph, fixed), steps, origin)


class _Assembler:
    """Turns plans into steps; operators that host steps hand to compiled code share their parts."""

    def __init__(self, source: Source, compile_part: CompilePart) -> None:
        self.source = source
        self.compile_part = compile_part
        self.operators: dict[Any, Executable] = {}

    def steps(self, plan: Plan) -> Steps:
        """A plan's steps, those of bodies included."""
        made = [self._step(step) for step in plan.steps]
        return Steps(plan.inputs, plan.outputs, made, plan.constants)

    def _step(self, step: Region | HostNode | Control) -> Step:
        if isinstance(step, Region):
            return self._compiled(step)
        if isinstance(step, Control):
            return self._control(step)
        node = step.item.node
        return HostStep(
            node.op_type,
            [step.item.name],
            step.row.function,
            self._context(step.item.name, node.op_type, step.item.opset),
            list(node.input),
            list(node.output),
            step.attributes,
        )

    def _compiled(self, region: Region) -> CompiledStep:
        def compiled_for(dtypes: Mapping[str, np.dtype[Any]]) -> Executable:
            return self.compile_part(model_of(region, dtypes, self.source))

        nodes = [item.name for item in region.items]
        return CompiledStep(Part(compiled_for), nodes, region.inputs, region.outputs)

    def _context(self, name: str, operator: str, opset: int) -> host.Step:
        return host.Step(operator, name, opset, self._compute)

    def _compute(self, operator: str, *arrays: Any, outputs: int = 1, **attributes: Any) -> Any:
        """One operator on arrays, compiled: an array, or a list if there are several outputs."""
        dtypes = [array.dtype for array in arrays]
        key = (operator, tuple(dtypes), outputs, repr(sorted(attributes.items())))
        if key not in self.operators:
            model = operator_model(operator, dtypes, outputs, OPERATOR_OPSET, attributes)
            self.operators[key] = self.compile_part(model)
        results = self.operators[key].run({str(i): array for i, array in enumerate(arrays)})
        return list(results.values()) if operator == "Split" else results["y0"]

    def _control(self, step: Control) -> Step:
        node, name = step.item.node, step.item.name
        bodies = [self.steps(plan) for plan in step.bodies]
        if node.op_type == "If":
            return BranchStep([name], node.input[0], (bodies[0], bodies[1]), list(node.output))
        if node.op_type == "SequenceMap":
            return MapStep([name], list(node.input), list(node.output), bodies[0])
        context = self._context(name, node.op_type, step.item.opset)
        inputs = [*node.input, *[""] * (2 - len(node.input))]
        stack = [_stack_of(context, row) for row in step.rows]
        loop = LoopStep([name], inputs, list(node.output), bodies[0], stack)
        return ChunkedLoopStep(self._compiled(step.chunk), loop) if step.chunk else loop


def _stack_of(context: host.Step, row: onnx.ValueInfoProto) -> Callable[[list[Any]], Any]:
    type_ = row.type.tensor_type
    dtype = element_type(type_.elem_type or onnx.TensorProto.FLOAT)
    shape = [max(d.dim_value, 0) for d in type_.shape.dim]
    return partial(
        stacked_rows, context, dtype=object if isinstance(dtype, str) else dtype, shape=shape
    )


def _input_specs(graph: onnx.GraphProto, fixed: tuple[Any, Any]) -> list[ValueSpec]:
    """The inputs that a caller gives."""
    held = {t.name for t in graph.initializer}
    values = [v for v in graph.input if v.name not in held]
    tensors = [tensor_spec(v.name, v.type) for v in values if v.type.HasField("tensor_type")]
    sized = {spec.name: spec for spec in fix_dims(tensors, *fixed)}
    return [
        _tensor(sized[v.name]) if v.name in sized else _value_spec(v.name, v.type) for v in values
    ]


def _tensor(spec: TensorSpec) -> ValueSpec:
    dtype = np.dtype(object if spec.dtype == TEXT else numpy_dtype(spec.dtype))
    return ValueSpec(spec.name, dtype, spec.dims)


def _value_spec(name: str, type_: onnx.TypeProto) -> ValueSpec:
    which = type_.WhichOneof("value")
    anything = np.dtype(object)
    if which == "sequence_type":
        element = _value_spec(name, type_.sequence_type.elem_type)
        return ValueSpec(name, anything, None, "sequence", element)
    if which == "optional_type":
        element = _value_spec(name, type_.optional_type.elem_type)
        return ValueSpec(name, anything, None, "optional", element)
    if which == "map_type":
        return ValueSpec(name, anything, None, "map")
    return _tensor(tensor_spec(name, type_))
