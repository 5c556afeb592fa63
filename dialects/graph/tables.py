"""Functions of a byte as tables of their 256 values."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, elements
from .types import tensor

ENTRIES = 256
BYTES = ("i8", "ui8")


class Lookup(GraphOp, name="lookup", traits=[Pure]):
    """y[i] = table[x[i]] on 8-bit integers; x counts from 0, a negative one as x + 256.

    The table takes no more room than the largest constants that stand in the IR.
    """

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"table": elements()}

    @staticmethod
    def infer(x: Any, *, table: Any) -> Any:
        element = table.type.element_type
        if str(x.element_type) not in BYTES or str(element) not in BYTES:
            raise VerifyError(f"looks up bytes by bytes, got {x.element_type} and {element}")
        if list(table.type.shape) != [ENTRIES]:
            raise VerifyError(f"expects a table of {ENTRIES} elements, got {table.type}")
        return tensor(x.shape, element)
