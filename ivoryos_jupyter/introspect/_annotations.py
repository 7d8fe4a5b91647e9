"""What object does an annotation stand for?  One annotation at a time; a name nobody knows becomes a placeholder."""

from __future__ import annotations

import ast
import builtins
import types
import typing
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._for_checkers import meant_for_checkers
from ivoryos_jupyter.introspect._names import is_a

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILTINS = vars(builtins)


class _PlaceholderMeta(type):
    """Lets a placeholder stand wherever a class may: subscripted, called, with attributes, in a union."""

    def __getattr__(cls, name: str) -> _PlaceholderMeta:
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{cls.__name__}.{name}")

    def __getitem__(cls, _item: object) -> _PlaceholderMeta:
        return cls

    def __call__(cls, *_args: object, **_kwargs: object) -> _PlaceholderMeta:
        return cls


def placeholder(name: str) -> _PlaceholderMeta:
    """Return a class that stands for the unknown `name`."""
    return _PlaceholderMeta(name, (), {})


def is_placeholder(thing: object) -> bool:
    """Whether `thing` stands for a name that could not be resolved."""
    return type(thing) is _PlaceholderMeta


class Unreadable:
    """An annotation that is no type, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        """Keep the `reason`."""
        self.reason = reason


class Metadata:
    """Metadata of ``Annotated`` that may be unhashable, made hashable by identity."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        """Keep the `value`."""
        self.value = value


class Scope(dict[str, object]):
    """The names an annotation may use; whatever is in none of the `places` is a placeholder."""

    __slots__ = ("owner", "places")

    def __init__(self, *places: Mapping[str, object], owner: Mapping[str, object] | None = None) -> None:
        """Look names up among the classes of `owner`, then in `places`, then among the builtins."""
        super().__init__()
        self.places = places
        self.owner = owner

    def __missing__(self, name: str) -> object:
        if name == Metadata.__name__:
            return Metadata
        # A method called `list` or `set` must not hide the builtin, so only classes count in the class body.
        if self.owner is not None and is_a(inner := self.owner.get(name), type):
            return inner
        for place in (*self.places, _BUILTINS):
            if name in place:
                return place[name]
        meant = next((found for place in self.places if (found := meant_for_checkers(place, name))), None)
        return placeholder(name) if meant is None else meant[0]

    def __contains__(self, name: object) -> bool:
        return True


def scope_of(function: object, owner: type | None = None) -> Scope:
    """Return the names that the annotations of `function`, defined in the class `owner`, can see."""
    names = getattr(function, "__globals__", None)
    places: list[Mapping[str, object]] = []
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    if isinstance(code, types.CodeType) and cells:
        places.append({name: cell.cell_contents for name, cell in zip(code.co_freevars, cells, strict=False) if _is_filled(cell)})
    if isinstance(names, dict):
        places.append(names)
    return Scope(*places, owner=vars(owner) if owner is not None else None)


def _is_filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - an empty cell raises
    except ValueError:
        return False
    return True


def resolve(annotation: object, scope: Scope) -> object:
    """Return what `annotation` stands for, or `Unreadable`.

    Strings are read as the interpreter would read them, in the driver's own names.
    """
    if type(annotation) is typing.ForwardRef:
        annotation = annotation.__forward_arg__
    if type(annotation) is str:
        if annotation.isidentifier():
            return scope[annotation]
    elif issubclass(type(annotation), type) or annotation is None or not mentions_names(annotation):
        return annotation
    try:
        return _hint(annotation, scope)
    except Exception as error:  # noqa: BLE001 - the driver's names may raise anything
        return _second_try(annotation, scope, error)


def mentions_names(annotation: object) -> bool:
    """Whether `annotation` holds a string or forward reference that stands for a type."""
    if type(annotation) in {str, typing.ForwardRef}:
        return True
    origin = typing.get_origin(annotation)
    if origin is None or origin is typing.Literal:
        return False
    if origin is typing.Annotated:
        return mentions_names(annotation.__origin__)  # type: ignore[attr-defined]
    return any(any(map(mentions_names, one)) if type(one) is list else mentions_names(one) for one in typing.get_args(annotation))


def _hint(annotation: object, scope: Scope) -> object:
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    return typing.get_type_hints(holder, {}, scope, include_extras=True)["it"]


def _second_try(annotation: object, scope: Scope, error: Exception) -> object:
    """Read `annotation` again with the metadata of ``Annotated`` wrapped, which is what hashing stumbles over."""
    if type(annotation) is not str:
        return annotation
    try:
        if "Annotated" in annotation:
            tree = _WrapMetadata().visit(ast.parse(annotation.strip(), mode="eval"))
            return _hint(ast.unparse(tree), scope)
    except Exception as again:  # noqa: BLE001 - as above
        error = again
    return Unreadable(f"the annotation {annotation!r} cannot be read ({type(error).__name__}: {error})")


class _WrapMetadata(ast.NodeTransformer):
    """Turns ``Annotated[X, m]`` into ``Annotated[X, Metadata(m)]``."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        called = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if called == "Annotated" and isinstance(node.slice, ast.Tuple):
            wrapped: list[ast.expr] = [
                ast.Call(func=ast.Name(id=Metadata.__name__, ctx=ast.Load()), args=[item], keywords=[]) for item in node.slice.elts[1:]
            ]
            node.slice.elts = [node.slice.elts[0], *wrapped]
        return node
