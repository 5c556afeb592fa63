"""Make a kernel's last operation write straight into the kernel's destination argument.

Why: a `tensor.empty` copied into `%out` at the end would be a temporary of the result's size and
one more pass over memory. One-shot bufferisation removes it only for a plain copy; here the
reshapes between the two are turned round.

    %e = tensor.empty                              %d = tensor.expand_shape %out
    %r = linalg.generic outs(%e)                   %r = linalg.generic outs(%d)
    %c = tensor.collapse_shape %r             ->   %c = tensor.collapse_shape %r
    %m = materialize_in_destination %c in %out     return %c
    return %m
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir

_INVERSE = {
    "tensor.collapse_shape": "tensor.expand_shape",
    "tensor.expand_shape": "tensor.collapse_shape",
}


def bind_destination(root: Any) -> bool:
    """Rewire `root`'s outs to the destination its result ends in; False when it cannot be done."""
    reshapes, materialize = _way_to_destination(root)
    init = _empty_behind(root)
    if materialize is None or init is None:
        return False
    writer, slot = init
    with ir.InsertionPoint(materialize.block.operations[0]), materialize.location:
        view = materialize.operands[1]
        for reshape in reversed(reshapes):
            view = _turn_round(reshape, view)
    writer.operands[slot] = view
    for result in materialize.results:
        result.replace_all_uses_with(materialize.operands[0])
    materialize.erase()
    return True


def is_in_argument(value: Any) -> bool:
    """True for an argument of the function, under whatever shape."""
    while not isinstance(value.owner, ir.Block) and value.owner.name in _INVERSE:
        value = value.owner.operands[0]
    return isinstance(value.owner, ir.Block)


def _way_to_destination(root: Any) -> tuple[list[Any], Any]:
    reshapes: list[Any] = []
    value = root.results[0]
    while True:
        users = [use.owner.operation for use in value.uses]
        if len(users) != 1:
            return [], None
        user = users[0]
        if user.name == "bufferization.materialize_in_destination":
            is_argument = isinstance(user.operands[1].owner, ir.Block)
            return (reshapes, user) if is_argument and user.operands[0] == value else ([], None)
        if user.name not in _INVERSE:
            return [], None
        reshapes.append(user)
        value = user.results[0]


def _empty_behind(root: Any) -> tuple[Any, int] | None:
    """(operation, operand) whose destination is a tensor.empty of this chain alone."""
    op = root
    while True:
        slot = len(op.operands) - 1
        owner = op.operands[slot].owner
        if isinstance(owner, ir.Block):
            return None
        owner = owner.operation
        if owner.name == "tensor.empty":
            return op, slot
        single = op is root or len(list(op.operands[slot].uses)) == 1
        if owner.name not in ("linalg.fill", "linalg.generic") or not single:
            return None
        if len(owner.results) != 1:
            return None
        op = owner


def _turn_round(reshape: Any, view: Any) -> Any:
    source = reshape.operands[0].type
    attributes = {"reassociation": reshape.attributes["reassociation"]}
    name = _INVERSE[reshape.name]
    if name == "tensor.expand_shape":
        attributes["static_output_shape"] = ir.DenseI64ArrayAttr.get(list(source.shape))
    return ir.Operation.create(
        name, results=[source], operands=[view], attributes=attributes
    ).results[0]


def reuse_input(tile: Any) -> None:
    """Let an element-wise tile work in place in the destination of its producer.

    Softmax divides the exponentials it has just written: with both in the same row of the result
    there is no temporary row.
    """
    maps = [attr.value for attr in ir.ArrayAttr(tile.attributes["indexing_maps"])]
    slot = len(tile.operands) - 1
    target = tile.operands[slot]
    is_read = list(tile.regions[0].blocks[0].arguments[slot].uses)
    if is_read or any("reduction" in str(k) for k in tile.attributes["iterator_types"]):
        return
    for affine_map, value in zip(maps[:-1], list(tile.operands)[:slot], strict=True):
        producer = _elementwise_temporary(value, tile)
        if producer and value.type == target.type and affine_map == maps[-1]:
            if _move_up(target, producer):
                producer.operands[len(producer.operands) - 1] = target
                tile.operands[slot] = value
            return


def _elementwise_temporary(value: Any, tile: Any) -> Any | None:
    """The element-wise producer of `value` in the tile's block that writes to a tensor.empty."""
    if isinstance(value.owner, ir.Block) or value.owner.operation.block != tile.block:
        return None
    op = value.owner.operation
    if op.name != "linalg.generic" or len(op.results) != 1:
        return None
    init = op.operands[len(op.operands) - 1].owner
    is_empty = not isinstance(init, ir.Block) and init.operation.name == "tensor.empty"
    kinds = op.attributes["iterator_types"]
    return op if is_empty and not any("reduction" in str(kind) for kind in kinds) else None


def _move_up(target: Any, before: Any) -> bool:
    """Make the slice `target` available at `before`; False when its own operands are not."""
    if isinstance(target.owner, ir.Block):
        return True
    op = target.owner.operation
    inner = [v for v in op.operands if not isinstance(v.owner, ir.Block)]
    if op.name != "tensor.extract_slice":
        return False
    if any(value.owner.operation.block == op.block for value in inner):
        return False
    op.move_before(before)
    return True
