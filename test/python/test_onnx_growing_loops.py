"""Loops whose results have a size that only a run decides: in chunks, or step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx.reference import ReferenceEvaluator
from text_models import compiled, parsed

from aicc.runtime.chunked import ChunkedLoopStep
from aicc.runtime.steps import LoopStep

RNG = np.random.default_rng(12)
YES = "yes = Constant <value = bool {1}> ()"
EVER = "ever = Constant <value_int = 9223372036854775807> ()"


def random(*shape: int) -> np.ndarray[Any, Any]:
    return RNG.random(shape, np.float32) + np.float32(0.1)


def check(text: str, *feeds: dict[str, Any]) -> Any:
    """Compare with the reference evaluator; returns the executable."""
    exe = compiled(text)
    reference = ReferenceEvaluator(parsed(text))
    for feed in feeds:
        got = list(exe.run(feed).values())
        for g, w in zip(got, reference.run(None, feed), strict=True):
            assert g.dtype == w.dtype
            assert g.shape == w.shape
            np.testing.assert_allclose(g, w, rtol=1e-5)
    return exe


def loops_of(exe: Any) -> list[Any]:
    """The loops among the steps of what was compiled last."""
    program = next(iter(exe._programs.values())).program
    steps = program.executable.steps.steps
    return [step for step in steps if isinstance(step, (LoopStep, ChunkedLoopStep))]


ROWS = f"""g (int64 n, float[4] x) => (float[4] y, float[?,4] rows, int64[?,1] numbers) {{
  {YES}
  twice = Add (x, x)
  y, rows, numbers = Loop (n, yes, twice) <body = b (int64 i, bool c, float[4] s) =>
      (bool c_out, float[4] t, float[4] r, int64[1] k) {{
    c_out = Identity (c)
    half = Constant <value_float = 0.5> ()
    h = Mul (s, half)
    t = Add (h, x)
    r = Neg (t)
    axes = Constant <value_ints = [0]> ()
    k = Unsqueeze (i, axes)
  }}>
}}"""


def test_rows_of_any_number_compile_once() -> None:
    exe = check(ROWS, *({"n": np.array(n), "x": random(4)} for n in (1, 7, 1000, 1024, 2500)))
    (loop,) = loops_of(exe)
    (chunk,) = loop.chunk.part.executables.values()
    assert len(chunk._programs) == 1


@pytest.mark.parametrize("count", [0, -2])
def test_no_rows(count: int) -> None:
    x = random(4)
    y, rows, numbers = compiled(ROWS).run({"n": np.array(count), "x": x}).values()
    np.testing.assert_array_equal(y, x + x)
    assert (rows.shape, rows.dtype) == ((0, 4), np.float32)
    assert (numbers.shape, numbers.dtype) == ((0, 1), np.int64)


def test_an_early_end_with_rows() -> None:
    text = f"""g (float[4] x, int64 n, float limit) => (float[4] y, float[?,4] z) {{
      {YES}
      y, rows = Loop (n, yes, x) <body = b (int64 i, bool c, float[4] s) =>
          (bool c_out, float[4] t, float[4] r) {{
        t = Add (s, x)
        most = ReduceMax <keepdims = 0> (t)
        c_out = Less (most, limit)
        r = Identity (t)
      }}>
      z = Sqrt (rows)
    }}"""
    limits = [(100, 5.0), (100, 0.01), (3, 5.0), (5000, 3000.0)]
    feeds = [
        {"x": random(4), "n": np.array(n), "limit": np.array(limit, np.float32)}
        for n, limit in limits
    ]
    check(text, *feeds)


GROWING = f"""g (float[1,3] x, float limit) => (float[?,3] y, int64 steps) {{
  {EVER} {YES}
  zero = Constant <value_int = 0> ()
  one = Constant <value_int = 1> ()
  grown, steps = Loop (ever, yes, x, zero)
    <body = b (int64 i, bool c, float[k,3] s, int64 n) =>
        (bool c_out, float[k,3] t, int64 n_out) {{
      f = Cast <to = 1> (i)
      e = Add (x, f)
      t = Concat <axis = 0> (s, e)
      total = ReduceSum <keepdims = 0> (t)
      c_out = Less (total, limit)
      n_out = Add (n, one)
    }}>
  y = Sqrt (grown)
}}"""


def test_a_state_that_grows_for_more_than_a_few_steps() -> None:
    limits = (np.array(limit, np.float32) for limit in (-1, 40, 400, 400))
    exe = check(GROWING, *({"x": random(1, 3), "limit": limit} for limit in limits))
    (loop,) = loops_of(exe)
    assert isinstance(loop, LoopStep)


def test_a_growing_state_in_a_branch() -> None:
    text = f"""g (float[1,3] x, float limit, bool c) => (float[?,3] y) {{
      {EVER} {YES}
      y = If (c) <
        then_branch = t () => (float[?,3] a) {{
          a = Loop (ever, yes, x) <body = b (int64 i, bool d, float[k,3] s) =>
              (bool d_out, float[k,3] t) {{
            t = Concat <axis = 0> (s, x)
            total = ReduceSum <keepdims = 0> (t)
            d_out = Less (total, limit)
          }}>
        }},
        else_branch = e () => (float[?,3] b) {{ b = Neg (x) }}>
    }}"""
    feed = {"x": random(1, 3), "limit": np.array(20, np.float32)}
    check(text, feed | {"c": np.array(True)}, feed | {"c": np.array(False)})


def test_a_growing_state_behind_a_shape_that_data_decides() -> None:
    text = f"""g (float[8] x, float limit) => (float[?] y) {{
      {EVER} {YES}
      places = NonZero (x)
      axes = Constant <value_ints = [0]> ()
      flat = Squeeze (places, axes)
      found = Gather (x, flat)
      y = Loop (ever, yes, found) <body = b (int64 i, bool c, float[k] s) =>
          (bool c_out, float[k] t) {{
        t = Concat <axis = 0> (s, found)
        total = ReduceSum <keepdims = 0> (t)
        c_out = Less (total, limit)
      }}>
    }}"""
    x = random(8)
    x[::3] = 0
    check(text, {"x": x, "limit": np.array(30, np.float32)})


def test_a_growing_state_in_a_function() -> None:
    text = f"""g (float[3] x, float limit) => (float[?] y) {{
      doubled = Add (x, x)
      y = local.grow (doubled, limit)
    }}
    <domain: "local", opset_import: ["": 20]>
    grow (x, limit) => (y) {{
      {EVER} {YES}
      y = Loop (ever, yes, x) <body = b (int64 i, bool c, float[k] s) =>
          (bool c_out, float[k] t) {{
        t = Concat <axis = 0> (s, x)
        total = ReduceSum <keepdims = 0> (t)
        c_out = Less (total, limit)
      }}>
    }}"""
    exe = compiled(text)
    x = random(3)
    want = [*(2 * x)] * 2
    while sum(want) < 30:
        want += [*(2 * x)]
    got = exe.run({"x": x, "limit": np.array(30, np.float32)})["y"]
    np.testing.assert_allclose(got, want, rtol=1e-5)


def test_a_sequence_collected_until_data_says_stop() -> None:
    text = f"""g (float[3] x, float limit) => (float[?] y) {{
      {EVER} {YES}
      none = SequenceEmpty ()
      last, s = Loop (ever, yes, x, none)
        <body = b (int64 i, bool c, float[3] v, seq(float[3]) s) =>
          (bool c_out, float[3] w, seq(float[3]) s_out) {{
        w = Add (v, x)
        total = ReduceSum <keepdims = 0> (w)
        c_out = Less (total, limit)
        s_out = SequenceInsert (s, w)
      }}>
      y = ConcatFromSequence <axis = 0> (s)
    }}"""
    check(text, *({"x": random(3), "limit": np.array(v, np.float32)} for v in (1.0, 30.0)))
