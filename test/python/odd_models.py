"""Valid models of unusual form: each function gives a model, its inputs, and what it computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx_models import info, model

NODE = helper.make_node
Arrays = Mapping[str, Any]
X = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)
W = np.linspace(-1, 1, 20, dtype=np.float32).reshape(4, 5)
PRODUCT = np.maximum(X @ W, 0)


@dataclass(frozen=True)
class Odd:
    """A model, what it is fed with, and what its outputs must be."""

    model: onnx.ModelProto
    feeds: Arrays
    expected: Arrays


MAKERS: list[Callable[[], Odd]] = []


def odd(maker: Callable[[], Odd]) -> Callable[[], Odd]:
    """Add a model to the table."""
    MAKERS.append(maker)
    return maker


def relu_of_product() -> onnx.ModelProto:
    """y = relu(x @ w); every test starts from it."""
    nodes = [NODE("MatMul", ["x", "w"], ["m"], "mm"), NODE("Relu", ["m"], ["y"], "relu")]
    return model(nodes, {"x": [3, 4]}, ["y"], {"w": W})


def usual(proto: onnx.ModelProto) -> Odd:
    """A changed form of `relu_of_product` that computes the same."""
    return Odd(proto, {"x": X}, {"y": PRODUCT})


# ---- what surrounds the nodes


@odd
def nodes_without_names() -> Odd:
    proto = relu_of_product()
    for node in proto.graph.node:
        node.name = ""
    return usual(proto)


@odd
def nodes_of_one_name() -> Odd:
    proto = relu_of_product()
    for node in proto.graph.node:
        node.name = "same"
    return usual(proto)


@odd
def no_names_of_graph_and_producer() -> Odd:
    proto = relu_of_product()
    proto.graph.name = proto.producer_name = ""
    return usual(proto)


@odd
def wrong_value_info() -> Odd:
    proto = relu_of_product()
    proto.graph.value_info.append(info("m", [7, 9, 2], TensorProto.INT8))
    proto.graph.value_info.append(info("nobody", [1]))
    return usual(proto)


@odd
def outputs_without_type() -> Odd:
    proto = relu_of_product()
    proto.graph.output[0].ClearField("type")
    return usual(proto)


@odd
def text_everywhere() -> Odd:
    proto = relu_of_product()
    words = 'a "long" <story> \N{SNOWMAN}\n' * 2000
    proto.doc_string = proto.graph.doc_string = proto.graph.node[0].doc_string = words
    proto.metadata_props.add(key="k", value=words)
    return usual(proto)


@odd
def domains_nobody_uses() -> Odd:
    proto = relu_of_product()
    proto.opset_import.append(helper.make_opsetid("nobody.knows", 3))
    proto.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3))
    return usual(proto)


@odd
def default_domain_by_its_other_name() -> Odd:
    proto = relu_of_product()
    proto.opset_import[0].domain = "ai.onnx"
    proto.graph.node[0].domain = "ai.onnx"
    return usual(proto)


@odd
def weights_that_are_inputs_too() -> Odd:
    proto = relu_of_product()
    proto.graph.input.insert(0, info("w", [4, 5]))
    return usual(proto)


@odd
def inputs_and_weights_nobody_reads() -> Odd:
    proto = relu_of_product()
    proto.graph.input.append(info("idle", [2, 2]))
    proto.graph.initializer.append(numpy_helper.from_array(np.array(["text"], object), "words"))
    idle = np.zeros((2, 2), np.float32)
    return Odd(proto, {"x": X, "idle": idle}, {"y": PRODUCT})


@odd
def nodes_nobody_reads() -> Odd:
    proto = relu_of_product()
    proto.graph.node.append(NODE("Exp", ["m"], ["idle"]))
    proto.graph.node.append(NODE("Shape", ["x"], ["idle2"]))
    return usual(proto)


@odd
def two_weights_of_one_name() -> Odd:
    """The later one counts."""
    proto = relu_of_product()
    proto.graph.initializer.insert(0, numpy_helper.from_array(W + 1, "w"))
    return usual(proto)


# ---- inputs and outputs


@odd
def output_that_is_an_input() -> Odd:
    proto = relu_of_product()
    proto.graph.output.append(info("x", [3, 4]))
    return Odd(proto, {"x": X}, {"y": PRODUCT, "x": X})


@odd
def output_that_is_a_weight() -> Odd:
    proto = relu_of_product()
    proto.graph.output.append(info("w", [4, 5]))
    return Odd(proto, {"x": X}, {"y": PRODUCT, "w": W})


@odd
def output_that_is_read_inside() -> Odd:
    proto = relu_of_product()
    proto.graph.output.append(info("m", [3, 5]))
    return Odd(proto, {"x": X}, {"y": PRODUCT, "m": X @ W})


@odd
def one_value_as_two_outputs() -> Odd:
    proto = relu_of_product()
    proto.graph.node.append(NODE("Identity", ["y"], ["again"]))
    proto.graph.output.append(info("again", None))
    return Odd(proto, {"x": X}, {"y": PRODUCT, "again": PRODUCT})


@odd
def nothing_but_a_constant() -> Odd:
    proto = model([NODE("Constant", [], ["y"], value_floats=[1.0, 2.5])], {}, ["y"])
    return Odd(proto, {}, {"y": np.array([1, 2.5], np.float32)})


@odd
def nothing_but_an_input() -> Odd:
    return Odd(model([], {"x": [3, 4]}, ["x"]), {"x": X}, {"x": X})


@odd
def nothing_but_a_weight() -> Odd:
    return Odd(model([], {}, ["w"], {"w": W}), {}, {"w": W})


@odd
def input_of_no_dimensions() -> Odd:
    nodes = [NODE("Mul", ["x", "w"], ["m"]), NODE("ReduceSum", ["m"], ["y"], keepdims=0)]
    two = np.float32(2)
    return Odd(model(nodes, {"x": []}, ["m", "y"], {"w": W}), {"x": two}, {"y": two * W.sum()})


@odd
def input_without_elements() -> Odd:
    nodes = [NODE("MatMul", ["x", "w"], ["m"]), NODE("ReduceSum", ["m"], ["y"], keepdims=0)]
    x = np.zeros((0, 4), np.float32)
    proto = model(nodes, {"x": [0, 4]}, ["m", "y"], {"w": W})
    return Odd(proto, {"x": x}, {"m": np.zeros((0, 5), np.float32), "y": np.float32(0)})


@odd
def dimensions_of_odd_names() -> Odd:
    proto = relu_of_product()
    dims = proto.graph.input[0].type.tensor_type.shape.dim
    dims[0].dim_param, dims[1].dim_param = "n * 2 + 1", "%0 {"
    return usual(proto)


@odd
def dimensions_of_minus_one() -> Odd:
    proto = relu_of_product()
    for dim in proto.graph.input[0].type.tensor_type.shape.dim:
        dim.dim_value = -1
    return usual(proto)


@odd
def input_of_any_rank() -> Odd:
    proto = relu_of_product()
    proto.graph.input[0].type.tensor_type.ClearField("shape")
    return usual(proto)


# ---- names

NAMES = (
    *("a b", "a/b", "a\\b", "a.b", "..", "'", '"', "%arg0", "@main", "^bb0", "#map", "0", "main"),
    *("\N{SNOWMAN}", "e\u0301", "\u00e9", "func.func", "{", "<script>", "$(x)", "a\tb", "null"),
    "x" * 5000,
)


@odd
def names_of_all_kinds() -> Odd:
    nodes, expected = [], {}
    for number, name in enumerate(NAMES):
        read = NAMES[number - 1] if number else "x"
        nodes.append(NODE("Add", [read, "w" + name], [name], name))
        expected[name] = X + np.float32(number + 1)
    weights = {"w" + name: np.ones((1, 4), np.float32) for name in NAMES}
    return Odd(model(nodes, {"x": [3, 4]}, NAMES, weights), {"x": X}, expected)


@odd
def names_that_differ_by_little() -> Odd:
    names = ["a_b", "a b", "a.b", "A_b", "a_b_", "a/b"]
    nodes = [NODE("Mul", ["x", f"w{name}"], [name], name) for name in names]
    weights = {f"w{name}": np.full((40, 4), i, np.float32) for i, name in enumerate(names)}
    x = np.ones((40, 4), np.float32)
    proto = model(nodes, {"x": [40, 4]}, names, weights)
    return Odd(proto, {"x": x}, {name: x * i for i, name in enumerate(names)})
