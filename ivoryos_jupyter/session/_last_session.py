"""What was guarded and watched in the last session of this notebook?  Neither comes back by itself, so it is remembered and told."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ivoryos_jupyter.runner import Watch

FORMAT = "ivoryos-last-session/1"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardedBefore:
    """An instrument that was guarded."""

    name: str
    wait_in_line: bool = False


@dataclass(frozen=True, slots=True)
class WatchedBefore:
    """A property that was watched."""

    target: str
    """``reactor.temperature``"""
    every_s: float
    low: float | None = None
    high: float | None = None
    require: str = ""
    then: str = "notify"
    """A word, or the name of a function."""
    function: bool = False
    """Whether `then` names a function."""
    after_failures: int = 3

    @property
    def line(self) -> str:
        """What is written to watch it again."""
        parts = [_quoted(self.target), f"every_s={self.every_s:g}"]
        parts += [f"between=({self.low}, {self.high})"] if (self.low, self.high) != (None, None) else []
        parts += [f"require={_quoted(self.require)}"] if self.require else []
        parts += [f"then={self.then if self.function and self.then.isidentifier() else _quoted(self.then)}"]
        parts += [f"after_failures={self.after_failures}"] if self.after_failures != WatchedBefore("", 1).after_failures else []
        return f"ivoryos.watch({', '.join(parts)})"


class LastSession:
    """Remembers the guarded and the watched of this session, and knows those of the one before.

    Parameters
    ----------
    path
        Where they lie; one file for each notebook.
    """

    def __init__(self, path: Path) -> None:
        """Read what the last session left; a file that cannot be read is named in the log, and tells nothing."""
        self._path = path
        self._guarded, self._watched = _read(path)
        self._kept = (self._guarded, self._watched)
        self._again: set[str] = set()
        self._ended = False

    @property
    def guarded(self) -> tuple[GuardedBefore, ...]:
        """What was guarded then, and never in this session."""
        return tuple(one for one in self._guarded if one.name not in self._again)

    @property
    def watched(self) -> tuple[WatchedBefore, ...]:
        """What was watched then, and never in this session."""
        return tuple(one for one in self._watched if one.target not in self._again)

    @property
    def guard_lines(self) -> tuple[str, ...]:
        """What is written to guard again what was guarded then."""
        lines = []
        for waits, ending in ((False, ""), (True, ", wait_in_line=True")):
            if names := [_quoted(one.name) for one in self.guarded if one.wait_in_line is waits]:
                lines.append(f"ivoryos.guard({', '.join(names)}{ending})")
        return tuple(lines)

    def keep(self, guarded: Mapping[str, bool], watches: Iterable[Watch]) -> None:
        """Remember what is guarded, and whether it waits in line, and what is watched now; written when it has changed.

        What the last session left stays remembered beside it until it is guarded or watched once more.
        """
        if self._ended:
            return
        now = tuple(GuardedBefore(name, waits) for name, waits in guarded.items())
        seen = tuple(_before(watch) for watch in watches)
        self._again.update((one.name for one in now), (one.target for one in seen))
        kept = ((*now, *self.guarded), (*seen, *self.watched))
        if kept != self._kept:
            self._kept = kept
            self._write(*kept)

    def end(self) -> None:
        """Remember nothing more: what ends from now on ends with the session."""
        self._ended = True

    def forget_guarded(self) -> None:
        """Let nothing count as guarded before."""
        self._guarded = ()

    def forget_watched(self) -> None:
        """Let nothing count as watched before."""
        self._watched = ()

    def _write(self, guarded: tuple[GuardedBefore, ...], watched: tuple[WatchedBefore, ...]) -> None:
        data = {"format": FORMAT, "guarded": [asdict(one) for one in guarded], "watched": [asdict(one) for one in watched]}
        try:
            replace_file(self._path, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode(), durable=False)
        except OSError as error:
            _log.warning("What is guarded and watched could not be remembered in %s: %s", self._path, error)


def _before(watch: Watch) -> WatchedBefore:
    band = watch.band
    return WatchedBefore(
        watch.label, watch.every_s, band.low, band.high, band.require, watch.does, not isinstance(watch.then, str), watch.after_failures
    )


def _read(path: Path) -> tuple[tuple[GuardedBefore, ...], tuple[WatchedBefore, ...]]:
    try:
        data = json.loads(read_file(path))
        guarded = tuple(GuardedBefore(str(one["name"]), one["wait_in_line"] is True) for one in data["guarded"])
        return guarded, tuple(_watched(one) for one in data["watched"])
    except FileNotFoundError:
        return (), ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("What was guarded and watched in the last session cannot be read from %s: %s", path, error)
        return (), ()


def _watched(one: Mapping[str, object]) -> WatchedBefore:
    numbers = {name: _number(one[name]) for name in ("every_s", "low", "high", "after_failures")}
    texts = {name: str(one[name]) for name in ("target", "require", "then")}
    return WatchedBefore(
        texts["target"],
        numbers["every_s"] or 0.0,
        numbers["low"],
        numbers["high"],
        texts["require"],
        texts["then"],
        one["function"] is True,
        int(numbers["after_failures"] or 0),
    )


def _number(found: object) -> float | None:
    if found is None or (isinstance(found, int | float) and not isinstance(found, bool)):
        return found
    raise TypeError(f"{found!r} is no number")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
