"""Record the public functions' arguments in a module attribute, and tell LLVM about kernels.

Why: the lowering to LLVM drops types and most argument attributes; a run needs to know what each
pointer of @main and @prepare is. A kernel's outputs and workspaces overlap its inputs only where
the memory plan says so (`aicc.may_alias`); of all others LLVM's vectoriser must be told. Kernels
are not inlined: each call, and the execution engine's wrapper of each function, would be a copy.

    module attributes {aicc.entry_points = {main = [{kind = "input", name = "x", ..}, ..]}}
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import (
    BODY,
    argument_attrs,
    functions_of,
    is_kernel,
    set_argument_attrs,
)

KINDS = ("input", "weight", "prepared", "output", "arena", "marks")


@register_pass("describe-entry-points")
def run(module: Any) -> None:
    """Write `aicc.entry_points`; mark kernels llvm.no_inline, their arguments llvm.noalias."""
    entries = {}
    for function in functions_of(module):
        if is_kernel(function):
            _mark(function)
        elif BODY not in function.operation.attributes:
            entries[function.name.value] = _describe(function)
    if "aicc.entry_points" not in module.attributes:
        module.attributes["aicc.entry_points"] = ir.DictAttr.get(entries)


def _mark(function: Any) -> None:
    function.operation.attributes["llvm.no_inline"] = ir.UnitAttr.get()
    attrs = argument_attrs(function)
    for type_, entries in zip(function.type.inputs, attrs, strict=True):
        if isinstance(type_, ir.MemRefType) and "aicc.may_alias" not in entries:
            entries["llvm.noalias"] = ir.UnitAttr.get()
    set_argument_attrs(function, attrs)


def _describe(function: Any) -> Any:
    rows = []
    for type_, entries in zip(function.type.inputs, argument_attrs(function), strict=True):
        kind = next(k for k in KINDS if f"aicc.{k}" in entries)
        name = entries[f"aicc.{kind}"]
        dtype = entries.get("aicc.type", ir.TypeAttr.get(type_.element_type))
        row = {
            "kind": ir.StringAttr.get(kind),
            "name": name if isinstance(name, ir.StringAttr) else ir.StringAttr.get(""),
            "dtype": dtype,
            "shape": ir.DenseI64ArrayAttr.get(list(type_.shape)),
        }
        if "aicc.dim_names" in entries:
            row["dim_names"] = entries["aicc.dim_names"]
        rows.append(ir.DictAttr.get(row))
    return ir.ArrayAttr.get(rows)
