"""Sequences, optionals and maps: known when compiling, or handled by host steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx.reference import ReferenceEvaluator
from text_models import compiled, parsed, texts

import aicc
from aicc.runtime.executable import Executable
from aicc.runtime.stepped import SteppedExecutable

X = np.arange(-4, 4, dtype=np.float32).reshape(2, 4)


def test_sequences_inside_leave_no_host_step() -> None:
    text = """g (float[n,4] x) => (float[?,?] y, int64 len, float[?,?] last) {
                one = Constant <value_int = 1> ()
                s = SequenceConstruct (x, x)
                r = Relu (x)
                t = SequenceInsert (s, r, one)
                y = ConcatFromSequence <axis = 0> (t)
                u = SequenceErase (t)
                len = SequenceLength (u)
                minus = Constant <value_int = -1> ()
                last = SequenceAt (u, minus)
              }"""
    exe = compiled(text)
    assert isinstance(exe, Executable)
    got = exe(X)
    for g, w in zip(got, ReferenceEvaluator(parsed(text)).run(None, {"x": X}), strict=True):
        np.testing.assert_array_equal(g, w)
    assert "graph.concat" in exe.ir("graph")


@pytest.mark.parametrize("attributes", ["", "axis = 1", "axis = -1, keepdims = 0"])
def test_split_inside(attributes: str) -> None:
    attributes = f"<{attributes}>" if attributes else ""
    text = f"""g (float[2,4] x) => (float[?,?] y) {{
                 s = SplitToSequence {attributes} (x)
                 y = ConcatFromSequence <axis = 0, new_axis = 1> (s)
               }}"""
    exe = compiled(text)
    assert isinstance(exe, Executable)
    (want,) = ReferenceEvaluator(parsed(text)).run(None, {"x": X})
    np.testing.assert_array_equal(exe(X), want)


def test_a_loop_that_collects_a_sequence() -> None:
    text = """g (float[4] x) => (float[?] y) {
                three = Constant <value_int = 3> ()
                yes = Constant <value = bool {1}> ()
                none = SequenceEmpty ()
                s = Loop (three, yes, none) <body = b (int64 i, bool c, seq(float[4]) s) =>
                    (bool c_out, seq(float[4]) s_out) {
                    c_out = Identity (c)
                    f = Cast <to = 1> (i)
                    e = Mul (x, f)
                    s_out = SequenceInsert (s, e)
                }>
                y = ConcatFromSequence <axis = 0> (s)
              }"""
    exe = compiled(text)
    assert isinstance(exe, Executable)
    np.testing.assert_array_equal(exe(X[0]), np.concatenate([X[0] * i for i in range(3)]))


def test_a_position_that_data_decides() -> None:
    """Not known when compiling: the sequence is a list, its tensors are computed as ever."""
    text = """g (float[n,4] x) => (float[?,?] y) {
                r = Relu (x)
                s = SequenceConstruct (x, r)
                m = ReduceMax <keepdims = 0> (x)
                zero = Constant <value_float = 0.0> ()
                b = Greater (m, zero)
                at = Cast <to = 7> (b)
                e = SequenceAt (s, at)
                y = Neg (e)
              }"""
    exe = compiled(text)
    np.testing.assert_array_equal(exe(X), -np.maximum(X, 0))
    np.testing.assert_array_equal(exe(X - 9), 9 - X)


def test_sequences_from_outside() -> None:
    exe = compiled(
        """g (seq(float[]) s, int64 at) => (seq(float[]) t, float[?] y, float[?] one, int64 len) {
             e = SequenceAt (s, at)
             one = Exp (e)
             t = SequenceInsert (s, one)
             y = ConcatFromSequence <axis = 0> (t)
             len = SequenceLength (t)
           }"""
    )
    assert isinstance(exe, SteppedExecutable)
    s = [np.zeros(2, np.float32), np.ones(3, np.float32)]
    got = exe.run({"s": s, "at": np.array(-1)})
    e = np.exp(s[1])
    np.testing.assert_allclose(got["one"], e, rtol=1e-6)
    np.testing.assert_allclose(got["y"], np.concatenate([*s, e]), rtol=1e-6)
    assert (len(got["t"]), int(got["len"])) == (3, 3)
    with pytest.raises(aicc.ShapeError, match="position 2 in a sequence of 2"):
        exe.run({"s": s, "at": np.array(2)})
    with pytest.raises(aicc.ShapeError, match="expects a list"):
        exe.run({"s": s[0], "at": np.array(0)})
    with pytest.raises(aicc.ShapeError, match="expects float32, got float64"):
        exe.run({"s": [np.zeros(2)], "at": np.array(0)})


def test_erase_and_split_from_outside() -> None:
    exe = compiled(
        """g (seq(float[]) s, float[n] x, int64[k] sizes) => (seq(float[]) t, seq(float[]) p) {
             t = SequenceErase (s)
             p = SplitToSequence (x, sizes)
           }"""
    )
    x = np.arange(5, dtype=np.float32)
    t, p = exe([x, x + 1], x, np.array([2, 3]))
    np.testing.assert_array_equal(t, [x])
    np.testing.assert_array_equal(p[0], x[:2])
    np.testing.assert_array_equal(p[1], x[2:])
    with pytest.raises(aicc.ShapeError, match="do not make up 5"):
        exe([x], x, np.array([2, 2]))
    with pytest.raises(aicc.ShapeError, match="the sequence is empty"):
        exe([], x, np.array([5]))


def test_map_over_sequences() -> None:
    exe = compiled(
        """g (seq(float[]) a, float[1] x) => (seq(float[]) y) {
             y = SequenceMap (a, x) <body = b (float[n] e, float[1] f) => (float[n] r) {
                 r = Add (e, f)
             }>
           }"""
    )
    got = exe([np.zeros(2, np.float32), np.ones(1, np.float32)], np.ones(1, np.float32))
    np.testing.assert_array_equal(got[0], [1, 1])
    np.testing.assert_array_equal(got[1], [2])
    assert any(step.startswith("SequenceMap") for step in exe.host_steps)


def test_optionals() -> None:
    exe = compiled(
        """g (optional(float[2]) x) => (bool has, float[2] y) {
             has = OptionalHasElement (x)
             y = If (has) <
                 then_branch = t () => (float[2] a) {
                     e = OptionalGetElement (x)
                     a = Neg (e)
                 },
                 else_branch = f () => (float[2] b) {
                     b = Constant <value_floats = [7.0, 8.0]> ()
                 }>
           }"""
    )
    has, y = exe(np.array([1, 2], np.float32))
    np.testing.assert_array_equal(y, [-1, -2])
    assert has
    has, y = exe(None)
    np.testing.assert_array_equal(y, [7, 8])
    assert not has


def test_an_empty_optional_has_no_element() -> None:
    exe = compiled("g (optional(float[2]) x) => (float[2] y) { y = OptionalGetElement (x) }")
    with pytest.raises(aicc.ShapeError, match="the optional is empty"):
        exe(None)


def test_optional_of_a_tensor() -> None:
    exe = compiled("g (float[2] x) => (optional(float[2]) y) { y = Optional (x) }")
    x = np.array([1, 2], np.float32)
    np.testing.assert_array_equal(exe(x), x)


def test_loop_over_strings() -> None:
    exe = compiled(
        """g (int64 n, string[1] s) => (string[1] last, string[?,1] all, int64[?] sizes) {
             last, all, sizes = Loop (n, , s) <body = b (int64 i, bool c, string[1] a) =>
                 (bool c_out, string[1] next, string[1] kept, int64 size) {
                 c_out = Identity (c)
                 next = StringConcat (a, s)
                 kept = Identity (next)
                 one = Constant <value_int = 1> ()
                 size = Add (i, one)
             }>
           }"""
    )
    last, everything, sizes = exe(np.array(2), texts("x"))
    np.testing.assert_array_equal(last, texts("xxx"))
    np.testing.assert_array_equal(everything, texts(["xx"], ["xxx"]))
    np.testing.assert_array_equal(sizes, [1, 2])
    last, everything, sizes = exe(np.array(0), texts("x"))
    assert (everything.shape, sizes.shape, sizes.dtype) == ((0, 1), (0,), np.int64)


def test_functions_with_host_operators_are_inlined() -> None:
    text = """g (string[n] x) => (float[n] y) { y = own.Read (x) }
              <domain: "own", opset_import: ["": 20]>
              Read (a) => (c) {
                b = Cast <to = 1> (a)
                c = Exp (b)
              }"""
    import onnx

    header = '<ir_version: 9, opset_import: ["": 20, "own": 1]>'
    exe = aicc.compile(onnx.parser.parse_model(header + text), threads=1)
    np.testing.assert_allclose(exe(texts("0", "1")), np.exp([0, 1]), rtol=1e-6)


def test_maps() -> None:
    exe = compiled(
        """g (float[n,2] x) => (seq(map(string, float)) y) {
             y = ai.onnx.ml.ZipMap <classlabels_strings = ["a", "b"]> (x)
           }"""
    )
    assert exe(np.array([[1, 2]], np.float32)) == [{"a": 1.0, "b": 2.0}]
    exe = compiled(
        """g (map(string, float) x) => (float[1,2] z) {
             y = ai.onnx.ml.DictVectorizer <string_vocabulary = ["a", "b"]> (x)
             z = Neg (y)
           }"""
    )
    np.testing.assert_array_equal(exe({"b": 3.0}), [[0, -3]])
    with pytest.raises(aicc.ShapeError, match="'c' is not in the vocabulary"):
        exe({"c": 1.0})
    exe = compiled(
        """g (map(int64, float) x) => (float[1,?] dense, float[1,4] sparse) {
             dense = ai.onnx.ml.CastMap (x)
             sparse = ai.onnx.ml.CastMap <map_form = "SPARSE", max_map = 4> (x)
           }"""
    )
    dense, sparse = exe({3: 1.5, 0: 2.5})
    np.testing.assert_array_equal(dense, [[2.5, 1.5]])
    np.testing.assert_array_equal(sparse, [[2.5, 0, 0, 1.5]])


def test_regions_are_as_few_as_the_order_allows() -> None:
    exe = compiled(
        """g (float[n] x, string[n] s) => (float[n] y) {
             a = Exp (x)
             t = Cast <to = 1> (s)
             b = Neg (t)
             c = Add (a, b)
             y = Abs (c)
           }"""
    )
    kinds = [type(step).__name__ for step in exe.steps.steps]
    assert kinds == ["HostStep", "CompiledStep"]
    x: Any = np.array([0.5, 1], np.float32)
    np.testing.assert_allclose(exe(x, texts("1", "2")), np.abs(np.exp(x) - [1, 2]), rtol=1e-6)
