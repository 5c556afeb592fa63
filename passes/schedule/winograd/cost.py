"""Seconds of a 3x3 convolution, directly and by Winograd's algorithm.

A model of three terms, in which only ratios matter. The numbers were measured on a 2-core Xeon with
AVX-512, on layers of ResNet, VGG and U-Net.

- arithmetic: 9 products per output, tap and channel directly; for tiles of m x m outputs (m + 2)^2
  per tile, partial tiles at the edges counted whole, output channels rounded up to panels. Both run
  at 0.95 of the peak, less where the reduction is short: entering a register tile costs some steps.
- transforms: each element of a transformed tile is made, written and read once, for every vector
  of input and of output channels: 7 cycles each, mostly of the caches.
- the filter, (m + 2)^2 / 9 times as large, comes from memory in every run of a model, at 14 GB/s
  and core. Winograd's kernel reads it ahead, behind the arithmetic; directly about half is hidden.
  With few tiles this is what decides: 14x14 outputs of 256 channels take tiles of 2, not 4.

The depth of a volume multiplies products and filter in both; inputs are transformed once for the
layers of outputs that share them, and a filter beyond the cache is read for each such part.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from aicc.dialects.graph.winograd import KERNEL, POINTS, positions
from aicc.target import Target

from .blocks import Blocks, filter_block
from .depth import Depth

CYCLES_PER_SECOND = 3.5e9
SHARE_OF_PEAK = 0.95
ENTRY_STEPS = 3
TRANSFORM_CYCLES = 7.0
FILTER_BYTES_PER_SECOND = 14.0e9
# Cores together get no more than so many times what one gets from memory.
CORES_OF_MEMORY = 4
HIDDEN_DIRECTLY = 0.5
# Winograd's algorithm rounds more and takes more memory: it must be faster by this factor.
MARGIN = 1.1


@dataclass(frozen=True)
class Layer:
    """A convolution 3x3 with stride 1: its output's shape, its input channels and its depth."""

    batch: int
    height: int
    width: int
    out_channels: int
    channels: int
    depth: Depth = field(default_factory=Depth)


def best_tile(layer: Layer, machine: Target, threads: int) -> int:
    """4 or 2 where Winograd's algorithm is faster with such tiles; 0 where it is not."""
    direct = direct_seconds(layer, machine, threads)
    seconds, tile = min((winograd_seconds(layer, m, machine, threads), m) for m in POINTS)
    return tile if seconds * MARGIN < direct else 0


def direct_seconds(layer: Layer, machine: Target, threads: int) -> float:
    """Time of the convolution as nine products per output and channel."""
    lanes = machine.lanes()
    pixels = layer.batch * layer.depth.out * layer.height * layer.width
    depth = KERNEL**2 * layer.depth.taps * layer.channels
    products = pixels * depth * _padded(layer.out_channels, lanes)
    steps = (depth + ENTRY_STEPS) / depth
    reading = _reading(depth * layer.out_channels, threads)
    return products * steps / _rate(machine) / threads + (1 - HIDDEN_DIRECTLY) * reading


def winograd_seconds(layer: Layer, tile: int, machine: Target, threads: int) -> float:
    """Time of the convolution by tiles of `tile` x `tile` outputs."""
    lanes, depth = machine.lanes(), layer.depth
    tiles = layer.batch * -(-layer.height // tile) * -(-layer.width // tile)
    block = filter_block(layer.out_channels, lanes, machine.vector_registers)
    columns = _padded(layer.out_channels, block)
    reduction = depth.taps * layer.channels
    products = positions(tile) * tiles * depth.out * reduction * columns
    steps = (reduction + ENTRY_STEPS) / reduction
    inputs = depth.parts * depth.slabs * -(-layer.channels // lanes)
    vectors = tiles * (inputs + depth.out * (columns // lanes))
    transforms = vectors * positions(tile) * TRANSFORM_CYCLES / CYCLES_PER_SECOND
    sizes = Blocks(tile, tiles, layer.channels, columns, block, depth)
    passes = depth.parts if sizes.is_streamed(machine) else 1
    reading = passes * _reading(positions(tile) * reduction * columns, threads)
    return max(products * steps / _rate(machine) / threads, reading) + transforms / threads


def _reading(numbers: int, threads: int) -> float:
    """Time to read so many numbers of a filter from memory."""
    return 4 * numbers / FILTER_BYTES_PER_SECOND / min(threads, CORES_OF_MEMORY)


def _rate(machine: Target) -> float:
    """Multiply-adds a second of one core."""
    return CYCLES_PER_SECOND * machine.fma_ports * machine.lanes() * SHARE_OF_PEAK


def _padded(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
