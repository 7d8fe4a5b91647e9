"""Which list, tuple, mapping or record is meant, and what is wrong inside it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema._describe import describe, short_name
from ivoryos_jupyter.schema._kinds import LiveReference
from ivoryos_jupyter.schema._literals import LiteralError, Pairs, split_items, structure
from ivoryos_jupyter.schema._names import did_you_mean
from ivoryos_jupyter.schema._reading import all_or_errors, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.schema._kinds import DictOf, Kind, ListOf, Plain, Record, TupleOf
    from ivoryos_jupyter.schema._reading import Reading


def read_list(kind: ListOf, given: object, reading: Reading) -> Plain:
    """Return the items, each read as its kind; for a list of live objects also the one reference that gives them all."""
    if isinstance(given, LiveReference):
        return reading.read(kind.item, given, reading)
    items = _items(given, kind, reading)
    values = all_or_errors([_part(reading, kind.item, item, at) for at, item in enumerate(items)])
    if kind.container in {"set", "frozenset"} and _has_doubles(values):
        raise reading.error("an item stands in it twice; name each item once", given)
    return values


def read_tuple(kind: TupleOf, given: object, reading: Reading) -> Plain:
    """Return the items, exactly as many as there are kinds."""
    items = _items(given, kind, reading)
    if len(items) != len(kind.items):
        raise reading.error(f"expected {len(kind.items)} values, not {len(items)}: {describe(kind)}", given)
    return all_or_errors([_part(reading, one, item, at) for at, (one, item) in enumerate(zip(kind.items, items, strict=True))])


def read_dict(kind: DictOf, given: object, reading: Reading) -> Plain:
    """Return the mapping with its keys as text."""
    pairs = _pairs(given, kind, reading)
    keys = all_or_errors([_part(reading, kind.key, key, _key_shown(key)) for key, _value in pairs])
    texts = [_key_text(key, reading) for key in keys]
    doubles = sorted({text for text in texts if texts.count(text) > 1})
    if doubles:
        raise reading.error(f"the key {doubles[0]!r} stands in it twice", given)
    values = all_or_errors([_part(reading, kind.value, value, text) for text, (_key, value) in zip(texts, pairs, strict=True)])
    return dict(zip(texts, values, strict=True))


def read_record(kind: Record, given: object, reading: Reading) -> Plain:
    """Return the fields of the record that are given, each read as its kind; every wrong, missing and unknown one is an error."""
    pairs = _pairs(_fields_of(given), kind, reading)
    values = {str(key): value for key, value in pairs}
    known = {field.name: field for field in kind.fields}
    problems = [
        Problem(reading.named(name, "").field, f"{short_name(kind.type_name)} has no such field{did_you_mean(name, known)}")
        for name in values
        if name not in known
    ]
    problems += [
        Problem(reading.named(field.name, "").field, f"{describe(field.kind)} is needed")
        for field in kind.fields
        if field.required and field.name not in values
    ]
    read: dict[str, Plain] = {}
    for name, field in known.items():
        if name in values:
            try:
                read[name] = reading.read(field.kind, values[name], reading.named(name, field.unit))
            except ConversionError as error:
                problems.extend(error.problems)
    if problems:
        raise ConversionError(problems)
    return read


def _has_doubles(values: Sequence[Plain]) -> bool:
    """Whether a truth value, number or text stands in `values` twice."""
    scalars = [(type(value), value) for value in values if isinstance(value, (bool, int, float, str))]
    return len(set(scalars)) < len(scalars)


def _part(reading: Reading, kind: Kind, item: object, key: object) -> Callable[[], Plain]:
    return lambda: reading.read(kind, item, reading.item(key))


def _items(given: object, kind: ListOf | TupleOf, reading: Reading) -> Sequence[object]:
    if isinstance(given, str):
        return _typed_items(given, kind, reading)
    if isinstance(given, (list, tuple)):
        return given
    if isinstance(given, (set, frozenset)):
        return sorted(given, key=shown)
    if hasattr(type(given), "tolist") and hasattr(type(given), "__len__"):
        values = given.tolist()  # type: ignore[attr-defined]  # an array's or a column's own conversion
        if isinstance(values, list):
            return values
    hint = f"; write [{quoted(given)}] for a list of one" if type(given) in {int, float, bool} else ""
    raise reading.error(f"{quoted(given)} is not {describe(kind)}{hint}", given)


def _typed_items(text: str, kind: ListOf | TupleOf, reading: Reading) -> Sequence[object]:
    if not text.strip():
        raise reading.error(f"{describe(kind)} is needed; write [] for an empty one")
    try:
        return split_items(text)
    except LiteralError as error:
        raise reading.error(f"{error}; write items with commas between, such as [1, 2, 3], and quotes around texts", text) from None


def _pairs(given: object, kind: DictOf | Record, reading: Reading) -> Sequence[tuple[object, object]]:
    if isinstance(given, str):
        given = _typed_pairs(given, kind, reading)
    if isinstance(given, dict):
        return list(given.items())
    if isinstance(given, Pairs):
        keys = [str(key) for key, _value in given.items]
        doubles = sorted({key for key in keys if keys.count(key) > 1})
        if doubles:
            raise reading.error(f"the key {doubles[0]!r} stands in it twice")
        return given.items
    raise reading.error(f"{quoted(given)} is not {describe(kind)}; {_form(kind)}", given)


def _typed_pairs(text: str, kind: DictOf | Record, reading: Reading) -> Pairs:
    if not text.strip():
        raise reading.error(f"{describe(kind)} is needed; {_form(kind)}")
    try:
        read = structure(text)
    except LiteralError as error:
        raise reading.error(f"{error}; {_form(kind)}", text) from None
    if not isinstance(read, Pairs):
        raise reading.error(f"{quoted(text)} is not {describe(kind)}; {_form(kind)}", text)
    return read


def _form(kind: DictOf | Record) -> str:
    names = [field.name for field in kind.fields[:2]] if kind.tag == "record" else ["a", "b"]  # type: ignore[union-attr]
    return "write it like {" + ", ".join(f'"{name}": …' for name in names) + "}"


def _key_text(key: Plain, reading: Reading) -> str:
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, (bool, int, float)):
        return "" if key is None else repr(key)
    raise reading.error("a key must be a text or a number")


def _key_shown(key: object) -> str:
    return str(key) if isinstance(key, str) else quoted(key)


def _fields_of(given: object) -> object:
    """Return the fields of a live dataclass, pydantic model or NamedTuple as a dict; anything else as it is."""
    cls = type(given)
    if cls is Pairs:
        return given
    names = getattr(cls, "__dataclass_fields__", None) or getattr(cls, "model_fields", None)
    if names is None and isinstance(given, tuple):
        names = getattr(cls, "_fields", None)
    return given if names is None else {name: getattr(given, name) for name in names if hasattr(given, name)}
