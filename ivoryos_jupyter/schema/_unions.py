"""Which member of a union is meant: None, the most exact one in declared order, text last?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema._choices import NONE_WORDS, quoted_text, read_bare_constant
from ivoryos_jupyter.schema._describe import describe
from ivoryos_jupyter.schema._kinds import (
    Anything,
    Boolean,
    DictOf,
    EnumChoice,
    Integer,
    Kind,
    ListOf,
    Live,
    LiveReference,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Plain,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)
from ivoryos_jupyter.schema._literals import Bare, LiteralError, Pairs, Typed, structure
from ivoryos_jupyter.schema._numbers import NUMBER
from ivoryos_jupyter.schema._reading import all_or_errors, quoted
from ivoryos_jupyter.schema._reference import parse_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._reading import Reading

_MISSING = frozenset({"NAType", "NaTType"})
"""Classes of pandas' own marks for a missing value."""

_MOST_BITS = 4096


def read_nullable(kind: Nullable, given: object, reading: Reading) -> Plain:
    """Return None for what says nothing, else a value of the kind within."""
    if given is None or type(given).__name__ in _MISSING or (isinstance(given, Bare) and given in NONE_WORDS):
        return None
    inner = kind.kind
    if not isinstance(given, str) or given.strip() not in NONE_WORDS:
        return reading.read(inner, given, reading)
    if not given.strip():
        explicit = bool(given) or not isinstance(given, Typed) or reading.blank == "text"
        return reading.read(inner, given, reading) if explicit and admits_text(inner) else None
    try:
        return reading.read(inner, given, reading)
    except ConversionError:
        return None


def admits_text(kind: Kind) -> bool:
    """Whether any text at all is a value of `kind`."""
    if isinstance(kind, Nullable):
        return admits_text(kind.kind)
    if isinstance(kind, OneOf):
        return any(admits_text(member) for member in kind.members)
    return isinstance(kind, (Text, Anything))


def read_one_of(kind: OneOf, given: object, reading: Reading) -> Plain:
    """Return the value of the member that fits most exactly."""
    return choose(kind, given, reading)[1]


def choose(kind: OneOf, given: object, reading: Reading) -> tuple[int, Plain]:
    """Return which member of `kind` is meant, as its index, and its value."""
    if type(given) is str and not admits_text(kind):
        given = Typed(given)  # text that no member keeps as text can only be meant as typed
    if isinstance(given, Typed) and (inner := quoted_text(given)) is not None and admits_text(kind):
        given = inner
    found: list[tuple[float, int, Plain]] = []
    errors: list[tuple[Kind, ConversionError]] = []
    for index, member in enumerate(kind.members):
        try:
            value = reading.read(member, given, reading)
        except ConversionError as error:  # noqa: PERF203 - a member that does not fit is an answer
            errors.append((member, error))
        else:
            found.append((_distance(member, given, value), index, value))
    if not found:
        raise _none_fits(kind, given, reading, errors)
    return min(found, key=lambda one: one[:2])[1:]


def read_anything(_kind: Anything, given: object, reading: Reading) -> Plain:
    """Return typed text as the Python constant it is, else as text; any plain value as it is."""
    if isinstance(given, Bare):
        return read_bare_constant(str(given), json_words=True)
    if isinstance(given, Typed):
        return _constant(str(given), reading)
    if isinstance(given, str):
        return str(given)
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        raise reading.error("is too large", given)
    if given is None or type(given) in {bool, int, float} or isinstance(given, LiveReference):
        return given  # type: ignore[return-value]  # the line above says it is plain
    return _composite(given, reading)


def read_live(kind: Live, given: object, reading: Reading) -> Plain:
    """Return the reference to the object that is meant."""
    if isinstance(given, LiveReference):
        return LiveReference(parse_reference(given.text, field=reading.field).text)
    if isinstance(given, str):
        if not given.strip():
            raise reading.error(f"{describe(kind)} is needed; pick one from the deck")
        return LiveReference(parse_reference(given, field=reading.field).text)
    if reading.live and not isinstance(given, (bool, int, float, list, dict)) and given is not None:
        return given  # type: ignore[return-value]  # a live object on its way to the call
    raise reading.error(f'{quoted(given)} is not a reference to {describe(kind)}; write one such as plate["A1"]', given)


def _composite(given: object, reading: Reading) -> Plain:
    if reading.live:
        return given  # type: ignore[return-value]  # a live object on its way to the call
    if isinstance(given, (list, tuple)):
        return all_or_errors([_part(item, reading.item(at)) for at, item in enumerate(given)])
    pairs = list(given.items()) if isinstance(given, dict) else given.items if isinstance(given, Pairs) else None
    if pairs is None:
        value = given.item() if type(given).__module__ == "numpy" and getattr(given, "shape", None) == () else None  # type: ignore[attr-defined]
        if type(value) in {bool, int, float, str}:
            return value
        raise reading.error(f"{quoted(given)} is no plain value; give a number, a text, a list, or a reference", given)
    if any(not isinstance(key, str) or (isinstance(key, Bare) and not _is_word(key)) for key, _value in pairs):
        raise reading.error("keys must be texts here; put them in quotes", given)
    values = all_or_errors([_part(item, reading.item(str(key))) for key, item in pairs])
    return dict(zip((str(key) for key, _value in pairs), values, strict=True))


def _part(item: object, reading: Reading) -> Callable[[], Plain]:
    return lambda: reading.read(Anything(), item, reading)


def _is_word(key: str) -> bool:
    return read_bare_constant(key, json_words=True) == key


def _constant(text: str, reading: Reading) -> Plain:
    if (inner := quoted_text(text.strip())) is not None:
        return inner
    if text.lstrip()[:1] in {"[", "(", "{", "'"}:
        try:
            value = structure(text)
        except LiteralError:
            return text
        if isinstance(value, Bare) or not _all_constants(value):
            return text
        return reading.read(Anything(), value, reading)
    return read_bare_constant(text, json_words=False)


def _all_constants(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_all_constants, value))
    if isinstance(value, Pairs):
        return all(_all_constants(key) and _all_constants(item) for key, item in value.items)
    return not isinstance(value, Bare) or not _is_word(value)


def _none_fits(kind: OneOf, given: object, reading: Reading, errors: list[tuple[Kind, ConversionError]]) -> ConversionError:
    structured = isinstance(given, (list, tuple, dict, Pairs)) or (isinstance(given, str) and given.lstrip()[:1] in {"[", "{", "("})
    composed = [error for member, error in errors if isinstance(member, (ListOf, TupleOf, DictOf, Record))]
    if len(errors) == 1 or (structured and len(composed) == 1):
        return (composed if len(errors) > 1 else [errors[0][1]])[0]
    return reading.error(f"{quoted(given)} is not {describe(kind)}", given)


def _distance(kind: Kind, given: object, value: Plain) -> float:
    """Return how far the value is from what was given: 0 is the very same, 9 is text that would have taken anything."""
    if isinstance(kind, Nullable):
        return 0 if value is None else _distance(kind.kind, given, value)
    if isinstance(kind, OneOf):
        return 1
    if isinstance(given, Typed):
        return _distance_of_typed(kind, str(given).strip(), value)
    return _distance_of_value(kind, given, value)


def _distance_of_typed(kind: Kind, text: str, value: Plain) -> float:  # noqa: PLR0911 - one line for each group of kinds
    if isinstance(kind, (Text, Anything)):
        return 9 if isinstance(kind, Text) else 8
    if isinstance(kind, (ListOf, TupleOf, DictOf, Record)) or value.__class__ is list:
        return 1 if text[:1] in {"[", "(", "{"} else 6
    if isinstance(kind, Special) and kind.form in {"path", "bytes"}:
        return 0 if text[:2] in {"b'", 'b"'} and kind.form == "bytes" else 7
    if isinstance(kind, Live):
        return 5
    if isinstance(kind, (Special, Temporal)) and NUMBER.fullmatch(text):
        return 1.5 if text == repr(value) else 3
    if isinstance(kind, Boolean):
        return 3 if text in {"0", "1"} else 0
    if text == (value if isinstance(value, str) else repr(value)) or isinstance(kind, Nothing):
        return 0
    return 2 if isinstance(kind, Integer) and "." in text else 1


def _distance_of_value(kind: Kind, given: object, value: Plain) -> float:
    if isinstance(kind, Anything):
        return 8
    if isinstance(given, str):
        return _distance_of_text(kind, given, value)
    if type(value) is type(given) and not isinstance(value, (list, dict)):
        return 0
    if isinstance(kind, (Boolean, Integer, Number)):
        return 3 if isinstance(kind, Boolean) else 2
    return 2 if isinstance(kind, DictOf) else 1


def _distance_of_text(kind: Kind, given: str, value: Plain) -> float:
    if isinstance(kind, Text):
        return 1
    if isinstance(kind, EnumChoice):
        return 0
    return (0.5 if isinstance(kind, Special) else 0) if value == given else 6
