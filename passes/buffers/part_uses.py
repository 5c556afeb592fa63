"""Who touches a buffer of a public function: calls of kernels, through reshapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir

from .views import WHOLE_VIEWS, is_identity


@dataclass(frozen=True)
class Use:
    """Operand `number` of a call: the buffer, or `value`, a reshape of it."""

    call: Any
    number: int
    value: Any


def uses_of(root: Any) -> list[Use] | None:
    """All uses of a buffer; None if there are others than calls (and returning it).

    Calls inside of branches and loops count as others.
    """
    block = root.owner if root_is_argument(root) else root.owner.operation.block
    found: list[Use] = []
    values = [root]
    while values:
        value = values.pop()
        if not is_identity(value.type):
            return None
        for use in value.uses:
            op = use.owner.operation
            if op.name in WHOLE_VIEWS:
                values.append(op.results[0])
            elif op.name == "func.call" and op.block == block and not list(op.results):
                found.append(Use(op, use.operand_number, value))
            elif op.name != "func.return" or not root_is_argument(root):
                return None
    return found


def root_is_argument(root: Any) -> bool:
    """True for the inputs and outputs of the model."""
    return isinstance(root.owner, ir.Block)
