"""Lowering of recurrent layers: an scf.for over time, states carried as tensors.

%y, %h = scf.for %t = 0 to T iter_args(%y = .., %h = %h0) {
  %pre = %h * %r;  %h1 = f(%gates[%t] + %pre);  %y1 = insert %h1 into %y[%t] }

The gates are a dimension of their own, [batch, gates, units], so that `tile-recurrences` can take
all gates of some units at once. Threads that are worth it share the sequences of the batch
(`passes/schedule/recurrence_split.py`): an scf.forall around the loop, which then has some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc import target
from aicc._mlir import dialect, ir
from aicc.dialects.graph.recurrent import Gru, Lstm, Rnn
from aicc.dialects.graph.types import tensor
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.recurrence_split import Recurrence, batch_parts
from aicc.passes.schedule.strips import Span, extracted, in_parallel

from .elementwise_ops import SCALAR, Scope
from .linear_ops import multiply_add
from .lowering import Builder, affine_map, dim, lowers

DYNAMIC = ir.ShapedType.get_dynamic_size()


class Layer:
    """Operands and attributes that the three kinds of layer share, and the loop over time."""

    def __init__(self, b: Builder, op: Any, gates: Any, lengths: Any) -> None:
        self.b, self.op, self.lengths = b, op, lengths
        self.steps, self.batch, width = gates.type.shape
        self.element = gates.type.element_type
        self.hidden = op.operation.results[0].type.shape[2]
        self.count = width // max(1, self.hidden)
        self.gates = b.reshape(gates, [self.steps, self.batch, self.count, self.hidden])
        self.first: Any = 0
        self.parts = self._batch_parts()

    @property
    def state(self) -> Any:
        """The type of the states of the sequences at hand."""
        return tensor([self.batch, self.hidden], self.element)

    def _batch_parts(self) -> int:
        """Into how many parts the threads take the batch."""
        owner = self.op.operation
        while owner.name != "builtin.module":
            owner = owner.parent.operation
        width = getattr(self.element, "width", 32) // 8
        sizes = Recurrence(self.steps, self.batch, self.count, self.hidden, width)
        return batch_parts(sizes, target.of_module(owner), threads_of(owner))

    def activation(self, index: int, x: Any) -> Any:
        """The `index`-th activation of the (clipped) scalar x."""
        attrs = {"alpha": self.op.alpha[index], "beta": self.op.beta[index]}
        scope = Scope(self.b, self.element, attrs)
        if self.op.clip is not None:
            x = scope.minimum(x, scope.const(self.op.clip, x))
            x = scope.maximum(x, scope.const(-self.op.clip, x))
        return activate(scope, self.op.activations[index], x)

    def weights(self, r: Any) -> Any:
        """Recurrence weights [units, gates, units]; `tile-recurrences` reads panels as they are."""
        if r.type.rank == 2:
            return self.b.reshape(r, [self.hidden, self.count, self.hidden])
        panel = r.type.shape[3]
        k, gate, unit = (dim(i) for i in range(3))
        place = ir.AffineExpr.get_floor_div(unit, panel)
        maps = [affine_map(3, [place, k, gate, unit % panel]), affine_map(3, [k, gate, unit])]
        whole = self.b.empty(tensor([self.hidden, self.count, self.hidden], self.element))
        return self.settled(self.b.generic([r], maps, whole, lambda x, _: x))

    def gates_at(self, time: Any) -> Any:
        """The input's part of the gates at a step."""
        sizes = [self.batch, self.count, self.hidden]
        is_whole = self.parts == 1
        return self.b.tensor.ExtractSliceOp(
            tensor(sizes, self.element),
            self.gates,
            [time] if is_whole else [time, self.first],
            [],
            [],
            [DYNAMIC, 0 if is_whole else DYNAMIC, 0, 0],
            [1, *sizes],
            [1, 1, 1, 1],
        ).result

    def product(self, h: Any, r: Any) -> Any:
        """h * r; units are the innermost loop, so that r is read along its rows."""
        type_ = tensor([self.batch, *r.type.shape[1:]], self.element)
        maps = [
            affine_map(4, [dim(0), dim(2)]),
            affine_map(4, [dim(2), dim(1), dim(3)]),
            affine_map(4, [dim(0), dim(1), dim(3)]),
        ]
        return self.b.generic(
            [h, r],
            maps,
            self.b.filled(type_, 0),
            lambda x, y, acc: multiply_add(self.b, x, y, acc),
            reductions=[2],
        )

    def combine(self, inputs: Sequence[Any], body: Callable[..., Any]) -> Any:
        """A state from states, vectors over the units, and gates as (sums, index) pairs."""
        pairs = [self._operand(v) for v in inputs]
        identity = ir.AffineMap.get_identity(2)
        return self.b.generic(
            [v for v, _ in pairs],
            [*(m for _, m in pairs), identity],
            self.b.empty(self.state),
            lambda *s: body(*s[: len(pairs)]),
        )

    def _operand(self, value: Any) -> tuple[Any, Any]:
        if isinstance(value, tuple):
            sums, gate = value
            return sums, affine_map(2, [dim(0), gate, dim(1)])
        return self.b.without_broadcast_dims(value, [self.batch, self.hidden])

    def replaced(self, new: Any, old: Any) -> Any:
        """The new state in the old one's memory: a loop must carry one buffer per state."""
        return dialect("bufferization").MaterializeInDestinationOp(new.type, new, old).result

    def settled(self, value: Any) -> Any:
        """A value in memory of its own: no reader fuses what computes it."""
        return self.replaced(value, self.buffer(value.type))

    def held(self, time: Any, new: Any, old: Any) -> Any:
        """`new` while the sequence lasts, then `old` (0 if None)."""
        if self.lengths is None:
            return new
        a, b = self.b.arith, self.b
        now = a.index_cast(self.lengths.type.element_type, time)
        valid = b.elementwise(
            [self.lengths],
            tensor([self.batch], ir.IntegerType.get_signless(1)),
            lambda n: a.cmpi(a.CmpIPredicate.slt, now, n),
        )
        column = b.reshape(valid, [self.batch, 1])
        if old is not None:
            return self.combine([column, new, old], a.select)
        return self.combine([column, new], lambda v, x: a.select(v, x, b.scalar(0, self.element)))

    def run(self, states: Sequence[Any], step: Callable[..., list[Any]]) -> list[Any]:
        """[all h, *last states]; step(time, *states) gives the new states, h first."""
        outputs = self.buffer(tensor([self.steps, self.batch, self.hidden], self.element))
        buffers = [outputs, *(self.buffer(v.type, copy=v) for v in states)]
        if self.parts == 1:
            return self._over_time(buffers, step)
        rows = self.batch // self.parts

        def part(number: Any, shared: list[Any]) -> list[tuple[Any, list[Span]]]:
            self._take(self.b.arith.muli(number, self.b.index(rows)), rows)
            spans = [self._spans(v) for v in shared]
            own = [extracted(*pair) for pair in zip(shared, spans, strict=True)]
            return list(zip(self._over_time(own, step), spans, strict=True))

        return in_parallel(self.parts, buffers, part)

    def _take(self, first: Any, rows: int) -> None:
        """From here on, the layer is one of these sequences."""
        self.first, self.batch = first, rows
        if self.lengths is not None:
            self.lengths = extracted(self.lengths, [(first, rows)])

    def _spans(self, value: Any) -> list[Span]:
        """The sequences at hand in the buffer of all h, or of a state."""
        rows = (self.first, self.batch)
        return [(0, self.steps), rows, (0, self.hidden)][-value.type.rank :]

    def _over_time(self, buffers: list[Any], step: Callable[..., list[Any]]) -> list[Any]:
        """The loop over the steps of the sequences at hand, whose results lie in `buffers`."""
        b, scf = self.b, dialect("scf")
        bounds = [b.index(0), b.index(self.steps), b.index(1)]
        loop = scf.ForOp(*bounds, buffers)
        with ir.InsertionPoint(loop.body):
            y, *old = loop.inner_iter_args
            time = loop.induction_variable
            if self.op.reverse:
                time = b.arith.subi(b.index(self.steps - 1), time)
            new = step(time, *old)
            y = self.store(time, self.held(time, new[0], None), y)
            kept = [self.held(time, n, o) for n, o in zip(new, old, strict=True)]
            scf.YieldOp([y, *[self.replaced(n, o) for n, o in zip(kept, old, strict=True)]])
        return list(loop.results)

    def buffer(self, type_: Any, copy: Any = None) -> Any:
        """Memory of its own, with the elements of `copy` if given.

        A tensor.empty would be replaced by the destination, which bufferization cannot trace
        through the loop before it has looked inside.
        """
        return dialect("bufferization").AllocTensorOp(type_, [], copy=copy).result

    def store(self, time: Any, h: Any, y: Any) -> Any:
        """y with h at a step."""
        sizes = [1, self.batch, self.hidden]
        return self.b.tensor.InsertSliceOp(
            h, y, [time], [], [], [DYNAMIC, 0, 0], sizes, [1, 1, 1]
        ).result


def activate(s: Scope, name: str, x: Any) -> Any:
    """An activation of a recurrent layer; most are elementwise ops by the same name."""
    alpha, beta = s.attrs["alpha"], s.attrs["beta"]
    if name == "affine":
        return s.add(s.mul(x, s.const(alpha, x)), s.const(beta, x))
    if name == "scaled_tanh":
        return s.mul(s.const(alpha, x), s.math.tanh(s.mul(s.const(beta, x), x)))
    if name == "softsign":
        return s.div(x, s.add(s.const(1, x), s.math.absf(x)))
    if name == "thresholded_relu":
        return s.select(s.compare("gt", x, s.const(alpha, x)), x, s.const(0, x))
    return SCALAR[name](s, x)


@lowers(Rnn)
def lower_rnn(b: Builder, op: Any, gates: Any, r: Any, h0: Any, lengths: Any) -> Any:
    """h = f(gates + h r)."""
    layer = Layer(b, op, gates, lengths)
    weights, a = layer.weights(r), b.arith

    def step(time: Any, h: Any) -> list[Any]:
        pre, x = layer.product(h, weights), layer.gates_at(time)
        inputs = [(pre, 0), (x, 0)]
        return [layer.combine(inputs, lambda p, v: layer.activation(0, a.addf(p, v)))]

    return layer.run([h0], step)


@lowers(Lstm)
def lower_lstm(
    b: Builder, op: Any, gates: Any, r: Any, h0: Any, c0: Any, peephole: Any, lengths: Any
) -> Any:
    """c = f c + i c~, h = o h(c); with peepholes i and f also see c, and o the new c."""
    layer = Layer(b, op, gates, lengths)
    a, hidden, weights = b.arith, layer.hidden, layer.weights(r)
    peep = (
        []
        if peephole is None
        else [b.slice(peephole, [k * hidden], [hidden], [1]) for k in range(3)]
    )

    def cell(c: Any, pi: Any, xi: Any, pf: Any, xf: Any, pg: Any, xg: Any, *seen: Any) -> Any:
        i, f, g = a.addf(pi, xi), a.addf(pf, xf), a.addf(pg, xg)
        if seen:
            i, f = (a.addf(v, a.mulf(weight, c)) for v, weight in zip((i, f), seen, strict=True))
        kept = layer.activation(0, i)
        forget = a.subf(b.scalar(1, c.type), kept) if op.input_forget else layer.activation(0, f)
        return a.addf(a.mulf(forget, c), a.mulf(kept, layer.activation(1, g)))

    def output(c: Any, pre: Any, x: Any, *seen: Any) -> Any:
        o = a.addf(pre, x)
        if seen:
            o = a.addf(o, a.mulf(seen[0], c))
        return a.mulf(layer.activation(0, o), layer.activation(2, c))

    def step(time: Any, h: Any, c: Any) -> list[Any]:
        pre, x = layer.product(h, weights), layer.gates_at(time)
        sums = [(part, gate) for gate in (0, 2, 3) for part in (pre, x)]
        new_c = layer.combine([c, *sums, *peep[0::2]], cell)
        return [layer.combine([new_c, (pre, 1), (x, 1), *peep[1:2]], output), new_c]

    return layer.run([h0, c0], step)


@lowers(Gru)
def lower_gru(b: Builder, op: Any, gates: Any, r: Any, h0: Any, bias: Any, lengths: Any) -> Any:
    """h = (1 - z) h~ + z h."""
    layer = Layer(b, op, gates, lengths)
    a, weights = b.arith, layer.weights(r)

    def blended(z: Any, new: Any, h: Any) -> Any:
        rest = a.subf(b.scalar(1, z.type), z)
        return a.addf(a.mulf(rest, layer.activation(1, new)), a.mulf(z, h))

    def after(pz: Any, xz: Any, pr: Any, xr: Any, pn: Any, c: Any, xn: Any, h: Any) -> Any:
        z, reset = (layer.activation(0, a.addf(p, x)) for p, x in ((pz, xz), (pr, xr)))
        return blended(z, a.addf(xn, a.mulf(reset, a.addf(pn, c))), h)

    def step_after(time: Any, h: Any) -> list[Any]:
        pre, x = layer.product(h, weights), layer.gates_at(time)
        both = [(pre, 0), (x, 0), (pre, 1), (x, 1), (pre, 2)]
        return [layer.combine([*both, bias, (x, 2), h], after)]

    def step_before(time: Any, h: Any) -> list[Any]:
        update = b.slice(weights, [0, 0, 0], [layer.hidden, 2, layer.hidden], [1, 1, 1])
        last = b.slice(weights, [0, 2, 0], [layer.hidden, 1, layer.hidden], [1, 1, 1])
        pre, x = layer.product(h, update), layer.gates_at(time)
        z = layer.combine([(pre, 0), (x, 0)], lambda p, v: layer.activation(0, a.addf(p, v)))
        scaled = layer.combine(
            [(pre, 1), (x, 1), h], lambda p, v, u: a.mulf(layer.activation(0, a.addf(p, v)), u)
        )
        z, scaled = layer.settled(z), layer.settled(scaled)
        part = layer.product(scaled, last)
        new = [(part, 0), (x, 2), z, h]
        return [layer.combine(new, lambda p, v, w, u: blended(w, a.addf(p, v), u))]

    return layer.run([h0], step_after if op.linear_before_reset else step_before)
