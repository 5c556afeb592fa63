"""Lowering of matrix products and convolutions to contractions."""

from __future__ import annotations

from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.linear import Conv, ConvTranspose, Matmul, to_channels_first
from aicc.dialects.graph.types import tensor

from .elementwise_ops import convert
from .lowering import Builder, affine_map, broadcast_map, dim, lowers, signless
from .pooling_ops import spatial_list


def multiply_add(b: Builder, x: Any, y: Any, acc: Any) -> Any:
    """acc + x * y on floats or integers."""
    is_integer = str(acc.type).startswith("i")
    product = b.arith.muli(x, y) if is_integer else b.arith.mulf(x, y)
    return b.sum_of(acc, product)


def kinds_of(op: Any) -> tuple[Any, Any]:
    """The element types of the two factors in the graph, signs included."""
    first, second = list(op.operation.operands)[:2]
    return first.type.element_type, second.type.element_type


def contract(
    b: Builder,
    x: Any,
    w: Any,
    maps: list[Any],
    result: Any,
    reductions: int,
    kinds: tuple[Any, Any] | None = None,
) -> Any:
    """sum over the reduced dimensions of x * w, into zeros; 16-bit floats add up in f32.

    `kinds`: the factors' element types, if they are not that of the result.
    """
    element = result.element_type
    wide = ir.F32Type.get() if str(element) in ("f16", "bf16") else element
    first, second = kinds or (element, element)

    def body(u: Any, v: Any, acc: Any) -> Any:
        return multiply_add(b, convert(b, u, first, wide), convert(b, v, second, wide), acc)

    init = b.filled(tensor(result.shape, wide), 0)
    y = b.generic([x, w], maps, init, body, reductions=reductions)
    if wide == element:
        return y
    return b.elementwise([y], result, lambda v: convert(b, v, wide, element))


@lowers(Matmul)
def lower_matmul(b: Builder, op: Any, lhs: Any, rhs: Any) -> Any:
    """Batched contraction; batch dimensions broadcast. A packed rhs gives column blocks."""
    result = signless(op.operation.results[0].type)
    if op.rhs_layout != "KN":
        return _packed_matmul(b, op, lhs, rhs, result)
    shape = list(result.shape)
    batch = len(shape) - 2
    total = batch + 3
    m, n, k = dim(batch), dim(batch + 1), dim(batch + 2)

    def operand(value: Any, row: Any, column: Any) -> Any:
        outer = broadcast_map(value.type.shape[:-2], shape[:-2])
        return affine_map(total, [*outer.results, row, column])

    maps = [
        operand(lhs, m, k),
        operand(rhs, k, n),
        affine_map(total, [dim(i) for i in range(batch + 2)]),
    ]
    return contract(b, lhs, rhs, maps, result, reductions=1, kinds=kinds_of(op))


def _packed_matmul(b: Builder, op: Any, lhs: Any, rhs: Any, result: Any) -> Any:
    """[M, K] x [N1, K, N0] -> [M, N1, N0], seen as [.., N] (cut if N is no multiple).

    In the dot layout k counts groups and g their G elements: [M, G K1] x [N1, K1, N0, G].
    """
    is_dot = op.rhs_layout == "dot"
    blocks, block = rhs.type.shape[0], rhs.type.shape[2]
    rows, depth = prod(lhs.type.shape[:-1]), lhs.type.shape[-1]
    a = b.reshape(lhs, [rows, depth])
    m, n1, n0, k, g = (dim(i) for i in range(5))
    total, place = (5, k * rhs.type.shape[3] + g) if is_dot else (4, k)
    maps = [
        affine_map(total, [m, place]),
        affine_map(total, [n1, k, n0, g] if is_dot else [n1, k, n0]),
        affine_map(total, [m, n1, n0]),
    ]
    packed = tensor([rows, blocks, block], result.element_type)
    y = contract(b, a, rhs, maps, packed, total - 3, kinds_of(op))
    return unpack_columns(b, y, list(result.shape))


def unpack_columns(b: Builder, y: Any, shape: list[int]) -> Any:
    """[.., N1, N0] as [.., N]; columns beyond N are dropped."""
    outer = list(y.type.shape[:-2])
    padded = y.type.shape[-2] * y.type.shape[-1]
    flat = b.reshape(y, [*outer, padded])
    if padded != shape[-1]:
        rank = len(outer) + 1
        flat = b.slice(flat, [0] * rank, [*outer, shape[-1]], [1] * rank)
    return b.reshape(flat, shape)


@lowers(Conv)
def lower_conv(b: Builder, op: Any, x: Any, w: Any, bias: Any) -> Any:
    """Padded input, then one contraction in the layout of the operands; bias added after."""
    result = signless(op.operation.results[0].type)
    x = _padded(b, op, x)
    if op.filter_layout in ("packed", "dot"):
        y = _packed_conv(b, op, x, w, result)
    elif op.filter_layout == "depthwise":
        y = _depthwise_conv(b, op, x, w, result)
    elif op.group == 1:
        y = _plain_conv(b, op, x, w, result)
    else:
        y = _grouped_conv(b, op, x, w, result)
    if bias is None:
        return y
    channel = 1 if op.layout == "NCHW" else result.rank - 1
    shape = [result.shape[i] if i == channel else 1 for i in range(result.rank)]
    wide = b.reshape(bias, shape)
    add = b.arith.addi if str(result.element_type).startswith("i") else b.arith.addf
    return b.elementwise([y, wide], result, add)


def _padded(b: Builder, op: Any, x: Any) -> Any:
    spatial = x.type.rank - 2
    # the lowered type has no sign: 200 of a ui8 is -56
    padding = (op.padding + 128) % 256 - 128 if op.padding else 0
    zero = b.scalar(padding, x.type.element_type)
    low = spatial_list(op.pads[:spatial], op.layout, 0)
    return b.pad(x, low, spatial_list(op.pads[spatial:], op.layout, 0), zero)


def _taps(op: Any, first: int, kernel: int) -> list[Any]:
    """Input position of each spatial dimension: output * stride + tap * dilation."""
    return [
        dim(first + i) * op.strides[i] + dim(kernel + i) * op.dilations[i]
        for i in range(len(op.strides))
    ]


def _plain_conv(b: Builder, op: Any, x: Any, w: Any, result: Any) -> Any:
    """Filter OIHW; loops (n, o, h, w | c, kh, kw) or (n, h, w, o | kh, kw, c)."""
    s = len(op.strides)
    total = 3 + 2 * s
    if op.layout == "NCHW":
        n, o, c = dim(0), dim(1), dim(2 + s)
        taps = _taps(op, 2, 3 + s)
        source = affine_map(total, [n, c, *taps])
        kernel = [dim(3 + s + i) for i in range(s)]
    else:
        n, o, c = dim(0), dim(1 + s), dim(2 + 2 * s)
        taps = _taps(op, 1, 2 + s)
        source = affine_map(total, [n, *taps, c])
        kernel = [dim(2 + s + i) for i in range(s)]
    weights = affine_map(total, [o, c, *kernel])
    target = affine_map(total, [dim(i) for i in range(2 + s)])
    return contract(b, x, w, [source, weights, target], result, 1 + s, kinds_of(op))


def _grouped_conv(b: Builder, op: Any, x: Any, w: Any, result: Any) -> Any:
    """NCHW with groups: channels are split into [group, channels of a group]."""
    s, g = len(op.strides), op.group
    if op.layout != "NCHW":
        perm = [0, s + 1, *range(1, s + 1)]
        x = b.transpose(x, perm)
    n, channels, *size = x.type.shape
    out, depth, *kernel = w.type.shape
    result_size = to_channels_first(result.shape, op.layout)[2:]
    x = b.reshape(x, [n, g, channels // g, *size])
    w = b.reshape(w, [g, out // g, depth, *kernel])
    total = 4 + 2 * s
    group, o, c = dim(1), dim(2), dim(3 + s)
    taps = _taps(op, 3, 4 + s)
    maps = [
        affine_map(total, [dim(0), group, c, *taps]),
        affine_map(total, [group, o, c, *[dim(4 + s + i) for i in range(s)]]),
        affine_map(total, [dim(i) for i in range(3 + s)]),
    ]
    split = tensor([n, g, out // g, *result_size], result.element_type)
    y = contract(b, x, w, maps, split, 1 + s, kinds_of(op))
    y = b.reshape(y, [n, out, *result_size])
    return y if op.layout == "NCHW" else b.transpose(y, [0, *range(2, 2 + s), 1])


def _packed_conv(b: Builder, op: Any, x: Any, w: Any, result: Any) -> Any:
    """NHWC, filter [O1, kernel.., C, O0]: loops (n, h, w, o1, o0 | kh, kw, c).

    In the dot layout c counts groups of channels and g their G elements: [.., C1, O0, G]. With
    groups, each block of output channels is one, and has input channels of its own.
    """
    s, is_dot = len(op.strides), op.filter_layout == "dot"
    blocks, block = w.type.shape[0], w.type.shape[-2 if is_dot else -1]
    total = 4 + 2 * s + is_dot
    o1, o0, c, g = (dim(i) for i in (1 + s, 2 + s, 3 + 2 * s, 4 + 2 * s))
    taps = _taps(op, 1, 3 + s)
    kernel = [dim(3 + s + i) for i in range(s)]
    channel = [c * w.type.shape[-1] + g if is_dot else c]
    if op.group > 1:
        x = b.reshape(x, [*x.type.shape[:-1], op.group, x.type.shape[-1] // op.group])
        channel = [o1, c]
    maps = [
        affine_map(total, [dim(0), *taps, *channel]),
        affine_map(total, [o1, *kernel, c, o0, *([g] if is_dot else [])]),
        affine_map(total, [dim(i) for i in range(3 + s)]),
    ]
    packed = tensor([*result.shape[:-1], blocks, block], result.element_type)
    y = contract(b, x, w, maps, packed, 1 + s + is_dot, kinds_of(op))
    return unpack_columns(b, y, list(result.shape))


def _depthwise_conv(b: Builder, op: Any, x: Any, w: Any, result: Any) -> Any:
    """NHWC, filter [kernel.., C]: loops (n, h, w, c | kh, kw)."""
    s = len(op.strides)
    total = 2 + 2 * s
    c = dim(1 + s)
    taps = _taps(op, 1, 2 + s)
    maps = [
        affine_map(total, [dim(0), *taps, c]),
        affine_map(total, [*[dim(2 + s + i) for i in range(s)], c]),
        affine_map(total, [dim(i) for i in range(2 + s)]),
    ]
    return contract(b, x, w, maps, result, reductions=s, kinds=kinds_of(op))


@lowers(ConvTranspose)
def lower_conv_transpose(b: Builder, op: Any, x: Any, w: Any, bias: Any) -> Any:
    """A convolution of the input, spread by the strides, with the mirrored filter."""
    result = signless(op.operation.results[0].type)
    s, g = len(op.strides), op.group
    n, channels, *size = x.type.shape
    _, depth, *kernel = w.type.shape
    spread = _spread(b, op, x, kernel, list(result.shape[2:]))
    out = list(result.shape[2:])
    x5 = b.reshape(spread, [n, g, channels // g, *spread.type.shape[2:]])
    w5 = b.reshape(w, [g, channels // g, depth, *kernel])
    mirrored = b.indexed(
        w5.type,
        lambda *i: b.tensor.extract(
            w5,
            [
                *i[:3],
                *[b.arith.subi(b.index(kernel[k] - 1), i[3 + k]) for k in range(s)],
            ],
        ),
    )
    total = 4 + 2 * s
    group, o, c = dim(1), dim(2), dim(3 + s)
    taps = [dim(3 + i) + dim(4 + s + i) * op.dilations[i] for i in range(s)]
    maps = [
        affine_map(total, [dim(0), group, c, *taps]),
        affine_map(total, [group, c, o, *[dim(4 + s + i) for i in range(s)]]),
        affine_map(total, [dim(i) for i in range(3 + s)]),
    ]
    split = tensor([n, g, depth, *out], result.element_type)
    y = b.reshape(contract(b, x5, mirrored, maps, split, 1 + s), list(result.shape))
    if bias is None:
        return y
    wide = b.reshape(bias, [1, result.shape[1], *[1] * s])
    return b.elementwise([y, wide], result, b.arith.addf)


def _spread(b: Builder, op: Any, x: Any, kernel: list[int], out: list[int]) -> Any:
    """Zeros of the size that the convolution reads, with the input at every stride-th place.

    The first input element lies at (kernel - 1) * dilation - begin pad; where that is negative the
    pads cut into the input.
    """
    s = len(kernel)
    n, channels, *size = x.type.shape
    reach = [(kernel[i] - 1) * op.dilations[i] for i in range(s)]
    need = [out[i] + reach[i] for i in range(s)]
    first = [reach[i] - op.pads[i] for i in range(s)]
    skip = [max(0, -(first[i] // op.strides[i])) if first[i] < 0 else 0 for i in range(s)]
    first = [first[i] + skip[i] * op.strides[i] for i in range(s)]
    count = [
        max(0, min(size[i] - skip[i], -(-(need[i] - first[i]) // op.strides[i]))) for i in range(s)
    ]
    zeros = b.filled(tensor([n, channels, *need], x.type.element_type), 0)
    if 0 in count:
        return zeros
    part = b.slice(x, [0, 0, *skip], [n, channels, *count], [1] * (s + 2))
    return b.tensor.InsertSliceOp(
        part, zeros, [], [], [], [0, 0, *first], [n, channels, *count], [1, 1, *op.strides]
    ).result
