"""How does IvoryOS 1.7 name types, results and steps?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import (
    Boolean,
    EnumChoice,
    Integer,
    Kind,
    LiteralChoice,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Method
    from ivoryos_jupyter.workflow import _model as model

_NAMES: Mapping[type[Kind], str] = {Number: "float", Integer: "int", Text: "str", Boolean: "bool", Nothing: "NoneType"}


def uuid_of(step: model.Step) -> int:
    """Return IvoryOS's integer identity of `step`: its own, or one made from its id."""
    if step.uuid is not None:
        return step.uuid
    return int.from_bytes(hashlib.sha256(step.id.encode("utf-8", "surrogatepass")).digest()[:6], "big")


def type_name(kind: Kind) -> object:
    """Return IvoryOS's name of a type; a union is a list of names."""
    if isinstance(kind, Nullable):
        inner = type_name(kind.kind)
        return [*(inner if isinstance(inner, list) else [inner]), "NoneType"]
    if isinstance(kind, OneOf):
        return [type_name(member) for member in kind.members]
    if isinstance(kind, EnumChoice):
        return f"Enum:{kind.type_name.replace(':', '.')}"
    if isinstance(kind, LiteralChoice):
        return "Literal:" + ",".join(str(value) for value in kind.values)
    return _NAMES.get(type(kind), kind.tag if kind.tag in {"list", "tuple", "dict"} else "")


def return_format(method: Method | None) -> dict[str, object]:
    if method is None or method.returns.nothing or not method.returns.annotation:
        return {"kind": "none", "types": [], "annotation": ""}
    returns = method.returns
    if returns.items:
        types = [type_name(item) for item in returns.items]
        return {"kind": "tuple", "types": types, "annotation": returns.annotation, "variable_length": False, "arity": len(types)}
    text = returns.annotation
    return {"kind": "scalar", "types": [type_name(returns.kind)], "annotation": f"<class '{text}'>" if text in _NAMES.values() else text}
