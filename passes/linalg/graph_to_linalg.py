"""Lower every graph op to linalg on signless tensors, destination-passing.

Why here: this is the border between what a model says and how it is computed. Each function is
built anew with signless types; its writable arguments take its results.

    func.func private @relu(%x: tensor<4xui8>, %out: tensor<4xui8> {bufferization.writable = true})
    -> %r = linalg.generic .. tensor<4xi8>; bufferization.materialize_in_destination %r in %out
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import PassFailure, register_pass
from aicc.passes.signature import functions_of, is_kernel

from .lowering import Builder, rule_of, signless


@register_pass("graph-to-linalg")
def run(module: Any) -> None:
    """Lower graph ops to linalg, tensor, arith and math on signless tensors."""
    builder = Builder("aicc.strict_fp" in module.operation.attributes)
    for function in functions_of(module):
        if not _is_lowered(function):
            _lower_function(builder, function)


def _is_lowered(function: Any) -> bool:
    """True if a kernel writes its destinations, a public function has no graph op and no uiN."""
    block = function.operation.regions[0].blocks[0]
    ops = [op.operation for op in block.operations]
    if is_kernel(function):
        return any(op.name == "bufferization.materialize_in_destination" for op in ops)
    values = [*block.arguments, *(r for op in ops for r in op.results)]
    types = [v.type for v in values if isinstance(v.type, ir.RankedTensorType)]
    has_graph_op = any(op.name.startswith("graph.") for op in ops)
    return not has_graph_op and all(signless(t) == t for t in types)


def _lower_function(b: Builder, function: Any) -> None:
    """Build the lowered function before the old one, then drop the old one."""
    func = dialect("func")
    old = function.operation.regions[0].blocks[0]
    types = [signless(a.type) for a in old.arguments]
    results = [signless(t) for t in function.type.results]
    attributes = {n: function.operation.attributes[n] for n in function.operation.attributes}
    with ir.InsertionPoint(function), function.location:
        lowered = func.FuncOp(function.name.value, (types, results))
        for name, attr in attributes.items():
            if name != "function_type":
                lowered.operation.attributes[name] = attr
        block = lowered.add_entry_block([a.location for a in old.arguments])
    env = dict(zip(old.arguments, block.arguments, strict=True))
    with ir.InsertionPoint(block):
        for op in old.operations:
            _lower_op(b, op.operation, env, _destinations(lowered, block))
    function.operation.erase()


def _destinations(function: Any, block: Any) -> list[Any]:
    """Writable arguments of a kernel; @main and @prepare hand theirs to kernels already."""
    if "sym_visibility" not in function.operation.attributes:
        return []
    attrs = function.arg_attrs
    return [
        block.arguments[i]
        for i in range(len(block.arguments))
        if "bufferization.writable" in attrs[i] and attrs[i]["bufferization.writable"].value
    ]


def _lower_op(b: Builder, op: Any, env: dict[Any, Any], destinations: list[Any]) -> None:
    with op.location:
        if op.name == "func.return":
            _return(op, env, destinations)
            return
        if len(op.regions) and op.name.startswith("graph."):
            results = _copy_control(op, env)
        elif op.name.startswith("graph."):
            results = _lower_graph_op(b, op, env)
        else:
            results = _copy(op, env)
    for old, new in zip(op.results, results, strict=True):
        if signless(old.type) != new.type:
            raise PassFailure(f"{op.name}: lowered to {new.type}, expected {old.type}")
        env[old] = new


def _lower_graph_op(b: Builder, op: Any, env: dict[Any, Any]) -> list[Any]:
    rule = rule_of(op.name)
    if rule is None:
        raise PassFailure(f"op {op.name} at {op.location} has no lowering")

    def lowered(group: Any) -> Any:
        if isinstance(group, list):
            return [env[v] for v in group]
        return None if group is None else env[group]

    results = rule(b, op.opview, *[lowered(g) for g in op.opview.operand_groups()])
    return list(results) if isinstance(results, (list, tuple)) else [results]


def _return(op: Any, env: dict[Any, Any], destinations: list[Any]) -> None:
    """Results go into the destinations, where there are any."""
    func, bufferization = dialect("func"), dialect("bufferization")
    values = [env[v] for v in op.operands]
    for i, target in enumerate(destinations):
        values[i] = bufferization.MaterializeInDestinationOp(
            values[i].type, values[i], target
        ).result
    func.ReturnOp(values)


def _copy(op: Any, env: dict[Any, Any]) -> list[Any]:
    """func.call, tensor.empty: the same op on lowered values."""
    new = ir.Operation.create(
        op.name,
        results=[signless(r.type) for r in op.results],
        operands=[env[v] for v in op.operands],
        attributes={n: op.attributes[n] for n in op.attributes},
    )
    return list(new.results)


def _copy_control(op: Any, env: dict[Any, Any]) -> list[Any]:
    """An If or Loop around calls: `lower-control-flow` takes it, after all that works on tensors.

    The regions hold calls, their destinations, and constant conditions.
    """
    new = ir.Operation.create(
        op.name,
        results=[signless(r.type) for r in op.results],
        operands=[env[v] for v in op.operands],
        attributes={n: op.attributes[n] for n in op.attributes},
        regions=len(op.regions),
    )
    for region, target in zip(op.regions, new.regions, strict=True):
        old = region.blocks[0]
        types = [signless(a.type) for a in old.arguments]
        block = target.blocks.append(*types, arg_locs=[a.location for a in old.arguments])
        inner = env | dict(zip(old.arguments, block.arguments, strict=True))
        with ir.InsertionPoint(block):
            for view in old.operations:
                results = _copy(view.operation, inner)
                inner |= dict(zip(view.operation.results, results, strict=True))
    return list(new.results)
