"""Which limits protect nothing, because what they name is not on the deck?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem
from ivoryos_jupyter.schema._limits import SETTER
from ivoryos_jupyter.schema._names import closest, did_you_mean

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._deck import DeckSchema, Instrument
    from ivoryos_jupyter.schema._limits import Limit, Limits


def unfit_limits(limits: Limits, deck: DeckSchema) -> list[Problem]:
    """Return the limits that fit nothing on `deck`.

    A limit for an instrument that is not on the deck is named only when it looks like a typing error: the instrument may
    be connected tomorrow.
    """
    return [Problem(".".join(limit.key), why) for limit in limits.entries if (why := _why(limit, deck))]


def _why(limit: Limit, deck: DeckSchema) -> str:
    instrument = deck.instrument(limit.target)
    if instrument is None:
        near = closest(limit.target, [one.name for one in deck.instruments])
        return f"there is no instrument {limit.target}; did you mean {near}?" if near else ""
    if limit.method.endswith(SETTER):
        return _why_not_set(limit, instrument)
    method = instrument.method(limit.method)
    if method is None:
        return f"{limit.target} has no method {limit.method}{did_you_mean(limit.method, [one.name for one in instrument.methods])}"
    names = [one.name for one in method.parameters]
    if limit.param in names or any(one.passing == "var_keyword" for one in method.parameters):
        return ""
    return f"{limit.target}.{limit.method} has no parameter {limit.param}{did_you_mean(limit.param, names)}"


def _why_not_set(limit: Limit, instrument: Instrument) -> str:
    name = limit.method.removesuffix(SETTER)
    if instrument.property(name) is None:
        return f"{limit.target} has no property {name}{did_you_mean(name, [one.name for one in instrument.properties])}"
    return "" if limit.param == "value" else f"the value of a property is called 'value', not {limit.param!r}"
