"""Which limits protect nothing, because what they name is not on the deck?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem
from ivoryos_jupyter.schema._limits import SETTER
from ivoryos_jupyter.schema._names import closest, did_you_mean
from ivoryos_jupyter.schema._units import UnitError, to_unit

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._deck import DeckSchema, Instrument
    from ivoryos_jupyter.schema._limits import Limit, Limits


def unfit_limits(limits: Limits, deck: DeckSchema) -> list[Problem]:
    """Return the limits that fit nothing on `deck`.

    A limit for an instrument that is not on the deck is named only when it looks like a typing error: the instrument may
    be connected tomorrow.
    """
    return [Problem(".".join(limit.key), why) for limit in limits.entries if (why := _why(limit, deck))]


def other_unit(limit: Limit, deck: DeckSchema) -> str:
    """Return why a limit would forbid something else than it says: its unit is another size than the parameter's; empty when it is not.

    Units that cannot be compared are left to people.
    """
    instrument = deck.instrument(limit.target)
    if instrument is None or not limit.unit:
        return ""
    one = instrument.property(limit.method.removesuffix(SETTER)) if limit.method.endswith(SETTER) else None
    method = instrument.method(limit.method)
    parameter = one.value if one is not None else method.parameter(limit.param) if method is not None else None
    if parameter is None or not parameter.unit:
        return ""
    with suppress(UnitError):
        if to_unit(1.0, limit.unit, parameter.unit) != 1.0:
            return f"the driver takes {parameter.unit}, and numbers are compared as they are; give the limit in {parameter.unit}"
    return ""


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
