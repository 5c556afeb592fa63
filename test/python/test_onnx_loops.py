"""If, Loop and Scan whose course data decides: compiled once, for whatever a run gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx.reference import ReferenceEvaluator
from text_models import compiled, parsed

from aicc.runtime.executable import Executable

RNG = np.random.default_rng(11)
Feeds = dict[str, Any]


def random(*shape: int) -> np.ndarray[Any, Any]:
    return RNG.standard_normal(shape).astype(np.float32)


def check(text: str, *feeds: Feeds, rtol: float = 1e-5, programs: int = 1) -> Executable:
    """Compare with the reference evaluator on every feed; all run what was compiled once."""
    exe = compiled(text)
    reference = ReferenceEvaluator(parsed(text))
    for feed in feeds:
        got = list(exe.run(feed).values())
        for g, w in zip(got, reference.run(None, feed), strict=True):
            assert g.dtype == np.asarray(w).dtype
            assert g.shape == np.asarray(w).shape
            np.testing.assert_allclose(g, w, rtol=rtol, atol=1e-6)
    assert isinstance(exe, Executable)
    assert len(exe._programs) == programs
    return exe


def trips(*counts: int) -> list[np.ndarray[Any, Any]]:
    return [np.array(count, np.int64) for count in counts]


COUNTED = """g (int64 n, float[8] start, float[8] x) => (float[8] y) {
  yes = Constant <value = bool {1}> ()
  y = Loop (n, yes, start) <body = b (int64 i, bool c, float[8] s) => (bool c_out, float[8] t) {
    c_out = Identity (c)
    half = Constant <value_float = 0.5> ()
    h = Mul (s, half)
    t = Add (h, x)
  }>
}"""


def test_trip_counts_at_run_time() -> None:
    feeds = [{"n": n, "start": random(8), "x": random(8)} for n in trips(0, 1, 7, 1000, -3)]
    exe = check(COUNTED, *feeds)
    assert "scf.for" in exe.ir("buffers")


def test_a_trip_count_computed_from_data() -> None:
    text = """g (float[100] x, float[3] start) => (float[3] y) {
      zero = Constant <value_float = 0.0> ()
      positive = Greater (x, zero)
      ones = Cast <to = 7> (positive)
      n = ReduceSum <keepdims = 0> (ones)
      yes = Constant <value = bool {1}> ()
      y = Loop (n, yes, start) <body = b (int64 i, bool c, float[3] s) => (bool c_out, float[3] t) {
        c_out = Identity (c)
        f = Cast <to = 1> (i)
        t = Add (s, f)
      }>
    }"""
    check(text, *({"x": random(100), "start": random(3)} for _ in range(3)))


COLLATZ = """g (int64 n) => (int64 steps, int64 last) {
  zero = Constant <value_int = 0> ()
  one = Constant <value_int = 1> ()
  two = Constant <value_int = 2> ()
  three = Constant <value_int = 3> ()
  first = Greater (n, one)
  ever = Constant <value_int = 9223372036854775807> ()
  steps, last = Loop (ever, first, zero, n)
    <body = b (int64 i, bool c, int64 k, int64 m) => (bool c_out, int64 k_out, int64 m_out) {
      k_out = Add (k, one)
      r = Mod (m, two)
      is_odd = Equal (r, one)
      m_out = If (is_odd) <
        then_branch = t () => (int64 up) { m3 = Mul (m, three) up = Add (m3, one) },
        else_branch = e () => (int64 down) { down = Div (m, two) }>
      c_out = Greater (m_out, one)
    }>
}"""


def test_while() -> None:
    exe = check(COLLATZ, *({"n": n} for n in trips(1, 2, 7, 27, 97)))
    assert "scf.while" in exe.ir("buffers")


def test_a_loop_that_has_no_end_but_its_condition() -> None:
    text = """g (float[4] x) => (float[4] y) {
      ever = Constant <value_int = 9223372036854775807> ()
      yes = Constant <value = bool {1}> ()
      y = Loop (ever, yes, x) <body = b (int64 i, bool c, float[4] s) => (bool c_out, float[4] t) {
        t = Add (s, s)
        most = ReduceMax <keepdims = 0> (t)
        limit = Constant <value_float = 1000.0> ()
        c_out = Less (most, limit)
      }>
    }"""
    check(text, *({"x": np.abs(random(4)) + 0.1} for _ in range(3)))


@pytest.mark.parametrize("start", [False, True])
def test_a_first_condition_at_run_time(start: bool) -> None:
    text = COUNTED.replace("int64 n,", "int64 n, bool go,").replace("(n, yes,", "(n, go,")
    feeds = {"n": np.array(5), "go": np.array(start), "start": random(8), "x": random(8)}
    check(text, feeds)


def test_what_bodies_carry() -> None:
    """Scalars, integers, bools; values that change places; one that stays."""
    text = """g (int64 n, float[5] a, float[5] b, bool[3] flags, uint8[2] bytes, float[2] same)
        => (float[5] y, float[5] z, bool[3] f, uint8[2] u, float[2] w, int32 count) {
      zero = Constant <value = int32 {0}> ()
      yes = Constant <value = bool {1}> ()
      y, z, f, u, w, count = Loop (n, yes, a, b, flags, bytes, same, zero)
        <body = l (int64 i, bool c, float[5] p, float[5] q, bool[3] g, uint8[2] v, float[2] s,
                   int32 k) =>
          (bool c_out, float[5] q_out, float[5] p_out, bool[3] g_out, uint8[2] v_out,
           float[2] s_out, int32 k_out) {
          c_out = Identity (c)
          q_out = Identity (q)
          p_out = Identity (p)
          g_out = Not (g)
          v_out = Add (v, v)
          s_out = Identity (s)
          one = Constant <value = int32 {1}> ()
          k_out = Add (k, one)
        }>
    }"""
    for n in (0, 3, 8):
        feed = {
            "n": np.array(n),
            "a": random(5),
            "b": random(5),
            "flags": np.array([True, False, True]),
            "bytes": np.array([3, 200], np.uint8),
            "same": random(2),
        }
        check(text, feed)


NESTED = """g (int64 n, int64 m, float[4] x, float[4] w) => (float[4] y) {
  yes = Constant <value = bool {1}> ()
  y = Loop (n, yes, x) <body = outer (int64 i, bool c, float[4] s) => (bool c_out, float[4] t) {
    c_out = Identity (c)
    scaled = Mul (s, w)
    f = Cast <to = 1> (i)
    t = Loop (m, yes, scaled)
      <body = inner (int64 j, bool d, float[4] p) => (bool d_out, float[4] q) {
        d_out = Identity (d)
        e = Cast <to = 1> (j)
        a = Add (e, f)
        b = Add (a, s)
        sum = Add (b, p)
        q = Tanh (sum)
      }>
  }>
}"""


def test_nested_loops_read_from_all_scopes() -> None:
    values = random(4), random(4)
    for n, m in ((0, 3), (2, 0), (3, 5)):
        check(NESTED, {"n": np.array(n), "m": np.array(m), "x": values[0], "w": values[1]})


def test_branches_in_a_loop_with_captured_weights() -> None:
    weight = ", ".join(str(round(float(v), 3)) for v in random(12 * 12).reshape(-1))
    text = f"""g (int64 n, float[3,12] x, float limit) => (float[3,12] y)
      <float[12,12] w = {{{weight}}}> {{
      yes = Constant <value = bool {{1}}> ()
      y = Loop (n, yes, x) <body = b (int64 i, bool c, float[3,12] s) =>
          (bool c_out, float[3,12] t) {{
        c_out = Identity (c)
        p = MatMul (s, w)
        most = ReduceMax <keepdims = 0> (p)
        is_large = Greater (most, limit)
        t = If (is_large) <
          then_branch = a () => (float[3,12] r) {{ v = MatMul (p, w) r = Tanh (v) }},
          else_branch = e () => (float[3,12] r) {{ r = Sub (x, p) }}>
      }}>
    }}"""
    feeds = [
        {"n": np.array(n), "x": random(3, 12), "limit": np.array(0.5, np.float32)}
        for n in (0, 1, 6)
    ]
    check(text, *feeds, rtol=1e-4)


def test_branches_chosen_by_data() -> None:
    text = """g (float[6] x) => (float[6] y, int64[2] z) {
      total = ReduceSum <keepdims = 0> (x)
      zero = Constant <value_float = 0.0> ()
      c = Greater (total, zero)
      y, z = If (c) <
        then_branch = t () => (float[6] a, int64[2] k)
          { a = Relu (x) k = Constant <value_ints = [1, 2]> () },
        else_branch = e () => (float[6] b, int64[2] k)
          { b = Identity (x) k = Constant <value_ints = [3, 4]> () }>
    }"""
    check(text, {"x": random(6) + 3}, {"x": random(6) - 3}, {"x": random(6) + 3})


def test_branches_of_other_shapes_are_compiled_on_their_own() -> None:
    text = """g (float[6] x) => (float[?] y) {
      total = ReduceSum <keepdims = 0> (x)
      zero = Constant <value_float = 0.0> ()
      c = Greater (total, zero)
      y = If (c) <
        then_branch = t () => (float[6] a) { a = Relu (x) },
        else_branch = e () => (float[12] b) { b = Concat <axis = 0> (x, x) }>
    }"""
    check(text, {"x": random(6) + 3}, {"x": random(6) - 3})


def test_rows_of_a_long_loop() -> None:
    text = """g (float[5] x) => (float[5] y, float[300,5] rows, int64[300,1] numbers) {
      n = Constant <value_int = 300> ()
      yes = Constant <value = bool {1}> ()
      y, rows, numbers = Loop (n, yes, x) <body = b (int64 i, bool c, float[5] s) =>
          (bool c_out, float[5] t, float[5] row, int64[1] number) {
        c_out = Identity (c)
        half = Constant <value_float = 0.5> ()
        f = Cast <to = 1> (i)
        h = Mul (s, half)
        t = Add (h, f)
        row = Mul (t, x)
        axes = Constant <value_ints = [0]> ()
        number = Unsqueeze (i, axes)
      }>
    }"""
    exe = check(text, {"x": random(5)}, {"x": random(5)})
    assert "scf.for" in exe.ir("buffers")


@pytest.mark.parametrize("start", [False, True])
def test_rows_of_a_loop_that_may_not_begin(start: bool) -> None:
    text = """g (float[5] x, bool go) => (float[5] y, float[?,5] rows) {
      n = Constant <value_int = 300> ()
      y, rows = Loop (n, go, x) <body = b (int64 i, bool c, float[5] s) =>
          (bool c_out, float[5] t, float[5] row) {
        c_out = Identity (c)
        t = Neg (s)
        row = Identity (t)
      }>
    }"""
    x = random(5)
    y, rows = compiled(text).run({"x": x, "go": np.array(start)}).values()
    np.testing.assert_array_equal(y, x)
    assert rows.shape == (300 if start else 0, 5)


def test_a_loop_whose_body_ends_it_at_once() -> None:
    text = COUNTED.replace("c_out = Identity (c)", "c_out = Not (c)")
    check(text, *({"n": n, "start": random(8), "x": random(8)} for n in trips(0, 1, 100)))


SCAN = """g (float[3] a, int64[2] k, float[{rows}] x, float[2,{n}] z)
    => (float[3] y, int64[2] l, float[?,?] u, float[?,?,?] v) {{
  y, l, u, v = Scan (a, k, x, z) <num_scan_inputs = 2, {attributes}
    body = b (float[3] s, int64[2] m, float[3] e, float[2] g) =>
        (float[3] t, int64[2] m_out, float[3] p, float[1,2] q) {{
      d = Sub (s, e)
      t = Tanh (d)
      one = Constant <value_int = 1> ()
      m_out = Add (m, one)
      r = ReduceSum <keepdims = 0> (t)
      p = Mul (t, e)
      h = Add (g, r)
      axes = Constant <value_ints = [0]> ()
      q = Unsqueeze (h, axes)
    }}>
}}"""


def scanned(feed: Feeds, x: Any, z: Any) -> list[Any]:
    """What SCAN computes, both operands with the scanned dimension first."""
    state, columns = feed["a"], []
    for e, g in zip(x, z, strict=True):
        state = np.tanh(state - e)
        columns.append((state * e, (g + state.sum())[None]))
    u, v = (np.stack(column) for column in zip(*columns, strict=True))
    return [state, feed["k"] + len(x), u, v]


def scan_feed(*x_shape: int) -> Feeds:
    return {"a": random(3), "k": np.array([1, 2]), "x": random(*x_shape), "z": random(2, 200)}


def check_scan(attributes: str, feed: Feeds, want: list[Any]) -> None:
    rows = ",".join(map(str, feed["x"].shape))
    exe = compiled(SCAN.format(attributes=attributes, rows=rows, n=200))
    for g, w in zip(exe.run(feed).values(), want, strict=True):
        np.testing.assert_allclose(g, w, rtol=1e-4, atol=1e-5)
    assert "scf.for" in exe.ir("buffers")


def test_a_long_scan() -> None:
    feed = scan_feed(200, 3)
    check_scan("scan_input_axes = [0, 1],", feed, scanned(feed, feed["x"], feed["z"].T))


def test_axes_of_a_long_scan() -> None:
    feed = scan_feed(3, 200)
    y, k, u, v = scanned(feed, feed["x"].T, feed["z"].T)
    attributes = "scan_input_axes = [1, -1], scan_output_axes = [1, 2],"
    check_scan(attributes, feed, [y, k, u.T, np.moveaxis(v, 0, 2)])


def test_directions_of_a_long_scan() -> None:
    feed = scan_feed(200, 3)
    y, k, u, v = scanned(feed, feed["x"][::-1], feed["z"].T)
    attributes = """scan_input_axes = [0, 1], scan_input_directions = [1, 0],
        scan_output_axes = [-1, 1], scan_output_directions = [0, 1],"""
    check_scan(attributes, feed, [y, k, u.T, np.moveaxis(v[::-1], 0, 1)])


def test_a_recurrence_multiplies_all_elements_at_once() -> None:
    weights = {name: random(6, 6) for name in "wu"}
    values = {n: ", ".join(map(str, w.reshape(-1).tolist())) for n, w in weights.items()}
    text = f"""g (float[1,6] h, float[100,1,6] x) => (float[1,6] y, float[100,1,6] rows)
      <float[6,6] w = {{{values["w"]}}}, float[6,6] u = {{{values["u"]}}}> {{
      y, rows = Scan (h, x) <num_scan_inputs = 1, scan_input_directions = [1],
        body = b (float[1,6] s, float[1,6] e) => (float[1,6] t, float[1,6] row) {{
          p = MatMul (e, w)
          q = MatMul (s, u)
          r = Add (p, q)
          t = Tanh (r)
          row = Identity (t)
        }}>
    }}"""
    h, x = random(1, 6), random(100, 1, 6)
    exe = compiled(text)
    y, rows = exe(h, x)
    assert "(tensor<100x6xf32>" in exe.ir("graph")
    for e, row in zip(x[::-1], rows, strict=True):
        h = np.tanh(e @ weights["w"] + h @ weights["u"])
        np.testing.assert_allclose(row, h, atol=1e-4)
    np.testing.assert_array_equal(y, rows[-1])


def test_no_memory_is_allocated_in_loops() -> None:
    for text in (COUNTED, COLLATZ, NESTED):
        assert "memref.alloc()" not in compiled(text).ir("buffers")
