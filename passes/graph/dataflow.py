"""Where values of a graph function come from and go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph import OPS
from aicc.dialects.graph.base import Pure
from aicc.passes.signature import functions_of, is_kernel


def graph_functions(module: Any) -> list[Any]:
    """The public functions: @main, and @prepare once there is one."""
    return [f for f in functions_of(module) if not is_kernel(f)]


def body_of(function: Any) -> Any:
    """The only block of a function."""
    return function.operation.regions[0].blocks[0]


def ops_of(block: Any) -> list[Any]:
    """The operations of a block, collected so that the block may be changed."""
    return [op.operation for op in block.operations]


def definition(value: Any) -> Any:
    """The operation that defines a value, None for a block argument."""
    owner = value.owner
    return None if isinstance(owner, ir.Block) else owner.operation


def source_if(value: Any, name: str) -> Any:
    """The op that defines `value` if it is a `name`, else None."""
    op = definition(value)
    return op if op is not None and op.name == name else None


def uncast(value: Any, types: Collection[str]) -> Any:
    """What a chain of casts to these element types starts from."""
    while str(value.type.element_type) in types:
        cast = source_if(value, "graph.cast")
        if cast is None:
            break
        value = cast.operands[0]
    return value


def is_read_once(value: Any) -> bool:
    """True if exactly one operand in the function is `value`."""
    uses = iter(value.uses)
    return next(uses, None) is not None and next(uses, None) is None


def users_of(op: Any) -> list[Any]:
    """The operations that read a result of `op`, one entry per use."""
    return [use.owner.operation for result in op.results for use in result.uses]


def is_used(op: Any) -> bool:
    """True if some result of `op` is read."""
    return any(next(iter(result.uses), None) is not None for result in op.results)


def inline_array(value: Any) -> Any:
    """The numpy array of an inline constant, None for any other value."""
    op = definition(value)
    return op.opview.array() if op is not None and op.name == "graph.constant" else None


def is_pure(op: Any) -> bool:
    """True for graph ops without effects: they may be moved, merged and dropped."""
    cls = OPS.get(op.name)
    return cls is not None and Pure in cls._traits


def replace(op: Any, values: Iterable[Any]) -> None:
    """Give the uses of the results to `values` and erase `op`."""
    for result, value in zip(op.results, values, strict=True):
        result.replace_all_uses_with(value)
    op.erase()


def erase_dead(block: Any) -> None:
    """Erase the pure ops of a block that nothing reads."""
    for op in reversed(ops_of(block)):
        if is_pure(op) and not is_used(op):
            op.erase()
