"""Element types and shapes of the `graph` dialect.

Signless `iN` are signed integers, `uiN` unsigned ones, `i1` is bool. The names are numpy's
(`float32`, `uint8`, `bfloat16`, ...), which are also those of ONNX.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from aicc._mlir import ir

from .base import VerifyError

_MAKERS: dict[str, Callable[[], Any]] = {
    "float32": ir.F32Type.get,
    "float64": ir.F64Type.get,
    "float16": ir.F16Type.get,
    "bfloat16": ir.BF16Type.get,
    "float8_e4m3fn": ir.Float8E4M3FNType.get,
    "float8_e5m2": ir.Float8E5M2Type.get,
    "float8_e4m3fnuz": ir.Float8E4M3FNUZType.get,
    "float8_e5m2fnuz": ir.Float8E5M2FNUZType.get,
    "float8_e8m0fnu": ir.Float8E8M0FNUType.get,
    "float4_e2m1fn": ir.Float4E2M1FNType.get,
    "bool": partial(ir.IntegerType.get_signless, 1),
    **{f"int{n}": partial(ir.IntegerType.get_signless, n) for n in (2, 4, 8, 16, 32, 64)},
    **{f"uint{n}": partial(ir.IntegerType.get_unsigned, n) for n in (2, 4, 8, 16, 32, 64)},
}
# integers of less than a byte: numpy keeps one per byte
PACKED_INTEGERS = ("int2", "uint2", "int4", "uint4")
_NAMES = {
    "f32": "float32",
    "f64": "float64",
    "f16": "float16",
    "bf16": "bfloat16",
    "f8E4M3FN": "float8_e4m3fn",
    "f8E5M2": "float8_e5m2",
    "f8E4M3FNUZ": "float8_e4m3fnuz",
    "f8E5M2FNUZ": "float8_e5m2fnuz",
    "f8E8M0FNU": "float8_e8m0fnu",
    "f4E2M1FN": "float4_e2m1fn",
    "i1": "bool",
    **{f"i{n}": f"int{n}" for n in (2, 4, 8, 16, 32, 64)},
    **{f"ui{n}": f"uint{n}" for n in (2, 4, 8, 16, 32, 64)},
}


def element_type_of(dtype: str) -> Any:
    """MLIR element type of a numpy dtype name; KeyError for a type the dialect lacks."""
    return _MAKERS[dtype]()


def dtype_of(element_type: Any) -> str:
    """numpy dtype name of an MLIR element type; KeyError for a type the dialect lacks."""
    return _NAMES[str(element_type)]


def has_element_type(dtype: str) -> bool:
    """True for the numpy dtype names that the dialect has."""
    return dtype in _MAKERS


def is_extended(dtype: str) -> bool:
    """True for the dtype names that numpy itself lacks (ml_dtypes has them)."""
    return dtype.startswith(("bfloat", "float8_", "float4_")) or dtype in PACKED_INTEGERS


def tensor(shape: Sequence[int], element_type: Any) -> Any:
    """`tensor<shape x element_type>`; dimensions must not be negative."""
    if any(d < 0 for d in shape):
        raise VerifyError(f"would have the negative shape {list(shape)}")
    return ir.RankedTensorType.get([int(d) for d in shape], element_type)


def element_count(shape: Sequence[int]) -> int:
    """Product of the dimensions."""
    count = 1
    for d in shape:
        count *= d
    return count


def is_float(element_type: Any) -> bool:
    """True for f16, bf16, f32, f64."""
    return str(element_type) in ("f32", "f64", "f16", "bf16")


def is_bool(element_type: Any) -> bool:
    """True for i1."""
    return str(element_type) == "i1"


def is_unsigned(element_type: Any) -> bool:
    """True for uiN and for i1 (0 or 1)."""
    return str(element_type).startswith("ui") or is_bool(element_type)


def is_integer(element_type: Any) -> bool:
    """True for iN and uiN, bool excluded."""
    return isinstance(element_type, ir.IntegerType) and not is_bool(element_type)


def broadcast_shapes(*shapes: Sequence[int]) -> list[int]:
    """numpy's broadcasting rule over static shapes; VerifyError where they do not fit."""
    rank = max((len(s) for s in shapes), default=0)
    padded = [[1] * (rank - len(s)) + list(s) for s in shapes]
    out = []
    for dims in zip(*padded, strict=True):
        sizes = {d for d in dims if d != 1}
        if len(sizes) > 1:
            raise VerifyError(f"operand shapes {[list(s) for s in shapes]} do not broadcast")
        out.append(sizes.pop() if sizes else 1)
    return out


def normalize_axis(axis: int, rank: int) -> int:
    """`axis` counted from the front; VerifyError if it lies outside [-rank, rank)."""
    if not -rank <= axis < max(rank, 1):
        raise VerifyError(f"axis {axis} is outside a rank-{rank} tensor")
    return axis % rank if rank else 0


def normalize_axes(axes: Sequence[int], rank: int) -> list[int]:
    """Sorted distinct axes counted from the front."""
    normalized = sorted(normalize_axis(a, rank) for a in axes)
    if len(set(normalized)) != len(normalized):
        raise VerifyError(f"axes {list(axes)} repeat")
    return normalized
