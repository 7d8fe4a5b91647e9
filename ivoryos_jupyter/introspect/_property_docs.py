"""What do the fields of a property's docstring say?  ``:type:``, ``:rtype:`` and ``:units:``, as sphinx reads them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from ivoryos_jupyter.introspect._annotations import Scope, Unreadable, is_placeholder, resolve
from ivoryos_jupyter.introspect._docstrings import type_in_words
from ivoryos_jupyter.introspect._names import ancestry, class_dict
from ivoryos_jupyter.introspect._reading import KindReader
from ivoryos_jupyter.introspect._units import as_unit, unit_in_text
from ivoryos_jupyter.schema import Anything, Live

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Kind

_FIELD = re.compile(r"^[ \t]*:(type|rtype|units?):[ \t]*(\S.*(?:\n[ \t]+(?!:)\S.*)*)", re.MULTILINE)
_MATHS = re.compile(r":math:`([^`]*)`")
_ROLE = re.compile(r"(?::[\w:]+:)?`~?([^`]*)`")
_ASSUMED = re.compile(r"\bassumed to be(?: of)?(?: units?)?\s+(\S+)|,? or (\S+) otherwise", re.IGNORECASE)
_WITH_UNITS = re.compile(r"\s+(?:with|in) units?(?: of)?\s+(\S+)", re.IGNORECASE)
_QUANTITY = re.compile(r"\b(?:[A-Za-z_]\w*\.)*(?:Unit)?Quantity\b")


class PropertyFields(NamedTuple):
    """What a docstring says of the value of a property."""

    type_text: str = ""
    """Its type, as far as it reads as one; a quantity is given as a number of its unit."""
    unit: str = ""


def read_fields(text: str) -> PropertyFields:
    """Return what the fields of the docstring `text` say."""
    found: dict[str, str] = {}
    for name, said in _FIELD.findall(text):
        found.setdefault(name, " ".join(_plain(said).split()))
    type_said = found.get("type") or found.get("rtype", "")
    units = found.get("units") or found.get("unit", "")
    with_units = _WITH_UNITS.search(type_said)
    unit = _unit(units) or (as_unit(with_units[1]) if with_units else "")
    written = _WITH_UNITS.split(type_said)[0].rstrip(". ")
    return PropertyFields(_QUANTITY.sub("float", written), unit)


def _plain(said: str) -> str:
    """Return a field without the marks of sphinx."""
    without = _MATHS.sub(lambda found: re.sub(r"\\text|[{}\\]", "", found[1].replace(r"\mu", "µ").replace(r"\Omega", "Ω")), said)
    return _ROLE.sub(r"\1", without)


def _unit(said: str) -> str:
    assumed = _ASSUMED.search(said)
    word = next(filter(None, assumed.groups()), "") if assumed else said
    return as_unit(word.rstrip(",")) or unit_in_text(said)


def kind_in_words(type_text: str, owner: type) -> Kind | None:
    """Return the kind of value that a docstring in the class `owner` names; None when that is prose, or a class of nobody's."""
    written = type_in_words(type_text) if type_text else ""
    if not written:
        return None
    places = [vars(module) for base in ancestry(owner) if (module := sys.modules.get(base.__module__)) is not None]
    inner = {name: raw for base in reversed(ancestry(owner)) for name, raw in class_dict(base).items() if isinstance(raw, type)}
    scope = Scope({owner.__name__: owner}, *places, owner=inner)
    found = resolve(written, scope)
    if isinstance(found, Unreadable) or is_placeholder(found):
        return None
    kind = KindReader(scope).kind(found)
    return None if isinstance(kind, Anything | Live) else kind
