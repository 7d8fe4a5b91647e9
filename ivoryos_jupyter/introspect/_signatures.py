"""How is a callable called?  Its parameters one by one, what it gives back, and whether it must be awaited."""

from __future__ import annotations

import functools
import inspect
import sys
import types
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._annotations import Scope, Unreadable, is_placeholder, resolve, scope_of
from ivoryos_jupyter.introspect._defaults import read_default
from ivoryos_jupyter.introspect._docstrings import Doc, ParameterDoc, read_doc, type_in_words
from ivoryos_jupyter.introspect._names import ancestry, annotation_text, class_dict, type_path
from ivoryos_jupyter.introspect._reading import KindReader, Reading, as_nullable
from ivoryos_jupyter.introspect._units import unit_in_name, unit_in_text
from ivoryos_jupyter.schema import (
    Anything,
    Integer,
    Kind,
    ListOf,
    Method,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Passing,
    Returns,
    Text,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PASSING: dict[int, Passing] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "var_positional",
    inspect.Parameter.VAR_KEYWORD: "var_keyword",
}
_EMPTY = inspect.Parameter.empty
_WORDS = {"datetime": "datetime", "pathlib": "pathlib", "typing": "typing", "numpy": "numpy", "decimal": "decimal", "enum": "enum"}
_BEHIND = frozenset({"__wrapped__", "__partialmethod__", "_partialmethod"})
"""Where a function keeps what it was made from."""
_MEASURES = (Number, Integer)
_SIMPLE = frozenset({bool, int, float, str})
_ALIKE: dict[tuple[object, ...], tuple[object, Parameter]] = {}
"""Parameters that were described, by everything that went into the description."""
_MOST_ALIKE = 10_000
_OPEN: tuple[Parameter, ...] = (
    Parameter("args", Anything("the driver does not say what it takes"), "var_positional"),
    Parameter("kwargs", Anything("the driver does not say what it takes"), "var_keyword"),
)


@dataclass(frozen=True, slots=True)
class CallableReading:
    """A callable, described, with the live annotations that its description was made from."""

    method: Method
    types: Mapping[str, object]


def read_callable(
    name: str,
    function: Callable[..., object],
    *,
    bound: bool,
    owner: type | None = None,
    folded: bool = False,
) -> CallableReading:
    """Describe `function` as the method `name`.

    Parameters
    ----------
    name
        The name of the member.
    function
        What is called; it is not called here.
    bound
        Whether its first parameter is given by Python and no field.
    owner
        The class that defines it, whose inner classes annotations may name.
    folded
        Whether it belongs to a framework.
    """
    inner = innermost(function)
    doc = read_doc(_doc_of(function))
    place = type_path(owner) if owner is not None else ""
    try:
        signature = _signature(function)
    except Exception as error:  # noqa: BLE001 - C extensions and hostile decorators raise anything
        note = f"its signature cannot be read ({type(error).__name__}); arguments are passed as they are typed"
        method = Method(name, _OPEN, Returns(), doc.summary, doc.text, is_coroutine(function), place, folded, note=note)
        return CallableReading(method, {})
    reader = _Parameters(scope_of(inner, owner), doc)
    given = _without_first(tuple(signature.parameters.values())) if bound else tuple(signature.parameters.values())
    parameters = tuple(reader.read(one) for one in given)
    returns, awaited = reader.returns(signature.return_annotation)
    coroutine = awaited or inspect.iscoroutinefunction(function) or (inner is not function and inspect.iscoroutinefunction(inner))
    variants = _variants(inner, owner, bound=bound)
    return CallableReading(Method(name, parameters, returns, doc.summary, doc.text, coroutine, place, folded, variants), reader.types)


def _signature(function: Callable[..., object]) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 - new in Python 3.14, where annotations are read late

        return inspect.signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(function)


def _doc_of(function: object) -> object:
    return _doc_of(function.func) if type(function) is functools.partial else function.__doc__


def what_is_called(value: Callable[..., object]) -> tuple[Callable[..., object], bool]:
    """Return the function that a call of `value` runs, and whether Python gives its first parameter.

    A callable object is described by the ``__call__`` of its class: asking the object could reach hardware.
    """
    for cls in ancestry(type(value)):
        found = class_dict(cls).get("__call__")
        if found is not None:
            return (found, True) if type(found) is types.FunctionType else (value, False)
    return value, False


def _without_first(parameters: tuple[inspect.Parameter, ...]) -> tuple[inspect.Parameter, ...]:
    if parameters and parameters[0].kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}:
        return parameters[1:]
    return parameters


def innermost(function: object) -> object:
    """Return what `function` wraps at last: past partials, bound methods and ``__wrapped__``."""
    seen: list[object] = []
    while not any(function is one for one in seen):
        seen.append(function)
        if type(function) in {functools.partial, functools.partialmethod}:
            function = typing.cast("functools.partial[object]", function).func
        elif type(function) is types.MethodType:
            function = function.__func__
        elif type(function) is types.FunctionType and (behind := _BEHIND & function.__dict__.keys()):
            function = function.__dict__[next(iter(behind))]
    return function


def is_coroutine(function: object) -> bool:
    """Whether a call of `function` gives something to await, judged by unwrapping."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(innermost(function))


def _variants(inner: object, owner: type | None, *, bound: bool) -> tuple[tuple[Parameter, ...], ...]:
    overloads: Callable[[object], list[Callable[..., object]]] | None = getattr(typing, "get_overloads", None)
    if overloads is None or type(inner) is not types.FunctionType:
        return ()
    found = []
    for given in overloads(inner):
        one = given.__func__ if isinstance(given, classmethod | staticmethod) else given
        parameters = tuple(_signature(one).parameters.values())
        reader = _Parameters(scope_of(one, owner), read_doc(one.__doc__))
        found.append(tuple(reader.read(each) for each in (_without_first(parameters) if bound else parameters)))
    return tuple(found)


class _Parameters:
    """Reads the parameters of one callable."""

    def __init__(self, scope: Scope, doc: Doc) -> None:
        self._scope = scope
        self._doc = doc
        self._reader = KindReader(scope)
        self.types: dict[str, object] = {}

    def read(self, given: inspect.Parameter) -> Parameter:
        """Describe one parameter; what is written alike in many methods is described once."""
        said = self._doc.of(given.name)
        if not (given.default is _EMPTY or given.default is None or type(given.default) in _SIMPLE):
            return self._describe(given, said)
        written = given.annotation if type(given.annotation) is str else ""
        meant = self._scope[written] if written.isidentifier() else given.annotation
        key = (given.name, given.kind, id(meant), written, type(given.default), given.default, said)
        known = _ALIKE.get(key)
        if known is not None and known[0] is meant:
            self.types[given.name] = meant
            return known[1]
        described = self._describe(given, said)
        if self._reader.is_settled(meant):
            if len(_ALIKE) > _MOST_ALIKE:
                _ALIKE.clear()
            _ALIKE[key] = (meant, described)
        return described

    def _describe(self, given: inspect.Parameter, said: ParameterDoc) -> Parameter:
        reading = self._annotated(given) if given.annotation is not _EMPTY else self._guessed(given.default, said.type_text)
        kind = as_nullable(reading.kind) if given.default is None else reading.kind
        unit = reading.unit
        if not unit and _is_measure(kind):
            unit = unit_in_text(said.type_text) or unit_in_text(said.help) or unit_in_name(given.name)
        return Parameter(
            given.name,
            kind,
            _PASSING[given.kind],
            None if given.default is _EMPTY else read_default(given.default),
            unit,
            said.help or reading.help,
            annotation_text(given.annotation),
        )

    def _annotated(self, given: inspect.Parameter) -> Reading:
        found, reading = self._reader.read_live(given.annotation)
        if not isinstance(found, Unreadable) and not is_placeholder(found):
            self.types[given.name] = found
        return reading

    def _guessed(self, default: object, type_text: str) -> Reading:
        """Read a parameter without annotation: by its default's type, then by the docstring's."""
        written = self._from_words(type_text)
        if default is _EMPTY or default is None:
            return Reading(written)
        kind = _kind_of_value(default, self._reader)
        wider = type(default) is int and (isinstance(written, Number) or (isinstance(written, OneOf) and Number() in written.members))
        return Reading(written if wider or isinstance(kind, Anything) else kind)

    def _from_words(self, type_text: str) -> Kind:
        written = type_in_words(type_text) if type_text else ""
        if not written:
            return Anything()
        known = {name: sys.modules[name] for name in _WORDS if name in sys.modules}
        scope = Scope(*self._scope.places, known, owner=self._scope.owner)
        found = resolve(written, scope)
        kind = Anything() if isinstance(found, Unreadable) else KindReader(scope).kind(found)
        return Anything(f"the docstring calls it {type_text!r}") if isinstance(kind, Anything) and written != "object" else kind

    def returns(self, annotation: object) -> tuple[Returns, bool]:
        """Describe what comes back, and say whether it must be awaited first."""
        said = self._doc.returns
        unit = unit_in_text(said.help) or unit_in_text(said.type_text)
        if annotation is _EMPTY:
            return Returns(unit=unit), False
        found, awaited = _awaited(resolve(annotation, self._scope))
        self.types["return"] = found
        reading = Reading(Anything(found.reason)) if isinstance(found, Unreadable) else self._reader.read(found)
        kind = reading.kind
        items = kind.items if isinstance(kind, TupleOf) and len(kind.items) > 1 else ()
        text = annotation_text(annotation)
        return Returns(kind, items, isinstance(kind, Nothing), reading.unit or unit, text), awaited


def _awaited(found: object) -> tuple[object, bool]:
    """Return what is left of an annotation when it has been awaited, and whether it can be."""
    origin = typing.get_origin(found) or found
    if not isinstance(origin, type) or is_placeholder(origin) or not hasattr(origin, "__await__"):
        return found, False
    args = typing.get_args(found)
    return (args[-1], True) if args else (found, True)


def _is_measure(kind: Kind) -> bool:
    if type(kind) is Text:
        return False
    if isinstance(kind, Nullable):
        return _is_measure(kind.kind)
    if isinstance(kind, ListOf):
        return _is_measure(kind.item)
    if isinstance(kind, OneOf):
        return any(_is_measure(one) for one in kind.members)
    return isinstance(kind, _MEASURES)


def _kind_of_value(value: object, reader: KindReader) -> Kind:
    kind = reader.kind(type(value))
    if type(value) in {list, tuple, set, frozenset} and isinstance(kind, ListOf):
        kinds: list[Kind] = []
        for item in typing.cast("list[object]", value):
            if (each := reader.kind(type(item))) not in kinds:
                kinds.append(each)
        return replace(kind, item=kinds[0]) if len(kinds) == 1 else kind
    return kind
