"""Measures what the machine can do at most, with code of our own: the ceiling of a roofline.

Two loops are compiled like any kernel: one of independent vector multiply-adds, as many as the
registers hold, and one that reads an array. Every thread runs its own copy at the same time. The
best of some short turns counts, and is kept in the cache for the machine: others may be at work.
"""

from __future__ import annotations

import functools
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from aicc import fingerprint, target
from aicc._mlir import context, ir
from aicc.cache import UNITS, Cache, key_of
from aicc.codegen.emit import Emitter
from aicc.runtime.alignment import aligned_empty
from aicc.runtime.code import Code
from aicc.runtime.program import Argument, EntryPoint
from aicc.runtime.roofline import MachineSpeed

STEPS = 50_000  # of the loop of multiply-adds: about 0.2 ms
MEMORY_BYTES = 64 << 20  # larger than the weights of most models, read as those are
SECONDS = 0.2  # for each figure: as long as a core may take to reach its frequency
_F32 = np.dtype(np.float32)


def machine_speed(threads: int, cache: Cache) -> MachineSpeed:
    """The speed of `threads` cores of this machine, measured once per process and cache."""
    key = key_of("speed", fingerprint.compiler(), fingerprint.machine(), str(threads))
    stored = cache.get(UNITS, key)
    if stored is not None:
        return MachineSpeed(**json.loads(stored))
    speed = _measured(threads)
    cache.put(UNITS, key, json.dumps(speed.as_json()).encode())
    return speed


@functools.cache
def _measured(threads: int) -> MachineSpeed:
    machine = target.host()
    near = machine.l2_bytes // 2
    repeats = max(1, (4 << 20) // near)
    loops = _Loops(machine, near // 4, repeats)
    cached = _rate([loops.reader("read_near", near) for _ in range(threads)], near * repeats)
    memory = _rate([loops.reader("read_far", MEMORY_BYTES) for _ in range(threads)], MEMORY_BYTES)
    flops = _rate([loops.adder() for _ in range(threads)], loops.flops)
    return MachineSpeed(threads, flops, memory, max(cached, memory), machine.l2_bytes * threads)


def _rate(runs: Sequence[Callable[[], None]], work: int) -> float:
    """Work per second of all runs together, at the best turn of some."""
    start = threading.Barrier(len(runs))

    def turn(run: Callable[[], None]) -> float:
        start.wait()
        begin = time.perf_counter()
        run()
        return time.perf_counter() - begin

    best, end = float("inf"), time.perf_counter() + SECONDS
    with ThreadPoolExecutor(len(runs)) as pool:
        while time.perf_counter() < end:
            best = min(best, max(pool.map(turn, runs)))
    return work * len(runs) / best


class _Loops:
    """The compiled loops; `near` is the number of elements in a cache, read `repeats` times."""

    def __init__(self, machine: target.Target, near: int, repeats: int) -> None:
        self._lanes = machine.lanes()
        # all registers but the two factors; above 12 chains the latency of four cycles is covered
        chains = machine.vector_registers - 4
        self.flops = 2 * self._lanes * chains * STEPS
        self._width = (chains + 2) * self._lanes
        functions = [
            _adding(self._lanes, chains),
            _reading("read_near", self._lanes, near, repeats),
            _reading("read_far", self._lanes, MEMORY_BYTES // 4, 1),
        ]
        text = 'module attributes {aicc.phase = "loops"} {\n' + "\n".join(functions) + "}\n"
        with context(), ir.Location.unknown():
            self._code = Code([Emitter().object_of(text)])

    def adder(self) -> Callable[[], None]:
        """Runs the multiply-adds once."""
        return self._bound("multiply_add", np.full(self._width, 0.5, np.float32))

    def reader(self, name: str, size: int) -> Callable[[], None]:
        """Reads an array of `size` bytes of its own."""
        return self._bound(name, np.ones(size // 4, np.float32))

    def _bound(self, name: str, values: np.ndarray[Any, Any]) -> Callable[[], None]:
        array = aligned_empty(values.shape, values.dtype)
        array[:] = values
        result = aligned_empty((8 * self._lanes,), _F32)
        arguments = [
            Argument("weight", "x", _F32, array.shape),
            Argument("output", "y", _F32, result.shape),
        ]
        entry = EntryPoint(self._code.address(name), arguments, {"x": array}, 1)
        return lambda: entry.run({}, [result])


def _signature(name: str, elements: int, lanes: int) -> str:
    return (
        f'func.func @{name}(%x: memref<{elements}xf32> {{aicc.weight = "x"}}, '
        f'%y: memref<{8 * lanes}xf32> {{aicc.output = "y"}})'
    )


def _adding(lanes: int, chains: int) -> str:
    """acc_i = acc_i * a + b for all chains, STEPS times; then their sum, so that all are needed."""
    vector = f"vector<{lanes}xf32>"
    source = f"memref<{(chains + 2) * lanes}xf32>, {vector}"
    lines = [_signature("multiply_add", (chains + 2) * lanes, lanes) + " {"]
    lines += [f"%c{i} = arith.constant {i * lanes} : index" for i in range(chains + 2)]
    lines += ["%one = arith.constant 1 : index", f"%n = arith.constant {STEPS} : index"]
    lines += [f"%v{i} = vector.load %x[%c{i}] : {source}" for i in range(chains + 2)]
    carried = ", ".join(f"%a{i} = %v{i}" for i in range(chains))
    types = ", ".join([vector] * chains)
    a, b = f"%v{chains}", f"%v{chains + 1}"
    lines += [
        f"%r:{chains} = scf.for %i = %c0 to %n step %one iter_args({carried}) -> ({types}) {{"
    ]
    lines += [f"%f{i} = vector.fma %a{i}, {a}, {b} : {vector}" for i in range(chains)]
    lines += [f"scf.yield {', '.join(f'%f{i}' for i in range(chains))} : {types} }}"]
    lines += _stored_sum([f"%r#{i}" for i in range(chains)], lanes)
    return "\n".join(lines)


def _reading(name: str, lanes: int, elements: int, repeats: int) -> str:
    """The sum of an array in eight chains, `repeats` times over."""
    vector, step = f"vector<{lanes}xf32>", 8 * lanes
    types = ", ".join([vector] * 8)
    zeros = ", ".join(["%zero"] * 8)
    lines = [_signature(name, elements, lanes) + " {"]
    lines += [f"%c{i} = arith.constant {i * lanes} : index" for i in range(9)]
    lines += ["%one = arith.constant 1 : index", f"%times = arith.constant {repeats} : index"]
    lines += [f"%n = arith.constant {elements} : index"]
    lines += [f"%zero = arith.constant dense<0.0> : {vector}"]
    outer = ", ".join(f"%o{i} = {zero}" for i, zero in enumerate(zeros.split(", ")))
    inner = ", ".join(f"%a{i} = %o{i}" for i in range(8))
    lines += [f"%r:8 = scf.for %t = %c0 to %times step %one iter_args({outer}) -> ({types}) {{"]
    lines += [f"%s:8 = scf.for %i = %c0 to %n step %c8 iter_args({inner}) -> ({types}) {{"]
    for i in range(8):
        lines += [f"%p{i} = arith.addi %i, %c{i} : index"]
        lines += [f"%l{i} = vector.load %x[%p{i}] : memref<{elements}xf32>, {vector}"]
        lines += [f"%f{i} = arith.addf %a{i}, %l{i} : {vector}"]
    lines += [f"scf.yield {', '.join(f'%f{i}' for i in range(8))} : {types} }}"]
    lines += [f"scf.yield {', '.join(f'%s#{i}' for i in range(8))} : {types} }}"]
    assert elements % step == 0, (elements, step)
    lines += _stored_sum([f"%r#{i}" for i in range(8)], lanes)
    return "\n".join(lines)


def _stored_sum(values: Sequence[str], lanes: int) -> list[str]:
    vector, total = f"vector<{lanes}xf32>", values[0]
    lines = []
    for i, value in enumerate(values[1:]):
        lines += [f"%sum{i} = arith.addf {total}, {value} : {vector}"]
        total = f"%sum{i}"
    lines += [f"vector.store {total}, %y[%c0] : memref<{8 * lanes}xf32>, {vector}"]
    return [*lines, "return }"]
