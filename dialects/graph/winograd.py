"""Convolution by Winograd's minimal filtering, and the transforms that define it.

A filter of 3x3 slides over tiles of m x m outputs (m = 2 or 4), each made from n x n inputs with
n = m + 2. In one dimension, for an input d of n and a filter g of 3 elements:

    y = A^T [(G g) * (B^T d)],   * element by element: n products instead of 3 m

and in two dimensions the same along rows and columns: n^2 products instead of 9 m^2 (2.25 times
fewer for m = 2, 4 times for m = 4). The products of all channels are n^2 matrix products.

The transforms evaluate polynomials at points (A. L. Toom, S. A. Cook; S. Winograd, "Arithmetic
complexity of computations", 1980): 0, infinity and pairs +-p. Pairs let each transform share the
even and the odd part. The textbook's points for m = 4 are 0, +-1, +-2; +-3/4, +-3/2 cost as much
and halve the rounding error, since the powers of all four stay near 1. They are exact in binary.
"""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, integer, integers
from .linear import window_output
from .types import tensor

Matrix = list[list[float]]
KERNEL = 3
# Pairs of points +-p by the size of a tile of outputs.
POINTS: dict[int, tuple[float, ...]] = {2: (1.0,), 4: (0.75, 1.5)}


def positions(tile: int) -> int:
    """Matrix products of a convolution: elements of a tile of inputs."""
    return (tile + KERNEL - 1) ** 2


def input_transform(tile: int) -> Matrix:
    """B^T, [n, n]: row i holds the coefficients of the product of (x - q) over the other points q;
    the last row (infinity) those of the product over all points."""
    if tile == 2:
        return [[-1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
    p, q = (point * point for point in POINTS[tile])
    ends = [p * q, 0, -(p + q), 0, 1]
    rows = [[*ends, 0]]
    for point, other in zip(POINTS[tile], (q, p), strict=True):
        for x in (point, -point):
            rows.append([0, -x * other, -other, x, 1, 0])
    return [*rows, [0, *ends]]


def filter_transform(tile: int) -> Matrix:
    """G, [n, 3]: 1, x and x^2 at every point, divided by the product of its distances."""
    points = _points(tile)
    rows = []
    for x in points:
        scale = 1.0
        for other in points:
            scale *= x - other if other != x else 1.0
        rows.append([1 / scale, x / scale, x * x / scale])
    return [*rows, [0.0, 0.0, 1.0]]


def output_transform(tile: int) -> Matrix:
    """A^T, [m, n]: the powers of every point; infinity gives the highest one alone."""
    points = _points(tile)
    rows = [[x**power for x in points] + [0.0] for power in range(tile)]
    rows[-1][-1] = 1.0
    return rows


def _points(tile: int) -> list[float]:
    return [0.0, *[x for p in POINTS[tile] for x in (p, -p)]]


class WinogradConv(GraphOp, name="winograd_conv", traits=[Pure]):
    """Convolution 3x3, stride 1, channels last, by tiles of `tile` x `tile` outputs.

    x [N, H, W, I]; w, the transformed filter, [ceil(O/block), n^2, I, block] with O =
    `out_channels` and zeros beyond O; y [N, OH, OW, O]. `pads` are top, left, bottom, right.

    Of volumes, x [N, D, H, W, I], the window has a depth too, of any `depth` = taps, stride,
    dilation: w [.., n^2, taps * I, block], y [N, OD, OH, OW, O], `pads` front, top, left, then the
    opposite ones.
    """

    x: Operand[Tensor]
    w: Operand[Tensor]
    y: Result[Tensor]
    bias: Operand[Tensor] | None = None
    attrs = {
        "pads": integers(),
        "tile": integer(),
        "out_channels": integer(),
        "depth": integers([1, 1, 1]),
    }

    @staticmethod
    def infer(
        x: Any,
        w: Any,
        bias: Any = None,
        *,
        pads: list[int],
        tile: int,
        out_channels: int,
        depth: list[int],
    ) -> Any:
        if tile not in POINTS:
            raise VerifyError(f"has tile {tile}, expected one of {', '.join(map(str, POINTS))}")
        _check_window(x, w, pads, depth)
        for t in (w, bias):
            if t is not None and t.element_type != x.element_type:
                raise VerifyError(f"mixes element types {x.element_type} and {t.element_type}")
        blocks, count, terms, block = w.shape
        wanted = positions(tile), depth[0] * x.shape[-1]
        if (count, terms) != wanted:
            want = f"[.., {wanted[0]}, {wanted[1]}, ..]"
            raise VerifyError(f"expects a transformed filter {want}, got {w}")
        if not blocks * block - block < out_channels <= blocks * block:
            raise VerifyError(f"has {out_channels} output channels in {blocks} blocks of {block}")
        if bias is not None and list(bias.shape) != [out_channels]:
            raise VerifyError(f"expects a bias of {out_channels} elements, got {bias}")
        size = _output_size(list(x.shape[1:-1]), pads, depth)
        return tensor([x.shape[0], *size, out_channels], x.element_type)


def _check_window(x: Any, w: Any, pads: list[int], depth: list[int]) -> None:
    """Refuse operands and attributes that are not those of an image or a volume."""
    if x.rank not in (4, 5) or w.rank != 4:
        raise VerifyError(f"expects an image and a transformed filter of rank 4, got {x}, {w}")
    count = 2 * (x.rank - 2)
    if len(pads) != count or min(pads) < 0:
        raise VerifyError(f"expects {count} pads, none negative, got {list(pads)}")
    if len(depth) != 3 or min(depth) < 1:
        raise VerifyError(f"expects a depth of taps, stride and dilation, got {list(depth)}")
    if x.rank == 4 and list(depth) != [1, 1, 1]:
        raise VerifyError(f"has a depth of {list(depth)}, but no volume: {x}")


def _output_size(size: list[int], pads: list[int], depth: list[int]) -> list[int]:
    """(OD,) OH, OW."""
    windows = [depth, [KERNEL, 1, 1], [KERNEL, 1, 1]][-len(size) :]
    out = [
        window_output(extent, taps, stride, dilation, before + after)
        for extent, (taps, stride, dilation), before, after in zip(
            size, windows, pads[: len(size)], pads[len(size) :], strict=True
        )
    ]
    if min(out) < 1:
        image = "x".join(map(str, size))
        raise VerifyError(f"has an image of {image} and pads {list(pads)}: no output")
    return out
