"""What the kernel of a Winograd convolution computes, and in which blocks.

The tiles of all images are numbered row by row; a chunk of them goes through the three stages at a
time: V = transformed inputs [n^2][tiles][channels]; for every block of output channels the n^2
products M = V U [n^2][tiles][block]; outputs with the epilogue. V and M stay in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph.winograd import positions
from aicc.passes.schedule.kernel_plan import KernelPlan
from aicc.passes.schedule.register_cost import best_rows
from aicc.target import Target

from .blocks import Blocks, blocks_for

# Elements between two planes of V or M beyond their size: planes at multiples of 4 KB would all
# fall into one set of a first-level cache.
PLANE_GAP = 16


@dataclass(frozen=True)
class WinogradPlan(KernelPlan):
    """Sizes, positions of x and the filter among the kernel's arguments, and decisions.

    `chunk`: tiles that go through the stages together; `rows`: those of a register tile.
    `streams`: the filter comes from beyond the second-level cache and is read ahead.
    `split`: what the threads share: "none", "tiles" (a chunk each), or "channels" (blocks of
    output channels of the same chunk).
    """

    ATTRIBUTE = "aicc.winograd"

    tile: int
    batch: int
    height: int
    width: int
    channels: int
    out_height: int
    out_width: int
    out_channels: int
    block: int
    top: int
    left: int
    x: int
    w: int
    lanes: int
    registers: int
    chunk: int
    rows: int
    streams: bool
    split: str

    @staticmethod
    def of(op: Any, arguments: tuple[int, int], machine: Target, threads: int) -> WinogradPlan:
        """The plan of a `graph.winograd_conv` whose x and filter are these arguments."""
        batch, height, width, channels = op.x.type.shape
        _, out_height, out_width, out_channels = op.y.type.shape
        tiles = batch * -(-out_height // op.tile) * -(-out_width // op.tile)
        block = op.w.type.shape[-1]
        sizes = Blocks(op.tile, tiles, channels, out_channels, block)
        chunk, split = blocks_for(sizes, machine, threads)
        return WinogradPlan(
            op.tile,
            batch,
            height,
            width,
            channels,
            out_height,
            out_width,
            out_channels,
            block,
            op.pads[0],
            op.pads[1],
            *arguments,
            machine.lanes(),
            machine.vector_registers,
            chunk,
            best_rows(chunk, block // machine.lanes(), machine.vector_registers)[0],
            sizes.filter_bytes > machine.l2_bytes // 2,
            split,
        )

    @property
    def window(self) -> int:
        """Rows and columns of a tile of inputs."""
        return self.tile + 2

    @property
    def positions(self) -> int:
        """Matrix products."""
        return positions(self.tile)

    @property
    def grid(self) -> tuple[int, int]:
        """Tiles of an image: rows, columns."""
        return -(-self.out_height // self.tile), -(-self.out_width // self.tile)

    @property
    def tiles(self) -> int:
        """Tiles of all images."""
        rows, columns = self.grid
        return self.batch * rows * columns

    @property
    def blocks(self) -> int:
        """Blocks of output channels."""
        return -(-self.out_channels // self.block)

    @property
    def depth(self) -> int:
        """Channels of a row of V: whole vectors."""
        return -(-self.channels // self.lanes) * self.lanes

    @property
    def input_shape(self) -> tuple[int, int]:
        """V of a chunk."""
        return self.positions, self.chunk * self.depth + PLANE_GAP

    @property
    def product_shape(self) -> tuple[int, int]:
        """M of a chunk and a block of channels."""
        return self.positions, self.chunk * self.block + PLANE_GAP
