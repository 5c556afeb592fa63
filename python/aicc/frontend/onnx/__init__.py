"""The ONNX front end: `import_onnx` turns a model into a module of `graph` ops plus weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

from .importer import Importer
from .node import NeedsValues
from .signature import TensorSpec, fix_dims, input_specs
from .source import ModelLike, Source, read_source


@dataclass
class Imported:
    """What an import gives: the module, and weight name -> numpy array (read only)."""

    module: Any
    weights: dict[str, Any]


def import_source(
    source: Source, inputs: Sequence[TensorSpec], values: Mapping[str, Any] | None = None
) -> Imported:
    """Import with every dimension of `inputs` fixed, in the current Context and Location.

    `values` are inputs whose contents decide shapes: they are compiled in as constants.
    Raises NeedsValues if more such inputs exist, UnsupportedOp, InvalidModel or ShapeError.
    """
    importer = Importer(source, inputs, values or {})
    module, _ = importer.run()
    module.operation.attributes["aicc.phase"] = ir.StringAttr.get("import")
    return Imported(module, importer.weights)


__all__ = [
    "Imported",
    "ModelLike",
    "NeedsValues",
    "Source",
    "TensorSpec",
    "fix_dims",
    "import_source",
    "input_specs",
    "read_source",
]
