"""Where in an argument's memory a kernel reads and writes, loop by loop.

An access is a box in the coordinates of the argument: for each dimension a linear start and a
length. Arguments are reached through views; those that reshape whole contiguous memory open a new
coordinate system (`frame`), subviews shift the box.

    scf.for %i { %s = memref.subview %x[0, %i, 0][1, 1, 384]; vector.load %s[%c0, %c0, %c16] }
    ->  frame (128, 384), loops (%i), box [(i, 1), (16, 16)]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aicc._mlir import ir

from .index_math import Linear, Loop, linear
from .lifetimes import Steps, steps_of
from .views import VIEWS, WHOLE_VIEWS, is_identity, is_memref

DYNAMIC = -(2**63)  # stands for an SSA operand in a subview's static lists
# op name -> position of the memref among its operands
LOADS = {
    "memref.load": 0,
    "memref.prefetch": 0,
    "vector.load": 0,
    "vector.maskedload": 0,
    "vector.transfer_read": 0,
}
STORES = {"memref.store": 1, "vector.store": 1, "vector.maskedstore": 0, "vector.transfer_write": 1}


# Besides these and linalg ops nothing may take the memory: it could keep the pointer.
OTHERS = ("memref.copy", "func.call")


class NotUnderstood(Exception):
    """The kernel reaches the memory in a way that is not analysed."""


@dataclass(frozen=True)
class Side:
    """One dimension of a box: first coordinate and number of coordinates."""

    start: Linear
    length: int


@dataclass
class Access:
    """One op that reaches the argument: where it stands, its loops, and the box it touches."""

    op: Any
    operand: int
    path: tuple[int, ...]
    loops: list[Loop]
    frame: tuple[int, ...]
    box: list[Side]

    @property
    def only_reads(self) -> bool:
        """True if the memory is not written through this operand."""
        return only_reads(self.op, self.operand)


def only_reads(op: Any, operand: int) -> bool:
    """True if the op is known not to write the memory of one of its operands."""
    if op.name.startswith("linalg."):
        segments = "operandSegmentSizes"
        known = segments in op.attributes
        inputs = op.attributes[segments][0] if known else len(op.operands) - 1
        return bool(operand < inputs)
    return op.name in LOADS or (op.name == "memref.copy" and operand == 0)


def written_arguments(kernel: Any) -> set[int]:
    """Positions of the arguments that a kernel may write."""
    arguments = kernel.operation.regions[0].blocks[0].arguments
    return {i for i, a in enumerate(arguments) if is_memref(a) and _is_written(a)}


def _is_written(value: Any) -> bool:
    for use in value.uses:
        owner = use.owner.operation
        if owner.name in VIEWS:
            if _is_written(owner.results[0]):
                return True
        elif not only_reads(owner, use.operand_number):
            return True
    return False


@dataclass
class _Window:
    """A view: its frame, the box it shows, and for each of its dimensions that of the frame."""

    value: Any
    frame: tuple[int, ...]
    box: list[Side]
    dims: list[int]


@dataclass
class Kernel:
    """Positions and loops of a kernel's ops, found once."""

    function: Any
    _positions: dict[Any, dict[Any, int]] = field(default_factory=dict)
    _loops: dict[Any, list[Loop]] = field(default_factory=dict)

    @property
    def body(self) -> Any:
        """The entry block."""
        return self.function.operation.regions[0].blocks[0]

    @cached_property
    def steps(self) -> Steps:
        """When each argument is touched."""
        return steps_of(self.function)

    def accesses(self, argument: Any, only_writes: bool = False) -> list[Access]:
        """Ops that reach the argument's memory; NotUnderstood if one cannot be placed."""
        if not is_identity(argument.type):
            raise NotUnderstood(f"layout of {argument.type}")
        found, windows = [], [_whole(argument)]
        while windows:
            window = windows.pop()
            for use in window.value.uses:
                op, number = use.owner.operation, use.operand_number
                view = self._view(op, window) if number == 0 else None
                if view:
                    windows.append(view)
                elif not (only_writes and only_reads(op, number)):
                    found.append(self._access(op, number, window))
        return found

    def _view(self, op: Any, window: _Window) -> _Window | None:
        if op.name in WHOLE_VIEWS:
            if is_identity(op.results[0].type) and is_identity(window.value.type):
                return _whole(op.results[0])
            return _without_units(op.results[0], window)
        return self._subview(op, window) if op.name == "memref.subview" else None

    def _subview(self, op: Any, window: _Window) -> _Window:
        starts, sizes, steps = (
            list(op.attributes[f"static_{name}"]) for name in ("offsets", "sizes", "strides")
        )
        if any(s != 1 for s in steps) or DYNAMIC in sizes:
            raise NotUnderstood("subview with strides or open sizes")
        operands = iter(list(op.operands)[1:])
        box = list(window.box)
        for dim, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            at = Linear(start) if start != DYNAMIC else self.linear(next(operands))
            old = box[window.dims[dim]]
            box[window.dims[dim]] = Side(old.start + at, size)
        cut = _Window(op.results[0], window.frame, box, window.dims)
        return cut if len(op.results[0].type.shape) == len(sizes) else _matched(cut, sizes)

    def linear(self, value: Any) -> Linear:
        """The index as a linear expression; NotUnderstood if it is none."""
        found = linear(value, lambda v: isinstance(v.owner, ir.Block) and self._is_counter(v))
        if found is None:
            # not the value itself: its text numbers every value of the function
            raise NotUnderstood("an index that is not linear")
        return found

    def _is_counter(self, value: Any) -> bool:
        owner = value.owner.owner.operation
        if owner.name not in ("scf.for", "scf.forall"):
            return False
        return any(loop.counter == value for loop in self._loops_of(owner))

    def _access(self, op: Any, number: int, window: _Window) -> Access:
        if not (op.name.startswith("linalg.") or op.name in (*LOADS, *STORES, *OTHERS)):
            raise NotUnderstood(op.name)
        path, loops = self._where(op)
        box = list(window.box)
        if op.name in LOADS or op.name in STORES:
            box = self._element_box(op, number, window)
        return Access(op, number, path, loops, window.frame, box)

    def _element_box(self, op: Any, number: int, window: _Window) -> list[Side]:
        """The box of a load or store: its indices, as long as its vector."""
        rank = len(window.value.type.shape)
        if len(window.dims) != rank:
            raise NotUnderstood("rank")
        moved = _moved(op, number)
        shape = list(moved.shape) if isinstance(moved, ir.VectorType) else []
        if op.name.startswith("vector.transfer") and not _is_trailing(op, rank):
            return list(window.box)
        lengths = [1] * (rank - len(shape)) + shape
        box = list(window.box)
        for i, index in enumerate(list(op.operands)[number + 1 : number + 1 + rank]):
            side = box[window.dims[i]]
            box[window.dims[i]] = Side(side.start + self.linear(index), lengths[i])
        return box

    def _where(self, op: Any) -> tuple[tuple[int, ...], list[Loop]]:
        """Position at every level down from the kernel's body, and the loops around the op."""
        path: list[int] = []
        loops: list[Loop] = []
        block = op.block
        while block != self.body:
            path.append(self._position(block, op))
            op = block.owner.operation
            loops = self._loops_of(op) + loops
            block = op.block
        path.append(self._position(block, op))
        return tuple(reversed(path)), loops

    def _position(self, block: Any, op: Any) -> int:
        first = block.operations[0].operation
        if first not in self._positions:
            self._positions[first] = {o.operation: i for i, o in enumerate(block.operations)}
        return self._positions[first][op]

    def _loops_of(self, op: Any) -> list[Loop]:
        if op not in self._loops:
            self._loops[op] = _loops_of(op)
        return self._loops[op]


def _moved(op: Any, number: int) -> Any:
    """Type of what a load or store moves."""
    if op.name == "memref.prefetch":
        return op.operands[number].type.element_type
    if op.name == "vector.maskedstore":
        return op.operands[len(op.operands) - 1].type
    return op.results[0].type if op.name in LOADS else op.operands[1 - number].type


def _whole(value: Any) -> _Window:
    """Coordinates without the unit dimensions, so that reshapes by those keep the frame."""
    shape = list(value.type.shape)
    frame = tuple(s for s in shape if s != 1)
    dims, next_dim = [], 0
    for size in shape:
        dims.append(next_dim if size != 1 else len(frame))
        next_dim += size != 1
    # one more coordinate takes the indices of all unit dimensions: they are 0
    box = [Side(Linear(0), s) for s in frame] + [Side(Linear(0), 1)]
    return _Window(value, frame, box, dims)


def _matched(window: _Window, sizes: list[int]) -> _Window:
    """A subview of lower rank: unit dimensions are gone."""
    shape = list(window.value.type.shape)
    kept = [d for d, s in zip(window.dims, sizes, strict=True) if s != 1]
    if [s for s in shape if s != 1] != [s for s in sizes if s != 1]:
        raise NotUnderstood("rank-reducing subview")
    dims, remaining = [], iter(kept)
    for size in shape:
        dims.append(next(remaining) if size != 1 else len(window.frame))
    return _Window(window.value, window.frame, window.box, dims)


def _without_units(value: Any, window: _Window) -> _Window:
    """A reshape of a strided view that only adds or drops unit dimensions."""
    sizes = list(window.value.type.shape)
    return _matched(_Window(value, window.frame, window.box, window.dims), sizes)


def _is_trailing(op: Any, rank: int) -> bool:
    """True if the transfer's vector lies along the last dimensions, in order."""
    map_ = op.attributes["permutation_map"].value
    first = rank - len(map_.results)
    return all(
        isinstance(e, ir.AffineDimExpr) and e.position == first + i
        for i, e in enumerate(map_.results)
    )


def _loops_of(op: Any) -> list[Loop]:
    """The counters of a loop op; none for other ops with regions that run at most once."""
    if op.name == "scf.for":
        bounds = [_constant(v) for v in list(op.operands)[:3]]
        return [_loop(op.regions[0].blocks[0].arguments[0], *bounds)]
    if op.name == "scf.forall":
        if len(op.operands):
            raise NotUnderstood("open bounds")
        limits = [
            list(op.attributes[f"static{name}"]) for name in ("LowerBound", "UpperBound", "Step")
        ]
        arguments = list(op.regions[0].blocks[0].arguments)
        return [_loop(a, *b) for a, b in zip(arguments, zip(*limits, strict=True), strict=True)]
    if op.name in ("scf.if", "memref.alloca_scope"):
        return []
    raise NotUnderstood(f"accesses inside {op.name}")


def _loop(counter: Any, start: int, stop: int, step: int) -> Loop:
    return Loop(counter, start, step, max(0, -(-(stop - start) // step)))


def _constant(value: Any) -> int:
    owner = value.owner
    if isinstance(owner, ir.Block) or owner.name != "arith.constant":
        raise NotUnderstood("loop with open bounds")
    return int(owner.attributes["value"].value)
