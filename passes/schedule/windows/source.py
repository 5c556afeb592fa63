"""Where a window kernel on tensors finds its image, its padding and its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir
from aicc.passes.schedule.microkernels.vector_body import is_vectorisable

# A fold of the window's elements that padding equal to its start leaves as it is.
FOLDS = ("arith.maximumf", "arith.minimumf", "arith.addf")


@dataclass(frozen=True)
class Source:
    """The image's shape, rows and columns of padding before it, positions of the arguments, and the
    number that a sum starts with."""

    shape: tuple[int, ...]
    top: int
    left: int
    image: int
    weights: int  # -1: none
    start: float


def source_of(op: Any, row: int = 1) -> Source | None:
    """The operands of a window over an image of f32; None where the kernel could not read them.

    Padding has to be neutral: what the window does with it may be left out. `row`: the dimension of
    the image that counts rows, the next one counts columns.
    """
    image, weights = (_unexpanded(v) if row > 1 else v for v in list(op.operands)[:2])
    low, start = [0, 0, 0, 0], _start(op)
    if op.name != "linalg.generic" or start is None:
        return None
    if _is_made_by(image, "tensor.pad"):
        pad = image.owner.operation
        low = list(ir.DenseI64ArrayAttr(pad.attributes["static_low"]))
        high = list(ir.DenseI64ArrayAttr(pad.attributes["static_high"]))
        if not _is_neutral(op, _padding(pad), start) or min(*low, *high) < 0:
            return None
        if any(low[i] or high[i] for i in range(4) if i not in (row, row + 1)):
            return None
        image = pad.operands[0]
    number = _weights(op, weights)
    if number is None or not _is_argument(op, image) or image.type.rank != 4:
        return None
    if not isinstance(image.type.element_type, ir.F32Type):
        return None
    top, left = low[row], low[row + 1]
    return Source(tuple(image.type.shape), top, left, _number(image), number, start)


def _weights(op: Any, weights: Any) -> int | None:
    """The argument that holds the weights, -1 for a fold without any; None: neither."""
    body = op.regions[0].blocks[0]
    if len(op.operands) != 3 or not is_vectorisable(body):
        return None
    if not list(body.arguments[1].uses):
        return -1
    return _number(weights) if _is_argument(op, weights) else None


def _unexpanded(value: Any) -> Any:
    """What a view with more dimensions shows."""
    is_view = _is_made_by(value, "tensor.expand_shape")
    return value.owner.operation.operands[0] if is_view else value


def _is_neutral(op: Any, padding: float | None, start: float) -> bool:
    """Whether a tap that reads the padding changes nothing."""
    steps = [step.operation for step in op.regions[0].blocks[0].operations][:-1]
    names = [step.name for step in steps]
    if names == ["arith.mulf", "arith.addf"]:
        return padding == 0.0
    return len(names) == 1 and names[0] in FOLDS and padding == start


def _padding(pad: Any) -> float | None:
    block = pad.regions[0].blocks[0]
    return _number_of(block.operations[len(block.operations) - 1].operands[0])


def _start(op: Any) -> float | None:
    init = op.operands[2]
    if not _is_made_by(init, "linalg.fill"):
        return None
    return _number_of(init.owner.operation.operands[0])


def _number_of(value: Any) -> float | None:
    if not _is_made_by(value, "arith.constant"):
        return None
    attr = value.owner.operation.attributes["value"]
    return attr.value if isinstance(attr, ir.FloatAttr) else None


def _is_made_by(value: Any, name: str) -> bool:
    return not isinstance(value.owner, ir.Block) and value.owner.operation.name == name


def _is_argument(op: Any, value: Any) -> bool:
    return isinstance(value.owner, ir.Block) and value.owner == op.block


def _number(argument: Any) -> int:
    return ir.BlockArgument(argument).arg_number
