"""Which live object does ``plate["A1"].well`` stand for?  The grammar ``name(.attr | [constant])*``, nothing more."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema._kinds import LiveReference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.schema._kinds import Plain

LONGEST = 300
"""Characters that a reference may have."""

_NAME = re.compile(r"[^\W\d]\w*")
_PART = re.compile(
    r"\s*(?:\.\s*(?P<attribute>[^\W\d]\w*)"
    r"|\[\s*(?:(?P<integer>-?[0-9]{1,18})|\"(?P<double>[^\"\\]*)\"|'(?P<single>[^'\\]*)'|(?P<word>True|False|None))\s*\])"
)
_WORDS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_FORM = 'write a name with attributes and constant indexes, such as plate["A1"] or stage.x'


@dataclass(frozen=True, slots=True)
class AttributeOf:
    """One ``.name`` of a reference."""

    name: str


@dataclass(frozen=True, slots=True)
class ItemAt:
    """One ``[constant]`` of a reference."""

    key: bool | int | str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a live object, taken apart."""

    name: str
    """Name in the deck, where it begins."""
    path: tuple[AttributeOf | ItemAt, ...] = ()

    @property
    def text(self) -> str:
        """The reference in its one canonical spelling."""
        return self.name + "".join(_spelled(part) for part in self.path)


def references_in(plain: Plain) -> Iterator[LiveReference]:
    """Give every reference that a plain value is or holds, in order."""
    if isinstance(plain, LiveReference):
        yield plain
    elif isinstance(plain, list | dict):
        for item in plain.values() if isinstance(plain, dict) else plain:
            yield from references_in(item)


def parse_reference(text: str, *, field: str = "") -> Reference:
    """Take a reference apart.

    Raises
    ------
    ConversionError
        If it has another form, is too long, or goes through a private name.
    """
    if len(text) > LONGEST:
        raise _refused(field, text, f"is longer than {LONGEST} characters")
    stripped = text.strip()
    head = _NAME.match(stripped)
    if head is None:
        raise _refused(field, text, f"is not a reference to a live object; {_FORM}")
    path, at = [], head.end()
    while at < len(stripped):
        part = _PART.match(stripped, at)
        if part is None:
            raise _refused(field, text, f"cannot be read from {stripped[at:][:20]!r} on; {_FORM}")
        path.append(_part(part))
        at = part.end()
    reference = Reference(head[0], tuple(path))
    _check_names(reference, field, text)
    return reference


def _part(found: re.Match[str]) -> AttributeOf | ItemAt:
    if found["attribute"] is not None:
        return AttributeOf(found["attribute"])
    if found["integer"] is not None:
        return ItemAt(int(found["integer"]))
    if found["word"] is not None:
        return ItemAt(_WORDS[found["word"]])
    return ItemAt(found["double"] if found["double"] is not None else found["single"])


def _check_names(reference: Reference, field: str, text: str) -> None:
    names = [reference.name, *(part.name for part in reference.path if isinstance(part, AttributeOf))]
    for name in names:
        if name.startswith("_"):
            raise _refused(field, text, f"goes through the private name {name!r}; only public names can be followed")
        if keyword.iskeyword(name) or not name.isidentifier():
            raise _refused(field, text, f"has {name!r} in it, which is no name; {_FORM}")


def _spelled(part: AttributeOf | ItemAt) -> str:
    if isinstance(part, AttributeOf):
        return f".{part.name}"
    if isinstance(part.key, str):
        return f"['{part.key}']" if '"' in part.key else f"[{json.dumps(part.key, ensure_ascii=False)}]"
    return f"[{part.key!r}]"


def _refused(field: str, text: str, message: str) -> ConversionError:
    short = text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - what fits in a line
    return ConversionError([Problem(field, f"'{short}' {message}", short)])
