"""How does one work with instruments by hand?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter import widgets
from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner import CallHandle
    from ivoryos_jupyter.session import Session

_PLACES = ("main", "own", "worker")


def control(which: object = None) -> widgets.ControlPanel:
    """Return the control panel of an instrument (the object, its name or its path), or of the whole deck."""
    return widgets.control(current_session(), which)


def call(
    target: str | Callable[..., object],
    *args: object,
    wait_in_line: bool = False,
    timeout_s: float | None = None,
    take_over: bool = False,
    **named: object,
) -> CallHandle[object]:
    """Call a method of an instrument as a panel does: converted, checked, recorded; returns at once.

    Parameters
    ----------
    target
        ``pump.dispense``, or the same as text.
    args, named
        Its arguments; text is read by the parameter's type.
    wait_in_line
        Whether to wait for the instrument when it is busy.
    timeout_s
        Give up after so many seconds.
    take_over
        Whether to use an instrument that a paused run holds, or the run of another notebook; it is recorded with that run.

    Returns
    -------
    CallHandle
        ``await`` it, or ask for its ``result()``.

    Raises
    ------
    ConversionError, LimitError, UnknownNameError
        When the call may not be made.
    BusyError
        When the instrument is busy; the message says with what.
    """
    session = current_session()
    session.refresh()
    return session.call(target, args, named, wait_in_line=wait_in_line, timeout_s=timeout_s, take_over=take_over)


def get_property(target: str, *, wait_in_line: bool = False, timeout_s: float | None = None, take_over: bool = False) -> CallHandle[object]:
    """Read a property of an instrument as a panel does: checked and recorded; returns at once, as `call` does.

    Parameters
    ----------
    target
        The property as text, such as ``"reactor.temperature"``.
    wait_in_line, timeout_s, take_over
        As of `call`.

    Raises
    ------
    ConversionError, UnknownNameError
        When there is no such property, or it cannot be read.
    BusyError
        When the instrument is busy; the message says with what.
    """
    session = _refreshed(target)
    return session.call(target, (), {}, operation="get", wait_in_line=wait_in_line, timeout_s=timeout_s, take_over=take_over)


def set_property(
    target: str, value: object, *, wait_in_line: bool = False, timeout_s: float | None = None, take_over: bool = False
) -> CallHandle[object]:
    """Set a property of an instrument as a panel does: converted, checked, recorded; returns at once, as `call` does.

    Parameters
    ----------
    target
        The property as text, such as ``"reactor.target"``.
    value
        Its new value; text is read by the property's type.
    wait_in_line, timeout_s, take_over
        As of `call`.

    Raises
    ------
    ConversionError, LimitError, UnknownNameError
        When it may not be set.
    BusyError
        When the instrument is busy; the message says with what.
    """
    session = _refreshed(target)
    return session.call(target, (value,), {}, operation="set", wait_in_line=wait_in_line, timeout_s=timeout_s, take_over=take_over)


def _refreshed(target: str) -> Session:
    """Return the session, having looked at the notebook's names again, when `target` can name a property."""
    if not isinstance(target, str):
        cure = f'write the property as text, such as "reactor.temperature"; this is an object of {type(target).__name__}'
        raise ConversionError([Problem("target", cure)])
    session = current_session()
    session.refresh()
    return session


def pin(obj: object, place: Literal["main", "own", "worker"] = "main") -> None:
    """Say on which thread an object's plain methods run: ``main``, the kernel's, one of its ``own``, or the common ``worker``.

    Its driver is bound to that thread then: its ``stop()`` is not called from another one either.

    Parameters
    ----------
    obj
        The instrument, or its name on the deck.
    place
        Which thread.

    Raises
    ------
    ConversionError
        When there is no such place.
    UnknownNameError
        When the deck has no instrument of that name.
    """
    if place not in _PLACES:
        raise ConversionError([Problem("place", f"choose one of {', '.join(_PLACES)}", str(place))])
    session = current_session()
    session.refresh()
    session.executor.pin(session.deck.live.resolve(obj) if isinstance(obj, str) else original(obj), place)
