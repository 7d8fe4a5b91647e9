"""Which of the offered members or constants, or which text, is meant?"""

from __future__ import annotations

import json
from enum import Enum, Flag
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema._describe import describe, short_name
from ivoryos_jupyter.schema._kinds import Boolean, EnumChoice, Integer, LiteralChoice, Nothing, Number, Text
from ivoryos_jupyter.schema._literals import Typed
from ivoryos_jupyter.schema._numbers import number_of, read_boolean, read_integer, read_number
from ivoryos_jupyter.schema._reading import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from ivoryos_jupyter.schema._reading import Reading

Constant = bool | int | float | str | None

NONE_WORDS = frozenset({"", "None", "null"})


def read_text(_kind: Text, given: object, reading: Reading) -> str:
    """Return the text to the letter."""
    if isinstance(given, Enum) and isinstance(given.value, str):
        return given.value
    if isinstance(given, str):
        return str(given)
    hint = f"; write '{shown(given)}' in quotes" if type(given) in {int, float, bool} else ""
    raise reading.error(f"{quoted(given)} is not a text{hint}", given)


def read_nothing(_kind: Nothing, given: object, reading: Reading) -> None:
    """Return None for None, blank text and the words for it."""
    if given is not None and not (isinstance(given, str) and given.strip() in NONE_WORDS):
        raise reading.error(f"{quoted(given)} is given where only None fits; leave it blank", given)


def read_enum(kind: EnumChoice, given: object, reading: Reading) -> str:
    """Return the name of the member that is named, else of the one whose value it is."""
    if isinstance(given, Enum):
        return _live_member(kind, given, reading)
    text = str(given) if isinstance(given, str) else _as_value(given)
    name = None if text is None else _named_member(kind, text)
    if name is not None:
        return name
    if kind.combines and text is not None and "|" in text:
        return _several(kind, text, reading)
    close = [member.name for member in kind.members if text and member.name.lower() == text.strip().lower()]
    cure = f"write {close[0]}" if close else f"choose {describe(kind)}"
    raise reading.error(f"{quoted(given)} is not a member of {short_name(kind.type_name)}; {cure}", given)


def _named_member(kind: EnumChoice, text: str) -> str | None:
    """Return the name of the member that `text` names, else of the one whose value it is; None when there is none."""
    for word in (text, text.strip()):
        for member in kind.members:
            if member.name == word:
                return member.name
        for member in kind.members:
            if member.value == word:
                return member.name
    return None


def _several(kind: EnumChoice, text: str, reading: Reading) -> str:
    names = []
    for part in text.split("|"):
        name = _named_member(kind, part)
        if name is None:
            raise reading.error(f"{quoted(part)} is not a member of {short_name(kind.type_name)}; choose {describe(kind)}", text)
        names.append(name)
    return combined(kind, names)


def combined(kind: EnumChoice, names: Collection[str]) -> str:
    """Return the plain value of several members at once: their names in the order of the class."""
    return "|".join(member.name for member in kind.members if member.name in names)


def read_literal(kind: LiteralChoice, given: object, reading: Reading) -> Constant:
    """Return the constant that is meant, of its own type."""
    for value in kind.values:
        if type(value) is type(given) and value == given:
            return value
    if isinstance(given, str):
        for value in kind.values:
            if _is_written(value, str(given), reading):
                return value
        if (inner := quoted_text(given)) is not None and inner in [value for value in kind.values if isinstance(value, str)]:
            return inner
    elif (number := number_of(given)) is not None:
        for value in kind.values:
            if type(value) in {int, float} and value == number:
                return value
    raise reading.error(f"{quoted(given)} is not {describe(kind)}", given)


def quoted_text(text: str) -> str | None:
    """Return the text inside when all of `text` is one JSON string in double quotes, else None."""
    if text[:1] != '"':
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, str) else None


def read_bare_constant(text: str, *, json_words: bool) -> Constant:
    """Return the Python constant that `text` is, else the text itself; `json_words` admits ``true false null``."""
    word = text.strip()
    words: dict[str, Constant] = {"True": True, "False": False, "None": None}
    if json_words:
        words |= {"true": True, "false": False, "null": None}
    if word in words:
        return words[word]
    digits = word.lstrip("+-")
    if not digits[:1].isdigit() and not digits.startswith("."):
        return text
    return _bare_number(word, text)


def _bare_number(word: str, text: str) -> Constant:
    leading_zero = word.lstrip("+-")[:1] == "0" and word.lstrip("+-")[1:2].isdigit()
    if leading_zero or len(word) > 300:  # noqa: PLR2004 - nobody types a longer number
        return text
    try:
        return int(word) if word.lstrip("+-").isascii() and word.lstrip("+-").isdigit() else float(word) if _is_float(word) else text
    except ValueError:
        return text


def _is_float(word: str) -> bool:
    return all(char in "0123456789.+-eE" for char in word) and "inf" not in repr(float(word))


def _live_member(kind: EnumChoice, given: Enum, reading: Reading) -> str:
    cls = type(given)
    if f"{cls.__module__}:{cls.__qualname__}" == kind.type_name:
        for member in kind.members:
            if member.name == given.name:
                return member.name
        if isinstance(given, Flag) and (parts := _parts(kind, given)):
            return combined(kind, parts)
    raise reading.error(f"{cls.__name__}.{given.name} is not a member of {short_name(kind.type_name)}; choose {describe(kind)}", given)


def _parts(kind: EnumChoice, given: Flag) -> list[str]:
    """Return the names of the members that `given` is made of; none when something of it has no name."""
    members = type(given).__members__
    within = [one.name for one in kind.members if one.name in members and members[one.name] and members[one.name] in given]
    rest = given
    for name in within:
        rest &= ~members[name]
    return [] if rest else within


def _as_value(given: object) -> str | None:
    if given is None or isinstance(given, bool):
        return str(given)
    number = number_of(given)
    return None if number is None else shown(number)


def _is_written(value: Constant, text: str, reading: Reading) -> bool:
    """Whether `text` is how the constant `value` is written."""
    if isinstance(value, str):
        return value in (text, text.strip())
    if value is None:
        return text.strip() in NONE_WORDS
    try:
        if isinstance(value, bool):
            return read_boolean(Boolean(), Typed(text), reading) is value
        if isinstance(value, int):
            return read_integer(Integer(), Typed(text), reading) == value
        return read_number(Number(), Typed(text), reading) == value
    except ConversionError:
        return False
