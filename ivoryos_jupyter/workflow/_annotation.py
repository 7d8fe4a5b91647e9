"""Which kind does a declared type mean?  ``float``, ``int | None``, ``list[str]``, ``Literal['a', 'b']``, as text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    DictOf,
    Integer,
    ListOf,
    LiteralChoice,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Text,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Kind

_PLAIN_TYPES: Mapping[str, Kind] = {
    "float": Number(),
    "int": Integer(),
    "str": Text(),
    "bool": Boolean(),
    "None": Nothing(),
    "list": ListOf(Anything()),
    "tuple": ListOf(Anything(), container="tuple"),
    "dict": DictOf(Text(), Anything()),
}


def kind_of_annotation(annotation: str) -> Kind:
    """Return the kind for `annotation`, or `Anything` with a note where it is no type known here."""
    try:
        tree = ast.parse(annotation.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return Anything(note=annotation)
    return _kind(tree) or Anything(note=annotation)


def _kind(node: ast.expr) -> Kind | None:
    match node:
        case ast.Name(id=name):
            return _PLAIN_TYPES.get(name)
        case ast.Constant(value=None):
            return Nothing()
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([left, right])
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            return _generic(name, inner.elts if isinstance(inner, ast.Tuple) else [inner])
    return None


def _union(nodes: list[ast.expr]) -> Kind | None:
    members: list[Kind] = []
    for node in nodes:
        kind = _kind(node)
        if kind is None:
            return None
        members += kind.members if isinstance(kind, OneOf) else [kind]
    optional = any(isinstance(member, Nothing | Nullable) for member in members)
    rest = tuple(member.kind if isinstance(member, Nullable) else member for member in members if not isinstance(member, Nothing))
    if not rest:
        return Nothing()
    kind = rest[0] if len(rest) == 1 else OneOf(rest)
    return Nullable(kind) if optional else kind


def _generic(name: str, inner: list[ast.expr]) -> Kind | None:
    if name == "Literal":
        return _literal(inner)
    if name in {"Optional", "Union"}:
        return _union([*inner, ast.Constant(None)] if name == "Optional" else inner)
    kinds = [_kind(item) for item in inner]
    known = tuple(kind for kind in kinds if kind is not None)
    if len(known) < len(kinds):
        return None
    made: dict[tuple[str, bool], Kind] = {
        ("list", len(known) == 1): ListOf(known[0]),
        ("tuple", True): TupleOf(known),
        ("dict", len(known) == len(("key", "value"))): DictOf(known[0], known[-1]),
    }
    return made.get((name, True))


def _literal(inner: list[ast.expr]) -> Kind | None:
    values = [item.value for item in inner if isinstance(item, ast.Constant)]
    plain = tuple(value for value in values if value is None or isinstance(value, bool | int | float | str))
    return LiteralChoice(plain) if len(plain) == len(inner) else None
