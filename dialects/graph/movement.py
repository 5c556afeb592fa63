"""Data movement: the result's elements are elements of the operands, arranged otherwise."""

from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    choice,
    integer,
    integers,
)
from .types import broadcast_shapes, element_count, normalize_axis, tensor


class Reshape(GraphOp, name="reshape", traits=[Pure]):
    """The same elements in row-major order under another shape."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"shape": integers()}

    @staticmethod
    def infer(x: Any, *, shape: list[int]) -> Any:
        if element_count(x.shape) != element_count(shape):
            raise VerifyError(f"cannot give {x} the shape {list(shape)}")
        return tensor(shape, x.element_type)


class Transpose(GraphOp, name="transpose", traits=[Pure]):
    """Result dimension i is operand dimension `permutation[i]`."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"permutation": integers()}

    @staticmethod
    def infer(x: Any, *, permutation: list[int]) -> Any:
        if sorted(permutation) != list(range(x.rank)):
            raise VerifyError(f"{list(permutation)} does not permute {x.rank} dimensions")
        return tensor([x.shape[p] for p in permutation], x.element_type)


class Expand(GraphOp, name="expand", traits=[Pure]):
    """Broadcast to `shape` by numpy's rule."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"shape": integers()}

    @staticmethod
    def infer(x: Any, *, shape: list[int]) -> Any:
        if broadcast_shapes(x.shape, shape) != list(shape):
            raise VerifyError(f"cannot broadcast {x} to {list(shape)}")
        return tensor(shape, x.element_type)


class Slice(GraphOp, name="slice", traits=[Pure]):
    """y[i] = x[start + i * step] in every dimension; steps may be negative."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"starts": integers(), "sizes": integers(), "steps": integers()}

    @staticmethod
    def infer(x: Any, *, starts: list[int], sizes: list[int], steps: list[int]) -> Any:
        if not len(starts) == len(sizes) == len(steps) == x.rank:
            raise VerifyError(f"expects one start, size and step per dimension of {x}")
        for d, start, size, step in zip(x.shape, starts, sizes, steps, strict=True):
            last = start + (size - 1) * step
            if step == 0 or size < 0 or (size and not (0 <= start < d and 0 <= last < d)):
                raise VerifyError(f"start {start}, size {size}, step {step} leave dimension {d}")
        return tensor(sizes, x.element_type)


MAX_CONCAT = 16
_CONCAT_FIELDS: dict[str, Any] = {
    "x0": Operand[Tensor],
    "y": Result[Tensor],
    **{f"x{i}": Operand[Tensor] | None for i in range(1, MAX_CONCAT)},
}


class Concat(GraphOp, name="concat", traits=[Pure]):
    """Up to 16 operands one after the other along `axis`; `build` nests more.

    A variadic operand would not do: IRDL gives all elements of a variadic field one type.
    """

    __annotations__ = _CONCAT_FIELDS
    x1 = x2 = x3 = x4 = x5 = x6 = x7 = x8 = x9 = x10 = x11 = x12 = x13 = x14 = x15 = None
    attrs = {"axis": integer()}

    @classmethod
    def build(cls, *operands: Any, **attrs: Any) -> Any:
        """Concatenate any number of values: `Concat.build([a, b], axis=1)`."""
        (values,) = ([*inputs] for inputs in operands)
        while len(values) > MAX_CONCAT:
            values[:MAX_CONCAT] = [super().build(*values[:MAX_CONCAT], **attrs)]
        return super().build(*values, **attrs)

    def operand_groups(self) -> list[Any]:
        """One list of the operands that are there."""
        return [list(self.operation.operands)]

    @staticmethod
    def infer(*inputs: Any, axis: int) -> Any:
        types = inputs[0] if isinstance(inputs[0], list) else list(inputs)
        first = types[0]
        axis = normalize_axis(axis, first.rank)
        for t in types[1:]:
            same = [a == b for a, b in zip(first.shape, t.shape, strict=False)]
            if t.rank != first.rank or not all(same[:axis] + same[axis + 1 :]):
                raise VerifyError(f"cannot join {first} and {t} along axis {axis}")
            if t.element_type != first.element_type:
                raise VerifyError(f"mixes element types {first.element_type} and {t.element_type}")
        shape = list(first.shape)
        shape[axis] = sum(t.shape[axis] for t in types)
        return tensor(shape, first.element_type)


class Pad(GraphOp, name="pad", traits=[Pure]):
    """Elements around (or, where negative, cut from) each dimension; `value` is a scalar tensor.

    `reflect` mirrors without the edge, `edge` repeats it, `wrap` continues from the other end.
    """

    x: Operand[Tensor]
    value: Operand[Tensor]
    y: Result[Tensor]
    attrs = {
        "low": integers(),
        "high": integers(),
        "mode": choice("constant", "reflect", "edge", "wrap", default="constant"),
    }

    @staticmethod
    def infer(x: Any, value: Any, *, low: list[int], high: list[int], mode: str) -> Any:
        if len(low) != x.rank or len(high) != x.rank:
            raise VerifyError(f"expects {x.rank} low and high pads, got {len(low)}, {len(high)}")
        if value.rank != 0 or value.element_type != x.element_type:
            raise VerifyError(f"expects a scalar pad value of {x.element_type}, got {value}")
        shape = [d + a + b for d, a, b in zip(x.shape, low, high, strict=True)]
        return tensor(shape, x.element_type)
