"""The combining operations of reductions: neutral element, pairwise form, horizontal form."""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir

# body operation -> (vector.reduction kind, neutral element of floats as text)
_FLOATS = {
    "arith.addf": ("add", "0.0"),
    "arith.mulf": ("mul", "1.0"),
    "arith.maximumf": ("maximumf", "-inf"),
    "arith.minimumf": ("minimumf", "inf"),
}


def combiner_of(generic: Any) -> Any | None:
    """The operation that combines the accumulator with a new value, when it is a known one."""
    block = generic.regions[0].blocks[0]
    accumulator = block.arguments[len(block.arguments) - 1]
    terminator = block.operations[len(block.operations) - 1].operation
    users = [use.owner.operation for use in accumulator.uses]
    if len(users) != 1 or users[0].name not in _FLOATS or len(terminator.operands) != 1:
        return None
    is_last = terminator.operands[0].owner == users[0]
    return users[0] if is_last and users[0].operands[0] != users[0].operands[1] else None


def neutral_vector(combiner: Any, vector_type: Any) -> Any:
    """A vector of the neutral element of the combiner."""
    element = ir.VectorType(vector_type).element_type
    value = ir.FloatAttr.get(element, float(_FLOATS[combiner.name][1]))
    attr = ir.DenseElementsAttr.get_splat(vector_type, value)
    return dialect("arith").ConstantOp(vector_type, attr).result


def combine(combiner: Any, lhs: Any, rhs: Any) -> Any:
    """The combiner on two vectors."""
    return ir.Operation.create(combiner.name, results=[lhs.type], operands=[lhs, rhs]).results[0]


def reduce_vector(combiner: Any, vector: Any) -> Any:
    """All lanes of a vector combined, as a tree (`reassoc`: LLVM's plain form is a chain)."""
    kind = _FLOATS[combiner.name][0]
    element = ir.VectorType(vector.type).element_type
    attributes = {
        "kind": ir.Attribute.parse(f"#vector.kind<{kind}>"),
        "fastmath": ir.Attribute.parse("#arith.fastmath<reassoc>"),
    }
    return ir.Operation.create(
        "vector.reduction", results=[element], operands=[vector], attributes=attributes
    ).results[0]
