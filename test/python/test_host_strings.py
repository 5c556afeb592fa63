"""Operators on strings run in Python, what they do to numbers in compiled code."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from text_models import compiled, parsed, texts

import aicc


def same(got: Any, want: Any) -> None:
    np.testing.assert_array_equal(got, want)
    assert got.dtype == want.dtype


def test_concat() -> None:
    exe = compiled("g (string[n,1] x, string[2] y) => (string[?,?] z) { z = StringConcat (x, y) }")
    same(exe(texts(["a"], ["b"]), texts("1", "é")), texts(["a1", "aé"], ["b1", "bé"]))
    with pytest.raises(aicc.ShapeError, match="StringConcat.*do not broadcast"):
        compiled("g (string[n] x, string[m] y) => (string[?] z) { z = StringConcat (x, y) }")(
            texts("a", "b"), texts("1", "2", "3")
        )


def test_regex() -> None:
    text = 'g (string[n] x) => (bool[n] y) { y = RegexFullMatch <pattern = "a+b?"> (x) }'
    same(compiled(text)(texts("aab", "ba", "a")), np.array([True, False, True]))
    bad = 'g (string[n] x) => (bool[n] y) { y = RegexFullMatch <pattern = "("> (x) }'
    with pytest.raises(aicc.InvalidModel, match="pattern"):
        compiled(bad)(texts("a"))


def test_split() -> None:
    text = (
        "g (string[n] x) => (string[?,?] y, int64[n] z) "
        '{ y, z = StringSplit <delimiter = ",", maxsplit = 1> (x) }'
    )
    pieces, counts = compiled(text)(texts("a,b,c", "d"))
    same(pieces, texts(["a", "b,c"], ["d", ""]))
    same(counts, np.array([2, 1]))


@pytest.mark.parametrize(
    ("attributes", "want"),
    [
        ('case_change_action = "UPPER"', ["A", "STOP", "B"]),
        ('stopwords = ["STOP"]', ["a", "B"]),
        ('stopwords = ["STOP"], is_case_sensitive = 1', ["a", "stop", "B"]),
        ('stopwords = ["a", "stop", "b"]', [""]),
    ],
)
def test_normalizer(attributes: str, want: list[str]) -> None:
    exe = compiled(
        f"g (string[n] x) => (string[?] y) {{ y = StringNormalizer <{attributes}> (x) }}"
    )
    same(exe(texts("a", "stop", "B")), texts(*want))


def test_casts() -> None:
    exe = compiled("g (string[n] x) => (float[n] y) { y = Cast <to = 1> (x) }")
    same(exe(texts("1.5", "-2", "NaN", "INF")), np.array([1.5, -2, np.nan, np.inf], np.float32))
    with pytest.raises(aicc.ShapeError, match="a string is no float32"):
        exe(texts("word"))
    exe = compiled("g (float[n] x) => (string[n] y) { y = Cast <to = 8> (x) }")
    same(exe(np.array([0.1, 3, -np.inf], np.float32)), texts("0.1", "3.0", "-INF"))
    exe = compiled("g (string[n] x, uint8[1] like) => (uint8[n] y) { y = CastLike (x, like) }")
    same(exe(texts("7", "255"), np.zeros(1, np.uint8)), np.array([7, 255], np.uint8))
    with pytest.raises(aicc.ShapeError, match="out of range"):
        exe(texts("256"), np.zeros(1, np.uint8))


def test_equal_and_movement_work_on_ranks() -> None:
    """Compiled code moves, compares and sorts strings as numbers."""
    exe = compiled(
        """g (string[n] x, string[n] y) => (bool[n] same, string[m] all, string[?] sorted) {
             same = Equal (x, y)
             all = Concat <axis = 0> (x, y)
             sorted = Unique (all)
           }"""
    )
    got = exe.run({"x": texts("b", "a"), "y": texts("b", "c")})
    same(got["same"], np.array([True, False]))
    same(got["all"], texts("b", "a", "b", "c"))
    same(got["sorted"], texts("a", "b", "c"))


def test_padding_strings_adds_empty_ones() -> None:
    exe = compiled("g (string[2] x, int64[2] p) => (string[?] y) { y = Pad (x, p) }")
    same(exe(texts("b", "a"), np.array([1, 1])), texts("", "b", "a", ""))


def test_constants_that_are_strings() -> None:
    exe = compiled(
        """g (int64[n] i) => (string[n] y) {
             words = Constant <value_strings = ["zero", "one"]> ()
             y = Gather (words, i)
           }"""
    )
    same(exe(np.array([1, 0, 1])), texts("one", "zero", "one"))


def test_labels() -> None:
    exe = compiled(
        """g (string[n] x) => (int64[n] y, string[n] z) {
             y = ai.onnx.ml.LabelEncoder
                 <keys_strings = ["a", "b"], values_int64s = [3, 4], default_int64 = -7> (x)
             z = ai.onnx.ml.LabelEncoder
                 <keys_int64s = [3, 4], values_strings = ["c", "d"]> (y)
           }"""
    )
    got = exe.run({"x": texts("b", "?", "a")})
    same(got["y"], np.array([4, -7, 3]))
    same(got["z"], texts("d", "_Unused", "c"))


def test_first_label_encoder() -> None:
    text = (
        '<ir_version: 9, opset_import: ["": 20, "ai.onnx.ml": 1]>'
        "g (string[n] x) => (int64[n] y) "
        '{ y = ai.onnx.ml.LabelEncoder <classes_strings = ["a", "b"], default_int64 = 9> (x) }'
    )
    import onnx

    exe = aicc.compile(onnx.parser.parse_model(text), threads=1)
    same(exe(texts("b", "x", "a")), np.array([1, 9, 0]))


def test_category_mapper() -> None:
    attributes = 'cats_int64s = [5, 6], cats_strings = ["a", "b"]'
    exe = compiled(
        f"""g (string[n] x) => (int64[n] y, string[n] z) {{
              y = ai.onnx.ml.CategoryMapper <{attributes}, default_int64 = 0> (x)
              z = ai.onnx.ml.CategoryMapper <{attributes}, default_string = "?"> (y)
            }}"""
    )
    got = exe.run({"x": texts("b", "c")})
    same(got["y"], np.array([6, 0]))
    same(got["z"], texts("b", "?"))


def test_ngrams_of_strings_are_counted_by_compiled_code() -> None:
    exe = compiled(
        """g (string[n] x) => (float[?] y) {
             y = TfIdfVectorizer <max_gram_length = 2, max_skip_count = 0, min_gram_length = 1,
                 mode = "TF", ngram_counts = [0, 2], ngram_indexes = [0, 1, 2],
                 pool_strings = ["a", "b", "b", "a"]> (x)
           }"""
    )
    same(exe(texts("a", "b", "a", "x", "b")), np.array([2, 2, 1], np.float32))
    assert [step.partition(" ")[0] for step in exe.host_steps] == ["LabelEncoder"]


def test_one_hot_of_strings() -> None:
    text = 'ai.onnx.ml.OneHotEncoder <cats_strings = ["a", "b"], zeros = 1>'
    exe = compiled(f"g (string[n] x) => (float[n,2] y) {{ y = {text} (x) }}")
    same(exe(texts("b", "?", "a")), np.array([[0, 1], [0, 0], [1, 0]], np.float32))


def test_classifier_with_string_classes() -> None:
    exe = compiled(
        """g (float[n,2] x) => (string[n] label, float[n,2] scores) {
             label, scores = ai.onnx.ml.LinearClassifier
                 <coefficients = [1.0, 0.0, 0.0, 1.0], classlabels_strings = ["u", "v"]> (x)
           }"""
    )
    label, scores = exe(np.array([[1, 2], [3, 1]], np.float32))
    same(label, texts("v", "u"))
    same(scores, np.array([[1, 2], [3, 1]], np.float32))


def test_inputs_are_checked() -> None:
    exe = compiled('g (string[2] x) => (bool[2] y) { y = RegexFullMatch <pattern = "a"> (x) }')
    same(exe(["a", "b"]), np.array([True, False]))
    same(exe(np.array(["a", "b"])), np.array([True, False]))
    same(exe(np.array([b"a", b"b"])), np.array([True, False]))
    for value, words in (
        (np.zeros(2), "expects string, got float64"),
        (texts("a", 1), "expects string, got int"),
        (texts("a"), "expects .2., got .1."),
        (None, "expects string, got nothing"),
    ):
        with pytest.raises(aicc.ShapeError, match=words):
            exe(value)


def test_nodes_that_nothing_runs_are_reported_together() -> None:
    text = """g (string[n] x) => (string[n] y) {
                a = Exp (x)
                b = Nothing (a)
                y = ai.onnx.ml.Scaler (b)
              }"""
    with pytest.raises(aicc.UnsupportedOp, match="(?s)Exp.*Nothing"):
        compiled(text)


def test_artefacts_hold_compiled_code_only(tmp_path: Any) -> None:
    exe = compiled("g (string[n] x) => (string[n] y) { y = StringConcat (x, x) }")
    with pytest.raises(aicc.ArtifactError, match="StringConcat"):
        exe.save(tmp_path / "model.aicc")


def test_profile_lists_host_steps() -> None:
    exe = compiled(
        """g (string[n] x) => (float[n] z) {
             y = Cast <to = 1> (x)
             z = Exp (y)
           }""",
        profile=True,
    )
    profile = exe.profile({"x": texts("1", "2")}, runs=3)
    assert profile.host_steps == ["Cast 'Cast_y'"]
    assert [row.interval.kind for row in profile.rows] == ["host", "elementwise"]
    assert "graph.exp" in exe.ir("graph")


def test_images_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    exe = aicc.compile(parsed("g (uint8[n] x) => (uint8[?,?,3] y) { y = ImageDecoder (x) }"))
    with pytest.raises(aicc.UnsupportedOp, match=r"aicc\[image\]"):
        exe(np.zeros(4, np.uint8))


def test_images() -> None:
    pytest.importorskip("PIL")
    ppm = b"P6 2 1 255\n" + bytes([1, 2, 3, 4, 5, 6])
    for pixel_format, want in (
        ("RGB", [[[1, 2, 3], [4, 5, 6]]]),
        ("BGR", [[[3, 2, 1], [6, 5, 4]]]),
    ):
        node = f'ImageDecoder <pixel_format = "{pixel_format}">'
        exe = compiled(f"g (uint8[n] x) => (uint8[?,?,3] y) {{ y = {node} (x) }}")
        same(exe(np.frombuffer(ppm, np.uint8)), np.array(want, np.uint8))
        same(exe(np.frombuffer(ppm[:8], np.uint8)), np.zeros((0, 0, 3), np.uint8))
