"""Give inputs of @main other shapes, and every result the type that follows from its operands.

    infer-shapes{inputs=x=8x3x32x32}:   @main(%x: tensor<1x3x32x32xf32> {aicc.input = "x"})
                                    ->  @main(%x: tensor<8x3x32x32xf32> {aicc.input = "x"})

Why: a module may be specialised for another batch or image size without importing the model again.
Attributes that hold a shape (of `reshape`, `slice`, `expand`) stay as they are; where they
contradict the new shapes, the shape rule of the op says so and the pass fails.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph import OPS, VerifyError
from aicc.dialects.graph.types import tensor
from aicc.passes.registry import PassFailure, emit_error, register_pass
from aicc.passes.signature import argument_attrs

from .dataflow import body_of, graph_functions, ops_of


@register_pass("infer-shapes")
def run(module: Any, *, inputs: list[str] | None = None) -> None:
    """Infer all result types anew; `inputs` are `name=2x3x4`, new shapes of inputs of @main."""
    shapes = dict(_parsed(text) for text in inputs or [])
    for function in graph_functions(module):
        if function.name.value == "main":
            _set_inputs(function, shapes)
        if all([_infer(op) for op in ops_of(body_of(function))]):
            _set_signature(function)


def _parsed(text: str) -> tuple[str, list[int]]:
    """(name, shape) of `name=2x3x4`; a scalar is `name=`."""
    name, _, sizes = text.rpartition("=")
    if not name or any(not size.isdecimal() for size in sizes.split("x") if sizes):
        raise PassFailure(f"infer-shapes takes inputs as name=2x3x4, not '{text}'")
    return name, [int(size) for size in sizes.split("x") if sizes]


def _set_inputs(main: Any, shapes: dict[str, list[int]]) -> None:
    known = {}
    for value, attrs in zip(body_of(main).arguments, argument_attrs(main), strict=True):
        if "aicc.input" in attrs:
            known[attrs["aicc.input"].value] = value
    for name, shape in shapes.items():
        if name not in known:
            raise PassFailure(f"@main has no input '{name}' (inputs: {', '.join(known)})", main)
        known[name].set_type(tensor(shape, known[name].type.element_type))


def _infer(op: Any) -> bool:
    """Set the result types of a graph op; False, and an error, if the operands do not fit it."""
    if op.name not in OPS or not len(op.results):
        return True
    if len(op.regions):
        return _infer_region(op)
    try:
        with op.location:
            types = op.opview.inferred_types()
    except VerifyError as error:
        emit_error(op, str(error))
        return False
    for result, type_ in zip(op.results, types, strict=True):
        if result.type != type_:
            result.set_type(type_)
    return True


def _infer_region(op: Any) -> bool:
    """A group's results have the types of what its region yields."""
    if op.name != "graph.group":
        return True
    inner = ops_of(op.regions[0].blocks[0])
    if not all([_infer(one) for one in inner]):
        return False
    for result, value in zip(op.results, inner[-1].operands, strict=True):
        result.set_type(value.type)
    return True


def _set_signature(function: Any) -> None:
    """Make the function's type that of its arguments and of what it returns."""
    block = body_of(function)
    arguments = [a.type for a in block.arguments]
    results = [v.type for v in ops_of(block)[-1].operands]
    type_ = ir.FunctionType.get(arguments, results)
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
