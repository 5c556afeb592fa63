"""Models of any size with external data, written tensor by tensor, and their numpy products.

    python test/python/big_models.py dense 3 FOLDER      # writes FOLDER/dense.onnx, of 3 GB

`dense`: products with square matrices, biases, GELU. `blocks`: layers like a transformer's, with
an embedding that is gathered from as it lies. All tensors of a model share one file.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

Array = np.ndarray[Any, Any]
ROWS = 4


class BigModel:
    """Nodes and weights so far; a weight goes to the file at once, and is mapped by `weight`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.with_suffix(".data")
        self.data.write_bytes(b"")
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []
        self.bytes = 0
        self._rng = np.random.default_rng(0)

    def add_weight(self, name: str, shape: tuple[int, ...], scale: float) -> str:
        """A float32 tensor of random numbers; `scale` is their deviation."""
        array = self._rng.standard_normal(shape, np.float32)
        array *= np.float32(scale)
        start = self.bytes + -self.bytes % 4096
        with open(self.data, "r+b") as file:
            file.seek(start)
            array.tofile(file)
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        places = {"location": self.data.name, "offset": start, "length": array.nbytes}
        for key, value in places.items():
            tensor.external_data.add(key=key, value=str(value))
        self.tensors.append(tensor)
        self.bytes = start + array.nbytes
        return name

    def weight(self, name: str) -> Array:
        """A weight, mapped."""
        tensor = next(t for t in self.tensors if t.name == name)
        offset = int(next(e.value for e in tensor.external_data if e.key == "offset"))
        return np.memmap(self.data, np.float32, "r", offset, tuple(tensor.dims))

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """A node; the name of its output."""
        output = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def save(self, dtype: int, shape: tuple[int, ...], result: str, sizes: list[int]) -> None:
        """Write the file: input "x" of `shape`, output `result`."""
        x = helper.make_tensor_value_info("x", dtype, shape)
        y = helper.make_tensor_value_info(result, TensorProto.FLOAT, sizes)
        graph = helper.make_graph(self.nodes, "big", [x], [y], self.tensors)
        opsets = [helper.make_opsetid("", 20)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), self.path)


def dense(path: Path, size: int, width: int, layers: int = 12) -> BigModel:
    """About `size` bytes in `layers` layers at most, [ROWS, width] -> [ROWS, width]."""
    model = BigModel(path)
    name = "x"
    for i in range(min(layers, max(1, round(size / (4 * width * width))))):
        w = model.add_weight(f"w{i}", (width, width), 1 / math.sqrt(width))
        b = model.add_weight(f"b{i}", (width,), 0.1)
        name = model.add("Gelu", model.add("Add", model.add("MatMul", name, w), b))
    model.save(TensorProto.FLOAT, (ROWS, width), name, [ROWS, width])
    return model


def dense_product(model: BigModel, x: Array) -> Array:
    """What `dense` computes, one weight at a time."""
    for i in range(len(model.tensors) // 2):
        x = _gelu(x @ model.weight(f"w{i}") + model.weight(f"b{i}"))
    return x


def blocks(path: Path, size: int, width: int) -> BigModel:
    """About `size` bytes: an embedding, and blocks of attention's products and a feed-forward."""
    model = BigModel(path)
    table = model.add_weight("table", (8 * width, width), 1.0)
    x = model.add("Gather", table, "x")
    number = 0
    while model.bytes + 4 * 12 * width * width <= size or number == 0:
        x = _block(model, x, f"l{number}.", width)
        number += 1
    model.save(TensorProto.INT64, (ROWS,), x, [ROWS, width])
    return model


def _block(model: BigModel, x: str, prefix: str, width: int) -> str:
    scale = 1 / math.sqrt(width)
    gain = model.add_weight(f"{prefix}gain", (width,), 1.0)
    y = model.add("LayerNormalization", x, gain)
    parts = [
        model.add("MatMul", y, model.add_weight(prefix + letter, (width, width), scale))
        for letter in "qkv"
    ]
    transposed = model.add("Transpose", parts[1], perm=[1, 0])
    scores = model.add("Softmax", model.add("MatMul", parts[0], transposed), axis=-1)
    mixed = model.add("MatMul", scores, parts[2])
    out = model.add_weight(f"{prefix}o", (width, width), scale)
    x = model.add("Add", x, model.add("MatMul", mixed, out))
    wide = model.add_weight(f"{prefix}up", (width, 4 * width), scale)
    narrow = model.add_weight(f"{prefix}down", (4 * width, width), scale / 2)
    hidden = model.add("Gelu", model.add("MatMul", x, wide))
    return model.add("Add", x, model.add("MatMul", hidden, narrow))


def blocks_product(model: BigModel, x: Array) -> Array:
    """What `blocks` computes."""
    y = np.array(model.weight("table")[x])
    for i in range((len(model.tensors) - 1) // 7):
        w = {name: model.weight(f"l{i}.{name}") for name in ("gain", *"qkvo", "up", "down")}
        centred = y - y.mean(-1, keepdims=True)
        normal = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w["gain"]
        q, k, v = (normal @ w[letter] for letter in "qkv")
        scores = np.exp(q @ k.T - (q @ k.T).max(-1, keepdims=True))
        y = y + (scores / scores.sum(-1, keepdims=True)) @ v @ w["o"]
        y = y + _gelu(y @ w["up"]) @ w["down"]
    return y


def _gelu(x: Array) -> Array:
    erf = np.vectorize(math.erf, otypes=[np.float32])
    return x * np.float32(0.5) * (1 + erf(x / np.float32(math.sqrt(2))))


if __name__ == "__main__":
    kind, gigabytes, folder = sys.argv[1:]
    makers = {"dense": (dense, 8192), "blocks": (blocks, 2048)}
    make, width = makers[kind]
    make(Path(folder) / f"{kind}.onnx", int(float(gigabytes) * 1e9), width)
