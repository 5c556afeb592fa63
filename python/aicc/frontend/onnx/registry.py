"""The operator table: (domain, operator) -> import rules by opset.

A rule is a function `rule(node, *inputs, **attributes)`; its keyword-only arguments are the
operator's attributes, its result the operator's output(s). Variants for later opsets sit side by
side: `@onnx_op("Softmax")` and `@onnx_op("Softmax", since=13)`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

from .attributes import as_attribute

Rule = Callable[..., Any]
OWN_DOMAIN = "aicc"  # of operators that aicc makes on the way; no model has them

_RULES: dict[tuple[str, str], list[tuple[int, Rule]]] = {}


def onnx_op(*names: str, domain: str = "", since: int = 1) -> Callable[[Rule], Rule]:
    """Register the decorated rule for operators `names` of `domain`, from opset `since` on."""

    def register(rule: Rule) -> Rule:
        for name in names:
            variants = _RULES.setdefault((domain, name), [])
            variants[:] = sorted(
                [(v, r) for v, r in variants if v != since] + [(since, rule)], key=lambda v: v[0]
            )
        return rule

    return register


def rule_for(domain: str, operator: str, opset: int) -> Rule | None:
    """The newest rule whose `since` is at most `opset`; None if there is none."""
    load_rules()
    fitting = [r for since, r in _RULES.get((domain, operator), []) if since <= opset]
    return fitting[-1] if fitting else None


def has_foreign_rules() -> bool:
    """True if somebody registered a rule that is not aicc's own."""
    rules = [rule for variants in _RULES.values() for _, rule in variants]
    return any(not rule.__module__.startswith("aicc.") for rule in rules)


def operators() -> dict[tuple[str, str], list[int]]:
    """(domain, operator) -> the opsets at which its rules start; those that models have."""
    load_rules()
    known = {key: rules for key, rules in sorted(_RULES.items()) if key[0] != OWN_DOMAIN}
    return {key: [since for since, _ in rules] for key, rules in known.items()}


def rules_of(domain: str, operator: str) -> list[Rule]:
    """The rules of an operator, oldest first."""
    load_rules()
    return [rule for _, rule in _RULES.get((domain, operator), [])]


@cache
def load_rules() -> None:
    """Import every module of `operators/`; each registers its rules."""
    package = importlib.import_module(".operators", __package__)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


@cache
def attribute_names(rule: Rule) -> frozenset[str] | None:
    """Attributes a rule takes; None if it takes any (`**attributes`)."""
    parameters = inspect.signature(rule).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)


@cache
def required_attributes(rule: Rule) -> frozenset[str]:
    """Attributes that a rule cannot do without."""
    parameters = inspect.signature(rule).parameters.values()
    return frozenset(
        p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty
    )


@cache
def float_defaults(rule: Rule) -> dict[str, float]:
    """Defaults of FLOAT attributes, rounded as they would be if a node stated them."""
    parameters = inspect.signature(rule).parameters.values()
    return {
        p.name: as_attribute(p.default)
        for p in parameters
        if p.kind is p.KEYWORD_ONLY and isinstance(p.default, float)
    }


@cache
def operand_bounds(rule: Rule) -> tuple[int, int | None]:
    """(fewest, most) inputs a rule takes, the node itself not counted; most None = any."""
    positional = [
        p
        for p in list(inspect.signature(rule).parameters.values())[1:]
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    variadic = any(p.kind is p.VAR_POSITIONAL for p in inspect.signature(rule).parameters.values())
    fewest = sum(p.default is p.empty for p in positional)
    return fewest, None if variadic else len(positional)
