"""The `graph` dialect: what a trained model says, on ranked tensors.

`load_graph()` makes the ops known to the current Context.
"""

import sys

from aicc._mlir import provide_dialect

from . import (
    control_flow,
    elementwise,
    indexing,
    linear,
    movement,
    pooling,
    recurrent,
    reduction,
    resize,
    small_floats,
    structure,
)
from .base import Graph, GraphOp, VerifyError


def load_graph() -> None:
    """Load the dialect into the current Context (2-3 ms)."""
    provide_dialect("graph", sys.modules[__name__])
    Graph.load()


OPS: dict[str, type[GraphOp]] = {op.OPERATION_NAME: op for op in Graph.operations}

__all__ = [
    "OPS",
    "Graph",
    "GraphOp",
    "VerifyError",
    "control_flow",
    "elementwise",
    "indexing",
    "linear",
    "load_graph",
    "movement",
    "pooling",
    "recurrent",
    "reduction",
    "resize",
    "small_floats",
    "structure",
]
