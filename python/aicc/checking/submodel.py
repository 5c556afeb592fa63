"""Parts of an ONNX model as models of their own.

A part is a set of nodes. What they read and do not compute becomes: an initialiser if it was one,
the `Constant` node that made it, else an input of the type the reference saw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from aicc.frontend.onnx import Source
from aicc.frontend.onnx.source import names_read


class Parts:
    """Cuts parts out of one model; `values` are the reference's tensors by name."""

    def __init__(self, source: Source, values: Mapping[str, Any]) -> None:
        self.source = source
        self.graph = source.model.graph
        self.values = values
        self.nodes = list(self.graph.node)
        self.weights = {t.name: t for t in self.graph.initializer}
        self.constants = {n.output[0]: n for n in self.nodes if n.op_type == "Constant"}
        self.readers: dict[str, set[int]] = {}
        for index, node in enumerate(self.nodes):
            for name in names_read(node):
                self.readers.setdefault(name, set()).add(index)
        self.results = {o.name for o in self.graph.output}

    def whole(self) -> list[int]:
        """All nodes but constants, which come along by themselves."""
        return [i for i, n in enumerate(self.nodes) if n.op_type != "Constant"]

    def outputs_of(self, part: Collection[int]) -> list[str]:
        """What a part computes for others: results of the model, or read outside."""
        inside = set(part)
        return [
            name
            for i in sorted(inside)
            for name in self.nodes[i].output
            if name in self.values
            and (name in self.results or not self.readers.get(name, set()) <= inside)
        ] or [n for n in self.nodes[max(inside)].output if n in self.values]

    def inputs_of(self, part: Collection[int]) -> list[str]:
        """What a part reads and neither computes nor has as a weight or constant."""
        made = {name for i in part for name in self.nodes[i].output}
        fixed = {*made, *self.weights, *self.constants}
        read = (name for i in sorted(part) for name in names_read(self.nodes[i]))
        return list(dict.fromkeys(name for name in read if name not in fixed))

    def cut(self, part: Collection[int], outputs: Sequence[str] | None = None) -> onnx.ModelProto:
        """The part as a model; raises KeyError if the reference did not see an input."""
        nodes = [self.nodes[i] for i in sorted(part)]
        read = {name for node in nodes for name in names_read(node)}
        wanted = self.outputs_of(part) if outputs is None else outputs
        graph = helper.make_graph(
            [*(self.constants[n] for n in sorted(read & set(self.constants))), *nodes],
            "part",
            [_typed(name, self.values[name]) for name in self.inputs_of(part)],
            [_typed(name, self.values[name]) for name in wanted],
            [self._weight(name) for name in sorted(read & set(self.weights))],
        )
        model = helper.make_model(graph, producer_name="aicc check")
        model.ir_version = self.source.model.ir_version
        del model.opset_import[:]
        model.opset_import.extend(self.source.model.opset_import)
        model.functions.extend(self.source.model.functions)
        return model

    def feeds(self, part: Collection[int]) -> dict[str, Any]:
        """The reference's values of the part's inputs."""
        return {name: self.values[name] for name in self.inputs_of(part)}

    def _weight(self, name: str) -> onnx.TensorProto:
        tensor = self.weights[name]
        if tensor.data_location != onnx.TensorProto.EXTERNAL:
            return tensor
        return numpy_helper.from_array(np.asarray(self.source.array(tensor)), name)


def _typed(name: str, value: Any) -> onnx.ValueInfoProto:
    kind = helper.np_dtype_to_tensor_dtype(value.dtype)
    return helper.make_tensor_value_info(name, kind, value.shape)
