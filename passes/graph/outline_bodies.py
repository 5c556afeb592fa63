"""Give every body of an If or Loop a function of its own, and the op a kernel that calls it.

Why: all passes work on straight functions. A body becomes a public function like @main, with the
values that it reads from around it as arguments, and is optimised, outlined and given an arena as
@main is; what is left of the op is a private function, one kernel among others.

    %1 = loop(%n, %go, %h) ({              @main:          %1 = call @loop_0(%n, %go, %h, %w)
    ^bb(%i, %c, %v):                       @loop_0:        loop(%n, %go, %h) ({
      %2 = matmul(%v, %w)             ->                     %2 = call @loop_0_body(%v, %w)
      region_yield(%c, %2) })                                region_yield(%c, %2) })
                                           @loop_0_body:   %2 = matmul(%v, %w); return %2

Constants come along into the functions that read them. A value that a loop carries on as it is, and
a condition that is constant, are no matter of the body. What does not change from one iteration to
the next is computed before the loop (`scanned_products.py`, too). A scan becomes a loop first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.structure import is_constant
from aicc.passes.registry import register_pass
from aicc.passes.signature import BODY, CONTROL, functions_of

from .dataflow import body_of, erase_dead, graph_functions, is_pure, is_used, ops_of, replace
from .values.scan_loop import as_loop, is_scan
from .values.scanned_products import hoist_products

BODIES = {"graph.if": ("then", "else"), "graph.loop": ("body",)}
# What stays inside: it would only take memory, or reads where a loop that never runs may not.
STAY = ("graph.expand", "graph.gather", "graph.gather_elements", "graph.gather_nd")


@register_pass("outline-bodies")
def run(module: Any, *, hoist: bool = True) -> None:
    """Outline the bodies of control flow, outer ones first; `hoist` what needs no iteration."""
    waiting = graph_functions(module)
    while waiting:
        function = waiting.pop()
        for op in _control_flow_of(function):
            if hoist and op.name == "graph.loop":
                _move_invariant_ops(op)
            waiting += _outline(module, function, op)


def _control_flow_of(function: Any) -> list[Any]:
    """The ops to outline: those that something reads, scans as loops."""
    found = []
    for op in reversed(ops_of(body_of(function))):
        if op.name in BODIES and not is_used(op):
            op.erase()
        elif op.name in BODIES or is_scan(op):
            found.append(as_loop(op) if is_scan(op) else op)
    return found[::-1]


def _move_invariant_ops(op: Any) -> None:
    """Move what reads only values from around a loop, and changes nothing, before the loop."""
    block = op.regions[0].blocks[0]
    made = set(block.arguments) | {r for inner in ops_of(block) for r in inner.results}
    hoist_products(op, made.__contains__)
    own = set(block.arguments)
    for inner in ops_of(block)[:-1]:
        is_fixed = not any(v in own for v in inner.operands)
        if is_fixed and is_pure(inner) and not len(inner.regions) and inner.name not in STAY:
            inner.move_before(op)
        else:
            own.update(inner.results)
    erase_dead(block)


def _outline(module: Any, function: Any, op: Any) -> list[Any]:
    """Replace one op by a call; returns the functions of its bodies."""
    taken = {f.name.value for f in functions_of(module)}
    stem = op.name.removeprefix("graph.")
    name = next(n for i in count() if (n := f"{stem}_{i}") not in taken)
    bodies = [
        _Body(f"{name}_{suffix}", region, op)
        for suffix, region in zip(BODIES[op.name], op.regions, strict=True)
    ]
    made = [body.make_function(function) for body in bodies]
    read = [*op.operands, *(v for body in bodies for v in body.captured)]
    inputs = list(dict.fromkeys(v for v in read if not is_constant(v)))
    _make_control(function, name, op, inputs, bodies)
    with ir.InsertionPoint(op), op.location:
        call = dialect("func").CallOp([r.type for r in op.results], name, inputs)
    replace(op, call.operation.results)
    return made


class _Body:
    """A region that becomes a function: what it reads, and what it gives."""

    def __init__(self, name: str, region: Any, op: Any) -> None:
        self.name = name
        self.block = region.blocks[0]
        *self.ops, self.terminator = ops_of(self.block)
        self.yielded = list(self.terminator.operands)
        is_loop = op.name == "graph.loop"
        self.direct = [is_loop and self._is_direct(i, v) for i, v in enumerate(self.yielded)]
        given = [v for v, direct in zip(self.yielded, self.direct, strict=True) if not direct]
        # a loop copies its results to where they belong, the branches of an If write them there
        self.given = list(dict.fromkeys(given)) if is_loop else given
        used = [*(v for o in _nested(self.ops) for v in o.operands), *given]
        arguments = set(self.block.arguments)
        own = arguments | {r for o in _nested(self.ops) for r in o.results}
        # of ops in regions inside
        own |= {a for o in _nested(self.ops) for r in o.regions for a in r.blocks[0].arguments}
        self.read = [a for a in self.block.arguments if a in set(used)]
        outside = list(dict.fromkeys(v for v in used if v not in own))
        self.captured = [v for v in outside if not is_constant(v)]
        self.constants = [v for v in outside if is_constant(v)]

    def _is_direct(self, index: int, value: Any) -> bool:
        """True for what a loop can yield without its body: a constant condition, a carried value.

        The arguments are the iteration, the condition and the carried values; the condition is
        yielded first.
        """
        if index == 0:
            return is_constant(value)
        arguments = list(self.block.arguments)
        return index + 1 < len(arguments) and arguments[index + 1] == value

    def make_function(self, before: Any) -> Any:
        """The function, into which the ops are moved."""
        func = dialect("func")
        inputs = [*self.read, *self.captured]
        types = [v.type for v in inputs], [v.type for v in self.given]
        with ir.InsertionPoint(before), self.terminator.location:
            function = func.FuncOp(self.name, types)
            block = function.add_entry_block([v.location for v in inputs])
        function.operation.attributes[BODY] = ir.UnitAttr.get()
        env = dict(zip(inputs, block.arguments, strict=True))
        with ir.InsertionPoint(block):
            env |= {v: v.owner.clone().results[0] for v in self.constants}
        for op in self.ops:
            block.append(op)
        for op in _nested(self.ops):
            for i, operand in enumerate(op.operands):
                if operand in env:
                    op.operands[i] = env[operand]
        with ir.InsertionPoint(block), self.terminator.location:
            func.ReturnOp([env.get(v, v) for v in self.given])
        return function

    def call_in(self, block: Any, env: dict[Any, Any]) -> None:
        """Fill `block`, a region of the control function, with a call and what it yields."""
        inner = env | dict(zip(self.block.arguments, block.arguments, strict=True))
        with ir.InsertionPoint(block), self.terminator.location:
            operands = [inner[v] for v in [*self.read, *self.captured]]
            types = [v.type for v in self.given]
            call = dialect("func").CallOp(types, self.name, operands) if types else None
            results = list(call.operation.results) if call else []
            yielded = self._yielded(inner, results)
            ir.Operation.create(
                self.terminator.name,
                operands=yielded,
                attributes={n: self.terminator.attributes[n] for n in self.terminator.attributes},
            )

    def _yielded(self, inner: dict[Any, Any], results: list[Any]) -> list[Any]:
        found, order = [], iter(results)
        by_value = dict(zip(self.given, results, strict=True))
        is_shared = len(set(self.given)) == len(self.given)
        for value, is_direct in zip(self.yielded, self.direct, strict=True):
            if is_direct:
                found.append(inner[value] if value in inner else value.owner.clone().results[0])
            else:
                found.append(by_value[value] if is_shared else next(order))
        return found


def _nested(ops: list[Any]) -> Iterator[Any]:
    """The ops, and those in their regions."""
    for op in ops:
        yield op
        for region in op.regions:
            for block in region.blocks:
                yield from _nested(ops_of(block))


def _make_control(before: Any, name: str, op: Any, inputs: list[Any], bodies: list[_Body]) -> None:
    """The private function that holds the op, with calls in its regions."""
    func = dialect("func")
    results = [r.type for r in op.results]
    with ir.InsertionPoint(before), op.location:
        types = [v.type for v in inputs], results
        function = func.FuncOp(name, types, visibility="private")
        block = function.add_entry_block([v.location for v in inputs])
    attributes = function.operation.attributes
    attributes["aicc.kernel"] = ir.StringAttr.get(op.name.removeprefix("graph."))
    attributes[CONTROL] = ir.UnitAttr.get()
    env = dict(zip(inputs, block.arguments, strict=True))
    with ir.InsertionPoint(block), op.location:
        operands = [v.owner.clone().results[0] if is_constant(v) else env[v] for v in op.operands]
        new = ir.Operation.create(
            op.name,
            results=results,
            operands=operands,
            attributes={n: op.attributes[n] for n in op.attributes},
            regions=len(op.regions),
        )
        func.ReturnOp(list(new.results))
    for body, region in zip(bodies, new.regions, strict=True):
        arguments = list(body.block.arguments)
        locations = [a.location for a in arguments]
        inner = region.blocks.append(*[a.type for a in arguments], arg_locs=locations)
        body.call_in(inner, env)
