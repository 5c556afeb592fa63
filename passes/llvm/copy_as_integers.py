"""Store 16-bit floats that are only moved, or constant, as the integers that they are in memory.

Why: a value that is loaded and only stored again needs no float register. LLVM's vectoriser makes
vectors of such stores, and its x86 back end gives up ("cannot select") on taking a bf16 out of a
vector where the processor has no instructions of bf16.

    %b = llvm.load %p : !llvm.ptr -> bf16     ->   %b = llvm.load %p : !llvm.ptr -> i16
    llvm.store %b, %q : bf16, !llvm.ptr            llvm.store %b, %q : i16, !llvm.ptr
"""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass

_BITS = 16


@register_pass("copy-as-integers")
def run(module: Any) -> None:
    """Retype loads and constants of f16 or bf16 that only stores make use of, and these stores."""
    with module.context:
        word = ir.IntegerType.get_signless(_BITS)
        for op in ops_named(module, "llvm.load", "llvm.mlir.constant"):
            value = op.results[0]
            if not isinstance(value.type, (ir.F16Type, ir.BF16Type)) or not _is_only_stored(value):
                continue
            if op.name == "llvm.mlir.constant":
                op.attributes["value"] = ir.IntegerAttr.get(word, _bits(op.attributes["value"]))
            value.set_type(word)


def _bits(number: Any) -> int:
    """The bit pattern of a FloatAttr, as a signed number."""
    kind = np.float16 if isinstance(number.type, ir.F16Type) else ml_dtypes.bfloat16
    return int(np.array(number.value).astype(kind).view(np.int16))


def _is_only_stored(value: Any) -> bool:
    uses = list(value.uses)
    return all(use.owner.operation.name == "llvm.store" and use.operand_number == 0 for use in uses)
