"""The third dimension of a volume in a Winograd convolution, which is summed up directly.

    y[d] = sum over taps t of conv2d(x[d * stride + t * dilation - front], w[t])

The taps lengthen the sums of the matrix products, M = sum over t of V[t] U[t], before the outputs
are transformed, once. With a stride of one, neighbouring layers of outputs read the same layers of
inputs: these are transformed once for the `layers` that go through the stages together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Layers of outputs that share their transformed inputs, at most: beyond, little is saved, and few
# tiles of a layer would fit into the cache.
MOST_LAYERS = 8


@dataclass(frozen=True)
class Depth:
    """Sizes along the depth; an image is a volume of one layer.

    `size`, `out`: layers of inputs and of outputs; `front`: those of zeros before the inputs;
    `layers`: outputs of a chunk, one above the other.
    """

    size: int = 1
    out: int = 1
    taps: int = 1
    stride: int = 1
    dilation: int = 1
    front: int = 0
    layers: int = 1

    @staticmethod
    def of(size: int, out: int, taps: int, stride: int, dilation: int, front: int) -> Depth:
        """With as many layers as share inputs, in equal parts."""
        layers = -(-out // -(-out // MOST_LAYERS))
        shared = Depth(size, out, taps, stride, dilation, front, layers)
        single = Depth(size, out, taps, stride, dilation, front, 1)
        is_shared = stride == 1 and shared.slabs <= taps * layers
        return shared if is_shared else single

    @property
    def parts(self) -> int:
        """Chunks along the depth."""
        return -(-self.out // self.layers)

    @property
    def step(self) -> int:
        """Layers of inputs from one that a chunk transforms to the next."""
        return self.dilation if self.layers == 1 else 1

    @property
    def hop(self) -> int:
        """Transformed layers from one tap to the next."""
        return self.dilation // self.step

    @property
    def slabs(self) -> int:
        """Layers of inputs that a chunk transforms."""
        return self.layers + (self.taps - 1) * self.hop

    @property
    def is_inside(self) -> bool:
        """Whether no chunk reads a layer of zeros, or one beyond the last."""
        last = (self.parts * self.layers - 1) * self.stride + (self.taps - 1) * self.dilation
        return self.front == 0 and last < self.size


def depth_of(
    x: Sequence[int], y: Sequence[int], pads: Sequence[int], depth: Sequence[int]
) -> Depth:
    """The third dimension of a convolution from x to y, both channels last, with or without one.

    `depth`: taps, stride and dilation.
    """
    if len(x) == 4:
        return Depth()
    taps, stride, dilation = depth
    return Depth.of(x[1], y[1], taps, stride, dilation, pads[0])
