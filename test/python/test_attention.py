"""The fused attention kernel against float64 arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import numpy_helper
from recognise_forms import Graph

import aicc
from aicc.lowering import memory_plan

Sizes = tuple[int, int, int, int, int, int, int]


def attention_model(sizes: Sizes, layout: str, mask: tuple[int, ...] = ()) -> Any:
    """softmax(q k^T / sqrt(D) + m) v; sizes are B, H, key heads, queries, keys, D, width."""
    batch, heads, groups, queries, keys, depth, width = sizes
    g = Graph()

    def operand(name: str, count: int, positions: int, features: int) -> str:
        first = [batch, count, positions, features]
        if layout == "BHSD":
            return g.take(name, first)
        swapped = g.take(name, [batch, positions, count, features])
        return g("Transpose", swapped, perm=[0, 2, 1, 3])

    def repeated(value: str, features: int) -> str:
        if groups == heads:
            return value
        split = np.array([batch, groups, heads // groups, keys, features], np.int64)
        value = g("Expand", g("Unsqueeze", value, np.array([2], np.int64)), split)
        return g("Reshape", value, np.array([batch, heads, keys, features], np.int64))

    q = operand("q", heads, queries, depth)
    k = repeated(operand("k", groups, keys, depth), depth)
    v = repeated(operand("v", groups, keys, width), width)
    scores = g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2]))
    scores = g("Mul", scores, depth**-0.5)
    if mask:
        scores = g("Add", scores, g.take("m", list(mask)))
    y = g("MatMul", g("Softmax", scores, axis=-1), v)
    return g.model({"y": y if layout == "BHSD" else g("Transpose", y, perm=[0, 2, 1, 3])})


def reference(feeds: dict[str, Any], layout: str) -> Any:
    q, k, v = (feeds[n].astype(np.float64) for n in "qkv")
    if layout == "BSHD":
        q, k, v = (x.transpose(0, 2, 1, 3) for x in (q, k, v))
    share = q.shape[1] // k.shape[1]
    k, v = k.repeat(share, axis=1), v.repeat(share, axis=1)
    scores = q @ k.transpose(0, 1, 3, 2) * q.shape[-1] ** -0.5 + feeds.get("m", 0.0)
    with np.errstate(invalid="ignore"):
        power = np.exp(scores - scores.max(-1, keepdims=True))
        y = power / power.sum(-1, keepdims=True) @ v
    return y if layout == "BHSD" else y.transpose(0, 2, 1, 3)


def feeds_for(model: Any, spread: float = 2.0) -> dict[str, Any]:
    random = np.random.default_rng(7)
    feeds = {}
    for info in model.graph.input:
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        feeds[info.name] = (random.standard_normal(shape) * spread).astype(np.float32)
    if "m" in feeds:
        feeds["m"] = np.where(feeds["m"] > spread, -np.inf, feeds["m"]).astype(np.float32)
        feeds["m"][..., 0] = 0
    return feeds


CASES: list[tuple[Sizes, str, tuple[int, ...]]] = [
    ((1, 2, 2, 16, 16, 16, 16), "BHSD", ()),
    ((2, 3, 3, 61, 77, 24, 40), "BHSD", (2, 1, 1, 77)),
    ((1, 4, 2, 100, 197, 64, 64), "BSHD", ()),
    ((1, 4, 4, 128, 128, 32, 32), "BSHD", (1, 1, 128, 128)),
    ((1, 2, 1, 70, 1500, 80, 72), "BSHD", (70, 1500)),
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("sizes", "layout", "mask"), CASES)
def test_numbers(sizes: Sizes, layout: str, mask: tuple[int, ...], threads: int) -> None:
    model = attention_model(sizes, layout, mask)
    feeds = feeds_for(model)
    expected = reference(feeds, layout)
    y = aicc.compile(model, threads=threads).run(feeds)["y"]
    assert np.abs(y - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("keys", [64, 1500])
def test_large_scores(keys: int) -> None:
    """Scores of a few thousand: exp of the plain score is infinite."""
    model = attention_model((1, 2, 2, 33, keys, 32, 32), "BHSD")
    feeds = feeds_for(model, spread=50.0)
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    np.testing.assert_allclose(y, reference(feeds, "BHSD"), rtol=2e-3, atol=2e-2)


@pytest.mark.parametrize("keys", [64, 1500])
def test_numbers_that_are_none(keys: int) -> None:
    """A query that sees no key is NaN, as is one whose scores are; the others are not touched."""
    model = attention_model((1, 1, 1, 40, keys, 32, 32), "BHSD", (40, keys))
    feeds = feeds_for(model)
    feeds["m"][3] = -np.inf
    feeds["q"][0, 0, 5, 2] = np.nan
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    lost = np.isnan(y).all(axis=-1)[0, 0]
    assert sorted(np.flatnonzero(lost)) == [3, 5] and np.isnan(y).sum() == 2 * 32


def later_keys(queries: int, keys: int, fill: float) -> Any:
    """The causal mask: `fill` where the key comes after the query."""
    return np.where(np.arange(keys) > np.arange(queries)[:, None], fill, 0).astype(np.float32)


LOWEST = float(np.finfo(np.float32).min)


@pytest.mark.parametrize("fill", [-np.inf, LOWEST, -1e4])
@pytest.mark.parametrize(("queries", "keys"), [(100, 100), (90, 135), (1100, 1100)])
def test_causal_mask(queries: int, keys: int, fill: float) -> None:
    """Keys after all queries of a block are left out, whatever stands there."""
    model = attention_model((1, 2, 2, queries, keys, 32, 32), "BSHD", (queries, keys))
    feeds = feeds_for(model) | {"m": later_keys(queries, keys, fill)}
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    expected = reference(feeds, "BSHD")
    assert np.abs(y - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("fill", [-np.inf, LOWEST])
@pytest.mark.parametrize("seen", [1, 31, 33, 96, 160, 161])
@pytest.mark.parametrize("first", [0, 40])
def test_padding_mask(seen: int, first: int, fill: float) -> None:
    """A mask shared by all queries: the last keys are hidden, and perhaps the first ones."""
    model = attention_model((2, 2, 2, 50, 161, 32, 32), "BHSD", (2, 1, 1, 161))
    feeds = feeds_for(model)
    hidden = (np.arange(161) >= seen) | (np.arange(161) < min(first, seen - 1))
    feeds["m"] = np.broadcast_to(np.where(hidden, fill, 0), (2, 1, 1, 161)).astype(np.float32)
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    expected = reference(feeds, "BHSD")
    assert np.abs(y - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("keys", [96, 1100])
def test_query_that_sees_no_key(keys: int) -> None:
    """With a finite fill its keys count alike, hidden or not; a NaN of the mask is not hidden."""
    model = attention_model((1, 1, 1, 64, keys, 32, 32), "BHSD", (64, keys))
    feeds = feeds_for(model) | {"m": later_keys(64, keys, LOWEST)}
    feeds["m"][7] = LOWEST
    feeds["m"][50, keys - 1] = np.nan
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    np.testing.assert_allclose(y[0, 0, 7], feeds["v"][0, 0].mean(axis=0), rtol=1e-4, atol=1e-4)
    assert np.flatnonzero(np.isnan(y).all(axis=-1)[0, 0]).tolist() == [50]


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_one_query(groups: int) -> None:
    """A step of generation; heads that share keys become queries of one head."""
    model = attention_model((1, 6, groups, 1, 130, 32, 32), "BHSD", (1, 1, 1, 130))
    feeds = feeds_for(model)
    y = aicc.compile(model, threads=1).run(feeds)["y"]
    np.testing.assert_allclose(y, reference(feeds, "BHSD"), rtol=1e-4, atol=1e-5)


def test_keys_small_enough_for_an_inline_constant() -> None:
    """Such a kernel has no attention plan; its plain form ends in the result all the same."""
    model = attention_model((2, 16, 1, 18, 18, 1, 8), "BHSD")
    feeds = feeds_for(model)
    for name in ("k", "v"):
        model.graph.initializer.append(numpy_helper.from_array(feeds[name], name))
        model.graph.input.remove(next(i for i in model.graph.input if i.name == name))
    y = aicc.compile(model, threads=1).run({"q": feeds["q"]})["y"]
    np.testing.assert_allclose(y, reference(feeds, "BHSD"), rtol=1e-4, atol=1e-5)


def test_no_buffer_holds_the_scores() -> None:
    """All memory of the compiled attention is far below heads x queries x keys."""
    model = attention_model((1, 8, 8, 512, 512, 32, 32), "BHSD")
    imported = aicc.import_onnx(model, threads=1)
    aicc.lower(imported.module, to="buffers")
    plan = memory_plan(imported.module)
    assert max(entry["bytes"] for entry in plan.values()) < 4 * 512 * 512
    assert "512x512" not in str(imported.module)
