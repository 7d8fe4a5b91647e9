"""Which plain value does a literal of Python stand for?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._parse_names import chain_of, root_name
from ivoryos_jupyter.codegen._parse_source import Refused
from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import (
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
    from_value,
    parse_reference,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ivoryos_jupyter.codegen._parse_names import Names
    from ivoryos_jupyter.codegen._parse_source import Source
    from ivoryos_jupyter.schema import Kind, Plain

_TEXT_FORMS = {
    "complex": "complex",
    "pathlib.Path": "path",
    "Path": "path",
    "decimal.Decimal": "decimal",
    "Decimal": "decimal",
    "datetime.datetime.fromisoformat": "datetime",
    "datetime.date.fromisoformat": "date",
    "datetime.time.fromisoformat": "time",
}
"""What makes a value from one text -> form of the kind that takes this text."""
_ARRAYS = frozenset({"numpy.array", "np.array"})
_SPANS = frozenset({"datetime.timedelta", "timedelta"})


class NoConstantError(Exception):
    """The value is known only at run time."""


def within(kind: Kind) -> Iterator[Kind]:
    """Yield `kind` and the kinds of what lies in it."""
    yield kind
    inner: tuple[Kind, ...] = ()
    if isinstance(kind, Nullable):
        inner = (kind.kind,)
    elif isinstance(kind, OneOf):
        inner = kind.members
    elif isinstance(kind, ListOf):
        inner = (kind.item,)
    elif isinstance(kind, TupleOf):
        inner = kind.items
    elif isinstance(kind, DictOf):
        inner = (kind.key, kind.value)
    elif isinstance(kind, Record):
        inner = tuple(one.kind for one in kind.fields)
    for one in inner:
        yield from within(one)


class Constants:
    """Reads the literals of one value."""

    def __init__(self, source: Source, names: Names, roots: Collection[str], kind: Kind) -> None:
        """Read for a parameter of `kind`; `roots` are the names of the notebook."""
        self._source = source
        self._names = names
        self._roots = roots
        self._kinds = list(within(kind))
        self._forms = {one.form for one in self._kinds if isinstance(one, Special | Temporal)}

    def read(self, node: ast.expr) -> object:  # noqa: PLR0911 - one line for each form
        """Return the value of `node`; raise `NoConstantError` where it is none, `Refused` where it is a wrong one."""
        match node:
            case ast.Constant(value=value) if value is not Ellipsis:
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(number, bool):
                return -number
            case ast.List(elts=items):
                return [self.read(item) for item in items]
            case ast.Tuple(elts=items):
                return tuple(self.read(item) for item in items)
            case ast.Set(elts=items) if self._takes_sets():
                return [self.read(item) for item in items]
            case ast.Dict():
                return self._dict(node)
            case ast.Call():
                return self._made(node)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._named(node)
            case ast.BinOp(op=ast.BitOr()) if any(isinstance(one, EnumChoice) and one.combines for one in self._kinds):
                return self._combination(node)
        raise NoConstantError

    def _takes_sets(self) -> bool:
        return any(isinstance(one, ListOf) and one.container in {"set", "frozenset"} for one in self._kinds)

    def _dict(self, node: ast.Dict) -> object:
        if None in node.keys:
            raise NoConstantError
        return {self._key(key): self.read(value) for key, value in zip(node.keys, node.values, strict=True) if key is not None}

    def _key(self, node: ast.expr) -> object:
        key = self.read(node)
        if isinstance(key, list | dict):
            raise Refused(node, "this cannot be the key of a dict")
        return key

    def _named(self, node: ast.Name | ast.Attribute | ast.Subscript) -> object:
        root = root_name(node)
        if root is not None and root.id in self._roots:
            return self._reference(node)
        return self._member(node) if isinstance(node, ast.Attribute) else self._nothing()

    def _nothing(self) -> object:
        raise NoConstantError

    def _reference(self, node: ast.expr) -> LiveReference:
        text = self._source.segment(node)
        try:
            parse_reference(text)
        except ConversionError as error:
            raise Refused(node, "; ".join(one.message for one in error.problems)) from None
        return LiveReference(text)

    def _combination(self, node: ast.BinOp) -> str:
        """Return the names of a Flag's members: ``READ|WRITE`` for ``Mode.READ | Mode.WRITE``."""
        parts = [self.read(side) for side in (node.left, node.right)]
        if not all(isinstance(one, str) for one in parts):
            raise NoConstantError
        return "|".join(map(str, parts))

    def _member(self, node: ast.Attribute) -> Plain:
        """Return the name of an Enum's member: ``FAST`` for ``Speed.FAST``."""
        chain = chain_of(node)
        choices = [one for one in self._kinds if isinstance(one, EnumChoice) and _class_name(one.type_name) == chain[-2:-1]]
        if not choices:
            raise NoConstantError
        if not any(member.name == node.attr for one in choices for member in one.members):
            known = ", ".join(member.name for one in choices for member in one.members)
            raise Refused(node, f"there is no {'.'.join(chain[-2:])}; there is: {known}")
        return node.attr

    def _made(self, node: ast.Call) -> object:
        called = self._names.dotted(node.func)
        text = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and not node.keywords else None
        if isinstance(text, str) and (called == "float" or _TEXT_FORMS.get(called) in self._forms):
            return self._float(node, text) if called == "float" else text
        if called in {"set", "frozenset"} and self._takes_sets() and not node.keywords:
            return self.read(node.args[0]) if node.args else []
        if called in _ARRAYS and "ndarray" in self._forms and len(node.args) == 1:
            return self.read(node.args[0])
        if called in _SPANS and "timedelta" in self._forms and not node.args and [one.arg for one in node.keywords] == ["seconds"]:
            return self.read(node.keywords[0].value)
        return self._record(node)

    def _float(self, node: ast.Call, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise Refused(node, f"{text!r} is no number") from None

    def _record(self, node: ast.Call) -> object:
        """Return the fields of a dataclass or the like that is made here."""
        chain = chain_of(node.func)
        found = next((one for one in self._kinds if isinstance(one, Record) and _class_name(one.type_name) == chain[-1:]), None)
        if found is None or any(one.arg is None for one in node.keywords):
            raise NoConstantError
        if len(node.args) > len(found.fields):
            raise Refused(node, f"{chain[-1]} has {len(found.fields)} fields, and {len(node.args)} are given")
        given = {one.name: self.read(value) for one, value in zip(found.fields, node.args, strict=False)}
        return {**given, **{str(one.arg): self.read(one.value) for one in node.keywords}}


def _class_name(type_name: str) -> tuple[str, ...]:
    return (type_name.rpartition(":")[2].rpartition(".")[2],)


def converted(node: ast.expr, given: object, kind: Kind, field: str, unit: str) -> Plain:
    """Return `given` as a plain value of `kind`; raise `Refused` with everything that does not fit."""
    try:
        return from_value(kind, given, field=field, unit=unit)
    except ConversionError as error:
        raise Refused(node, "; ".join(map(str, error.problems))) from None
