"""Operators with strings, taken apart into one on numbers and tables between both.

Each rule turns a node into nodes: LabelEncoder, which the host runs, and the same operator without
strings, which is compiled. Operators that only move or compare strings need no rule of their own:
`numbered` lets them work on ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import onnx
from onnx.helper import make_attribute, make_node

from aicc.host.labels import HOST_DOMAIN

ML = "ai.onnx.ml"
Rewrite = Callable[[onnx.NodeProto, dict[str, Any]], list[onnx.NodeProto]]


def rewritten(node: onnx.NodeProto, attributes: dict[str, Any]) -> list[onnx.NodeProto] | None:
    """Nodes in place of one whose attributes hold strings; None if there is no rule."""
    rule = _RULES.get((node.domain, node.op_type))
    if rule is None:
        return None
    attribute, function = rule
    return function(node, attributes) if attributes.get(attribute) else None


def _changed(node: onnx.NodeProto, without: str, **attributes: Any) -> onnx.NodeProto:
    changed = onnx.NodeProto()
    changed.CopyFrom(node)
    del changed.attribute[:]
    changed.attribute.extend(a for a in node.attribute if a.name != without)
    changed.attribute.extend(make_attribute(name, value) for name, value in attributes.items())
    return changed


def _encoder(source: str, result: str, keys: list[Any], values: list[Any]) -> onnx.NodeProto:
    words = keys if isinstance(keys[0], str) else values
    sides = (
        {"keys_strings": words, "values_int64s": values, "default_int64": -1}
        if words is keys
        else {"keys_int64s": keys, "values_strings": words}
    )
    return make_node("LabelEncoder", [source], [result], f"{result}/labels", domain=ML, **sides)


def _numbers_in(attribute: str, numbers_attribute: str) -> Rewrite:
    """The operator's input is looked up first."""

    def rewrite(node: onnx.NodeProto, attributes: dict[str, Any]) -> list[onnx.NodeProto]:
        words = attributes[attribute]
        places = {word: i for i, word in enumerate(dict.fromkeys(words))}
        numbers = f"{node.output[0]}/numbers"
        changed = _changed(node, attribute, **{numbers_attribute: [places[w] for w in words]})
        changed.input[0] = numbers
        return [_encoder(node.input[0], numbers, list(places), list(places.values())), changed]

    return rewrite


def _labels_out(attribute: str, numbers_attribute: str) -> Rewrite:
    """The operator's first output is looked up afterwards."""

    def rewrite(node: onnx.NodeProto, attributes: dict[str, Any]) -> list[onnx.NodeProto]:
        words = attributes[attribute]
        places = list(range(len(words)))
        changed = _changed(node, attribute, **{numbers_attribute: places})
        if not node.output[0]:
            return [changed]
        changed.output[0] = f"{node.output[0]}/numbers"
        return [changed, _encoder(changed.output[0], node.output[0], places, words)]

    return rewrite


def _class_labels(node: onnx.NodeProto, attributes: dict[str, Any]) -> list[onnx.NodeProto]:
    """The first LabelEncoder."""
    changed = make_node(
        "ClassLabels",
        node.input,
        node.output,
        node.name,
        domain=HOST_DOMAIN,
        classes=attributes["classes_strings"],
        default_string=attributes.get("default_string", "_Unused"),
        default_int64=attributes.get("default_int64", -1),
    )
    return [changed]


_RULES: dict[tuple[str, str], tuple[str, Rewrite]] = {
    ("", "TfIdfVectorizer"): ("pool_strings", _numbers_in("pool_strings", "pool_int64s")),
    (ML, "OneHotEncoder"): ("cats_strings", _numbers_in("cats_strings", "cats_int64s")),
    (ML, "LabelEncoder"): ("classes_strings", _class_labels),
    **{
        (ML, operator): ("classlabels_strings", _labels_out("classlabels_strings", numbers))
        for operator, numbers in (
            ("LinearClassifier", "classlabels_ints"),
            ("SVMClassifier", "classlabels_ints"),
            ("TreeEnsembleClassifier", "classlabels_int64s"),
        )
    },
}


def numbered(
    node: onnx.NodeProto, opset: int, strings: Sequence[bool]
) -> list[onnx.NodeProto] | None:
    """The node on the ranks of its strings; `strings` says which inputs are such tensors.

    None if the operator takes no strings, or is none of the standard's.
    """
    try:
        schema = onnx.defs.get_schema(node.op_type, opset, node.domain)
    except onnx.defs.SchemaError:
        return None
    if not all(_takes_text(schema, i) for i, is_text in enumerate(strings) if is_text):
        return None
    taken = [name for name, is_text in zip(node.input, strings, strict=True) if is_text]
    names = {_formal(schema.inputs, i).type_str for i, is_text in enumerate(strings) if is_text}
    stem = f"{next(filter(None, node.output))}/numbers"
    numbers = {name: f"{stem}/{i}" for i, name in enumerate(dict.fromkeys(taken))}
    inner, decoders = onnx.NodeProto(), []
    inner.CopyFrom(node)
    inner.input[:] = [
        numbers[name] if is_text else name
        for name, is_text in zip(node.input, strings, strict=True)
    ]
    for i, name in enumerate(node.output):
        if name and _formal(schema.outputs, i).type_str in names:
            inner.output[i] = f"{stem}/of/{name}"
            decoders.append(
                make_node(
                    "StringsOfNumbers",
                    [stem, inner.output[i]],
                    [name],
                    f"{name}/strings",
                    domain=HOST_DOMAIN,
                )
            )
    encoder = make_node(
        "NumberStrings", list(numbers), [stem, *numbers.values()], stem, domain=HOST_DOMAIN
    )
    return [encoder, inner, *decoders]


def _takes_text(schema: Any, index: int) -> bool:
    name = _formal(schema.inputs, index).type_str
    allowed = {c.type_param_str: c.allowed_type_strs for c in schema.type_constraints}
    return "tensor(string)" in allowed.get(name, [name])


def _formal(parameters: Sequence[Any], index: int) -> Any:
    """The declaration of an operand; the last one of a variadic operator stands for the rest."""
    return parameters[min(index, len(parameters) - 1)]
