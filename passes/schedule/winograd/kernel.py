"""A Winograd convolution as loops and vectors, from its plan.

    for chunk of tiles (of a volume: in some layers):
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
from .stages import Chunk, Stages
from .writer import TileWriter

# Tiles of inputs that a thread claims at a time.
GROUP = 4


def write_kernel(w: TileWriter, plan: WinogradPlan, stages: Stages) -> None:
    """Write all loops at the insertion point, which is at the top of the kernel."""
    chunks = -(-plan.tiles // plan.chunk) * plan.along_depth.parts
    if plan.split == "tiles":
        _parallel(w, chunks, lambda chunk: _own_chunk(w, plan, stages, chunk))
        return
    v = _workspace(w, plan.input_shape)
    m = None if plan.split == "channels" else _workspace(w, plan.product_shape)

    def one(chunk: Index) -> None:
        if plan.split == "channels":
            _shared_chunk(w, plan, stages, chunk, v)
        else:
            _stages(w, plan, stages, chunk, v, m)

    w.each(0, chunks, 1, one)


def _own_chunk(w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index) -> None:
    """A chunk with memory of its own, that of the thread."""
    v, m = w.buffer(*plan.input_shape), w.buffer(*plan.product_shape)
    _stages(w, plan, stages, chunk, v, m)


def _stages(
    w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index, v: Any, m: Any
) -> None:
    tiles = _chunk(w, plan, chunk)
    _read_inputs(w, plan, stages, tiles, (0, tiles.count), v)
    w.each(0, plan.blocks, 1, lambda block: _block(w, stages, tiles, block, v, m))


def _shared_chunk(w: TileWriter, plan: WinogradPlan, stages: Stages, chunk: Index, v: Any) -> None:
    tiles = _chunk(w, plan, chunk)
    size = max(1, GROUP // plan.along_depth.slabs)

    def block(index: Index) -> None:
        m = w.buffer(*plan.product_shape)
        _block(w, stages, tiles, index, v, m)

    def group(index: Index) -> None:
        slot = w.times(index, size)
        below = w.add(slot, w.rest(tiles.count, slot, size))
        _read_inputs(w, plan, stages, tiles, (slot, below), v)

    _parallel(w, -(-plan.chunk // size), group)
    _parallel(w, plan.blocks, block)


def _read_inputs(
    w: TileWriter,
    plan: WinogradPlan,
    stages: Stages,
    tiles: Chunk,
    slots: tuple[Index, Index],
    v: Any,
) -> None:
    """V of some of a chunk's tiles, in all of its layers."""

    def slab(index: Index) -> None:
        w.each(*slots, 1, lambda slot: stages.read_inputs(tiles, index, slot, v))

    w.each(0, plan.along_depth.slabs, 1, slab)


def _block(w: TileWriter, stages: Stages, tiles: Chunk, block: Index, v: Any, m: Any) -> None:
    """Products and outputs of a block of channels."""

    def layer(index: Index) -> None:
        w.each(0, tiles.count, 1, lambda slot: stages.write_outputs(tiles, index, slot, block, m))

    stages.multiply(block, v, m)
    w.each(0, tiles.layers, 1, layer)


def _chunk(w: TileWriter, plan: WinogradPlan, index: Index) -> Chunk:
    """The tiles of a chunk: neighbours in a layer, then the next layers."""
    depth, across = plan.along_depth, -(-plan.tiles // plan.chunk)
    first = w.times(w.remainder(index, across) if depth.parts > 1 else index, plan.chunk)
    layer = w.times(w.quotient(index, across), depth.layers) if depth.parts > 1 else 0
    layers = _count(w, depth.out, layer, depth.layers)
    return Chunk(first, _count(w, plan.tiles, first, plan.chunk), layer, layers)


def _count(w: TileWriter, total: int, first: Index, most: int) -> Index:
    """How many of a chunk there are; the last one may have fewer."""
    return most if total % most == 0 else w.rest(total, first, most)


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
