"""A Winograd convolution as loops and vectors, from its plan.

    for chunk of tiles:
      V = transformed inputs of the chunk
      for block of output channels:
        M = V U for every position of a tile
        outputs = transformed M, and what follows the convolution, in registers

Threads share the chunks, each with a V and M of its own; or, where the tiles are few and the filter
is large, the tiles and then the blocks of channels of one chunk, with one V and an M each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.writer import Index

from .plan import WinogradPlan
from .stages import Stages
from .writer import TileWriter

# Tiles of inputs that a thread claims at a time.
GROUP = 4


def write_kernel(w: TileWriter, plan: WinogradPlan, stages: Stages) -> None:
    """Write all loops at the insertion point, which is at the top of the kernel."""
    chunks = -(-plan.tiles // plan.chunk)
    if plan.split == "tiles":
        _parallel(w, chunks, lambda chunk: _chunk(w, plan, stages, chunk))
        return
    v = _workspace(w, plan.input_shape)
    m = None if plan.split == "channels" else _workspace(w, plan.product_shape)

    def one(chunk: Index) -> None:
        if plan.split == "channels":
            _shared_chunk(w, plan, stages, chunk, v)
        else:
            _stages(w, plan, stages, chunk, v, m)

    w.each(0, chunks, 1, one)


def _chunk(w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index) -> None:
    """A chunk with memory of its own, that of the thread."""
    v, m = w.buffer(*plan.input_shape), w.buffer(*plan.product_shape)
    _stages(w, plan, stages, chunk, v, m)


def _stages(
    w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index, v: Any, m: Any
) -> None:
    first = w.times(chunk, plan.chunk)
    count = _count(w, plan, first)
    w.each(0, count, 1, lambda slot: stages.read_inputs(first, slot, v))
    w.each(0, plan.blocks, 1, lambda block: _block(w, stages, (first, count), block, v, m))


def _shared_chunk(w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index, v: Any) -> None:
    first = w.times(chunk, plan.chunk)
    count = _count(w, plan, first)

    def block(index: Index) -> None:
        m = w.buffer(*plan.product_shape)
        _block(w, stages, (first, count), index, v, m)

    def group(index: Index) -> None:
        slot = w.times(index, GROUP)
        below = w.add(slot, w.rest(count, slot, GROUP))
        w.each(slot, below, 1, lambda one: stages.read_inputs(first, one, v))

    _parallel(w, -(-plan.chunk // GROUP), group)
    _parallel(w, plan.blocks, block)


def _block(
    w: TileWriter, stages: Stages, tiles: tuple[Index, Index], block: Index, v: Any, m: Any
) -> None:
    """Products and outputs of a block of channels."""
    first, count = tiles
    stages.multiply(block, v, m)
    w.each(0, count, 1, lambda slot: stages.write_outputs(first, slot, block, m))


def _count(w: TileWriter, plan: WinogradPlan, first: Index) -> Index:
    """Tiles of a chunk; the last one may have fewer."""
    if plan.tiles % plan.chunk == 0:
        return plan.chunk
    return w.rest(plan.tiles, first, plan.chunk)


def _workspace(w: TileWriter, shape: tuple[int, int]) -> Any:
    """Memory of the kernel, which `hoist-workspaces` moves into the arena."""
    return w.memref.AllocOp(ir.MemRefType.get(list(shape), w.f32), [], []).result


def _parallel(w: TileWriter, count: Index, body: Callable[[Index], None]) -> None:
    """body(i) for i below count, shared by the threads."""
    scf = dialect("scf")
    loop = scf.ForallOp([0], [count], [1])
    with ir.InsertionPoint(loop.body):
        body(list(loop.body.arguments)[0])
        scf.InParallelOp()
