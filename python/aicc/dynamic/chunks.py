"""Kernels that work row by row, as loops over chunks of rows whose code knows all its sizes.

Why: a matrix product with weights, or a norm, does the same to every row, and how many rows there
are is all that hangs on the shape. The kernel for 64 rows is scheduled like any other: register
tiles, vectors, no loop bound that is unknown. The kernel for any number of rows calls it as often
as it can, then those for 16, 4 and 1 rows; how often is data.

    @matmul [3, 37, 384] x [384, 384]   ->   1 x @rows_64, 2 x @rows_16, 3 x @rows_4, 3 x @rows_1

What is split off are the leading dimensions that all operations of the kernel have in common. A
chunk is used if all shapes that were planned have it: else sizes in it hang on the shape, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.passes.signature import functions_of, is_kernel

MARK = "aicc.chunk"
# Rows of the chunks of a kernel class; each but the first is at most three times.
SIZES = {"matmul": (64, 16, 4, 1), "rows": (16, 1), "conv": (1,)}
_PLAIN = ("arith.constant", "linalg.fill", "tensor.empty", "linalg.generic", "func.return")
_STORE = "bufferization.materialize_in_destination"
LEVEL = 3


@dataclass(frozen=True)
class Chunk:
    """The rows of a kernel: `texts` by number of rows; strides in bytes, None: not by rows."""

    texts: tuple[tuple[int, str], ...]
    strides: tuple[int | None, ...]
    inputs: int


@dataclass
class Chunks:
    """All chunks seen, by a hash of their text; `shared`: those that hang on no size."""

    by_key: dict[str, Chunk] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)

    def note(self, module: Any) -> None:
        """Mark the kernels of a module at phase "kernels" that work by rows."""
        for function in functions_of(module.operation):
            leading = _leading(function) if is_kernel(function) else None
            if leading is None or _has_two_roles(function, leading):
                continue
            chunk = _chunk(module, function, leading)
            key = hashlib.sha256(chunk.texts[-1][1].encode()).hexdigest()[:24]
            self.by_key[key] = chunk
            mark = ir.StringAttr.get(f"{key} {prod(leading)}")
            function.operation.attributes[MARK] = mark


def counts_of(sizes: Sequence[int], rows: int) -> list[int]:
    """How many chunks of each size."""
    counts = []
    for size in sizes:
        counts.append(rows // size)
        rows %= size
    return counts


def _leading(function: Any) -> tuple[int, ...] | None:
    """The sizes of the dimensions that all operations share; None if there are none."""
    kind = function.operation.attributes["aicc.kernel"].value
    ops = [view.operation for view in function.operation.regions[0].blocks[0].operations]
    if kind not in SIZES or any(op.name not in (*_PLAIN, _STORE) for op in ops):
        return None
    generics = [op for op in ops if op.name == "linalg.generic"]
    if not generics or len(generics[-1].results) != 1:
        return None
    result = generics[-1].results[0].type
    most = 1 if kind == "conv" else max(1, result.rank - 1)
    for rank in range(most, 0, -1):
        leading = tuple(result.shape[:rank])
        if prod(leading) > 0 and all(_is_by_rows(op, leading) for op in generics):
            return leading
    return None


def _is_by_rows(op: Any, leading: tuple[int, ...]) -> bool:
    """Whether an operation does the same to every row, and touches no other."""
    rank = len(leading)
    kinds = [str(kind) for kind in op.attributes["iterator_types"]]
    if len(op.results) != 1 or any("parallel" not in kind for kind in kinds[:rank]):
        return False
    if any(inner.operation.name == "linalg.index" for inner in op.regions[0].blocks[0].operations):
        return False
    maps = [attr.value for attr in op.attributes["indexing_maps"]]
    operands = list(zip(op.operands, maps, strict=True))
    return all(
        _is_fixed(map_, rank) or _is_row_of(value, map_, leading) for value, map_ in operands
    ) and _is_row(op.results[0].type, maps[-1], leading)


def _is_row_of(value: Any, map_: Any, leading: tuple[int, ...]) -> bool:
    """A constant table in the kernel has all its rows, or none."""
    owner = value.owner
    is_table = isinstance(owner, ir.Operation | ir.OpView) and owner.name == "arith.constant"
    return not is_table and _is_row(value.type, map_, leading)


def _is_row(type_: Any, map_: Any, leading: tuple[int, ...]) -> bool:
    rank = len(leading)
    if not isinstance(type_, ir.RankedTensorType) or tuple(type_.shape[:rank]) != leading:
        return False
    firsts = [ir.AffineDimExpr.get(i) for i in range(rank)]
    results = list(map_.results)
    return results[:rank] == firsts and not _uses(results[rank:], rank)


def _is_fixed(map_: Any, rank: int) -> bool:
    return not _uses(list(map_.results), rank)


def _uses(expressions: Sequence[Any], rank: int) -> bool:
    """Whether one of the first `rank` dimensions appears."""
    return any(_has_dim(expression, rank) for expression in expressions)


def _has_dim(expression: Any, rank: int) -> bool:
    if isinstance(expression, ir.AffineDimExpr):
        return bool(expression.position < rank)
    if isinstance(expression, ir.AffineBinaryExpr):
        return _has_dim(expression.lhs, rank) or _has_dim(expression.rhs, rank)
    return False


def _chunk(module: Any, function: Any, leading: tuple[int, ...]) -> Chunk:
    kind = function.operation.attributes["aicc.kernel"].value
    rows = _row_values(function, leading)
    block = function.operation.regions[0].blocks[0]
    strides = tuple(
        _row_bytes(a.type, len(leading)) if a in rows else None for a in block.arguments
    )
    texts = [(size, _text(module, function, leading, size)) for size in SIZES[kind]]
    results = sum(view.operation.name == _STORE for view in block.operations)
    return Chunk(tuple(texts), strides, len(strides) - results)


def _has_two_roles(function: Any, leading: tuple[int, ...]) -> bool:
    """Whether a value is taken row by row here, and as a whole there."""
    rows = _row_values(function, leading)
    for view in function.operation.regions[0].blocks[0].operations:
        op = view.operation
        if op.name == "linalg.generic":
            maps = [attr.value for attr in op.attributes["indexing_maps"]]
            for value, map_ in zip(op.operands, maps, strict=True):
                if _is_fixed(map_, len(leading)) and value in rows:
                    return True
    return False


def _row_bytes(type_: Any, rank: int) -> int:
    width = max(8, type_.element_type.width) // 8
    return prod(type_.shape[rank:]) * width


def _row_values(function: Any, leading: tuple[int, ...]) -> list[Any]:
    """All values that have the rows, by how operations index them."""
    found: list[Any] = []
    rank = len(leading)
    ops = [view.operation for view in function.operation.regions[0].blocks[0].operations]
    for op in reversed(ops):
        if op.name == "linalg.generic":
            maps = [attr.value for attr in op.attributes["indexing_maps"]]
            found += [v for v, m in zip(op.operands, maps, strict=True) if not _is_fixed(m, rank)]
            found += op.results
        elif op.name == _STORE:
            found += [*op.operands, *op.results]
        elif op.name == "linalg.fill" and op.results[0] in found:
            found.append(op.operands[-1])
    return found


def _text(module: Any, function: Any, leading: tuple[int, ...], size: int) -> str:
    """A module with the kernel for `size` rows, public so that no pass removes it."""
    attributes = module.operation.attributes
    kept = {n: attributes[n] for n in attributes if n not in ("aicc.dynamic", "aicc.profile")}
    kept["aicc.opt_level"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), LEVEL)
    own = ir.Module.create()
    for name, attribute in kept.items():
        own.operation.attributes[name] = attribute
    with ir.InsertionPoint(own.body):
        copy = function.operation.clone()
    copy.attributes["sym_visibility"] = ir.StringAttr.get("public")
    copy.attributes["sym_name"] = ir.StringAttr.get(f"rows_{size}")
    for name in ("aicc.work", MARK):
        if name in copy.attributes:
            del copy.attributes[name]
    shape = [*[1] * (len(leading) - 1), size]
    for value in _row_values(copy.opview, leading):
        old = ir.RankedTensorType(value.type)
        if list(old.shape[: len(leading)]) == list(leading):
            value.set_type(
                ir.RankedTensorType.get([*shape, *old.shape[len(leading) :]], old.element_type)
            )
    _retype(copy)
    return str(own.operation.get_asm(assume_verified=True))


def _retype(function: Any) -> None:
    block = function.regions[0].blocks[0]
    returned = block.operations[len(block.operations) - 1].operation
    types = ir.FunctionType.get(
        [a.type for a in block.arguments], [v.type for v in returned.operands]
    )
    function.attributes["function_type"] = ir.TypeAttr.get(types)
