"""Where resizing one axis reads, and by which weights: known when compiling, in f64.

Output position o maps to a source coordinate; the kernel of the mode is laid around it. Positions
beyond an end read the element at that end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Kernel:
    """What an ONNX Resize node says of its interpolation."""

    mode: str
    coordinates: str
    rounding: str = "round_prefer_floor"
    cubic_a: float = -0.75
    exclude_outside: bool = False
    antialias: bool = False


@dataclass(frozen=True)
class AxisSampling:
    """[size, taps] positions and weights (None: one tap of weight 1); `outside` the source."""

    positions: Array
    weights: Array | None
    outside: Array

    def is_identity(self, size: int) -> bool:
        """True if it changes nothing."""
        return self.repeats(size) == 1

    def repeats(self, size: int) -> int:
        """How often each of `size` elements appears in a row, 0 if it is not as simple as that."""
        times, rest = divmod(len(self.positions), max(size, 1))
        if rest or not times or self.outside.any():
            return 0
        first = self._single_positions()
        expected = np.repeat(np.arange(size), times)
        return times if first is not None and np.array_equal(first, expected) else 0

    def _single_positions(self) -> Array | None:
        """The one position each element copies, None if some mix several."""
        if self.weights is None:
            return self.positions[:, 0]
        heaviest = np.argmax(self.weights, axis=1)[:, None]
        chosen = np.take_along_axis(self.positions, heaviest, 1)
        inside = np.where(self.positions == chosen, self.weights, 0).sum(axis=1)
        others = np.where(self.positions != chosen, np.abs(self.weights), 0).sum(axis=1)
        return chosen[:, 0] if np.all(inside == 1) and not others.any() else None


def axis_sampling(
    size: int, out_size: int, scale: float, roi: tuple[float, float], kernel: Kernel
) -> AxisSampling:
    """The sampling of an axis of `size` elements enlarged `scale` times to `out_size`."""
    x = source_coordinates(size, out_size, scale, roi, kernel.coordinates)
    outside = np.zeros(out_size, bool)
    if kernel.coordinates == "tf_crop_and_resize":
        outside = (x < 0) | (x > size - 1)
    if kernel.mode == "nearest":
        nearest = np.clip(_rounded(x, kernel.rounding), 0, max(size - 1, 0))
        return AxisSampling(nearest.astype(np.int64)[:, None], None, outside)
    positions, weights = _taps(x, scale, kernel)
    if kernel.exclude_outside:
        weights = np.where((positions < 0) | (positions >= size), 0.0, weights)
        total = weights.sum(axis=1, keepdims=True)
        weights = weights / np.where(total == 0, 1.0, total)
    return AxisSampling(np.clip(positions, 0, size - 1), weights, outside)


def source_coordinates(
    size: int, out_size: int, scale: float, roi: tuple[float, float], mode: str
) -> Array:
    """Coordinates in the source of the elements 0, 1, .. of the result."""
    o = np.arange(out_size, dtype=np.float64)
    length = scale * size  # the length of the result, before it is cut to a whole number
    if mode == "asymmetric":
        return o / scale
    if mode == "align_corners":
        return o * 0 if length == 1 else o * (size - 1) / (length - 1)
    if mode == "tf_crop_and_resize":
        start, end = roi
        if length == 1:
            return o * 0 + (start + end) * (size - 1) / 2
        return start * (size - 1) + o * (end - start) * (size - 1) / (length - 1)
    if mode == "pytorch_half_pixel" and length == 1:
        return o * 0 - 0.5
    centre_shift = 0.0
    if mode == "half_pixel_symmetric":
        # the centres of source and result meet even if the result was cut
        centre_shift = size / 2 * (1 - out_size / length)
    return centre_shift + (o + 0.5) / scale - 0.5


def _rounded(x: Array, rounding: str) -> Array:
    if rounding == "floor":
        return np.floor(x)
    if rounding == "ceil":
        return np.ceil(x)
    return np.ceil(x - 0.5) if rounding == "round_prefer_floor" else np.floor(x + 0.5)


def _taps(x: Array, scale: float, kernel: Kernel) -> tuple[Array, Array]:
    """Positions around each coordinate and the kernel's values there, which sum to 1."""
    reach = 1 if kernel.mode == "linear" else 2
    # when shrinking, antialiasing widens the kernel to cover all that falls into one element
    stretch = min(scale, 1.0) if kernel.antialias else 1.0
    first = int(np.floor(-reach / stretch) + 1)
    offsets = np.arange(first, 2 - first)
    positions = np.floor(x)[:, None] + offsets
    distance = np.abs(positions - x[:, None]) * stretch
    if kernel.mode == "linear":
        weights = np.clip(1 - distance, 0, 1)
    else:
        weights = cubic_weights(distance, kernel.cubic_a)
    if kernel.antialias:
        weights = weights / weights.sum(axis=1, keepdims=True)
    return positions.astype(np.int64), weights


def cubic_weights(distance: Array, a: float) -> Array:
    """Keys' cubic convolution kernel at a distance of 0 or more.

    R. G. Keys, Cubic convolution interpolation for digital image processing, 1981, equation 4
    with its free coefficient a.
    """
    d = distance
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))
