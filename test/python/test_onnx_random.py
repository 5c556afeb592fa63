"""Random numbers: the documented sequences, their distributions, and that equal programs agree."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, ValueInfoProto, helper

import aicc

WORD = 0xFFFFFFFF


def philox(counter: Sequence[int], key: Sequence[int]) -> list[int]:
    """Philox4x32-10 of Salmon et al. (2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p, q = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(q >> 32) ^ c[1] ^ k[0], q & WORD, (p >> 32) ^ c[3] ^ k[1], p & WORD]
        k = [(k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD]
    return c


def run(operator: str, *arrays: Any, outputs: int = 1, opset: int = 18, **attributes: Any) -> Any:
    """Results of one node called "node" whose operands are all inputs."""
    names = [f"x{i}" for i in range(len(arrays))]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(operator, names, results, "node", **attributes)
    kind = helper.np_dtype_to_tensor_dtype
    inputs = [
        helper.make_tensor_value_info(name, kind(a.dtype), a.shape)
        for name, a in zip(names, arrays, strict=True)
    ]
    graph = helper.make_graph([node], "g", inputs, [ValueInfoProto(name=r) for r in results])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    got = aicc.compile(model, threads=1).run(dict(zip(names, arrays, strict=True)))
    return [got[r] for r in results]


def test_philox_is_that_of_its_authors() -> None:
    """Known answers of the Random123 library."""
    assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert philox([WORD] * 4, [WORD] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


def test_a_seed_gives_the_documented_sequence() -> None:
    (y,) = run("RandomUniform", shape=[3, 4], seed=3.5)
    key = struct.unpack("<I", struct.pack("<f", 3.5))[0]
    want = [(philox([i, 0, 0, 0], [key, 0])[0] >> 8) * 2.0**-24 for i in range(12)]
    np.testing.assert_array_equal(y.reshape(-1), np.array(want, np.float32))


def test_without_a_seed_the_name_decides() -> None:
    (y,) = run("RandomUniform", shape=[5], dtype=TensorProto.DOUBLE)
    key = [zlib.crc32(b"node"), 1]
    words = [philox([i, 0, 0, 0], key) for i in range(5)]
    want = [((w[0] >> 5) * 2**26 + (w[1] >> 6)) * 2.0**-53 for w in words]
    np.testing.assert_array_equal(y, want)


@pytest.mark.parametrize("seed", [0, 42, 2**31 + 5])
def test_dropout_is_numpys_sequence(seed: int) -> None:
    """More numbers than the twister has words, so that all of them are renewed."""
    x = np.ones((40, 50), np.float32)
    ratio, training = np.float32(0.3), np.array(True)
    y, mask = run("Dropout", x, np.array(ratio), training, outputs=2, seed=seed)
    want = np.random.RandomState(seed).uniform(0, 1, x.shape) >= ratio
    np.testing.assert_array_equal(mask, want)
    np.testing.assert_allclose(y, want / (1 - ratio), rtol=1e-6)


def test_dropout_of_everything_and_nothing() -> None:
    x, training = np.ones((4, 5), np.float32), np.array(True)
    (y,) = run("Dropout", x, np.array(np.float32(0)), training)
    np.testing.assert_array_equal(y, x)
    (y,) = run("Dropout", x, np.array(np.float32(1)), training)
    np.testing.assert_array_equal(y, np.zeros_like(x))


@pytest.mark.parametrize("dtype", [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16])
def test_distributions(dtype: int) -> None:
    shape = [200, 500]
    (y,) = run("RandomUniform", shape=shape, low=-1.0, high=3.0, dtype=dtype)
    assert y.min() >= -1 and y.max() <= 3
    assert abs(float(y.astype(np.float64).mean()) - 1) < 0.02
    (y,) = run("RandomNormal", shape=shape, mean=2.0, scale=0.5, dtype=dtype)
    z = (y.astype(np.float64) - 2) / 0.5
    moments = [abs(z.mean()), abs(z.std() - 1), abs((z**3).mean()), abs((z**4).mean() - 3)]
    assert max(moments) < 0.05
    assert np.isfinite(y).all()


def test_shapes_and_types_of_operands() -> None:
    x = np.zeros((3, 5), np.float64)
    for operator in ("RandomUniformLike", "RandomNormalLike"):
        (y,) = run(operator, x)
        assert (y.dtype, y.shape) == (x.dtype, x.shape)
        (y,) = run(operator, x.astype(np.int32), dtype=TensorProto.FLOAT)
        assert y.dtype == np.float32


def test_bernoulli() -> None:
    p = np.linspace(0, 1, 11, dtype=np.float32).repeat(4000).reshape(11, 4000)
    (y,) = run("Bernoulli", p, dtype=TensorProto.BOOL)
    assert y.dtype == np.bool_
    np.testing.assert_allclose(y.mean(axis=1), p[:, 0], atol=0.03)
    assert not y[0].any() and y[10].all()


def test_multinomial() -> None:
    p = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.0, 0.25, 0.25]], np.float32)
    with np.errstate(divide="ignore"):
        (y,) = run("Multinomial", np.log(p) + 3, sample_size=20000)
    assert (y.dtype, y.shape) == (np.int32, (2, 20000))
    shares = [np.bincount(row, minlength=4) / row.size for row in y]
    np.testing.assert_allclose(shares, p, atol=0.02)
    assert not (y[1] == 1).any()


def test_equal_programs_agree_and_seeds_differ() -> None:
    first, again, other = (run("RandomNormal", shape=[9], seed=s)[0] for s in (1.0, 1.0, 2.0))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
