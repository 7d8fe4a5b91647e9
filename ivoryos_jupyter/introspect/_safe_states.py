"""Which methods and functions bring an instrument into its safe state?  Those that somebody marked."""

from __future__ import annotations

import functools
import inspect
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, overload

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.introspect._names import ancestry, class_dict
from ivoryos_jupyter.introspect._static import instance_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_F = TypeVar("_F", bound="Callable[..., object]")
_MARK = "__ivoryos_safe_state__"
_MARKABLE = (types.FunctionType, functools.partial, staticmethod, classmethod)


@dataclass(frozen=True, slots=True)
class SafeMark:
    """What is said of a handler where it is written."""

    instruments: tuple[str, ...] = ()
    """Names of the instruments that a function makes safe; a method makes its own object safe."""
    order: float = 0
    """Smaller ones come first."""


@overload
def safe_state(function: _F, /) -> _F: ...
@overload
def safe_state(*, instrument: str | tuple[str, ...] = (), order: float = 0) -> Callable[[_F], _F]: ...
def safe_state(function: _F | None = None, /, *, instrument: str | tuple[str, ...] = (), order: float = 0) -> _F | Callable[[_F], _F]:
    """Mark what brings an instrument into its safe state; *Make safe* calls it.

    Used on a method of a driver, ``@safe_state``, or on a function of the notebook, ``@safe_state(instrument="pump", order=1)``.
    What is marked takes no arguments; it is returned unchanged but for the mark.

    Parameters
    ----------
    function
        The method or function.
    instrument
        Name, or names, of the instruments that a function of the notebook makes safe.
    order
        Smaller ones are called first; equal ones in the order of the deck.

    Raises
    ------
    ConversionError
        For what cannot bear a mark, such as the method of an object that is there already.
    """
    mark = SafeMark((instrument,) if isinstance(instrument, str) else tuple(instrument), order)

    def marked(one: _F) -> _F:
        if not isinstance(one, _MARKABLE):
            cure = "mark a function, or a method where its class is written; for an instrument that is there say ivoryos.safe_states.set"
            raise ConversionError([Problem("safe_state", f"{cure}; this is an object of {type(one).__name__}")])
        setattr(one, _MARK, mark)
        return one

    return marked if function is None else marked(function)


def mark_of(thing: object) -> SafeMark | None:
    """Return the mark of a function or of what a class holds; None when it has none."""
    kind = type(thing)
    if kind is types.FunctionType or kind is functools.partial:
        found = thing.__dict__.get(_MARK)
    elif kind is staticmethod or kind is classmethod:
        found = vars(thing).get(_MARK) or vars(thing.__func__).get(_MARK)  # type: ignore[attr-defined]  # both have one
    else:
        return None
    return found if isinstance(found, SafeMark) else None


def marked_functions(names: Mapping[str, object]) -> dict[str, tuple[Callable[[], object], SafeMark]]:
    """Return the functions of a namespace that are marked, each under its first name."""
    found: dict[str, tuple[Callable[[], object], SafeMark]] = {}
    seen: set[int] = set()
    for name, thing in list(names.items()):
        mark = mark_of(thing)
        if mark is not None and id(thing) not in seen and callable(thing):
            seen.add(id(thing))
            found[name] = (thing, mark)
    return found


def marked_methods(obj: object) -> dict[str, SafeMark]:
    """Return the methods of `obj` that are marked, in its class, in one it inherits from or set on it; nothing of it is read."""
    found = {name: mark for name, member in list(instance_dict(obj).items()) if (mark := mark_of(member)) is not None}
    for cls in ancestry(type(obj)):
        for name, member in class_dict(cls).items():
            mark = mark_of(member)
            if mark is not None:
                found.setdefault(name, mark)
    return found


def asks_for(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the names of the arguments that `function` cannot be called without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # made in C: what it asks for shows when it is called
        return ()
    loose = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return tuple(one.name for one in parameters if one.default is one.empty and one.kind not in loose)
