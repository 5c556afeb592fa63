"""What sort of value stands behind a name: a tensor of numbers or strings, or a structure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """name: "number" or "string" (tensors), "sequence" or "optional" (of `element`), "map"."""

    name: str
    element: Kind | None = None

    @property
    def is_number(self) -> bool:
        """True for what compiled code takes."""
        return self.name == "number"

    @property
    def holds_strings(self) -> bool:
        """True for strings and for structures of them."""
        return self.name == "string" or bool(self.element and self.element.holds_strings)

    def describe(self) -> str:
        """E.g. `sequence of string`."""
        return f"{self.name} of {self.element.describe()}" if self.element else self.name


NUMBER = Kind("number")
STRING = Kind("string")
MAP = Kind("map")


def sequence_of(element: Kind) -> Kind:
    """The kind of a list of such values."""
    return Kind("sequence", element)


def optional_of(element: Kind) -> Kind:
    """The kind of such a value, or None."""
    return Kind("optional", element)


def inside(kind: Kind) -> Kind:
    """What a sequence or optional holds; any other kind itself."""
    return kind.element or kind
