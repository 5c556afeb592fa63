"""The stages of the compiler as functions: import a model, lower a module, emit its code.

imported = aicc.import_onnx("model.onnx", dims={"batch": 1})
module = aicc.lower(imported.module, to="kernels")
print(module)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from aicc._mlir import context, dialect, ir
from aicc.cache import open_cache
from aicc.codegen.emit import object_code as emit_object
from aicc.codegen.objects import objects_of
from aicc.compilation import write_options
from aicc.diagnostics import LoweringError, ShapeError
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, MAX_SHARED_ELEMENTS
from aicc.frontend.onnx import (
    Imported,
    ModelLike,
    NeedsValues,
    fix_dims,
    import_source,
    input_specs,
    read_source,
)
from aicc.options import Options
from aicc.passes.buffers.plan_record import plain
from aicc.passes.signature import functions_of
from aicc.phases import Lowering, Progress
from aicc.runtime import library


def import_onnx(
    model: ModelLike,
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    dims: Mapping[str, int] | None = None,
    values: Mapping[str, Any] | None = None,
    threads: int | None = None,
    opt_level: int = 3,
    strict_fp: bool = False,
    unsafe_fp: bool = False,
    disabled_patterns: Sequence[str] = (),
    winograd: str | int = "auto",
    precision: str = "f32",
    target: str = "host",
    dynamic: bool = False,
) -> Imported:
    """Import an ONNX model into a new Context: `.module` (phase "import") and `.weights`.

    `model` is a path, bytes or a ModelProto. `shapes` (input name -> sizes) and `dims` (dimension
    name -> size) fix open dimensions; `values` (input name -> array) are inputs whose contents
    decide shapes, compiled in as constants; the other options are those of `compile`. `.weights`
    maps the names of `@main`'s weight arguments to read-only arrays.
    Raises InvalidModel, UnsupportedOp (all unsupported nodes at once), or ShapeError when a
    dimension or a deciding value is open or does not fit.
    """
    options = Options(
        threads=library.default_threads() if threads is None else threads,
        opt_level=opt_level,
        strict_fp=strict_fp,
        unsafe_fp=unsafe_fp,
        disabled_patterns=tuple(disabled_patterns),
        winograd=str(winograd),
        precision=precision,
        target=target,
        dynamic=dynamic,
    )
    source = read_source(model)
    specs = fix_dims(input_specs(source.model.graph), shapes, dims)
    for spec in specs:
        if not spec.is_static:
            raise ShapeError(
                f"input '{spec.name}' still has open dimensions {spec.describe()}\n"
                f"next step: fix them by name (--dim NAME=SIZE, or --shape {spec.name}=SIZES)"
            )
    with context(), ir.Location.unknown():
        load_graph()
        try:
            limit = MAX_SHARED_ELEMENTS if dynamic else MAX_INLINE_ELEMENTS
            imported = import_source(source, specs, values, fold_limit=limit)
        except NeedsValues as needs:
            names = ", ".join(f"'{name}'" for name in sorted(needs.names))
            raise ShapeError(
                f"the values of {names} decide shapes inside the model\n"
                "next step: give them (`values=`, on the command line --input NAME=FILE.npy)"
            ) from needs
        write_options(imported.module, options)
    return imported


def lower(
    module: Any,
    to: str = "llvm",
    *,
    dump: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Any:
    """Take `module` on to phase `to`, in place; returns it.

    Phases: import, graph, kernels, schedule, buffers, loops, llvm. A module that is already there
    stays as it is. `dump` is a folder for one numbered file per phase.
    Raises LoweringError for an unknown phase and when a pass fails.
    """
    with module.context, ir.Location.unknown():
        if not module.context.is_dialect_loaded("graph"):
            load_graph()
        Lowering(None if dump is None else os.fspath(dump), progress).lower(module, to)
    return module


def text_of(module: Any) -> str:
    """The module as text that holds everything: locations too, nothing elided."""
    return str(module.operation.get_asm(enable_debug_info=True))


def llvm_ir(module: Any) -> str:
    """LLVM IR text of a module, which is lowered to phase `llvm` first."""
    lower(module, "llvm")
    with module.context:
        text = dialect("llvm").translate_module_to_llvmir(module.operation)
    if not text:
        raise LoweringError("the module cannot be translated to LLVM IR")
    return str(text)


def object_code(module: Any) -> bytes:
    """One ELF object of the whole module, which is lowered to phase `llvm` first.

    What runs is the same code, compiled in units: `running_code`.
    """
    lower(module, "llvm")
    with module.context:
        return emit_object(module)


def running_code(module: Any) -> list[bytes]:
    """The ELF objects that run: one for `@main`, one for every few kernels.

    The module is lowered to phase `buffers` first, and stays there.
    """
    lower(module, "buffers")
    with module.context, ir.Location.unknown():
        return objects_of(module, open_cache())


def memory_plan(module: Any) -> dict[str, Any]:
    """The arena of each public function of a module at phase "buffers", as plain data.

    Function name -> {"algorithm": str, "bytes": the arena's size, "lower_bound": most bytes alive
    at once, "without_reuse": bytes if every value had its own, "buffers": [..], "steps": [..]}.
    A buffer has "bytes", "offset", the steps "first" to "last" at which it is needed, and "values":
    what it holds, each {"nodes": ONNX node names, "bytes", "role"}; role is "result", "workspace",
    "in place" (written over the value before it), "part" (of a concatenation) or "view" (a slice).
    A step tells which call runs from "first" to "last": "op" (the kernel) and "nodes".
    """
    plans = {}
    for function in functions_of(module.operation):
        attributes = function.operation.attributes
        if "aicc.memory_plan" in attributes:
            plans[function.name.value] = plain(attributes["aicc.memory_plan"])
    return plans
