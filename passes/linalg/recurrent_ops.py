"""Lowering of recurrent layers: an scf.for over time, states carried as tensors.

%y, %h = scf.for %t = 0 to T iter_args(%y = .., %h = %h0) {
  %pre = %gates[%t] + %h * %r;  %h1 = f(%pre);  %y1 = insert %h1 into %y[%t] }
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.recurrent import Gru, Lstm, Rnn
from aicc.dialects.graph.types import tensor

from .elementwise_ops import SCALAR, Scope
from .linear_ops import multiply_add
from .lowering import Builder, affine_map, dim, lowers

DYNAMIC = ir.ShapedType.get_dynamic_size()


class Layer:
    """Operands and attributes that the three kinds of layer share, and the loop over time."""

    def __init__(self, b: Builder, op: Any, gates: Any, lengths: Any) -> None:
        self.b, self.op, self.gates, self.lengths = b, op, gates, lengths
        self.steps, self.batch, _ = gates.type.shape
        self.element = gates.type.element_type
        self.hidden = op.operation.results[0].type.shape[2]
        self.state = tensor([self.batch, self.hidden], self.element)

    def activation(self, index: int, x: Any) -> Any:
        """The `index`-th activation of the (clipped) scalar x."""
        attrs = {"alpha": self.op.alpha[index], "beta": self.op.beta[index]}
        scope = Scope(self.b, self.element, attrs)
        if self.op.clip is not None:
            x = scope.minimum(x, scope.const(self.op.clip, x))
            x = scope.maximum(x, scope.const(-self.op.clip, x))
        return activate(scope, self.op.activations[index], x)

    def gate(self, pre: Any, index: int) -> Any:
        """The columns of one gate."""
        size = [self.batch, self.hidden]
        return self.b.slice(pre, [0, index * self.hidden], size, [1, 1])

    def gates_at(self, time: Any) -> Any:
        """The input's part of the gates at a step."""
        width = self.gates.type.shape[2]
        return self.b.tensor.ExtractSliceOp(
            tensor([self.batch, width], self.element),
            self.gates,
            [time],
            [],
            [],
            [DYNAMIC, 0, 0],
            [1, self.batch, width],
            [1, 1, 1],
        ).result

    def product(self, h: Any, r: Any, init: Any) -> Any:
        """init + h * r; columns are the innermost loop, so that r is read along its rows."""
        linalg = self.b.linalg
        kind = linalg.IteratorType
        maps = [
            affine_map(3, [dim(0), dim(1)]),
            affine_map(3, [dim(1), dim(2)]),
            affine_map(3, [dim(0), dim(2)]),
        ]
        kinds = [kind.parallel, kind.reduction, kind.parallel]
        op = linalg.GenericOp([init.type], [h, r], [init], maps, kinds)
        block = op.regions[0].blocks.append(*[self.element] * 3)
        with ir.InsertionPoint(block):
            linalg.YieldOp([multiply_add(self.b, *block.arguments)])
        return op.results[0]

    def combine(self, inputs: Sequence[Any], body: Callable[..., Any]) -> Any:
        """A state from states (or vectors over the hidden units)."""
        return self.b.elementwise(inputs, self.state, body)

    def replaced(self, new: Any, old: Any) -> Any:
        """The new state in the old one's memory: a loop must carry one buffer per state."""
        return dialect("bufferization").MaterializeInDestinationOp(new.type, new, old).result

    def blended(self, z: Any, new: Any, old: Any) -> Any:
        """(1 - z) new + z old, of scalars before their activations 1 and 0."""
        arith, z = self.b.arith, self.activation(0, z)
        rest = arith.subf(self.b.scalar(1, z.type), z)
        return arith.addf(arith.mulf(rest, self.activation(1, new)), arith.mulf(z, old))

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
        b, scf = self.b, dialect("scf")
        outputs = self.buffer(tensor([self.steps, self.batch, self.hidden], self.element))
        bounds = [b.index(0), b.index(self.steps), b.index(1)]
        carried = [self.buffer(v.type, copy=v) for v in states]
        loop = scf.ForOp(*bounds, [outputs, *carried])
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

    def step(time: Any, h: Any) -> list[Any]:
        pre = layer.product(h, r, layer.gates_at(time))
        return [layer.combine([pre], lambda v: layer.activation(0, v))]

    return layer.run([h0], step)


@lowers(Lstm)
def lower_lstm(
    b: Builder, op: Any, gates: Any, r: Any, h0: Any, c0: Any, peephole: Any, lengths: Any
) -> Any:
    """c = f c + i c~, h = o h(c); with peepholes i and f also see c, and o the new c."""
    layer = Layer(b, op, gates, lengths)
    a, hidden = b.arith, layer.hidden
    weights = b.filled(tensor([3 * hidden], layer.element), 0) if peephole is None else peephole
    seen = [b.slice(weights, [k * hidden], [hidden], [1]) for k in range(3)]

    def cell(i: Any, f: Any, g: Any, c: Any, from_i: Any, from_f: Any) -> Any:
        if peephole is not None:
            i = a.addf(i, a.mulf(from_i, c))
            f = a.addf(f, a.mulf(from_f, c))
        kept = layer.activation(0, i)
        forget = a.subf(b.scalar(1, c.type), kept) if op.input_forget else layer.activation(0, f)
        return a.addf(a.mulf(forget, c), a.mulf(kept, layer.activation(1, g)))

    def output(o: Any, c: Any, from_o: Any) -> Any:
        if peephole is not None:
            o = a.addf(o, a.mulf(from_o, c))
        return a.mulf(layer.activation(0, o), layer.activation(2, c))

    def step(time: Any, h: Any, c: Any) -> list[Any]:
        pre = layer.product(h, r, layer.gates_at(time))
        i, o, f, g = (layer.gate(pre, k) for k in range(4))
        new_c = layer.combine([i, f, g, c, seen[0], seen[2]], cell)
        return [layer.combine([o, new_c, seen[1]], output), new_c]

    return layer.run([h0, c0], step)


@lowers(Gru)
def lower_gru(b: Builder, op: Any, gates: Any, r: Any, h0: Any, bias: Any, lengths: Any) -> Any:
    """h = (1 - z) h~ + z h."""
    layer = Layer(b, op, gates, lengths)
    a, hidden = b.arith, layer.hidden
    update = b.slice(r, [0, 0], [hidden, 2 * hidden], [1, 1])
    last = b.slice(r, [0, 2 * hidden], [hidden, hidden], [1, 1])

    def candidate(h: Any, reset: Any, x: Any) -> Any:
        if not op.linear_before_reset:
            scaled = layer.combine([reset, h], lambda v, u: a.mulf(layer.activation(0, v), u))
            return layer.product(scaled, last, x)
        part = layer.product(h, last, b.filled(layer.state, 0))
        return layer.combine(
            [reset, part, bias, x],
            lambda v, p, c, u: a.addf(u, a.mulf(layer.activation(0, v), a.addf(p, c))),
        )

    def step(time: Any, h: Any) -> list[Any]:
        at = layer.gates_at(time)
        x = b.slice(at, [0, 0], [layer.batch, 2 * hidden], [1, 1])
        pre = layer.product(h, update, x)
        z, reset = (layer.gate(pre, k) for k in range(2))
        new = candidate(h, reset, layer.gate(at, 2))
        return [layer.combine([z, new, h], layer.blended)]

    return layer.run([h0], step)
