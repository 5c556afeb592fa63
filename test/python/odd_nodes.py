"""Valid models whose nodes, functions or weights are of unusual form."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from odd_models import NODE, PRODUCT, Odd, W, X, odd, relu_of_product
from onnx import TensorProto, helper, numpy_helper
from onnx_models import info, model


@odd
def empty_optional_inputs() -> Odd:
    nodes = [
        NODE("Clip", ["x", "", "top"], ["c"]),
        NODE("Clip", ["c", "", ""], ["d"]),
        NODE("Resize", ["image", "", "scales"], ["r"], mode="nearest"),
        NODE("Slice", ["d", "one", "three", "", "one"], ["y"]),
    ]
    weights = {
        "top": np.float32(1),
        "scales": np.array([1, 1, 2, 2], np.float32),
        "one": np.array([1, 1]),
        "three": np.array([3, 3]),
    }
    image = np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2)
    proto = model(nodes, {"x": [3, 4], "image": [1, 1, 2, 2]}, ["y", "r"], weights)
    expected = {"y": np.minimum(X, 1)[1:3, 1:3], "r": image.repeat(2, 2).repeat(2, 3)}
    return Odd(proto, {"x": X, "image": image}, expected)


@odd
def empty_optional_outputs() -> Odd:
    nodes = [
        NODE("TopK", ["x", "k"], ["", "places"]),
        NODE("Dropout", ["x"], ["d", ""]),
        NODE("Split", ["d"], ["", "y"], axis=1),
    ]
    proto = model(nodes, {"x": [3, 4]}, ["places", "y"], {"k": np.array([1])})
    return Odd(proto, {"x": X}, {"places": X.argmax(1)[:, None], "y": X[:, 2:]})


@odd
def many_operands_and_results() -> Odd:
    parts = [f"part{i}" for i in range(300)]
    nodes = [
        NODE("Split", ["x"], parts, axis=0),
        NODE("Concat", parts[::-1], ["back"], axis=0),
        NODE("Sum", parts, ["total"]),
    ]
    x = np.arange(1200, dtype=np.float32).reshape(300, 4)
    expected = {"back": x[::-1], "total": x.sum(0, keepdims=True)}
    return Odd(model(nodes, {"x": [300, 4]}, ["back", "total"]), {"x": x}, expected)


@odd
def constants_of_all_spellings() -> Odd:
    values = {
        "value_float": 2.0,
        "value_int": 3,
        "value_floats": [1.0, 2.0],
        "value_ints": list(range(1000)),
        "value": numpy_helper.from_array(W, "w"),
    }
    nodes = [NODE("Constant", [], [name], **{name: value}) for name, value in values.items()]
    dtypes = {"value_int": np.int64, "value_ints": np.int64}
    expected = {
        n: np.array(v, dtypes.get(n, np.float32)) for n, v in values.items() if n != "value"
    }
    return Odd(model(nodes, {}, list(values)), {}, {**expected, "value": W})


@odd
def unsorted_bodies() -> Odd:
    proto = relu_of_product()
    last_first = [NODE("Neg", ["t"], ["r"]), NODE("Add", ["y0", "y0"], ["t"])]
    then = helper.make_graph(last_first, "then", [], [info("r", None)])
    other = helper.make_graph([NODE("Neg", ["y0"], ["s"])], "else", [], [info("s", None)])
    proto.graph.node[1].output[0] = "y0"
    proto.graph.node.insert(0, NODE("If", ["flag"], ["y"], then_branch=then, else_branch=other))
    proto.graph.input.append(info("flag", [], TensorProto.BOOL))
    return Odd(proto, {"x": X, "flag": np.array(True)}, {"y": -2 * PRODUCT})


# ---- functions


def _with_functions(functions: list[Any], node: onnx.NodeProto) -> Odd:
    proto = model([node], {"x": [3, 4]}, ["y"])
    proto.functions.extend(functions)
    for domain in {f.domain for f in functions} - {""}:
        proto.opset_import.append(helper.make_opsetid(domain, 1))
    return Odd(proto, {"x": X}, {})


OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("a", 1), helper.make_opsetid("b", 1)]


@odd
def functions_of_functions() -> Odd:
    inner = helper.make_function(
        "a", "F", ["x"], ["y"], [NODE("Neg", ["x"], ["t"]), NODE("Exp", ["t"], ["y"])], OPSETS
    )
    calls = [NODE("F", ["t"], ["x"], "n", domain="a"), NODE("F", ["x"], ["y"], "n", domain="a")]
    outer = helper.make_function("b", "F", ["t"], ["y"], calls, OPSETS)
    made = _with_functions([outer, inner], NODE("F", ["x"], ["y"], "n", domain="b"))
    return Odd(made.model, made.feeds, {"y": np.exp(-np.exp(-X))})


@odd
def function_with_attributes_and_few_operands() -> Odd:
    nodes = [
        NODE("LeakyRelu", ["v"], ["l"]),
        NODE("Clip", ["l", "low"], ["out"]),
    ]
    reference = nodes[0].attribute.add(name="alpha", type=onnx.AttributeProto.FLOAT)
    reference.ref_attr_name = "slope"
    body = helper.make_function("a", "G", ["v", "low"], ["out"], nodes, OPSETS, ["slope"])
    made = _with_functions([body], NODE("G", ["x"], ["y"], domain="a", slope=0.5))
    return Odd(made.model, made.feeds, {"y": np.where(X > 0, X, X / 2)})


@odd
def function_that_gives_back_its_operand() -> Odd:
    nodes = [NODE("Neg", ["v"], ["n"])]
    body = helper.make_function("a", "H", ["v"], ["n", "v"], nodes, OPSETS)
    made = _with_functions([body], NODE("H", ["x"], ["y", "same"], domain="a"))
    made.model.graph.output.append(info("same", None))
    return Odd(made.model, made.feeds, {"y": -X, "same": X})


@odd
def function_in_place_of_an_operator() -> Odd:
    """A model's own function goes before the standard's operator of that name."""
    body = helper.make_function("", "Softsign", ["v"], ["n"], [NODE("Neg", ["v"], ["n"])], OPSETS)
    made = _with_functions([body], NODE("Softsign", ["x"], ["y"]))
    return Odd(made.model, made.feeds, {"y": -X})


@odd
def functions_of_one_name_and_two_overloads() -> Odd:
    make = helper.make_function
    functions = [
        make("a", "F", ["v"], ["n"], [NODE(op, ["v"], ["n"])], OPSETS, overload=overload)
        for op, overload in (("Neg", "negative"), ("Exp", "power"))
    ]
    made = _with_functions(functions, NODE("F", ["x"], ["y"], domain="a", overload="power"))
    made.model.ir_version = 10
    return Odd(made.model, made.feeds, {"y": np.exp(X)})


# ---- how weights are stored

STORED = ("float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "uint16")
STORED += ("uint32", "uint64", "bool")


@odd
def weights_in_the_typed_fields() -> Odd:
    weights = {}
    for dtype in STORED:
        array = np.array([[0, 1, 1], [1, 0, 0]]).astype(dtype)
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        weights[dtype] = (array, helper.make_tensor(dtype, kind, array.shape, array.flatten()))
    nodes = [NODE("Identity", [name], [f"y_{name}"]) for name in weights]
    proto = model(nodes, {}, [f"y_{name}" for name in weights])
    proto.graph.initializer.extend(tensor for _, tensor in weights.values())
    return Odd(proto, {}, {f"y_{name}": array for name, (array, _) in weights.items()})


@odd
def sparse_weights() -> Odd:
    values = helper.make_tensor("w", TensorProto.FLOAT, [2], [3.0, 5.0])
    places = helper.make_tensor("places", TensorProto.INT64, [2], [1, 7])
    proto = relu_of_product()
    del proto.graph.initializer[:]
    proto.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [4, 5]))
    w = np.zeros(20, np.float32)
    w[[1, 7]] = 3, 5
    return Odd(proto, {"x": X}, {"y": np.maximum(X @ w.reshape(4, 5), 0)})
