"""Which methods did a person name as safe states, and what would make safe do now?  Kept in ``safe_states.json``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem, SafetyFileError, UnknownNameError
from ivoryos_jupyter.runner import SafePlan, SafeSetting, handler_of, plan_for
from ivoryos_jupyter.schema import SafetyFile, strict_json
from ivoryos_jupyter.whole_files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ivoryos_jupyter.introspect import Deck

FORMAT = "ivoryos-safe-states/1"
_KEYS: dict[str, type | tuple[type, ...]] = {"instrument": str, "method": str, "order": (int, float)}


class SafeStates:
    """What *Make safe* calls: the methods that drivers and the notebook mark, and those that are set here.

    Parameters
    ----------
    path
        Where the settings lie.
    deck
        The instruments that live in this kernel.
    names
        Gives the notebook's names, among them marked functions.
    look
        Lets `deck` look at the notebook's names again.
    """

    def __init__(self, path: Path, deck: Deck, names: Callable[[], Mapping[str, object]], look: Callable[[], None]) -> None:
        """Remember the parts; nothing is read yet."""
        self._file: SafetyFile[tuple[SafeSetting, ...]] = SafetyFile(path, _read, (), _error)
        self._deck = deck
        self._names = names
        self._look = look

    @property
    def path(self) -> Path:
        """Where the settings lie."""
        return self._file.path

    @property
    def settings(self) -> tuple[SafeSetting, ...]:
        """What a person has set.

        Raises
        ------
        SafetyFileError
            When the file is there and cannot be read.
        """
        return self._file.current()

    def set(self, instrument: str, method: str, *, order: float = 0) -> None:
        """Let *Make safe* call a method of an instrument; set again, it changes the order.

        Parameters
        ----------
        instrument
            Name or path of the instrument: ``pump``, ``stage.x``.
        method
            A method that needs no arguments, such as ``stop``.
        order
            Smaller ones are called first; equal ones in the order of the deck.

        Raises
        ------
        UnknownNameError
            When the instrument or the method is not on the deck, or the method needs arguments.
        ConversionError
            When `order` is no number.
        SafetyFileError
            When the present file cannot be read or written.
        """
        if isinstance(order, bool) or not isinstance(order, int | float) or order != order:  # noqa: PLR0124 - not a number is not itself
            raise ConversionError([Problem("order", "give a number; smaller ones are called first", repr(order))])
        setting = SafeSetting(instrument, method, order)
        handler_of(self._deck, setting)
        same = (instrument, method)
        self._file.change(lambda known: _text((*(one for one in known if (one.instrument, one.method) != same), setting)))

    def remove(self, instrument: str, method: str = "") -> None:
        """Let *Make safe* call what was set for an instrument no longer; what a driver marks is called all the same.

        Raises
        ------
        UnknownNameError
            When nothing is set for it.
        SafetyFileError
            When the present file cannot be read or written.
        """
        gone = [one for one in self.settings if one.instrument == instrument and method in {"", one.method}]
        if not gone:
            known = ", ".join(f"{one.instrument}.{one.method}" for one in self.settings) or "nothing"
            what = f"{instrument}.{method}" if method else instrument
            raise UnknownNameError(f"{what} is not set as a safe state here, only {known}; a mark in a driver is taken away in its source.")
        self._file.change(lambda settings: _text(tuple(one for one in settings if one not in gone)))

    def plan(self) -> SafePlan:
        """Return what *Make safe* would call now; settings that cannot be read are named, and the rest stands."""
        problems: tuple[str, ...] = ()
        settings: tuple[SafeSetting, ...] = ()
        try:
            settings = self.settings
        except SafetyFileError as error:
            problems = (str(error),)
        return plan_for(self._deck, self._names(), settings, problems)

    def plan_now(self) -> SafePlan:
        """Return what *Make safe* calls now, instruments that the cell under way has made included."""
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - whatever it is, what is known must be made safe
            plan, told = self.plan(), f"The notebook's names could not be looked at again: {error}"
            return replace(plan, problems=(*plan.problems, told))
        return self.plan()

    def __repr__(self) -> str:
        """Return the plan as a few lines."""
        plan = self.plan()
        lines = ["Make safe calls, in this order:"] if plan.handlers else ["Make safe stops the run; there is no handler to call."]
        said = {"driver": "marked in its driver", "settings": "set in safe_states.json", "notebook": "a function of the notebook"}
        for number, one in enumerate(plan.handlers, 1):
            lines.append(f"  {number}. {one.label}()  {said[one.source]}")
        if plan.without:
            lines.append(f"{plan.no_handler}.")
        lines += plan.problems
        return "\n".join(lines)


def _text(settings: tuple[SafeSetting, ...]) -> str:
    rows = [{"instrument": one.instrument, "method": one.method, "order": one.order} for one in settings]
    return json.dumps({"format": FORMAT, "safe_states": rows}, indent=2, ensure_ascii=False)


def _error(path: Path, why: str) -> SafetyFileError:
    told = "Until the file is mended or deleted, make safe calls only what drivers and the notebook mark."
    return SafetyFileError(f"The safe states in {path} cannot be used: {why}. {told}")


def _read(path: Path) -> tuple[SafeSetting, ...]:
    try:
        data = strict_json(read_file(path))
    except (OSError, ValueError, RecursionError) as error:
        raise _error(path, str(error)) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("safe_states"), list):
        raise _error(path, f"its format is not {FORMAT!r} with a list 'safe_states'")
    return tuple(_setting(path, row, number) for number, row in enumerate(data["safe_states"], 1))


def _setting(path: Path, row: object, number: int) -> SafeSetting:
    if not isinstance(row, dict):
        raise _error(path, f"entry {number} is no object")
    for key, kind in _KEYS.items():
        if not isinstance(row.get(key, 0), kind) or isinstance(row.get(key), bool):
            raise _error(path, f"entry {number}: {key!r} is {row.get(key)!r}")
    if unknown := sorted(set(row) - set(_KEYS)):
        raise _error(path, f"entry {number} has the key {unknown[0]!r}; it may have {', '.join(_KEYS)}")
    return SafeSetting(row["instrument"], row["method"], row.get("order", 0))
