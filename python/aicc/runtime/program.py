"""One compiled specialisation: entry points, weights, and frames to run it in."""

from __future__ import annotations

import ctypes
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.runtime.profile import Interval, Profile, profile_of

from . import library
from .addresses import address_of
from .alignment import aligned_empty
from .denormals import flush_denormals
from .prepared import Prepared
from .residency import giving_back, in_memory
from .roofline import MachineSpeed

# What code with parallel loops calls; without it no worker has to be woken for a run.
_FORK = b"__kmpc_fork_call"


@dataclass(frozen=True)
class Argument:
    """One pointer of an entry point. kind: input, weight, prepared, output, arena or marks."""

    kind: str
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


class Frame:
    """Arena and argument table of one call; a frame serves one call at a time."""

    def __init__(self, arguments: Sequence[Argument], fixed: Mapping[str, np.ndarray[Any, Any]]):
        # numpy's scalars take longer to write than those of ctypes
        self.pointers = (ctypes.c_uint64 * len(arguments))()
        base = ctypes.addressof(self.pointers)
        self.table = np.arange(base, base + 8 * len(arguments), 8, dtype=np.uint64)
        self.address = int(self.table.ctypes.data)
        for i, a in enumerate(arguments):
            if a.kind == "arena":
                self.arena = aligned_empty(a.shape, a.dtype)
                self.pointers[i] = self.arena.ctypes.data
            elif a.kind == "marks":
                self.marks = aligned_empty(a.shape, a.dtype)
                self.pointers[i] = self.marks.ctypes.data
            elif a.kind in ("weight", "prepared"):
                self.pointers[i] = fixed[a.name].ctypes.data


class EntryPoint:
    """A compiled public function, its arguments, and the arrays that never change."""

    def __init__(
        self,
        address: int,
        arguments: Sequence[Argument],
        fixed: Mapping[str, np.ndarray[Any, Any]],
        threads: int,
    ) -> None:
        call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)
        self._call = library.on_threads(call, threads)
        self.arguments = list(arguments)
        self._inputs = [(i, a.name) for i, a in enumerate(arguments) if a.kind == "input"]
        self.outputs = [(i, a) for i, a in enumerate(arguments) if a.kind == "output"]
        self.fixed = {n: np.require(v, requirements=["C", "A"]) for n, v in fixed.items()}
        # no lock: append and pop are atomic
        self._frames: deque[Frame] = deque()

    def run(
        self,
        inputs: Mapping[str, np.ndarray[Any, Any]],
        outputs: Sequence[np.ndarray[Any, Any]],
        marks: np.ndarray[Any, Any] | None = None,
    ) -> None:
        """Call with contiguous arrays of the right types; thread-safe, one frame per call.

        `marks` [intervals + 1, uint64] gets the cycle counts that code made for profiling notes.
        """
        frame = self._free_frame()
        pointers = frame.pointers
        for i, name in self._inputs:
            pointers[i] = address_of(inputs[name])
        for (i, _), array in zip(self.outputs, outputs, strict=True):
            pointers[i] = address_of(array)
        self._call(frame.address)
        if marks is not None:
            marks[:] = frame.marks
        self._frames.append(frame)

    def _free_frame(self) -> Frame:
        try:
            return self._frames.pop()
        except IndexError:
            return Frame(self.arguments, self.fixed)


class Program:
    """`@main` ready to run: weights prepared, code loaded."""

    host_steps: Sequence[str] = ()
    compile_count = 1  # how often code was made for the part that needed it most

    def __init__(
        self,
        engine: Any,
        entry_points: Mapping[str, Sequence[Argument]],
        weights: Mapping[str, np.ndarray[Any, Any]],
        threads: int,
        intervals: Sequence[Interval] = (),
        keep_denormals: bool = False,
        speed: Callable[[], MachineSpeed] | None = None,
    ) -> None:
        """`speed` measures the machine, for profiles."""
        self._engine = engine
        self.threads = threads
        self.intervals = list(intervals)
        self._speed = speed
        is_parallel = threads > 1 and any(_FORK in code for code in engine.objects)
        count = threads if is_parallel else 1
        fixed = dict(weights)
        if "prepare" in entry_points:
            prepared = self._prepare(entry_points["prepare"], weights, count)
            for array in () if keep_denormals else prepared.values():
                flush_denormals(array)
            fixed |= prepared
        arguments = entry_points["main"]
        # copied, because the model's own file may be written into while this program lives
        used = {
            a.name: in_memory(fixed[a.name]) for a in arguments if a.kind in ("weight", "prepared")
        }
        self.main = EntryPoint(engine.address("main"), arguments, used, count)
        self.inputs = [a for a in arguments if a.kind == "input"]
        self.outputs = [a for a in arguments if a.kind == "output"]

    def _prepare(
        self,
        arguments: Sequence[Argument],
        weights: Mapping[str, np.ndarray[Any, Any]],
        threads: int,
    ) -> dict[str, np.ndarray[Any, Any]]:
        """Run @prepare once: the arrays that depend on weights alone."""
        used = {a.name: weights[a.name] for a in arguments if a.kind == "weight"}
        prepare = EntryPoint(self._engine.address("prepare"), arguments, used, threads)
        arrays = {a.name: aligned_empty(a.shape, a.dtype) for _, a in prepare.outputs}
        with giving_back(used.values()):
            prepare.run({}, list(arrays.values()))
        return arrays

    def objects(self) -> list[bytes]:
        """The relocatable objects that the code was loaded from."""
        return list(self._engine.objects)

    def share(self, prepared: Prepared) -> None:
        """Let go of what this program prepared and another had before; not while it runs."""
        fixed = self.main.fixed
        for a in self.main.arguments:
            if a.kind == "prepared":
                fixed[a.name] = prepared.one(a.name, fixed[a.name])

    def held(self) -> dict[int, int]:
        """Memory that this program keeps, weights as the model has them aside: address -> bytes."""
        blocks: dict[int, int] = self._engine.held()
        for a in self.main.arguments:
            if a.kind == "prepared":
                array = self.main.fixed[a.name]
                blocks[address_of(array)] = array.nbytes
            elif a.kind == "arena":
                blocks[id(self)] = int(np.prod(a.shape)) * a.dtype.itemsize
        return blocks

    def run(
        self,
        inputs: Mapping[str, np.ndarray[Any, Any]],
        out: Mapping[str, np.ndarray[Any, Any]] | None = None,
    ) -> dict[str, np.ndarray[Any, Any]]:
        """Outputs by name, freshly allocated unless given in `out`."""
        given = out or {}
        results = {
            a.name: given[a.name] if a.name in given else aligned_empty(a.shape, a.dtype)
            for a in self.outputs
        }
        self.main.run(inputs, list(results.values()))
        return results

    def profile(self, inputs: Mapping[str, np.ndarray[Any, Any]], runs: int) -> Profile:
        """Time every kernel in `runs` runs, after one that is not counted."""
        outputs = [aligned_empty(a.shape, a.dtype) for a in self.outputs]
        self.main.run(inputs, outputs)
        marks = np.zeros((runs, len(self.intervals) + 1), np.uint64)
        total = np.zeros(runs)
        for i in range(runs):
            start = time.perf_counter()
            self.main.run(inputs, outputs, marks[i])
            total[i] = time.perf_counter() - start
        return profile_of(self.intervals, marks, total, self._speed() if self._speed else None)
