"""How is one step written as JSON data, and read back with every problem named at once?

There is one codec for each annotation that the model uses; a new kind of step is read and written without new code here.
"""

from __future__ import annotations

import math
from dataclasses import MISSING, Field, dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

from ivoryos_jupyter.errors import Problem
from ivoryos_jupyter.schema import closest as closest_name
from ivoryos_jupyter.schema import plain_from_json, plain_to_json
from ivoryos_jupyter.workflow import _model as model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEEPEST = 60
"""How deep steps may lie in each other."""

KEY = "step"
"""The key under which a step says what it is."""
STEP_TYPES: Mapping[str, type[model.Step]] = {one.tag: one for one in get_args(model.AnyStep)}
_VALUE_TYPES: Mapping[str, type] = {one.tag: one for one in get_args(model.Value)}


class Reading:
    """The problems found so far, and how deep the reader is."""

    def __init__(self) -> None:
        """Start without problems."""
        self.problems: list[Problem] = []
        self.depth = 0

    def report(self, place: str, message: str, value: object = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(place, message, str(value)[:100]))


@dataclass(frozen=True, slots=True)
class Codec:
    """The two directions for one annotation; `read` reports instead of raising."""

    read: Callable[[object, str, Reading], Any]
    write: Callable[[Any], object]


def closest(word: str, words: Iterable[str]) -> str:
    """Return `` (did you mean …?)`` for the most similar of `words`, or nothing."""
    near = closest_name(word, words)
    return f" (did you mean {near!r}?)" if near else ""


def _same(data: object) -> object:
    return data


def _scalar(expected: str, *types: type) -> Codec:
    def read(data: object, place: str, reading: Reading) -> object:
        if isinstance(data, bool) and bool not in types:
            reading.report(place, f"must be {expected}", data)
        elif not isinstance(data, types):
            reading.report(place, f"must be {expected}, not {_json_name(data)}", data)
        return data

    return Codec(read, _same)


def _json_name(data: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(data), "a number")


def _number() -> Codec:
    def read(data: object, place: str, reading: Reading) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            reading.report(place, "must be a number", data)
            return 0.0
        return float(data)

    return Codec(read, _same)


def _optional(inner: Codec) -> Codec:
    def read(data: object, place: str, reading: Reading) -> object:
        return None if data is None else inner.read(data, place, reading)

    return Codec(read, lambda value: None if value is None else inner.write(value))


def _many(inner: Codec) -> Codec:
    def read(data: object, place: str, reading: Reading) -> tuple[object, ...]:
        if not isinstance(data, list):
            reading.report(place, f"must be a list, not {_json_name(data)}", data)
            return ()
        return tuple(inner.read(item, f"{place}[{index}]", reading) for index, item in enumerate(data))

    return Codec(read, lambda items: [inner.write(item) for item in items])


def _mapping(inner: Codec) -> Codec:
    def read(data: object, place: str, reading: Reading) -> dict[str, object]:
        if not isinstance(data, dict):
            reading.report(place, f"must be an object, not {_json_name(data)}", data)
            return {}
        return {key: inner.read(item, f"{place}.{key}", reading) for key, item in data.items()}

    return Codec(read, lambda items: {key: inner.write(item) for key, item in items.items()})


def _choice(*choices: str) -> Codec:
    def read(data: object, place: str, reading: Reading) -> object:
        if data not in choices:
            reading.report(place, f"must be one of {', '.join(choices)}{closest(str(data), choices)}", data)
        return data

    return Codec(read, _same)


def _read_plain(data: object, place: str, reading: Reading) -> object:
    try:
        return plain_from_json(data)
    except ValueError as error:
        reading.report(place, str(error), data)
        return None


def _read_value(data: object, place: str, reading: Reading) -> model.Value:
    if not isinstance(data, dict) or len(data) != 1 or next(iter(data)) not in _VALUE_TYPES:
        reading.report(place, f"must be an object with exactly one of {', '.join(_VALUE_TYPES)}", data)
        return model.Constant(None)
    ((tag, content),) = data.items()
    if tag == model.Constant.tag:
        return model.Constant(_read_plain(content, place, reading))  # type: ignore[arg-type] # what plain_from_json gave
    if not isinstance(content, str):
        reading.report(f"{place}.{tag}", f"must be text, not {_json_name(content)}", content)
        content = ""
    made: model.Value = _VALUE_TYPES[tag](content)
    return made


def write_value(value: model.Value) -> dict[str, object]:
    """Return ``{"value": …}``, ``{"at_run": name}``, ``{"variable": name}`` or ``{"expression": text}``."""
    match value:
        case model.Constant(plain):
            return {value.tag: plain_to_json(plain)}
        case model.AtRun(name) | model.Variable(name):
            return {value.tag: name}
        case model.Expression(text):
            return {value.tag: text}


def _default(one: Field[Any]) -> object:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def read_fields(cls: type, data: Mapping[str, object], place: str, reading: Reading) -> dict[str, Any]:
    """Return the arguments for `cls` that `data` holds; report missing, unknown and wrong ones."""
    known = {one.name: one for one in fields(cls)}
    for key in data:
        if key not in known:
            reading.report(f"{place}.{key}".lstrip("."), f"is not known here{closest(key, known)}; take it out", data[key])
    found: dict[str, Any] = {}
    for name, one in known.items():
        if name in data:
            found[name] = CODECS[str(one.type)].read(data[name], f"{place}.{name}".lstrip("."), reading)
        elif _default(one) is MISSING:
            reading.report(f"{place}.{name}".lstrip("."), "is missing")
    return found


def write_fields(thing: object) -> dict[str, object]:
    """Return the fields of `thing` that differ from their defaults."""
    data: dict[str, object] = {}
    for one in fields(thing):  # type: ignore[arg-type] # only dataclasses of the model come here
        value = getattr(thing, one.name)
        if value != _default(one):
            data[one.name] = CODECS[str(one.type)].write(value)
    return data


def _record(cls: type) -> Codec:
    def read(data: object, place: str, reading: Reading) -> object:
        if not isinstance(data, dict):
            reading.report(place, f"must be an object, not {_json_name(data)}", data)
            data = {}
        before = len(reading.problems)
        found = read_fields(cls, data, place, reading)
        return None if len(reading.problems) > before else cls(**found)

    return Codec(read, write_fields)


def read_step(data: object, place: str, reading: Reading) -> model.Step | None:
    """Return the step that `data` describes, or None when it has problems."""
    if reading.depth >= DEEPEST:
        reading.report(place, f"steps lie in each other more than {DEEPEST} deep; split the workflow")
        return None
    kind = data.get(KEY) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(kind, str) or kind not in STEP_TYPES:
        hint = closest(kind, STEP_TYPES) if isinstance(kind, str) else ""
        reading.report(f"{place}.{KEY}", f"must be one of {', '.join(STEP_TYPES)}{hint}", "" if kind is None else kind)
        return None
    cls, before = STEP_TYPES[kind], len(reading.problems)
    reading.depth += 1
    found = read_fields(cls, {key: item for key, item in data.items() if key != KEY}, place, reading)
    reading.depth -= 1
    return None if len(reading.problems) > before else cls(**found)


def write_step(step: model.Step) -> dict[str, object]:
    """Return `step` as JSON data; what is as by default is left out."""
    return {KEY: step.tag, **write_fields(step)}


_TEXT = _scalar("text", str)
_PLAIN = Codec(_read_plain, plain_to_json)
_VALUE = Codec(_read_value, write_value)

CODECS: Mapping[str, Codec] = {
    "str": _TEXT,
    "str | None": _optional(_TEXT),
    "bool": _scalar("true or false", bool),
    "int": _scalar("a whole number", int),
    "int | None": _optional(_scalar("a whole number", int)),
    "float": _number(),
    "float | None": _optional(_number()),
    "Value": _VALUE,
    "Plain": _PLAIN,
    "Mapping[str, Value]": _mapping(_VALUE),
    "Mapping[str, str]": _mapping(_TEXT),
    "tuple[str, ...]": _many(_TEXT),
    "tuple[Plain, ...]": _many(_PLAIN),
    "tuple[Step, ...]": _many(Codec(read_step, write_step)),
    "tuple[Branch, ...]": _many(_record(model.Branch)),
    "OnError": _record(model.OnError),
    "Literal['ask', 'retry', 'continue', 'fail']": _choice("ask", "retry", "continue", "fail"),
    "Literal['float', 'int', 'str', 'bool']": _choice("float", "int", "str", "bool"),
}
"""Annotation, as the model spells it (quotes normalised), -> codec."""
