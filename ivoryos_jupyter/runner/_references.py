"""What do the references among the arguments of a call stand for?  Looked up once: what a limit judges is what the driver gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.schema import LiveReference, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REFERRING = frozenset({LiveReference, list, tuple, dict})
"""Classes of plain values that are references, or may hold some."""


class Followed:
    """Finds the objects that references stand for, each once."""

    __slots__ = ("_found", "_resolve")

    def __init__(self, resolve: Callable[[str], object]) -> None:
        """Find them with `resolve`."""
        self._resolve = resolve
        self._found: dict[str, object] = {}

    def __call__(self, text: str) -> object:
        """Return what `text` stands for."""
        if text not in self._found:
            self._found[text] = self._resolve(text)
        return self._found[text]

    def judged(self, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """Return `arguments` with values in place of references to values; an object is judged by the text of its reference."""
        if _REFERRING.isdisjoint(map(type, arguments.values())):
            return arguments
        return {name: self._judged(value) for name, value in arguments.items()}

    def _judged(self, value: object) -> object:
        if isinstance(value, LiveReference):
            return self._value_of(value)
        if isinstance(value, list | tuple):
            return [self._judged(item) for item in value]
        return {key: self._judged(item) for key, item in value.items()} if isinstance(value, dict) else value

    def _value_of(self, reference: LiveReference) -> object:
        try:
            found = self(reference.text)
        except IvoryOSError:  # the call is not made then, and says so itself
            return reference
        is_value = isinstance(found, str | list | tuple) or hasattr(type(found), "tolist") or number_of(found) is not None
        return found if found is None or is_value else reference.text
