"""The ONNX front end: `import_onnx` turns a model into a module of `graph` ops plus weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS

from .importer import Importer
from .node import NeedsValues
from .signature import TensorSpec, fix_dims, input_specs
from .source import ModelLike, Source, read_source
from .stages import ASKED, Stage


@dataclass
class Imported:
    """What an import gives: the module, and weight name -> numpy array (read only).

    `next_stage`: the module ends where a value decides shapes that a run must compute; `asking` is
    the node that needs it, ASKED the output that gives it.
    """

    module: Any
    weights: dict[str, Any]
    next_stage: Stage | None = None
    asking: str = ""


def import_source(
    source: Source,
    inputs: Sequence[TensorSpec],
    values: Mapping[str, Any] | None = None,
    stage: Stage | None = None,
    fold_limit: int = MAX_INLINE_ELEMENTS,
) -> Imported:
    """Import with every dimension of `inputs` fixed, in the current Context and Location.

    `values` are inputs whose contents decide shapes: they are compiled in as constants.
    `stage` tells where to begin (at first: Stage()); without it, a model is imported as a whole.
    Results of up to `fold_limit` elements are computed from constants.
    Raises NeedsValues if more such inputs exist, UnsupportedOp, InvalidModel or ShapeError.
    """
    importer = Importer(source, inputs, values or {}, stage, fold_limit)
    module, _ = importer.run()
    module.operation.attributes["aicc.phase"] = ir.StringAttr.get("import")
    return Imported(module, importer.weights, importer.next_stage, importer.asking)


__all__ = [
    "ASKED",
    "Imported",
    "ModelLike",
    "NeedsValues",
    "Source",
    "Stage",
    "TensorSpec",
    "fix_dims",
    "import_source",
    "input_specs",
    "read_source",
]
