"""What would be called to make everything safe, in which order, and for which instruments is there nothing to call?"""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import IvoryOSError, UnknownNameError
from ivoryos_jupyter.introspect import asks_for, marked_functions, marked_methods
from ivoryos_jupyter.runner._call import root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.introspect import Deck

_log = logging.getLogger(__name__)
_GENERATOR = "gives a generator, of which nothing runs when it is called; wrap it in a method that runs it to its end"
_MOST = 4
"""How many names are said in full."""


@dataclass(frozen=True, slots=True)
class SafeSetting:
    """A method that a person named as the safe state of an instrument."""

    instrument: str
    """Path of the instrument."""
    method: str
    order: float = 0


@dataclass(frozen=True, slots=True)
class SafeHandler:
    """One thing to call, without arguments."""

    label: str
    """``pump.stop``, or the name of a function."""
    instruments: tuple[str, ...]
    """Names of the instruments on the deck that it makes safe."""
    path: str
    """Path of the instrument whose method it is; empty for a function of the notebook."""
    member: str
    source: Literal["driver", "settings", "notebook"]
    """Who says so: a mark in the driver, the settings, or a mark in the notebook."""
    order: float = 0
    target: Callable[[], object] = field(default=lambda: None, repr=False)
    coroutine: bool = False
    owner: object = field(default=None, repr=False)
    """The object whose method it is."""
    root: object = field(default=None, repr=False)
    """The object on the deck that `owner` is a part of."""


@dataclass(frozen=True, slots=True)
class SafePlan:
    """Everything that make safe would do."""

    handlers: tuple[SafeHandler, ...] = ()
    """In the order in which they are called."""
    without: tuple[str, ...] = ()
    """Names of the instruments that no handler makes safe."""
    problems: tuple[str, ...] = ()
    """Handlers that cannot be called as they are, and settings that cannot be read."""

    @property
    def no_handler(self) -> str:
        """How many instruments have no handler, and the first of them, in words; empty when all have one."""
        return no_handler(self.without)


def no_handler(names: Sequence[str]) -> str:
    """Return that the instruments `names` have no handler: ``12 instruments have no handler: a, b, c and 9 more``."""
    if not names:
        return ""
    count = len(names)
    said = ", ".join(names) if count <= _MOST else f"{', '.join(names[: _MOST - 1])} and {count - _MOST + 1} more"
    return f"{count} instrument{' has' if count == 1 else 's have'} no handler: {said}"


def plan_for(
    deck: Deck, names: Mapping[str, object] | None = None, settings: Sequence[SafeSetting] = (), problems: Sequence[str] = ()
) -> SafePlan:
    """Return what make safe would do.

    Parameters
    ----------
    deck
        The instruments; only their classes are looked at.
    names
        The notebook's names, among them marked functions.
    settings
        What a person has set.
    problems
        What is known to be wrong already, such as settings that cannot be read.
    """
    wrong = list(problems)
    found: dict[tuple[int, str], SafeHandler] = {}
    for handler in (*_of_drivers(deck, wrong), *_of_settings(deck, settings, wrong)):
        key = (id(handler.owner), handler.member)
        known = found.get(key)
        found[key] = handler if known is None else replace(known, order=handler.order, source=handler.source)
    handlers = [*found.values(), *_of_notebook(deck, names or {}, wrong)]
    place = {name: index for index, name in enumerate(deck.names)}
    handlers.sort(key=lambda one: (one.order, min((place.get(name, len(place)) for name in one.instruments), default=len(place))))
    safe = {name for one in handlers for name in one.instruments}
    return SafePlan(tuple(handlers), tuple(name for name in deck.names if name not in safe), tuple(wrong))


def _of_drivers(deck: Deck, wrong: list[str]) -> Iterator[SafeHandler]:
    for instrument in deck.schema().instruments:
        try:
            owner = deck.resolve(instrument.name)
            root = deck.resolve(root_of(instrument.name))
            marks = marked_methods(owner)
        except Exception as error:  # noqa: BLE001 - one instrument that cannot be looked at must not keep the others from being safe
            _log.info("%s is not looked at for a safe state: %s", instrument.name, error)
            continue
        for name, mark in marks.items():
            handler = _method(instrument.name, name, owner, root, mark.order, wrong)
            if handler is not None:
                yield handler


def _method(path: str, name: str, owner: object, root: object, order: float, wrong: list[str]) -> SafeHandler | None:
    """Return the handler that a marked method is; None, with the reason in `wrong`, when it cannot be called."""
    label = f"{path}.{name}"
    try:
        target = getattr(owner, name)
    except Exception as error:  # noqa: BLE001 - likewise
        wrong.append(f"{label} cannot be reached: {error}")
        return None
    if unfit := _unfit(target):
        wrong.append(f"{label} is marked as a safe state and {unfit}.")
        return None
    coroutine = inspect.iscoroutinefunction(inspect.unwrap(target))
    return SafeHandler(label, (root_of(path),), path, name, "driver", order, target, coroutine, owner, root)


def _unfit(target: Callable[..., object]) -> str:
    """Return why calling `target` makes nothing safe, as the rest of a sentence; empty when it can be called."""
    if missing := asks_for(target):
        return f"asks for {', '.join(missing)}; it must need no arguments"
    return _GENERATOR if _is_generator(target) else ""


def _is_generator(target: Callable[..., object]) -> bool:
    function = inspect.unwrap(target)
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


def _of_settings(deck: Deck, settings: Sequence[SafeSetting], wrong: list[str]) -> Iterator[SafeHandler]:
    for setting in settings:
        try:
            yield handler_of(deck, setting)
        except IvoryOSError as error:  # noqa: PERF203 - each setting is wrong by itself
            wrong.append(f"{setting.instrument}.{setting.method}, set as a safe state, cannot be called: {error}")


def handler_of(deck: Deck, setting: SafeSetting) -> SafeHandler:
    """Return the handler that a setting names.

    Raises
    ------
    UnknownNameError
        When there is no such instrument or method, or the method needs arguments.
    """
    path, name = setting.instrument, setting.method
    member = deck.member(path, name, "call")
    missing = [one.name for one in member.method.parameters if one.required]
    if missing:
        raise UnknownNameError(f"{path}.{name} asks for {', '.join(missing)}; a safe state must need no arguments.")
    if _is_generator(member.target):
        raise UnknownNameError(f"{path}.{name} {_GENERATOR}.")
    root = deck.resolve(root_of(path))
    label = f"{path}.{name}"
    return SafeHandler(
        label, (root_of(path),), path, name, "settings", setting.order, member.target, member.is_coroutine, member.owner, root
    )


def _of_notebook(deck: Deck, names: Mapping[str, object], wrong: list[str]) -> Iterator[SafeHandler]:
    on_deck = set(deck.names)
    for name, (function, mark) in marked_functions(names).items():
        if unfit := _unfit(function):
            wrong.append(f"{name} is marked as a safe state and {unfit}.")
            continue
        absent = [one for one in mark.instruments if one not in on_deck]
        if absent:
            wrong.append(f"{name} is marked as the safe state of {', '.join(absent)}, which is not on the deck; it is called all the same.")
        here = tuple(one for one in mark.instruments if one in on_deck)
        root = deck.resolve(here[0]) if here else None
        coroutine = inspect.iscoroutinefunction(inspect.unwrap(function))
        yield SafeHandler(name, here, "", name, "notebook", mark.order, function, coroutine, None, root)
