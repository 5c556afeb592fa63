"""Loads and stores of one vector of lanes, masked at the ragged end of a dimension."""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir


class LaneMemory:
    """Emits the loads, stores and masks of vectors of `lanes` elements."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.masks: dict[int, Any] = {}

    def prepare(self, active: int) -> None:
        """Make the mask of the first `active` lanes at the insertion point."""
        if active == self.lanes or active in self.masks:
            return
        mask_type = ir.VectorType.get([self.lanes], ir.IntegerType.get_signless(1))
        bits = [ir.BoolAttr.get(lane < active) for lane in range(self.lanes)]
        attr = ir.DenseElementsAttr.get(bits, mask_type)
        self.masks[active] = dialect("arith").ConstantOp(mask_type, attr).result

    def load(self, memref: Any, indices: list[Any], active: int) -> Any:
        vector = dialect("vector")
        element = ir.MemRefType(memref.type).element_type
        result = ir.VectorType.get([self.lanes], element)
        if is_packed_in_vectors(element):
            return self._load_each(memref, indices, active, result)
        if active == self.lanes:
            return vector.load(result, memref, indices)
        return vector.maskedload(result, memref, indices, self.masks[active], zero_splat(result))

    def store(self, value: Any, memref: Any, indices: list[Any], active: int) -> None:
        vector = dialect("vector")
        if is_packed_in_vectors(ir.MemRefType(memref.type).element_type):
            self._store_each(value, memref, indices, active)
        elif active == self.lanes:
            vector.store(value, memref, indices)
        else:
            vector.maskedstore(memref, indices, self.masks[active], value)

    def _load_each(self, memref: Any, indices: list[Any], active: int, result: Any) -> Any:
        """A vector of elements loaded one by one; 0 in the lanes beyond."""
        load = dialect("memref").load
        scalars = [load(memref, _shifted(indices, lane)) for lane in range(active)]
        element = ir.VectorType(result).element_type
        zero = dialect("arith").ConstantOp(element, ir.IntegerAttr.get(element, 0)).result
        rest = [zero] * (self.lanes - active)
        return dialect("vector").FromElementsOp(result, [*scalars, *rest]).result

    def _store_each(self, value: Any, memref: Any, indices: list[Any], active: int) -> None:
        for lane in range(active):
            scalar = dialect("vector").extract(value, [], [lane])
            dialect("memref").store(scalar, memref, _shifted(indices, lane))

    def splat(self, memref: Any, indices: list[Any]) -> Any:
        scalar = dialect("memref").load(memref, indices)
        return self.broadcast(scalar)

    def broadcast(self, scalar: Any) -> Any:
        return dialect("vector").broadcast(ir.VectorType.get([self.lanes], scalar.type), scalar)


def is_packed_in_vectors(element: Any) -> bool:
    """True for i1 and the like: a byte each in memory, but bits side by side in a vector."""
    return isinstance(element, ir.IntegerType) and element.width < 8


def _shifted(indices: list[Any], lane: int) -> list[Any]:
    arith = dialect("arith")
    index = ir.IndexType.get()
    step = arith.ConstantOp(index, ir.IntegerAttr.get(index, lane)).result
    return [*indices[:-1], arith.addi(indices[-1], step)]


def zero_splat(vector_type: Any) -> Any:
    """A vector constant of zeros (float or integer)."""
    element = ir.VectorType(vector_type).element_type
    is_float = isinstance(element, ir.FloatType)
    zero = ir.FloatAttr.get(element, 0.0) if is_float else ir.IntegerAttr.get(element, 0)
    attr = ir.DenseElementsAttr.get_splat(vector_type, zero)
    return dialect("arith").ConstantOp(vector_type, attr).result
