"""The instructions of the code that runs: vector width, spills, copies. Made for any machine."""

from __future__ import annotations

from typing import Any

import machine_code
import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model

import aicc
from aicc.lowering import running_code

WIDE, NARROW = "x86-64-v4", "x86-64-v3"


def weights(**shapes: tuple[int, ...]) -> dict[str, Any]:
    random = np.random.default_rng(0)
    return {n: 0.1 * random.standard_normal(s).astype(np.float32) for n, s in shapes.items()}


def matmul() -> onnx.ModelProto:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"]),
        helper.make_node("Add", ["m", "b"], ["a"]),
        helper.make_node("Relu", ["a"], ["y"]),
    ]
    return model(nodes, {"x": [96, 256]}, ["y"], weights(w=(256, 192), b=(192,)))


def convolution() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["a"], ["c"]),
        helper.make_node("Conv", ["c", "v"], ["y"]),
    ]
    made = weights(w=(64, 64, 3, 3), b=(64,), v=(128, 64, 1, 1))
    return model(nodes, {"x": [1, 64, 56, 56]}, ["y"], made)


def depthwise() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"]),
        helper.make_node("Conv", ["a", "d"], ["b"], pads=[1, 1, 1, 1], group=96),
        helper.make_node("Clip", ["b", "low", "high"], ["c"]),
        helper.make_node("Conv", ["c", "v"], ["y"]),
    ]
    made = weights(w=(96, 16, 1, 1), d=(96, 1, 3, 3), v=(24, 96, 1, 1))
    made |= {"low": np.float32(0), "high": np.float32(6)}
    return model(nodes, {"x": [1, 16, 28, 28]}, ["y"], made)


def attention() -> onnx.ModelProto:
    """Self-attention as exporters write it: 4 heads of 32, 64 positions."""
    nodes = []
    for name in "qkv":
        nodes += [
            helper.make_node("MatMul", ["x", f"w{name}"], [f"{name}0"]),
            helper.make_node("Reshape", [f"{name}0", "split"], [f"{name}1"]),
            helper.make_node(
                "Transpose",
                [f"{name}1"],
                [name],
                perm=[0, 2, 3, 1] if name == "k" else [0, 2, 1, 3],
            ),
        ]
    nodes += [
        helper.make_node("MatMul", ["q", "k"], ["s"]),
        helper.make_node("Mul", ["s", "scale"], ["t"]),
        helper.make_node("Softmax", ["t"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "v"], ["o"]),
        helper.make_node("Transpose", ["o"], ["u"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["u", "join"], ["z"]),
        helper.make_node("MatMul", ["z", "wo"], ["y"]),
    ]
    made = weights(wq=(128, 128), wk=(128, 128), wv=(128, 128), wo=(128, 128))
    made |= {"split": np.array([1, 64, 4, 32]), "join": np.array([1, 64, 128])}
    made |= {"scale": np.float32(32**-0.5)}
    return model(nodes, {"x": [1, 64, 128]}, ["y"], made)


def rows() -> onnx.ModelProto:
    """Layer norm and softmax of rows of 75, and a sum over the first dimension."""
    nodes = [
        helper.make_node("LayerNormalization", ["x", "g", "b"], ["n"], axis=-1),
        helper.make_node("Softmax", ["n"], ["s"], axis=-1),
        helper.make_node("Erf", ["s"], ["e"]),
        helper.make_node("ReduceSum", ["e", "axes"], ["y"]),
    ]
    return model(nodes, {"x": [40, 75]}, ["y"], weights(g=(75,), b=(75,)) | {"axes": np.array([0])})


def quantised() -> onnx.ModelProto:
    """A product of uint8 and int8, between float32 tensors."""
    random = np.random.default_rng(1)
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]),
        helper.make_node("DequantizeLinear", ["xq", "xs", "xz"], ["xf"]),
        helper.make_node("DequantizeLinear", ["w", "ws"], ["wf"]),
        helper.make_node("MatMul", ["xf", "wf"], ["m"]),
        helper.make_node("QuantizeLinear", ["m", "ys", "yz"], ["mq"]),
        helper.make_node("DequantizeLinear", ["mq", "ys", "yz"], ["y"]),
    ]
    made = {
        "w": random.integers(-127, 128, (128, 96), dtype=np.int8),
        **{name: np.float32(s) for name, s in (("xs", 0.02), ("ws", 0.01), ("ys", 0.1))},
        **{name: np.uint8(z) for name, z in (("xz", 128), ("yz", 120))},
    }
    return model(nodes, {"x": [64, 128]}, ["y"], made)


def activated() -> onnx.ModelProto:
    """A 1x1 convolution and a Gelu, as in the feed-forward part of a block."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["a"]),
        helper.make_node("Gelu", ["a"], ["g"]),
        helper.make_node("Conv", ["g", "v"], ["y"]),
    ]
    made = weights(w=(896, 224, 1, 1), b=(896,), v=(224, 896, 1, 1))
    return model(nodes, {"x": [1, 224, 14, 14]}, ["y"], made, opset=20)


MODELS = (matmul, convolution, depthwise, attention, rows, quantised)


def code_for(target: str, proto: onnx.ModelProto) -> machine_code.ObjectCode:
    imported = aicc.import_onnx(proto, target=target, threads=1)
    return machine_code.read(running_code(imported.module))


def kernels(code: machine_code.ObjectCode, kind: str) -> list[machine_code.Function]:
    """The functions of a class of kernels, by their names."""
    found = [f for name, f in code.functions.items() if name.startswith(f"{kind}_")]
    assert found, sorted(code.functions)
    return found


@pytest.mark.parametrize("target, register", [(WIDE, "zmm"), (NARROW, "ymm")])
@pytest.mark.parametrize("make, kind", [(matmul, "matmul"), (convolution, "conv")])
def test_inner_loops_multiply_and_add_in_whole_registers_without_spills(
    make: Any, kind: str, target: str, register: str
) -> None:
    for function in kernels(code_for(target, make()), kind):
        loops = function.hot_loops()
        assert loops, function.name
        for body in loops:
            fmas = [i for i in body if i.is_fma]
            assert all(register in i.operands for i in fmas), function.name
            # LLVM keeps four neighbouring loads together. Where a step has two, those of the next
            # one come along, and an accumulator or two make room: free, unless it is every step.
            assert len(function.spills(body)) <= len(fmas) // 28, function.name
            # broadcasts, loads of the panel, and the loop itself are nearly all there is beside
            assert 5 * len(fmas) >= 2 * len(body), function.name


def test_sums_stay_in_registers_in_front_of_a_function() -> None:
    for function in kernels(code_for(WIDE, activated()), "conv"):
        counted = [(sum(i.is_fma for i in body), body) for body in function.hot_loops()]
        fmas, product = max(counted, key=lambda pair: pair[0])
        assert 2 * fmas >= len(product), function.name
        assert len(function.spills(product)) <= fmas // 28, function.name


@pytest.mark.parametrize("target", [WIDE, NARROW])
def test_attention_is_one_kernel_without_copies_around(target: str) -> None:
    code = code_for(target, attention())
    names = [n for n in code.functions if not n.startswith("_mlir_")]
    called = {n.rsplit("_", 2)[0] for n in names} - {"main", "prepare"}
    assert len(kernels(code, "attention")) == 1
    assert not any(name.startswith("data_movement") for name in called), called
    assert not code.undefined & {"memcpy", "memmove", "memrefCopy"}
    if target == WIDE:  # 16 registers do not hold the coefficients of exp beside what it computes
        (function,) = kernels(code, "attention")
        assert not any(function.spills(body) for body in function.hot_loops())


@pytest.mark.parametrize("make", MODELS, ids=[make.__name__ for make in MODELS])
def test_code_for_level_3_has_no_avx512(make: Any) -> None:
    code = code_for(NARROW, make())
    for function in code.functions.values():
        wide = [i.text for i in function.instructions if i.is_evex or "zmm" in i.operands]
        assert not wide, (function.name, wide[:5])


@pytest.mark.parametrize("target", [NARROW, "znver3", "x86-64-v4"])
@pytest.mark.parametrize("make", MODELS, ids=[make.__name__ for make in MODELS])
def test_other_targets_compute_the_same(make: Any, target: str) -> None:
    missing = set(aicc.target.by_name(target).flags) - set(aicc.target.host().flags)
    proto = make()
    if missing:
        with pytest.raises(aicc.TargetError, match="does not run on this CPU"):
            aicc.compile(proto, target=target, threads=1)
        return
    x = np.random.default_rng(2).standard_normal(
        [d.dim_value for d in proto.graph.input[0].type.tensor_type.shape.dim]
    )
    results = [
        aicc.compile(proto, target=name, threads=threads)(x.astype(np.float32))
        for name, threads in (("host", 1), (target, 1), (target, 2))
    ]
    # a step of the quantised result where a sum in another order rounds the other way
    step = 0.1001 if make is quantised else 0.0
    np.testing.assert_allclose(results[1], results[0], rtol=2e-5, atol=2e-5 + step)
    np.testing.assert_allclose(results[2], results[0], rtol=2e-5, atol=2e-5 + step)
