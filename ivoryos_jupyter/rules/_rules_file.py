"""Which rules stand in ``rules.json`` now?  A file that cannot be read blocks every call.

Rules have a file of their own beside ``safety.json``, because IvoryOS writes that one anew and knows nothing of them.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, SafetyFileError
from ivoryos_jupyter.rules._interlock import parse_interlock
from ivoryos_jupyter.rules._rules import Rules, with_budget, with_interlock, without
from ivoryos_jupyter.schema import SECONDS, Budget, SafetyFile, Source, did_you_mean, strict_json
from ivoryos_jupyter.whole_files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ivoryos_jupyter.rules._interlock import Interlock
    from ivoryos_jupyter.schema import Period

FORMAT = "ivoryos-rules/1"
LOOK_EVERY_S = 0.1
"""Seconds after which a change by another program is seen."""
_KEYS = frozenset({"format", "interlocks", "budgets"})
_BUDGET_KEYS = frozenset({"uses", "at_most", "per", "since", "unit"})
_SOURCE_KEYS = frozenset({"target", "method", "param"})


class RulesFile:
    """The rules of a data folder; safe from any thread, and from several kernels."""

    def __init__(self, path: str | Path) -> None:
        """Remember the `path`; nothing is read yet."""
        self._file: SafetyFile[Rules] = SafetyFile(path, read_rules, Rules(), _error, LOOK_EVERY_S)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._file.path

    def current(self) -> Rules:
        """Return the rules as the file states them now; no file means no rules.

        Raises
        ------
        SafetyFileError
            If the file is there and cannot be read or understood. It says so at every call until it can.
        """
        return self._file.current()

    def add_interlock(self, one: Interlock) -> None:
        """Add an interlock; one that is there already stays."""
        self._change(lambda rules: with_interlock(rules, one))

    def add_budget(self, one: Budget) -> None:
        """Add a budget, in place of the one of the same sources and period."""
        self._change(lambda rules: with_budget(rules, one))

    def remove(self, gone: Sequence[object]) -> None:
        """Take rules away."""
        self._change(lambda rules: without(rules, gone))

    def _change(self, edit: Callable[[Rules], Rules]) -> None:
        self._file.change(lambda rules: text_of(edit(rules)))


def text_of(rules: Rules) -> str:
    """Return what the file says for `rules`."""
    data = {
        "format": FORMAT,
        "interlocks": [one.text for one in rules.interlocks],
        "budgets": [_budget_json(one) for one in rules.budgets],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def read_rules(path: Path) -> Rules:
    """Return the rules that the file at `path` states.

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
    try:
        _check_keys(data, _KEYS, "it")
        interlocks, budgets = _list(data, "interlocks"), _list(data, "budgets")
        found = Rules(
            tuple(parse_interlock(_text(one, f"interlock {at}")) for at, one in enumerate(interlocks, 1)),
            tuple(_budget(one, f"budget {at}") for at, one in enumerate(budgets, 1)),
        )
    except ConversionError as error:
        raise _error(path, error.problems[0].message) from error
    except ValueError as error:
        raise _error(path, str(error)) from error
    return found


def _check_keys(data: Mapping[str, object], known: frozenset[str], where: str) -> None:
    unknown = [key for key in data if key not in known]
    if unknown:
        raise ValueError(f"{where} has the key {unknown[0]!r}{did_you_mean(unknown[0], known)}")


def _list(data: Mapping[str, object], key: str) -> list[object]:
    found = data.get(key, [])
    if not isinstance(found, list):
        raise ValueError(f"{key} is no list")  # noqa: TRY004 - what the file says is wrong, not how this is called
    return found


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{where} is no text")  # noqa: TRY004 - as above
    return value


def _budget(data: object, where: str) -> Budget:
    if not isinstance(data, dict):
        raise ValueError(f"{where} is no object")  # noqa: TRY004 - as above
    _check_keys(data, _BUDGET_KEYS, where)
    sources = tuple(_source(one, where) for one in _list(data, "uses"))
    per, since, unit = (_text(data.get(key) or "", f"{where}: {key}") for key in ("per", "since", "unit"))
    at_most = data.get("at_most")
    if isinstance(at_most, bool) or not isinstance(at_most, (int, float)) or not math.isfinite(at_most) or at_most < 0:
        raise ValueError(f"{where}: at_most is no number, 0 or more")
    if not sources:
        raise ValueError(f"{where} uses nothing")
    if bool(per) == bool(since) or per not in {"", "run", *SECONDS}:
        raise ValueError(f"{where} needs per (run, minute, hour or day) or since, one of both")
    return Budget(sources, at_most, cast("Period", per), since, unit)


def _source(data: object, where: str) -> Source:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: what it uses is no object")  # noqa: TRY004 - as above
    _check_keys(data, _SOURCE_KEYS, where)
    target, method, param = (_text(data.get(key) or "", f"{where}: {key}") for key in ("target", "method", "param"))
    if not target or not method:
        raise ValueError(f"{where}: what it uses needs target and method")
    return Source(target, method, param)


def _budget_json(one: Budget) -> dict[str, object]:
    uses = [
        {"target": source.target, "method": source.method, **({"param": source.param} if source.param else {})} for source in one.sources
    ]
    number = int(one.at_most) if float(one.at_most).is_integer() else one.at_most
    texts = {key: text for key, text in (("per", one.per), ("since", one.since), ("unit", one.unit)) if text}
    return {"uses": uses, "at_most": number, **texts}


def _error(path: Path, reason: str) -> SafetyFileError:
    return SafetyFileError(f"The rules file {path} cannot be used: {reason}. No call is made until it is mended or moved away.")
