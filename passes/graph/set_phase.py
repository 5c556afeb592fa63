"""Note in the module which phase its IR has reached, so that any dump can be resumed.

module  ->  module attributes {aicc.phase = "kernels"}
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass


@register_pass("set-phase", kind="utility")
def run(module: Any, *, name: str = "import") -> None:
    """Set `aicc.phase`."""
    module.attributes["aicc.phase"] = ir.StringAttr.get(name)
