"""What does the metadata of ``Annotated`` say?  A unit, bounds, a sentence of help."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._annotations import Metadata
from ivoryos_jupyter.introspect._units import as_unit
from ivoryos_jupyter.schema import Integer, ListOf, Nullable, Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.schema import Kind

_LOWER = ("ge", "gt", "min", "minimum")
_UPPER = ("le", "lt", "max", "maximum")
_HELP = ("documentation", "description", "help", "doc")
_NAMES = (*_LOWER, *_UPPER, *_HELP, "unit", "units")
_LONGEST_UNIT = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What metadata said, as far as it was understood."""

    unit: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: bool = False
    """Whether the minimum itself is excluded."""
    below: bool = False
    """Whether the maximum itself is excluded."""


def read_metadata(metadata: Iterable[object]) -> Said:
    """Return what all of `metadata` says together; what it does not say stays empty."""
    said = Said()
    for item in metadata:
        value = item.value if isinstance(item, Metadata) else item
        try:
            said = _add(said, value)
        except Exception:  # noqa: BLE001, S112 - metadata is anybody's object; what cannot be read says nothing
            continue
    return said


def _add(said: Said, value: object) -> Said:
    if isinstance(value, str):
        return _add_text(said, value)
    if isinstance(value, dict):
        return _add_facts(said, value)
    if type(value).__module__.partition(".")[0] == "pint":
        return replace(said, unit=said.unit or f"{value:~}".strip())
    nested = getattr(value, "metadata", None)
    if isinstance(nested, list | tuple) and nested:
        said = read_after(said, nested)
    return _add_facts(said, {name: found for name in _NAMES if (found := getattr(value, name, None)) is not None})


def read_after(said: Said, metadata: Iterable[object]) -> Said:
    """Return `said` with what `metadata` adds."""
    for item in metadata:
        said = _add(said, item)
    return said


def _add_text(said: Said, text: str) -> Said:
    if unit := as_unit(text):
        return replace(said, unit=said.unit or unit)
    if len(text) <= _LONGEST_UNIT and text and not any(sign.isspace() for sign in text):
        return replace(said, unit=said.unit or text)
    return replace(said, help=said.help or text)


def _add_facts(said: Said, facts: Mapping[object, object]) -> Said:
    unit = facts.get("unit", facts.get("units"))
    if unit is not None and not callable(unit):
        said = replace(said, unit=said.unit or str(unit))
    for name in _HELP:
        if isinstance(text := facts.get(name), str):
            said = replace(said, help=said.help or text)
    for name in _LOWER:
        if (bound := _bound(facts.get(name))) is not None:
            said = replace(said, minimum=bound, above=name == "gt")
    for name in _UPPER:
        if (bound := _bound(facts.get(name))) is not None:
            said = replace(said, maximum=bound, below=name == "lt")
    return said


def _bound(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def bounded(kind: Kind, said: Said) -> Kind:
    """Return `kind` with the bounds that were `said`, where it is a number or holds numbers."""
    if said.minimum is None and said.maximum is None:
        return kind
    if isinstance(kind, Nullable):
        return Nullable(bounded(kind.kind, said))
    if isinstance(kind, ListOf):
        return replace(kind, item=bounded(kind.item, said))
    if isinstance(kind, Integer):
        low = said.minimum if said.minimum is None or not said.above else math.floor(said.minimum) + 1
        high = said.maximum if said.maximum is None or not said.below else math.ceil(said.maximum) - 1
        return Integer(low, high)
    if isinstance(kind, Number):
        return replace(kind, minimum=said.minimum, maximum=said.maximum)
    return kind


def strictness(said: Said) -> str:
    """Return in words which bound is itself excluded."""
    words = []
    if said.above and said.minimum is not None:
        words.append(f"more than {said.minimum:g}")
    if said.below and said.maximum is not None:
        words.append(f"less than {said.maximum:g}")
    return " and ".join(words)
