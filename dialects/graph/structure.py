"""Structural ops: inline constants, fusion groups, layout casts."""

import re
from collections.abc import Sequence
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Region,
    Result,
    Tensor,
    Terminator,
    VerifyError,
    choice,
    elements,
    ir,
)
from .types import (
    PACKED_INTEGERS,
    dtype_of,
    element_count,
    element_type_of,
    is_extended,
    tensor,
)

MAX_INLINE_ELEMENTS = 64
# What is computed from constants may be larger in code that several shapes share, lest a size
# decides whether something is a constant.
MAX_SHARED_ELEMENTS = 1 << 14


def _is_shared(op: Any) -> bool:
    """Whether an op is part of code for several shapes."""
    while op.parent is not None:
        op = op.parent.operation
    return "aicc.dynamic" in op.attributes


class Constant(GraphOp, name="constant", traits=[Pure]):
    """A small tensor, written in the IR: 64 elements at most, more only in dynamic builds."""

    y: Result[Tensor]
    attrs = {"value": elements()}

    @staticmethod
    def infer(*, value: Any) -> Any:
        return value.type

    def check(self) -> None:
        """The type is that of the value, which is as small as the kind of build allows."""
        super().check()
        count = element_count(self.operation.attributes["value"].type.shape)
        if count <= MAX_INLINE_ELEMENTS:
            return
        limit = MAX_SHARED_ELEMENTS if _is_shared(self.operation) else MAX_INLINE_ELEMENTS
        if count > limit:
            raise VerifyError(
                f"holds {count} elements; more than {limit} must be a weight argument"
            )

    @classmethod
    def of(cls, array: Any, loc: Any = None) -> Any:
        """The constant of a numpy array (its dtype is one of the dialect's); returns the value."""
        import numpy as np

        array = np.asarray(array, order="C")
        element = element_type_of(array.dtype.name)
        type_ = tensor(array.shape, element)
        return cls.build(value=dense_attr(array, type_), loc=loc)

    def array(self) -> Any:
        """The value as a numpy array."""
        return array_of(self.operation.attributes["value"])


def is_constant(value: Any) -> bool:
    """True for the result of a `graph.constant`."""
    owner = value.owner
    return not isinstance(owner, ir.Block) and owner.name == Constant.OPERATION_NAME


def dense_attr(array: Any, type_: Any) -> Any:
    """DenseElementsAttr of a contiguous numpy array; `type_` is its ranked tensor type."""
    import numpy as np

    dtype = array.dtype.name
    if dtype == "bfloat16":
        array = array.view(np.uint16)
    elif dtype in PACKED_INTEGERS:
        array = array.astype(np.uint8 if dtype.startswith("u") else np.int8)
    elif is_extended(dtype):
        array = array.view(np.uint8)
    if array.size == 0:
        return ir.Attribute.parse(f"dense<> : {type_}")
    return ir.DenseElementsAttr.get(array, type=type_.element_type, shape=list(type_.shape))


def array_of(value: Any) -> Any:
    """numpy array of a DenseElementsAttr."""
    import numpy as np

    type_ = value.type
    dtype = numpy_dtype(dtype_of(type_.element_type))
    if not is_extended(dtype.name):
        return np.array(value).astype(dtype, copy=False).reshape(type_.shape)
    return np.array(_parsed(value, dtype), dtype).reshape(type_.shape)


def _parsed(value: Any, dtype: Any) -> list[Any]:
    """Elements of a type that numpy's buffer protocol lacks, from the attribute's text."""
    import numpy as np

    if value.is_splat:
        return [value.get_splat_value().value] * element_count(value.type.shape)
    text = str(value).split(" : ")[0]
    tokens = re.findall(r"0x[0-9A-F]+|-?[0-9][0-9.e+-]*", text)
    # NaN and infinity are printed as bit patterns
    return [
        np.array(int(t, 16), f"u{dtype.itemsize}").view(dtype) if t.startswith("0x") else float(t)
        for t in tokens
    ]


def numpy_dtype(name: str) -> Any:
    """numpy dtype of a name, those of ml_dtypes (bfloat16, int4, ..) included."""
    import numpy as np

    if is_extended(name):
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))
    return np.dtype(name)


class Yield(GraphOp, name="yield", traits=[Terminator, Pure]):
    """Results of the region around it."""

    values: Sequence[Operand[Any]]

    def check(self) -> None:
        return


class Group(GraphOp, name="group", traits=[Pure]):
    """Ops that become one kernel. The region reads values from around it and yields the results.

    (No operands: IRDL gives all elements of a variadic field one type, and these differ.)
    """

    outputs: Sequence[Result[Tensor]]
    body: Region

    def check(self) -> None:
        (block,) = self.operation.regions[0].blocks
        terminator = block.operations[len(block.operations) - 1]
        expect_types("argument", block.arguments, [])
        expect_types("yielded value", terminator.operation.operands, self.operation.results)


def expect_types(words: str, actual: Sequence[Any], expected: Sequence[Any]) -> None:
    """VerifyError unless the values' types agree one by one."""
    if len(actual) != len(expected):
        raise VerifyError(f"has {len(actual)} {words}s for {len(expected)} values")
    for i, (a, e) in enumerate(zip(actual, expected, strict=True)):
        if a.type != e.type:
            raise VerifyError(f"{words} {i} has type {a.type}, expected {e.type}")


class LayoutCast(GraphOp, name="layout_cast", traits=[Pure]):
    """Physical order of an image tensor: NCHW <-> NHWC (any number of spatial dimensions)."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"source": choice("NCHW", "NHWC"), "target": choice("NCHW", "NHWC")}

    @staticmethod
    def infer(x: Any, *, source: str, target: str) -> Any:
        if source == target:
            raise VerifyError(f"casts {source} to itself")
        if x.rank < 3:
            raise VerifyError(f"expects rank 3 or more, got {x}")
        return tensor([x.shape[d] for d in cast_permutation(x.rank, target)], x.element_type)


def cast_permutation(rank: int, target: str) -> list[int]:
    """Result dimension i comes from source dimension `permutation[i]`."""
    spatial = list(range(2, rank))
    return [0, *spatial, 1] if target == "NHWC" else [0, rank - 1, *range(1, rank - 1)]
