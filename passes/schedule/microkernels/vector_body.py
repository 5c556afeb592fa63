"""Re-emit the scalar body of a `linalg.generic` on vectors.

A body is a short list of arith/math operations; each is created again with every type widened to a
vector, block arguments and constants replaced by what the caller loaded. `addf(mulf(a, b), c)`
becomes one `vector.fma` unless the module asks for strict floating point.

    %p = arith.mulf %a, %b : f32          %q = vector.fma %va, %vb, %vc : vector<16xf32>
    %q = arith.addf %c, %p : f32    ->
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.math import APPROXIMATIONS
from aicc.passes.schedule.microkernels.byte_table import (
    WORD_LANES,
    gathered,
    has_permutation,
    is_table_read,
    permuted,
    table_registers,
)

# Functions that vectors have an instruction for, or a few.
_INSTRUCTIONS = {
    *("math.absf", "math.absi", "math.ceil", "math.copysign", "math.floor", "math.fma"),
    *("math.isnan", "math.roundeven", "math.rsqrt", "math.sqrt", "math.trunc"),
}


def is_vectorisable(body: Any) -> bool:
    """Whether every operation of a generic's body is one of vectors as well as of numbers.

    Functions that stay calls of the C library are not: in a tile they would cost a call per lane,
    with all its registers put aside around each.
    """
    *operations, terminator = list(body.operations)
    del terminator
    return all(_is_elementwise(op.operation) for op in operations)


def _is_elementwise(op: Any) -> bool:
    if op.name == "arith.constant" or is_table_read(op):
        return True
    if op.name.startswith("math."):
        return op.name in _INSTRUCTIONS or _is_polynomial(op)
    return op.name.startswith("arith.") and len(op.regions) == 0


def _is_polynomial(op: Any) -> bool:
    return op.name in APPROXIMATIONS and not isinstance(op.results[0].type, ir.F64Type)


def has_functions(generic: Any) -> bool:
    """Whether the body holds a function of f32, f16 or bf16 that becomes a polynomial."""
    return any(_is_polynomial(op.operation) for op in generic.regions[0].blocks[0].operations)


class VectorBody:
    """The body of one generic, ready to be emitted for any number of tile points."""

    def __init__(self, generic: Any, lanes: int, use_fma: bool) -> None:
        self.block = generic.regions[0].blocks[0]
        self.lanes = lanes
        *operations, terminator = [op.operation for op in self.block.operations]
        self.yielded = list(terminator.operands)
        self.operations = operations
        self.fused = _products_of_fma(operations, self.yielded) if use_fma else {}
        self.uniform: dict[Any, Any] = {}
        self.tables: dict[Any, list[Any]] = {}
        self.permutes = lanes == WORD_LANES and has_permutation(generic)

    def arguments_used(self) -> list[bool]:
        """For each block argument (inputs, then outputs), whether the body reads it."""
        yielded = set(self.yielded)
        return [bool(list(arg.uses)) or arg in yielded for arg in self.block.arguments]

    def prepare(self) -> None:
        """Broadcast the body's constants and captured values once, at the insertion point."""
        inside = set(self.block.arguments)
        for op in self.operations:
            if op.name == "arith.constant":
                self.uniform[op.results[0]] = self._broadcast(op.clone().results[0])
            inside.update(op.results)
        reads = [op for op in self.operations if is_table_read(op)]
        inside.update(op.operands[0] for op in reads)
        if self.permutes:
            self.tables = {op.operands[0]: table_registers(op.operands[0]) for op in reads}
        operands = [value for op in self.operations for value in op.operands]
        for value in operands + self.yielded:
            if value not in inside and value not in self.uniform:
                self.uniform[value] = self._broadcast(value)

    def emit(self, arguments: Sequence[Any]) -> list[Any]:
        """Emit the body with these vectors as block arguments; returns the yielded vectors."""
        return self.emit_side_by_side([arguments])[0]

    def emit_side_by_side(self, sets: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Emit the body for several sets of arguments, operation by operation.

        A body is mostly one chain of dependent operations; several of them keep the processor busy.
        """
        arguments = self.block.arguments
        lanes = [dict(zip(arguments, one, strict=True)) | self.uniform for one in sets]
        skipped = {product for product, _ in self.fused.values()}
        for op in self.operations:
            if op.name == "arith.constant" or op in skipped:
                continue
            for values in lanes:
                for result, new in zip(op.results, self._emit_one(op, values), strict=True):
                    values[result] = new
        return [[values[value] for value in self.yielded] for values in lanes]

    def _emit_one(self, op: Any, values: dict[Any, Any]) -> list[Any]:
        if op in self.fused:
            product, addend = self.fused[op]
            lhs, rhs = (values[operand] for operand in product.operands)
            return [dialect("vector").fma(lhs, rhs, values[addend])]
        if is_table_read(op):
            return [self._looked_up(op, values)]
        attributes = {name: op.attributes[name] for name in op.attributes}
        created = ir.Operation.create(
            op.name,
            results=[self.vector_type(result.type) for result in op.results],
            operands=[values[operand] for operand in op.operands],
            attributes=attributes,
        )
        return list(created.results)

    def _looked_up(self, op: Any, values: dict[Any, Any]) -> Any:
        """The entries of a table, by permutations where registers hold it."""
        memref, index = op.operands
        if self.permutes:
            return permuted(self.tables[memref], values[index.owner.operands[0]])
        return gathered(memref, values[index], self.lanes)

    def vector_type(self, scalar: Any) -> Any:
        return ir.VectorType.get([self.lanes], scalar)

    def _broadcast(self, value: Any) -> Any:
        return dialect("vector").broadcast(self.vector_type(value.type), value)


def _products_of_fma(operations: Sequence[Any], yielded: Sequence[Any]) -> dict[Any, Any]:
    """addf op -> (mulf op, addend) for every product used by that sum alone."""
    found: dict[Any, Any] = {}
    for op in operations:
        if op.name != "arith.addf":
            continue
        for product, addend in ((op.operands[1], op.operands[0]), (op.operands[0], op.operands[1])):
            owner = product.owner
            if _is_single_use_product(owner, product, yielded):
                found[op] = (owner.operation, addend)
                break
    return found


def _is_single_use_product(owner: Any, product: Any, yielded: Sequence[Any]) -> bool:
    if isinstance(owner, ir.Block) or owner.operation.name != "arith.mulf":
        return False
    return len(list(product.uses)) == 1 and product not in yielded
