"""Turn every graph op and group of @main and @prepare into a call of a private kernel function.

Why: kernels are what is lowered, scheduled and compiled; equal ones are merged here, while they are
still graph ops and small. The public function keeps views (`graph.reshape`), buffers
(`tensor.empty`) and calls. Both become destination-passing.

    %1 = "graph.relu"(%0)  ->  %e = tensor.empty; %1 = call @relu_4_1a2b3c4d(%0, %e)
"""

from __future__ import annotations

import hashlib
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.structure import is_constant
from aicc.dialects.graph.work import Work, bytes_of, flops_of
from aicc.passes.registry import register_pass
from aicc.passes.signature import (
    argument_attrs,
    functions_of,
    is_kernel,
    result_attrs,
    set_argument_attrs,
)

from .outline_control import add_destinations

VIEWS = ("graph.reshape",)
CLASSES = {
    "graph.attention": "attention",
    "graph.conv": "conv",
    "graph.conv_transpose": "conv",
    "graph.winograd_conv": "winograd",
    "graph.matmul": "matmul",
    "graph.max_pool": "pooling",
    "graph.max_pool_indices": "pooling",
    "graph.average_pool": "pooling",
    "graph.softmax": "rows",
    "graph.layer_norm": "rows",
    "graph.instance_norm": "rows",
    "graph.gru": "recurrent",
    "graph.lstm": "recurrent",
    "graph.rnn": "recurrent",
}
# Ops that say nothing of how a kernel computes.
NEUTRAL = ("graph.yield", "graph.constant")
MOVEMENT = (
    "transpose",
    "expand",
    "slice",
    "concat",
    "pad",
    "gather",
    "scatter",
    "layout_cast",
    "reverse_sequence",
    "top_k",
)


@register_pass("outline-kernels")
def run(module: Any) -> None:
    """Outline graph ops into private kernel functions, equal ones once."""
    body = module.regions[0].blocks[0]
    publics = [
        op
        for op in body.operations
        if op.operation.name == "func.func" and "sym_visibility" not in op.operation.attributes
    ]
    for function in functions_of(module):
        if is_kernel(function):
            add_destinations(function)
    outliner = _Outliner(body)
    for function in publics:
        if "aicc.outlined" not in function.operation.attributes:
            outliner.outline(function)


class _Outliner:
    """Kernel functions made so far, by their text."""

    def __init__(self, body: Any) -> None:
        self.body = body
        self.kernels: dict[str, str] = {}

    def outline(self, function: Any) -> None:
        """Rebuild one public function as calls."""
        func = dialect("func")
        old = function.operation.regions[0].blocks[0]
        ops = [op.operation for op in old.operations]
        returned = list(ops[-1].operands)
        types = [a.type for a in old.arguments]
        results = [v.type for v in returned]
        with ir.InsertionPoint(function), function.location:
            new = func.FuncOp(function.name.value, ([*types, *results], results))
            for name in function.operation.attributes:
                if name != "function_type":
                    new.operation.attributes[name] = function.operation.attributes[name]
            new.operation.attributes["aicc.outlined"] = ir.UnitAttr.get()
            locations = [a.location for a in old.arguments] + [v.location for v in returned]
            block = new.add_entry_block(locations)
        self.set_argument_attributes(function, new)
        env: dict[Any, Any] = dict(zip(old.arguments, block.arguments, strict=False))
        outs = list(block.arguments)[len(types) :]
        destinations = _direct_destinations(returned, outs)
        with ir.InsertionPoint(block):
            for op in ops[:-1]:
                self.outline_op(op, env, destinations)
            with ops[-1].location:
                values = [
                    self.returned_value(v, env, out, destinations)
                    for v, out in zip(returned, outs, strict=True)
                ]
                func.ReturnOp(values)
        function.operation.erase()

    def set_argument_attributes(self, old: Any, new: Any) -> None:
        """Inputs read-only, outputs writable and named."""
        read = {"bufferization.writable": ir.BoolAttr.get(False)}
        write = {"bufferization.writable": ir.BoolAttr.get(True)}
        attrs = [given | read for given in argument_attrs(old)]
        attrs += [named | write for named in result_attrs(old)]
        for entries, type_ in zip(attrs, new.type.inputs, strict=True):
            entries["aicc.type"] = ir.TypeAttr.get(type_.element_type)
        set_argument_attrs(new, attrs)

    def outline_op(self, op: Any, env: dict[Any, Any], destinations: dict[Any, Any]) -> None:
        """One op of the old body: a constant is left to its users, a view copied, a rest called."""
        if op.name == "graph.constant":
            return
        if op.name in VIEWS and not is_constant(op.operands[0]):
            source = env[op.operands[0]]
            with op.location:
                view = ir.Operation.create(
                    op.name,
                    results=[r.type for r in op.results],
                    operands=[source],
                    attributes={n: op.attributes[n] for n in op.attributes},
                )
            env[op.results[0]] = view.results[0]
            return
        if all(0 in r.type.shape for r in op.results):
            self.leave_empty(op, env)
            return
        outs = [destinations.get(r) for r in op.results]
        called = self.call_control if op.name == "func.call" else self.call
        for old, new in zip(op.results, called([op], op.results, env, outs), strict=True):
            env[old] = new

    def call_control(
        self, ops: list[Any], results: Any, env: dict[Any, Any], outs: list[Any]
    ) -> list[Any]:
        """The call of an If or Loop, with destinations; constants among the operands are made."""
        read = [
            env[v] if v in env else self.call([v.owner], [v], env, [None])[0]
            for v in ops[0].operands
        ]
        with ops[0].location:
            targets = _destinations(results, outs)
            name = ops[0].attributes["callee"].value
            return _call(name, [*read, *targets], [r.type for r in results])

    def leave_empty(self, op: Any, env: dict[Any, Any]) -> None:
        """Results without elements need no kernel."""
        for r in op.results:
            shape, element = list(r.type.shape), r.type.element_type
            env[r] = dialect("tensor").EmptyOp(shape, element).result

    def returned_value(
        self, value: Any, env: dict[Any, Any], out: Any, destinations: dict[Any, Any]
    ) -> Any:
        """The value in its out argument; what no kernel wrote there is copied."""
        if 0 in value.type.shape:
            return out
        if value in destinations and destinations[value] == out:
            return env[value]
        if is_constant(value):
            return self.call([value.owner], [value], env, [out])[0]
        return self.copy(env[value], out)

    def copy(self, value: Any, out: Any) -> Any:
        """A call of the copying kernel of the value's type."""
        name = self.kernel_for([], [value], [value], {})
        return _call(name, [value, out], [value.type])[0]

    def call(self, ops: list[Any], results: Any, env: dict[Any, Any], outs: list[Any]) -> list[Any]:
        """Call the kernel made of `ops`, into `outs` or into fresh buffers."""
        read = [v for op in ops for v in values_read(op)]
        inputs = list(dict.fromkeys(v for v in read if not is_constant(v)))
        constants = {v: v.owner for v in read if is_constant(v)}
        name = self.kernel_for(ops, inputs, list(results), constants)
        with ops[0].location:
            targets = _destinations(results, outs)
            return _call(name, [*[env[v] for v in inputs], *targets], [r.type for r in results])

    def kernel_for(
        self, ops: list[Any], inputs: list[Any], results: list[Any], constants: dict[Any, Any]
    ) -> str:
        """Name of the private function that computes `results`; made unless an equal one exists."""
        func = dialect("func")
        ins, outs = [v.type for v in inputs], [r.type for r in results]
        kind = kernel_class(ops)
        location = ops[0].location if ops else ir.Location.unknown()
        with ir.InsertionPoint(self.body), location:
            function = func.FuncOp("kernel", ([*ins, *outs], outs), visibility="private")
            block = function.add_entry_block()
            flags = [False] * len(ins) + [True] * len(outs)
            set_argument_attrs(
                function, [{"bufferization.writable": ir.BoolAttr.get(f)} for f in flags]
            )
            function.operation.attributes["aicc.kernel"] = ir.StringAttr.get(kind)
        env = dict(zip(inputs, block.arguments, strict=False))
        with ir.InsertionPoint(block):
            _clone_body(ops, constants, env)
            with location:
                func.ReturnOp([env[r] for r in results])
        text = function.operation.get_asm(enable_debug_info=False, assume_verified=True)
        if text not in self.kernels:
            digest = hashlib.sha256(text.encode()).hexdigest()[:8]
            shape = "x".join(str(d) for d in outs[0].shape) or "scalar"
            self.kernels[text] = f"{kind}_{shape}_{digest}"
            function.operation.attributes["sym_name"] = ir.StringAttr.get(self.kernels[text])
            work = Work(sum(flops_of(op) for op in ops), bytes_of([*inputs, *results]))
            function.operation.attributes["aicc.work"] = _work_attr(work)
        else:
            function.operation.erase()
        return self.kernels[text]


def values_read(op: Any) -> list[Any]:
    """Operands of an op; of a group, the values that its region reads from around it."""
    if op.name != "graph.group":
        return list(op.operands)
    nested = [o.operation for o in op.regions[0].blocks[0].operations]
    made = {r for o in nested for r in o.results}
    return [v for o in nested for v in o.operands if v not in made]


def _work_attr(work: Work) -> Any:
    """What a roofline needs to know of a kernel: {flops, bytes} of one call."""
    i64 = ir.IntegerType.get_signless(64)
    return ir.DictAttr.get(
        {
            "flops": ir.IntegerAttr.get(i64, work.flops),
            "bytes": ir.IntegerAttr.get(i64, work.bytes),
        }
    )


def _clone_body(ops: list[Any], constants: dict[Any, Any], env: dict[Any, Any]) -> None:
    """Clone constants and ops (a group by its contents) at the insertion point."""
    for value, owner in constants.items():
        env[value] = owner.clone().results[0]
    for op in ops:
        if op.name != "graph.group":
            if op.name == "graph.constant":
                env[op.results[0]] = op.clone().results[0]
                continue
            _clone(op, env)
            continue
        for nested in op.regions[0].blocks[0].operations:
            if nested.operation.name == "graph.yield":
                for result, value in zip(op.results, nested.operation.operands, strict=True):
                    env[result] = env[value]
            else:
                _clone(nested.operation, env)


def _clone(op: Any, env: dict[Any, Any]) -> None:
    new = op.clone()
    for i, operand in enumerate(op.operands):
        new.operands[i] = env[operand]
    for old, result in zip(op.results, new.results, strict=True):
        env[old] = result


def _destinations(results: Any, outs: list[Any]) -> list[Any]:
    """A tensor for each result: the given one, or a fresh one."""
    tensor = dialect("tensor")
    return [
        out if out is not None else tensor.EmptyOp(list(r.type.shape), r.type.element_type).result
        for r, out in zip(results, outs, strict=True)
    ]


def _call(name: str, operands: list[Any], types: list[Any]) -> list[Any]:
    return list(dialect("func").CallOp(types, name, operands).operation.results)


def _direct_destinations(returned: list[Any], outs: list[Any]) -> dict[Any, Any]:
    """Returned values that a kernel can write straight into their out argument."""
    chosen: dict[Any, Any] = {}
    for value, out in zip(returned, outs, strict=True):
        owner = value.owner
        if isinstance(owner, ir.Block) or owner.name in (*VIEWS, "graph.constant"):
            continue
        chosen.setdefault(value, out)
    return chosen


def kernel_class(ops: list[Any]) -> str:
    """Class of the most demanding op: it decides how the kernel is scheduled."""
    names = []
    for op in ops:
        inner = op.regions[0].blocks[0].operations if op.name == "graph.group" else [op]
        names += [o.operation.name for o in inner if o.operation.name not in NEUTRAL]
    for name in names:
        if name in CLASSES:
            return CLASSES[name]
    if any(n.startswith(("graph.reduce_", "graph.arg_")) for n in names):
        return "reduction"
    if not names or all(n.removeprefix("graph.").startswith(MOVEMENT) for n in names):
        return "data_movement"
    return "elementwise"
