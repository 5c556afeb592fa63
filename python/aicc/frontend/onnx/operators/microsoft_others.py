"""Other operators of com.microsoft: distances, and the quantised forms of embeddings and LSTM.

Meanings after ONNX Runtime's docs/ContribOperators.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, UNARY
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Concat, Expand, Reshape, Transpose
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from . import generators, indexing, recurrent, resize, space
from .arithmetic import mul, sub
from .microsoft_normalization import embed_layer_normalization
from .quantization import dequantize
from .reductions import reduced

DOMAIN = "com.microsoft"

# the same operators as ai.onnx has, from before it had them
onnx_op("Trilu", domain=DOMAIN)(generators.trilu)
onnx_op("GatherND", domain=DOMAIN)(indexing.gather_nd)
onnx_op("Pad", domain=DOMAIN)(space.pad_11)
onnx_op("GridSample", domain=DOMAIN)(resize.grid_sample)


@onnx_op("CDist", domain=DOMAIN)
def cdist(n: Node, a: Any, b: Any, *, metric: str = "sqeuclidean") -> Any:
    """Distances of the rows of a and the rows of b, or their squares."""
    if metric not in ("euclidean", "sqeuclidean"):
        n.invalid(f"metric '{metric}'")
    rows, width = a.type.shape
    difference = sub(n, n.emit(Reshape, a, shape=[rows, 1, width]), b)
    y = reduced(n, "sum", mul(n, difference, difference), [2], keepdims=False)
    return n.emit(UNARY["sqrt"], y) if metric == "euclidean" else y


# From bitsandbytes: 4-bit floats, and the quantiles of the normal distribution.
FP4 = [0.0, 0.00520833, 0.66666667, 1.0, 0.33333333, 0.5, 0.16666667, 0.25]
NF4 = [
    *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
    *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
    *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
    *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
]


@onnx_op("MatMulBnb4", domain=DOMAIN)
def matmul_bnb4(
    n: Node,
    a: Any,
    b: Any,
    largest: Any,
    *,
    K: int,  # noqa: N803 (ONNX Runtime's name)
    N: int,  # noqa: N803
    block_size: int,
    quant_type: int,
    training_mode: int = 0,
    transB: int = 1,  # noqa: N803
) -> Any:
    """a times a matrix of 4-bit codes, the high half of a byte first, scaled per block."""
    table = np.array(NF4 if quant_type else [*FP4, *[-v for v in FP4]], np.float32)
    high = n.emit(BINARY["shift_right"], b, n.like(4, b))
    low = n.emit(BINARY["bitwise_and"], b, n.like(15, b))
    count = b.type.shape[0]
    codes = n.emit(Concat, [n.emit(Reshape, t, shape=[count, 1]) for t in (high, low)], axis=1)
    values = n.emit(Gather, n.constant(table), n.emit(Reshape, codes, shape=[2 * count]), axis=0)
    blocks = largest.type.shape[0]
    scales = n.emit(Expand, n.emit(Reshape, largest, shape=[blocks, 1]), shape=[blocks, block_size])
    scales = indexing.take_range(
        n, n.emit(Reshape, scales, shape=[blocks * block_size]), 0, 0, N * K
    )
    w = mul(n, indexing.take_range(n, values, 0, 0, N * K), scales)
    w = n.emit(Reshape, w, shape=[N, K])
    w = n.emit(Transpose, w, permutation=[1, 0]) if transB else w
    *outer, depth = a.type.shape
    flat = n.emit(Reshape, a, shape=[int(np.prod(outer)), depth])
    y = n.emit(Matmul, flat, w)
    return n.emit(Reshape, y, shape=[*outer, y.type.shape[1]])


@onnx_op("QEmbedLayerNormalization", domain=DOMAIN)
def qembed_layer_normalization(
    n: Node,
    ids: Any,
    segment_ids: Any = None,
    *tables: Any,
    epsilon: float = 1e-12,
) -> Any:
    """EmbedLayerNormalization of quantised tables: five, a mask, five scales, five zero points."""
    quantized, mask = tables[:5], tables[5]
    scales, zeros = tables[6:11], tables[11:16]
    single = element_type_of("float32")
    real = [
        None if x is None else dequantize(n, x, _scalar(n, scale), _scalar(n, zero), single)
        for x, scale, zero in zip(quantized, scales, zeros, strict=True)
    ]
    return embed_layer_normalization(n, ids, segment_ids, *real, mask, epsilon=epsilon)


def _scalar(n: Node, value: Any) -> Any:
    return n.emit(Reshape, value, shape=[])


@onnx_op("DynamicQuantizeLSTM", domain=DOMAIN)
def dynamic_quantize_lstm(
    n: Node,
    x: Any,
    w: Any,
    r: Any,
    bias: Any = None,
    lengths: Any = None,
    h0: Any = None,
    c0: Any = None,
    peephole: Any = None,
    w_scale: Any = None,
    w_zero: Any = None,
    r_scale: Any = None,
    r_zero: Any = None,
    **rest: Any,
) -> Any:
    """LSTM with quantised weights [directions, inputs, gates].

    The products are of floats: ONNX Runtime also quantises x and h, and is that much less exact.
    """
    weights = []
    for value, scale, zero in ((w, w_scale, w_zero), (r, r_scale, r_zero)):
        directions = value.type.shape[0]
        columns = scale.type.shape[1] if scale.type.rank == 2 else 1
        count = directions if scale.type.shape != [] and scale.type.shape[0] == directions else 1
        shape = [count, 1, columns]
        scale, zero = (n.emit(Reshape, v, shape=shape) for v in (scale, zero))
        real = dequantize(n, value, scale, zero, element_type_of("float32"))
        weights.append(n.emit(Transpose, real, permutation=[0, 2, 1]))
    return recurrent.lstm(n, x, *weights, bias, lengths, h0, c0, peephole, **rest)
