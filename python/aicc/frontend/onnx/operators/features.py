"""Operators of classical machine learning (ai.onnx.ml) on numbers: features, scaling, labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, PREDICATES, UNARY, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.movement import Concat, Expand, Reshape
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_count, element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from .arithmetic import binary, div, mul, sub
from .casts import converted
from .reductions import reduced

DOMAIN = "ai.onnx.ml"


def single(n: Node, x: Any) -> Any:
    """x as float32, in which these operators compute."""
    return converted(n, x, element_type_of("float32"))


@onnx_op("ArrayFeatureExtractor", domain=DOMAIN)
def array_feature_extractor(n: Node, x: Any, indices: Any) -> Any:
    """Columns of x; a vector gives a matrix of one row."""
    count = element_count(indices.type.shape)
    columns = n.emit(Gather, x, n.emit(Reshape, indices, shape=[count]), axis=x.type.rank - 1)
    return n.emit(Reshape, columns, shape=[1, count]) if x.type.rank == 1 else columns


@onnx_op("Binarizer", domain=DOMAIN)
def binarizer(n: Node, x: Any, *, threshold: float = 0.0) -> Any:
    """1 above the threshold, else 0."""
    return converted(n, n.emit(COMPARE["greater"], x, n.like(threshold, x)), x.type.element_type)


@onnx_op("Scaler", domain=DOMAIN)
def scaler(
    n: Node, x: Any, *, offset: list[float] | None = None, scale: list[float] | None = None
) -> Any:
    """(x - offset) * scale, per column or one for all."""
    y = single(n, x)
    for operation, values in ((sub, offset), (mul, scale)):
        if values:
            y = operation(n, y, n.constant(values, "float32"))
    return y


@onnx_op("Normalizer", domain=DOMAIN)
def normalizer(n: Node, x: Any, *, norm: str = "MAX") -> Any:
    """Rows over their largest element, sum of sizes, or length; rows of norm 0 stay."""
    y = single(n, x)
    along = [1] if x.type.rank > 1 else [0]
    if norm == "MAX":
        total = reduced(n, "max", y, along, keepdims=True)
    elif norm == "L1":
        total = reduced(n, "sum", n.emit(UNARY["abs"], y), along, keepdims=True)
    elif norm == "L2":
        total = n.emit(UNARY["sqrt"], reduced(n, "sum", mul(n, y, y), along, keepdims=True))
    else:
        n.invalid(f"norm '{norm}'")
    is_zero = binary(n, "equal", total, 0)
    return div(n, y, n.emit(Where, is_zero, n.like(1, y), total))


@onnx_op("Imputer", domain=DOMAIN)
def imputer(
    n: Node,
    x: Any,
    *,
    imputed_value_floats: list[float] | None = None,
    imputed_value_int64s: list[int] | None = None,
    replaced_value_float: float = 0.0,
    replaced_value_int64: int = 0,
) -> Any:
    """Other values, per column or one for all, where the replaced value (NaN too) stands."""
    values: Any = imputed_value_int64s
    replaced: float = replaced_value_int64
    if is_float(x.type.element_type):
        values, replaced = imputed_value_floats, replaced_value_float
    if not values:
        n.invalid(f"has no values to put into {x.type}")
    other = n.constant(values, dtype_of(x.type.element_type))
    if isinstance(replaced, float) and np.isnan(replaced):
        found = n.emit(PREDICATES["is_nan"], x)
    else:
        found = n.emit(COMPARE["equal"], x, n.like(replaced, x))
    return n.emit(Where, found, other, x)


@onnx_op("FeatureVectorizer", domain=DOMAIN)
def feature_vectorizer(n: Node, *inputs: Any, inputdimensions: list[int] | None = None) -> Any:
    """The operands' rows side by side, as floats."""
    matrices = []
    for x in inputs:
        shape = list(x.type.shape)
        flat = [1, shape[0]] if len(shape) == 1 else [shape[0], element_count(shape[1:])]
        matrices.append(n.emit(Reshape, single(n, x), shape=flat))
    return matrices[0] if len(matrices) == 1 else n.emit(Concat, matrices, axis=1)


@onnx_op("OneHotEncoder", domain=DOMAIN)
def one_hot_encoder(
    n: Node,
    x: Any,
    *,
    cats_int64s: list[int] | None = None,
    cats_strings: list[str] | None = None,
    zeros: int = 1,
) -> Any:
    """A last dimension with 1 at the category; all zeros for an unknown one."""
    if not cats_int64s:
        n.unsupported("categories that are strings")
    if not zeros:
        n.unsupported("zeros = 0: an unknown category cannot stop a compiled model")
    whole = converted(n, x, element_type_of("int64"))
    column = n.emit(Reshape, whole, shape=[*x.type.shape, 1])
    return single(n, n.emit(COMPARE["equal"], column, n.constant(cats_int64s, "int64")))


@onnx_op("LabelEncoder", domain=DOMAIN, since=2)
def label_encoder(
    n: Node,
    x: Any,
    *,
    keys_int64s: list[int] | None = None,
    keys_floats: list[float] | None = None,
    keys_tensor: Any = None,
    keys_strings: list[str] | None = None,
    values_int64s: list[int] | None = None,
    values_floats: list[float] | None = None,
    values_tensor: Any = None,
    values_strings: list[str] | None = None,
    default_int64: int = -1,
    default_float: float = -0.0,
    default_tensor: Any = None,
    default_string: str = "_Unused",
) -> Any:
    """The value of each element as a key; the last of equal keys counts."""
    keys = _first_given(n, "keys", (keys_int64s, "int64"), (keys_floats, "float32"), keys_tensor)
    values = _first_given(
        n, "values", (values_int64s, "int64"), (values_floats, "float32"), values_tensor
    )
    default: Any = default_float if values.dtype.kind == "f" else default_int64
    if default_tensor is not None:
        default = np.asarray(default_tensor).reshape(())[()]
    if keys.shape != values.shape or not keys.size:
        n.invalid(f"has {keys.size} keys for {values.size} values")
    return _looked_up(n, x, keys, np.append(values, np.array(default, values.dtype)))


def _first_given(n: Node, words: str, integers: Any, floats: Any, tensor: Any) -> Any:
    for given, dtype in (integers, floats):
        if given is not None:
            return np.array(given, dtype)
    if tensor is None or np.asarray(tensor).dtype.kind not in "iuf":
        n.unsupported(f"{words} that are strings")
    return np.asarray(tensor).reshape(-1)


def _looked_up(n: Node, x: Any, keys: Any, values: Any) -> Any:
    """Binary search in the sorted keys, one step per bit of a place; values end in the default."""
    keys = keys.astype(numpy_dtype(dtype_of(x.type.element_type)))
    # the last one of equal keys: the first one when read from the end
    unique, first = np.unique(keys[::-1], return_index=True)
    order = len(keys) - 1 - first
    is_nan = np.isnan(unique) if unique.dtype.kind == "f" else np.zeros(len(unique), bool)
    numbers, nans = order[~is_nan], order[is_nan]
    y = n.emit(Gather, n.constant(values), _places(n, x, keys, numbers), axis=0)
    if not nans.size:
        return y
    return n.emit(Where, n.emit(PREDICATES["is_nan"], x), n.constant(values[nans[-1]]), y)


def _places(n: Node, x: Any, keys: Any, order: Any) -> Any:
    """For each element the number of its key, len(keys) if it is none."""
    absent = n.constant(len(keys), "int64")
    if not order.size:
        return n.emit(Expand, absent, shape=list(x.type.shape))
    ranked = n.constant(keys[order])
    place = n.emit(Expand, n.constant(0, "int64"), shape=list(x.type.shape))
    step = 1 << max(len(order) - 1, 0).bit_length()
    while step > 1:
        step //= 2
        further = binary(n, "minimum", binary(n, "add", place, step), len(order) - 1)
        reached = n.emit(COMPARE["less_equal"], n.emit(Gather, ranked, further, axis=0), x)
        place = n.emit(Where, reached, further, place)
    found = n.emit(COMPARE["equal"], n.emit(Gather, ranked, place, axis=0), x)
    numbers = n.constant(order.astype(np.int64))
    return n.emit(Where, found, n.emit(Gather, numbers, place, axis=0), absent)
