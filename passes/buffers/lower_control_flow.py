"""Lower the If and Loop ops of control functions to scf on tensors, around calls of their bodies.

The carried values lie in the function's own results, from the start; a body writes what it gives
into buffers that the loop uses again and again, and is copied from there. Scanned rows go to their
place in the result.

    loop(%n, true, %h) ({ call @body }) -> %s = copy %h to %out
                                           scf.for %i to %n iter_args(%v = %s) {
                                             %1 = call @body(%v, %t); copy %1 to %v }

Why here: bufferisation sees what a call does with its operands, which `eliminate-empty-tensors`,
before it, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.structure import is_constant
from aicc.passes.linalg.lowering import Builder
from aicc.passes.registry import register_pass
from aicc.passes.signature import CONTROL, argument_attrs, functions_of

OPS = {"graph.if", "graph.loop"}


@register_pass("lower-control-flow")
def run(module: Any) -> None:
    """Lower If and Loop ops whose bodies are calls."""
    builder = Builder("aicc.strict_fp" in module.operation.attributes)
    for function in functions_of(module):
        if CONTROL in function.operation.attributes:
            _lower(builder, function)


def _lower(b: Builder, function: Any) -> None:
    block = function.operation.regions[0].blocks[0]
    outs = [
        argument
        for argument, entries in zip(block.arguments, argument_attrs(function), strict=True)
        if "bufferization.writable" in entries and entries["bufferization.writable"].value
    ]
    for view in list(block.operations):
        op = view.operation
        if op.name in OPS:
            with ir.InsertionPoint(op), op.location:
                lowered = _lower_if if op.name == "graph.if" else _lower_loop
                values = lowered(b, op, outs)
            for old, new in zip(op.results, values, strict=True):
                old.replace_all_uses_with(new)
            op.erase()
        elif op.name == "bufferization.materialize_in_destination":
            # the results lie there already
            op.results[0].replace_all_uses_with(op.operands[0])
            op.erase()


def _scalar(b: Builder, value: Any) -> Any:
    """The only element of a tensor."""
    return b.tensor.extract(value, [b.index(0)] * value.type.rank)


def _call_of(region: Any) -> Any:
    """The call in a body, None if there is nothing to compute."""
    ops = [view.operation for view in region.blocks[0].operations]
    return next((op for op in ops if op.name == "func.call"), None)


def _yielded(region: Any) -> list[Any]:
    block = region.blocks[0]
    return list(block.operations[len(block.operations) - 1].operation.operands)


def _call(call: Any, operands: Sequence[Any]) -> list[Any]:
    types = [r.type for r in call.results]
    name = call.attributes["callee"].value
    return list(dialect("func").CallOp(types, name, list(operands)).operation.results)


def _lower_if(b: Builder, op: Any, outs: Sequence[Any]) -> list[Any]:
    scf = dialect("scf")
    types = [r.type for r in op.results]
    chosen = scf.IfOp(_scalar(b, op.operands[0]), types, has_else=True)
    for region, block in zip(op.regions, (chosen.then_block, chosen.else_block), strict=True):
        call = _call_of(region)
        with ir.InsertionPoint(block):
            read = list(call.operands)[: len(call.operands) - len(outs)]
            scf.YieldOp(_call(call, [*read, *outs]))
    return list(chosen.results)


def _lower_loop(b: Builder, op: Any, outs: Sequence[Any]) -> list[Any]:
    loop = _Loop(b, op)
    start = [b.linalg.copy(v, outs=[out]) for v, out in zip(loop.carried, outs, strict=False)]
    state = [*start, *outs[len(start) :]]
    condition = _yielded(op.regions[0])[0]
    if is_constant(condition) and condition.owner.opview.array().all():
        return loop.counted(state)
    return loop.conditional(state)


class _Loop:
    """A graph.loop being lowered: what is known of it, and one iteration."""

    def __init__(self, b: Builder, op: Any) -> None:
        self.b = b
        trips, self.condition, *self.carried = op.operands
        self.trips = b.arith.index_cast(ir.IndexType.get(), _scalar(b, trips))
        region = op.regions[0]
        self.arguments = list(region.blocks[0].arguments)
        self.yielded = _yielded(region)
        self.call = _call_of(region)
        self.results = list(self.call.results) if self.call else []
        read = list(self.call.operands) if self.call else []
        self.read = read[: len(read) - len(self.results)]
        self.counter = self.arguments[0].type

    def counted(self, state: list[Any]) -> list[Any]:
        """As often as the trip count says, if the condition holds at first."""
        b, scf = self.b, dialect("scf")
        first = _scalar(b, self.condition)
        limit = b.arith.select(first, self.trips, b.index(0))
        loop = scf.ForOp(b.index(0), limit, b.index(1), state)
        with ir.InsertionPoint(loop.body):
            _, *after = self.step(loop.induction_variable, list(loop.inner_iter_args))
            scf.YieldOp(after)
        return list(loop.results)

    def conditional(self, state: list[Any]) -> list[Any]:
        """As long as the condition holds, too."""
        b, scf, arith = self.b, dialect("scf"), self.b.arith
        start = [b.index(0), _scalar(b, self.condition), *state]
        types = [v.type for v in start]
        loop = scf.WhileOp(types, start)
        before = loop.before.blocks.append(*types)
        with ir.InsertionPoint(before):
            i, goes_on, *_ = before.arguments
            is_left = arith.cmpi(arith.CmpIPredicate.slt, i, self.trips)
            scf.ConditionOp(arith.andi(is_left, goes_on), list(before.arguments))
        after = loop.after.blocks.append(*types)
        with ir.InsertionPoint(after):
            i, _, *values = after.arguments
            goes_on, *next_values = self.step(i, values)
            scf.YieldOp([arith.addi(i, b.index(1)), goes_on, *next_values])
        return list(loop.results)[2:]

    def step(self, i: Any, state: list[Any]) -> list[Any]:
        """One iteration: whether to go on (a scalar), the carried values, the rows so far."""
        given = self.call_body(i, state)
        condition, *values = self.yielded
        goes_on = self.goes_on(condition, given)
        carried = len(self.carried)
        after = [
            self.b.linalg.copy(given[v], outs=[old]) if v in given else old
            for v, old in zip(values[:carried], state, strict=False)
        ]
        rows = [
            self.with_row(old, given[v], i)
            for v, old in zip(values[carried:], state[carried:], strict=True)
        ]
        return [goes_on, *after, *rows]

    def call_body(self, i: Any, state: list[Any]) -> dict[Any, Any]:
        """What the body gives in iteration `i`, by the values of its call in the old region."""
        if not self.call:
            return {}
        inner = dict(zip(self.arguments, [None, self.condition, *state], strict=False))
        if self.arguments[0] in self.read:
            number = self.b.arith.index_cast(self.counter.element_type, i)
            inner[self.arguments[0]] = self.b.filled(self.counter, number)
        operands = [inner.get(v, v) for v in self.read]
        operands += [self.b.empty(r.type) for r in self.results]
        return dict(zip(self.results, _call(self.call, operands), strict=True))

    def goes_on(self, condition: Any, given: dict[Any, Any]) -> Any:
        """The yielded condition as a scalar."""
        if is_constant(condition):
            value = condition.owner.opview.array().all()
            return self.b.scalar(value, ir.IntegerType.get_signless(1))
        return _scalar(self.b, given[condition])

    def with_row(self, rows: Any, row: Any, i: Any) -> Any:
        """`rows` with `row` as the element at `i` of the first dimension."""
        shape = list(row.type.shape)
        open_size = ir.ShapedType.get_dynamic_size()
        return self.b.tensor.InsertSliceOp(
            row,
            rows,
            [i],
            [],
            [],
            [open_size, *[0] * len(shape)],
            [1, *shape],
            [1] * (1 + len(shape)),
        ).result
