"""What a formula is written with, and the ops it stands for: the frame of the forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

Shape = Sequence[int]


class Graph:
    """Writes nodes; a number becomes an initialiser, a name stays a name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: dict[str, Any] = {}
        self.inputs: dict[str, tuple[Shape, int]] = {}

    def take(self, name: str, shape: Shape, dtype: int = TensorProto.FLOAT) -> str:
        """A model input."""
        self.inputs[name] = (shape, dtype)
        return name

    def const(self, value: Any) -> str:
        """An initialiser."""
        name = f"c{len(self.weights)}"
        array = np.asarray(value)
        self.weights[name] = array.astype(np.float32) if array.dtype == np.float64 else array
        return name

    def __call__(self, op: str, *operands: Any, **attributes: Any) -> str:
        """The output of a new node."""
        inputs = [v if isinstance(v, str) else self.const(v) for v in operands]
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def split(self, x: str, parts: int) -> list[str]:
        """Equal parts along the last dimension."""
        names = [f"n{len(self.nodes)}_{i}" for i in range(parts)]
        self.nodes.append(helper.make_node("Split", [x], names, axis=-1))
        return names

    def reduce(self, kind: str, x: str, axes: Shape = (-1,)) -> str:
        """A reduction with kept dimensions."""
        attributes = {} if kind == "Sum" else {"axes": list(axes)}
        operands = [np.array(axes, np.int64)] if kind == "Sum" else []
        return self(f"Reduce{kind}", x, *operands, keepdims=1, **attributes)

    def model(self, outputs: Mapping[str, str]) -> ModelProto:
        """The model; outputs by their new names."""
        for new, old in outputs.items():
            self.nodes.append(helper.make_node("Identity", [old], [new]))
        graph = helper.make_graph(
            self.nodes,
            "g",
            [helper.make_tensor_value_info(n, t, s) for n, (s, t) in self.inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
            [numpy_helper.from_array(a, n) for n, a in self.weights.items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@dataclass(frozen=True)
class Form:
    """`write` makes the value y; `expected` are the ops after recognition."""

    name: str
    write: Callable[[Graph], Any]
    expected: list[str] = field(default_factory=list)

    def model(self) -> ModelProto:
        """The form as a model with output y (or several, by name)."""
        graph = Graph()
        result = self.write(graph)
        return graph.model(result if isinstance(result, dict) else {"y": result})


def of_x(write: Callable[[Graph, str], Any], shape: Shape = (2, 8)) -> Callable[[Graph], Any]:
    """A form of one input x."""
    return lambda g: write(g, g.take("x", list(shape)))


def weights(seed: int, *shape: int) -> Any:
    """Normal float32 numbers."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
