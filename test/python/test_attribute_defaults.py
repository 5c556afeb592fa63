"""Attributes that a node leaves out have the values of ONNX's schemas, to the last bit."""

import numpy as np
import onnx
import pytest
from one_node import node_model
from onnx import AttributeProto

import aicc
from aicc.frontend.onnx.registry import float_defaults, operators, rule_for

FLOAT64 = np.linspace(-4, 4, 12).reshape(2, 6)


def schema_defaults(operator: str, since: int, domain: str) -> dict[str, float]:
    schema = onnx.defs.get_schema(operator, since, domain)
    values = {name: a.default_value for name, a in schema.attributes.items()}
    return {name: v.f for name, v in values.items() if v.type == AttributeProto.FLOAT}


def test_float_defaults_are_those_of_the_schemas() -> None:
    compared = 0
    for (domain, operator), versions in operators().items():
        if domain not in ("", "ai.onnx.preview.training"):
            continue
        for since in versions:
            rule = rule_for(domain, operator, since)
            try:
                expected = schema_defaults(operator, since, domain)
            except onnx.defs.SchemaError:
                continue
            for name, value in (float_defaults(rule) if rule else {}).items():
                if name in expected:
                    assert value == expected[name], (operator, since, name)
                    compared += 1
    assert compared > 20


@pytest.mark.parametrize(
    ("operator", "stated"),
    [("HardSigmoid", {"alpha": 0.2, "beta": 0.5}), ("LeakyRelu", {"alpha": 0.01})],
)
def test_a_default_is_what_stating_it_gives(operator: str, stated: dict[str, float]) -> None:
    silent, telling = (
        aicc.compile(node_model(operator, [FLOAT64], domain="", **attributes), threads=1)
        for attributes in ({}, stated)
    )
    np.testing.assert_array_equal(silent(FLOAT64), telling(FLOAT64))


def test_hard_sigmoid_of_doubles_has_a_slope_of_32_bits() -> None:
    y = aicc.compile(node_model("HardSigmoid", [FLOAT64], domain=""), threads=1)(FLOAT64)
    expected = np.clip(float(np.float32(0.2)) * FLOAT64 + 0.5, 0, 1)
    np.testing.assert_allclose(y, expected, rtol=1e-15)
