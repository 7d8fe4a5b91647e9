"""Which rules name what is not on the deck?  Refused when they are added, named when the extension is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.rules._choices import impossible_choices
from ivoryos_jupyter.rules._interlock import ANY
from ivoryos_jupyter.schema import SETTER, closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.rules._interlock import Interlock
    from ivoryos_jupyter.rules._rules import Rules
    from ivoryos_jupyter.schema import Budget, DeckSchema, Instrument, Kind, Parameter, Source
    from ivoryos_jupyter.workflow import Condition


def check_interlock(one: Interlock, deck: DeckSchema) -> None:
    """Raise `ConversionError` with every name of the rule that is not on the deck, and the closest that is."""
    problems = [*_target_problems(one, deck), *(problem for part in one.conditions for problem in _condition_problems(part, deck))]
    problems += _argument_problems(one, deck)
    problems += [why for part in one.conditions for why in impossible_choices(part.text, _kinds(one, part, deck))]
    if problems:
        raise ConversionError([Problem("interlock", why, one.text) for why in problems], "This interlock was not added:")


def check_budget(one: Budget, deck: DeckSchema) -> list[str]:
    """Return what the budget names that is not on the deck."""
    return [why for source in one.sources if (why := _source_problem(source, deck))]


def unfit_rules(rules: Rules, deck: DeckSchema) -> list[Problem]:
    """Return the rules that cannot be evaluated on `deck`, or protect nothing because of a typing error.

    A rule about an instrument that is not on the deck at all is no news: it may be connected tomorrow.
    """
    found = [Problem(one.text, why) for one in rules.interlocks for why in _unfit(one, deck)]
    for budget in rules.budgets:
        whys = [_source_problem(source, deck) for source in budget.sources if deck.instrument(source.target) or _near(source.target, deck)]
        found += [Problem(budget.text, why) for why in whys if why]
    return found


def _unfit(one: Interlock, deck: DeckSchema) -> Iterator[str]:
    known = one.path == "blocks" or deck.instrument(one.path) is not None
    if not known and not _near(one.path, deck):
        return
    yield from _target_problems(one, deck)
    if known:
        for part in one.conditions:
            yield from _condition_problems(part, deck)


def _near(path: str, deck: DeckSchema) -> str:
    return closest(path, [one.name for one in deck.instruments])


def _target_problems(one: Interlock, deck: DeckSchema) -> list[str]:
    if one.path == "blocks":
        known = [each.name for each in deck.blocks]
        return [] if one.member in known else [f"there is no building block {one.member}{did_you_mean(one.member, known)}"]
    instrument = deck.instrument(one.path)
    if instrument is None:
        return [_no_instrument(one.path, deck)]
    if one.member == ANY:
        return []
    return _no_setting(instrument, one.member) if one.operation == "set" else _no_method(instrument, one.member)


def _no_instrument(path: str, deck: DeckSchema) -> str:
    return f"the deck has no {path}{did_you_mean(path, [one.name for one in deck.instruments])}"


def _no_method(instrument: Instrument, name: str) -> list[str]:
    if instrument.method(name) is not None:
        return []
    if instrument.property(name) is not None:
        return [f"{instrument.name}.{name} is a property; write: when set {instrument.name}.{name}: require …"]
    return [f"{instrument.name} has no method {name}{did_you_mean(name, [one.name for one in instrument.methods])}"]


def _no_setting(instrument: Instrument, name: str) -> list[str]:
    found = instrument.property(name)
    if found is None or not found.settable:
        known = [one.name for one in instrument.properties if one.settable]
        return [f"{instrument.name} has no property {name} that can be set{did_you_mean(name, known)}"]
    return []


def _condition_problems(condition: Condition, deck: DeckSchema) -> Iterator[str]:
    for one in condition.refers:
        instrument = deck.instrument(one.path)
        if one.path == "blocks":
            if deck.block(one.member) is None:
                yield f"there is no building block {one.member}{did_you_mean(one.member, [each.name for each in deck.blocks])}"
        elif instrument is None:
            yield _no_instrument(one.path, deck)
        elif one.kind == "reading":
            yield from _no_reading(instrument, one.member)
        elif instrument.property(one.member) is None:
            yield from _no_method(instrument, one.member)


def _no_reading(instrument: Instrument, name: str) -> Iterator[str]:
    found = instrument.property(name)
    if found is not None and not found.readable:
        yield f"{instrument.name}.{name} can be set but not read"
    elif found is None and instrument.method(name) is not None:
        yield f"{instrument.name}.{name} is a method, and a rule calls none; its last result is last({instrument.name}.{name})"
    elif found is None:
        known = [one.name for one in instrument.properties if one.readable]
        yield f"{instrument.name} has no property {name}{did_you_mean(name, known)}"


def _argument_problems(one: Interlock, deck: DeckSchema) -> Iterator[str]:
    """Find names that are no argument of what is guarded."""
    names = dict.fromkeys(name for part in one.conditions for name in part.arguments)
    known = _arguments(one, deck)
    if known is None:
        return
    for name in names:
        if name not in known:
            yield f"{one.target} has no argument {name}{_cure(name, deck) or did_you_mean(name, known)}"


def _cure(name: str, deck: DeckSchema) -> str:
    """Return what to write when an argument has the name of an instrument."""
    instrument = deck.instrument(name)
    if instrument is None or not instrument.properties:
        return ""
    return f"; write one of its properties, such as {name}.{instrument.properties[0].name}"


def _arguments(one: Interlock, deck: DeckSchema) -> list[str] | None:
    """Return the arguments of what is guarded; None where that cannot be said."""
    if one.operation == "set":
        return ["value"]
    parameters = _parameters(one, deck)
    if parameters is None or any(each.passing == "var_keyword" for each in parameters):
        return None
    return [each.name for each in parameters]


def _parameters(one: Interlock, deck: DeckSchema) -> tuple[Parameter, ...] | None:
    """Return the parameters of what is guarded; None where there is not one method or property."""
    instrument = deck.instrument(one.path)
    if one.operation == "set":
        found = instrument.property(one.member) if instrument is not None else None
        return (found.value,) if found is not None else None
    block = deck.block(one.member) if one.path == "blocks" else None
    method = block.method if block is not None else instrument.method(one.member) if instrument is not None else None
    return method.parameters if method is not None else None


def _kinds(one: Interlock, part: Condition, deck: DeckSchema) -> dict[str, Kind]:
    """Return the kinds of the arguments and properties that a condition uses, as they are written."""
    kinds = {each.name: each.kind for each in _parameters(one, deck) or ()}
    for referred in part.refers:
        instrument = deck.instrument(referred.path)
        found = instrument.property(referred.member) if instrument is not None else None
        if referred.kind == "reading" and found is not None:
            kinds[referred.text] = found.value.kind
    return kinds


def _source_problem(source: Source, deck: DeckSchema) -> str:
    if source.target == "blocks":
        return "" if deck.block(source.method) is not None else f"there is no building block {source.method}"
    instrument = deck.instrument(source.target)
    if instrument is None:
        return _no_instrument(source.target, deck)
    if source.method.endswith(SETTER):
        return next(iter(_no_setting(instrument, source.method.removesuffix(SETTER))), "")
    method = instrument.method(source.method)
    if method is None:
        return f"{source.target} has no method {source.method}{did_you_mean(source.method, [one.name for one in instrument.methods])}"
    if source.param and method.parameter(source.param) is None:
        return f"{source.call} has no parameter {source.param}{did_you_mean(source.param, [one.name for one in method.parameters])}"
    return ""
