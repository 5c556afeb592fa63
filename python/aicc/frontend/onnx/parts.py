"""ONNX models of the parts of a plan: a region of nodes, or one operator on given arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx.helper import (
    make_empty_tensor_value_info,
    make_graph,
    make_model,
    make_node,
    make_opsetid,
    make_tensor_type_proto,
    make_value_info,
    np_dtype_to_tensor_dtype,
)

from aicc.diagnostics import InvalidModel

from .external_files import external_files
from .host_plan import Region
from .source import Source

Dtypes = Mapping[str, np.dtype[Any]]


def model_of(region: Region, dtypes: Dtypes, source: Source) -> Source | onnx.ModelProto:
    """A region as a model whose inputs have these element types, and any shape."""
    graph = make_graph(
        [item.node for item in region.items],
        "part",
        _inputs(dtypes),
        [make_empty_tensor_value_info(name) for name in region.outputs],
        [source.inside(tensor) for tensor in region.initializers],
    )
    model = _model(graph, region.items[0].opsets)
    model.functions.extend(source.model.functions)
    return source.with_model(model) if external_files(model) else model


def operator_model(
    operator: str, dtypes: Sequence[np.dtype[Any]], outputs: int, opset: int, attributes: Any
) -> onnx.ModelProto:
    """A model of one node; its inputs are called "0", "1", .., its outputs "y0", "y1", .."""
    inputs = [str(i) for i in range(len(dtypes))]
    results = [f"y{i}" for i in range(outputs)]
    graph = make_graph(
        [make_node(operator, inputs, results, operator, **attributes)],
        operator,
        _inputs(dict(zip(inputs, dtypes, strict=True))),
        [make_empty_tensor_value_info(name) for name in results],
    )
    return _model(graph, {"": opset})


def _inputs(dtypes: Dtypes) -> list[onnx.ValueInfoProto]:
    return [
        make_value_info(name, make_tensor_type_proto(_number(name, dtype), None))
        for name, dtype in dtypes.items()
    ]


def _number(name: str, dtype: np.dtype[Any]) -> int:
    try:
        return int(np_dtype_to_tensor_dtype(dtype))
    except (KeyError, ValueError) as e:
        raise InvalidModel(f"'{name}' holds {dtype} where a node needs numbers") from e


def _model(graph: onnx.GraphProto, opsets: Mapping[str, int]) -> onnx.ModelProto:
    imports = [make_opsetid(domain, version) for domain, version in opsets.items()]
    return make_model(graph, opset_imports=imports)
