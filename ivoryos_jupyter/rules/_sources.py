"""What does ``budgets.add("pump.dispense", "volume_ml", at_most=20, per="run")`` mean?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import SECONDS, SETTER, Budget, Source, did_you_mean, number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.schema import DeckSchema, Instrument, Period

_PERIODS = ("run", *SECONDS)


def budget_of(
    uses: str | Sequence[str],
    param: str | None,
    *,
    at_most: float,
    per: str,
    since: str,
    unit: str,
    deck: DeckSchema,
) -> Budget:
    """Return the budget that is described.

    Raises
    ------
    ConversionError
        With everything that keeps it from being one: unknown names with the closest that exists, a missing period.
    """
    problems: list[Problem] = []
    texts = [part.strip() for text in ([uses] if isinstance(uses, str) else uses) for part in text.split("+")]
    sources = tuple(_source(text, param, deck, problems) for text in texts)
    most = number_of(at_most)
    if most is None or not math.isfinite(most) or most < 0:
        problems.append(Problem("at_most", "must be a number, 0 or more", str(at_most)))
    if bool(per) == bool(since):
        problems.append(Problem("per", "say per= (run, minute, hour or day) or since= (what sets it back), one of both", per))
    elif per and per not in _PERIODS:
        problems.append(Problem("per", f"must be one of {', '.join(_PERIODS)}", per))
    problems += _check_since(since, deck)
    if problems:
        raise ConversionError(problems, "This budget was not added:")
    found = tuple(dict.fromkeys(one for one in sources if one is not None))
    return Budget(found, most or 0, cast("Period", per), since, unit or _unit(found, deck))


def _source(text: str, param: str | None, deck: DeckSchema, problems: list[Problem]) -> Source | None:
    if text.startswith("set "):
        return _setter(text.removeprefix("set ").strip(), param, deck, problems)
    path, _, last = text.rpartition(".")
    if not path and deck.block(last) is not None:
        return _checked(Source("blocks", last, param or ""), deck, problems)
    instrument = deck.instrument(path)
    if instrument is not None and (param is not None or instrument.method(last) is not None):
        return _checked(Source(path, last, param or ""), deck, problems)
    above, _, method = path.rpartition(".")
    if param is None and (deck.instrument(above) is not None or (not above and deck.block(method) is not None)):
        return _checked(Source(above or "blocks", method, last), deck, problems)
    problems.append(_unknown(text, path, deck))
    return None


def _setter(text: str, param: str | None, deck: DeckSchema, problems: list[Problem]) -> Source | None:
    path, _, name = text.rpartition(".")
    instrument = deck.instrument(path)
    if instrument is None:
        problems.append(_unknown(text, path, deck))
        return None
    one = instrument.property(name)
    if one is None or not one.settable:
        known = [each.name for each in instrument.properties if each.settable]
        problems.append(Problem("uses", f"{path} has no property {name} that can be set{did_you_mean(name, known)}", text))
        return None
    return Source(path, f"{name}{SETTER}", "value" if param == "value" else "")


def _checked(source: Source, deck: DeckSchema, problems: list[Problem]) -> Source | None:
    found = deck.block(source.method) if source.target == "blocks" else None
    instrument = deck.instrument(source.target)
    method = found.method if found is not None else instrument.method(source.method) if instrument is not None else None
    if method is None:
        known = [one.name for one in instrument.methods] if instrument is not None else []
        problems.append(Problem("uses", f"{source.target} has no method {source.method}{did_you_mean(source.method, known)}", source.text))
    elif source.param and method.parameter(source.param) is None:
        hint = did_you_mean(source.param, [one.name for one in method.parameters])
        problems.append(Problem("param", f"{source.call} has no parameter {source.param}{hint}", source.param))
    else:
        return source
    return None


def _unknown(text: str, path: str, deck: DeckSchema) -> Problem:
    root = path.partition(".")[0] or text
    return Problem("uses", f"the deck has no {root}{did_you_mean(root, [one.name for one in deck.instruments])}", text)


def _check_since(since: str, deck: DeckSchema) -> list[Problem]:
    """Find a method that does not exist; a single word is what a person says when she resets."""
    path, dot, name = since.rpartition(".")
    instrument = deck.instrument(path) if dot else None
    if not dot or (instrument is not None and instrument.method(name) is not None):
        return []
    if instrument is None:
        return [_unknown(since, path, deck)]
    return [Problem("since", f"{path} has no method {name}{did_you_mean(name, [one.name for one in instrument.methods])}", since)]


def _unit(sources: tuple[Source, ...], deck: DeckSchema) -> str:
    """Return the unit of the parameters, where they agree."""
    units = {_unit_of(source, deck.instrument(source.target)) for source in sources if source.param}
    return units.pop() if len(units) == 1 else ""


def _unit_of(source: Source, instrument: Instrument | None) -> str:
    method = instrument.method(source.method) if instrument is not None else None
    parameter = method.parameter(source.param) if method is not None else None
    return parameter.unit if parameter is not None else ""
