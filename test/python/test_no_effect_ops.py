"""ONNX nodes that change nothing leave no op behind; those that only seem to, stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import aicc
from aicc.passes.driver import Pipeline

Initializers = dict[str, np.ndarray]


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def node(operator: str, inputs: str = "x", outputs: str = "y", **attrs: Any) -> Any:
    """A node; operand and result names separated by blanks, `_` for one left out."""
    names = [n.replace("_", "") for n in inputs.split()]
    return helper.make_node(operator, names, outputs.split(), **attrs)


def ops_of(nodes: list[Any], initializers: Initializers) -> list[str]:
    """What is left of the nodes, on an operand of 2 x 3 x 4 floats, after simplification."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3, 4])
    y = helper.make_tensor_value_info("y", TensorProto.UNDEFINED, None)
    constants = [onnx.numpy_helper.from_array(a, n) for n, a in initializers.items()]
    graph = helper.make_graph(nodes, "graph", [x], [y], constants)
    opsets = [helper.make_opsetid("", 13)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    module = aicc.import_onnx(model, threads=1).module
    with module.context:
        Pipeline("simplify-graph").run(module)
    block = module.body.operations[0].operation.regions[0].blocks[0]
    return [op.operation.name for op in block.operations]


NOTHING: dict[str, tuple[list[Any], Initializers]] = {
    "identity": ([node("Identity")], {}),
    "dropout": ([node("Dropout")], {}),
    "concat of one": ([node("Concat", axis=1)], {}),
    "sum of one": ([node("Sum")], {}),
    "mean of one": ([node("Mean")], {}),
    "maximum of one": ([node("Max")], {}),
    "minimum of one": ([node("Min")], {}),
    "split into one": ([node("Split", "x s", axis=1)], {"s": ints(3)}),
    "cast to its type": ([node("Cast", to=TensorProto.FLOAT)], {}),
    "tile by one": ([node("Tile", "x r")], {"r": ints(1, 1, 1)}),
    "expand to its shape": ([node("Expand", "x s")], {"s": ints(2, 3, 4)}),
    "reshape to its shape": ([node("Reshape", "x s")], {"s": ints(2, -1, 4)}),
    "slice of everything": ([node("Slice", "x a b")], {"a": ints(0, 0), "b": ints(99, 99)}),
    "resize by one": ([node("Resize", "x _ s")], {"s": np.ones(3, np.float32)}),
    "pad by nothing": ([node("Pad", "x p")], {"p": ints(0, 0, 0, 0, 0, 0)}),
    "clip without bounds": ([node("Clip")], {}),
    "clip between infinities": (
        [node("Clip", "x low high")],
        {"low": np.array(-np.inf, np.float32), "high": np.array(np.inf, np.float32)},
    ),
    "pool of one": ([node("MaxPool", kernel_shape=[1])], {}),
    "gather of everything": ([node("Gather", "x i", axis=1)], {"i": ints(0, 1, 2)}),
    "unsqueeze and squeeze": (
        [node("Unsqueeze", "x a", "t"), node("Squeeze", "t a")],
        {"a": ints(1)},
    ),
    "unsqueeze and sum": (
        [node("Unsqueeze", "x a", "t"), node("ReduceSum", "t a", keepdims=0)],
        {"a": ints(0)},
    ),
    "split and concat": (
        [node("Split", "x s", "a b", axis=1), node("Concat", "a b", axis=1)],
        {"s": ints(1, 2)},
    ),
    "transpose and back": (
        [node("Transpose", "x", "t", perm=[2, 0, 1]), node("Transpose", "t", perm=[1, 2, 0])],
        {},
    ),
    "widening cast and back": (
        [node("Cast", "x", "t", to=TensorProto.DOUBLE), node("Cast", "t", to=TensorProto.FLOAT)],
        {},
    ),
}
SOMETHING: dict[str, tuple[list[Any], Initializers]] = {
    "narrowing cast and back": (
        [node("Cast", "x", "t", to=TensorProto.FLOAT16), node("Cast", "t", to=TensorProto.FLOAT)],
        {},
    ),
    "transpose twice": (
        [node("Transpose", "x", "t", perm=[2, 0, 1]), node("Transpose", "t", perm=[2, 0, 1])],
        {},
    ),
    "split and concat the other way round": (
        [node("Split", "x s", "a b", axis=1), node("Concat", "b a", axis=1)],
        {"s": ints(1, 2)},
    ),
    "slice in reverse": (
        [node("Slice", "x a b c d")],
        {"a": ints(-1), "b": ints(-99), "c": ints(1), "d": ints(-1)},
    ),
    "clip above zero": ([node("Clip", "x low")], {"low": np.array(0, np.float32)}),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_no_op_is_left(kind: str) -> None:
    assert ops_of(*NOTHING[kind]) == ["func.return"]


@pytest.mark.parametrize("kind", SOMETHING)
def test_ops_with_an_effect_stay(kind: str) -> None:
    assert len(ops_of(*SOMETHING[kind])) > 1
