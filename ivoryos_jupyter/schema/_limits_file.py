"""Which limits stand in ``safety.json`` now?  A file that cannot be read blocks every call."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, Problem, SafetyFileError
from ivoryos_jupyter.schema._limits import Limit, Limits, as_text
from ivoryos_jupyter.schema._limits_fit import other_unit, unfit_limits
from ivoryos_jupyter.schema._names import did_you_mean
from ivoryos_jupyter.schema._numbers import number_of
from ivoryos_jupyter.schema._safety_file import SafetyFile
from ivoryos_jupyter.schema._strict_json import strict_json
from ivoryos_jupyter.whole_files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ivoryos_jupyter.schema._deck import DeckSchema

FORMAT = "ivoryos-safety/1"

_KEYS = frozenset({"target", "method", "param", "min", "max", "allowed", "unit"})


class LimitsFile:
    """The limits file of a data folder; safe from any thread, and from several kernels."""

    def __init__(self, path: str | Path) -> None:
        """Remember the `path`; nothing is read yet."""
        self._file: SafetyFile[Limits] = SafetyFile(path, read_limits, Limits(), _error)
        self._listeners: list[Callable[[], None]] = []
        self.deck: Callable[[], DeckSchema | None] = lambda: None
        """Says which instruments there are, so that no limit is saved that protects nothing of them; None when that is not known."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change that is made here; what another program writes is noticed when it is read."""
        self._listeners.append(listener)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._file.path

    def current(self) -> Limits:
        """Return the limits as the file states them now; no file means no limits.

        Raises
        ------
        SafetyFileError
            If the file is there and cannot be read or understood. It says so at every call until it can.
        """
        return self._file.current()

    def save(self, limit: Limit) -> None:
        """Add `limit`, in place of the one of the same parameter.

        Raises
        ------
        ConversionError
            If the limit makes no sense, or names what an instrument of the deck does not have.
        SafetyFileError
            If the present file cannot be read or written.
        """
        try:
            _check(limit)
        except ValueError as error:
            raise ConversionError([Problem(".".join(limit.key), str(error))], "This limit makes no sense and was not saved:") from error
        schema = self.deck()
        if schema is not None and schema.instrument(limit.target) is not None:
            if unfit := unfit_limits(Limits((limit,)), schema):
                raise ConversionError(unfit, "This limit would protect nothing and was not saved:")
            if other := other_unit(limit, schema):
                raise ConversionError([Problem("unit", other, limit.unit)], "This limit was not saved:")
        self._file.change(lambda limits: _text([*(one for one in limits.entries if one.key != limit.key), limit]))
        self._changed()

    def remove(self, target: str, method: str, param: str) -> bool:
        """Take the limit of one parameter away; False when there was none.

        Raises
        ------
        SafetyFileError
            If the present file cannot be read or written.
        """
        if self.current().of(target, method, param) is None:
            return False
        self._file.change(lambda limits: _text([one for one in limits.entries if one.key != (target, method, param)]))
        self._changed()
        return True

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()


def _text(entries: Iterable[Limit]) -> str:
    return json.dumps({"format": FORMAT, "limits": [_as_json(one) for one in entries]}, indent=2, ensure_ascii=False)


def read_limits(path: Path) -> Limits:
    """Return the limits that the file at `path` states.

    Raises
    ------
    SafetyFileError
        If it cannot be read or understood.
    """
    try:
        data = strict_json(read_file(path))
    except (OSError, ValueError, RecursionError) as error:
        raise _error(path, str(error)) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _error(path, f"its format is not {FORMAT!r}")
    entries = data.get("limits")
    if not isinstance(entries, list):
        raise _error(path, "it has no list 'limits'")
    try:
        limits = tuple(_entry(one, f"entry {at}") for at, one in enumerate(entries, 1))
    except ValueError as error:
        raise _error(path, str(error)) from error
    keys = [one.key for one in limits]
    for key in keys:
        if keys.count(key) > 1:
            raise _error(path, f"{'.'.join(key)} has two entries; keep one")
    return Limits(limits)


def _check(limit: Limit) -> None:
    """Raise ValueError with why `limit` states none; what Python gives may be anything."""
    if isinstance(limit.allowed, str):
        raise ValueError(f"allowed is a text; write ({limit.allowed!r},)")  # noqa: TRY004 - as in _entry
    for name, bound in (("minimum", limit.minimum), ("maximum", limit.maximum)):
        if bound is not None and number_of(bound) is None:
            raise ValueError(f"{name} is no number")
    _entry(_as_json(limit), "it")


def _entry(data: object, where: str) -> Limit:
    """Return the limit that `data` states, or raise ValueError with why it states none."""
    if not isinstance(data, dict):
        raise ValueError(f"{where} is no object")  # noqa: TRY004 - what the file says is wrong, not how this is called
    unknown = [key for key in data if key not in _KEYS]
    if unknown:
        raise ValueError(f"{where} has the key {unknown[0]!r}{did_you_mean(str(unknown[0]), _KEYS)}")
    names = [data.get(key) for key in ("target", "method", "param")]
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"{where} needs target, method and param")
    low, high = _bound(data, "min", where), _bound(data, "max", where)
    if low is not None and high is not None and low > high:
        raise ValueError(f"{where}: min {as_text(low)} is above max {as_text(high)}")
    allowed, unit = _allowed(data, where), data.get("unit")
    if unit is not None and not isinstance(unit, str):
        raise ValueError(f"{where}: unit is no text")
    if low is None and high is None and not allowed and not unit:
        raise ValueError(f"{where} states none of min, max, allowed, unit")
    target, method, param = cast("list[str]", names)
    return Limit(target, method, param, low, high, allowed, unit or "")


def _bound(data: dict[str, object], key: str, where: str) -> float | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{where}: {key} is no number")
    return value


def _allowed(data: dict[str, object], where: str) -> tuple[str, ...]:
    values = data.get("allowed")
    if values is None:
        return ()
    if not isinstance(values, list) or not values or any(value is None or isinstance(value, (list, dict)) for value in values):
        raise ValueError(f"{where}: allowed is no list of texts or numbers with at least one item")
    return tuple(as_text(value) for value in values)


def _as_json(limit: Limit) -> dict[str, object]:
    data: dict[str, object] = {"target": limit.target, "method": limit.method, "param": limit.param}
    for key, bound in (("min", limit.minimum), ("max", limit.maximum)):
        if bound is not None:
            data[key] = int(bound) if float(bound).is_integer() else bound
    if limit.allowed:
        data["allowed"] = list(limit.allowed)
    if limit.unit:
        data["unit"] = limit.unit
    return data


def _error(path: Path, reason: str) -> SafetyFileError:
    return SafetyFileError(f"The limits file {path} cannot be used: {reason}. No call is made until it is mended or moved away.")
