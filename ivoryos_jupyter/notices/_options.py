"""What may be said about a notification?  Checked all at once, before anything is set."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.notices._notice import KINDS
from ivoryos_jupyter.notices._url import UrlHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.notices._notice import Kind
    from ivoryos_jupyter.notices._teller import Handler

_ALIASES = {"kernel died": "died", "make safe": "safe", "make_safe": "safe", "watches": "watch"}
_QUESTIONS = frozenset({"wait", "error"})
LEAST_EVERY_S = 1.0
"""Seconds between two notices of one question, at least."""
_SETTABLE = tuple(kind for kind in KINDS if kind != "test")


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to tell, of what, and when."""

    handler: Handler
    name: str
    """Empty when she gave none and it has none of its own."""
    on: tuple[Kind, ...]
    after_s: float
    every_s: float | None
    deadline_s: float
    remember: bool

    @property
    def url(self) -> str:
        """The address; empty for a function."""
        return self.handler.url if isinstance(self.handler, UrlHandler) else ""

    def same_as(self, other: Wish) -> bool:
        """Tell whether `other` is the same wish again, as from a cell that is run twice."""
        mine, its = (_identity(one.handler) for one in (self, other))
        return mine == its and (self.on, self.after_s, self.every_s) == (other.on, other.after_s, other.every_s)


def wish(
    handler: Handler | str,
    on: str | Iterable[str],
    after_s: float,
    every_s: float | None,
    *,
    name: str,
    deadline_s: float,
    remember: bool,
) -> Wish:
    """Return what was asked for, or raise `ConversionError` with everything that is wrong."""
    kinds = _kinds(on)
    problems = [
        *(Problem("on", f"name some of {', '.join(_SETTABLE)}", kind) for kind in kinds if kind not in _SETTABLE),
        *([] if kinds else [Problem("on", f"name some of {', '.join(_SETTABLE)}")]),
        *_number("after_s", after_s, least=0.0),
        *([] if every_s is None else _number("every_s", every_s, least=LEAST_EVERY_S)),
        *_number("deadline_s", deadline_s, least=0.1),
    ]
    if not problems and (after_s or every_s is not None) and not _QUESTIONS.issuperset(kinds):
        over = ", ".join(kind for kind in kinds if kind not in _QUESTIONS)
        problems.append(Problem("after_s" if after_s else "every_s", f"only a question stays open; say on='wait', not {over}"))
    own_name, found = _handler(handler, name, problems)
    problems += _unfit(found, kinds, remember=remember)
    if problems:
        raise ConversionError(problems)
    assert found is not None  # noqa: S101 - else there was a problem
    chosen = tuple(kind for kind in _SETTABLE if kind in kinds)
    return Wish(found, name.strip() or own_name, chosen, float(after_s), every_s, float(deadline_s), remember)


def _kinds(on: str | Iterable[str]) -> tuple[str, ...]:
    named = (on,) if isinstance(on, str) else tuple(on)
    return tuple(dict.fromkeys(_ALIASES.get(str(one), str(one)) for one in named))


def _number(field: str, value: object, *, least: float) -> list[Problem]:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= least:
        return []
    return [Problem(field, f"give a number of seconds, {least:g} or more", str(value))]


def _handler(handler: object, name: str, problems: list[Problem]) -> tuple[str, Handler | None]:
    """Return the handler and the name it has of its own."""
    if isinstance(handler, str):
        if "://" not in handler:
            problems.append(Problem("handler", "is no address; write it as service://…, for example mailto://…", handler))
            return "", None
        address = UrlHandler(handler.strip())
        address.check()
        return address.label, address
    if not callable(handler):
        problems.append(Problem("handler", "give a function that takes a notice, or an address as text", type(handler).__name__))
        return "", None
    if inspect.iscoroutinefunction(handler):
        problems.append(Problem("handler", "give a plain function; a coroutine would need the loop that a cell may block", _name(handler)))
        return "", None
    own = _name(handler)
    if not own and not name.strip():
        problems.append(Problem("handler", "has no name of its own; give it one, for example name='lab lamp'", type(handler).__name__))
    return own, handler


def _name(handler: object) -> str:
    """Return a function's name; an object's class; empty for a lambda or a partial, of which there may be many alike."""
    if inspect.isroutine(handler):
        return "" if handler.__name__ == "<lambda>" else handler.__name__
    return "" if type(handler).__module__ == "functools" else type(handler).__name__


def _unfit(handler: object, kinds: tuple[str, ...], *, remember: bool) -> list[Problem]:
    """Return what only an address can do."""
    if handler is None or isinstance(handler, UrlHandler):
        return []
    found = []
    if "died" in kinds:
        found.append(
            Problem("on", "a function ends with the kernel; to be told of its death give an address, for example mailto://…", "died")
        )
    if remember:
        found.append(Problem("remember", "a function cannot be remembered; only an address can"))
    return found


def _identity(handler: object) -> object:
    if isinstance(handler, UrlHandler):
        return handler.url
    if inspect.isroutine(handler):
        return (handler.__module__, handler.__qualname__) if _name(handler) else handler
    return handler
