"""Where does a value stand that is converted, and what is wrong there?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_OF_AN_ERROR = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, for messages, and how references are followed."""

    field: str
    follow: Callable[[str], object]

    def at(self, key: object) -> Place:
        """Return the place of the item at `key`."""
        return replace(self, field=f"{self.field}[{key!r}]")

    def named(self, name: str) -> Place:
        """Return the place of the field `name`."""
        return replace(self, field=f"{self.field}.{name}")

    def error(self, message: str) -> ConversionError:
        """Return the error that says `message` of this place."""
        return ConversionError([Problem(self.field, message)])


def in_words(error: Exception) -> str:
    """Return the text of an error of somebody else, short enough to stand within a sentence."""
    text = str(error) or type(error).__name__
    return text if len(text) <= _MOST_OF_AN_ERROR else text[: _MOST_OF_AN_ERROR - 1] + "…"
