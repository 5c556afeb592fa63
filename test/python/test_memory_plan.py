"""The memory planner: buffers that are alive at the same time never share bytes."""

import random

from aicc.passes.buffers.plan_memory import ALIGNMENT, Buffer, place


def random_buffers(seed: int) -> list[Buffer]:
    chance = random.Random(seed)
    buffers = []
    for _ in range(chance.randrange(1, 60)):
        first = chance.randrange(100)
        last = first + chance.randrange(30)
        buffers.append(Buffer(None, ALIGNMENT * chance.randrange(1, 200), first, last))
    return buffers


def test_no_two_live_buffers_overlap() -> None:
    for seed in range(200):
        buffers = random_buffers(seed)
        total = place(buffers)
        for i, a in enumerate(buffers):
            assert a.offset >= 0 and a.offset % ALIGNMENT == 0
            assert a.offset + a.size <= total
            for b in buffers[:i]:
                alive_together = a.first <= b.last and b.first <= a.last
                disjoint = a.offset + a.size <= b.offset or b.offset + b.size <= a.offset
                assert disjoint or not alive_together


def test_a_chain_needs_two_buffers() -> None:
    """Each buffer is read by the op that writes the next one: two places are enough."""
    chain = [Buffer(None, 640, i, i + 1) for i in range(10)]
    assert place(chain) == 2 * 640
