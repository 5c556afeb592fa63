"""Decision trees."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, ir
from .types import is_float, is_integer, tensor

# Bits of a node's relation: how the element may stand to the threshold for the walk to go on at
# `yes`. LESS | EQUAL is "at most"; UNORDERED is for a NaN.
LESS, EQUAL, GREATER, UNORDERED = 1, 2, 4, 8


class TreeWalk(GraphOp, name="tree_walk", traits=[Pure]):
    """The leaf (i64) that each row of x reaches in each tree.

    A walk starts at a root; at node p it compares x[row, features[p]] with thresholds[p], and goes
    on at yes[p] if relations[p] has the bit of the outcome, else at no[p]. A place q < 0 is leaf
    -1 - q. Places and features are i32, relations i8. A walk that has not ended after as many steps
    as there are nodes (the trees have a cycle) is at leaf 0.
    """

    x: Operand[Tensor]
    features: Operand[Tensor]
    thresholds: Operand[Tensor]
    relations: Operand[Tensor]
    yes: Operand[Tensor]
    no: Operand[Tensor]
    roots: Operand[Tensor]
    y: Result[Tensor]

    @staticmethod
    def infer(
        x: Any, features: Any, thresholds: Any, relations: Any, yes: Any, no: Any, roots: Any
    ) -> Any:
        if x.rank != 2 or not is_float(x.element_type) or x.shape[1] == 0:
            raise VerifyError(f"expects rows of floats, got {x}")
        if thresholds.element_type != x.element_type:
            raise VerifyError(f"compares {x} with {thresholds}")
        for t in (features, relations, yes, no):
            if not is_integer(t.element_type) or list(t.shape) != list(thresholds.shape):
                raise VerifyError(f"expects one integer per node, got {t} for {thresholds}")
        if thresholds.rank != 1 or roots.rank != 1 or not is_integer(roots.element_type):
            raise VerifyError(f"expects vectors of nodes and roots, got {thresholds}, {roots}")
        return tensor([x.shape[0], roots.shape[0]], ir.IntegerType.get_signless(64))
