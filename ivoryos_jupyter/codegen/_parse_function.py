"""What is a function besides its steps?  Its parameters, what it keeps from prep, and what it gives back."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._parse_body import read_from
from ivoryos_jupyter.codegen._parse_names import assigned, called_objects, parameters_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ivoryos_jupyter.codegen._parse_names import Function, Names
    from ivoryos_jupyter.codegen._parse_source import Source

_TYPES = frozenset({"float", "int", "str", "bool", "None", "list", "tuple", "dict", "Literal", "Optional", "Union"})


@dataclass(frozen=True, slots=True)
class Declared:
    """A run-time parameter as the source declares it."""

    node: ast.AST
    name: str
    """As it was written."""
    annotation: ast.expr | None = None
    optional: bool = False
    """Whether its default is None."""


@dataclass
class Shape:
    """A function, taken apart."""

    body: list[ast.stmt]
    doc: str = ""
    instruments: frozenset[str] = frozenset()
    """Parameters that are of the notebook."""
    declared: dict[str, Declared] = field(default_factory=dict)
    """Run-time parameters, as Python calls them."""
    roots: set[str] = field(default_factory=set)
    """Names of the notebook, in this function."""
    returned: ast.Return | None = None


def shape_of(function: Function, names: Names, source: Source, *, known_deck: bool) -> Shape:
    """Take a function apart."""
    body = list(function.body)
    shape = Shape(body, ast.get_docstring(function) or "")
    if shape.doc:
        del body[0]
    if body and isinstance(body[-1], ast.Return):
        shape.returned = body[-1]
        del body[-1]
    parameters = {one.arg: one for one in parameters_of(function)}
    saved, shape.body = _without_saved(body, parameters)
    parameters.pop(saved, None)
    made = {one.id for one in assigned(shape.body)}
    used = called_objects(shape.body, names, reading=True)
    shape.instruments = frozenset(
        name
        for name, one in parameters.items()
        if name not in made and not _is_type(one.annotation) and (name in names.roots or name in used)
    )
    optional = {one.arg for one in _with_default(function)}
    shape.declared = {
        name: Declared(one, source.written(one), one.annotation, name in optional)
        for name, one in parameters.items()
        if name not in shape.instruments
    }
    shape.roots = roots_in(shape.body, names, {*parameters, *made}, known_deck=known_deck) | shape.instruments
    return shape


def roots_in(body: list[ast.stmt], names: Names, local: Collection[str], *, known_deck: bool) -> set[str]:
    """Return the free names of the notebook in `body`: those on the deck, and those that are used as if they were."""
    return (names.roots | called_objects(body, names, reading=not known_deck)) - {*local}


def _with_default(function: Function) -> Iterator[ast.arg]:
    places = [*function.args.posonlyargs, *function.args.args]
    yield from places[len(places) - len(function.args.defaults) :]
    for one, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is not None:
            yield one


def _is_type(annotation: ast.expr | None) -> bool:
    """Whether an annotation is the type of a value, and no class of an instrument."""
    if annotation is None:
        return False
    return all(one.id in _TYPES for one in ast.walk(annotation) if isinstance(one, ast.Name))


def _without_saved(body: list[ast.stmt], parameters: Collection[str]) -> tuple[str, list[ast.stmt]]:
    """Return the parameter that carries names from prep to the other phases, and the statements without what serves it."""
    match body:
        case [ast.Try(handlers=[], orelse=[], body=inner, finalbody=[ast.Expr(value=ast.Call(func=ast.Attribute() as called))])]:
            if isinstance(called.value, ast.Name) and called.value.id in parameters and called.attr == "update":
                return called.value.id, inner
    for name in parameters:
        rest = list(body)
        while rest and _reads_itself(name, rest[0]):
            del rest[0]
        if len(rest) < len(body):
            return name, rest
    return "", body


def _reads_itself(store: str, node: ast.stmt) -> bool:
    found = read_from(store, node)
    return found is not None and isinstance(found[1], ast.Name)
