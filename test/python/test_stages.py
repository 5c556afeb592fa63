"""Shapes that hang on computed values: counted by compiled code, then compiled for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx.reference import ReferenceEvaluator
from text_models import compiled, parsed

import aicc

RNG = np.random.default_rng(7)
X = RNG.integers(-1, 2, (6, 5, 4)).astype(np.float32)


def check(text: str, *feeds: dict[str, Any]) -> Any:
    """Compare with the reference evaluator on every feed; returns the executable."""
    exe = compiled(text)
    reference = ReferenceEvaluator(parsed(text))
    for feed in feeds:
        got = list(exe.run(feed).values())
        for g, w in zip(got, reference.run(None, feed), strict=True):
            assert g.dtype == w.dtype
            np.testing.assert_allclose(g, w, rtol=1e-5)
    return exe


def test_non_zero() -> None:
    text = "g (float[6,5,4] x) => (int64[3,?] y) { y = NonZero (x) }"
    check(text, {"x": X}, {"x": X * 0}, {"x": np.abs(X) + 1}, {"x": -X})


@pytest.mark.parametrize("dtype", ["bool", "int64", "float"])
def test_non_zero_of_small_inputs(dtype: str) -> None:
    """A few numbers are data too: the code is made for their count, not for their values."""
    kinds = {"bool": np.bool_, "int64": np.int64, "float": np.float32}
    x = np.array([[1, 0], [0, 1]], kinds[dtype])
    exe = check(
        f"g ({dtype}[2,2] x) => (int64[2,?] y) {{ y = NonZero (x) }}",
        {"x": x},
        {"x": x[::-1].copy()},
    )
    assert len(exe._programs) == 1


@pytest.mark.parametrize("axis", [None, 0, 2])
def test_compress(axis: int | None) -> None:
    attribute = "" if axis is None else f"<axis = {axis}>"
    text = f"""g (float[6,5,4] x, bool[3] c) => (float y) {{
                 y = Compress {attribute} (x, c)
               }}""".replace("float y", "float[] y")
    conditions = [[True, False, True], [False, False, False], [True, True, True]]
    check(text, *({"x": X, "c": np.array(c)} for c in conditions))


def test_what_decided_shapes_in_one_stage_may_be_gone_in_the_next() -> None:
    text = """g (float[6,5,4] x) => (int64[2,?] m, float[?] e) {
                big = Abs (x)
                top = ReduceMax <keepdims = 1> (big)
                whole = Cast <to = 7> (top)
                line = Constant <value_ints = [1]> ()
                k = Reshape (whole, line)
                n = NonZero (x)
                f = Cast <to = 1> (n)
                e = ConstantOfShape (k)
                m = NonZero (f)
              }"""
    check(text, {"x": X * 2}, {"x": X * 3})


def test_gather_what_is_not_zero_and_go_on() -> None:
    """Two counts, one after the other; what was computed before is not computed again."""
    exe = check(
        """g (float[6,5,4] x) => (float[?] y, int64[1,?] z, float[6,5,4] e) {
             e = Exp (x)
             p = NonZero (x)
             q = Transpose (p)
             v = GatherND (e, q)
             two = Constant <value_float = 2.0> ()
             m = Greater (v, two)
             z = NonZero (m)
             y = Neg (v)
           }""",
        {"x": X},
        {"x": X[::-1].copy()},
        {"x": X + 1},
    )
    assert exe.ir("graph").count("graph.exp") == 1


def test_shapes_from_sums() -> None:
    text = """g (float[6,5,4] x, float[1] z) => (float[?] y, int64[?] r) {
                m = ReduceMax <keepdims = 0> (x)
                i = Cast <to = 7> (m)
                one = Constant <value_ints = [1]> ()
                shape = Reshape (i, one)
                y = Expand (z, shape)
                zero = Constant <value_int = 0> ()
                step = Constant <value_int = 1> ()
                r = Range (zero, i, step)
              }"""
    z = np.ones(1, np.float32)
    check(text, {"x": X + 2, "z": z}, {"x": X + 5, "z": z})


def test_a_profile_names_the_node() -> None:
    exe = compiled("g (float[6,5,4] x) => (int64[3,?] y) { y = NonZero (x) }", profile=True)
    assert exe.profile({"x": X}, runs=2).host_steps == ["shape of 'NonZero_y'"]


def test_what_stages_cannot_do(tmp_path: Any) -> None:
    exe = compiled("g (float[6,5,4] x) => (int64[3,?] y) { y = NonZero (x) }")
    exe.run({"x": X})
    with pytest.raises(aicc.ArtifactError, match="cannot be saved"):
        exe.save(tmp_path / "model.aicc")
    with pytest.raises(aicc.ShapeError, match="out= needs"):
        exe.run({"x": X}, out={"y": np.zeros((3, 1), np.int64)})


def test_unknown_operators_behind_are_reported_at_once() -> None:
    text = "g (float[6,5,4] x) => (float[?] y) { p = NonZero (x)\n y = Nothing (p) }"
    with pytest.raises(aicc.UnsupportedOp, match="Nothing"):
        compiled(text)
