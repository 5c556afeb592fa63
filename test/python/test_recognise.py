"""Composite operators in the forms that exporters write: found, and computed as before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from activation_forms import ACTIVATIONS
from attention_forms import ATTENTIONS
from norm_forms import NORMS
from onnx import ModelProto
from onnx.reference import ReferenceEvaluator
from recognise_forms import Form
from unlike_forms import NEGATIVES

import aicc
from aicc._mlir import ir
from aicc.passes.driver import Pipeline
from aicc.passes.statistics import collect

RECOGNISE = (
    "simplify-graph{order=eliminate-redundancy,fold-constants,eliminate-common-subexpressions}",
    "recognise-activations",
    "recognise-normalization",
    "recognise-attention",
)


def ops_of(model: ModelProto) -> list[str]:
    """The graph ops after recognition, constants left out."""
    imported = aicc.import_onnx(model, threads=1)
    with imported.module.context, ir.Location.unknown():
        Pipeline(f"builtin.module({','.join(RECOGNISE)})").run(imported.module)
        body = imported.module.body.operations[0].regions[0].blocks[0]
        names = [op.operation.name.removeprefix("graph.") for op in body.operations]
    return [n for n in names if n not in ("constant", "func.return")]


def inputs_of(model: ModelProto, seed: int = 0) -> dict[str, Any]:
    """Random inputs that reach into both tails; bool inputs see most keys."""
    random = np.random.default_rng(seed)
    feeds: dict[str, Any] = {}
    for info in model.graph.input:
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        numbers = random.standard_normal(shape) * 2
        is_bool = info.type.tensor_type.elem_type == 9
        feeds[info.name] = numbers > -1 if is_bool else numbers.astype(np.float32)
    return feeds


def check_results(model: ModelProto, tolerance: float = 2e-5) -> None:
    """Compiled results are those of the reference evaluator."""
    feeds = inputs_of(model)
    with np.errstate(all="ignore"):
        expected = ReferenceEvaluator(model).run(None, feeds)
    actual = aicc.compile(model, threads=1).run(feeds)
    for name, value in zip([o.name for o in model.graph.output], expected, strict=True):
        scale = max(1.0, float(np.abs(value).max()))
        np.testing.assert_allclose(actual[name], value, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.parametrize("form", [*ACTIVATIONS, *NORMS, *ATTENTIONS], ids=lambda form: form.name)
def test_form(form: Form) -> None:
    model = form.model()
    assert ops_of(model) == form.expected
    check_results(model)


@pytest.mark.parametrize("form", NEGATIVES, ids=lambda form: form.name)
def test_other_formula(form: Form) -> None:
    model = form.model()
    assert not set(ops_of(model)) & set(form.expected)
    check_results(model)


def test_large_arguments_do_not_overflow() -> None:
    """log(1 + exp(x)) and exp(x) / sum(exp(x)) mean these values also where exp(x) is infinite."""
    forms = {form.name: form for form in [*ACTIVATIONS, *NORMS]}
    x = np.array([[100.0, -100.0, 0.0, 90.0, 1.0, 2.0, 3.0, 89.0]] * 2, np.float32)
    softplus = aicc.compile(forms["softplus"].model(), threads=1).run({"x": x})["y"]
    np.testing.assert_allclose(softplus, np.logaddexp(0, x.astype(np.float64)), 1e-6, 1e-40)
    wide = np.zeros((2, 5, 96), np.float32)
    wide[..., 0] = 1000.0
    softmax = aicc.compile(forms["softmax_unshifted"].model(), threads=1).run({"x": wide})["y"]
    assert softmax[..., 0].min() == 1.0 and math.isfinite(float(softmax.sum()))


def refusals_of(form: Form) -> list[str]:
    imported = aicc.import_onnx(form.model(), threads=1)
    with imported.module.context, ir.Location.unknown(), collect() as statistics:
        Pipeline(f"builtin.module({','.join(RECOGNISE)})").run(imported.module)
    return [reason for reasons in statistics.refused.values() for reason in reasons]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("attention_probabilities_read", "the probabilities are read elsewhere"),
        ("attention_small_fill", "scores that are not seen still count"),
        ("layer_norm_over_channels", "the axes are not the last dimensions"),
        ("steep_leaky_relu", "the slope is not in (0, 1]"),
    ],
)
def test_refusals_are_counted(name: str, words: str) -> None:
    form = next(form for form in NEGATIVES if form.name == name)
    assert words in refusals_of(form)


def test_strict_floating_point_keeps_the_formula() -> None:
    form = next(form for form in ACTIVATIONS if form.name == "gelu")
    imported = aicc.import_onnx(form.model(), threads=1, strict_fp=True)
    with imported.module.context, ir.Location.unknown():
        Pipeline(f"builtin.module({','.join(RECOGNISE)})").run(imported.module)
    assert "graph.erf" in str(imported.module)


def names(forms: Sequence[Form]) -> list[str]:
    return [form.name for form in forms]


def test_names_are_unique() -> None:
    every = names([*ACTIVATIONS, *NORMS, *ATTENTIONS, *NEGATIVES])
    assert len(set(every)) == len(every)
