"""A model's inputs: dtypes, shapes, named dimensions, and how the user's choices fix them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import onnx

from aicc._mlir import ir
from aicc.diagnostics import InvalidModel, ShapeError, UnsupportedOp
from aicc.dialects.graph.types import element_type_of, has_element_type, tensor

from .source import initializers_of

Dim = int | str
TEXT = "object"  # what numpy calls the elements of a string tensor


@dataclass(frozen=True)
class TensorSpec:
    """One input: numpy dtype name and dimensions; a str dimension is symbolic."""

    name: str
    dtype: str
    dims: tuple[Dim, ...] | None
    dim_names: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions once all are numbers; ShapeError names those that are not."""
        if self.dims is None or any(isinstance(d, str) for d in self.dims):
            raise ShapeError(f"input '{self.name}' still has open dimensions {self.describe()}")
        return tuple(d for d in self.dims if isinstance(d, int))

    @property
    def is_static(self) -> bool:
        """True once every dimension is a number."""
        return self.dims is not None and all(isinstance(d, int) for d in self.dims)

    def describe(self) -> str:
        """The dimensions as text, e.g. `[batch, 3, 224, 224]`."""
        return "any rank" if self.dims is None else f"[{', '.join(str(d) for d in self.dims)}]"

    def type(self) -> Any:
        """The MLIR tensor type of a static spec."""
        return tensor(self.shape, element_type_of(self.dtype))

    def dim_name_attr(self) -> dict[str, Any]:
        """`aicc.dim_names` for the argument, if any dimension had a name."""
        if not any(self.dim_names):
            return {}
        return {"aicc.dim_names": ir.ArrayAttr.get([ir.StringAttr.get(n) for n in self.dim_names])}


def input_specs(graph: onnx.GraphProto) -> list[TensorSpec]:
    """The inputs that a caller gives: graph inputs without an initialiser."""
    given = initializers_of(graph)
    return [_spec(v) for v in graph.input if v.name not in given]


def _spec(info: onnx.ValueInfoProto) -> TensorSpec:
    if not info.type.HasField("tensor_type"):
        kind = info.type.WhichOneof("value") or "untyped"
        raise UnsupportedOp(f"input '{info.name}' is of kind {kind}; only tensors are compiled")
    spec = tensor_spec(info.name, info.type)
    if spec.dtype == TEXT:
        raise UnsupportedOp(f"input '{info.name}' holds elements of type STRING")
    return spec


def tensor_spec(name: str, type_proto: onnx.TypeProto) -> TensorSpec:
    """A declared tensor type; its dtype is "object" for strings."""
    type_ = type_proto.tensor_type
    try:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(type_.elem_type).name
    except KeyError as e:
        raise InvalidModel(f"input '{name}' has the unknown type {type_.elem_type}") from e
    if type_.elem_type != onnx.TensorProto.STRING and not has_element_type(dtype):
        words = onnx.TensorProto.DataType.Name(type_.elem_type)
        raise UnsupportedOp(f"input '{name}' holds elements of type {words}")
    if not type_.HasField("shape"):
        return TensorSpec(name, dtype, None)
    dims = [_dim(d, f"{name}.{i}") for i, d in enumerate(type_.shape.dim)]
    names = tuple(d if isinstance(d, str) else "" for d in dims)
    return TensorSpec(name, dtype, tuple(dims), names)


def _dim(dim: Any, fallback: str) -> Dim:
    """A size, or a name; -1 and 0 in old exports mean 'unknown'."""
    if dim.HasField("dim_value") and dim.dim_value > 0:
        return int(dim.dim_value)
    if dim.HasField("dim_value") and dim.dim_value == 0:
        return 0
    return dim.dim_param or fallback


def fix_dims(
    specs: Sequence[TensorSpec],
    shapes: Mapping[str, Sequence[int]] | None = None,
    dims: Mapping[str, int] | None = None,
) -> list[TensorSpec]:
    """`specs` with `shapes` (by input name) and `dims` (by dimension name) put in.

    Raises ShapeError for unknown names, wrong ranks and contradicting sizes.
    """
    shapes, sizes = dict(shapes or {}), dict(dims or {})
    names = {s.name for s in specs}
    for name in shapes:
        if name not in names:
            raise ShapeError(f"no input is called '{name}' (inputs: {', '.join(sorted(names))})")
    known = {d for s in specs for d in s.dims or () if isinstance(d, str)}
    for name in sizes:
        if name not in known:
            names_known = ", ".join(sorted(known)) or "none"
            raise ShapeError(f"no dimension is called '{name}' (dimensions: {names_known})")
    for spec in specs:
        if spec.name in shapes:
            _match(spec, [int(d) for d in shapes[spec.name]], sizes)
    return [_resolved(s, shapes.get(s.name), sizes) for s in specs]


def _match(spec: TensorSpec, shape: Sequence[int], sizes: dict[str, int]) -> None:
    if spec.dims is None:
        return
    if len(shape) != len(spec.dims):
        raise ShapeError(
            f"input '{spec.name}' expects rank {len(spec.dims)} {spec.describe()}, "
            f"got {list(shape)}"
        )
    for dim, size in zip(spec.dims, shape, strict=True):
        expected = sizes.setdefault(dim, size) if isinstance(dim, str) else dim
        if expected != size or size < 0:
            raise ShapeError(
                f"input '{spec.name}' expects {spec.describe()}, got {list(shape)}"
                + (f" ({dim} is {expected})" if isinstance(dim, str) else "")
            )


def _resolved(
    spec: TensorSpec, shape: Sequence[int] | None, sizes: Mapping[str, int]
) -> TensorSpec:
    if spec.dims is None:
        return spec if shape is None else replace(spec, dims=tuple(int(d) for d in shape))
    return replace(
        spec, dims=tuple(sizes.get(d, d) if isinstance(d, str) else d for d in spec.dims)
    )
