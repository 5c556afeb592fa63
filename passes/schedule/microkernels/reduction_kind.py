"""The combining operations of reductions: neutral element, pairwise form, horizontal form."""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir

# body operation -> neutral element of floats
_FLOATS = {
    "arith.addf": 0.0,
    "arith.mulf": 1.0,
    "arith.maximumf": float("-inf"),
    "arith.minimumf": float("inf"),
    # by a comparison "greater": a maximum that a NaN may or may not get through
    "arith.select": float("-inf"),
}
_GREATER = 2


def combiner_of(generic: Any) -> Any | None:
    """The operation that combines the accumulator with a new value, when it is a known one."""
    block = generic.regions[0].blocks[0]
    accumulator = block.arguments[len(block.arguments) - 1]
    terminator = block.operations[len(block.operations) - 1].operation
    users = [use.owner.operation for use in accumulator.uses]
    if len(terminator.operands) != 1 or isinstance(terminator.operands[0].owner, ir.Block):
        return None
    combiner = terminator.operands[0].owner.operation
    if combiner.name == "arith.select":
        return combiner if _is_larger_of(combiner, accumulator, users) else None
    if users != [combiner] or combiner.name not in _FLOATS:
        return None
    return combiner if combiner.operands[0] != combiner.operands[1] else None


def _is_larger_of(choice: Any, accumulator: Any, users: list[Any]) -> bool:
    """True for a > accumulator ? a : accumulator."""
    condition, value, held = choice.operands
    if held != accumulator or isinstance(condition.owner, ir.Block) or len(users) != 2:
        return False
    compared = condition.owner.operation
    return (
        compared.name == "arith.cmpf"
        and ir.IntegerAttr(compared.attributes["predicate"]).value == _GREATER
        and list(compared.operands) == [value, held]
    )


def neutral_vector(combiner: Any, vector_type: Any) -> Any:
    """A vector of the neutral element of the combiner."""
    element = ir.VectorType(vector_type).element_type
    value = ir.FloatAttr.get(element, _FLOATS[combiner.name])
    attr = ir.DenseElementsAttr.get_splat(vector_type, value)
    return dialect("arith").ConstantOp(vector_type, attr).result


def combine(combiner: Any, lhs: Any, rhs: Any) -> Any:
    """The combiner on two vectors."""
    if combiner.name == "arith.select":
        arith = dialect("arith")
        return arith.select(arith.cmpf(arith.CmpFPredicate.OGT, lhs, rhs), lhs, rhs)
    return ir.Operation.create(combiner.name, results=[lhs.type], operands=[lhs, rhs]).results[0]


def reduce_vector(combiner: Any, vector: Any) -> Any:
    """All lanes of a vector combined: the upper half onto the lower, until one is left.

    LLVM's own reduction is a chain for some kinds, and has no kind for a selection.
    """
    vectors, (width,) = dialect("vector"), ir.VectorType(vector.type).shape
    while width > 1:
        lower, upper = list(range(width // 2)), list(range(width // 2, width))
        halves = [vectors.shuffle(vector, vector, lanes) for lanes in (lower, upper)]
        vector, width = combine(combiner, *halves), width // 2
    return vectors.extract(vector, [], [0])
