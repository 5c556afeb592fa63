"""What benchmarks/kernels.py measures: single operators, and chains of equal layers, as models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 20, 9
# Layers of a chain: an engine that keeps images in another order pays for its change once in four.
CHAIN = 4


@dataclass(frozen=True)
class Kernel:
    """One shape: name, class, floating-point operations per run, inputs, and how the model is made.

    Row operators count one operation per element; their rate says nothing, only their time does.
    """

    name: str
    kind: str
    flops: int
    inputs: dict[str, tuple[int, ...]]
    model: Callable[[], onnx.ModelProto]


def matmul(m: int, k: int, n: int, activation: str = "") -> Kernel:
    """[m, k] times constant [k, n]; with an activation, a bias before it."""

    def model() -> onnx.ModelProto:
        weights = {"w": _values(k, n)}
        nodes = [helper.make_node("MatMul", ["x", "w"], ["product"])]
        if activation:
            weights["bias"] = _values(n)
            nodes.append(helper.make_node("Add", ["product", "bias"], ["sum"]))
            nodes.append(helper.make_node(activation, ["sum"], ["activated"]))
        return _model(nodes, {"x": (m, k)}, (m, n), weights)

    name = f"matmul_{m}x{k}x{n}" + (f"_{activation.lower()}" if activation else "")
    return Kernel(name, "matmul", 2 * m * k * n, {"x": (m, k)}, model)


def conv(
    size: int, inputs: int, outputs: int, kernel: int, stride: int = 1, group: int = 1
) -> Kernel:
    """A square convolution with bias and ReLU, padded to keep its size; a chain if it can be."""
    count = CHAIN if inputs == outputs and stride == 1 else 1
    result = (size - 1) // stride + 1
    shape = (1, inputs, size, size)

    def model() -> onnx.ModelProto:
        nodes, weights, last = [], {}, "x"
        pads, strides = [kernel // 2] * 4, [stride] * 2
        for i in range(count):
            weights[f"w{i}"] = _values(outputs, inputs // group, kernel, kernel)
            weights[f"b{i}"] = _values(outputs)
            operands = [last, f"w{i}", f"b{i}"]
            nodes += [
                helper.make_node(
                    "Conv", operands, [f"c{i}"], pads=pads, strides=strides, group=group
                ),
                helper.make_node("Relu", [f"c{i}"], [f"r{i}"]),
            ]
            last = f"r{i}"
        return _model(nodes, {"x": shape}, (1, outputs, result, result), weights)

    name = f"conv_{size}x{inputs}_{kernel}x{kernel}_{outputs}"
    name += (f"_s{stride}" if stride > 1 else "") + (f"_g{group}" if group > 1 else "")
    flops = 2 * result**2 * outputs * (inputs // group) * kernel**2 * count
    kind = "depthwise" if group == inputs else "conv"
    return Kernel(name + f"_x{count}" * (count > 1), kind, flops, {"x": shape}, model)


def depthwise(size: int, channels: int, stride: int = 1) -> Kernel:
    """3x3, every channel by itself."""
    return conv(size, channels, channels, 3, stride, channels)


def row(op: str, *shape: int) -> Kernel:
    """An operator on the rows of a matrix, or on the channels of images."""

    def model() -> onnx.ModelProto:
        scaled = {"LayerNormalization": -1, "InstanceNormalization": 1}
        width = shape[scaled[op]] if op in scaled else 0
        weights = {"scale": _values(width), "bias": _values(width)} if width else {}
        return _model([helper.make_node(op, ["x", *weights], ["y"])], {"x": shape}, shape, weights)

    size = "x".join(map(str, shape))
    return Kernel(f"{op.lower()}_{size}", "rows", int(np.prod(shape)), {"x": shape}, model)


def reduction(op: str, shape: tuple[int, ...], *axes: int) -> Kernel:
    """An operator that drops some dimensions."""

    def model() -> onnx.ModelProto:
        kept = tuple(size for axis, size in enumerate(shape) if axis not in axes)
        node = helper.make_node(op, ["x", "axes"], ["y"], keepdims=0)
        return _model([node], {"x": shape}, kept, {"axes": np.array(axes, np.int64)})

    size, over = "x".join(map(str, shape)), "".join(map(str, axes))
    name = f"{op.lower()}_{size}_over_{over}"
    return Kernel(name, "rows", int(np.prod(shape)), {"x": shape}, model)


def masked(heads: int, tokens: int) -> Kernel:
    """Scores of several heads, those that a mask hides replaced by a number."""
    shape, mask = (heads, tokens, tokens), (1, tokens, tokens)

    def model() -> onnx.ModelProto:
        nodes = [
            helper.make_node("Greater", ["mask", "zero"], ["seen"]),
            helper.make_node("Where", ["seen", "x", "low"], ["y"]),
        ]
        numbers = {"zero": np.float32(0), "low": np.float32(-1e9)}
        weights = {name: np.asarray(number) for name, number in numbers.items()}
        return _model(nodes, {"x": shape, "mask": mask}, shape, weights)

    flops = int(np.prod(shape))
    inputs = {"x": shape, "mask": mask}
    return Kernel(f"masked_{heads}x{tokens}x{tokens}", "rows", flops, inputs, model)


def attention(heads: int, tokens: int, depth: int) -> Kernel:
    """softmax(q k^T / sqrt(depth)) v of one batch, as exporters write it."""
    shape = (1, heads, tokens, depth)
    inputs = {"q": shape, "k": (1, heads, depth, tokens), "v": shape}

    def model() -> onnx.ModelProto:
        scale = np.float32(1 / np.sqrt(depth))
        nodes = [
            helper.make_node("MatMul", ["q", "k"], ["scores"]),
            helper.make_node("Mul", ["scores", "scale"], ["scaled"]),
            helper.make_node("Softmax", ["scaled"], ["weights"], axis=-1),
            helper.make_node("MatMul", ["weights", "v"], ["values"]),
        ]
        return _model(nodes, inputs, shape, {"scale": np.asarray(scale)})

    flops = 4 * heads * tokens**2 * depth
    return Kernel(f"attention_{heads}x{tokens}x{depth}", "attention", flops, inputs, model)


KERNELS = (
    *(matmul(n, n, n) for n in (128, 512, 1024, 2048)),
    matmul(1, 4096, 4096),
    matmul(4, 768, 3072),
    matmul(32, 768, 3072),
    matmul(128, 384, 1536),
    matmul(128, 384, 1536, "Gelu"),
    matmul(128, 768, 768),
    matmul(128, 768, 3072, "Gelu"),
    matmul(128, 3072, 768),
    matmul(197, 768, 3072),
    matmul(384, 1024, 4096),
    matmul(384, 1024, 4096, "Gelu"),
    matmul(49, 512, 2048),
    matmul(3136, 64, 256),
    matmul(3136, 256, 64),
    matmul(100, 300, 100),
    conv(56, 64, 64, 3),
    conv(28, 128, 128, 3),
    conv(14, 256, 256, 3),
    conv(7, 512, 512, 3),
    conv(56, 64, 256, 1),
    conv(56, 256, 64, 1),
    conv(28, 256, 256, 1),
    conv(14, 1024, 256, 1),
    conv(7, 512, 2048, 1),
    conv(56, 128, 128, 3, stride=2),
    conv(14, 1024, 2048, 1, stride=2),
    conv(224, 3, 64, 7, stride=2),
    conv(224, 16, 3, 9),
    conv(56, 64, 64, 3, group=4),
    conv(52, 24, 24, 3),
    depthwise(112, 32),
    depthwise(56, 144),
    depthwise(14, 384),
    depthwise(7, 960),
    depthwise(112, 96, stride=2),
    row("Softmax", 384, 1024),
    row("LayerNormalization", 384, 1024),
    row("Exp", 384, 1024),
    row("Softmax", 64, 1024),
    row("Softmax", 4096, 64),
    *(row(op, 64, 1024) for op in ("Exp", "Sigmoid", "Tanh", "Gelu")),
    row("InstanceNormalization", 1, 64, 56, 56),
    reduction("ReduceSum", (8, 64, 28, 28), 2, 3),
    reduction("ReduceMax", (64, 64, 128), 1),
    masked(12, 128),
    attention(12, 384, 64),
)


def _values(*shape: int) -> np.ndarray[Any, Any]:
    """Weights that keep activations of size one."""
    fan_in = max(1, int(np.prod(shape[1:])) if len(shape) > 2 else shape[0])
    values = np.random.default_rng(0).standard_normal(shape) / np.sqrt(fan_in)
    return values.astype(np.float32)


def _model(
    nodes: list[onnx.NodeProto],
    inputs: dict[str, tuple[int, ...]],
    output: tuple[int, ...],
    weights: dict[str, np.ndarray[Any, Any]],
) -> onnx.ModelProto:
    nodes[-1].output[0] = "y"
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()]
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, output)
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "kernel", infos, [y], initializers)
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
