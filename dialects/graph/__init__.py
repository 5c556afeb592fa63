"""The `graph` dialect: what a trained model says, on ranked tensors.

`load_graph()` makes the ops known to the current Context.
"""

import sys

from aicc._mlir import provide_dialect

from . import (
    attention,
    control_flow,
    deformable,
    elementwise,
    indexing,
    linear,
    matrices,
    movement,
    pooling,
    random_numbers,
    recurrent,
    reduction,
    regions,
    resize,
    small_floats,
    structure,
    tables,
    trees,
    winograd,
)
from .base import OPS, Graph, GraphOp, VerifyError


def load_graph() -> None:
    """Load the dialect into the current Context (2-3 ms)."""
    provide_dialect("graph", sys.modules[__name__])
    Graph.load()


__all__ = [
    "OPS",
    "Graph",
    "GraphOp",
    "VerifyError",
    "attention",
    "control_flow",
    "deformable",
    "elementwise",
    "indexing",
    "linear",
    "load_graph",
    "matrices",
    "movement",
    "pooling",
    "random_numbers",
    "recurrent",
    "reduction",
    "regions",
    "resize",
    "small_floats",
    "structure",
    "tables",
    "trees",
    "winograd",
]
