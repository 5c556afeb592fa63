"""What the kernel of a Winograd convolution computes, and in which blocks.

The tiles of all images are numbered row by row; a chunk of them goes through the three stages at a
time: V = transformed inputs [n^2][tiles][channels]; for every block of output channels the n^2
products M = V U [n^2][tiles][block]; outputs with the epilogue. V and M stay in the cache.
Of a volume, a chunk holds some tiles in some layers of outputs, layer by layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph.winograd import positions
from aicc.passes.schedule.kernel_plan import KernelPlan
from aicc.passes.schedule.register_cost import best_rows
from aicc.target import Target

from .blocks import Blocks, blocks_for
from .depth import Depth, depth_of

# Elements between two planes of V or M beyond their size: planes at multiples of 4 KB would all
# fall into one set of a first-level cache.
PLANE_GAP = 16


@dataclass(frozen=True)
class WinogradPlan(KernelPlan):
    """Sizes, positions of x and the filter among the kernel's arguments, and decisions.

    `chunk`: tiles that go through the stages together, in each of `layers` layers of a volume;
    `rows`: those of a register tile.
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
    depth: int = 1
    out_depth: int = 1
    taps: int = 1
    depth_stride: int = 1
    depth_dilation: int = 1
    front: int = 0
    layers: int = 1

    @staticmethod
    def of(op: Any, arguments: tuple[int, int], machine: Target, threads: int) -> WinogradPlan:
        """The plan of a `graph.winograd_conv` whose x and filter are these arguments."""
        batch, *_, height, width, channels = op.x.type.shape
        *_, out_height, out_width, out_channels = op.y.type.shape
        depth = depth_of(op.x.type.shape, op.y.type.shape, op.pads, op.depth)
        tiles = batch * -(-out_height // op.tile) * -(-out_width // op.tile)
        block = op.w.type.shape[-1]
        top, left = op.pads[: len(op.pads) // 2][-2:]
        sizes = Blocks(op.tile, tiles, channels, out_channels, block, depth)
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
            top,
            left,
            *arguments,
            machine.lanes(),
            machine.vector_registers,
            chunk,
            best_rows(depth.layers * chunk, block // machine.lanes(), machine.vector_registers)[0],
            sizes.is_streamed(machine),
            split,
            depth.size,
            depth.out,
            depth.taps,
            depth.stride,
            depth.dilation,
            depth.front,
            depth.layers,
        )

    @property
    def along_depth(self) -> Depth:
        """The third dimension."""
        return Depth(
            self.depth,
            self.out_depth,
            self.taps,
            self.depth_stride,
            self.depth_dilation,
            self.front,
            self.layers,
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
        """Tiles of all images, or of one layer of all volumes."""
        rows, columns = self.grid
        return self.batch * rows * columns

    @property
    def blocks(self) -> int:
        """Blocks of output channels."""
        return -(-self.out_channels // self.block)

    @property
    def row(self) -> int:
        """Channels of a row of V: whole vectors."""
        return -(-self.channels // self.lanes) * self.lanes

    @property
    def input_shape(self) -> tuple[int, int]:
        """V of a chunk."""
        return self.positions, self.along_depth.slabs * self.chunk * self.row + PLANE_GAP

    @property
    def product_shape(self) -> tuple[int, int]:
        """M of a chunk and a block of channels."""
        return self.positions, self.layers * self.chunk * self.block + PLANE_GAP
