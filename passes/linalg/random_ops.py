"""Lowering of random numbers.

graph.random_uniform() {generator = "philox"} -> linalg.generic over the elements, each by itself
graph.random_uniform() {generator = "mt19937"} -> a loop that carries the twister's 624 words

Philox: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011). Mersenne Twister:
Matsumoto and Nishimura, "Mersenne Twister" (1998); seeding as in their revision of 2002.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.random_numbers import RandomUniform
from aicc.dialects.graph.types import element_count, tensor

from .lowering import Builder, lowers, signless

PHILOX_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
PHILOX_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
PHILOX_ROUNDS = 10
TWISTER_WORDS, TWISTER_SHIFT = 624, 397
TWISTER_MATRIX, TWISTER_SEED_FACTOR = 0x9908B0DF, 1812433253
WORD = 0xFFFFFFFF


class Words:
    """Arithmetic on 32-bit words; a Python number is a constant."""

    def __init__(self, b: Builder) -> None:
        self.b, self.arith = b, b.arith
        self.i32, self.i64 = (ir.IntegerType.get_signless(w) for w in (32, 64))

    def const(self, value: int, type_: Any = None) -> Any:
        """The word `value`, from its unsigned form."""
        type_ = type_ or self.i32
        half = 1 << (type_.width - 1)
        return self.b.scalar((value + half) % (2 * half) - half, type_)

    def op(self, name: str, x: Any, y: Any) -> Any:
        """arith.<name> of words."""
        return getattr(self.arith, name)(x, self.const(y, x.type) if isinstance(y, int) else y)

    def product(self, x: Any, factor: int) -> tuple[Any, Any]:
        """(high, low) words of the 64-bit product."""
        wide = self.op("muli", self.arith.extui(self.i64, x), factor)
        high = self.arith.trunci(self.i32, self.op("shrui", wide, 32))
        return high, self.arith.trunci(self.i32, wide)


@lowers(RandomUniform)
def lower_random_uniform(b: Builder, op: Any) -> Any:
    """By the op's generator."""
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape:
        return b.empty(type_)
    return _philox(b, op, type_) if op.generator == "philox" else _twister(b, op, type_)


def _philox(b: Builder, op: Any, type_: Any) -> Any:
    w = Words(b)
    key, stream = _halves(op.seed), _halves(op.stream)
    strides = [element_count(type_.shape[d + 1 :]) for d in range(type_.rank)]

    def body(*at: Any) -> Any:
        place = b.index(0)
        for i, stride in zip(at, strides, strict=True):
            place = b.arith.addi(place, b.arith.muli(i, b.index(stride)))
        wide = b.arith.index_cast(w.i64, place)
        low = w.arith.trunci(w.i32, wide)
        high = w.arith.trunci(w.i32, w.op("shrui", wide, 32))
        words = _philox_rounds(w, [low, high, *[w.const(s) for s in stream]], key)
        if str(type_.element_type) == "f64":
            return _double(w, words[0], words[1])
        bits = w.op("shrui", words[0], 8)
        scale = b.scalar(2.0**-24, type_.element_type)
        return w.arith.mulf(w.arith.uitofp(type_.element_type, bits), scale)

    return b.indexed(type_, body)


def _halves(value: int) -> tuple[int, int]:
    return value & WORD, (value >> 32) & WORD


def _philox_rounds(w: Words, counter: list[Any], key: tuple[int, int]) -> list[Any]:
    first, second = key
    for _ in range(PHILOX_ROUNDS):
        high0, low0 = w.product(counter[0], PHILOX_MULTIPLIERS[0])
        high1, low1 = w.product(counter[2], PHILOX_MULTIPLIERS[1])
        left = w.op("xori", w.op("xori", high1, counter[1]), first)
        right = w.op("xori", w.op("xori", high0, counter[3]), second)
        counter = [left, low1, right, low0]
        first = (first + PHILOX_KEY_STEPS[0]) & WORD
        second = (second + PHILOX_KEY_STEPS[1]) & WORD
    return counter


def _double(w: Words, first: Any, second: Any) -> Any:
    """27 bits of the first word above 26 bits of the second, times 2^-53."""
    f64 = ir.F64Type.get()
    high = w.arith.uitofp(f64, w.op("shrui", first, 5))
    low = w.arith.uitofp(f64, w.op("shrui", second, 6))
    total = w.arith.addf(w.arith.mulf(high, w.b.scalar(2.0**26, f64)), low)
    return w.arith.mulf(total, w.b.scalar(2.0**-53, f64))


def _twister(b: Builder, op: Any, type_: Any) -> Any:
    w, scf = Words(b), dialect("scf")
    count = element_count(type_.shape)
    # a fill: bufferisation sees a conflict in a loop that starts from the destination itself
    values = b.filled(tensor([count], type_.element_type), 0)
    start = [_seeded(w, op.seed), values, b.index(0)]
    loop = scf.ForOp(b.index(0), b.index(count), b.index(1), start)
    with ir.InsertionPoint(loop.body):
        state, values, p = loop.inner_iter_args
        first, state, p = _next_word(w, state, p)
        second, state, p = _next_word(w, state, p)
        value = _double(w, first, second)
        scf.YieldOp([state, b.tensor.insert(value, values, [loop.induction_variable]), p])
    return b.reshape(loop.results[1], list(type_.shape))


def _seeded(w: Words, seed: int) -> Any:
    """The 624 words of init_genrand."""
    b, scf = w.b, dialect("scf")
    state = b.empty(tensor([TWISTER_WORDS], w.i32))
    loop = scf.ForOp(b.index(0), b.index(TWISTER_WORDS), b.index(1), [state, w.const(seed)])
    with ir.InsertionPoint(loop.body):
        i, (words, word) = loop.induction_variable, loop.inner_iter_args
        words = b.tensor.insert(word, words, [i])
        mixed = w.op("muli", w.op("xori", word, w.op("shrui", word, 30)), TWISTER_SEED_FACTOR)
        number = b.arith.index_cast(w.i32, b.arith.addi(i, b.index(1)))
        scf.YieldOp([words, w.op("addi", mixed, number)])
    return loop.results[0]


def _next_word(w: Words, state: Any, p: Any) -> tuple[Any, Any, Any]:
    """(word, state, place): word p of the state is renewed and tempered.

    One word at a time gives what renewing all 624 at once gives: each reads only its followers.
    """
    b, a = w.b, w.arith

    def after(distance: int) -> Any:
        return a.remui(a.addi(p, b.index(distance)), b.index(TWISTER_WORDS))

    here, follower = (b.tensor.extract(state, [i]) for i in (p, after(1)))
    joined = w.op("ori", w.op("andi", here, 0x80000000), w.op("andi", follower, 0x7FFFFFFF))
    odd = a.cmpi(a.CmpIPredicate.ne, w.op("andi", joined, 1), w.const(0))
    matrix = a.select(odd, w.const(TWISTER_MATRIX), w.const(0))
    far = b.tensor.extract(state, [after(TWISTER_SHIFT)])
    word = w.op("xori", w.op("xori", far, w.op("shrui", joined, 1)), matrix)
    return _tempered(w, word), b.tensor.insert(word, state, [p]), after(1)


def _tempered(w: Words, y: Any) -> Any:
    y = w.op("xori", y, w.op("shrui", y, 11))
    y = w.op("xori", y, w.op("andi", w.op("shli", y, 7), 0x9D2C5680))
    y = w.op("xori", y, w.op("andi", w.op("shli", y, 15), 0xEFC60000))
    return w.op("xori", y, w.op("shrui", y, 18))
