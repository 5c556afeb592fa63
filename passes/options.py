"""Typed options of a Python pass, derived from the signature of its function.

`def run(op, *, max_elements: int = 64, verbose: bool = False)` takes the textual options
`max-elements=8 verbose`: the signature is the only place where an option is declared. Values follow
mlir-opt's spelling: `key=value` separated by blanks, a bare key for a true flag, lists as `1,2,3`,
`{1,2,3}` or `[1,2,3]`, and quotes around a string that holds blanks.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SCALARS: tuple[type, ...] = (int, bool, float, str)
TOKEN = re.compile(
    r"""\s*(?P<key>[A-Za-z][\w-]*)
        (?:=(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|\{[^{}]*\}|\[[^\[\]]*\]|[^\s{}"'\[\]]*))?
        (?=\s|$)""",
    re.VERBOSE,
)
BOOLEANS = {"": True, "true": True, "1": True, "false": False, "0": False}


class OptionError(ValueError):
    """The text given for the options of a pass does not fit its signature."""


@dataclass(frozen=True)
class Option:
    """One keyword argument of a pass; `element` is the scalar type, also of a list's elements."""

    name: str
    element: type
    is_list: bool
    default: Any

    @property
    def flag(self) -> str:
        """The spelling on the command line."""
        return self.name.replace("_", "-")

    @property
    def described(self) -> str:
        """`max-elements=<int> (64)`, for listings."""
        kind = f"<{self.element.__name__}{',...' if self.is_list else ''}>"
        return f"{self.flag}={kind} ({self.default!r})"

    def parse(self, text: str | None) -> Any:
        """The value written as `text`; None stands for a bare `key`."""
        if text is None and self.element is not bool:
            raise OptionError(f"option '{self.flag}' needs a value: {self.described}")
        bare = _unquote(text or "")
        if not self.is_list:
            return self._scalar(bare)
        return [self._scalar(item.strip()) for item in bare.split(",") if item.strip()]

    def _scalar(self, text: str) -> Any:
        try:
            if self.element is bool:
                return BOOLEANS[text.lower()]
            return int(text, 0) if self.element is int else self.element(text)
        except (KeyError, ValueError):
            kind = self.element.__name__
            raise OptionError(f"option '{self.flag}' takes {kind}, not '{text}'") from None


def options_of(function: Callable[..., Any], *, skip: int = 1) -> dict[str, Option]:
    """The options of `function` by flag; its first `skip` parameters are not options."""
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    options = [_option_of(function, parameter) for parameter in parameters[skip:]]
    return {option.flag: option for option in options}


def parse_options(options: dict[str, Option], text: str | None) -> dict[str, Any]:
    """Keyword arguments out of textual options; unknown, repeated or ill-typed ones raise."""
    values: dict[str, Any] = {}
    for key, value in split_options(text or ""):
        option = options.get(key)
        if option is None:
            known = ", ".join(one.described for one in options.values()) or "none"
            raise OptionError(f"no option '{key}'; valid options: {known}")
        if option.name in values:
            raise OptionError(f"option '{key}' is given twice")
        values[option.name] = option.parse(value)
    return values


def split_options(text: str) -> list[tuple[str, str | None]]:
    """Split `a=1 b={1,2} c` into (key, value or None) pairs."""
    pairs: list[tuple[str, str | None]] = []
    position = 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if match is None:
            raise OptionError(f"cannot read options at '{text[position:].strip()}'")
        pairs.append((match["key"], match["value"]))
        position = match.end()
    return pairs


def _unquote(text: str) -> str:
    if text[:1] in ('"', "'"):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text[1:-1] if text[:1] in ("{", "[") else text


def _option_of(function: Callable[..., Any], parameter: inspect.Parameter) -> Option:
    where = f"option '{parameter.name}' of {function.__module__}.{function.__qualname__}"
    if parameter.default is inspect.Parameter.empty:
        raise TypeError(f"{where} needs a default value")
    element = _without_none(parameter.annotation)
    is_list = typing.get_origin(element) is list
    if is_list:
        element = typing.get_args(element)[0]
    if element not in SCALARS:
        raise TypeError(f"{where} must be int, bool, float, str or a list of them, not {element}")
    return Option(parameter.name, element, is_list, parameter.default)


def _without_none(annotation: Any) -> Any:
    """`T` out of `T | None`, so that an option may default to None."""
    if isinstance(annotation, types.UnionType):
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else annotation
    return annotation
