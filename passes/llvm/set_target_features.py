"""Say on every function which processor it is for, unless that is the machine at hand.

Why: LLVM compiles for the machine it runs on. A function's own `target_cpu` and `target_features`
replace that. Without `no_inline`, MLIR's wrappers of functions, which carry neither, would take in
their bodies.

    module {aicc.target = "x86-64-v3"}
    llvm.func @k()    ->    llvm.func @k() attributes {no_inline, target_cpu = "x86-64-v3",
                              target_features = <["+avx2", .., "-avx512f", ..]>}
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.passes.registry import register_pass


@register_pass("set-target-features")
def run(module: Any) -> None:
    """Put the module's target on its functions; nothing for the host."""
    machine = target.of_module(module)
    if machine.name == target.HOST:
        return
    with module.context:
        features = ", ".join(f'"{feature}"' for feature in machine.features)
        attributes = {
            "no_inline": ir.UnitAttr.get(),
            "target_cpu": ir.StringAttr.get(machine.name),
            "target_features": ir.Attribute.parse(f"#llvm.target_features<[{features}]>"),
        }
        for view in module.operation.regions[0].blocks[0].operations:
            if view.operation.name == "llvm.func" and view.operation.regions[0].blocks:
                for name, attribute in attributes.items():
                    view.operation.attributes[name] = attribute
