"""How does one watch a value?  ``ivoryos.watch`` and ``ivoryos.watches``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, ExpressionError, Problem, UnknownNameError
from ivoryos_jupyter.notebook._listing import as_html, as_text
from ivoryos_jupyter.runner import Band
from ivoryos_jupyter.schema import as_text as shown
from ivoryos_jupyter.schema import did_you_mean, number_of
from ivoryos_jupyter.workflow import READING, compile_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.runner import Watch
    from ivoryos_jupyter.runner import WatchAction as Action
    from ivoryos_jupyter.session import Session

_HEAD = ("property", "every", "band", "then", "last", "age", "state")
_EMPTY = 'Nothing is watched. Begin: ivoryos.watch("reactor.temperature", every_s=10, between=(15, 80), then="pause")'
_BEFORE = "Watched in the last session, and not since (ivoryos.watches.stop() forgets them):"
_MINUTE, _HOUR = 60, 3600
_NO_END = object()


def watch(
    session: Session,
    target: str,
    *,
    every_s: float,
    between: tuple[float | None, float | None] | None = None,
    require: str = "",
    then: Action = "notify",
    after_failures: int = 3,
) -> Watched:
    """Watch a property of an instrument; see `ivoryos_jupyter.watch`."""
    session.refresh()
    path, _, name = target.rpartition(".")
    if not path:
        raise ConversionError([Problem("target", 'name a property, such as "reactor.temperature"', target)], "This watch was not begun:")
    low, high = _ends(between)
    _check_require(require)
    one = session.deck.live.instrument(path).property(name)
    band = Band(low, high, require, one.value.unit if one is not None else "")
    return Watched(session, session.watches.add(path, name, every_s, band, then, after_failures))


def _ends(between: object) -> tuple[float | None, float | None]:
    if between is None:
        return None, None
    ends = between if isinstance(between, tuple | list) else ()
    numbers = [one for one in map(_end, ends) if one is not _NO_END]
    if len(ends) != 2 or len(numbers) != 2:  # noqa: PLR2004 - a lower and an upper end
        cure = "give the lower and the upper end, None for an open one, such as (15, 80)"
        raise ConversionError([Problem("between", cure, str(between))], "This watch was not begun:")
    return numbers[0], numbers[1]  # type: ignore[return-value]  # what is no end was left out


def _end(given: object) -> object:
    """Return an end of a band; what no value can lie beyond, such as nan, is none."""
    number = number_of(given)
    is_end = given is None or (number is not None and number == number)  # noqa: PLR0124 - nan is not itself
    return number if is_end else _NO_END


def _check_require(require: str) -> None:
    if not require:
        return
    try:
        names = compile_expression(require).names
    except ExpressionError as error:
        raise ConversionError([Problem("require", error.problems[0].message, require)], "This watch was not begun:") from error
    if set(names) - {READING}:
        cure = f"use only {READING}, which is the value read"
        raise ConversionError([Problem("require", cure, require)], "This watch was not begun:")


class Watched:
    """One watch, as it is whenever this is displayed."""

    def __init__(self, session: Session, one: Watch) -> None:
        """Show `one`."""
        self._session = session
        self._watch = one

    @property
    def value(self) -> object:
        """What was read last; None as long as nothing was."""
        return self._watch.value

    @property
    def error(self) -> str:
        """Why the last reading failed; empty when it did not."""
        return self._watch.error

    @property
    def tripped(self) -> str:
        """Why the value is out of its band now; empty while it is inside."""
        return self._watch.tripped

    @property
    def readings(self) -> int:
        """How many readings there were."""
        return self._watch.readings

    def stop(self) -> None:
        """End the watch; may be said twice."""
        self._watch.stop()

    def row(self) -> tuple[str, ...]:
        """Return what a table shows of it."""
        one = self._watch
        now_us = self._session.pipeline.clock.now_us()
        age = "" if one.at_us is None else _age((now_us - one.at_us) / 1e6)
        last = "" if one.at_us is None else f"{shown(one.value)} {one.band.unit}".rstrip()
        inside = "not read yet" if one.at_us is None else "inside" if one.band.text else "read"
        state = "stopped" if one.stopped else one.tripped or one.error or inside
        late = f", {_time(one.late_s)} late" if one.late_s >= 1 else ""
        return one.label, _time(one.every_s), one.band.text or "any", one.does, last, age, state + late

    def __repr__(self) -> str:
        """Return the watch as a line."""
        return as_text(_HEAD, [self.row()], _EMPTY)

    def _repr_html_(self) -> str:
        return as_html(_HEAD, [self.row()], _EMPTY)


class WatchList:
    """The watches of this session, as they are whenever this is displayed; they end with it."""

    def __init__(self, session: Session) -> None:
        """Show those of `session`."""
        self._session = session

    def __iter__(self) -> Iterator[Watched]:
        """Give the watches."""
        return iter([Watched(self._session, one) for one in self._session.watches])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._session.watches)

    def __getitem__(self, target: str) -> Watched:
        """Return the watch of a property, such as ``ivoryos.watches["reactor.temperature"]``."""
        for one in self._session.watches:
            if one.label == target:
                return Watched(self._session, one)
        raise UnknownNameError(f"{target} is not watched{did_you_mean(target, self._ipython_key_completions_())}")

    def _ipython_key_completions_(self) -> list[str]:
        return [one.label for one in self._session.watches]

    def stop(self, target: str | None = None) -> None:
        """End the watch of one property, or all."""
        for one in [self[target]] if target is not None else list(self):
            one.stop()
        if target is None:
            self._session.last.forget_watched()

    def _rows(self) -> list[tuple[str, ...]]:
        return [one.row() for one in self]

    def __repr__(self) -> str:
        """Return the watches with what was read last, and those of the last session that were not begun again."""
        before = self._session.last.watched
        return "\n".join([as_text(_HEAD, self._rows(), _EMPTY), *([_BEFORE, *(f"  {one.line}" for one in before)] if before else [])])

    def _repr_html_(self) -> str:
        before = self._session.last.watched
        lines = "".join(f"<li><code>{escape(one.line)}</code></li>" for one in before)
        return as_html(_HEAD, self._rows(), _EMPTY) + (f"<p>{escape(_BEFORE)}</p><ul>{lines}</ul>" if before else "")


def _age(seconds: float) -> str:
    return "just now" if seconds < 1 else f"{_time(round(seconds))} ago"


def _time(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.3g} s"
    return f"{seconds / _MINUTE:.3g} min" if seconds < _HOUR else f"{seconds / _HOUR:.3g} h"
