"""The evaluator aicc is compared with: ONNX Runtime if it is installed, else onnx's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import onnx

from aicc.diagnostics import InvalidModel
from aicc.frontend.onnx import Source

REFERENCES = ("onnxruntime", "onnx")
FIRST_OPSET_WITH_SOFTMAX_PER_AXIS = 13


def default_reference() -> str:
    """The first of REFERENCES that is installed."""
    return next(name for name in REFERENCES if find_spec(name))


def tensor_names(model: onnx.ModelProto) -> list[str]:
    """Every tensor that a node of the main graph computes."""
    return [name for node in model.graph.node for name in node.output if name]


def evaluate(
    source: Source, feeds: Mapping[str, Any], names: Sequence[str], reference: str
) -> dict[str, Any]:
    """The tensors `names`, computed by the reference. Raises InvalidModel if it cannot."""
    model = _asking_for(source, names)
    run = _onnxruntime if reference == "onnxruntime" else _onnx
    try:
        values = run(model, feeds, names)
    except Exception as error:
        reason = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:300]}"
        raise InvalidModel(
            f"the reference ({reference}) does not run the model: {reason}"
        ) from error
    found = zip(names, values, strict=True)
    return {n: v for n, v in found if isinstance(v, np.ndarray) and v.dtype.kind != "O"}


def _asking_for(source: Source, names: Sequence[str]) -> onnx.ModelProto:
    """A copy of the model with `names` as outputs and all weights inside."""
    model = onnx.ModelProto()
    model.CopyFrom(source.model)
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            array = np.ascontiguousarray(source.array(tensor))
            tensor.CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))
    declared = {o.name: o for o in source.model.graph.output}
    del model.graph.output[:]
    model.graph.output.extend(declared.get(n, onnx.ValueInfoProto(name=n)) for n in names)
    return model


def _onnxruntime(model: onnx.ModelProto, feeds: Mapping[str, Any], names: Sequence[str]) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    # what the model says, not what an optimiser made of it
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    data = model.SerializeToString()
    session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    return session.run(list(names), dict(feeds))


def _onnx(model: onnx.ModelProto, feeds: Mapping[str, Any], names: Sequence[str]) -> Any:
    from onnx.reference import ReferenceEvaluator

    opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 1)
    own = _flattening_softmax() if opset < FIRST_OPSET_WITH_SOFTMAX_PER_AXIS else []
    return ReferenceEvaluator(model, new_ops=own).run(list(names), dict(feeds))


def _flattening_softmax() -> list[Any]:
    """Softmax and LogSoftmax as they were before opset 13: over all axes from `axis` = 1 on.

    onnx's evaluator knows only what they are since.
    """
    from onnx.reference.op_run import OpRun

    class Softmax(OpRun):
        op_domain = ""

        def _run(self, x: Any, axis: int | None = None) -> Any:
            rows = _rows(x, self.onnx_node)
            powers = np.exp(rows - rows.max(axis=1, keepdims=True))
            return ((powers / powers.sum(axis=1, keepdims=True)).reshape(x.shape),)

    class LogSoftmax(OpRun):
        op_domain = ""

        def _run(self, x: Any, axis: int | None = None) -> Any:
            rows = _rows(x, self.onnx_node)
            shifted = rows - rows.max(axis=1, keepdims=True)
            sums = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            return ((shifted - sums).reshape(x.shape),)

    return [Softmax, LogSoftmax]


def _rows(x: Any, node: onnx.NodeProto) -> Any:
    """[product of the sizes before `axis`, the rest]; the evaluator's own default is today's."""
    axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
    return x.reshape(int(np.prod(x.shape[: axis % x.ndim], dtype=np.int64)), -1)
