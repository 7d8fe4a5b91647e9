"""How does a call read in Python?  For the line under a form, the log, and the cell it may become."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import (
    Anything,
    DictOf,
    EnumChoice,
    Kind,
    ListOf,
    LiveReference,
    Nullable,
    OneOf,
    Parameter,
    Property,
    Record,
    Special,
    Temporal,
    TupleOf,
    chosen_member,
    from_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.schema import Method, Plain

_BRACKETS = {"list": ("[", "]"), "set": ("{", "}")}
_CONSTRUCTORS = {
    "datetime": "datetime.fromisoformat",
    "date": "date.fromisoformat",
    "time": "time.fromisoformat",
    "path": "Path",
    "decimal": "Decimal",
    "complex": "complex",
    "ndarray": "np.array",
}


def call_text(
    target: str,
    member: str,
    operation: str,
    arguments: Mapping[str, Plain],
    parameters: Sequence[Parameter],
    described: Method | Property | None = None,
) -> str:
    """Return ``pump.dispense(volume_ml=2.5)``, ``pump.flow_rate``, ``pump.flow_rate = 1.2`` or, as `described`, ``dac.ch1.set(1.2)``."""
    if operation == "call":
        name = member if target == "blocks" else f"{target}.{member}"
        return f"{name}({', '.join(_arguments(arguments, parameters, named=True))})"
    one = described if isinstance(described, Property) else Property(member, Parameter("value", Anything()))
    value = ", ".join(_arguments(arguments, parameters, named=False)) or "…"
    said = one.reading(target) if operation == "get" else one.setting(target, value)
    return f"await {said}" if one.access == "awaited" else said


def _arguments(arguments: Mapping[str, Plain], parameters: Sequence[Parameter], *, named: bool) -> list[str]:
    found: list[str] = []
    for parameter in parameters:
        if parameter.name not in arguments:
            continue
        value = arguments[parameter.name]
        if parameter.passing == "var_positional" and isinstance(value, list):
            found += [value_text(parameter.kind, one) for one in value]
        elif parameter.passing == "var_keyword" and isinstance(value, dict):
            found += [f"{name}={value_text(parameter.kind, one)}" for name, one in value.items()]
        else:
            text = value_text(parameter.kind, value)
            found.append(text if not named or parameter.passing == "positional" else f"{parameter.name}={text}")
    return found


def value_text(kind: Kind, plain: Plain) -> str:
    """Return a plain value as the Python that makes what the call receives."""
    if isinstance(kind, Nullable):
        return "None" if plain is None else value_text(kind.kind, plain)
    if isinstance(kind, OneOf):
        return _union_text(kind, plain)
    if isinstance(plain, LiveReference):
        return plain.text
    if isinstance(plain, list):
        return _list_text(kind, plain)
    if isinstance(plain, dict):
        return _dict_text(kind, plain)
    return _scalar_text(kind, plain)


def _union_text(kind: OneOf, plain: Plain) -> str:
    try:
        at, value = chosen_member(kind, plain, text=False)
    except ConversionError:
        return repr(plain)
    return value_text(kind.members[at], value)


def _list_text(kind: Kind, plain: list[Plain]) -> str:
    if isinstance(kind, TupleOf):
        items = [value_text(one, item) for one, item in zip(kind.items, plain, strict=False)]
        return _tuple_text(items)
    if not isinstance(kind, ListOf):
        text = f"[{', '.join(value_text(Anything(), item) for item in plain)}]"
        return f"np.array({text})" if isinstance(kind, Special) else text
    items = [value_text(kind.item, item) for item in plain]
    if kind.container == "tuple":
        return _tuple_text(items)
    if kind.container == "frozenset" or (kind.container == "set" and not items):
        return f"{kind.container}([{', '.join(items)}])"
    opening, closing = _BRACKETS[kind.container]
    return f"{opening}{', '.join(items)}{closing}"


def _tuple_text(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _dict_text(kind: Kind, plain: dict[str, Plain]) -> str:
    if isinstance(kind, Record):
        kinds = {one.name: one.kind for one in kind.fields}
        fields = [f"{name}={value_text(kinds[name], value) if name in kinds else repr(value)}" for name, value in plain.items()]
        return f"{_class_name(kind.type_name)}({', '.join(fields)})"
    of_key, of_value = (kind.key, kind.value) if isinstance(kind, DictOf) else (None, kind)
    pairs = [f"{_key_text(of_key, key)}: {value_text(of_value, value)}" for key, value in plain.items()]
    return f"{{{', '.join(pairs)}}}"


def _key_text(kind: Kind | None, key: str) -> str:
    try:
        return repr(key) if kind is None else value_text(kind, from_text(kind, key))
    except ConversionError:
        return repr(key)


def _scalar_text(kind: Kind, plain: Plain) -> str:
    if isinstance(plain, str):
        return _marked_text(kind, plain)
    if isinstance(kind, Temporal) and isinstance(plain, (int, float)):
        return f"timedelta(seconds={plain:g})"
    if isinstance(plain, float) and not math.isfinite(plain):
        return f'float("{plain!r}")'
    return repr(plain)


def _marked_text(kind: Kind, plain: str) -> str:
    if isinstance(kind, EnumChoice):
        name = _class_name(kind.type_name)
        return " | ".join(f"{name}.{part}" for part in (plain.split("|") if kind.combines else [plain]))
    if isinstance(kind, (Temporal, Special)) and kind.form in _CONSTRUCTORS:
        return f"{_CONSTRUCTORS[kind.form]}({plain!r})"
    if isinstance(kind, Special) and kind.form == "bytes":
        return plain if plain[:2] in {"b'", 'b"'} else f"b{plain!r}"
    return repr(plain)


def _class_name(type_name: str) -> str:
    """Return the name by which a notebook knows the class ``module:qualname``."""
    return type_name.partition(":")[2] or type_name
