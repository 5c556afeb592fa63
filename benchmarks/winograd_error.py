"""The rounding error of Winograd's convolutions, layer by layer, on a model's own weights.

    python benchmarks/winograd_error.py MODEL.onnx

Every 3x3 convolution with stride 1 is run alone on what it reads in the model (random input, or
the case beside it), directly and by tiles of 2 and 4, and held against f64. Errors are the largest
ones, divided by the root mean square of the layer's output. Layers that stay channels-first, or
otherwise direct, show the same error in all columns.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import onnx
from levels import inputs_of
from onnx import helper, numpy_helper
from rich.console import Console
from rich.table import Table

import aicc
from aicc.checking.reference import default_reference, evaluate
from aicc.frontend.onnx import read_source

CHOICES = ("off", "2", "4", "auto")


def layers(model: onnx.ModelProto) -> list[tuple[onnx.NodeProto, Any, Any]]:
    """(node, filter, bias or None) of the convolutions with a constant 3x3 filter and stride 1."""
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    found = []
    for node in model.graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type != "Conv" or node.input[1] not in constants:
            continue
        steps = [*attributes.get("strides", [1]), *attributes.get("dilations", [1])]
        w = constants[node.input[1]]
        is_plain = attributes.get("group", 1) == 1 and set(steps) == {1}
        if is_plain and w.shape[2:] == (3, 3) and w.dtype == np.float32:
            found.append((node, w, constants.get(node.input[2]) if len(node.input) > 2 else None))
    return found


def in_f64(x: Any, w: Any, bias: Any, pads: list[int]) -> Any:
    """The convolution of an image [N, C, H, W], nine taps one after the other."""
    top, left, bottom, right = pads
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)))
    height, width = x.shape[2] - 2, x.shape[3] - 2
    y = np.zeros((x.shape[0], w.shape[0], height, width))
    for i in range(3):
        for j in range(3):
            tap = w[:, :, i, j].astype(np.float64)
            y += np.einsum("oc,nchw->nohw", tap, x[:, :, i : i + height, j : j + width])
    return y if bias is None else y + bias[:, None, None]


def errors(node: onnx.NodeProto, w: Any, bias: Any, x: Any) -> dict[str, float]:
    """Largest error of one layer by choice of algorithm."""
    weights = {node.input[1]: w} | ({} if bias is None else {node.input[2]: bias})
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info(node.input[0], onnx.TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info(node.output[0], onnx.TensorProto.FLOAT, None)],
        [numpy_helper.from_array(a, n) for n, a in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    expected = in_f64(x, w, bias, list(attributes.get("pads", [0] * 4)))
    scale = float(np.sqrt((expected**2).mean()))
    found = {}
    for choice in CHOICES:
        exe = aicc.compile(model, threads=1, winograd=choice)
        got = exe.run({node.input[0]: x})[node.output[0]]
        found[choice] = float(np.abs(got - expected).max()) / scale
    return found


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False))
def main(path: str) -> None:
    """Print the table of PATH, an ONNX model."""
    source = read_source(path)
    chosen = layers(source.model)
    names = list(dict.fromkeys(node.input[0] for node, *_ in chosen))
    feeds = inputs_of(path)
    inner = [name for name in names if name not in feeds]
    values = feeds | evaluate(source, feeds, inner, default_reference())
    table = Table(box=None, header_style="bold", title=Path(path).stem)
    for title in ("layer", "input", "filter", *CHOICES):
        table.add_column(title)
    for node, w, bias in chosen:
        x = values[node.input[0]]
        found = errors(node, w, bias, x)
        shapes = ["x".join(map(str, a.shape)) for a in (x, w)]
        table.add_row(node.name, *shapes, *(f"{found[c]:.1e}" for c in CHOICES))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
