"""How is a plain value written in Python, so that the driver receives what its annotation asks for?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.schema import (
    Anything,
    DictOf,
    EnumChoice,
    ListOf,
    LiveReference,
    Nullable,
    OneOf,
    Record,
    Special,
    Temporal,
    TupleOf,
    chosen_member,
    from_text,
)

if TYPE_CHECKING:
    from ivoryos_jupyter.codegen._module import Module
    from ivoryos_jupyter.schema import Kind, Plain


def literal(plain: Plain, kind: Kind, module: Module) -> str:
    """Return Python source for `plain`, a converted value of `kind`; what it needs is imported."""
    if isinstance(plain, LiveReference):
        return plain.text
    if plain is None:
        return "None"
    if isinstance(kind, Nullable):
        return literal(plain, kind.kind, module)
    if isinstance(kind, OneOf):
        index, chosen = chosen_member(kind, plain, text=False)
        return literal(chosen, kind.members[index], module)
    return _by_kind(plain, kind, module)


def _by_kind(plain: bool | float | str | list[Plain] | dict[str, Plain], kind: Kind, module: Module) -> str:  # noqa: FBT001 - any value
    if isinstance(plain, list):
        return _sequence(plain, kind, module)
    if isinstance(plain, dict):
        return _mapping(plain, kind, module)
    if isinstance(kind, EnumChoice):
        name = module.class_named(kind.type_name)
        return " | ".join(f"{name}.{part}" for part in (str(plain).split("|") if kind.combines else [plain]))
    if isinstance(kind, Temporal):
        return _temporal(plain, kind, module)
    return _special(plain, kind, module) if isinstance(kind, Special) else _scalar(plain)


def _scalar(plain: bool | float | str) -> str:  # noqa: FBT001 - any scalar
    if isinstance(plain, float) and not math.isfinite(plain):
        return f'float("{plain}")'
    return quoted(plain) if isinstance(plain, str) else repr(plain)


def quoted(text: str) -> str:
    """Return `text` as a literal, between double quotes where that needs no more escapes."""
    literal_text = repr(text)
    return f'"{literal_text[1:-1]}"' if literal_text[0] == "'" and '"' not in literal_text else literal_text


def _sequence(plain: list[Plain], kind: Kind, module: Module) -> str:
    if isinstance(kind, TupleOf):
        items = [literal(item, inner, module) for item, inner in zip(plain, kind.items, strict=True)]
        return _tuple(items)
    if isinstance(kind, Special):
        return f"{module.imported('numpy')}.array({[*plain]!r})"
    container = kind.container if isinstance(kind, ListOf) else "list"
    inner = kind.item if isinstance(kind, ListOf) else Anything()
    items = [literal(item, inner, module) for item in plain]
    if container == "tuple":
        return _tuple(items)
    if container in {"set", "frozenset"}:
        return f"{container}([{', '.join(items)}])" if not items or container == "frozenset" else f"{{{', '.join(items)}}}"
    return f"[{', '.join(items)}]"


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _mapping(plain: dict[str, Plain], kind: Kind, module: Module) -> str:
    if isinstance(kind, Record):
        fields = {one.name: one.kind for one in kind.fields}
        given = [f"{name}={literal(item, fields.get(name, Anything()), module)}" for name, item in plain.items()]
        return f"{module.class_named(kind.type_name)}({', '.join(given)})"
    inner = kind.value if isinstance(kind, DictOf) else Anything()
    keys = kind.key if isinstance(kind, DictOf) else None
    pairs = [
        f"{literal(from_text(keys, key), keys, module) if keys is not None else quoted(key)}: {literal(item, inner, module)}"
        for key, item in plain.items()
    ]
    return f"{{{', '.join(pairs)}}}"


def _temporal(plain: bool | float | str, kind: Temporal, module: Module) -> str:  # noqa: FBT001 - any scalar
    name = module.imported("datetime")
    if kind.form == "timedelta":
        return f"{name}.timedelta(seconds={plain!r})"
    return f"{name}.{kind.form}.fromisoformat({_scalar(plain)})"


def _special(plain: bool | float | str, kind: Special, module: Module) -> str:  # noqa: FBT001 - any scalar
    if kind.form == "path":
        return f"{module.imported('pathlib', 'Path')}({_scalar(plain)})"
    if kind.form == "decimal":
        return f"{module.imported('decimal', 'Decimal')}({_scalar(plain)})"
    if kind.form == "complex":
        return f"complex({_scalar(plain)})"
    if kind.form == "bytes":
        return str(plain) if str(plain).startswith(("b'", 'b"')) else repr(str(plain).encode())
    raise WorkflowError([Problem("value", f"an array cannot be written from {plain!r}", str(plain))])
