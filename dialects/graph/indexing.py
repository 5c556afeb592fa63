"""Indexing: the positions that are read, or written, are themselves data.

A negative index counts from the end. ONNX leaves an index outside [-size, size) undefined; here
reading clamps it to the nearest element and writing drops it, so that no memory but the tensor's
own is ever touched.
"""

from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    boolean,
    choice,
    integer,
    ir,
)
from .types import is_integer, normalize_axis, tensor

REDUCTIONS = ("none", "add", "mul", "min", "max")


def _require_indices(indices: Any) -> None:
    if not is_integer(indices.element_type):
        raise VerifyError(f"expects integer indices, got {indices}")


def _require_elements(x: Any, updates: Any) -> None:
    if x.element_type != updates.element_type:
        raise VerifyError(f"mixes element types {x.element_type} and {updates.element_type}")


class Gather(GraphOp, name="gather", traits=[Pure]):
    """Slices of x along `axis`, one per index: the index dimensions take the place of `axis`."""

    x: Operand[Tensor]
    indices: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(0)}

    @staticmethod
    def infer(x: Any, indices: Any, *, axis: int) -> Any:
        _require_indices(indices)
        if x.rank == 0:
            raise VerifyError(f"cannot index the scalar {x}")
        axis = normalize_axis(axis, x.rank)
        if x.shape[axis] == 0 and 0 not in indices.shape:
            raise VerifyError(f"indexes the empty dimension {axis} of {x}")
        shape = [*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]]
        return tensor(shape, x.element_type)


class GatherElements(GraphOp, name="gather_elements", traits=[Pure]):
    """y[i0, .., in] = x[i0, .., indices[i0, .., in], .., in], the index standing at `axis`."""

    x: Operand[Tensor]
    indices: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(0)}

    @staticmethod
    def infer(x: Any, indices: Any, *, axis: int) -> Any:
        _require_indices(indices)
        _require_within(x, indices, normalize_axis(axis, x.rank))
        return tensor(indices.shape, x.element_type)


def _require_within(x: Any, indices: Any, axis: int) -> None:
    if x.rank == 0 or indices.rank != x.rank:
        raise VerifyError(f"expects as many dimensions, at least one, of {x} and {indices}")
    for i, (size, limit) in enumerate(zip(indices.shape, x.shape, strict=True)):
        if i != axis and size > limit:
            raise VerifyError(f"dimension {i} of {indices} exceeds that of {x}")


class GatherND(GraphOp, name="gather_nd", traits=[Pure]):
    """Slices of x: each row of `indices` names one by its first coordinates.

    The first `batch_dims` dimensions of both operands go side by side.
    """

    x: Operand[Tensor]
    indices: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"batch_dims": integer(0)}

    @staticmethod
    def infer(x: Any, indices: Any, *, batch_dims: int) -> Any:
        _require_indices(indices)
        coordinates = _coordinates(x, indices, batch_dims)
        if list(x.shape[:batch_dims]) != list(indices.shape[:batch_dims]):
            raise VerifyError(f"the {batch_dims} batch dimensions of {x} and {indices} differ")
        shape = [*indices.shape[:-1], *x.shape[batch_dims + coordinates :]]
        return tensor(shape, x.element_type)


def _coordinates(x: Any, indices: Any, batch_dims: int) -> int:
    """Number of coordinates in a row of indices."""
    if not 0 <= batch_dims < max(indices.rank, 1) or indices.rank == 0:
        raise VerifyError(f"cannot take {batch_dims} batch dimensions of {indices}")
    coordinates = indices.shape[indices.rank - 1]
    if not 1 <= coordinates <= x.rank - batch_dims:
        raise VerifyError(f"cannot index {x} by {coordinates} coordinates")
    return int(coordinates)


class ScatterElements(GraphOp, name="scatter_elements", traits=[Pure]):
    """x with updates at y[i0, .., indices[i0, .., in], .., in], the index standing at `axis`.

    Where several updates meet, `reduction` combines them with the element; with `none` the last
    one in row-major order stays.
    """

    x: Operand[Tensor]
    indices: Operand[Tensor]
    updates: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(0), "reduction": choice(*REDUCTIONS, default="none")}

    @staticmethod
    def infer(x: Any, indices: Any, updates: Any, *, axis: int, reduction: str) -> Any:
        _require_indices(indices)
        _require_elements(x, updates)
        _require_within(x, indices, normalize_axis(axis, x.rank))
        if list(indices.shape) != list(updates.shape):
            raise VerifyError(f"expects as many updates as indices, got {updates} and {indices}")
        return x


class ScatterND(GraphOp, name="scatter_nd", traits=[Pure]):
    """x with slices of it replaced by (or combined with) updates, as `gather_nd` names slices."""

    x: Operand[Tensor]
    indices: Operand[Tensor]
    updates: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"reduction": choice(*REDUCTIONS, default="none")}

    @staticmethod
    def infer(x: Any, indices: Any, updates: Any, *, reduction: str) -> Any:
        _require_indices(indices)
        _require_elements(x, updates)
        expected = [*indices.shape[:-1], *x.shape[_coordinates(x, indices, 0) :]]
        if list(updates.shape) != expected:
            raise VerifyError(f"expects updates of shape {expected}, got {updates}")
        return x


class ReverseSequence(GraphOp, name="reverse_sequence", traits=[Pure]):
    """The first lengths[b] elements along `time_axis` in reverse, for each b along `batch_axis`."""

    x: Operand[Tensor]
    lengths: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"batch_axis": integer(1), "time_axis": integer(0)}

    @staticmethod
    def infer(x: Any, lengths: Any, *, batch_axis: int, time_axis: int) -> Any:
        _require_indices(lengths)
        batch, time = normalize_axis(batch_axis, x.rank), normalize_axis(time_axis, x.rank)
        if batch == time:
            raise VerifyError(f"has the same batch and time axis {batch}")
        if list(lengths.shape) != [x.shape[batch]]:
            raise VerifyError(f"expects {x.shape[batch]} lengths, got {lengths}")
        return x


class TopK(GraphOp, name="top_k", traits=[Pure]):
    """The k largest (or smallest) elements along `axis`, best first, and their positions (i64).

    Of equal elements the one with the lower position comes first.
    """

    x: Operand[Tensor]
    values: Result[Tensor]
    indices: Result[Tensor]
    attrs = {"k": integer(), "axis": integer(-1), "largest": boolean(True)}

    @staticmethod
    def infer(x: Any, *, k: int, axis: int, largest: bool) -> list[Any]:
        axis = normalize_axis(axis, x.rank)
        if not 0 <= k <= x.shape[axis]:
            raise VerifyError(f"cannot take {k} of the {x.shape[axis]} elements along axis {axis}")
        shape = list(x.shape)
        shape[axis] = k
        i64 = ir.IntegerType.get_signless(64)
        return [tensor(shape, x.element_type), tensor(shape, i64)]
