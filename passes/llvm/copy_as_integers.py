"""Copy 16-bit floats as the integers that they are in memory.

Why: a value that is loaded and only stored again needs no float register. LLVM's vectoriser makes
vectors of such copies, and its x86 back end gives up ("cannot select") on taking a bf16 out of a
vector where the processor has no instructions of bf16.

    %b = llvm.load %p : !llvm.ptr -> bf16     ->   %b = llvm.load %p : !llvm.ptr -> i16
    llvm.store %b, %q : bf16, !llvm.ptr            llvm.store %b, %q : i16, !llvm.ptr
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass

_BITS = 16


@register_pass("copy-as-integers")
def run(module: Any) -> None:
    """Retype every load of f16 or bf16 of which nothing but stores makes use, and these stores."""
    with module.context:
        word = ir.IntegerType.get_signless(_BITS)
        for load in ops_named(module, "llvm.load"):
            value = load.results[0]
            if isinstance(value.type, (ir.F16Type, ir.BF16Type)) and _is_only_stored(value):
                value.set_type(word)


def _is_only_stored(value: Any) -> bool:
    uses = list(value.uses)
    return all(use.owner.operation.name == "llvm.store" and use.operand_number == 0 for use in uses)
