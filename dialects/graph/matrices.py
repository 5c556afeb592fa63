"""What is computed from whole matrices."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError
from .types import is_float, tensor


class Determinant(GraphOp, name="determinant", traits=[Pure]):
    """The determinant of each square matrix in the last two dimensions."""

    x: Operand[Tensor]
    y: Result[Tensor]

    @staticmethod
    def infer(x: Any) -> Any:
        if x.rank < 2 or x.shape[x.rank - 1] != x.shape[x.rank - 2]:
            raise VerifyError(f"expects square matrices, got {x}")
        if not is_float(x.element_type):
            raise VerifyError(f"expects floats, got {x}")
        return tensor(x.shape[:-2], x.element_type)
