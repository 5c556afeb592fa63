"""Note the time after every kernel call of @main, for `exe.profile()`.

    call @a(..)  ->  time -> %marks[0]; call @a(..); time -> %marks[1]
    call @b(..)      call @b(..); time -> %marks[2]

Why: times belong to kernels only if they are taken between them. A mark reads the processor's cycle
counter and stores it, about ten nanoseconds. Nothing is done unless the module has `aicc.profile`.
What each interval is stands in the module attribute `aicc.intervals`: kernel, class, ONNX nodes,
operations and bytes.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.messages import names_of
from aicc.passes.registry import register_pass
from aicc.passes.signature import add_arguments, functions_of, is_kernel


@register_pass("mark-kernels")
def run(module: Any) -> None:
    """Add the argument %marks to @main and store the time around its calls."""
    attributes = module.operation.attributes
    if "aicc.profile" not in attributes or "aicc.intervals" in attributes:
        return
    kernels = {f.name.value: f for f in functions_of(module) if is_kernel(f)}
    for function in functions_of(module):
        if function.name.value == "main":
            attributes["aicc.intervals"] = _mark(function, kernels)


def _mark(function: Any, kernels: dict[str, Any]) -> Any:
    """Insert the marks; returns the intervals between them."""
    block = function.operation.regions[0].blocks[0]
    ops = [view.operation for view in block.operations]
    calls = [op for op in ops if op.name == "func.call"]
    i64 = ir.IntegerType.get_signless(64)
    type_ = ir.MemRefType.get([len(calls) + 1], i64)
    (marks,) = add_arguments(function, [type_], {"aicc.marks": ir.UnitAttr.get()})
    _store_time(marks, 0, ops[0])
    intervals = []
    for index, call in enumerate(calls):
        _store_time(marks, index + 1, ops[ops.index(call) + 1])
        intervals.append(_interval(call, kernels))
    return ir.ArrayAttr.get(intervals)


def _store_time(marks: Any, index: int, before: Any) -> None:
    with ir.InsertionPoint(before), before.location:
        i64 = ir.IntegerType.get_signless(64)
        time = ir.Operation.create(
            "llvm.call_intrinsic",
            results=[i64],
            attributes={
                "intrin": ir.StringAttr.get("llvm.readcyclecounter"),
                "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
                "operandSegmentSizes": ir.DenseI32ArrayAttr.get([0, 0]),
            },
        ).results[0]
        position = dialect("arith").ConstantOp(ir.IndexType.get(), index).result
        dialect("memref").StoreOp(time, marks, [position])


def _interval(call: Any, kernels: dict[str, Any]) -> Any:
    name = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
    attributes = kernels[name].operation.attributes
    nodes = [ir.StringAttr.get(node) for node in names_of(call.location)]
    entry = {"kernel": ir.StringAttr.get(name), "nodes": ir.ArrayAttr.get(nodes)}
    for key, attribute in (("class", "aicc.kernel"), ("work", "aicc.work")):
        if attribute in attributes:
            entry[key] = attributes[attribute]
    return ir.DictAttr.get(entry)
