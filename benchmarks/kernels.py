"""Matrix products and convolutions one by one: aicc against other engines, in GFLOP/s.

    python benchmarks/kernels.py --threads 1 --only matmul_128 --json out.json

Each shape is a model of its own, with constant weights. A convolution is the same layer several
times over where its shape allows it (`x4`): an engine that keeps images in another order then pays
for the change of order once. Percent are of the float32 rate that the machine reaches without
memory. Needs the extra `[bench]`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from aicc.benchmarking.machine_speed import machine_speed
from aicc.benchmarking.rounds import Timing, measure
from aicc.cache import Cache

OPSET, IR_VERSION = 20, 9


@dataclass(frozen=True)
class Kernel:
    """One shape: its name, operations per run, and the model with its input."""

    name: str
    flops: int
    input_shape: tuple[int, ...]
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
        return _model(nodes, (m, k), (m, n), weights)

    name = f"matmul_{m}x{k}x{n}" + (f"_{activation.lower()}" if activation else "")
    return Kernel(name, 2 * m * k * n, (m, k), model)


def conv(
    size: int, inputs: int, outputs: int, kernel: int, stride: int = 1, group: int = 1
) -> Kernel:
    """A square convolution with bias and ReLU, padded to keep its size; four times if it can be."""
    count = 4 if inputs == outputs and stride == 1 else 1
    result = (size - 1) // stride + 1

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
        return _model(nodes, (1, inputs, size, size), (1, outputs, result, result), weights)

    name = f"conv_{size}x{inputs}_{kernel}x{kernel}_{outputs}"
    name += (f"_s{stride}" if stride > 1 else "") + (f"_g{group}" if group > 1 else "")
    flops = 2 * result**2 * outputs * (inputs // group) * kernel**2 * count
    return Kernel(name + f"_x{count}" * (count > 1), flops, (1, inputs, size, size), model)


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
)


def _values(*shape: int) -> np.ndarray[Any, Any]:
    """Weights that keep activations of size one."""
    fan_in = max(1, int(np.prod(shape[1:])) if len(shape) > 2 else shape[0])
    values = np.random.default_rng(0).standard_normal(shape) / np.sqrt(fan_in)
    return values.astype(np.float32)


def _model(
    nodes: list[onnx.NodeProto],
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
    weights: dict[str, np.ndarray[Any, Any]],
) -> onnx.ModelProto:
    nodes[-1].output[0] = "y"
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, output_shape)
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "kernel", [x], [y], initializers)
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def _measure(kernel: Kernel, engines: list[str], **turns: Any) -> list[Timing]:
    x = np.random.default_rng(1).standard_normal(kernel.input_shape).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "model.onnx"))
        onnx.save(kernel.model(), path)
        return measure(path, {"x": x}, engines, **turns)


@click.command()
@click.option("--threads", default=1)
@click.option("--against", default="onnxruntime,openvino", help="Engines to compare with.")
@click.option("--only", default="", help="Kernels whose name holds this text.")
@click.option("--rounds", default=5)
@click.option("--seconds", default=0.1, help="Length of a turn of an engine.")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
def main(
    threads: int, against: str, only: str, rounds: int, seconds: float, json_path: Path | None
) -> None:
    """Print one line per kernel; the last column above 1: aicc is the fastest."""
    peak = machine_speed(threads, Cache(None)).flops
    engines = ["aicc", *against.split(",")]
    click.echo(f"{threads} threads, {peak / 1e9:.0f} GFLOP/s at most")
    record = []
    for kernel in (k for k in KERNELS if only in k.name):
        rows = _measure(kernel, engines, threads=threads, rounds=rounds, seconds=seconds)
        fit = [row for row in rows if not row.error]
        rates = {row.engine: kernel.flops / row.median for row in fit}
        columns = [f"{n} {r / 1e9:6.1f} ({r / peak:4.0%})" for n, r in rates.items()]
        peers = [row.median for row in fit[1:]]
        ratio = f"{min(peers) / fit[0].median:5.2f}x" if peers else ""
        click.echo(
            f"{kernel.name:30s} {fit[0].median * 1e6:9.1f} us  {'  '.join(columns)}  {ratio}"
        )
        record.append(
            {
                "kernel": kernel.name,
                "threads": threads,
                "flops": kernel.flops,
                "peak_flops": peak,
                "engines": [row.as_json() for row in rows],
            }
        )
    if json_path:
        json_path.write_text(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
