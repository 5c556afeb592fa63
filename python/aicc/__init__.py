"""aicc: an AI compiler in Python on upstream MLIR.

    import aicc
    exe = aicc.compile("model.onnx")
    outputs = exe.run({"input": array})

Importing aicc loads neither MLIR nor onnx; the first call that needs them does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from aicc.diagnostics import (
    AiccError,
    ArtifactError,
    InvalidModel,
    LoweringError,
    ShapeError,
    TargetError,
    UnsupportedOp,
    UnsupportedOption,
)

if TYPE_CHECKING:
    from aicc.compiler import compile_model as compile
    from aicc.frontend.onnx.registry import onnx_op
    from aicc.ir_text import load_module, resume
    from aicc.lowering import import_onnx, lower
    from aicc.passes.driver import Pipeline
    from aicc.passes.linalg.lowering import lowers as register_lowering
    from aicc.passes.registry import register_pass
    from aicc.passes.schedule.decide_schedules import register_schedule
    from aicc.runtime.artifact import load
    from aicc.runtime.executable import Executable
    from aicc.weights import load_weights, save_weights

__version__ = "0.1.0"

# public name -> (module, name there)
_LAZY = {
    "compile": ("aicc.compiler", "compile_model"),
    "import_onnx": ("aicc.lowering", "import_onnx"),
    "load": ("aicc.runtime.artifact", "load"),
    "load_module": ("aicc.ir_text", "load_module"),
    "load_weights": ("aicc.weights", "load_weights"),
    "lower": ("aicc.lowering", "lower"),
    "resume": ("aicc.ir_text", "resume"),
    "save_weights": ("aicc.weights", "save_weights"),
    "Executable": ("aicc.runtime.executable", "Executable"),
    "Pipeline": ("aicc.passes.driver", "Pipeline"),
    "register_pass": ("aicc.passes.registry", "register_pass"),
    "onnx_op": ("aicc.frontend.onnx.registry", "onnx_op"),
    "register_schedule": ("aicc.passes.schedule.decide_schedules", "register_schedule"),
    "register_lowering": ("aicc.passes.linalg.lowering", "lowers"),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'aicc' has no attribute '{name}'")
    module, attribute = _LAZY[name]
    return getattr(importlib.import_module(module), attribute)


__all__ = [
    "AiccError",
    "ArtifactError",
    "Executable",
    "InvalidModel",
    "LoweringError",
    "Pipeline",
    "ShapeError",
    "TargetError",
    "UnsupportedOp",
    "UnsupportedOption",
    "compile",
    "import_onnx",
    "load",
    "load_module",
    "load_weights",
    "lower",
    "onnx_op",
    "register_lowering",
    "register_pass",
    "register_schedule",
    "resume",
    "save_weights",
]
