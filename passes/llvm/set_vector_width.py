"""Let LLVM's own vectoriser use registers as wide as the target's.

Why: for most processors with AVX-512, LLVM keeps to 256 bits unless a function asks for more, since
the first of them lowered their clock. The ones of today do not, and a loop of multiply-adds runs at
twice the speed. Code that is made of vectors already is not concerned.

    llvm.func @k()    ->    llvm.func @k() attributes {prefer_vector_width = "512"}
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.passes.registry import register_pass

ATTRIBUTE = "prefer_vector_width"


@register_pass("set-vector-width")
def run(module: Any) -> None:
    """Put the target's vector width on every function."""
    width = ir.StringAttr.get(str(target.of_module(module).vector_bits), module.context)
    for view in module.operation.regions[0].blocks[0].operations:
        if view.operation.name == "llvm.func" and view.operation.regions[0].blocks:
            view.operation.attributes[ATTRIBUTE] = width
